// A scenario as tables and numbers: read and changed at the path of an input; parts are found by their names.
import type { Counted, Estimate, Input, MeasuredAll, Table } from "./wire";

export const PARTS = ["teams", "phases", "channels", "intangibles"] as const;
export type Part = (typeof PARTS)[number];

const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null && !Array.isArray(value);
export const isEstimate = (value: unknown): value is Estimate => isTable(value) && typeof value.value === "number";

/** The steps of a path; the name of a part may hold dots. */
function steps(path: string): [string, string | null, string] {
  const first = path.slice(0, path.indexOf("."));
  const rest = path.slice(first.length + 1);
  if (!(PARTS as readonly string[]).includes(first)) return [first, null, rest];
  const cut = rest.lastIndexOf(".");
  return [first, rest.slice(0, cut), rest.slice(cut + 1)];
}

export const partsOf = (document: Table, part: string): Table[] => (Array.isArray(document[part]) ? (document[part] as Table[]) : []);

/** The table that holds an input. */
function holder(document: Table, path: string): [Table | undefined, string] {
  const [group, name, field] = steps(path);
  if (name !== null) return [partsOf(document, group).find((one) => one.name === name), field];
  return [isTable(document[group]) ? (document[group] as Table) : undefined, field];
}

/** The estimate at a path; null where none is given. */
export function at(document: Table, path: string): Estimate | null {
  const [table, field] = holder(document, path);
  const found = table?.[field];
  return isEstimate(found) ? found : typeof found === "number" ? { low: found, value: found, high: found, source: "entered", within: 0.8 } : null;
}

/** The same scenario with another estimate at a path; null takes it out. */
export function put(document: Table, path: string, estimate: Estimate | null): Table {
  const [group, name, field] = steps(path);
  const change = (table: Table): Table => {
    const { [field]: _gone, ...others } = table;
    return estimate ? { ...table, [field]: estimate } : others;
  };
  if (name !== null) return { ...document, [group]: partsOf(document, group).map((one) => (one.name === name ? change(one) : one)) };
  return { ...document, [group]: change(isTable(document[group]) ? (document[group] as Table) : {}) };
}

/** The unit of an input at a path, whatever its part is called. */
export function unitOf(inputs: readonly Input[], path: string): Input | undefined {
  const [group, name, field] = steps(path);
  const wanted = name === null ? path : `${group}.*.${field}`;
  return inputs.find((one) => one.path === wanted);
}

/** The last word of a path, which names what it is. */
export const fieldOf = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
export const partName = (path: string): string => steps(path)[1] ?? "";

/** Shifts an estimate to another value, its band with it, within the limits. */
export function moved(one: Estimate, value: number, limits: Input): Estimate {
  const within = (each: number): number => Math.max(limits.least, Math.min(limits.most, each));
  const kept = within(value);
  const shift = kept - one.value;
  return { ...one, low: Math.min(kept, within(one.low + shift)), value: kept, high: Math.max(kept, within(one.high + shift)), ...entered(one) };
}

/** What was measured is not, once somebody has changed it. */
export const entered = (one: Estimate): Pick<Estimate, "source" | "within"> => (one.source === "entered" ? { source: "entered", within: one.within } : { source: "entered", within: 0.8 });

/** With every figure that was measured in its place. */
export function withMeasured(document: Table, found: MeasuredAll): Table {
  let next = document;
  for (const one of found.inputs) {
    if (one.value === null || one.input.startsWith("stated.")) continue;
    next = put(next, one.input, { low: one.low ?? one.value, value: one.value, high: one.high ?? one.value, source: "measured", within: 0.95 });
  }
  return next;
}

/** Limits that a page can check before it asks: null when all is well. */
export function fault(one: Estimate, limits: Input): "number" | "limits" | "order" | null {
  const three = [one.low, one.value, one.high];
  if (three.some((each) => !Number.isFinite(each))) return "number";
  if (three.some((each) => each < limits.least || each > limits.most)) return "limits";
  return one.low <= one.value && one.value <= one.high ? null : "order";
}

const guess = (low: number, value: number, high: number): Estimate => ({ low, value, high, source: "assumed", within: 0.8 });
const known = (value: number): Estimate => guess(value, value, value);

/** Where somebody begins who has no figures yet: every one of them is to be confirmed. */
export const fresh = (name: string, currency: string): Table => ({
  name, currency, horizon_months: 12,
  visitors: { visits_per_month: guess(370_000, 420_000, 470_000), eligible_covered_share: guess(0.09, 0.115, 0.14), hold_out_share: known(0.1) },
  invitation: { shown_share: known(1), acceptance: known(0.08) },
  help: { lift_per_eligible: guess(0.0038, 0.0091, 0.0143) },
  orders: { basket: guess(78, 84.4, 92), gross_margin: guess(0.42, 0.48, 0.53), return_rate: known(0) },
  conversation: { cost_per_conversation: guess(2.6, 3.1, 3.6) },
  costs: { fixed_per_month: known(1500) },
});

/** Which inputs a case is first read by, where it has them. */
export const MAIN = [
  "visitors.visits_per_month", "visitors.eligible_covered_share", "help.lift_per_eligible", "help.conversion_with_help", "help.conversion_without_help", "help.additionality",
  "orders.basket", "orders.gross_margin", "conversation.cost_per_conversation",
];

/** The track of a slider: as wide as the value itself, so that a broad band looks broad, in round numbers. */
export function track(one: Estimate, limits: Input): { from: number; to: number; step: number } {
  const band = one.high - one.low;
  const wide = Math.max(Math.abs(one.value) * 0.8, band * 0.75, limits.counted === "count" ? 10 : 1e-4);
  const step = 10 ** (Math.floor(Math.log10(wide)) - 2);
  const round = (each: number): number => Math.round(each / step) * step;
  const from = Math.max(limits.least, round(Math.min(one.value - wide, one.low - band / 5)));
  const to = Math.min(limits.most, round(Math.max(one.value + wide, one.high + band / 5)));
  return { from, to: Math.max(from + step, to), step: limits.counted === "count" ? Math.max(1, step) : step };
}

export type { Counted };
