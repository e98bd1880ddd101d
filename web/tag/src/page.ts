/** What the script element says, and what of it changes: read by every part of the tag. */
import type { Config, EventName } from "@aparte/protocol";

export const script = (document.currentScript ||
  document.querySelector("script[data-key]")) as HTMLScriptElement;
export const data = script.dataset;
export const key = data.key!;
/** Where the server is: the folder of this script unless the page names another. */
export const host = data.host || script.src.replace(/\/[^/]*$/, "");

/** A finger rather than a mouse. */
export const coarse = matchMedia("(pointer:coarse)").matches;

export const now = Date.now;

/** 128 random bits in digits: an id that nobody else makes. */
export const id = (): string =>
  crypto.getRandomValues(new Uint32Array(4)).join("-");

export const tab = id();

/** Hear events on their way down, before the page can stop them. */
export const on = (
  target: EventTarget,
  names: string,
  handler: (event: any) => void,
): void =>
  names
    .split(" ")
    .forEach((name) => target.addEventListener(name, handler, true));

export let config: Config;
let wanted = data.language;

export const configure = (answer: Config): void => {
  config = answer;
};
export const speak = (language?: string): void => {
  wanted = language || wanted;
};
/** The visitor's language: the page's own word, else what the document is written in, else the site's. */
export const language = (): string => {
  const written = document.documentElement.lang.slice(0, 2);
  return (
    wanted || (config.languages.includes(written) ? written : config.language)
  );
};

type Listener = (detail: unknown) => void;

export const listeners: Partial<Record<EventName, Set<Listener>>> = {};

/** Tell the page, each listener on its own: one that throws harms nobody else. */
export const emit = (name: EventName, detail?: unknown): void =>
  listeners[name]?.forEach((listener) => setTimeout(listener, 0, detail));
