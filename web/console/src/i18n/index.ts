// The words of the console. English is typed by French: a missing or superfluous word does not compile.
import type { Words } from "./fr";
import type { Language, Said } from "../wire";
import { pack } from "./pack";

const WORDS = pack<Words>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });

/** Fetches the words that every screen needs; before it is done nothing is drawn. */
export const ready = WORDS.ready;

/** The words of the language that is on now, for code outside components. */
export const words = WORDS.now;

/** The words for a component, which draws again when the language changes. */
export const useWords = WORDS.use;

/** A text of a campaign file in this language, else in any that it has. */
export function saidIn(text: Said | undefined, language: Language): string {
  return typeof text === "object" ? (text[language] ?? Object.values(text)[0] ?? "") : (text ?? "");
}

/** The word of a list by a name that comes from outside; `otherwise` (the name itself) when the list lacks it. */
export function lookup(list: object, name: string, otherwise = name): string {
  return Object.hasOwn(list, name) ? (list as Record<string, string>)[name]! : otherwise;
}
