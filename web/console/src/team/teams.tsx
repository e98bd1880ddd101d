// Teams: people who cost alike.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { Field, NumberField } from "../campaigns/parts";
import { money } from "../format";
import { toast, useStore } from "../store";
import { currency, Dialog, Icon } from "../ui/parts";
import { calls } from "./calls";
import { refusal } from "./person";
import type { Staff, Team } from "./wire";
import { teamWords, useTeamWords } from "./words";

const MOST_COST = 10_000;

export function Teams({ teams, staff, leads, onSaved }: { teams: readonly Team[]; staff: readonly Staff[]; leads: boolean; onSaved: () => void }): JSX.Element {
  const words = useTeamWords();
  const language = useStore((state) => state.language);
  const [chosen, setChosen] = useState<Team | "fresh" | null>(null);
  return (
    <section class="team-part" aria-labelledby="teams-title">
      <header class="part-head"><h3 id="teams-title">{words.teams.title}</h3>{leads && <button type="button" onClick={() => setChosen("fresh")}><Icon name="plus" />{words.teams.fresh}</button>}</header>
      {teams.length === 0 && <p class="quiet-text">{words.teams.none} {words.teams.noneNext}</p>}
      {teams.length > 0 && (
        <table class="plain-table">
          <thead><tr><th scope="col">{words.teams.name}</th><th scope="col">{words.teams.kind}</th><th scope="col" class="figure">{words.teams.people}</th><th scope="col" class="figure">{words.teams.cost}</th></tr></thead>
          <tbody>{teams.map((team) => (
            <tr key={team.id}>
              <th scope="row">{leads ? <button type="button" class="who-name" aria-label={words.teams.change(team.name)} onClick={() => setChosen(team)}>{team.name}</button> : team.name}</th>
              <td>{words.teams.kinds[team.kind]}</td>
              <td class="figure">{staff.filter((one) => one.team === team.id).length}</td>
              <td class="figure">{money(team.cost_per_hour, language, currency())}{words.hours.perHour}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {chosen && <Edit team={chosen === "fresh" ? null : chosen} onSaved={onSaved} onClose={() => setChosen(null)} />}
    </section>
  );
}

function Edit({ team, onSaved, onClose }: { team: Team | null; onSaved: () => void; onClose: () => void }): JSX.Element {
  const words = useTeamWords();
  const [draft, setDraft] = useState({ name: team?.name ?? "", kind: team?.kind ?? ("inhouse" as Team["kind"]), cost: (team?.cost_per_hour ?? null) as number | null });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const title = team ? team.name : words.teams.fresh;
  const put = (part: Partial<typeof draft>): void => { setDraft({ ...draft, ...part }); setProblem(""); };
  const save = async (): Promise<void> => {
    const name = draft.name.trim();
    if (!name) return setProblem(words.person.needName);
    setBusy(true);
    try {
      await calls.saveTeam({ ...(team ? { id: team.id } : {}), name, kind: draft.kind, cost_per_hour: draft.cost ?? 0 });
      toast(teamWords().teams.saved(name));
      onSaved();
      onClose();
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (!expired(error)) setProblem(refusal(error, words));
    }
    setBusy(false);
    return undefined;
  };
  return (
    <Dialog label={title} onClose={onClose}>
      <form class="person" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <h2>{title}</h2>
        <div class="person-fields">
          <Field label={words.teams.name}><input required maxLength={200} autofocus value={draft.name} onInput={(event) => put({ name: event.currentTarget.value })} /></Field>
          <div class="field-row">
            <Field label={words.teams.kind}><select value={draft.kind} onChange={(event) => put({ kind: event.currentTarget.value as Team["kind"] })}>{(["inhouse", "outsourced"] as const).map((kind) => <option key={kind} value={kind}>{words.teams.kinds[kind]}</option>)}</select></Field>
            <Field label={`${words.teams.cost} (${currency()})`} hint={words.teams.badCost}><NumberField value={draft.cost} min={0} max={MOST_COST} step={0.5} onNumber={(cost) => put({ cost })} /></Field>
          </div>
        </div>
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <p class="actions"><button type="submit" class="primary" disabled={busy}>{words.teams.save}</button><button type="button" onClick={onClose}>{words.person.cancel}</button></p>
      </form>
    </Dialog>
  );
}
