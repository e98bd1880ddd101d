/** Events wait here and go out in pulses; what a pulse brings back decides whether the widget is needed. */
import type { Pulse, PulseAnswer, TagEvent } from "@aparte/protocol";
import { config, host, key, language, now, tab } from "./page";
import { cookie, forget, keep, save, takeSaved, token } from "./store";
import { idle } from "./launcher";
import { show, widget } from "./loader";

/** Undefined until the visitor has decided. */
export let consent: boolean | undefined;
let queue: TagEvent[] = [];
let busy = false;
let failures = 0;
/** No pulse before this moment: a second after the last one, or what an overloaded server asked for. */
let gate = 0;
let due = Infinity;
let timer: ReturnType<typeof setTimeout>;


/** Add an event: kept in memory before consent, 100 at most, sent soon after it, forgotten without it. */
export const enqueue = (event: TagEvent): void => {
  if (config.mode == "full" && consent !== false && queue.length < 100)
    queue.push(event);
  soon(300);
};

/** Pulse in so many milliseconds unless one is due before; never two in a second, none while nobody looks. */
export const soon = (milliseconds = 0): void => {
  const at = Math.max(now() + milliseconds, gate);
  if (!consent || document.hidden || at >= due) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(pulse, at - now());
};

/** Take the next events: about 15,000 characters, so that a pulse stays under 64 KiB whatever they are. */
const take = (): TagEvent[] => {
  const events: TagEvent[] = [];
  while (queue[0] && JSON.stringify(events).length < 15e3) events.push(queue.shift()!);
  return events;
};

/** What could not be sent outlives this page; where nothing can be stored, it waits here. */
const put = (events: TagEvent[]): void => {
  queue = [...takeSaved(), ...events, ...queue];
  if (queue[0] && save(queue)) queue = [];
};

const body = (events: TagEvent[], visible: boolean): string =>
  JSON.stringify({
    key,
    token: token(),
    consent: consent ? "full" : "denied",
    visible,
    sentAt: new Date().toISOString(),
    tab,
    language: language(),
    events,
  } satisfies Pulse);

const post = (text: string): Promise<Response> =>
  fetch(host + "/v1/pulse", {
    method: "POST",
    body: text,
    keepalive: true,
  });

const pulse = async (): Promise<void> => {
  due = Infinity;
  if (busy || !consent || document.hidden) return;
  busy = true;
  gate = now() + 1000;
  queue.unshift(...takeSaved());
  const wait = await exchange(take());
  busy = false;
  if (queue[0] || failures) soon();
  else if (wait != null) soon(wait);
};

/** One pulse and its answer: the milliseconds until the next. What is refused for good is dropped, all else is kept. */
const exchange = async (events: TagEvent[]): Promise<number | null | undefined> => {
  let asked = 0;
  try {
    const response = await post(body(events, true));
    if (response.status == 429 || response.status > 499) {
      asked = (response.headers.get("retry-after") as any) * 1000 || 0;
      throw 0;
    }
    const reply: PulseAnswer = response.ok ? await response.json() : { wake_in_ms: 6e4 };
    failures = 0;
    if (consent) {
      if (reply.token) keep(reply.token, true);
      show(reply);
    }
    return reply.wake_in_ms;
  } catch {
    // Offline or overloaded.
    gate = now() + Math.max(asked, Math.min(3e5, 2000 * 2 ** failures++ * (0.5 + Math.random())));
    if (consent) put(events);
  }
};

/** The page is left or hidden: what is not on its way yet goes by beacon. */
export const flush = (): void => {
  if (!consent || !queue[0]) return;
  const events = take();
  put(navigator.onLine && navigator.sendBeacon(host + "/v1/pulse", body(events, false)) ? [] : events);
};

/** The visitor's id for the shop's own use, once it is known: a promise, and a callback; null without consent. */
export const visitorId = (callback?: (visitor: string | null) => void): Promise<string | null> =>
  new Promise((tell) => {
    const look = (): void => {
      const visitor = token()?.split(".")[2] || null;
      if (!visitor && config.mode == "full" && consent !== false) setTimeout(look, 500);
      else {
        tell(visitor);
        callback?.(visitor);
      }
    };
    look();
  });

/** What the visitor decided. A withdrawal is told to the server, and everything kept is deleted. */
export const decide = (value: boolean): void => {
  if (config.mode != "full" || value === consent) return;
  const before = consent || cookie();
  consent = value;
  if (consent) soon();
  else {
    queue = [];
    if (before) {
      post(body([], !document.hidden)).catch(idle);
      forget();
      widget?.forget();
    }
  }
};
