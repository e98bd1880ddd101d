// The words of the discovery.
import { pack } from "../i18n/pack";
import type { fr } from "./discovery_fr";

export type DiscoveryWords = typeof fr;

const WORDS = pack<DiscoveryWords>({ fr: async () => (await import("./discovery_fr")).fr, en: async () => (await import("./discovery_en")).en });
export const ready = WORDS.ready;
export const usePlanDiscoveryWords = WORDS.use;
export const planDiscoveryWords = WORDS.now;
