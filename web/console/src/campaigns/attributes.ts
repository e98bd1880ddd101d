// What a condition can read: the schema's attributes, and the behaviours and segments of the file, alike.
import type { Scalar } from "../wire";
import { campaignWords, said } from "./words";
import { lookup } from "../i18n";
import { spaced } from "./saying";
import type { Attribute, Behaviour, CampaignFile, Compare, Schema } from "./wire";

const DEFAULT_OPERATORS: Record<string, string[]> = {
  bool: ["is"], int: [">=", "<=", ">", "<", "==", "!="], number: [">=", "<=", ">", "<", "==", "!="], duration: [">=", "<=", ">", "<"],
  string: ["==", "!=", "in", "contains", "startsWith", "endsWith", "matches"], any: ["==", "!=", ">=", "<="],
};
const MEASURES: Record<string, string> = { count: "int", sequence: "int", distinct: "int", sum: "number", dwell: "duration", elapsed: "duration", idle: "duration", last: "any" };

export const kindOf = (behaviour: Behaviour): string => Object.keys(MEASURES).find((key) => behaviour[key as keyof Behaviour] !== undefined) ?? "count";

/** A behaviour in words, where its name alone would say little: what is measured, and since when. */
function behaviourSaid(kind: string, event: string, behaviour: Behaviour): string {
  const { timer } = campaignWords();
  const what = kind === "count" || kind === "sequence" ? timer.times(event) : `${lookup(timer.kinds, kind)} ${event}`;
  return [what, behaviour.since ? timer.sinceEvent(behaviour.since) : "", behaviour.within ? timer.withinTime(spaced(behaviour.within)) : ""].filter(Boolean).join(" ");
}

/** All that conditions of this file can read, in the order in which the picker shows it. */
export function readable(schema: Schema | null, file: CampaignFile): Attribute[] {
  const words = campaignWords();
  const own = Object.entries(file.behaviours ?? {}).map(([name, one]): Attribute => {
    const kind = kindOf(one);
    const event = one.sequence?.join(", ") ?? (one as Record<string, unknown>)[kind];
    return { name, type: MEASURES[kind]!, unit: "", presence: "maybe", values: null, flow: "steady", label: behaviourSaid(kind, String(event), one), doc: `${lookup(words.timer.kinds, kind)}: ${String(event)}`, group: "behaviours" };
  });
  const segments = Object.entries(file.segments ?? {}).map(([name, one]): Attribute => ({ name: `segment.${name}`, type: "bool", unit: "", presence: "always", values: null, flow: "steady", label: name, doc: one.description || one.when, group: "segments" }));
  // The schema also names those of the published file; here the draft's own count.
  return [...own, ...segments, ...(schema?.attributes ?? []).filter((one) => !["behaviours", "segments"].includes(one.group))];
}

/** The attribute that a name belongs to; a name that ends with .* stands for all below it. */
export function attributeOf(all: readonly Attribute[], name: string): Attribute | null {
  return all.find((one) => one.name === name) ?? all.find((one) => one.name.endsWith(".*") && name.startsWith(one.name.slice(0, -1))) ?? null;
}

export function labelOf(all: readonly Attribute[], name: string): string {
  const found = attributeOf(all, name);
  if (!found) return name;
  const label = said(found.label) || found.name;
  return found.name.endsWith(".*") ? `${label.replace(/\.\*$/, "")} ${name.slice(found.name.length - 1)}` : label;
}

/** The signs that a type can be compared with, the most used first. */
export function operatorsOf(schema: Schema | null, type: string): string[] {
  const given = schema?.operators[type] ?? DEFAULT_OPERATORS[type] ?? ["==", "!="];
  return type === "bool" && !given.includes("is") ? ["is"] : given;
}

/** A new comparison with something to begin from. */
export function begun(attribute: Attribute, name: string, schema: Schema | null): Compare {
  const operators = operatorsOf(schema, attribute.type);
  const op = attribute.type === "bool" ? "is" : ["int", "number", "duration"].includes(attribute.type) && operators.includes(">=") ? ">=" : operators[0]!;
  const value: Scalar = attribute.type === "bool" ? true : attribute.values ? attribute.values[0]! : attribute.type === "duration" ? 30 : ["int", "number"].includes(attribute.type) ? 1 : "";
  return { kind: "compare", name, op, value, unit: attribute.type === "duration" ? "s" : "" };
}
