// Goals, contracts and alarms, in English.
import type { GoalWords } from "./words";

export const en: GoalWords = {
  title: "Goals and contracts", report: "See where they stand", add: "Write a goal", addContract: "Write a contract", none: "No goals with figures yet.", noContract: "No contracts.",
  goals: "Goals", contracts: "Contracts that pay by result", open: "Change", next: "Next version", state: "Make the statement", stated: "Statement made.", statements: (n) => `${n} statement${n === 1 ? "" : "s"}`,
  failed: "The answer did not come.", retry: "Try again", loading: "Loading", save: "Save", cancel: "Cancel", drop: "Erase", dropSure: "Erase for good", kept: "Saved.", dropped: "Erased.",
  readOnly: "Your role reads without changing.", refused: (where, what) => (where ? `${where}: ${what}` : what),
  codes: { nothing_due: "No window is to be stated yet.", already_stated: "A window that this would change has been stated.", no_boundary: "The first day would cut a window in two.", currency: "The currency of a contract stays.", changed_meanwhile: "Somebody changed it meanwhile: reload.", too_many: "There are too many." },
  alarm: { floor: (name) => `Floor broken: ${name}`, goal_missed: (name) => `Goal missed: ${name}`, ingest_stopped: () => "No events are coming in", sample_ratio: (name) => `Uneven split: ${name || "the whole site"}` }, alarmNext: "The alarm closes by itself when all is well.", seen: "Seen", look: "Look",
  fields: { name: "Name", kpi: "Measure", target: "Target", measure: "The target is", base: "Value at the start", direction: "Direction", window: "Window", definition: "What the figure includes", about: "Campaign (empty: the whole site)", min_n: "At least so many", floor: "Floor", best: "Best of the sector", average: "Average of the sector", source: "Source of these figures", agreed_by: "Departments that agree, with commas", owner: "Looked after by", sponsor: "Backed by", currency: "Currency", first_day: "First day", clauses: "Conditions, one a line: measure >= target", pays: "What is paid", fee_rate: "Rate (minor units for a sale, or millionths)", fee: "By", horizon_days: "Days to buy", mature_days: "Days of returns", cap: "Cap of a window", estimator: "Estimator" },
  choices: { value: "a value", times: "so many times the base", plus: "so much more than the base", at_least: "at least", at_most: "at most", day: "day", week: "week", fortnight: "fortnight", month: "month", quarter: "quarter", sales: "additional sales", revenue: "additional revenue", margin: "additional margin", point: "the estimate", proof: "the lower bound", itt_normal: "ITT, normal", itt_welch: "ITT, Welch", itt_always_valid: "ITT, always valid" },
  states: { unknown: "not counted", too_few: "too few", point: "no interval", proven: "proven", ahead: "ahead", behind: "behind", missed: "missed" },
  clause: (line) => `Conditions, line ${line}: write “csat >= 0.8”.`,
};
