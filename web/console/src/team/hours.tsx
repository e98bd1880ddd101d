// Paid hours of a period and what they cost, by team and by person.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { money, number, NBSP } from "../format";
import { lookup, useWords } from "../i18n";
import { useStore } from "../store";
import { currency, Icon, Loading, zone } from "../ui/parts";
import { serverClock } from "../api";
import { calls } from "./calls";
import type { Hours, HoursDay, HoursRow, Team } from "./wire";
import { useTeamWords } from "./words";

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;

/** YYYY-MM-DD of today in the site's time zone, moved by whole days. */
function dayOf(back: number): string {
  const today = new Intl.DateTimeFormat("en-CA", { timeZone: zone(), year: "numeric", month: "2-digit", day: "2-digit" }).format(serverClock.now());
  return new Date(Date.parse(`${today}T00:00:00Z`) - back * DAY_MS).toISOString().slice(0, 10);
}

export function HoursPart({ teams, saved }: { teams: readonly Team[]; saved: number }): JSX.Element {
  const words = useTeamWords();
  const [period, setPeriod] = useState({ since: dayOf(27), until: dayOf(0) });
  const [hours, setHours] = useState<Hours | null>(null);
  const [failed, setFailed] = useState(false);
  const days = (Date.parse(period.until) - Date.parse(period.since)) / DAY_MS + 1;
  const good = days >= 1 && days <= MOST_DAYS;
  const fetch = (): (() => void) => {
    let over = false;
    if (!good) return () => undefined;
    calls.hours(period.since, period.until).then((found) => { if (!over) { setHours(found); setFailed(false); } }, (error: unknown) => {
      if (!isFailure(error)) throw error;
      if (!expired(error) && !over) setFailed(true);
    });
    return () => { over = true; };
  };
  useEffect(fetch, [period.since, period.until, saved]);
  const quick = (label: string, since: string): JSX.Element => <button type="button" aria-pressed={period.since === since && period.until === dayOf(0)} onClick={() => setPeriod({ since, until: dayOf(0) })}>{label}</button>;
  return (
    <section class="team-part" aria-labelledby="hours-title">
      <header class="part-head">
        <h3 id="hours-title">{words.hours.title}</h3>
        <div class="period">
          {quick(words.hours.last(7), dayOf(6))}{quick(words.hours.last(28), dayOf(27))}{quick(words.hours.month, `${dayOf(0).slice(0, 8)}01`)}
          <label>{words.hours.from}<input type="date" value={period.since} max={period.until} onInput={(event) => setPeriod({ ...period, since: event.currentTarget.value })} /></label>
          <label>{words.hours.until}<input type="date" value={period.until} min={period.since} onInput={(event) => setPeriod({ ...period, until: event.currentTarget.value })} /></label>
        </div>
      </header>
      {!good && <p class="problem" role="alert"><Icon name="circle-alert" />{words.hours.badPeriod}</p>}
      {good && failed && <p class="problem" role="alert"><Icon name="circle-alert" />{words.hours.failed}<button type="button" onClick={fetch}>{words.retry}</button></p>}
      {good && !failed && !hours && <Loading label={words.loading} rows={3} />}
      {good && hours && <Table hours={hours} teams={teams} />}
      <p class="foot-note">{words.hours.explain}</p>
    </section>
  );
}

const zero = (row: HoursRow): boolean => row.paid_h === 0 && row.logged_h === 0;

function Table({ hours, teams }: { hours: Hours; teams: readonly Team[] }): JSX.Element {
  const words = useTeamWords();
  const groups = hours.teams.filter((row) => !zero(row));
  const people = hours.staff.filter((row) => !zero(row)).sort((a, b) => b.paid_h - a.paid_h);
  if (groups.length === 0) return <p class="serif-line">{words.hours.none}</p>;
  const sum = (key: "paid_h" | "logged_h" | "available_h" | "cost"): number => groups.reduce((all, row) => all + row[key], 0);
  const loose = groups.some((row) => row.id === "");
  const total = { id: "total", name: words.hours.total, paid_h: sum("paid_h"), logged_h: sum("logged_h"), available_h: sum("available_h"), cost: sum("cost") };
  return (
    <div class="hours-scroll" role="region" aria-label={`${words.hours.title}, ${hours.since} \u2013 ${hours.until}`} tabIndex={0}>
      <table class="plain-table hours-table">
        <thead><tr><th scope="col">{words.hours.who}</th><th scope="col" class="figure">{words.hours.paid}</th><th scope="col" class="figure">{words.hours.logged}</th><th scope="col" class="figure">{words.hours.available}</th><th scope="col" class="figure">{words.hours.cost}</th></tr></thead>
        <tbody>
          <tr class="group-row"><th colSpan={5} scope="colgroup">{words.hours.teams}</th></tr>
          {groups.map((row) => <Line key={row.id} row={{ ...row, name: row.id === "" ? words.hours.noTeam : row.name }} known={row.id !== ""} detail={teams.find((team) => team.id === row.id)?.kind} />)}
          <tr class="group-row"><th colSpan={5} scope="colgroup">{words.hours.staff}</th></tr>
          {people.map((row) => <Line key={row.id} row={row} known={row.cost > 0 || !loose} days={hours.days.filter((day) => day.staff === row.id)} />)}
        </tbody>
        <tfoot><Line row={total} known={!(loose && groups.length === 1)} /></tfoot>
      </table>
      {loose && groups.length > 1 && <p class="foot-note">{words.hours.partial}</p>}
    </div>
  );
}

function Line({ row, known, detail, days }: { row: HoursRow; known: boolean; detail?: Team["kind"] | undefined; days?: readonly HoursDay[] }): JSX.Element {
  const words = useTeamWords();
  const language = useStore((state) => state.language);
  const hour = (value: number): string => `${number(value, language, 1)}${NBSP}${words.hours.hour}`;
  return (
    <tr>
      <th scope="row">{row.name}{detail && <small>{words.teams.kinds[detail]}</small>}{days && <Absences days={days} />}</th>
      <td class="figure">{hour(row.paid_h)}</td><td class="figure">{hour(row.logged_h)}</td><td class="figure">{hour(row.available_h)}</td>
      <td class="figure">{known ? money(row.cost, language, currency()) : <span title={words.hours.unknown}>–<span class="hidden">{words.hours.unknown}</span></span>}</td>
    </tr>
  );
}

/** How long away, by reason, the longest first. */
function Absences({ days }: { days: readonly HoursDay[] }): JSX.Element | null {
  const words = useTeamWords();
  const all = useWords();
  const language = useStore((state) => state.language);
  const sums = new Map<string, number>();
  for (const day of days) for (const [reason, seconds] of Object.entries(day.away_s)) sums.set(reason, (sums.get(reason) ?? 0) + seconds);
  const longest = [...sums].filter(([, seconds]) => seconds >= 360).sort((a, b) => b[1] - a[1]).slice(0, 3);
  if (longest.length === 0) return null;
  return <small>{longest.map(([reason, seconds]) => `${reason ? lookup(all.head.reasons, reason) : all.head.away} ${number(seconds / 3600, language, 1)}${NBSP}${words.hours.hour}`).join(", ")}</small>;
}
