// The words of the team's page, and the small sentences that several of its parts say.
import { pack } from "../i18n/pack";
import type { Day, Shift } from "../wire";
import type { en } from "./en";

export type TeamWords = typeof en;

const WORDS = pack<TeamWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const useTeamWords = WORDS.use;
export const teamWords = WORDS.now;
export const DAYS: readonly Day[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** « lun à ven 09:00–17:00 »: runs of three days and more in one piece. */
export function shiftText(shift: Shift, words: TeamWords): string {
  const at = DAYS.map((day) => shift.days.includes(day));
  const runs: [number, number][] = [];
  at.forEach((on, day) => {
    const last = runs.at(-1);
    if (!on) return;
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  });
  const name = (day: number): string => words.days[DAYS[day]!];
  const said = runs.flatMap(([from, to]) => (to - from >= 2 ? [words.dayTo(name(from), name(to))] : from === to ? [name(from)] : [name(from), name(to)]));
  return `${at.every(Boolean) ? words.everyDay : said.join(", ")} ${shift.start}\u2013${shift.end}`;
}
