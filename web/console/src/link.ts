// The socket of the console: hello and resume, watched conversations, the outbox, heartbeats, reconnection with full jitter.
import { handOver } from "./api";
import { LATE_MS, newCid, persist, type Item } from "./outbox";
import { beside, leaveLists, replaced, without } from "./places";
import { dealtWith, loadRequests } from "./requests";
import { EMPTY, get, known, update } from "./store";
import { lastSeq, NEW_THREAD, withEntry, withMarks, withTyping, withWelcome, type Thread } from "./thread";
import type { ClientFrame, Conv, Entry, ServerFrame } from "./wire";

const ACK_MS = 10_000;
const SILENCE_MS = 40_000;
const BACKOFF_MS = 1_000;
const BACKOFF_CAP_MS = 30_000;
const TYPING_MS = 6_000;
/** A server that resumes us with nothing new may stay silent: open for so long is connected. */
const QUIET_MS = 1_500;

const tab = newCid();
let socket: WebSocket | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let watchdog: ReturnType<typeof setTimeout> | undefined;
let attempts = 0;
let drainMs: number | null = null;
let stopped = true;
let inbox: { epoch: string | null; pos: number } = { epoch: null, pos: 0 };
let liveWanted = false;
let boardWanted = false;
const sentAt = new Map<string, number>();
const heard = new Set<(conv: Conv) => void>();
const arrived = new Set<(conv: string, entry: Entry) => void>();
const frames = new Set<(frame: ServerFrame) => void>();

/** Calls back with every conversation that the server tells of, before it stands in the state. */
export const onConv = (listener: (conv: Conv) => void): void => void heard.add(listener);
/** Calls back with every frame that counts, before anything is made of it, for the parts that come later; its answer ends that. */
export function onFrame(listener: (frame: ServerFrame) => void): () => void {
  frames.add(listener);
  return () => void frames.delete(listener);
}
/** Calls back with every entry that comes in while we watch. */
export const onEntry = (listener: (conv: string, entry: Entry) => void): void => void arrived.add(listener);

function put(frame: ClientFrame): boolean {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

const thread = (conv: string): Thread => get().threads[conv] ?? NEW_THREAD;
const keep = (conv: string, next: Thread): void => update({ threads: { ...get().threads, [conv]: next } });

function setOutbox(items: readonly Item[]): void {
  persist(items);
  update({ outbox: items });
}

// ---- the connection

export function connect(): void {
  stopped = false;
  open();
}

export function disconnect(): void {
  stopped = true;
  clearTimeout(retry);
  clearTimeout(watchdog);
  const old = socket;
  socket = null;
  old?.close(1000);
  inbox = { epoch: null, pos: 0 };
  sentAt.clear();
}

function open(): void {
  clearTimeout(retry);
  const next = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/socket`);
  socket = next;
  next.onopen = () => {
    put({ t: "hello", v: 1, epoch: inbox.epoch, pos: inbox.pos, tab });
    if (inbox.epoch !== null) for (const conv of get().mine) watch(conv.id);
    if (liveWanted) put({ t: "live", on: true });
    if (boardWanted) put({ t: "board", on: true });
    setTimeout(() => socket === next && next.readyState === WebSocket.OPEN && settled(), QUIET_MS);
    hear();
  };
  next.onmessage = (message: MessageEvent<string>) => {
    hear();
    settled();
    receive(JSON.parse(message.data) as ServerFrame);
  };
  next.onclose = (event) => {
    if (socket === next) lost(event.code);
  };
}

function settled(): void {
  attempts = 0;
  drainMs = null;
  if (get().link !== "on") update({ link: "on", offSince: 0 });
}

function hear(): void {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => drop(), SILENCE_MS);
}

/** Leaves a socket that does not answer, without waiting for its close to be agreed. */
function drop(): void {
  const old = socket;
  if (!old) return;
  socket = null;
  old.onmessage = old.onclose = null;
  old.close();
  lost(1006);
}

function lost(code: number): void {
  socket = null;
  clearTimeout(watchdog);
  sentAt.clear();
  if (stopped) return;
  const threads = Object.fromEntries(Object.entries(get().threads).map(([id, one]) => [id, { ...one, live: false, typingUntil: 0, unsent: "" }]));
  const state = get();
  if (code === 4001 || code === 4003) {
    disconnect();
    update({ ...EMPTY, phase: "signed-out", expired: true, me: null, link: "off" });
    return;
  }
  update({ threads, link: code === 4009 ? "replaced" : "off", offSince: state.offSince || Date.now() });
  if (code === 4009) return;
  const most = drainMs ?? (attempts === 0 ? BACKOFF_MS : Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** attempts));
  drainMs = null;
  attempts += 1;
  retry = setTimeout(open, Math.random() * most);
}

/** The network or the page is back: no reason to wait any longer. */
function hurry(): void {
  if (stopped || socket || get().link === "replaced") return;
  attempts = 0;
  open();
}

/** Takes the connection back from another window that took it over. */
export function takeBack(): void {
  update({ link: "connecting" });
  attempts = 0;
  open();
}

addEventListener("online", hurry);
addEventListener("offline", () => drop());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && hurry());
addEventListener("pagehide", () => {
  const waiting = get().outbox.filter((item) => !item.failed);
  for (const conv of new Set(waiting.map((item) => item.conv))) {
    const items = waiting.filter((item) => item.conv === conv);
    handOver(conv, items.map(({ cid, kind, body }) => ({ cid, kind, body })), versionOf(conv, items[0]!.assign_ver));
  }
});

// ---- what the server says

function receive(frame: ServerFrame): void {
  if ("pos" in frame) {
    if (frame.t !== "snapshot" && frame.pos <= inbox.pos) return;
    inbox = { epoch: frame.t === "snapshot" ? frame.epoch : inbox.epoch, pos: frame.pos };
  }
  for (const tell of frames) tell(frame);
  switch (frame.t) {
    case "snapshot": return snapshot(frame.me, frame.mine, frame.queue, { wrap: frame.wrap ?? [], wanting: frame.help ?? [], guest: frame.guest ?? [] });
    case "me": return update({ me: frame.me });
    case "conv": return placed(frame.conv);
    case "gone": leaveLists(frame.id); return gone(frame.id);
    case "request": return dealtWith(frame.request);
    case "welcome": return welcomed(frame.conv, frame);
    case "entry": return entered(frame.conv, frame);
    case "ack": return acknowledged(frame.cid);
    case "nack": return refused(frame.cid, frame.code, frame.retry_after, frame.fatal);
    case "reset": return keep(frame.conv, { ...NEW_THREAD, presence: thread(frame.conv).presence });
    case "wm": return frame.who === "visitor" ? keep(frame.conv, withMarks(thread(frame.conv), frame)) : undefined;
    case "typing": return frame.who === "visitor" ? typed(frame.conv, frame.on, frame.text) : undefined;
    case "presence": return frame.who === "visitor" ? keep(frame.conv, { ...thread(frame.conv), presence: frame.state }) : undefined;
    case "live": return update({ live: { rows: frame.visitors, figures: frame, loaded: true } });
    case "ping": return void put({ t: "pong" });
    case "drain": drainMs = frame.within_ms; return undefined;
    default: return undefined;
  }
}

function snapshot(me: State["me"], mine: Conv[], queue: Conv[], beside: Pick<State, "wrap" | "wanting" | "guest">): void {
  const before = new Set(get().mine.map((conv) => conv.id));
  for (const conv of [...mine, ...queue]) for (const tell of heard) tell(conv);
  update({ me, mine, queue, ...beside, loaded: true });
  void loadRequests();
  for (const conv of mine) {
    marks(conv);
    if (!thread(conv.id).live) watch(conv.id);
    before.delete(conv.id);
  }
  for (const id of before) strand(id);
  const here = new Set(known(get()).map((conv) => conv.id));
  for (const id of new Set(get().outbox.map((item) => item.conv))) if (!here.has(id)) strand(id);
}
type State = ReturnType<typeof get>;

function marks(conv: Conv): void {
  if (conv.wm) keep(conv.id, withMarks(thread(conv.id), conv.wm));
}

/** A conversation as it is now: among mine, in the queue, or neither. */
export function placed(conv: Conv): void {
  for (const tell of heard) tell(conv);
  const { me, mine, queue } = get();
  beside(conv);
  if (conv.state === "queued") {
    if (mine.some((one) => one.id === conv.id)) gone(conv.id);
    const sorted = [...replaced(queue, conv)].sort((a, b) => (a.position ?? 1e9) - (b.position ?? 1e9));
    return update({ queue: sorted });
  }
  if (conv.state === "closed" || conv.agent?.id !== me?.id) return gone(conv.id);
  update({ mine: replaced(mine, conv), queue: without(queue, conv.id) });
  marks(conv);
  const known = thread(conv.id);
  if (!known.live) watch(conv.id);
  return undefined;
}

function gone(id: string): void {
  const { mine, queue, selected, transfer } = get();
  const index = mine.findIndex((conv) => conv.id === id);
  const rest = without(mine, id);
  const { asking } = get();
  update({ mine: rest, queue: without(queue, id), ...(transfer === id ? { transfer: null } : {}), ...(asking && "conv" in asking && asking.conv.id === id && index >= 0 ? { asking: null } : {}) });
  if (index < 0) return;
  put({ t: "unwatch", conv: id });
  const threads = { ...get().threads };
  delete threads[id];
  update({ threads });
  strand(id);
  if (selected === id && !known(get()).some((one) => one.id === id)) update({ selected: (rest[index] ?? rest[index - 1])?.id ?? null, ...(rest.length ? {} : { pane: "list" as const }) });
}

/** What was written for a conversation that is no longer mine can not be sent: it is kept to be copied. */
function strand(conv: string): void {
  const items = get().outbox;
  if (!items.some((item) => item.conv === conv && !item.failed)) return;
  setOutbox(items.map((item) => (item.conv === conv && !item.failed ? { ...item, failed: "not_assigned" } : item)));
}

export function watch(conv: string): void {
  const known = thread(conv);
  put({ t: "watch", conv, epoch: known.epoch, last_seq: lastSeq(known) });
}

function welcomed(conv: string, page: { epoch: string; head: number; entries: Entry[]; more: boolean }): void {
  const step = withWelcome(thread(conv), page);
  keep(conv, step.thread);
  for (const entry of page.entries) if (entry.cid) acknowledged(entry.cid);
  received(conv);
  // More than one page behind: ask for what follows before anything is sent.
  if (step.gap && page.entries.length > 0) return watch(conv);
  for (const item of get().outbox) if (item.conv === conv && !item.failed) sendItem(item);
  return undefined;
}

function entered(conv: string, entry: Entry): void {
  const step = withEntry(thread(conv), entry);
  if (step.gap) return watch(conv);
  const fresh = step.thread !== thread(conv);
  keep(conv, step.thread);
  if (entry.cid) acknowledged(entry.cid);
  if (!fresh) return undefined;
  received(conv);
  for (const tell of arrived) tell(conv, entry);
  return undefined;
}

function received(conv: string): void {
  const last = lastSeq(thread(conv));
  if (last > 0) put({ t: "dlv", conv, seq: last });
}

function typed(conv: string, on: boolean, text?: string): void {
  keep(conv, withTyping(thread(conv), on ? Date.now() + TYPING_MS : 0, text));
}

// ---- what the agent says

const versionOf = (conv: string, fallback: number): number => known(get()).find((one) => one.id === conv)?.assign_ver ?? fallback;

/** Writes a message down, then sends it as soon as the conversation is being watched. */
export function say(conv: string, kind: Item["kind"], body: string): void {
  const item: Item = { conv, cid: newCid(), kind, body: body.normalize("NFC"), assign_ver: versionOf(conv, 0), at: Date.now(), failed: null };
  setOutbox([...get().outbox, item]);
  if (thread(conv).live) sendItem(item);
}

/** Sends again what had been given up, under its old cid. */
export function again(cid: string): void {
  setOutbox(get().outbox.map((item) => (item.cid === cid ? { ...item, failed: null, at: Date.now() } : item)));
  const item = get().outbox.find((one) => one.cid === cid);
  if (item && thread(item.conv).live) sendItem(item);
}

export const forget = (cid: string): void => acknowledged(cid);

function sendItem(item: Item): void {
  const sent = put({ t: "send", conv: item.conv, cid: item.cid, kind: item.kind, body: item.body, assign_ver: versionOf(item.conv, item.assign_ver) });
  if (sent && !sentAt.has(item.cid)) sentAt.set(item.cid, Date.now());
}

function acknowledged(cid: string): void {
  sentAt.delete(cid);
  const items = get().outbox;
  if (items.some((item) => item.cid === cid)) setOutbox(items.filter((item) => item.cid !== cid));
}

function refused(cid: string, code: string, after: number | undefined, fatal: boolean | undefined): void {
  sentAt.delete(cid);
  const item = get().outbox.find((one) => one.cid === cid);
  if (!item) return;
  if (fatal || after === undefined) {
    setOutbox(get().outbox.map((one) => (one.cid === cid ? { ...one, failed: code } : one)));
    return;
  }
  setTimeout(() => {
    const still = get().outbox.find((one) => one.cid === cid && !one.failed);
    if (still && thread(still.conv).live) sendItem(still);
  }, Math.max(0.2, after) * 1000);
}

/** Every second: an acknowledgement that does not come means a dead socket; two minutes without success is a failure. */
setInterval(() => {
  const now = Date.now();
  if ([...sentAt.values()].some((at) => now - at > ACK_MS)) drop();
  const items = get().outbox;
  if (items.some((item) => !item.failed && now - item.at > LATE_MS))
    setOutbox(items.map((item) => (!item.failed && now - item.at > LATE_MS ? { ...item, failed: "late" } : item)));
}, 1000);

let typingSent: { conv: string; at: number } | null = null;

/** Tells the visitor that the agent types, at most every three seconds. */
export function typing(conv: string, on: boolean): void {
  const now = Date.now();
  if (on && typingSent?.conv === conv && now - typingSent.at < 3000) return;
  if (!on && typingSent?.conv !== conv) return;
  typingSent = on ? { conv, at: now } : null;
  put({ t: "typing", conv, on });
}

/** The agent has seen the thread up to its last entry. */
const readUpTo = new Map<string, number>();
export function seen(conv: string): void {
  const last = lastSeq(thread(conv));
  if (last > (readUpTo.get(conv) ?? 0) && put({ t: "read", conv, seq: last })) readUpTo.set(conv, last);
}

/** The live table is on the screen, or no longer. */
export function liveOn(on: boolean): void {
  liveWanted = on;
  put({ t: "live", on });
}

/** The supervisor's board is on the screen, or no longer. */
export function boardOn(on: boolean): void {
  boardWanted = on;
  put({ t: "board", on });
}

/** Ends the watch of a conversation that was only looked into; one of mine stays watched. */
export function unwatch(conv: string): void {
  if (get().mine.some((one) => one.id === conv)) return;
  put({ t: "unwatch", conv });
  const threads = { ...get().threads };
  delete threads[conv];
  update({ threads });
}
