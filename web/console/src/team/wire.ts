// What the page of the team reads and writes; see docs/reference/wire.md and desk.md.
import type { Role, Shift } from "../wire";

export type { Day, Role, Shift, Staff } from "../wire";
export interface Team { id: string; name: string; kind: "inhouse" | "outsourced"; cost_per_hour: number }
export interface HoursRow { id: string; name: string; paid_h: number; logged_h: number; available_h: number; cost: number }
export interface HoursDay { staff: string; day: string; planned_s: number; logged_s: number; available_s: number; away_s: Record<string, number>; paid_s: number }
export interface Hours { since: string; until: string; days: HoursDay[]; staff: HoursRow[]; teams: HoursRow[] }
/** What is to change of somebody; what is not told stays. */
export interface Changes { name?: string; role?: Role; team?: string; skills?: Record<string, number | null>; maximum?: number; shifts?: Shift[]; sites?: string[] }
