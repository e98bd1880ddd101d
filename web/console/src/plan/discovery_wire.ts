// The discovery as the server tells it, and what somebody has typed of it.
import type { CampaignFile } from "../campaigns/wire";
import type { Estimate, Table } from "./wire";

export interface Drop { kind: string; path: string; visitors: number; left: number; bought: number | null }
export interface Proposal { name: string; drop: Drop; value_per_conversation: number; conversations_per_day: number; answerable: number; value_per_day: number; pays: boolean }
export interface Proposed { proposal: Proposal; place: string; reason: string; text: string; taken: boolean }
export interface Discovered { history: { days: number; visits: number; orders: number; rows: Drop[] }; basket: number | null; gross_margin: number | null; currency: string; proposals: Proposed[]; why: string; campaign: CampaignFile["campaigns"] extends readonly (infer C)[] | undefined ? C | null : never; text: string; scenario: (Table & { visitors: { [name: string]: Estimate } }) | null; note: string }

export interface Objective { name: string; kpi: string; target: string; measure: string; base: string; agreed: string }
export interface Milestone { name: string; day: string }
/** Everything as it stands in the fields; shares in percent. */
export interface Typed {
  owner: string; sponsor: string; objectives: Objective[]; milestones: Milestone[]; lift: string; acceptance: string; holdout: string;
  source: "measured" | "typed"; days: string; until: string; visits: string; orders: string; rows: string; basket: string; margin: string;
  agents: string; from: string; to: string; each: string; cost: string; skill: string; name: string;
}
export const KPIS = ["conversion", "chat_conversion", "cart_abandonment", "average_basket", "leads", "csat", "nps", "cost_per_contact", "roi"] as const;
export const MEASURES = ["value", "times", "plus"] as const;
export const FRESH: Typed = {
  owner: "", sponsor: "", objectives: [{ name: "", kpi: "chat_conversion", target: "3", measure: "times", base: "0.02", agreed: "" }], milestones: [{ name: "", day: "" }], lift: "10", acceptance: "10", holdout: "50",
  source: "measured", days: "28", until: "", visits: "", orders: "", rows: "", basket: "", margin: "", agents: "3", from: "9", to: "18", each: "5", cost: "", skill: "sales", name: "",
};
