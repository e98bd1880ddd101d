// What calls the agent back: a soft sound, a number in the title and a dot on the icon, a notification of the desktop.
// And what takes him off the list when he has gone: away after minutes without a key or a move, said a minute before.
import { setStatus } from "./actions";
import { serverClock } from "./api";
import { words } from "./i18n";
import { onConv, onEntry } from "./link";
import { onRequest } from "./requests";
import { get, isLead, prefer, subscribe, targetMs, toast, update, type Alerts } from "./store";
import type { Conv } from "./wire";

export const EVENTS = ["waiting", "message", "critical", "help"] as const;
export type Event = (typeof EVENTS)[number];
export const AWAY_MINUTES = [0, 5, 10, 15, 30] as const;

const TONES: Record<Event, readonly number[]> = { waiting: [587.33, 880], message: [783.99], critical: [880, 880, 880], help: [523.25, 659.25, 783.99] };
let audio: AudioContext | null = null;

export function setAlerts(alerts: Alerts): void {
  prefer("alerts", JSON.stringify(alerts));
  update({ alerts });
}

/** One soft sound of sine tones that fade; nothing before the first click or key, as browsers want it. */
export function chime(event: Event = "waiting"): void {
  const { alerts } = get();
  if (!navigator.userActivation.hasBeenActive || alerts.volume === 0) return;
  audio ??= new AudioContext();
  const start = audio.currentTime;
  for (const [index, pitch] of TONES[event].entries()) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const at = start + index * 0.11;
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.0014 * alerts.volume, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
}

function ring(event: Event): void {
  const { sound, alerts } = get();
  if (sound && alerts[event]) chime(event);
}

function notification(title: string, body: string, tag: string): void {
  if (!get().desktop || document.visibilityState === "visible") return;
  const shown = new Notification(title, { body, tag, icon: "/static/logo.svg" });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}

const called = new Set<string>();

/** Listens to the link and to the state; call once. */
export function startNotifying(): void {
  onConv(told);
  onEntry((id, entry) => {
    const state = get();
    const conv = state.mine.find((one) => one.id === id);
    if (conv && entry.by === "visitor" && entry.kind === "text") {
      notification(words().notify.message(conv.label), entry.body.slice(0, 120), id);
      if (state.selected !== id || document.visibilityState !== "visible") ring("message");
    }
    if (conv && entry.kind === "whisper" && entry.name !== state.me?.name) ring("help");
  });
  onRequest((request) => {
    const { requests, request: open, requestsState, me } = get();
    const who = request.name || words().list.visitor(request.label);
    if (request.done_at !== null) {
      if (open === request.id && request.done_by !== me?.name) toast(words().requests.doneBy(who, request.done_by ?? ""));
      return;
    }
    if (requestsState !== "here" || requests.some((one) => one.id === request.id)) return;
    ring("waiting");
    toast(words().requests.fresh(who));
    notification(words().requests.kinds[request.kind], who, request.id);
  });
  let reason = get().me?.reason ?? "";
  subscribe(() => {
    const now = get().me?.reason ?? "";
    if (now === reason) return;
    reason = now;
    if (now !== "no_answer") return;
    ring("critical");
    notification(words().head.noAnswer, words().head.noAnswerNext, "no_answer");
  });
  subscribe(badge);
  setInterval(critical, 1000);
  startAway();
}

/** Somebody new waits, or an agent asks those who lead for help. */
function told(conv: Conv): void {
  const state = get();
  if (!state.loaded || conv.state === "closed") return;
  const own = conv.agent?.id === state.me?.id;
  if (conv.assistance_at !== null && !own && isLead(state)) {
    if (state.wanting.some((one) => one.id === conv.id) || state.guest.some((one) => one.id === conv.id)) return;
    ring("help");
    notification(words().work.helpWanted, words().notify.message(conv.label), conv.id);
    return;
  }
  if ((!own && conv.state !== "queued") || state.queue.some((one) => one.id === conv.id) || state.mine.some((one) => one.id === conv.id)) return;
  ring("waiting");
  notification(words().notify.waiting, words().notify.message(conv.label), conv.id);
}

/** One sound for each visitor who has waited longer than the site allows. */
function critical(): void {
  for (const conv of get().mine) {
    const key = `${conv.id}:${conv.waiting_since}`;
    if (conv.waiting_since === null || serverClock.now() - conv.waiting_since < targetMs() || called.has(key)) continue;
    called.add(key);
    ring("critical");
  }
}

const DOT = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="3 3 26 26"><g fill="#5F1F45"><path d="M12.900 3.400C7.300 6.500 4.300 11 4.300 16S7.300 25.500 12.900 28.600L13.700 27.300C10 24.500 8.300 20.600 8.300 16S10 7.500 13.700 4.700Z"/><circle cx="15.200" cy="16" r="3"/></g><circle cx="23.500" cy="9" r="5.500" fill="#B3361F"/></svg>')}`;

function badge(): void {
  const count = attention();
  const { nav } = words();
  const { screen, phase } = get();
  const name = phase === "ready" ? nav[screen] : words().appName;
  const title = `${count > 0 ? `(${count}) ` : ""}${name} – Aparté`;
  if (document.title !== title) document.title = title;
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  const href = count > 0 ? DOT : "/static/logo.svg";
  if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}

/** How many conversations hold something that the agent has not read. */
export const attention = (): number => get().mine.filter((conv) => conv.unread > 0).length;

// ---- away without a word

const SAID_BEFORE_MS = 60_000;
let touched = Date.now();
let announced = false;

function startAway(): void {
  const touch = (): void => { touched = Date.now(); announced = false; };
  for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) addEventListener(kind, touch, { passive: true });
  setInterval(() => {
    const { alerts, me } = get();
    if (alerts.away === 0 || me?.status !== "available") return;
    const left = alerts.away * 60_000 - (Date.now() - touched);
    if (left <= 0) { touch(); void setStatus("away", "other"); toast(words().work.awayNow(alerts.away), true); }
    else if (left <= SAID_BEFORE_MS && !announced) { announced = true; toast(words().work.awaySoon, true); ring("critical"); }
  }, 1000);
}
