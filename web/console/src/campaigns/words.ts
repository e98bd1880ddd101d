// The words of the campaigns in the language that is on now.
import { pack } from "../i18n/pack";
import { get } from "../store";
import type { en } from "./en";
import type { Both, Text } from "./wire";

export type CampaignWords = typeof en;

const WORDS = pack<CampaignWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;

/** The words for a component, which draws again when the language changes. */
export const useCampaignWords = WORDS.use;
export const campaignWords = WORDS.now;

/** A text of two languages, or of one; empty when there is none. */
export function said(text: Both | Text | null | undefined): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  const all = text as Record<string, string>;
  return all[get().language] || Object.values(all).find(Boolean) || "";
}

/** A sentence's first letter as a capital. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
