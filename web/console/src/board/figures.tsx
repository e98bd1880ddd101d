// The figures of the day: five on a line, each with its period and denominator; the queue by skill; what is counted, in words.
import type { JSX } from "preact";
import { duration, number, NBSP } from "../format";
import { useStore } from "../store";
import type { Language } from "../wire";
import { isThere, level, useClock } from "./state";
import type { Board } from "./wire";
import { useBoardWords } from "./words";

export const share = (value: number, language: Language): string => `${number(value * 100, language, 0)}${language === "fr" ? NBSP : ""}%`;
const signed = (value: number, language: Language): string => (value > 0 ? `+${number(value, language, 0)}` : number(value, language, 0));

export function Figures({ board }: { board: Board }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const since = useClock() - board.at;
  const time = (seconds: number): string => duration(seconds * 1000, language);
  const there = board.agents.filter(isThere);
  const queued = board.queue.reduce((sum, one) => sum + one.n, 0);
  const longest = Math.max(0, ...board.queue.filter((one) => one.n > 0).map((one) => one.longest_s));
  const { service_level: served, waits, today } = board;
  const rows: [string, string][] = [
    [words.of(there.reduce((sum, one) => sum + one.load, 0), there.reduce((sum, one) => sum + one.maximum, 0)), words.slots],
    [String(queued), queued > 0 ? words.queue(time(longest + since / 1000)) : words.queueNone],
    waits.median_s === null ? ["–", words.firstNone] : [time(waits.median_s), words.first(time(waits.p90_s ?? waits.median_s))],
    served.share === null ? ["–", words.levelNone] : [share(served.share, language), words.level(time(served.target_s), served.within, served.within + served.late)],
    today.csat_mean === null ? ["–", words.csatNone] : [number(today.csat_mean, language, 1), words.csat(today.csat_n)],
  ];
  return <dl class="board-figures" aria-label={words.figures}>{rows.map(([figure, what]) => <div key={what}><dt>{what}</dt><dd>{figure}</dd></div>)}</dl>;
}

/** The longest wait of each skill on a bar that ends at one and a half of the target. */
export function QueueCard({ board }: { board: Board }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const since = useClock() - board.at;
  const target = board.service_level.target_s * 1000;
  const time = (ms: number): string => duration(ms, language);
  return (
    <section class="card board-card" aria-labelledby="board-queue">
      <h3 id="board-queue">{words.queueTitle}</h3>
      <p class="quiet-text">{board.queue.length === 0 ? words.queueEmpty : words.mark(time(target))}</p>
      <ul class="skill-waits">{board.queue.map((one) => {
        const waited = one.n > 0 ? one.longest_s * 1000 + since : 0;
        return (
          <li key={one.skill}>
            <span class="skill-name">{one.skill || words.anySkill}</span>
            <span class="skill-bar" aria-hidden="true"><span class={level(waited, target)} style={{ width: `${Math.min(100, (waited / target / 1.5) * 100)}%` }} /></span>
            <span class={`wait ${one.n > 0 ? level(waited, target) : "calm"}`}>{one.n > 0 ? <><span class="hidden">{words.longest("")}</span>{time(waited)}</> : "–"}</span>
            <small>{words.queued(one.n)}, {one.expected_s === null ? words.unknown : words.expected(time(one.expected_s * 1000))}</small>
          </li>
        );
      })}</ul>
    </section>
  );
}

export function LevelCard({ board }: { board: Board }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const { share: part, within, late, target_s } = board.service_level;
  return (
    <section class="card board-card" aria-labelledby="board-level">
      <h3 id="board-level">{words.levelTitle}{part !== null && <span>{share(part, language)}</span>}</h3>
      <p>{part === null ? words.defineNone : words.define(within, within + late, duration(target_s * 1000, language))}</p>
      {part !== null && <p class="quiet-text">{words.defineNext}</p>}
    </section>
  );
}

export function TodayCard({ board }: { board: Board }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const { today } = board;
  const rows: [string, string][] = [
    [words.opened, number(today.conversations, language)],
    [words.ended, number(today.closed, language)],
    [words.csatRow(today.csat_n), today.csat_mean === null ? "–" : number(today.csat_mean, language, 1)],
    [words.nps(today.nps_n), today.nps === null ? "–" : signed(today.nps, language)],
    [words.solved(today.solved_n), today.solved_share === null ? "–" : share(today.solved_share, language)],
  ];
  return (
    <section class="card board-card" aria-labelledby="board-today">
      <h3 id="board-today">{words.today}</h3>
      <dl class="figures">{rows.map(([what, figure]) => <div key={what}><dt>{what}</dt><dd>{figure}</dd></div>)}</dl>
      <p class="quiet-text">{words.todayNote}</p>
    </section>
  );
}
