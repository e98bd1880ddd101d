// One row for each member of staff: status with its reason, slots as boxes, skills with their caps, team and planned hours.
import type { JSX } from "preact";
import { day, duration, moment } from "../format";
import { useWords } from "../i18n";
import { useStore } from "../store";
import { useNow, zone } from "../ui/parts";
import { may } from "../ui/sites";
import { initials, isThere, statusName } from "../ui/staff";
import type { Staff, Team } from "./wire";
import { shiftText, useTeamWords } from "./words";

const BOXES = 8;

export function Rows({ staff, teams, leads, onOpen }: { staff: readonly Staff[]; teams: readonly Team[]; leads: boolean; onOpen: (one: Staff) => void }): JSX.Element {
  const words = useTeamWords();
  return (
    <div class="card team-list" role="region" aria-label={words.list} tabIndex={0}>
      <table>
        <thead><tr><th scope="col">{words.columns.who}</th><th scope="col">{words.columns.slots}</th><th scope="col">{words.columns.skills}</th><th scope="col">{words.columns.team}</th></tr></thead>
        <tbody>{order(staff).map((one) => <Row key={one.id} one={one} team={teams.find((team) => team.id === one.team)?.name ?? ""} leads={leads} onOpen={onOpen} />)}</tbody>
      </table>
    </div>
  );
}

/** Whoever can answer first, then whoever is away, then those whose console is closed, last those who have left; by name. */
function order(staff: readonly Staff[]): Staff[] {
  const rank = (one: Staff): number => (one.left_at ? 3 : isThere(one) ? 0 : one.present ? 1 : 2);
  return [...staff].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function Row({ one, team, leads, onOpen }: { one: Staff; team: string; leads: boolean; onOpen: (one: Staff) => void }): JSX.Element {
  const words = useTeamWords();
  const me = useStore((state) => state.me?.id);
  const guards = useStore((state) => may(state.me, "staff"));
  const skills = Object.entries(one.skills);
  return (
    <tr class={isThere(one) ? "there" : "not-there"}>
      <th scope="row">
        <span class="initials" aria-hidden="true">{initials(one.name || one.email)}</span>
        <span class="who-is"><button type="button" class="who-name" aria-label={leads ? words.change(one.name || one.email) : words.look(one.name || one.email)} onClick={() => onOpen(one)}>{one.name || one.email}</button>{one.id === me && <small class="you">{words.you}</small>}{!one.left_at && <State one={one} />}{one.left_at && <AccessTag one={one} />}</span>
      </th>
      <td data-label={words.columns.slots}>{one.left_at ? <span class="quiet-text">–</span> : <Slots load={one.load} maximum={one.maximum} />}</td>
      <td data-label={words.columns.skills}>
        {skills.length === 0 ? <span class="quiet-text">{words.noSkills}</span> : <span class="skill-tags">{skills.map(([skill, cap]) => <span key={skill} class="tag line">{skill}{cap !== null && <em>{words.cap(cap)}</em>}</span>)}</span>}
      </td>
      <td data-label={words.columns.team}>
        <span>{team || <span class="quiet-text">{words.noTeam}</span>}{one.role !== "agent" && <span class="tag stone role-tag">{words.roles[one.role]}</span>}{guards && !one.left_at && <span class="access-tags"><AccessTag one={one} /></span>}</span>
        <small>{one.shifts.length === 0 ? words.noShifts : one.shifts.map((shift) => shiftText(shift, words)).join(" · ")}</small>
      </td>
    </tr>
  );
}

/** « a quitté l’équipe », else second factor or none. */
function AccessTag({ one }: { one: Staff }): JSX.Element {
  const words = useTeamWords().access;
  const language = useStore((state) => state.language);
  if (one.left_at) return <span class="tag stone" title={words.leftSince(day(one.left_at, language, zone()))}>{words.left}</span>;
  return <span class={one.totp ? "tag green" : "tag outline"}>{one.totp ? words.totp : words.noTotp}</span>;
}

/** The status, its reason and since when; a closed console is said first. */
function State({ one }: { one: Staff }): JSX.Element {
  const words = useTeamWords();
  const all = useWords();
  const language = useStore((state) => state.language);
  const now = useNow();
  if (!one.present) return <small class="state"><span class="dot away" />{words.offline}</small>;
  const late = one.reason === "no_answer";
  return (
    <small class={`state ${late ? "late" : ""}`}>
      <span class={`dot ${one.status} ${late ? "late" : ""}`} />{statusName(all, one.status, one.reason)}
      {one.since > 0 && <time title={moment(one.since, language, zone())}>{words.since(duration(now - one.since, language))}</time>}
    </small>
  );
}

/** Slots as boxes while there are few, always with the figure in words. */
function Slots({ load, maximum }: { load: number; maximum: number }): JSX.Element {
  const words = useTeamWords();
  if (maximum === 0 && load === 0) return <span class="quiet-text">{words.noSlots}</span>;
  const boxes = Math.max(maximum, load);
  return (
    <span class="slots">
      {boxes <= BOXES && <span class="slot-boxes" aria-hidden="true">{Array.from({ length: boxes }, (_, n) => <span key={n} class={n < load ? "taken" : "free"}>{n < load ? "" : words.slotFree}</span>)}</span>}
      {boxes > BOXES && <span class="slot-bar" aria-hidden="true"><span style={{ width: `${Math.min(100, (load / boxes) * 100)}%` }} /></span>}
      <span class="slot-figure">{words.slots(load, maximum)}</span>
    </span>
  );
}
