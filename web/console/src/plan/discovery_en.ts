// The discovery, in English.
import type { DiscoveryWords } from "./discovery_words";

const s = (n: number): string => (n === 1 ? "" : "s");

export const en: DiscoveryWords = {
  steps: ["Objectives", "Milestones and targets", "History", "Proposed rules", "First scenario"], stepsLabel: "Steps of the discovery", step: (n, of) => `Step ${n} of ${of}`,
  leads: [
    "What you want, in figures, and who stands for it. Marketing, sales and accounting agree first.",
    "What is to be there, and when; what you assume of the effect, before it is measured.",
    "Where your visitors leave, what an order is worth, and who can answer.",
    "The largest losses, times their value, times the agents within reach. Take or leave.",
    "What the rules taken would bring. It is a forecast, to be measured against the hold-out.",
  ],
  back: "Back", next: "Go on", busy: "Working it out", failed: "The answer did not come.", retry: "Try again", refusedAt: (where, what) => (where ? `${where}: ${what}` : what),
  noNumber: (what) => `${what}: write a number.`, badRow: (n) => `Line ${n}: write “page /basket; 4000; 1900”.`, line: (n) => `Line ${n}`,
  people: "Who stands for it", objectives: "Objectives in figures", objective: (n) => `Objective ${n}`, addObjective: "Add an objective", dropObjective: (n) => `Remove objective ${n}`,
  milestones: "Roadmap", milestone: (n) => `Milestone ${n}`, addMilestone: "Add a milestone", dropMilestone: (n) => `Remove milestone ${n}`, assumed: "Assumptions",
  source: "Where the history comes from", measured: "Measured here", typed: "Entered or imported", worth: "What an order is worth", reach: "Who can answer",
  rowsHint: "A line for each loss: place; came; left; bought. Places: cart, page /path, checkout /path, payment_error, empty_search, not_found, error, field_error, form_abandoned.",
  measuredHint: "Empty: as measured.",
  fields: {
    owner: "Champion of the project", sponsor: "Backed by", objective: "Objective", kpi: "Measure", target: "Target", measure: "The target is", base: "Value at the start", agreed: "Departments that agree, with commas",
    milestone: "Milestone", day: "Date", lift: "Relative effect on those who accept, in %", acceptance: "Acceptance, in %", holdout: "Held out, in %",
    days: "Days of history", until: "Up to (empty: today)", visits: "Visits", orders: "Visits with an order", rows: "Losses", basket: "Average basket", margin: "Gross margin, in %", agents: "Agents", from: "From (hour)", to: "To (hour)", each: "Conversations an agent and hour", cost: "Cost of a conversation", skill: "Skill", name: "Name of the scenario",
  },
  kpis: { conversion: "conversion of the site", chat_conversion: "conversion after chat", cart_abandonment: "abandoned carts", average_basket: "average basket", leads: "qualified leads", csat: "satisfaction (CSAT)", nps: "recommendation (NPS)", cost_per_contact: "cost per contact", roi: "return on investment" },
  measures: { value: "a value", times: "so many times the start", plus: "so much more than the start" },
  found: (n, worth) => [`${n} rule${s(n)} taken, for `, worth, " of margin a day."], taken0: "No rule taken.",
  why: { no_history: "Nothing was measured on these days. Enter or import a history.", nobody_left: "Nobody left without an order.", nobody_buys: "Nobody ordered: what help is worth cannot be told.", no_basket: "The average basket is not measured. Enter it.", no_margin: "The margin is not measured. Enter it." },
  take: (name) => `Take ${name}`, perDay: (amount) => `${amount} a day`, costs: "costs more than it brings", rule: "The rule as it is written", copy: "Copy", copyOf: (name) => `Copy ${name}`, copied: "Copied.", copyFailed: "It could not be copied.",
  scenario: "Inputs of the first scenario", rows: { visits: "Visits a month", eligible: "Eligible and covered share", acceptance: "Invitations accepted", lift: "Effect on conversion", basket: "Average basket", margin: "Gross margin", cost: "Cost of a conversation" },
  range: (low, high) => `from ${low} to ${high}, to be confirmed`, entered: "entered or measured", note: "Kept with the scenario", noScenario: "Take one rule at least.",
  saveScenario: "Save the scenario", saveDraft: "Put it into the campaigns’ draft", saveGoals: (n) => `Keep ${n} objective${s(n)}`, scenarioSaved: "Scenario saved.", draftSaved: "In the draft: the campaign “discovery”, which nobody sees yet.", goalsSaved: "Objectives kept.", openCampaign: "See the campaign", openScenario: "See the business case", whole: "The campaign, to copy",
  codes: { changed_meanwhile: "Somebody changed the draft meanwhile: try again.", too_many: "There are too many: take some out." },
};
