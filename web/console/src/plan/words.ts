// The words of the plan.
import { pack } from "../i18n/pack";
import type { fr } from "./fr";

export type PlanWords = typeof fr;

const WORDS = pack<PlanWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const usePlanWords = WORDS.use;
export const planWords = WORDS.now;
