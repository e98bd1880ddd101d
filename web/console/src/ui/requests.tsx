// What visitors have left because nobody could answer: a list beside the queue, one of them in the centre, and those that are done.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../api";
import { expired, finish, isFailure, openRequest } from "../actions";
import { duration, moment, nameOf, when } from "../format";
import { useWords } from "../i18n";
import { loadRequests } from "../requests";
import { update, useStore } from "../store";
import type { Request } from "../wire";
import { Linked } from "./bubble";
import { Dialog, Empty, Icon, Loading, useNow, zone } from "./parts";

const FEW = 8;

/** The name that the visitor gave, or his label. */
export function useNameOf(): (request: Request) => string {
  const words = useWords();
  return (request) => request.name || words.list.visitor(request.label);
}

/** 06 12 34 56 78: a French number in pairs, any other as it is. */
export const spoken = (phone: string): string => phone.replace(/^\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, "+33\u00a0$1\u00a0$2\u00a0$3\u00a0$4\u00a0$5");

export function RequestList(): JSX.Element {
  const words = useWords();
  const requests = useStore((state) => state.requests);
  const state = useStore((one) => one.requestsState);
  const [all, setAll] = useState(false);
  const [history, setHistory] = useState(false);
  const shown = all ? requests : requests.slice(0, FEW);
  return (
    <section aria-label={words.requests.title}>
      <h2 class="list-head requests-head"><span>{words.requests.title}{requests.length > 0 && <span class="count"><span aria-hidden="true">{requests.length}</span><span class="hidden">{words.requests.count(requests.length)}</span></span>}</span><button type="button" class="link" onClick={() => setHistory(true)}>{words.requests.history}</button></h2>
      {state === "failed" && <p class="list-note problem" role="alert"><Icon name="circle-alert" />{words.requests.failed}<button type="button" class="link" onClick={() => void loadRequests()}>{words.requests.retry}</button></p>}
      {state === "here" && requests.length === 0 && <p class="list-note quiet-text">{words.requests.none}</p>}
      <ul>{shown.map((one) => <li key={one.id}><Row request={one} /></li>)}</ul>
      {shown.length < requests.length && <button type="button" class="quiet wide" onClick={() => setAll(true)}>{words.requests.all(requests.length)}</button>}
      {history && <History onClose={() => setHistory(false)} />}
    </section>
  );
}

function Row({ request }: { request: Request }): JSX.Element {
  const words = useWords();
  const name = useNameOf()(request);
  const chosen = useStore((state) => state.request === request.id);
  const place = useRef<HTMLButtonElement>(null);
  const language = useStore((state) => state.language);
  const now = useNow();
  useEffect(() => { if (chosen) place.current?.scrollIntoView({ block: "nearest" }); }, [chosen]);
  return (
    <button type="button" ref={place} class={`conv request ${chosen ? "chosen" : ""}`} aria-current={chosen ? "true" : undefined} onClick={() => openRequest(request.id)}>
      <span class="conv-top"><strong>{name}</strong><span class="quiet-text"><Ago at={request.created_at} /></span></span>
      <span class="conv-last">{request.body || request.wanted || (request.kind === "callback" ? spoken(request.phone) || words.requests.noPhone : request.email)}</span>
      <span class="conv-tags">{request.due_at && <span class="tag plum">{when(request.due_at, now, language, zone())}</span>}<span class="tag line"><Icon name={request.kind === "callback" ? "phone" : "mail"} size={14} />{words.requests.kinds[request.kind]}</span>{request.skill && <span class="tag line">{request.skill}</span>}</span>
    </button>
  );
}

function Ago({ at }: { at: number }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const now = useNow();
  return <time title={moment(at, language, zone())}>{words.requests.since(duration(now - at, language))}</time>;
}

/** One request in the place of a thread. */
export function RequestPane({ id }: { id: string }): JSX.Element {
  const words = useWords();
  const request = useStore((state) => state.requests.find((one) => one.id === id));
  const state = useStore((one) => one.requestsState);
  if (request) return <Open request={request} key={id} />;
  return <section class="thread" aria-label={words.requests.title}>{state === "waiting" ? <Loading label={words.boot.loading} /> : <Empty title={words.requests.gone} next={words.requests.goneNext} />}</section>;
}

function Open({ request }: { request: Request }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const name = useNameOf()(request);
  const now = useNow();
  return (
    <section class="thread" aria-label={`${words.requests.kinds[request.kind]}, ${name}`}>
      <header class="thread-head">
        <button type="button" class="quiet thread-back" aria-label={words.thread.back} onClick={() => update({ pane: "list" })}><Icon name="arrow-left" size={18} /></button>
        <span class="avatar" aria-hidden="true"><Icon name={request.kind === "callback" ? "phone" : "mail"} /></span>
        <div class="thread-who"><h2>{name}</h2><p>{words.requests.kinds[request.kind]}, <Ago at={request.created_at} /></p></div>
        <button type="button" class="thread-context" onClick={() => update({ pane: "context" })}>{words.thread.context}</button>
      </header>
      <div class="request-body" tabIndex={0} role="region" aria-label={words.requests.body}>
        <dl class="request-facts">
          <Fact name={words.requests.phone}>{request.phone ? <a href={`tel:${request.phone}`}>{spoken(request.phone)}</a> : request.kind === "callback" ? words.requests.noPhone : null}</Fact>
          <Fact name={words.requests.email}>{request.email && <a href={`mailto:${encodeURIComponent(request.email).replace("%40", "@")}`}>{request.email}</a>}</Fact>
          {request.due_at ? <Fact name={words.work.dueAt}>{words.work.dueBy(when(request.due_at, now, language, zone()), request.booked_by ?? "")}</Fact> : <Fact name={words.requests.wanted}>{request.wanted}</Fact>}
          <Fact name={words.requests.skill}>{request.skill}</Fact>
          <Fact name={words.requests.language}>{request.language && nameOf("language", request.language, language)}</Fact>
          <Fact name={words.requests.left}>{when(request.created_at, now, language, zone())}</Fact>
        </dl>
        <p class="request-text">{request.body ? <Linked text={request.body} /> : <span class="quiet-text">{words.requests.noBody}</span>}</p>
        {!request.due_at && <p class="quiet-text">{words.requests.unverified}</p>}
        {request.conv && <p><button type="button" onClick={() => update({ transcript: request.conv })}><Icon name="message-square" />{words.requests.transcript}</button></p>}
      </div>
      <Finish request={request} />
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element | null {
  return children ? <div><dt>{name}</dt><dd>{children}</dd></div> : null;
}

function Finish({ request }: { request: Request }): JSX.Element {
  const words = useWords();
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const reads = useStore((state) => state.me?.role === "analyst");
  if (reads) return <p class="request-done quiet-text">{words.requests.readOnly}</p>;
  const done = async (): Promise<void> => {
    setBusy(true);
    await finish(request, note.trim());
    setBusy(false);
  };
  return (
    <form class="request-done" onSubmit={(event) => { event.preventDefault(); void done(); }}>
      <label class="field"><span>{words.requests.note}</span><textarea rows={2} maxLength={4000} value={note} placeholder={words.requests.noteHint} onInput={(event) => setNote(event.currentTarget.value)} /></label>
      <button type="submit" class="primary" disabled={busy}><Icon name="check" />{words.requests.done}</button>
    </form>
  );
}

/** Those that are done, the youngest first. */
function History({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useWords();
  const name = useNameOf();
  const language = useStore((state) => state.language);
  const now = useNow();
  const [list, setList] = useState<readonly Request[] | "failed" | null>(null);
  useEffect(() => {
    api.requests("done").then(setList, (error: unknown) => {
      if (!isFailure(error)) throw error;
      if (!expired(error)) setList("failed");
    });
  }, []);
  return (
    <Dialog label={words.requests.history} onClose={onClose}>
      <div class="dialog-head"><h2>{words.requests.history}</h2><button type="button" class="quiet" aria-label={words.requests.close} onClick={onClose} autofocus><Icon name="x" /></button></div>
      {list === null && <Loading label={words.boot.loading} />}
      {list === "failed" && <p class="problem" role="alert"><Icon name="circle-alert" />{words.requests.failed}</p>}
      {Array.isArray(list) && list.length === 0 && <p class="serif-line">{words.requests.noHistory}</p>}
      {Array.isArray(list) && list.length > 0 && (
        <ul class="done-list" tabIndex={0} aria-label={words.requests.history}>{(list as readonly Request[]).map((one) => (
          <li key={one.id}><p><strong>{name(one)}</strong> <span class="quiet-text">{words.requests.by(one.done_by ?? "", when(one.done_at ?? 0, now, language, zone()))}</span></p><p>{one.note || one.body}</p></li>
        ))}</ul>
      )}
    </Dialog>
  );
}
