// Webhooks: where they go, of what, whether it arrives; the secret is shown once, when it is made or renewed.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lookup } from "../i18n";
import { Dialog, Icon } from "../ui/parts";
import { calls, type Delivery, type Webhook, type WebhookMade } from "./calls";
import { Check, Confirm, Field, Once, Problem, useDoing, useRead, whenOf, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

const EVENTS = ["conversation.opened", "conversation.closed", "message.created", "survey.answered", "request.created", "lead.recorded", "engagement.shown", "engagement.accepted", "alarm.opened", "alarm.closed"];

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

export function Webhooks(): JSX.Element {
  const words = useAdminWords().webhooks;
  const read = useRead(calls.webhooks);
  const [editing, setEditing] = useState<Webhook | "fresh" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const done = (made: WebhookMade): void => { setEditing(null); setSecret(made.secret); read.again(); };
  return (
    <Whole of={read}>{(hooks) => (
      <>
        <header class="page-head"><h2 class="page-title">{words.finding(hooks.length, hooks.filter((one) => one.failing).length)}</h2><button type="button" class="primary" onClick={() => setEditing("fresh")}><Icon name="plus" />{words.make}</button></header>
        <p class="part-lead">{words.lead}</p>
        <ul class="rows">{hooks.map((one) => <Hook key={one.id} one={one} onEdit={() => setEditing(one)} onSecret={done} onGone={read.again} />)}</ul>
        {editing && <Edit one={editing === "fresh" ? null : editing} onSaved={done} onClose={() => setEditing(null)} />}
        {secret && <Dialog label={words.secret} onClose={() => undefined}><h2>{words.secret}</h2><Once text={secret} label={words.secret} onKept={() => setSecret(null)} /></Dialog>}
      </>
    )}</Whole>
  );
}

function Hook({ one, onEdit, onSecret, onGone }: { one: Webhook; onEdit: () => void; onSecret: (made: WebhookMade) => void; onGone: () => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.webhooks;
  const doing = useDoing();
  const [asking, setAsking] = useState<"rotate" | "drop" | null>(null);
  const [shown, setShown] = useState(0);
  const host = hostOf(one.url);
  const test = async (): Promise<string> => { await calls.testWebhook(one.id); setShown(shown + 1); return adminWords().webhooks.tested; };
  return (
    <li class="hook">
      <span class="row-main">
        <strong class="url">{one.url}</strong>
        {!one.active && <span class="tag stone">{words.off}</span>}
        {one.failing ? <span class="tag red"><Icon name="circle-alert" />{words.failing(one.failing)}</span> : one.waiting > 0 ? <span class="tag honey">{words.waiting(one.waiting)}</span> : <span class="tag green">{words.well}</span>}
        <small>{one.events.map((event) => lookup(words.names, event)).join(", ")}. {words.hint(one.secret_hint)}{one.failing && one.waiting > 0 ? `. ${words.waiting(one.waiting)}` : ""}</small>
      </span>
      <span class="actions">
        <button type="button" disabled={doing.busy} onClick={() => void doing.run(test)}>{words.test}<span class="hidden"> {host}</span></button>
        <button type="button" class="quiet" aria-expanded={shown > 0} onClick={() => setShown(shown ? 0 : 1)}>{words.deliveries}<span class="hidden"> {host}</span></button>
        <button type="button" class="quiet" aria-label={words.change(host)} onClick={onEdit}><Icon name="pencil" /></button>
        <button type="button" class="quiet" onClick={() => setAsking("rotate")}>{words.rotate}<span class="hidden"> {host}</span></button>
        <button type="button" class="quiet" aria-label={words.drop(host)} onClick={() => setAsking("drop")}><Icon name="trash-2" /></button>
      </span>
      <Problem text={doing.problem} />
      {shown > 0 && <Deliveries hook={one.id} turn={shown} />}
      {asking === "rotate" && <Confirm title={`${words.rotate}, ${host}`} lead={words.rotateLead} verb={words.rotate} onYes={async () => onSecret(await calls.rotate(one.id))} onClose={() => setAsking(null)} />}
      {asking === "drop" && <Confirm title={words.drop(host)} lead={words.dropLead} verb={all.remove} onYes={async () => { await calls.dropWebhook(one.id); onGone(); return adminWords().webhooks.dropped; }} onClose={() => setAsking(null)} />}
    </li>
  );
}

/** How a delivery stands: colour, and the word. */
export function Standing({ state }: { state: string }): JSX.Element {
  const words = useAdminWords().webhooks;
  return <span class={`tag ${state === "delivered" ? "green" : state === "dead" ? "red" : "honey"}`}>{lookup(words.states, state)}</span>;
}

function Deliveries({ hook, turn }: { hook: string; turn: number }): JSX.Element {
  const words = useAdminWords();
  const read = useRead(() => calls.deliveries(hook), turn);
  return (
    <div class="deliveries">
      <Whole of={read}>{(all: Delivery[]) => all.length === 0 ? <p class="quiet-text">{words.webhooks.none}</p> : (
        <ul>{all.map((one) => <li key={one.id}><Standing state={one.state} /><span>{lookup(words.webhooks.names, one.event)}</span><span>{whenOf(one.ended_at ?? one.created_at)}</span><span>{words.webhooks.attempts(one.attempts)}{one.answer && `, ${one.answer}`}</span></li>)}</ul>
      )}</Whole>
      <button type="button" class="quiet" onClick={read.again}><Icon name="rotate-cw" />{words.refresh}</button>
    </div>
  );
}

function Edit({ one, onSaved, onClose }: { one: Webhook | null; onSaved: (made: WebhookMade) => void; onClose: () => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.webhooks;
  const doing = useDoing();
  const [draft, setDraft] = useState({ id: one?.id ?? "", url: one?.url ?? "", events: one?.events ?? [], active: one?.active ?? true });
  const title = one ? words.change(hostOf(one.url)) : words.make;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (draft.events.length === 0) return doing.say(words.needEvent);
    void doing.run(async () => onSaved(await calls.saveWebhook({ ...draft, url: draft.url.trim() })));
    return undefined;
  };
  return (
    <Dialog label={title} onClose={onClose}>
      <form class="dialog-form" onSubmit={submit}>
        <h2>{title}</h2>
        <Field label={words.url} hint={words.urlHint}><input type="url" required autofocus maxLength={2000} placeholder="https://" value={draft.url} onInput={(event) => setDraft({ ...draft, url: event.currentTarget.value })} /></Field>
        <fieldset class="bare checks-in"><legend>{words.events}</legend>
          {EVENTS.map((name) => <Check key={name} label={lookup(words.names, name)} checked={draft.events.includes(name)} onChange={(on) => setDraft({ ...draft, events: EVENTS.filter((each) => (each === name ? on : draft.events.includes(each))) })} />)}
        </fieldset>
        <Check label={words.active} checked={draft.active} onChange={(active) => setDraft({ ...draft, active })} />
        <Problem text={doing.problem} />
        <p class="actions"><button type="submit" class="primary" disabled={doing.busy}>{one ? all.save : words.create}</button><button type="button" onClick={onClose}>{all.cancel}</button></p>
      </form>
    </Dialog>
  );
}
