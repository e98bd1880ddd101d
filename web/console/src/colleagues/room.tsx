// One room: what was said, what is on its way, and the place to write.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { closeColleagues, select } from "../actions";
import { lookup, useWords } from "../i18n";
import { moment, when } from "../format";
import { serverClock } from "../api";
import { toast, update, useStore } from "../store";
import { Linked } from "../ui/bubble";
import { copy, Empty, Icon, Loading, zone } from "../ui/parts";
import { roomName, Standing, useLabel } from "./index";
import type { Said } from "./said";
import { again, draft, fetchTalk, readTo, taken, tell, useTalk, waitingIn } from "./talk";
import type { Message } from "./wire";
import { useTalkWords } from "./words";

const MOST = 4000;

export function RoomPane({ room }: { room: string }): JSX.Element {
  const words = useTalkWords();
  const talk = useTalk();
  const label = useLabel(room);
  const name = roomName(room, talk, label, words);
  const one = talk.colleagues?.find((other) => `dm:${other.id}` === room);
  const mine = useStore((state) => state.mine.some((conv) => `conv:${conv.id}` === room));
  return (
    <>
      <header class="colleagues-head">
        <button type="button" class="quiet" aria-label={words.back} onClick={() => update({ room: "" })}><Icon name="arrow-left" size={18} /></button>
        <div class="room-who"><h2>{name}</h2>{one && <Standing one={one} />}</div>
        {mine && <button type="button" onClick={() => select(room.slice(5))}>{words.see}</button>}
        <button type="button" class="quiet" aria-label={words.close} onClick={closeColleagues}><Icon name="x" /></button>
      </header>
      <Log room={room} name={name} />
      <Write room={room} name={name} />
    </>
  );
}

function Log({ room, name }: { room: string; name: string }): JSX.Element {
  const words = useTalkWords();
  const all = useWords();
  const { talks, rooms } = useTalk();
  const talk = talks[room];
  const waiting = waitingIn(room);
  const head = talk?.lines.at(-1)?.seq ?? 0;
  const [freshAfter] = useState(() => (rooms[room]?.unread ? rooms[room].read : -1));
  const { place, atEnd, toEnd } = useEnd(head, waiting.length);
  useEffect(() => void fetchTalk(room), [room]);
  useRead(room, head, atEnd, rooms[room]?.head ?? 0);
  return (
    <div class="log-place">
      <div class="log" ref={place} role="log" aria-live="polite" aria-label={words.log(name)} tabIndex={0}>
        {talk?.more && <button type="button" class="quiet older" onClick={() => void fetchTalk(room, talk.lines[0]?.seq)}>{all.thread.older}</button>}
        {!talk?.loaded && !talk?.failed && <Loading label={words.loading} />}
        {talk?.failed && <div class="empty"><p class="problem" role="alert"><Icon name="circle-alert" />{words.linesFailed}</p><button type="button" onClick={() => void fetchTalk(room)}>{words.retry}</button></div>}
        {talk?.loaded && talk.lines.length === 0 && waiting.length === 0 && <Empty title={words.empty} next={words.emptyNext} mark={false} />}
        {(talk?.lines ?? []).map((line, index, lines) => <Line key={line.seq} line={line} before={lines[index - 1]} last={lines[index + 1]?.by.id !== line.by.id} fresh={line.seq === freshAfter + 1} />)}
        {waiting.map((item) => <Waiting key={item.cid} item={item} />)}
      </div>
      {!atEnd && <button type="button" class="to-end" onClick={toEnd}><Icon name="chevron-down" />{all.thread.newer}</button>}
    </div>
  );
}

/** Keeps the end in sight while it is in sight. */
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
    node.addEventListener("scroll", check, { passive: true });
    return () => node.removeEventListener("scroll", check);
  }, []);
  return { place, atEnd, toEnd };
}

/** What stands at the end of the log and is looked at is read. */
function useRead(room: string, head: number, atEnd: boolean, known: number): void {
  useEffect(() => {
    const tellIt = (): void => { if (atEnd && head > 0 && head >= known && document.visibilityState === "visible" && document.hasFocus()) readTo(room); };
    tellIt();
    addEventListener("focus", tellIt);
    return () => removeEventListener("focus", tellIt);
  }, [room, head, atEnd, known]);
}

function Line({ line, before, last, fresh }: { line: Message; before: Message | undefined; last: boolean; fresh: boolean }): JSX.Element {
  const words = useTalkWords();
  const all = useWords();
  const language = useStore((state) => state.language);
  const mine = useStore((state) => state.me?.id === line.by.id);
  const time = <time title={moment(line.ts, language, zone())}>{when(line.ts, serverClock.now(), language, zone())}</time>;
  return (
    <>
      {fresh && <p class="fresh-line"><span>{words.fresh}</span></p>}
      {!mine && before?.by.id !== line.by.id && <p class="line-name">{line.by.name || "–"}</p>}
      <div class={`line ${mine ? "agent" : "visitor"}`}><div class="bubble">{mine && <span class="hidden">{words.me} : </span>}<Linked text={line.body} /></div></div>
      {last && <p class={`foot ${mine ? "" : "visitor"}`}>{mine && <>{all.thread.sent}, </>}{time}</p>}
    </>
  );
}

/** What I have just written: shown at once, with what is known of its way. */
function Waiting({ item }: { item: Said }): JSX.Element {
  const all = useWords();
  const on = useStore((state) => state.link === "on");
  return (
    <div class="echo" data-cid={item.cid}>
      <div class="line agent"><div class="bubble"><Linked text={item.body} /></div></div>
      {!item.failed && <p class="foot"><Icon name="clock" />{on ? all.thread.sending : all.thread.waiting}</p>}
      {item.failed && (
        <div class="echo-failed" role="alert">
          <p class="problem"><Icon name="circle-alert" />{all.thread.failed}</p>
          <p>{lookup(all.thread.failures, item.failed, all.thread.failures.other)}</p>
          <p class="actions">
            <button type="button" onClick={() => again(item.cid)}><Icon name="rotate-cw" />{all.thread.retry}</button>
            <button type="button" onClick={() => void copy(item.body).then((done) => done && toast(all.thread.copied))}><Icon name="copy" />{all.thread.copy}</button>
            <button type="button" class="quiet" onClick={() => taken(item.cid)}>{all.thread.drop}</button>
          </p>
        </div>
      )}
    </div>
  );
}

function Write({ room, name }: { room: string; name: string }): JSX.Element {
  const words = useTalkWords();
  const all = useWords();
  const body = useTalk().drafts[room] ?? "";
  const off = useStore((state) => state.link === "off");
  const field = useRef<HTMLTextAreaElement>(null);
  const over = [...body.normalize("NFC")].length - MOST;
  useEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => {
    const node = field.current;
    if (!node) return;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, 140)}px`;
  }, [body]);
  const send = (): void => {
    const text = body.replace(/\s+$/, "");
    if (!text.trim() || over > 0) return;
    tell(room, text);
    draft(room, "");
    field.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      {off && <p class="tag honey room-away"><Icon name="wifi-off" />{words.away}</p>}
      <div class="composer-field">
        <textarea ref={field} rows={1} value={body} aria-label={room === "site" ? words.toAll : words.to(name)} placeholder={words.placeholder} onInput={(event) => draft(room, event.currentTarget.value)} onKeyDown={key} />
        <button type="submit" class="primary" disabled={over > 0}>{all.composer.send}<Icon name="corner-down-left" /></button>
      </div>
      {over > 0 && <p class="problem" role="alert">{all.composer.left(over)}</p>}
    </form>
  );
}
