// The panel of colleagues: who is there and the rooms, or one room. It comes when it is first opened.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { closeColleagues } from "../actions";
import { useWords, words as allWords } from "../i18n";
import { update, useStore } from "../store";
import { Empty, Icon, Loading } from "../ui/parts";
import { initials, statusName } from "../ui/staff";
import { RoomPane } from "./room";
import { load, startTalk, useTalk, type TalkState } from "./talk";

export { startTalk };
import type { Colleague } from "./wire";
import { useTalkWords, type TalkWords } from "./words";
export { ready } from "./words";

const FRESH_MS = 10_000;

export function Colleagues(): JSX.Element {
  const room = useStore((state) => state.room);
  useEffect(startTalk, []);
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    closeColleagues();
  };
  return <div class="colleagues-inside" onKeyDown={key}>{room ? <RoomPane room={room} key={room} /> : <List />}</div>;
}

/** The name of a room, for its row and its head. */
export function roomName(room: string, talk: TalkState, label: string | null, words: TalkWords): string {
  if (room === "site") return words.site;
  if (room.startsWith("conv:")) return label ? allWords().list.visitor(label) : words.aConv;
  const id = room.slice(3);
  return talk.colleagues?.find((one) => one.id === id)?.name ?? talk.talks[room]?.lines.find((line) => line.by.id === id)?.by.name ?? "–";
}

/** The visitor's label of a conversation that this console knows. */
export const useLabel = (room: string): string | null =>
  useStore((state) => [...state.mine, ...state.queue].find((conv) => `conv:${conv.id}` === room)?.label ?? null);

function List(): JSX.Element {
  const words = useTalkWords();
  const talk = useTalk();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    place.current?.querySelector<HTMLElement>(".room-row")?.focus();
    const timer = setInterval(() => { if (document.visibilityState === "visible") void load(); }, FRESH_MS);
    void load();
    return () => clearInterval(timer);
  }, []);
  useEffect(() => { if (place.current && !place.current.contains(document.activeElement)) place.current.querySelector<HTMLElement>(".room-row")?.focus(); }, [talk.colleagues === null]);
  const arrows = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const rows = [...(place.current?.querySelectorAll<HTMLElement>(".room-row") ?? [])];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    rows[(at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length]?.focus();
  };
  const rooms = Object.values(talk.rooms).filter((one) => one.room.startsWith("conv:")).sort((a, b) => b.at - a.at);
  return (
    <>
      <header class="colleagues-head"><h2>{useWords().nav.colleagues}</h2><button type="button" class="quiet" aria-label={words.close} onClick={closeColleagues}><Icon name="x" /></button></header>
      <p class="colleagues-lead">{words.lead}</p>
      <div class="colleagues-scroll" ref={place} onKeyDown={arrows}>
        <h3>{words.rooms}</h3>
        <ul><li><RoomRow room="site" /></li>{rooms.map((one) => <li key={one.room}><RoomRow room={one.room} /></li>)}</ul>
        <h3>{words.people}</h3>
        {talk.colleagues === null && !talk.failed && <Loading label={words.loading} rows={4} />}
        {talk.failed && <div class="empty"><p class="problem" role="alert"><Icon name="circle-alert" />{words.failed}</p><button type="button" onClick={() => void load()}>{words.retry}</button></div>}
        {talk.colleagues?.length === 0 && <Empty title={words.alone} next={words.aloneNext} mark={false} />}
        <ul>{(talk.colleagues ?? []).map((one) => <li key={one.id}><RoomRow room={`dm:${one.id}`} one={one} /></li>)}</ul>
      </div>
    </>
  );
}

function RoomRow({ room, one }: { room: string; one?: Colleague }): JSX.Element {
  const words = useTalkWords();
  const talk = useTalk();
  const label = useLabel(room);
  const name = one?.name ?? roomName(room, talk, label, words);
  const unread = talk.rooms[room]?.unread ?? 0;
  return (
    <button type="button" class="room-row" onClick={() => update({ room })}>
      {one ? <span class={`initials ${one.present ? "" : "gone"}`} aria-hidden="true">{initials(name)}</span> : <span class="initials gone"><Icon name={room === "site" ? "users" : "message-square"} /></span>}
      <span class="room-who"><strong>{name}</strong>{one && <Standing one={one} />}</span>
      {unread > 0 && <span class="count-badge"><span aria-hidden="true">{unread > 98 ? "99+" : unread}</span><span class="hidden">, {words.unread(unread)}</span></span>}
    </button>
  );
}

/** The status in words, and how much he has. */
export function Standing({ one }: { one: Colleague }): JSX.Element {
  const words = useTalkWords();
  const all = useWords();
  if (!one.present) return <small class="state"><span class="dot away" />{words.offline}</small>;
  return <small class="state"><span class={`dot ${one.status}`} />{statusName(all, one.status, one.reason)}<span class="quiet-text">{words.load(one.load)}</span></small>;
}
