/** The tag: one script element, window.aparte, and nothing that the visitor did not agree to. */
import type { Config, Context, EventName, Properties, TagEvent } from "@aparte/protocol";
import { campaign, clean } from "./address";
import { follow, hear, say } from "./consent";
import { load, open, refresh, widget } from "./loader";
import { coarse, config, configure, data, emit, host, id, key, listeners, now, on, speak } from "./page";
import { enqueue, visitorId } from "./pulse";
import { underway } from "./store";
import { begin, turn, watch } from "./sensors";

/** Google's names of what happens in a shop; the server knows what they mean. */
const GA4 = /^(view_|add_|remove_f|select_|begin_c|purchase|refund|search)/;

let last: TagEvent | undefined;
let referrer = document.referrer;

const device = (): "mobile" | "tablet" | "desktop" =>
  !coarse
    ? "desktop"
    : screen.width * screen.height < 5e5
      ? "mobile"
      : "tablet";

const surroundings = (): Context => ({
  page: {
    url: clean(),
    path: location.pathname,
    title: document.title,
    referrer: clean(referrer),
  },
  campaign: campaign(location.search),
  device: { type: device() },
  locale: navigator.language,
});

const message = (type: TagEvent["type"], rest: Partial<TagEvent>): TagEvent => {
  const event: TagEvent = {
    type,
    messageId: id(),
    timestamp: new Date().toISOString(),
    context: surroundings(),
    ...rest,
  };
  enqueue(event);
  return event;
};

const track = (event: string, properties: Properties = {}): void => {
  message("track", { event, properties });
};

/** A page by the site's own call. The one that was just counted by itself is completed, not counted again. */
const page = (properties: Properties = {}): void => {
  const context = last?.context;
  if (context?.page.url == clean() && now() - Date.parse(last!.timestamp) < 1000)
    Object.assign(last!.properties!, properties);
  else {
    if (context) {
      // The address is already the next page's; what is told of the last one belongs to the last one.
      turn((event, properties) => message("track", { event, properties, context }));
      referrer = context.page.url;
    }
    begin();
    last = message("page", { properties });
  }
};

const api: Record<string, (...values: any[]) => unknown> = {
  page,
  track,
  identify: (who: string | Properties) => {
    // Of the two only a text can be trimmed.
    message("identify", who.trim ? { jwt: who as string } : { traits: who as Properties });
  },
  consent: say,
  visitorId,
  open,
  close: () => widget?.close(),
  on: (name: EventName, listener: () => void) => (listeners[name] ||= new Set()).add(listener),
  off: (name: EventName, listener: () => void) => listeners[name]?.delete(listener),
  set: ({ language }: { language?: string }) => {
    speak(language);
    refresh();
  },
};

/** Pages of a shop that changes them without loading: another address is another page. */
const watchAddress = (): void => {
  const changed = (): void => {
    // The router writes the title a moment after the address.
    setTimeout(() => last?.context.page.url != clean() && page(), 50);
  };
  const navigation = (window as any).navigation;
  if (navigation) on(navigation, "navigatesuccess", changed);
  else {
    for (const name of ["pushState", "replaceState"] as const) {
      const original = history[name];
      history[name] = (...values) => {
        original.apply(history, values);
        changed();
      };
    }
    on(window, "popstate", changed);
  }
  on(window, "pageshow", (event) => event.persisted && page());
};

/** What the shop already tells Google, told to us too. */
const followShop = (): void =>
  hear((entry) => {
    const [name, values] = entry?.[0] == "event" ? [entry[1], entry[2]] : [entry?.event, entry?.ecommerce];
    if (GA4.test(name)) track(name, values);
  });

const observe = (): void => {
  page();
  watchAddress();
  watch(track);
  follow();
  if (data.datalayer != null) followShop();
};

type Call = [name: string, ...values: any[]];

/** The site's configuration, asked for again until it comes, and a document to show something in. */
const start = async (): Promise<unknown> => {
  try {
    configure((await (await fetch(host + "/v1/config?key=" + key)).json()) as Config);
    config.look.colour;
  } catch {
    await new Promise((again) => setTimeout(again, 3e4));
    return start();
  }
  return document.body || new Promise((parsed) => on(document, "DOMContentLoaded", parsed));
};

/** Every call waits for the site's configuration, so all are done in the order in which they were made. */
const install = (queue: Call[] & { track?: unknown }): void => {
  // Twice on one page, by a tag manager and by hand: the first one serves.
  if (queue.track) return;
  const begun = start().then(() => config.mode == "full" && observe());
  const push = ([name, ...values]: Call): Promise<unknown> => begun.then(() => api[name]?.(...values));
  const aparte: Record<string, unknown> = { push };
  for (const name in api) aparte[name] = (...values: unknown[]) => push([name, ...values]);
  (window as any).aparte = aparte;
  queue.forEach(push);
  void begun.then(() => {
    if (config.mode != "off") {
      refresh();
      if (underway()) void load();
      emit("ready");
    }
  });
};

install((window as any).aparte || []);
