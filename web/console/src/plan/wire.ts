// The business case, the pilot and the staffing as the server tells them.
export type Source = "measured" | "entered" | "assumed" | "calculated";
export interface Estimate { low: number; value: number; high: number; source: Source; within: number }
export type Counted = "count" | "share" | "points" | "money" | "seconds" | "hours" | "number";
export interface Input { path: string; counted: Counted; least: number; most: number; needed: boolean }
/** Tables and numbers, as the server reads and writes them; an input is an Estimate. */
export type Table = { [name: string]: unknown };
export interface Result {
  months: number; visits: number; eligible: number; held_out: number; treated: number; shown: number; conversations: number; assisted_orders: number | null; incremental_orders: number; revenue: number; margin: number; savings: number;
  labour: number; software: number; services: number; fixed: number; discounts: number; errors: number; cost: number; net_gain: number; roi: number | null; paid_hours: number | null; cost_per_contact: number | null; cost_per_conversation: number | null;
  cost_per_conversion: number | null; cost_per_incremental_conversion: number | null; sales_per_agent_hour: number | null; incremental_sales_per_agent_hour: number | null; conversations_per_agent_hour: number | null;
}
export interface Case { currency: string; horizon_months: number; lift_per_eligible: number; break_even_lift: number | null; pay_back_months: number | null; cost_of_delay_per_month: number; month: Result; horizon: Result; year: Result; intangibles: { name: string; now: number | null; expected: number | null; value_per_month: number | null }[] }
export interface Spread { mean: number; low: number; median: number; high: number }
export interface Futures { seed: number; draws: number; expected: number; low: number; high: number; winning_share: number; dots: number[]; winning_dots: number; never_pays_back: number; month: Record<string, Spread>; horizon: Record<string, Spread>; year: Record<string, Spread> }
export interface Bar { input: string; low: number; value: number; high: number; gain_at_low: number; gain_at_value: number; gain_at_high: number }
export interface Contradiction { code: string; inputs: string[]; figures: Record<string, number>; what: string; hint: string }
export interface ChannelResult { name: string; kind: string; contacts_per_month: number; orders_per_month: number; incremental_orders_per_month: number; throughput_gain: number; agent_hours_per_month: number; cost_per_month: number; margin_per_month: number; cost_per_contact: number; cost_per_conversion: number | null; cost_per_incremental_conversion: number | null; sales_per_agent_hour: number | null; roi: number | null; cost_against_phone: number | null }
export interface Strategy { model: string; margin_per_order: number; value_per_conversation: number; cost_per_conversation: number; contribution_per_conversation: number; paying_margin_per_order: number | null; advice: { code: string; figures: Record<string, number>; what: string }[] }
export interface Roi { scenario: Table; case: Case; futures: Futures; tornado: Bar[]; contradictions: Contradiction[]; channels: ChannelResult[]; strategy: Strategy }
export interface Measured { input: string; value: number | null; low: number | null; high: number | null; n: number; why: string }
export interface MeasuredAll { since: string; until: string; currency: string; inputs: Measured[] }
export interface Version { id: string; version: number; name: string; note: string; author: string; author_name: string; at: number }
export interface Saved { saved: Version; scenario: Table; versions: Version[]; retired: { by: string; at: number } | null }
export interface Gain { value: number; low: number; high: number }
export interface Compared { saved: Version; since: string; until: string; currency: string; rows: { input: string; planned: Estimate | null; measured: Measured; inside: boolean | null; agrees: boolean | null }[]; planned: Gain; measured: Gain | null; why: string }
