// Words come in the language that is on; those of the other one are fetched when somebody chooses it.
import { get, useStore } from "../store";
import type { Language } from "../wire";

export interface Pack<T> {
  /** The words of the language that is on now, for code outside components. */
  now: () => T;
  /** The same for a component, which draws again when the language changes. */
  use: () => T;
  /** Fetches them; whoever shows a screen waits for it first. */
  ready: () => Promise<void>;
}

const asked = new Set<(language: Language) => Promise<void>>();

/** The words of one part of the console, from a file for each language. */
export function pack<T>(from: Readonly<Record<Language, () => Promise<T>>>): Pack<T> {
  const here: Partial<Record<Language, T>> = {};
  const bring = async (language: Language): Promise<void> => { here[language] ??= await from[language](); };
  const now = (): T => (here[get().language] ?? here.fr ?? here.en)!;
  const ready = async (): Promise<void> => {
    asked.add(bring);
    for (let language: Language | null = null; language !== get().language; ) await bring((language = get().language));
  };
  return { now, ready, use: () => { useStore((state) => state.language); return now(); } };
}

/** Fetches another language for every part that is in use. */
export async function bringAll(language: Language): Promise<void> {
  for (let count = -1; count < asked.size; ) {
    count = asked.size;
    await Promise.all([...asked].map((bring) => bring(language)));
  }
}
