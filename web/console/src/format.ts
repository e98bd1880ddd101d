// Numbers, money, times and durations, as the design rules write them: U+00A0 in numbers, U+2212 for minus.
import type { Language } from "./wire";

export const NBSP = "\u00a0";

/** Replaces the narrow space that Intl gives and that our font lacks, and the hyphen before a number. */
export function tidy(text: string): string {
  return text.replaceAll("\u202f", NBSP).replace(/^-(?=[\d€$£])/, "\u2212");
}

const locale = (language: Language): string => (language === "fr" ? "fr-FR" : "en-GB");
const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function made<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const known = cache.get(key) as T | undefined;
  if (known) return known;
  const fresh = make();
  cache.set(key, fresh);
  return fresh;
}

/** 1 234,5 or 1,234.5; at most `digits` decimals. */
export function number(value: number, language: Language, digits = 2): string {
  return tidy(made(`n${language}${digits}`, () => new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits })).format(value));
}

/** 104,70 € or €104.70, in the currency of the site; what is no currency stands behind the number as it is. */
export function money(value: number, language: Language, currency: string): string {
  try {
    return tidy(made(`m${language}${currency}`, () => new Intl.NumberFormat(locale(language), { style: "currency", currency })).format(value));
  } catch (error) {
    // One card with a currency that nobody knows would take the whole conversation off the screen.
    if (error instanceof RangeError) return `${number(value, language)}${NBSP}${currency}`;
    throw error;
  }
}

/** How many decimals a currency has; two for what is none. */
export function fraction(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch (error) {
    if (error instanceof RangeError) return 2;
    throw error;
  }
}

/** An amount in minor units of a currency: 500 of EUR are 5,00 €. */
export const minor = (amount: number, language: Language, currency: string): string => money(amount / 10 ** fraction(currency), language, currency);

/** 2:05 under an hour, then 1 h 20 (1 h 20 min in English), then days. `ms` is a length of time. */
export function duration(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor((seconds % 3600) / 60)).padStart(2, "0");
  if (hours < 48) return language === "fr" ? `${hours}${NBSP}h${NBSP}${minutes}` : `${hours}${NBSP}h${NBSP}${minutes}${NBSP}min`;
  return `${Math.floor(hours / 24)}${NBSP}${language === "fr" ? "jours" : "days"}`;
}

/** 14:09, in the time zone of the site. */
export function clock(at: number, zone: string): string {
  return made(`c${zone}`, () => new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone })).format(at);
}

/** 22 nov. 2026 or 22 Nov 2026. */
export function day(at: number, language: Language, zone: string): string {
  const options = { day: "numeric", month: "short", year: "numeric", timeZone: zone } as const;
  return tidy(made(`d${language}${zone}`, () => new Intl.DateTimeFormat(locale(language), options)).format(at).replace("Sept", "Sep"));
}

/** The full date, time and zone, for what shows on hover. */
export function moment(at: number, language: Language, zone: string): string {
  const options = { dateStyle: "full", timeStyle: "long", timeZone: zone } as const;
  return tidy(made(`f${language}${zone}`, () => new Intl.DateTimeFormat(locale(language), options)).format(at));
}

/** Clock if `at` lies on the same day as `now`, else day and clock. */
export function when(at: number, now: number, language: Language, zone: string): string {
  const text = clock(at, zone);
  return day(at, language, zone) === day(now, language, zone) ? text : `${day(at, language, zone)}, ${text}`;
}

/** The name of a country or language in the reader's language; the code itself when it is none. */
export function nameOf(type: "region" | "language", code: string, language: Language): string {
  try {
    return new Intl.DisplayNames([locale(language)], { type }).of(code) ?? code;
  } catch (error) {
    if (error instanceof RangeError) return code;
    throw error;
  }
}
