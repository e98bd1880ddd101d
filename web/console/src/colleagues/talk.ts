// The rooms of colleagues as this console knows them: what was said, what is unread, and what is on its way.
import { useEffect, useReducer } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { call, Refused } from "../api";
import { onFrame } from "../link";
import { LATE_MS } from "../outbox";
import { get, subscribe, toast, update } from "../store";
import { keepSaid, restoreSaid, said, type Said } from "./said";
import type { Colleague, Colleagues, Message, Messages, Room } from "./wire";
import { talkWords } from "./words";

/** The lines of a room, those at its end; `more`: older ones are on the server. */
export interface Talk { lines: readonly Message[]; more: boolean; loaded: boolean; failed: boolean }
export interface TalkState {
  colleagues: readonly Colleague[] | null;
  failed: boolean;
  rooms: Readonly<Record<string, Room>>;
  talks: Readonly<Record<string, Talk>>;
  said: readonly Said[];
  drafts: Readonly<Record<string, string>>;
}

const EMPTY: TalkState = { colleagues: null, failed: false, rooms: {}, talks: {}, said: [], drafts: {} };
const NEW_TALK: Talk = { lines: [], more: false, loaded: false, failed: false };
/** A room of a conversation that is not ours may be ours by now: the server is asked at most so often. */
const ASK_MS = 15_000;

let state: TalkState = EMPTY;
let owner = "";
let started = false;
const listeners = new Set<() => void>();

function put(part: Partial<TalkState>): void {
  state = { ...state, ...part };
  for (const listener of [...listeners]) listener();
  const told = Object.values(state.rooms).reduce((sum, room) => sum + room.unread, 0);
  if (told !== get().told) update({ told });
}

/** Everything that is known; the component draws again when it changes. */
export function useTalk(): TalkState {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const listener = (): void => draw(undefined);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return state;
}

/** What I have said in a room that is not taken yet. */
export const waitingIn = (room: string): Said[] => state.said.filter((item) => item.by === owner && item.room === room);

/** Listens to the link; a second call does nothing. */
export function startTalk(): void {
  if (started) return;
  started = true;
  begin();
  onFrame((frame) => {
    if (frame.t === "snapshot") begin();
    else if (frame.t === "colleague") heard(frame.message);
  });
  let link = get().link;
  subscribe(() => {
    const now = get().link;
    if (now === link) return;
    link = now;
    if (now === "on") for (const room of new Set(state.said.map((item) => item.room))) pump(room);
  });
  setInterval(giveUp, 1000);
  addEventListener("pagehide", handOver);
}

/** Begins with what the server knows, when the inbox begins anew; of somebody else nothing stays. */
function begin(): void {
  const me = get().me?.id ?? "";
  if (me !== owner) {
    owner = me;
    put({ ...EMPTY, said: restoreSaid() });
  }
  void load();
  for (const room of Object.keys(state.talks)) void fetchTalk(room);
  for (const room of new Set(state.said.map((item) => item.room))) pump(room);
}

// ---- who is there, and which rooms

let loading = 0;
let askedAt = 0;

/** Asks who is there and what is unread. What is heard meanwhile is younger than the answer. */
export async function load(): Promise<void> {
  const turn = ++loading;
  askedAt = Date.now();
  try {
    const found = await call<Colleagues>("GET", "colleagues");
    if (turn !== loading) return;
    const rooms = { ...state.rooms };
    for (const room of found.rooms) if (room.head >= (rooms[room.room]?.head ?? 0)) rooms[room.room] = { ...room, unread: room.read >= (seenTo.get(room.room) ?? 0) ? room.unread : 0 };
    // An analyst reads nothing of this: what is said to him alone would be said to nobody.
    put({ colleagues: found.colleagues.filter((one) => one.role !== "analyst"), failed: false, rooms });
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!expired(error) && turn === loading) put({ failed: true });
  }
}

/** Whether a room is told to me: one of a conversation is when I have it, have been in it, or look at it. */
function concerns(room: string): boolean {
  const conv = room.startsWith("conv:") ? room.slice(5) : null;
  return conv === null || room in state.rooms || room === get().room || get().mine.some((one) => one.id === conv);
}

function heard(message: Message): void {
  if (message.cid) taken(message.cid);
  if (!concerns(message.room)) {
    if (Date.now() - askedAt > ASK_MS) void load();
    return;
  }
  const known = state.rooms[message.room] ?? { room: message.room, head: 0, at: 0, read: 0, unread: 0 };
  if (message.seq > known.head) {
    const mine = message.by.id === owner;
    const unread = mine ? 0 : Math.min(99, known.unread + 1);
    put({ rooms: { ...state.rooms, [message.room]: { ...known, head: message.seq, at: message.ts, unread, read: mine ? message.seq : known.read } } });
    if (unread === 1 && message.room.startsWith("dm:") && get().room !== message.room) toast(talkWords().writes(message.by.name));
  }
  withLine(message);
}

// ---- what was said

function withLine(message: Message): void {
  const talk = state.talks[message.room];
  if (!talk?.loaded) return;
  const last = talk.lines.at(-1)?.seq ?? 0;
  if (message.seq > last + 1) return void fetchTalk(message.room);
  if (message.seq === last + 1) put({ talks: { ...state.talks, [message.room]: { ...talk, lines: [...talk.lines, message] } } });
  return undefined;
}

/** The end of a room, or the page before what is there. What is known already stays. */
export async function fetchTalk(room: string, before?: number): Promise<void> {
  const keep = (part: Partial<Talk>): void => put({ talks: { ...state.talks, [room]: { ...(state.talks[room] ?? NEW_TALK), ...part } } });
  try {
    const page = await call<Messages>("GET", `colleagues/messages?room=${encodeURIComponent(room)}${before === undefined ? "" : `&before=${before}`}`);
    const known = state.talks[room]?.lines ?? [];
    const first = page.messages[0]?.seq ?? 0;
    // A hole between what is known and the end that came: the end alone is shown, older lines are asked for again.
    const joined = before !== undefined || known.length === 0 || (known.at(-1)!.seq >= first - 1);
    const lines = new Map((joined ? known : []).map((one) => [one.seq, one]));
    for (const one of page.messages) { lines.set(one.seq, one); if (one.cid) taken(one.cid); }
    const sorted = [...lines.values()].sort((a, b) => a.seq - b.seq);
    keep({ lines: sorted, more: (sorted[0]?.seq ?? 1) > 1, loaded: true, failed: false });
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!expired(error)) keep({ failed: true });
  }
}

const seenTo = new Map<string, number>();

/** The room is on the screen up to its last line. */
export function readTo(room: string): void {
  const known = state.rooms[room];
  if (!known || known.head <= Math.max(known.read, seenTo.get(room) ?? 0)) return;
  const seq = known.head;
  seenTo.set(room, seq);
  put({ rooms: { ...state.rooms, [room]: { ...known, unread: 0 } } });
  call<{ seq: number }>("POST", "colleagues/read", { room, seq }).then(
    () => { const now = state.rooms[room]; if (now) put({ rooms: { ...state.rooms, [room]: { ...now, read: Math.max(now.read, seq) } } }); },
    (error: unknown) => {
      if (!isFailure(error)) throw error;
      // Told again with the next line, or when the room is opened again.
      seenTo.delete(room);
      expired(error);
    },
  );
}

// ---- what I say

function setSaid(items: readonly Said[]): void {
  keepSaid(items);
  put({ said: items });
}

export const draft = (room: string, text: string): void => put({ drafts: { ...state.drafts, [room]: text } });

/** Writes a line down, then sends it; one line of a room after the other, so that their order stays. */
export function tell(room: string, body: string): void {
  setSaid([...state.said, said(owner, room, body)]);
  pump(room);
}

/** Sends again what had been given up, under its old cid. */
export function again(cid: string): void {
  setSaid(state.said.map((item) => (item.cid === cid ? { ...item, failed: null, at: Date.now() } : item)));
  const item = state.said.find((one) => one.cid === cid);
  if (item) pump(item.room);
}

export function taken(cid: string): void {
  if (state.said.some((item) => item.cid === cid)) setSaid(state.said.filter((item) => item.cid !== cid));
}

const busy = new Set<string>();
const tries = new Map<string, number>();

function pump(room: string): void {
  const item = waitingIn(room).find((one) => !one.failed);
  if (!item || busy.has(room)) return;
  busy.add(room);
  clearTimeout(retries.get(room));
  void post(item).then((wait) => {
    busy.delete(room);
    if (wait === 0) { tries.delete(room); pump(room); }
    else retries.set(room, setTimeout(() => pump(room), wait));
  });
}
const retries = new Map<string, ReturnType<typeof setTimeout>>();

/** Sends one line: 0 when it is dealt with, else after how many ms it is to be tried again. */
async function post(item: Said): Promise<number> {
  try {
    const message = await call<Message>("POST", "colleagues/messages", { room: item.room, cid: item.cid, body: item.body });
    taken(item.cid);
    heard(message);
    return 0;
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (expired(error)) return 30_000;
    if (error instanceof Refused && error.status < 500 && error.status !== 429) {
      setSaid(state.said.map((one) => (one.cid === item.cid ? { ...one, failed: error.code } : one)));
      return 0;
    }
    const count = (tries.get(item.room) ?? 0) + 1;
    tries.set(item.room, count);
    return 500 + Math.random() * Math.min(30_000, 500 * 2 ** count);
  }
}

/** Two minutes without success are a failure, as with messages to visitors. */
function giveUp(): void {
  const late = (item: Said): boolean => !item.failed && item.by === owner && Date.now() - item.at > LATE_MS;
  if (state.said.some(late)) setSaid(state.said.map((item) => (late(item) ? { ...item, failed: "late" } : item)));
}

/** Hands over what is not taken while the page goes away; the same cids make a second delivery harmless. */
function handOver(): void {
  for (const { room, cid, body } of state.said.filter((item) => !item.failed && item.by === owner))
    fetch("/api/v1/colleagues/messages", {
      method: "POST", keepalive: true, credentials: "same-origin", headers: { "Content-Type": "application/json", "Aparte-Console": "1" }, body: JSON.stringify({ room, cid, body }),
    }).catch(() => undefined);
}
