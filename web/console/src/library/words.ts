// The words of the library, and what a refusal means in them.
import { Refused } from "../api";
import { pack } from "../i18n/pack";
import type { fr } from "./fr";
import type { Sort } from "./wire";

export type LibraryWords = typeof fr;

const WORDS = pack<LibraryWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const useLibraryWords = WORDS.use;
export const libraryWords = WORDS.now;

/** Where the server says that something is wrong, in the reader's words. */
export function refusal(error: unknown, sort: Sort): string {
  const words = libraryWords().refused;
  if (!(error instanceof Refused)) return words.other;
  if (error.code === "shortcut_taken" || error.code === "role" || error.code === "too_many") return words[error.code];
  const where = (error.body.error as { where?: string } | undefined)?.where ?? "";
  const [part, line, sign] = where.split(":");
  const step = /^steps\[(\d+)\]/.exec(where);
  if (step) return words.step(Number(step[1]) + 1);
  if (where === "steps") return words.lost;
  if (part === "body" && line && sign) return (sort === "article" ? words.link : words.variable)(words.line(line, sign));
  if (part === "body") return words.text;
  if (part === "shortcut" || part === "url" || part === "title") return words[part];
  return words.other;
}
