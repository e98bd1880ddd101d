// The words of goals and alarms.
import { pack } from "../i18n/pack";
import type { fr } from "./fr";

export type GoalWords = typeof fr;

const WORDS = pack<GoalWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const useGoalWords = WORDS.use;
export const goalWords = WORDS.now;
