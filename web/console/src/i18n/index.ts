// The words of the console. English is typed by French: a missing or superfluous word does not compile.
import { get, useStore } from "../store";
import { en } from "./en";
import { fr, type Words } from "./fr";

const WORDS: Record<"fr" | "en", Words> = { fr, en };

/** The words of the language that is on now, for code outside components. */
export const words = (): Words => WORDS[get().language];

/** The words for a component, which draws again when the language changes. */
export const useWords = (): Words => WORDS[useStore((state) => state.language)];

/** The word of a list by a name that comes from outside; `otherwise` (the name itself) when the list lacks it. */
export function lookup(list: object, name: string, otherwise = name): string {
  return Object.hasOwn(list, name) ? (list as Record<string, string>)[name]! : otherwise;
}
