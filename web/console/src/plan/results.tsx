// What a scenario says: the finding, what contradicts what, the sums, the channels, and what the margin allows.
import type { JSX } from "preact";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import { brief, cash, large, rounded, sum, told } from "./figures";
import { filled } from "./says";
import { nameOf } from "./slider";
import type { ChannelResult, Contradiction, Result, Roi, Spread, Strategy } from "./wire";
import { usePlanWords } from "./words";

/** The one sentence of the page. */
export function Finding({ roi }: { roi: Roi }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const { expected, low, high } = roi.futures;
  const money = (value: number): string => sum(value, (high - low) / 2, language, roi.case.currency);
  const [before, figure, after] = (expected < 0 ? words.loss(money(-expected)) : words.gain(money(expected))).split("|");
  const range = expected < 0 ? words.rangeLoss : words.range;
  return <h2 class="plan-finding" aria-live="polite">{before}<b class={expected < 0 ? "lost" : low > 0 ? "won" : "won maybe"}>{figure}</b>{after} {range(money(low), money(high))}</h2>;
}

export function Against({ all, currency }: { all: Contradiction[]; currency: string }): JSX.Element | null {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  if (all.length === 0) return null;
  return (
    <section class="card plan-card plan-against">
      <h3><Icon name="triangle-alert" />{words.against}</h3>
      <ul>{all.map((one, n) => {
        const said = filled(words.contradictions[one.code], one.figures, language, currency);
        return <li key={`${one.code}${n}`}><p>{said ?? one.what}</p><small>{said === null ? one.hint : words.againstNext(one.inputs.map((path) => nameOf(words, path).toLocaleLowerCase(language)).join(", "))}</small></li>;
      })}</ul>
    </section>
  );
}

type Line = readonly [keyof Result, "count" | "money" | "share" | "number"];
const LINES: readonly Line[] = [
  ["eligible", "count"], ["conversations", "count"], ["incremental_orders", "count"], ["revenue", "money"], ["margin", "money"], ["savings", "money"], ["labour", "money"], ["software", "money"], ["services", "money"], ["fixed", "money"], ["discounts", "money"], ["errors", "money"], ["cost", "money"], ["net_gain", "money"], ["roi", "share"], ["cost_per_incremental_conversion", "money"], ["sales_per_agent_hour", "number"], ["paid_hours", "count"],
];
const STRONG = new Set<string>(["cost", "net_gain"]);

export function Sums({ roi }: { roi: Roi }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const { case: found, futures } = roi;
  const say = (value: number | null, kind: Line[1], half = Math.abs(value ?? 0) / 10): string => {
    if (value === null) return words.none;
    if (kind === "money") return Math.abs(value) < 100 ? cash(value, 2, language, found.currency).replace("-", "\u2212") : sum(value, half, language, found.currency);
    return kind === "number" ? brief(value, language) : told(kind, kind === "count" ? rounded(value, half) : value, 0, language, found.currency);
  };
  const range = (spread: Spread | undefined, kind: Line[1]): string => (spread && spread.low !== spread.high ? words.band(say(spread.low, kind, (spread.high - spread.low) / 2), say(spread.high, kind, (spread.high - spread.low) / 2)) : words.none);
  const shown = LINES.filter(([name]) => found.horizon[name] !== null && (found.horizon[name] !== 0 || STRONG.has(name)));
  return (
    <section class="card plan-card">
      <h3>{words.sums}</h3>
      <p class="plan-lead">{words.sumsLead} {found.pay_back_months === null ? words.payBackNever : words.payBack(found.pay_back_months)} {found.cost_of_delay_per_month > 0 && words.delay(sum(found.cost_of_delay_per_month, found.cost_of_delay_per_month / 10, language, found.currency))}</p>
      <div class="plan-scroll" role="region" aria-label={words.sums} tabIndex={0}>
        <table class="plan-table">
          <thead><tr><th scope="col">{words.columns.what}</th><th scope="col">{words.columns.month}</th><th scope="col">{words.columns.horizon(found.horizon_months)}</th><th scope="col">{words.columns.range}</th></tr></thead>
          <tbody>{shown.map(([name, kind]) => <tr key={name} class={STRONG.has(name) ? "strong" : ""}><th scope="row">{words.rows[name]}</th><td>{say(found.month[name], kind)}</td><td>{say(found.horizon[name], kind)}</td><td>{range(futures.horizon[name], kind)}</td></tr>)}</tbody>
        </table>
      </div>
      {found.intangibles.length > 0 && <ul class="plan-plain">{found.intangibles.map((one) => <li key={one.name}>{words.intangible(one.name, one.now === null ? words.none : brief(one.now, language), one.expected === null ? words.none : brief(one.expected, language))}</li>)}</ul>}
    </section>
  );
}

export function Channels({ all, currency }: { all: ChannelResult[]; currency: string }): JSX.Element | null {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  if (all.length === 0) return null;
  const { name, contacts, orders, contact, conversion, hour, margin, roi } = words.channelColumns;
  const money = (value: number | null): string => (value === null ? words.none : cash(value, Math.abs(value) < 1000 ? 2 : 0, language, currency));
  const count = (value: number): string => told("count", value, 0, language, currency);
  return (
    <section class="card plan-card">
      <h3>{words.channels}</h3>
      <p class="plan-lead">{words.channelsLead}</p>
      <div class="plan-scroll" role="region" aria-label={words.channels} tabIndex={0}>
        <table class="plan-table">
          <thead><tr>{[name, contacts, orders, contact, conversion, hour, margin, roi].map((one) => <th scope="col" key={one}>{one}</th>)}</tr></thead>
          <tbody>{all.map((one) => <tr key={one.name}><th scope="row">{one.name} <small>{words.kinds[one.kind] ?? one.kind}</small></th><td>{count(one.contacts_per_month)}</td><td>{count(one.incremental_orders_per_month)}</td><td>{money(one.cost_per_contact)}</td><td>{money(one.cost_per_incremental_conversion)}</td><td>{one.sales_per_agent_hour === null ? words.none : brief(one.sales_per_agent_hour, language)}</td><td>{large(one.margin_per_month, language, currency).replace(/^\+/, "")}</td><td>{one.roi === null ? words.none : told("share", one.roi, 0, language, currency)}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  );
}

export function Allows({ found, currency }: { found: Strategy | null; currency: string }): JSX.Element | null {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  if (!found) return null;
  const said = found.advice.map((one) => filled(words.advice[one.code], one.figures, language, currency) ?? one.what);
  return <section class="card plan-card"><h3>{words.strategy}</h3><p class="plan-lead">{words.models[found.model] ?? found.model}</p><ul class="plan-plain">{said.map((one) => <li key={one}>{one}</li>)}</ul></section>;
}
