// Who matches at this moment, and why: the figures beside the rule, and the engine's own explanation of a visitor.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { duration, money, number, when } from "../format";
import { lookup, useWords } from "../i18n";
import { useStore } from "../store";
import { currency, Dialog, Icon, Loading, zone } from "../ui/parts";
import { calls } from "./calls";
import { failed } from "./state";
import { useCampaignWords } from "./words";
import type { Example, Explained, Match } from "./wire";

export function Now({ live, rule }: { live: { match: Match | null; failed: boolean }; rule: string }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const [asked, setAsked] = useState<Example | null>(null);
  const { match } = live;
  // Whom a gate refuses at this moment: they match, and are none of the others.
  const refused = match ? match.matching - match.invitable - match.held_out - match.engaged : 0;
  return (
    <section class="card now" aria-label={words.now.title} aria-busy={!match}>
      {!match && !live.failed && <Loading label={words.now.title} rows={3} />}
      {live.failed && <p class="problem"><Icon name="circle-alert" />{words.who.unavailable}</p>}
      {match && <div class="now-head"><span class="now-figure">{number(match.matching, language)}</span><p><span>{words.now.match(match.matching, number(match.online, language))}</span><br />{words.now.split(match.invitable, match.held_out, match.engaged)}{refused > 0 && `, ${words.now.refused(refused)}`}</p></div>}
      {match && match.examples.length === 0 && <p class="quiet-text">{words.now.nobody}</p>}
      {match && match.examples.length > 0 && (
        <ul class="examples">{match.examples.map((one) => (
          <li key={one.visitor}><b>{one.label}</b><span>{words.now.since(one.path ?? "–", one.dwell_s === null ? "–" : duration(one.dwell_s * 1000, language))}</span><span class="figure">{one.cart_value ? money(one.cart_value, language, currency()) : "–"}</span>
            <button type="button" class="link" aria-label={words.now.explainOf(one.label)} onClick={() => setAsked(one)}>{words.now.explain}</button></li>
        ))}</ul>
      )}
      {asked && <Explanation example={asked} rule={rule} onClose={() => setAsked(null)} />}
    </section>
  );
}

function Explanation({ example, rule, onClose }: { example: Example; rule: string; onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const { reasons } = useWords();
  const [told, setTold] = useState<Explained | "failed" | null>(null);
  useEffect(() => { calls.explain(example.visitor).then(setTold, (error: unknown) => failed(error, () => setTold("failed"))); }, [example.visitor]);
  const rules = told && told !== "failed" ? told.rules.toSorted((a, b) => Number(b.rule === rule) - Number(a.rule === rule)) : [];
  return (
    <Dialog label={words.now.explainOf(example.label)} onClose={onClose} wide>
      <div class="dialog-head"><h2>{words.explain.title(example.label)}</h2><button type="button" autofocus onClick={onClose}><Icon name="x" />{words.close}</button></div>
      <div class="explained" tabIndex={0} role="region" aria-label={words.now.explainOf(example.label)}>
        <p class="quiet-text">{words.explain.lead}{told && told !== "failed" ? ` ${when(told.at, Date.now(), language, zone())}` : ""}</p>
        {told === null && <Loading label={words.loading} />}
        {told === "failed" && <p class="problem" role="alert"><Icon name="circle-alert" />{words.explain.failed}</p>}
        {told && told !== "failed" && !rules.some((one) => one.rule === rule) && <p class="dealt"><Icon name="triangle-alert" />{words.explain.fresh}</p>}
        {rules.map((one) => (
          <section key={one.rule}><h3>{one.rule} <span class={`tag ${one.holds ? "green" : "outline"}`}>{one.holds === null ? words.explain.unknown : one.holds ? words.explain.holds : words.explain.not}</span></h3>
            <ul class="clauses">{one.clauses.map((clause) => <li key={clause.text} class={clause.answer}><Icon name={clause.answer === "true" ? "check" : clause.answer === "false" ? "x" : "circle-help"} /><code>{clause.text}</code><span>{lookup(words.explain, clause.answer)}{Object.entries(clause.values ?? {}).map(([name, value]) => `, ${name} = ${String(value)}`).join("")}</span></li>)}</ul>
            {one.gates.length > 0 && <><h4>{words.explain.gates}</h4><ul class="clauses">{one.gates.map((gate) => <li key={gate.gate}><span>{gate.gate}</span><span>{lookup(reasons, String(gate.answer), String(gate.answer))}{gate.detail ? `, ${gate.detail}` : ""}</span></li>)}</ul></>}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
