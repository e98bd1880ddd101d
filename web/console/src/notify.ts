// What calls the agent back: a soft sound, a number in the title, a notification of the desktop.
import { words } from "./i18n";
import { onConv, onEntry, onRequest } from "./link";
import { get, subscribe, toast } from "./store";
import { TARGET_MS } from "./ui/parts";
import { serverClock } from "./api";

let audio: AudioContext | null = null;

/** One soft sound: two sine tones that fade within half a second. */
export function chime(): void {
  audio ??= new AudioContext();
  const start = audio.currentTime;
  for (const [index, pitch] of [587.33, 880].entries()) {
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    const at = start + index * 0.11;
    tone.frequency.value = pitch;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.07, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.45);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
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
  onConv((conv) => {
    const state = get();
    const known = state.queue.some((one) => one.id === conv.id) || state.mine.some((one) => one.id === conv.id);
    if (known || !state.loaded || conv.state === "closed") return;
    if (state.sound) chime();
    notification(words().notify.waiting, words().notify.message(conv.label), conv.id);
  });
  onEntry((id, entry) => {
    const conv = get().mine.find((one) => one.id === id);
    if (conv && entry.by === "visitor" && entry.kind === "text") notification(words().notify.message(conv.label), entry.body.slice(0, 120), id);
  });
  onRequest((request) => {
    const { requests, request: open, requestsState, me, sound } = get();
    const who = request.name || words().list.visitor(request.label);
    if (request.done_at !== null) {
      if (open === request.id && request.done_by !== me?.name) toast(words().requests.doneBy(who, request.done_by ?? ""));
      return;
    }
    if (requestsState !== "here" || requests.some((one) => one.id === request.id)) return;
    if (sound) chime();
    toast(words().requests.fresh(who));
    notification(words().requests.kinds[request.kind], who, request.id);
  });
  let reason = get().me?.reason ?? "";
  subscribe(() => {
    const now = get().me?.reason ?? "";
    if (now === reason) return;
    reason = now;
    if (now !== "no_answer") return;
    if (get().sound) chime();
    notification(words().head.noAnswer, words().head.noAnswerNext, "no_answer");
  });
  subscribe(() => {
    const count = attention();
    const { nav } = words();
    const { screen, phase } = get();
    const name = phase === "ready" ? nav[screen] : words().appName;
    const title = `${count > 0 ? `(${count}) ` : ""}${name} – Aparté`;
    if (document.title !== title) document.title = title;
  });
  setInterval(() => {
    const { mine, sound } = get();
    for (const conv of mine) {
      const key = `${conv.id}:${conv.waiting_since}`;
      if (conv.waiting_since === null || serverClock.now() - conv.waiting_since < TARGET_MS || called.has(key)) continue;
      called.add(key);
      if (sound) chime();
    }
  }, 1000);
}

/** How many conversations hold something that the agent has not read. */
export const attention = (): number => get().mine.filter((conv) => conv.unread > 0).length;
