// The words of the supervisor's board.
import { useStore } from "../store";
import { en } from "./en";
import { fr } from "./fr";

const WORDS = { fr, en };
export type BoardWords = typeof en;

export const useBoardWords = (): BoardWords => WORDS[useStore((state) => state.language)];
