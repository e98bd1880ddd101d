// The words of the colleagues' panel.
import { get, useStore } from "../store";
import { en } from "./en";
import { fr } from "./fr";

const WORDS = { fr, en };
export type TalkWords = typeof en;

export const useTalkWords = (): TalkWords => WORDS[useStore((state) => state.language)];
export const talkWords = (): TalkWords => WORDS[get().language];
