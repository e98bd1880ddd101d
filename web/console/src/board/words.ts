// The words of the supervisor's board.
import { pack } from "../i18n/pack";
import type { en } from "./en";

export type BoardWords = typeof en;

const WORDS = pack<BoardWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const useBoardWords = WORDS.use;
