// Why a visitor was invited, as a sentence and as a list of what the condition read.
import type { JSX } from "preact";
import { duration, money, number } from "../format";
import { lookup, saidIn, useWords } from "../i18n";
import { useStore } from "../store";
import type { Scalar, Why } from "../wire";
import { currency } from "./parts";

const MONEY = /(^|[._])(value|price|spend|revenue|total)$/;
const LENGTH = /(dwell|active|duration|idle|since_last_\w+)$/;

/** A value that a condition read, by the rules for numbers; durations come as seconds or as text. */
export function useValue(): (name: string, value: Scalar) => string {
  const words = useWords();
  const language = useStore((state) => state.language);
  return (name, value) => {
    if (value === null) return "–";
    if (typeof value === "boolean") return value ? words.context.yes : words.context.no;
    if (typeof value === "string") return lookup(words.devices, value, lookup(words.channels, value));
    if (MONEY.test(name)) return money(value, language, currency());
    return LENGTH.test(name) ? duration(value * 1000, language) : number(value, language);
  };
}

export function ReasonText({ why }: { why: Why | null }): JSX.Element {
  const words = useWords();
  const show = useValue();
  const language = useStore((state) => state.language);
  if (!why) return <>{words.reason.none}.</>;
  const parts = [opening(why, saidIn(why.campaign_label, language) || why.campaign, words)];
  if (why.version !== null && why.version !== undefined) parts.push(words.reason.version(String(why.version).slice(0, 8)));
  if (why.variant && why.decision === "invite") parts.push(words.reason.variant(why.variant));
  const values = Object.entries(why.values).slice(0, 3).map(([name, value], index) => `${inside(lookup(words.values, name), index)} ${show(name, value)}`);
  return <>{parts.join(", ")}.{values.length > 0 && <><br />{values.join(", ")}.</>}</>;
}

/** A label in the middle of a sentence begins small. */
const inside = (label: string, index: number): string => (index === 0 ? label : label.charAt(0).toLowerCase() + label.slice(1));

function opening(why: Why, campaign: string, words: ReturnType<typeof useWords>): string {
  if (why.decision === "invite") return words.reason.invited(campaign, why.rule);
  if (why.decision === "hold_out") return words.reason.heldOut(campaign);
  return words.reason.refrained(campaign, lookup(words.reasons, why.reason ?? "", why.reason ?? words.reason.unknown));
}
