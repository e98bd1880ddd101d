// Figures as the design writes them: shares, points, money, large sums on an axis; and numbers as somebody types them.
import { NBSP, fraction, number, tidy } from "../format";
import type { Language } from "../wire";
import type { Counted, Estimate } from "./wire";

const MINUS = "\u2212";
const locale = (language: Language): string => (language === "fr" ? "fr-FR" : "en-GB");

/** So many decimals that the second figure of this half-width shows. */
export const digitsOf = (half: number): number => (half > 0 && Number.isFinite(half) ? Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(half)))) : 2);

/** As it stands on the screen: shares and points in hundredths. */
export const shownAs = (counted: Counted, value: number): number => (counted === "share" || counted === "points" ? value * 100 : value);
export const meant = (counted: Counted, shown: number): number => (counted === "share" || counted === "points" ? Number((shown / 100).toPrecision(12)) : shown);

function plain(value: number, language: Language, least: number, most: number): string {
  return tidy(new Intl.NumberFormat(locale(language), { minimumFractionDigits: least, maximumFractionDigits: most }).format(Math.abs(value)));
}

const exact = (value: number, digits: number): boolean => Math.abs(value * 10 ** digits - Math.round(value * 10 ** digits)) < 1e-6;

/** How many decimals all three of an estimate take, no more than its width bears. */
export function decimals(counted: Counted, one: Estimate, currency: string): number {
  const three = [one.low, one.value, one.high].map((each) => shownAs(counted, each));
  if (counted === "money") return Math.max(...three.map(Math.abs)) < 1000 ? fraction(currency) : 0;
  const most = counted === "count" ? 0 : Math.max(counted === "points" ? 2 : 1, digitsOf((three[2]! - three[0]!) / 2));
  for (let digits = 0; digits < most; digits += 1) if (three.every((each) => exact(each, digits))) return digits;
  return most;
}

/** 420 000, 11,5 %, +0,91 pt, 84,40 €, 45 s. */
export function told(counted: Counted, value: number, digits: number, language: Language, currency: string): string {
  const shown = shownAs(counted, value);
  const sign = Math.round(shown * 10 ** digits) < 0 ? MINUS : counted === "points" ? "+" : "";
  if (counted === "money") return sign + cash(Math.abs(shown), digits, language, currency);
  const figure = sign + plain(shown, language, digits, digits);
  if (counted === "share") return figure + (language === "fr" ? `${NBSP}%` : "%");
  if (counted === "points") return `${figure}${NBSP}${language === "fr" ? "pt" : "pp"}`;
  return counted === "seconds" ? `${figure}${NBSP}s` : counted === "hours" ? `${figure}${NBSP}h` : figure;
}

/** An amount with so many decimals, and its currency's sign where the language puts it. */
export function cash(value: number, digits: number, language: Language, currency: string): string {
  try {
    return tidy(new Intl.NumberFormat(locale(language), { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value));
  } catch (error) {
    // A scenario may carry a currency that this browser does not know.
    if (error instanceof RangeError) return `${plain(value, language, digits, digits)}${NBSP}${currency}`;
    throw error;
  }
}

/** A sum at the precision that its half-width allows, as reports write it: 66 312 known by 39 500 is 66 300. */
export function rounded(value: number, half: number): number {
  const step = half > 0 ? 10 ** (Math.floor(Math.log10(half)) - 2) : 0.01;
  return Math.round(value / step) * step;
}

/** 62 000 €, with a true minus; no sign on a level. */
export function sum(value: number, half: number, language: Language, currency: string): string {
  const round = rounded(value, half);
  return (round < 0 ? MINUS : "") + cash(Math.abs(round), Math.abs(round) >= 100 || Number.isInteger(round) ? 0 : fraction(currency), language, currency);
}

const SIGNS = [[1e9, "Md", "bn"], [1e6, "M", "m"], [1e3, "k", "k"]] as const;

/** +65 k€ or +€65k: large sums on an axis, always with their sign. */
export function large(value: number, language: Language, currency: string, digits = 0): string {
  const [unit, french, english] = SIGNS.find(([one]) => Math.abs(value) >= one) ?? [1, "", ""];
  const scaled = Math.abs(value) / unit;
  const most = unit > 1 && scaled < 10 && !exact(scaled, 0) ? 1 : digits;
  const sign = Math.round(scaled * 10 ** most) === 0 ? "" : value < 0 ? MINUS : "+";
  const symbol = cash(0, 0, language, currency).replace(/[\d\s\u00a0]/g, "");
  return language === "fr" ? `${sign}${plain(scaled, language, 0, most)}${NBSP}${french}${symbol}` : `${sign}${symbol}${plain(scaled, language, 0, most)}${english}`;
}

/** What somebody has typed, in the unit of the screen; null when it is no number. */
export function typed(text: string): number | null {
  const bare = text.replace(/[\s\u00a0\u202f%€$£a-zA-Zé]/g, "").replace(MINUS, "-");
  const point = /,\d{3}(\D|$)/.test(bare) && bare.includes(".") ? bare.replaceAll(",", "") : bare.replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(point) ? Number(point) : null;
}

/** The same number as it is typed: with the language's own point, nothing else. */
export const asTyped = (counted: Counted, value: number, language: Language): string => {
  const text = String(Number(shownAs(counted, value).toPrecision(12)));
  return language === "fr" ? text.replace(".", ",") : text;
};

/** Round numbers on an axis: at most `most` of them from `low` to `high`. */
export function ticks(low: number, high: number, most: number): number[] {
  const rough = (high - low) / Math.max(1, most - 1);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? 10 * power;
  const found: number[] = [];
  for (let at = Math.ceil(low / step); at * step <= high + step * 1e-9; at += 1) found.push(at * step);
  return found;
}

/** A number with the decimals that two figures take. */
export const brief = (value: number, language: Language): string => (value < 0 ? MINUS : "") + number(Math.abs(value), language, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
