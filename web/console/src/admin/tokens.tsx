// Tokens of the API: what opens it to programs, within which rights; each is shown once.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api, serverClock } from "../api";
import { lookup } from "../i18n";
import { useStore } from "../store";
import { Dialog, Icon } from "../ui/parts";
import { may } from "../ui/sites";
import { calls, type Token } from "./calls";
import { Check, Confirm, dayOf, Field, Once, Problem, useDoing, useRead, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

const DAY_MS = 86_400_000;
const LIVES = [30, 90, 365, 0] as const;
const SCOPES = ["read", "analyse", "converse", "supervise", "plan", "library", "staff", "sites", "audit"] as const;

export function Tokens(): JSX.Element {
  const words = useAdminWords();
  const read = useRead(calls.tokens);
  const staff = useRead(api.staff);
  const [making, setMaking] = useState(false);
  const [dropping, setDropping] = useState<Token | null>(null);
  const name = (who: string): string => staff.data?.find((one) => one.id === who)?.name ?? who;
  const drop = async (): Promise<string> => { await calls.dropToken(dropping!.id); read.again(); return adminWords().tokens.dropped; };
  return (
    <Whole of={read}>{(tokens) => (
      <>
        <header class="page-head"><h2 class="page-title">{words.tokens.finding(tokens.length)}</h2><button type="button" class="primary" onClick={() => setMaking(true)}><Icon name="plus" />{words.tokens.make}</button></header>
        <p class="part-lead">{words.tokens.lead}</p>
        <ul class="rows">{tokens.map((one) => (
          <li key={one.id}>
            <span class="row-main"><strong>{one.name}</strong><code>…{one.hint}</code><small>{words.tokens.by(name(one.made_by), dayOf(one.made_at))}, <Until at={one.expires_at} /></small><small class="scopes">{one.scopes.map((scope) => lookup(words.tokens.rights, scope)).join(", ")}</small></span>
            <button type="button" aria-label={words.tokens.drop(one.name)} onClick={() => setDropping(one)}>{words.remove}</button>
          </li>
        ))}</ul>
        {making && <Make onMade={read.again} onClose={() => setMaking(false)} />}
        {dropping && <Confirm title={words.tokens.drop(dropping.name)} lead={words.tokens.dropLead} verb={words.remove} onYes={drop} onClose={() => setDropping(null)} />}
      </>
    )}</Whole>
  );
}

function Until({ at }: { at: number | null }): JSX.Element {
  const words = useAdminWords().tokens;
  if (at === null) return <>{words.forever}</>;
  return at <= serverClock.now() ? <span class="tag red">{words.over(dayOf(at))}</span> : <>{words.until(dayOf(at))}</>;
}

function Make({ onMade, onClose }: { onMade: () => void; onClose: () => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.tokens;
  const me = useStore((state) => state.me);
  const doing = useDoing();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly string[]>(["read"]);
  const [days, setDays] = useState<number>(90);
  const [token, setToken] = useState<string | null>(null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (scopes.length === 0) return doing.say(words.needScope);
    void doing.run(async () => {
      const made = await calls.makeToken(name.trim(), [...scopes], days === 0 ? null : serverClock.now() + days * DAY_MS);
      setToken(made.token ?? "");
      onMade();
    });
    return undefined;
  };
  if (token !== null) return <Dialog label={words.made} onClose={() => undefined}><h2>{words.made}</h2><Once text={token} label={words.made} onKept={onClose} /></Dialog>;
  return (
    <Dialog label={words.make} onClose={onClose}>
      <form class="dialog-form" onSubmit={submit}>
        <h2>{words.make}</h2>
        <Field label={words.name} hint={words.nameHint}><input required autofocus maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
        <fieldset class="bare checks-in"><legend>{words.scopes}</legend>
          {SCOPES.filter((scope) => may(me, scope)).map((scope) => <Check key={scope} label={words.rights[scope]} checked={scopes.includes(scope)} onChange={(on) => setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope))} />)}
        </fieldset>
        <Field label={words.expires}><select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>{LIVES.map((life) => <option key={life} value={life}>{words.for[life]}</option>)}</select></Field>
        <Problem text={doing.problem} />
        <p class="actions"><button type="submit" class="primary" disabled={doing.busy}>{words.create}</button><button type="button" onClick={onClose}>{all.cancel}</button></p>
      </form>
    </Dialog>
  );
}
