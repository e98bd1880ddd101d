// The team's part of the console: who stands how, who can what, and what the hours cost. It comes with its screen.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { useStore } from "../store";
import { Empty, Icon, Loading } from "../ui/parts";
import { isThere, useStaff } from "../ui/staff";
import { calls } from "./calls";
import { HoursPart } from "./hours";
import { Person } from "./person";
import { Rows } from "./rows";
import { Teams } from "./teams";
import type { Role, Staff, Team as Group } from "./wire";
import { useTeamWords } from "./words";

export { ready } from "./words";

export const RANKS: readonly Role[] = ["analyst", "agent", "supervisor", "manager", "admin"];
const LEADS: readonly string[] = RANKS.slice(2);

export function Team(): JSX.Element {
  const words = useTeamWords();
  const staff = useStaff();
  const [teams, setTeams] = useState<readonly Group[]>([]);
  const [chosen, setChosen] = useState<Staff | "fresh" | null>(null);
  const [saved, setSaved] = useState(0);
  const leads = useStore((state) => LEADS.includes(state.me?.role ?? ""));
  useEffect(() => {
    calls.teams().then(setTeams, (error: unknown) => {
      if (!isFailure(error)) throw error;
      expired(error);
    });
  }, [saved, staff.list === null]);
  if (!staff.list) {
    return staff.failed
      ? <Empty title={words.failed}><button type="button" onClick={staff.again}>{words.retry}</button></Empty>
      : <Loading label={words.loading} rows={6} />;
  }
  const done = (one: Staff): void => { staff.put(one); setSaved((count) => count + 1); };
  return (
    <div class="team-page">
      <header class="page-head">
        <Finding staff={staff.list} />
        {leads && <div class="page-actions"><button type="button" class="primary" onClick={() => setChosen("fresh")}><Icon name="user-plus" />{words.add}</button></div>}
      </header>
      {!leads && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
      {staff.failed && <p class="read-only problem" role="alert"><Icon name="circle-alert" />{words.stale}</p>}
      <Rows staff={staff.list} teams={teams} leads={leads} onOpen={setChosen} />
      <Teams teams={teams} staff={staff.list} leads={leads} onSaved={() => setSaved((count) => count + 1)} />
      <HoursPart saved={saved} teams={teams} />
      {chosen && <Person one={chosen === "fresh" ? null : chosen} staff={staff.list} teams={teams} leads={leads} onSaved={done} onChanged={(one) => { done(one); setChosen(one); }} onClose={() => setChosen(null)} />}
    </div>
  );
}

/** The one sentence of the page. */
function Finding({ staff }: { staff: readonly Staff[] }): JSX.Element {
  const words = useTeamWords();
  const agents = staff.filter((one) => one.maximum > 0 && one.role !== "analyst" && !one.left_at);
  const there = agents.filter(isThere);
  const slots = there.reduce((sum, one) => sum + one.maximum, 0);
  const free = there.reduce((sum, one) => sum + Math.max(0, one.maximum - one.load), 0);
  return <h2 class="page-title" aria-live="off">{words.finding(there.length, agents.length)}{there.length > 0 && <>, {words.free(free, slots)}</>}</h2>;
}
