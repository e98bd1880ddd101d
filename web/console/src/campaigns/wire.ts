// The shapes of the campaigns' calls in docs/reference/wire.md. A member of a file that is at its default may be absent.
import type { Scalar } from "../wire";

export type Text = string | Record<string, string>;
export interface Behaviour { count?: string; sum?: string; distinct?: string; last?: string; dwell?: string; elapsed?: string; idle?: string; sequence?: readonly string[]; of?: string; where?: string; since?: string; within?: string; without?: string }
export interface Segment { when: string; value?: number | null; description?: string }
export interface Offer { channel?: string; skill?: string | null; message?: Text; expires?: string; margin?: number; cost?: number; coupon?: string | null; appearance?: string | null; ask?: readonly string[] }
export interface Rule { name: string; when: string; priority?: number; offer?: Offer }
export interface Variant { name: string; share: number; delay?: string; message?: Text; channel?: string; appearance?: string }
export interface Experiment { variants: readonly Variant[]; version?: number }
export interface Frequency { once_per_session?: boolean; after_decline?: string | null; after_chat?: string | null; at_most?: number | null; per?: string | null }
export interface Hours { start: string; end: string; days?: readonly string[] }
export interface Schedule { start?: string | null; end?: string | null; hours?: readonly Hours[] }
export interface Budget { invitations?: number | null; accepted?: number | null; per?: string | null }
export interface Campaign {
  name: string; rules: readonly Rule[]; label?: Text; state?: "draft" | "published" | "archived"; goal?: string; holdout?: number; version?: number;
  experiment?: Experiment | null; frequency?: Frequency; schedule?: Schedule; budget?: Budget | null;
}
export interface SiteRules { id?: string; holdout?: number; time_zone?: string; languages?: readonly string[]; hours?: readonly Hours[]; epsilon?: number; reserve?: number; bid_price?: number; frequency?: Frequency | null }
export interface CampaignFile {
  site?: SiteRules; behaviours?: Record<string, Behaviour>; segments?: Record<string, Segment>; campaigns?: readonly Campaign[]; appearances?: Record<string, unknown>;
}

export type Verdict = "widen" | "keep" | "wait" | "stop" | "too_early" | "not_started" | "paused";
export interface Row {
  name: string; label: Text; state: string; goal: string; rules: number; holdout: number; variants: number; since: number | null; in_draft: boolean;
  eligible: number; candidates: number; invited: number; shown: number; accepted: number; effect: { estimate_pp: number; low_pp: number; high_pp: number } | null; verdict: Verdict;
}
export interface DraftOf { revision: number; based_on: number | null; made_at: number; made_by: string | null }
export interface Overview { published: number | null; draft: DraftOf | null; campaigns: Row[]; days: number; since: number; until: number }
export interface Loaded { version: number; state: string; revision: number; based_on: number | null; text: string; file: CampaignFile; made_at: number | null; made_by: string | null; note: string; warnings: Warning[] }
export interface Fault { where: string; path: readonly (string | number)[]; what: string; hint: string }
export type Warning = string | { where?: string; what: string; hint?: string };
export interface Saved { revision: number; text: string; warnings: Warning[] }
export interface Change { campaign: string | null; what: "added" | "removed" | "changed"; members: string[] }
export interface Version { version: number; state: string; made_at: number; made_by: string | null; made_by_name: string | null; published_at: number | null; note: string; changes: Change[] }

export interface Attribute { name: string; type: string; unit: string; presence: string; values: readonly string[] | null; flow: string; doc: Both; label: Both; group: string }
export type Both = string | { fr: string; en: string };
export interface Schema { attributes: Attribute[]; operators: Record<string, string[]>; events: string[]; skills: string[]; languages: string[] }
export interface Templates {
  segments: { name: string; label: Both; doc: Both; when: string; value: number | null; needs: string[] }[];
  messages: { sector: string; situation: Both; text: Both }[];
  campaigns: { name: string; sector: string; label: Both; doc: Both; file: CampaignFile }[];
}
export interface Compare { kind: "compare"; name: string; op: string; value: Scalar | readonly Scalar[]; unit?: string; decimal?: boolean; written?: string }
export interface AnyOf { kind: "any"; rows: readonly Condition[] }
export interface Exact { kind: "text"; text: string }
export type Condition = Compare | AnyOf | Exact;
export interface CelFault { line: number; column: number; what: string; hint?: string; row?: number }
export interface Converted { text: string; rows: Condition[]; faults: CelFault[] }
export interface Example { visitor: string; label: string; path: string | null; dwell_s: number | null; cart_value: number | null; state: string }
export interface Match { online: number; rows: { text: string; matching: number }[]; matching: number; invitable: number; held_out: number; engaged: number; examples: Example[] }
export interface Side {
  invitations_per_day: number; invitations: number; over_capacity: number | { refused: number; sent: number; accepted_without_slot: number }; peak_concurrent_chats: number; agents_needed: number;
  days_to_detect: { effect_pp: number; days: number | null } | null; bought_without_help: number | null; candidates: number; eligible: number; held_out: number; 
}
export interface Compared { events: number; sessions: number; days: number; since: number; until: number; versions: { old: Side; new: Side }; by_day: { day: string; old: number; new: number }[] }
export interface Running { state: "running" | "done" | "failed"; seconds: number; progress: number; result: Compared | null; error: string | { what?: string } | null }
export interface Explained {
  visitor: string; at: number; capacity?: unknown; pacing?: Record<string, unknown>;
  rules: { rule: string; holds: boolean | null; eligible: boolean; clauses: { text: string; answer: string; values: Record<string, Scalar> }[]; gates: { gate: string; answer: unknown; detail: string | null }[]; next_look?: unknown }[];
}
