// The words of the campaigns in the language that is on now.
import { get, useStore } from "../store";
import { en } from "./en";
import { fr } from "./fr";
import type { Both, Text } from "./wire";

const WORDS = { fr, en };
export type CampaignWords = typeof en;

/** The words for a component, which draws again when the language changes. */
export const useCampaignWords = (): CampaignWords => WORDS[useStore((state) => state.language)];
export const campaignWords = (): CampaignWords => WORDS[get().language];

/** A text of two languages, or of one; empty when there is none. */
export function said(text: Both | Text | null | undefined): string {
  if (!text) return "";
  if (typeof text === "string") return text;
  const all = text as Record<string, string>;
  return all[get().language] || Object.values(all).find(Boolean) || "";
}

/** A sentence's first letter as a capital. */
export const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);
