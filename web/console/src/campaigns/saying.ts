// Frequency, hours, budget and capacity as sentences.
import { day as dayOf, NBSP, number } from "../format";
import { get } from "../store";
import { takesSlot } from "./file";
import { percent } from "./parts";
import { campaignWords } from "./words";
import type { Budget, Frequency, Hours, Offer, Schedule, SiteRules } from "./wire";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** "24h" as 24 h, "30s" as 30 s: the units apart, with U+00A0. */
export function spaced(duration: string): string {
  const french = get().language === "fr";
  return duration.replace(/(\d+)(ms|d|h|m|s)/g, (_, count: string, unit: string) => `${count}${NBSP}${unit === "d" ? (french ? (count === "1" ? "jour" : "jours") : count === "1" ? "day" : "days") : unit === "m" ? "min" : unit} `).trim();
}

export function frequencySaid(frequency: Frequency | undefined): string {
  const words = campaignWords().when;
  const { once_per_session = true, after_decline, after_chat, at_most, per } = frequency ?? {};
  return [once_per_session ? words.once : words.often, after_decline ? words.silence(spaced(after_decline)) : "", after_chat ? words.chat(spaced(after_chat)) : "", at_most && per ? words.most(at_most, spaced(per)) : ""].filter(Boolean).join(", ");
}

const time = (text: string): string => (get().language === "fr" ? text.replace(/^0?(\d+):00$/, `$1${NBSP}h`).replace(/^0?(\d+):(\d\d)$/, `$1${NBSP}h${NBSP}$2`) : text);

function daysSaid(days: readonly string[] | undefined): string {
  const { when, days: names } = campaignWords();
  const held = DAYS.filter((one) => !days || days.includes(one));
  if (held.length === 7 || held.length === 0) return when.everyDay;
  const [first, last] = [DAYS.indexOf(held[0]!), DAYS.indexOf(held.at(-1)!)];
  if (held.length > 2 && last - first === held.length - 1) return when.range(names[held[0]!], names[held.at(-1)!]);
  return when.only(held.map((one) => names[one]).join(", "));
}

/** "Europe/Paris" as Paris. */
const place = (zone: string): string => zone.split("/").at(-1)!.replaceAll("_", " ");

export function scheduleSaid(schedule: Schedule | undefined, site: SiteRules | undefined): string {
  const words = campaignWords().when;
  const whole = (text: string): string => dayOf(Date.parse(`${text}T12:00:00Z`), get().language, "UTC");
  const hours = schedule?.hours ?? [];
  const told = hours.length === 0 ? [words.always] : hours.map((one: Hours) => words.days(daysSaid(one.days), time(one.start), time(one.end)));
  return [...told, hours.length > 0 ? words.zone(place(site?.time_zone ?? "UTC")) : "", schedule?.start ? words.from(whole(schedule.start)) : "", schedule?.end ? words.until(whole(schedule.end)) : ""].filter(Boolean).join(", ");
}

export function budgetSaid(budget: Budget | null | undefined): string {
  const words = campaignWords().when;
  const language = get().language;
  const told = [budget?.invitations != null ? words.invitations(number(budget.invitations, language)) : "", budget?.accepted != null ? words.accepted(number(budget.accepted, language)) : ""].filter(Boolean);
  if (told.length === 0) return words.noBudget;
  return words.budgetSays(told.join(", "), budget?.per ? (words.per as Record<string, string>)[budget.per]! : words.life);
}

export function capacitySaid(offer: Offer | undefined, site: SiteRules | undefined): string {
  const words = campaignWords().when;
  if (!takesSlot(offer?.channel)) return words.free;
  const risk = percent(site?.epsilon ?? 0.05, 1);
  return offer?.skill ? words.skill(offer.skill, risk) : words.anyone(risk);
}
