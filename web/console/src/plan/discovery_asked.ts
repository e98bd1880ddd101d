// What was typed, as the server asks for it.
import type { Objective, Typed } from "./discovery_wire";
import { planDiscoveryWords } from "./discovery_words";

/** What is wrong with what was typed, before anything is sent. */
export class Mistyped extends Error {}

export function figure(text: string, what: string): number {
  const found = Number(text.trim().replace(/[\s\u00a0]/g, "").replace(",", "."));
  if (!text.trim() || !Number.isFinite(found)) throw new Mistyped(planDiscoveryWords().noNumber(what));
  return found;
}
const maybe = (text: string, what: string): number | null => (text.trim() ? figure(text, what) : null);
const share = (text: string, what: string): number => Number((figure(text, what) / 100).toPrecision(12));

/** `cart; 900; 650; 150`, `page /basket.html; 4000; 1900`: a line for each place where visitors are lost. */
export function rowsOf(lines: string): object[] {
  const words = planDiscoveryWords();
  return lines.split("\n").map((line) => line.trim()).filter(Boolean).map((line, index) => {
    const [where = "", came = "", left = "", bought = ""] = line.split(/[;\t]/).map((part) => part.trim());
    const [kind = "", ...path] = where.split(/\s+/);
    if (!came || !left) throw new Mistyped(words.badRow(index + 1));
    return { kind, path: path.join(" "), visitors: figure(came, words.line(index + 1)), left: figure(left, words.line(index + 1)), bought: maybe(bought, words.line(index + 1)) };
  });
}

/** Agents at each hour of the day; from 22 to 6 goes over midnight. */
function hours(typed: Typed): number[] {
  const { fields } = planDiscoveryWords();
  const [agents, from, to] = [figure(typed.agents, fields.agents), figure(typed.from, fields.from), figure(typed.to, fields.to)];
  return Array.from({ length: 24 }, (_, hour) => ((from <= to ? hour >= from && hour < to : hour >= from || hour < to) ? agents : 0));
}

export const told = (typed: Typed): Objective[] => typed.objectives.filter((one) => one.name.trim());

export function objectiveOf(one: Objective): object {
  const { fields } = planDiscoveryWords();
  return { name: one.name.trim(), kpi: one.kpi, target: figure(one.target, fields.target), measure: one.measure, base: maybe(one.base, fields.base), agreed_by: one.agreed.split(",").map((each) => each.trim()).filter(Boolean), ...(one.kpi === "roi" ? { definition: one.name.trim() } : {}) };
}

/** The body of the call; Mistyped says which field. */
export function bodyOf(typed: Typed, taken: readonly string[] | null, language: string): object {
  const { fields } = planDiscoveryWords();
  const own = typed.source === "typed";
  return {
    objectives: told(typed).map(objectiveOf), owner: typed.owner.trim(), sponsor: typed.sponsor.trim(),
    milestones: typed.milestones.filter((one) => one.name.trim()).map((one) => ({ name: one.name.trim(), day: one.day || null })),
    history: own ? rowsOf(typed.rows) : null, days: figure(typed.days, fields.days), ...(own || !typed.until ? {} : { until: typed.until }), ...(own ? { visits: figure(typed.visits, fields.visits), orders: figure(typed.orders, fields.orders) } : {}),
    basket: maybe(typed.basket, fields.basket), gross_margin: typed.margin.trim() ? share(typed.margin, fields.margin) : null,
    lift: share(typed.lift, fields.lift), acceptance: share(typed.acceptance, fields.acceptance), holdout: share(typed.holdout, fields.holdout),
    agents_by_hour: hours(typed), conversations_per_agent_hour: figure(typed.each, fields.each), cost_per_conversation: maybe(typed.cost, fields.cost) ?? 0,
    skill: typed.skill.trim(), taken, name: typed.name.trim(), language,
  };
}
