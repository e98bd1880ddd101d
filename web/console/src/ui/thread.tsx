// The thread in the centre: who it is, why he was invited, what was said, and the place to answer.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { askTransfer, loadOlder } from "../actions";
import { useWords } from "../i18n";
import { again, forget, seen, watch } from "../link";
import type { Item } from "../outbox";
import { isLead, isMine, selectedConv, toast, update, useStore } from "../store";
import { NEW_THREAD, type Thread } from "../thread";
import type { Conv, Entry } from "../wire";
import { Line, Linked, Typing, Unsent } from "./bubble";
import { Composer } from "./composer";
import { copy, Empty, Icon, Keys, Loading, Parens, Since, useNow } from "./parts";
import { ReasonText } from "./reason";
import { RequestPane } from "./requests";
import { closeChosen, join, quit, takeOver, toggleAssist } from "../work/acts";

export function ThreadPane(): JSX.Element {
  const words = useWords();
  const conv = useStore(selectedConv);
  const request = useStore((state) => state.request);
  if (request !== null) return <RequestPane id={request} />;
  if (!conv) return <section class="thread" aria-label={words.nav.exchanges}><Empty title={words.thread.none} next={words.thread.noneNext} /></section>;
  return <Open conv={conv} key={conv.id} />;
}

function Open({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const name = words.list.visitor(conv.label);
  const own = useStore((state) => isMine(state, conv));
  useWatch(conv, own);
  return (
    <section class="thread" aria-label={words.thread.label(name)}>
      <header class="thread-head">
        <button type="button" class="quiet thread-back" aria-label={words.thread.back} onClick={() => update({ pane: "list" })}><Icon name="arrow-left" size={18} /></button>
        <span class="avatar" aria-hidden="true">{conv.label.slice(0, 2)}</span>
        <div class="thread-who"><div class="who-line"><h2>{name}</h2><Way conv={conv} /></div><p><Where conv={conv} /></p></div>
        <button type="button" class="thread-context" onClick={() => update({ pane: "context" })}>{words.thread.context}</button>
        {own && <>
          <button type="button" class="thread-transfer" aria-pressed={conv.assistance_at !== null} aria-label={words.work.assist} onClick={toggleAssist}><Icon name="life-buoy" /><span>{words.work.assistShort}</span></button>
          <button type="button" class="thread-transfer" onClick={askTransfer}><Icon name="forward" /><span>{words.thread.transfer}</span><Keys of={["Alt", "T"]} /></button>
          <button type="button" onClick={() => void closeChosen()}>{words.thread.close}<Keys of={["Alt", "E"]} /></button>
        </>}
        {!own && <BesideButtons conv={conv} />}
      </header>
      <Log conv={conv} name={name} />
      <UnsentNow conv={conv.id} />
      <Composer conv={conv} />
    </section>
  );
}

/** Entries of a conversation that is not mine come only when they are asked for, and anew after each loss of the socket. */
function useWatch(conv: Conv, own: boolean): void {
  const live = useStore((state) => state.threads[conv.id]?.live ?? false);
  const link = useStore((state) => state.link);
  useEffect(() => { if (!own && !live && link === "on") watch(conv.id); }, [conv.id, own, live, link]);
}

/** What those who lead do in the conversation of another. */
function BesideButtons({ conv }: { conv: Conv }): JSX.Element | null {
  const words = useWords();
  const lead = useStore(isLead);
  const guest = useStore((state) => conv.guests.some((one) => one.id === state.me?.id));
  if (!lead) return null;
  return (
    <>
      <button type="button" class="thread-transfer" onClick={() => void (guest ? quit(conv) : join(conv))}><Icon name={guest ? "log-out" : "user-plus"} /><span>{guest ? words.work.leave : words.work.join}</span></button>
      <button type="button" onClick={() => void takeOver(conv)}><Icon name="hand" />{words.work.takeOver}</button>
      {conv.agent && <button type="button" onClick={() => void closeChosen()}><Icon name="check" />{words.thread.close}</button>}
    </>
  );
}

/** The channel, the skill that is asked for, and whether the visitor has come back to the one who helped him. */
function Way({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const icon = conv.channel === "call" ? "phone" : conv.channel === "video" ? "video" : "message-square";
  return (
    <span class="way">
      <span class={`tag ${conv.channel === "chat" ? "line" : "plum"}`}><Icon name={icon} size={14} />{words.list.channels[conv.channel]}</span>
      {conv.skill && <span class="tag line" title={words.list.skill(conv.skill)}>{conv.skill}</span>}
      {conv.guests.length > 0 && <span class="tag line"><Icon name="users" size={14} />{words.work.guests(conv.guests.map((one) => one.name).join(", "))}</span>}
      {conv.sticky && <span class="tag green"><Icon name="user-check" size={14} />{words.list.sticky}</span>}
    </span>
  );
}

/** On which page the visitor is, for how long, which visit it is. */
function Where({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const row = useStore((state) => state.live.rows.find((one) => one.visitor === conv.visitor));
  const journey = useStore((state) => state.journeys[conv.visitor]?.data);
  const presence = useStore((state) => state.threads[conv.id]?.presence ?? null);
  const page = row?.page ?? lastPage(journey?.steps);
  const visits = row?.visits ?? journey?.visits;
  const there = presence ?? (conv.visitor_online ? "connected" : "left");
  const [before, after] = words.thread.onPage(page?.path ?? "", "\u0000").split("\u0000") as [string, string];
  const state = there === "left" ? words.thread.gone : there === "away" ? words.thread.away : null;
  return <>{state ?? (page ? <>{before}<Since at={page.at} />{after}</> : words.thread.online)}{visits ? `, ${words.thread.visit(visits)}` : ""}</>;
}

function lastPage(steps: readonly { kind: string; at: number; url: string | null }[] | undefined): { path: string; at: number } | null {
  const step = steps?.findLast((one) => one.kind === "page" && one.url);
  return step?.url ? { path: URL.canParse(step.url) ? new URL(step.url).pathname : step.url, at: step.at } : null;
}

function Log({ conv, name }: { conv: Conv; name: string }): JSX.Element {
  const words = useWords();
  const thread = useStore((state) => state.threads[conv.id]) ?? NEW_THREAD;
  const outbox = useStore((state) => state.outbox);
  const waiting = outbox.filter((item) => item.conv === conv.id);
  const { place, atEnd, toEnd } = useEnd(thread.entries.at(-1)?.seq ?? 0, waiting.length);
  useSeen(conv.id, thread, atEnd);
  return (
    <div class="log-place">
      <div class="log" ref={place} role="log" aria-live="polite" aria-label={words.thread.label(name)} tabIndex={0}>
        {thread.more && <button type="button" class="quiet older" onClick={() => void loadOlder(conv.id)}>{words.thread.older}</button>}
        {!thread.more && <ReasonLine conv={conv} />}
        {!thread.loaded && <Loading label={words.boot.loading} />}
        {thread.loaded && thread.entries.length === 0 && waiting.length === 0 && <p class="event-line">{words.thread.empty}</p>}
        {thread.entries.map((entry, index) => <Line key={entry.seq} entry={entry} foot={footOf(thread, index, words)} />)}
        {waiting.map((item) => <Echo key={item.cid} item={item} live={thread.live} />)}
        <TypingNow thread={thread} />
      </div>
      {!atEnd && <button type="button" class="to-end" onClick={toEnd}><Icon name="chevron-down" />{words.thread.newer}</button>}
    </div>
  );
}

/** Keeps the end in sight while it is in sight; an agent who reads further up is not pulled away. */
function useEnd(head: number, waiting: number): { place: { current: HTMLDivElement | null }; atEnd: boolean; toEnd: () => void } {
  const place = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const toEnd = (): void => { if (place.current) place.current.scrollTop = place.current.scrollHeight; };
  useLayoutEffect(() => { if (atEnd) toEnd(); }, [head]);
  useLayoutEffect(toEnd, [waiting]);
  useEffect(() => {
    const node = place.current;
    if (!node) return undefined;
    const check = (): void => setAtEnd(node.scrollHeight - node.scrollTop - node.clientHeight < 48);
    const follow = new ResizeObserver(() => { if (atEnd) toEnd(); });
    follow.observe(node);
    node.addEventListener("scroll", check, { passive: true });
    return () => { follow.disconnect(); node.removeEventListener("scroll", check); };
  }, [atEnd]);
  return { place, atEnd, toEnd };
}

function useSeen(conv: string, thread: Thread, atEnd: boolean): void {
  const pane = useStore((state) => state.pane);
  useEffect(() => {
    const tell = (): void => { if (atEnd && document.visibilityState === "visible" && document.hasFocus()) seen(conv); };
    tell();
    addEventListener("focus", tell);
    return () => removeEventListener("focus", tell);
  }, [conv, thread.entries.length, thread.live, atEnd, pane]);
}

/** What the last of several own messages says of its way, and the time under the last of the visitor's. */
function footOf(thread: Thread, index: number, words: ReturnType<typeof useWords>): ComponentChildren {
  const entry = thread.entries[index] as Entry;
  const next = thread.entries.slice(index + 1).find((one) => one.kind === "text" || one.kind === "offer");
  if (entry.kind !== "text" || entry.by !== "agent" || next?.by === "agent") return null;
  if (entry.seq <= thread.wm.read) return words.thread.read;
  return entry.seq <= thread.wm.dlv ? words.thread.delivered : words.thread.sent;
}

/** What the agent has just written: shown at once, with what is known of its way. */
function Echo({ item, live }: { item: Item; live: boolean }): JSX.Element {
  const words = useWords();
  const failures = words.thread.failures as Record<string, string>;
  const state = live ? words.thread.sending : words.thread.waiting;
  return (
    <div class="echo" data-cid={item.cid}>
      {item.kind === "whisper" ? <p class="whisper-line"><strong>{words.work.myWhisper}</strong> <Linked text={item.body} /></p> : item.kind === "note" ? <p class="note-line"><strong>{words.thread.myNote}</strong> <Linked text={item.body} /></p> : <div class="line agent"><div class="bubble"><Linked text={item.body} /></div></div>}
      {!item.failed && <p class="foot"><Icon name="clock" />{state}</p>}
      {item.failed && (
        <div class="echo-failed" role="alert">
          <p class="problem"><Icon name="circle-alert" />{words.thread.failed}</p>
          <p>{failures[item.failed] ?? words.thread.failures.other}</p>
          <p class="actions">
            <button type="button" onClick={() => again(item.cid)}><Icon name="rotate-cw" />{words.thread.retry}</button>
            <button type="button" onClick={() => void copy(item.body).then((done) => done && toast(words.thread.copied))}><Icon name="copy" />{words.thread.copy}</button>
            <button type="button" class="quiet" onClick={() => forget(item.cid)}>{words.thread.drop}</button>
          </p>
        </div>
      )}
    </div>
  );
}

function UnsentNow({ conv }: { conv: string }): JSX.Element | null {
  const thread = useStore((state) => state.threads[conv]);
  return thread ? <Unsent thread={thread} /> : null;
}

function TypingNow({ thread }: { thread: Thread }): JSX.Element | null {
  const words = useWords();
  useNow();
  return thread.typingUntil > Date.now() && !thread.unsent ? <Typing label={words.thread.typing} /> : null;
}

function ReasonLine({ conv }: { conv: Conv }): JSX.Element | null {
  const journey = useStore((state) => state.journeys[conv.visitor]?.data);
  if (!journey) return null;
  return <Parens><p class="reason"><ReasonText why={journey.why} /></p></Parens>;
}

