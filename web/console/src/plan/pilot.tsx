// The pilot: how many visitors and days until an effect is told, what shows before, and the phases up to critical mass.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useStore } from "../store";
import { currency as siteCurrency, Icon, Loading } from "../ui/parts";
import { calls } from "./calls";
import { current } from "./case";
import { at, fresh } from "./document";
import { cash, rounded, told } from "./figures";
import { bodyOf, isWrong, Num, useAnswer, type Kinds, type Texts, type Wrong } from "./form";
import { usePlanWords, type PlanWords } from "./words";

interface Watched { control: number; treated: number; visitors: number; days: number | null; times?: number }
interface Visible { days: number | null; control: number; treated: number; difference: number | null; lift: number | null; watched_difference: number | null; watched_lift: number | null }
interface Pilot extends Watched { base_rate: number; treated_rate: number; difference: number; holdout: number; per_day: number | null; limited_by: string; always_valid: Watched; splits: (Watched & { holdout: number })[]; visible: Visible[]; dilution: { uptake: number; treated_rate: number; per_arm: number | null }[]; seen_soon: { what: string; reach: number; needs: number; days: number | null }[] }
interface Criterion { measure: string; of: string; sense: string; bound: number }
interface Phases { phases: { name: string; share: number; holdout: number; agents: number; conversations_per_day: number; days: number; visible: Visible; enough: boolean; decision: string; go_on: Criterion[]; stop: Criterion[] }[]; critical: { agents: number | null; per_day: number | null; why: string; reached: boolean } }

const KINDS: Kinds = { base_rate: "percent", lift: "percent", uptake: "percent", holdout: "percent", power: "percent", per_day: "number", conversations_per_day: "number", alpha: "percent", answer_share: "percent", agents: "number", conversations_per_agent_day: "number", margin_per_order: "number", agent_day_cost: "number", fixed_cost_per_day: "number" };
const FIRST = ["base_rate", "lift", "uptake", "holdout", "per_day", "power"];
const PHASES = ["agents", "conversations_per_agent_day", "margin_per_order", "agent_day_cost", "fixed_cost_per_day"];
const MORE = ["conversations_per_day", "alpha", "answer_share"];

const BASE = 0.04;

/** What the business case says already, as somebody would type it. */
function start(): Texts {
  const document = current() ?? fresh("", siteCurrency());
  const value = (path: string, missing: number): number => at(document, path)?.value ?? missing;
  const uptake = value("invitation.shown_share", 1) * value("invitation.acceptance", 0.08);
  const lift = value("help.lift_per_eligible", 0.01) / (BASE * (uptake || 1));
  const text = (share: number): string => String(Number((share * 100).toPrecision(2)));
  const traffic = (value("visitors.visits_per_month", 48_000) * value("visitors.eligible_covered_share", 1)) / 30.4375;
  return { base_rate: text(BASE), lift: text(lift), uptake: text(uptake), holdout: "50", per_day: String(Math.round(traffic)), power: "80", agents: "4", conversations_per_agent_day: "40" };
}
let typedIn: Texts | null = null;

export function PilotPage(): JSX.Element {
  const all = usePlanWords();
  const words = all.pilot;
  const [texts, setTexts] = useState<Texts>(() => (typedIn ??= start()));
  const onText = (name: string, text: string): void => setTexts((now) => (typedIn = { ...now, [name]: text }));
  const body = bodyOf(texts, KINDS);
  const [found, refused, busy] = useAnswer(JSON.stringify(body), isWrong(body) ? null : () => calls.pilot<{ pilot: Pilot; phases: Phases | null }>(body));
  const wrong: Wrong | null = isWrong(body) ? body : refused;
  const field = (name: string): JSX.Element => <Num key={name} name={name} label={words.fields[name] ?? name} unit={KINDS[name] === "percent" ? "%" : undefined} texts={texts} wrong={wrong} onText={onText} />;
  return (
    <div class="plan-case">
      <header class="page-head plan-head"><h2 class="page-title">{words.title}</h2><div class="page-actions"><button type="button" onClick={() => print()}><Icon name="printer" />{all.print}</button></div></header>
      <div class="plan-columns">
        <div class="plan-left"><form class="card plan-form" onSubmit={(event) => event.preventDefault()}>{FIRST.map(field)}<details open><summary>{words.phasesOf}</summary><div>{PHASES.map(field)}</div></details><details><summary>{words.more}</summary><div>{MORE.map(field)}</div></details></form><p class="plan-legend">{words.lead}</p></div>
        <div class="plan-right" aria-busy={busy}>
          {wrong && <p class="problem plan-correct" role="alert"><Icon name="circle-alert" />{wrong.where in KINDS ? all.correct : wrong.text}</p>}
          {found ? <Answer found={found.pilot} phases={found.phases} /> : !wrong && <Loading label={all.loading} rows={8} />}
        </div>
      </div>
    </div>
  );
}

function useSay(): { all: PlanWords; count: (n: number | null) => string; share: (n: number | null) => string; points: (n: number | null) => string; days: (n: number | null) => string; money: (n: number) => string } {
  const all = usePlanWords();
  const language = useStore((state) => state.language);
  const money = siteCurrency();
  const or = (kind: "count" | "share" | "points", digits: number) => (n: number | null): string => (n === null ? all.none : told(kind, n, digits, language, money));
  const share = (n: number | null): string => or("share", n !== null && Math.abs(n * 100 - Math.round(n * 100)) < 0.05 ? 0 : 1)(n);
  return { all, count: or("count", 0), share, points: or("points", 2), days: (n) => (n === null ? all.none : all.pilot.days(told("count", n, 0, language, money))), money: (n) => cash(n, 2, language, money) };
}

function Answer({ found, phases }: { found: Pilot; phases: Phases | null }): JSX.Element {
  const { all, count, share, points, days } = useSay();
  const words = all.pilot;
  const row = (label: string, one: Watched): JSX.Element => <tr key={label}><th scope="row">{label}</th><td>{count(one.control)}</td><td>{count(one.treated)}</td><td>{count(one.visitors)}</td><td>{days(one.days)}</td></tr>;
  const [before, figure, after] = words.finding(count(rounded(found.visitors, found.visitors / 10)), found.days === null ? "" : days(found.days)).split("|");
  return (
    <>
      <h2 class="plan-finding" aria-live="polite">{before}<b class="plain">{figure}</b>{after}</h2>
      <section class="card plan-card"><h3>{words.sizes}</h3><p class="plan-lead">{words.sizesLead(share(found.base_rate), share(found.treated_rate), points(found.difference))} {words.limits[found.limited_by] ?? ""}</p>
        <Scroll label={words.sizes}><thead><tr><th scope="col">{words.test}</th><th scope="col">{words.control}</th><th scope="col">{words.treated}</th><th scope="col">{words.visitors}</th><th scope="col">{words.duration}</th></tr></thead><tbody>{row(words.fixed, found)}{row(words.always, found.always_valid)}{found.splits.map((one) => row(words.split(share(one.holdout)), one))}</tbody></Scroll></section>
      <section class="card plan-card"><h3>{words.visible}</h3><p class="plan-lead">{words.visibleLead}</p>
        <Scroll label={words.visible}><thead><tr><th scope="col">{words.after}</th><th scope="col">{words.fixed}</th><th scope="col">{words.always}</th></tr></thead><tbody>{found.visible.map((one) => <tr key={one.days}><th scope="row">{days(one.days)}</th><td>{points(one.difference)}<small>{one.lift !== null && words.onTakers(share(one.lift))}</small></td><td>{points(one.watched_difference)}<small>{one.watched_lift !== null && words.onTakers(share(one.watched_lift))}</small></td></tr>)}</tbody></Scroll></section>
      {phases && <PhasesCard found={phases} />}
      <section class="card plan-card"><h3>{words.soon}</h3><p class="plan-lead">{words.soonLead}</p>
        <Scroll label={words.soon}><thead><tr><th scope="col">{words.measure}</th><th scope="col">{words.reach}</th><th scope="col">{words.needs}</th><th scope="col">{words.duration}</th></tr></thead><tbody>{found.seen_soon.map((one) => <tr key={one.what}><th scope="row">{words.measures[one.what] ?? one.what}</th><td>± {one.what.startsWith("nps") ? `${count(100 * one.reach)}\u00a0${all.pilot.npsUnit}` : share(one.reach)}</td><td>{count(one.needs)}</td><td>{days(one.days)}</td></tr>)}</tbody></Scroll></section>
      <section class="card plan-card"><h3>{words.dilution}</h3><p class="plan-lead">{words.dilutionLead}</p>
        <Scroll label={words.dilution}><thead><tr><th scope="col">{words.fields.uptake}</th><th scope="col">{words.treatedRate}</th><th scope="col">{words.perArm}</th></tr></thead><tbody>{found.dilution.map((one) => <tr key={one.uptake}><th scope="row">{share(one.uptake)}</th><td>{share(one.treated_rate)}</td><td>{count(one.per_arm)}</td></tr>)}</tbody></Scroll></section>
    </>
  );
}

export function Scroll({ label, children }: { label: string; children: JSX.Element | JSX.Element[] }): JSX.Element {
  return <div class="plan-scroll" role="region" aria-label={label} tabIndex={0}><table class="plan-table">{children}</table></div>;
}

function PhasesCard({ found }: { found: Phases }): JSX.Element {
  const { all, count, share, points, days, money } = useSay();
  const words = all.pilot;
  const bound = (one: Criterion): string => (one.bound === 0 ? "0" : one.measure === "effect" ? points(one.bound) : one.measure === "reply_s" ? `${count(one.bound)}\u00a0s` : one.measure === "net_per_conversation" ? money(one.bound) : share(one.bound));
  const criterion = (one: Criterion): string => words.criterion(words.measures[one.measure] ?? one.measure, words.senses[one.sense] ?? one.sense, bound(one), words.ofs[one.of] ?? "");
  const { critical } = found;
  return (
    <section class="card plan-card"><h3>{words.phases}</h3><p class="plan-lead">{critical.per_day !== null ? words.critical(count(critical.per_day), count(critical.agents)) : words.criticalWhy[critical.why] ?? ""}</p>
      <Scroll label={words.phases}><thead><tr><th scope="col">{words.phase}</th><th scope="col">{words.share}</th><th scope="col">{words.agents}</th><th scope="col">{words.duration}</th><th scope="col">{words.smallest}</th><th scope="col" class="text">{words.decide}</th></tr></thead>
        <tbody>{found.phases.map((one) => <tr key={one.name}><th scope="row">{words.names[one.name] ?? one.name}<small class="plan-small">{words.decisions[one.decision]}</small></th><td>{share(one.share)}<small>{words.held(share(one.holdout))}</small></td><td>{count(one.agents)}</td><td>{days(one.days)}</td><td>{points(one.visible.difference)}<small>{one.enough ? words.enough : words.notEnough}</small></td><td class="text plan-wrap">{one.go_on.length > 0 && <small>{words.goOn} {one.go_on.map(criterion).join(", ")}</small>}{one.stop.length > 0 && <small>{words.stop} {one.stop.map(criterion).join(", ")}</small>}</td></tr>)}</tbody></Scroll></section>
  );
}
