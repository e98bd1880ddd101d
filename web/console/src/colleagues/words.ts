// The words of the colleagues' panel.
import { pack } from "../i18n/pack";
import type { en } from "./en";

export type TalkWords = typeof en;

const WORDS = pack<TalkWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const useTalkWords = WORDS.use;
export const talkWords = WORDS.now;
