// The supervisor's board; see docs/reference/supervising.md. Lengths of time end in _s and are seconds.
import type { Conv, Reason, Role, Status } from "../wire";

export interface BoardAgent {
  id: string; name: string; team: string; role: Role; status: Status; reason: Reason; since: number; present: boolean; load: number; maximum: number;
  conversations: Conv[]; waiting_longest_s: number | null;
  /** Of the conversations closed today that were his at their end. */
  csat_mean: number | null; csat_n: number;
}
/** Those who wait for one skill; the skill "" is any. `expected_s`: of the next one who comes; null: nobody can say. */
export interface BoardQueue { skill: string; n: number; longest_s: number; expected_s: number | null }
export interface Board {
  at: number; agents: BoardAgent[]; queue: BoardQueue[]; assistance: Conv[];
  service_level: { target_s: number; answered: number; within: number; late: number; share: number | null };
  waits: { median_s: number | null; p90_s: number | null };
  today: { conversations: number; closed: number; csat_mean: number | null; csat_n: number; nps: number | null; nps_n: number; solved_share: number | null; solved_n: number };
}
