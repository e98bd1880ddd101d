/** What a visitor does on a page, as events: never what he writes, of a field only its name. */
import { coarse, now, on } from "./page";
import { flush, soon } from "./pulse";

type Track = (event: string, properties?: Record<string, unknown>) => unknown;

let since = 0;
let active = 0;
let depth = 0;
let reported = -1;
const started = new Map<Element, string>();

const look = (): void => {
  depth = Math.max(depth, (scrollY + innerHeight) / document.documentElement.scrollHeight);
};

const stopWatch = (): void => {
  if (since) active += now() - since;
  since = document.hidden ? 0 : now();
};

/** A page was opened: dwell and depth begin anew. */
export const begin = (): void => {
  since = active = depth = 0;
  reported = -1;
  stopWatch();
  look();
};

const leave = (track: Track): void => {
  stopWatch();
  if (active != reported) track("Page Left", { active, depth: +Math.min(1, depth).toFixed(2) });
  reported = active;
};

/** The page is left for another: how long it was visible, how far it was read, which forms stay unfinished. */
export const turn = (track: Track): void => {
  leave(track);
  started.forEach((field, form) => track("Form Abandoned", { form: name(form), field }));
  started.clear();
};

const name = (element: Element): string =>
  element.getAttribute("name") || element.getAttribute("id") || element.tagName;

const FORM_EVENTS: Record<string, string> = {
  input: "Form Started",
  invalid: "Form Field Error",
  submit: "Form Submitted",
};

/** A field outside any form counts as a form of its own. */
const watchForms = (track: Track, { type, target }: Event): void => {
  const form = (target as HTMLInputElement).form || (target as Element);
  const field = name(target as Element);
  const known = started.has(form);
  if (type == "submit") started.delete(form);
  if (type == "input") started.set(form, field);
  if (!known || type != "input") track(FORM_EVENTS[type], { form: name(form), field });
};

let clicks: MouseEvent[] = [];
const watchClicks = (track: Track, event: MouseEvent): void => {
  clicks = [event, ...clicks.slice(0, 2)];
  const { timeStamp, clientX, clientY } = clicks[2] || {};
  if (event.timeStamp - timeStamp < 700 && Math.hypot(event.clientX - clientX, event.clientY - clientY) < 30) {
    clicks = [];
    track("Rage Click", { target: name(event.target as Element) });
  }
};

const watchExit = (track: Track): void => {
  let said = 0;
  let top = 0;
  let at = 0;
  const exit = (): void => {
    if (said + 2000 < now()) track("Exit Intent");
    said = now();
  };
  on(document, "mouseout", (event) => {
    if (!event.relatedTarget && event.clientY <= 0) exit();
  });
  on(window, "scroll", () => {
    const spent = now() - at;
    look();
    if (spent > 99) {
      // A finger that throws the page back to its top looks for the way out.
      if (coarse && spent < 400 && (top - scrollY) / spent > 3) exit();
      top = scrollY;
      at = now();
    }
  });
};

/** Watch the page until it is gone. */
export const watch = (track: Track): void => {
  on(document, "input invalid submit click", (event) => {
    if (!event.target.closest?.("[data-aparte-ignore]"))
      (event.type == "click" ? watchClicks : watchForms)(track, event);
  });
  watchExit(track);
  on(document, "visibilitychange", () => {
    if (document.hidden) {
      leave(track);
      track("Tab Hidden");
      flush();
    } else {
      stopWatch();
      soon();
    }
  });
  on(window, "pagehide", () => {
    turn(track);
    flush();
  });
};
