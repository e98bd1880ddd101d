// Goals, contracts and alarms as the server tells them.
export interface Alarm { id: string; kind: "floor" | "goal_missed" | "ingest_stopped" | "sample_ratio"; about: string; name: string; opened_at: number; seen_at: number | null }
export interface Bands { best: number; average: number; source: string }
export interface Goal { id: string; kpi: string; name: string; target: number; measure: string; base: number | null; direction: string; window: string; definition: string; about: string; min_n: number; floor: number | null; bands: Bands | null; agreed_by: string[]; owner: string; sponsor: string }
export interface Stood { goal: Goal; standing: { state: string }; alarm: boolean }
export interface Clause { kpi: string; target: number; direction: string; min_n: number; proof: boolean }
export interface Contract { id: string; version: number; name: string; currency: string; first_day: string; clauses: Clause[]; base: string; fee_rate: number; fee: string; window: string; horizon_days: number; mature_days: number; cap: number | null; floor: number; estimator: string; confidence: number; about: string }
export interface Contracts { id: string; versions: Contract[]; statements: number; total: number }
