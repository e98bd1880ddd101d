// What the agent does, each with its answer in words.
import { api, Refused } from "./api";
import { words } from "./i18n";
import { bringAll } from "./i18n/pack";
import { connect, disconnect, placed } from "./link";
import { newCid } from "./outbox";
import { dealtWith } from "./requests";
import { converses } from "./rights";
import { EMPTY, get, prefer, preference, selectedConv, toast, update, type Screen, type Theme } from "./store";
import { withOlder } from "./thread";
import type { Conv, Language, Me, Reason, Request, Status } from "./wire";

/** What went wrong on the way, as opposed to a mistake in our own code. */
export const isFailure = (error: unknown): error is Refused | TypeError | SyntaxError =>
  error instanceof Refused || error instanceof TypeError || error instanceof SyntaxError;

/** Whether a refusal means that the session is over; then the door stands again. */
export function expired(error: unknown): boolean {
  if (!(error instanceof Refused) || error.status !== 401) return false;
  disconnect();
  update({ ...EMPTY, phase: "signed-out", expired: true, me: null });
  return true;
}

// ---- in and out

/** Whether the address is a one-time link, by which somebody sets his password. */
const byLink = (): boolean => /^#(reset|invite)=/.test(location.hash);

export async function start(): Promise<void> {
  if (byLink()) return update({ phase: "link" });
  update({ phase: "boot" });
  try {
    enter(await api.session());
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!(error instanceof Refused) || error.status !== 401) return update({ phase: "unreachable" });
    const wanted = new URLSearchParams(location.hash.slice(1)).get("setup");
    update({ phase: wanted ? "setup" : "signed-out", demo: error.body.demo === true, expired: false });
  }
  return undefined;
}

export function enter(me: Me): void {
  if (!preference("language") && me.language !== get().language) void speak(me.language);
  update({ me, phase: "ready", expired: false });
  if (location.hash.startsWith("#setup=")) history.replaceState(null, "", "#/exchanges");
  followAddress();
  connect();
}

export async function leave(): Promise<void> {
  disconnect();
  try {
    await api.signOut();
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
  update({ ...EMPTY, me: null });
  await start();
}

// ---- where we are

/** Puts the state where the address points: #/exchanges/ID, #/requests/ID, #/visitors/VID, #/campaigns/NAME/RULE, #/board/ID, #/team, #/library, #/plan/TAB/ID, #/install, #/account, #/settings/PART. */
export function followAddress(): void {
  if (byLink()) {
    disconnect();
    return update({ ...EMPTY, phase: "link", me: null });
  }
  const [, screen, id, more] = location.hash.split("/");
  if (screen === "visitors") update({ screen, visitor: id ? decodeURIComponent(id) : null });
  else if (screen === "campaigns") update({ screen, campaign: id ? decodeURIComponent(id) : null, rule: more ? decodeURIComponent(more) : null });
  else if (screen === "board") update({ screen, monitored: id ? decodeURIComponent(id) : null });
  else if (screen === "install" || screen === "team" || screen === "library" || screen === "goals" || screen === "account") update({ screen });
  else if (screen === "plan") update({ screen, part: id ? decodeURIComponent(id) : null, scenario: more ? decodeURIComponent(more) : null });
  else if (screen === "settings") update({ screen, part: id ? decodeURIComponent(id) : null });
  else if (screen === "requests" && id) update({ screen: "exchanges", request: decodeURIComponent(id), selected: null, pane: "thread" });
  else update({ screen: "exchanges", ...(id ? { selected: decodeURIComponent(id), request: null, pane: "thread" as const } : {}) });
  return undefined;
}

export function go(screen: Screen, ...ids: string[]): void {
  const hash = `#/${[screen, ...ids.map(encodeURIComponent)].join("/")}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
  followAddress();
}

export function select(conv: string): void {
  update({ selected: conv, request: null, pane: "thread", screen: "exchanges" });
  history.replaceState(null, "", `#/exchanges/${encodeURIComponent(conv)}`);
}

/** Shows what a visitor has left, in the place of a conversation. */
export function openRequest(request: string): void {
  update({ request, selected: null, pane: "thread", screen: "exchanges" });
  history.replaceState(null, "", `#/requests/${encodeURIComponent(request)}`);
}

/** Brings the list of requests into sight. */
export function showRequests(): void {
  update({ pane: "list", screen: "exchanges" });
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>(".conv.request");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  });
}

/** The conversation after or before the chosen one. */
export function move(by: 1 | -1): void {
  const { mine, selected } = get();
  if (mine.length === 0) return;
  const at = mine.findIndex((conv) => conv.id === selected);
  const next = at < 0 ? 0 : (at + by + mine.length) % mine.length;
  select(mine[next]!.id);
}

// ---- conversations

/** How often one press is sent, and how long after a lost answer. */
const TRIES = 3;
const AGAIN_MS = 1_000;

/** Takes whoever has waited longest: one key a press, so that a press whose answer was lost takes nobody else when it is sent again. */
async function takeNext(): Promise<Conv> {
  const key = newCid();
  for (let left = TRIES; ; left -= 1) {
    try {
      return await api.takeNext(key);
    } catch (error) {
      const lost = isFailure(error) && (!(error instanceof Refused) || error.status >= 500);
      if (!lost || left <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Takes the visitor who has waited longest, or the one named. */
export async function take(conv?: string): Promise<void> {
  const say = words().list;
  try {
    const taken = conv ? await api.take(conv) : await takeNext();
    placed(taken);
    select(taken.id);
    toast(say.taken(taken.label));
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (expired(error)) return;
    const code = error instanceof Refused ? error.code : "";
    toast(code === "no_slot" ? say.noSlot : code === "nobody_waits" ? say.nobody : say.takeFailed, code !== "nobody_waits");
  }
}

/** Opens the dialog that hands the chosen conversation on. */
export function askTransfer(): void {
  const conv = selectedConv(get());
  if (conv) update({ transfer: conv.id, screen: "exchanges", palette: false });
}

/** Hands a conversation on; the code of the refusal, or null when it is done. */
export async function transfer(id: string, to: { agent: string } | { skill: string }, name: string, note: string): Promise<string | null> {
  const conv = get().mine.find((one) => one.id === id);
  if (!conv) return "not_assigned";
  const say = words().transfer;
  try {
    const given = await api.transfer(id, conv.assign_ver, to, note);
    update({ transfer: null });
    placed(given);
    toast(given.state === "queued" ? say.queued(conv.label, name) : say.done(conv.label, given.agent?.name ?? name));
    return null;
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (expired(error)) return null;
    return error instanceof Refused ? error.code : "unavailable";
  }
}

/** Marks a request as dealt with; whether it worked. */
export async function finish(request: Request, note: string): Promise<boolean> {
  try {
    dealtWith(await api.finish(request.id, note));
    toast(words().requests.doneToast(request.name || words().list.visitor(request.label)));
    return true;
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!expired(error)) toast(words().requests.doneFailed, true);
    return false;
  }
}

export async function loadOlder(conv: string): Promise<void> {
  const thread = get().threads[conv];
  const first = thread?.entries[0]?.seq;
  if (!thread || first === undefined) return;
  try {
    const page = await api.entries(conv, first);
    const now = get().threads[conv];
    if (now && now.epoch === page.epoch) update({ threads: { ...get().threads, [conv]: withOlder(now, page) } });
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!expired(error)) toast(words().thread.olderFailed, true);
  }
}

export async function loadJourney(visitor: string): Promise<void> {
  const put = (data: (typeof state)[string]["data"], failed: boolean): void =>
    update({ journeys: { ...get().journeys, [visitor]: { data, failed } } });
  const state = get().journeys;
  try {
    put(await api.journey(visitor), false);
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!expired(error)) put(get().journeys[visitor]?.data ?? null, true);
  }
}

// ---- preferences

export async function setStatus(status: Status, reason: Reason = ""): Promise<void> {
  try {
    update({ me: await api.status(status, reason) });
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (!expired(error)) toast(words().head.statusFailed, true);
  }
}

/** Puts the console into another language, once its words are there. */
export async function speak(language: Language): Promise<boolean> {
  try {
    await bringAll(language);
  } catch (error) {
    if (!isFailure(error)) throw error;
    toast(words().boot.unreachable, true);
    return false;
  }
  update({ language });
  return true;
}

export async function setLanguage(language: Language): Promise<void> {
  if (!(await speak(language))) return;
  prefer("language", language);
  if (!get().me) return;
  // The choice stands in this browser already; the server only keeps it for the next one.
  api.language(language).catch((error: unknown) => {
    if (!isFailure(error)) throw error;
    expired(error);
  });
}

export function setTheme(theme: Theme): void {
  prefer("theme", theme);
  update({ theme });
}

export function setSound(sound: boolean): void {
  prefer("sound", sound ? "on" : "off");
  update({ sound });
}

/** Asks the browser only here, by a click. */
export async function setDesktop(desktop: boolean): Promise<void> {
  if (desktop && "Notification" in window && (await Notification.requestPermission()) === "granted") {
    prefer("desktop", "on");
    return update({ desktop: true });
  }
  if (desktop) toast(words().head.desktopDenied, true);
  prefer("desktop", "off");
  return update({ desktop: false });
}

// ---- colleagues

let before: HTMLElement | null = null;

/** Opens a room: `site`, `dm:ID` or `conv:ID`; without one the list. The focus goes into it. */
export function openRoom(room = ""): void {
  const { me, room: now } = get();
  if (!converses(me)) return;
  if (now === null) before = document.activeElement as HTMLElement | null;
  update({ room });
}

/** Closes the panel; the focus goes back to where it was. */
export function closeColleagues(): void {
  update({ room: null });
  if (before?.isConnected) before.focus();
  before = null;
}

export const toggleColleagues = (): void => (get().room === null ? openRoom() : closeColleagues());
