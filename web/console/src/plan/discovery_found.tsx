// Steps 4 and 5 of the discovery: rules to take or to leave, and the first scenario.
import type { JSX } from "preact";
import { toast, useStore } from "../store";
import { Icon } from "../ui/parts";
import { at } from "./document";
import { cash, decimals, told } from "./figures";
import type { Put } from "./discovery_fields";
import type { Discovered, Typed } from "./discovery_wire";
import { usePlanDiscoveryWords } from "./discovery_words";
import type { Counted, Estimate, Table } from "./wire";

function Copied({ text, name }: { text: string; name: string }): JSX.Element {
  const words = usePlanDiscoveryWords();
  const copy = (): void => { navigator.clipboard.writeText(text).then(() => toast(words.copied), () => toast(words.copyFailed, true)); };
  return <div class="disc-toml"><pre tabIndex={0} aria-label={name}>{text}</pre><button type="button" aria-label={words.copyOf(name)} onClick={copy}><Icon name="copy" />{words.copy}</button></div>;
}

export function Rules({ found, busy, onTake }: { found: Discovered; busy: boolean; onTake: (name: string, yes: boolean) => void }): JSX.Element {
  const words = usePlanDiscoveryWords();
  const language = useStore((state) => state.language);
  const amount = (value: number): string => cash(value, Math.abs(value) < 1000 ? 2 : 0, language, found.currency);
  const taken = found.proposals.filter((one) => one.taken);
  const [before, worth, after] = words.found(taken.length, amount(taken.reduce((sum, one) => sum + one.proposal.value_per_day, 0)));
  if (!found.proposals.length) return <p class="disc-none">{words.why[found.why] ?? words.failed}</p>;
  return (
    <>
      <p class="disc-finding">{taken.length ? <>{before}<b>{worth}</b>{after}</> : words.taken0}</p>
      <ul class="disc-rules">{found.proposals.map(({ proposal, place, reason, text, taken: on }) => (
        <li key={proposal.name}>
          <label class="disc-take"><input type="checkbox" checked={on} disabled={busy} aria-label={words.take(place)} onChange={(event) => onTake(proposal.name, event.currentTarget.checked)} /><span><strong>{place.charAt(0).toUpperCase() + place.slice(1)}</strong> {!proposal.pays && <span class="tag honey">{words.costs}</span>}</span><b class="disc-worth">{words.perDay(amount(proposal.value_per_day))}</b></label>
          <p>{reason}</p>
          <details><summary>{words.rule}</summary><Copied text={text} name={proposal.name} /></details>
        </li>
      ))}</ul>
    </>
  );
}

const INPUTS: readonly (readonly ["visits" | "eligible" | "acceptance" | "lift" | "basket" | "margin" | "cost", string, Counted])[] = [
  ["visits", "visitors.visits_per_month", "count"], ["eligible", "visitors.eligible_covered_share", "share"], ["acceptance", "invitation.acceptance", "share"], ["lift", "help.lift_per_eligible", "points"],
  ["basket", "orders.basket", "money"], ["margin", "orders.gross_margin", "share"], ["cost", "conversation.cost_per_conversation", "money"],
];

interface ScenarioGiven { found: Discovered; typed: Typed; put: Put; busy: boolean; objectives: number; onScenario: () => void; onDraft: () => void; onGoals: () => void }

export function Scenario({ found, typed, put, busy, objectives, onScenario, onDraft, onGoals }: ScenarioGiven): JSX.Element {
  const words = usePlanDiscoveryWords();
  const language = useStore((state) => state.language);
  const scenario = found.scenario as Table | null;
  if (!scenario) return <p class="disc-none">{words.noScenario}</p>;
  const say = (counted: Counted, one: Estimate, value: number): string => told(counted, value, counted === "points" && one.high < 0.001 ? 3 : decimals(counted, one, found.currency), language, found.currency);
  const rows = INPUTS.flatMap(([name, path, counted]) => { const one = at(scenario, path); return one ? [{ name, counted, one }] : []; });
  return (
    <>
      <table class="disc-table"><caption>{words.scenario}</caption><tbody>{rows.map(({ name, counted, one }) => <tr key={name}><th scope="row">{words.rows[name]}</th><td class="figure">{say(counted, one, one.value)}</td><td>{one.source === "assumed" ? words.range(say(counted, one, one.low), say(counted, one, one.high)) : words.entered}</td></tr>)}</tbody></table>
      <label class="disc-field disc-name"><span>{words.fields.name}</span><input type="text" maxLength={200} value={typed.name} placeholder={String(scenario.name ?? "")} onInput={(event) => put({ name: event.currentTarget.value })} /></label>
      <p class="actions disc-save"><button type="button" class="primary" disabled={busy} onClick={onScenario}><Icon name="check" />{words.saveScenario}</button><button type="button" disabled={busy} onClick={onDraft}><Icon name="megaphone" />{words.saveDraft}</button>{objectives > 0 && <button type="button" disabled={busy} onClick={onGoals}><Icon name="trending-up" />{words.saveGoals(objectives)}</button>}<a href="#/campaigns/discovery">{words.openCampaign}</a></p>
      <details><summary>{words.whole}</summary><Copied text={found.text} name={words.whole} /></details>
      {found.note && <><h3>{words.note}</h3><p class="disc-note">{found.note}</p></>}
    </>
  );
}
