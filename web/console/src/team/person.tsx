// Somebody of the team: name, role, team, slots, skills with their caps, planned hours. Also somebody new, with a first password.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { Refused } from "../api";
import { Field, NumberField } from "../campaigns/parts";
import { lookup } from "../i18n";
import { toast, useStore } from "../store";
import { later } from "../ui/later";
import { admin } from "../ui/parted";
import { Dialog, Icon } from "../ui/parts";
import { may } from "../ui/sites";
import { calls } from "./calls";
import { RANKS } from "./index";
import { ShiftFields } from "./shifts";
import { SkillFields } from "./skills";
import type { Changes, Role, Shift, Staff, Team } from "./wire";
import { teamWords, useTeamWords, type TeamWords } from "./words";

const Access = later(async () => (await admin()).Access);
const LinkOnce = later(async () => (await admin()).LinkOnce);
const SiteChecks = later(async () => (await admin()).SiteChecks);
const MOST_SLOTS = 100;
const DEFAULT_SLOTS = 4;

/** What the server refuses, in words. */
export function refusal(error: unknown, words: TeamWords): string {
  if (!(error instanceof Refused)) return words.problems.other;
  const where = (error.body.error as { where?: string } | undefined)?.where ?? "";
  return lookup(words.problems, error.code === "bad_input" ? where : error.code, error.code === "bad_input" ? words.problems.bad_input : words.problems.other);
}

export function Person({ one, staff, teams, leads, onSaved, onChanged, onClose }: { one: Staff | null; staff: readonly Staff[]; teams: readonly Team[]; leads: boolean; onSaved: (one: Staff) => void; onChanged: (one: Staff) => void; onClose: () => void }): JSX.Element {
  const words = useTeamWords();
  const mine = useStore((state) => (state.me?.role ?? "analyst") as Role);
  const [draft, setDraft] = useState({ name: one?.name ?? "", email: "", password: "", role: one?.role ?? ("agent" as Role), team: one?.team ?? "", maximum: one?.maximum ?? DEFAULT_SLOTS, skills: one?.skills ?? {}, shifts: one?.shifts ?? ([] as readonly Shift[]), sites: one?.sites ?? ([] as readonly string[]) });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const put = (part: Partial<typeof draft>): void => { setDraft({ ...draft, ...part }); setProblem(""); };
  const above = one !== null && RANKS.indexOf(one.role) > RANKS.indexOf(mine);
  const here = useStore((state) => state.me?.site.id);
  const elsewhere = one !== null && (one.sites?.includes(here ?? "") ?? false);
  const locked = !leads || above || elsewhere;
  const [link, setLink] = useState("");
  const sites = useStore((state) => state.me?.sites);
  const guards = useStore((state) => may(state.me, "staff"));
  const title = one ? one.name || one.email : words.person.fresh;
  const save = async (): Promise<void> => {
    const wrong = faultOf(draft, words);
    if (wrong) return setProblem(wrong);
    setBusy(true);
    try {
      const changes: Changes = { name: draft.name.trim(), role: draft.role, team: draft.team, maximum: draft.maximum, skills: draft.skills, shifts: [...draft.shifts], ...(draft.sites.length || one?.sites?.length ? { sites: [...draft.sites] } : {}) };
      const saved = one ? await calls.change(one.id, changed(one, changes)) : await calls.add({ ...changes, email: draft.email.trim(), ...(draft.password ? { password: draft.password } : {}) });
      onSaved(saved);
      toast(one ? teamWords().person.saved(changes.name!) : teamWords().person.added(changes.name!));
      if (saved.link) setLink(saved.link);
      else onClose();
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (!expired(error)) setProblem(refusal(error, words));
    }
    setBusy(false);
    return undefined;
  };
  return (
    <Dialog label={title} onClose={onClose} wide>
      {link && <LinkOnce name={draft.name} link={link} onKept={onClose} />}
      <form class="person" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <h2>{title}</h2>
        {above && <p class="read-only"><Icon name="lock" />{words.person.above}</p>}
        {elsewhere && <p class="read-only"><Icon name="lock" />{words.access.elsewhere}</p>}
        <div class="person-fields">
        <fieldset class="bare person-set" disabled={locked}>
          <div class="field-row">
            <Field label={words.person.name}><input required maxLength={200} autofocus value={draft.name} onInput={(event) => put({ name: event.currentTarget.value })} /></Field>
            {!one && <Field label={words.person.email}><input required type="email" autocomplete="off" value={draft.email} onInput={(event) => put({ email: event.currentTarget.value })} /></Field>}
            {!one && <Field label={words.person.password} hint={words.access.noPassword}><input type="password" autocomplete="new-password" value={draft.password} onInput={(event) => put({ password: event.currentTarget.value })} /></Field>}
          </div>
          <div class="field-row">
            <Field label={words.person.role}><select value={draft.role} onChange={(event) => put({ role: event.currentTarget.value as Role })}>{RANKS.filter((role) => role === draft.role || RANKS.indexOf(role) <= RANKS.indexOf(mine)).map((role) => <option key={role} value={role}>{words.roles[role]}</option>)}</select></Field>
            <Field label={words.person.team}><select value={draft.team} onChange={(event) => put({ team: event.currentTarget.value })}><option value="">{words.noTeam}</option>{teams.map((team) => <option key={team.id} value={team.id}>{team.name}</option>)}</select></Field>
            <Field label={words.person.maximum} hint={words.person.maximumHint}><NumberField value={draft.maximum} min={0} max={MOST_SLOTS} step={1} onNumber={(value) => put({ maximum: Math.round(value ?? 0) })} /></Field>
          </div>
          <SkillFields skills={draft.skills} known={[...new Set(staff.flatMap((each) => Object.keys(each.skills)))].sort()} onChange={(skills) => put({ skills })} />
          <ShiftFields shifts={draft.shifts} onChange={(shifts) => put({ shifts })} />
          {guards && (sites?.length ?? 0) > 1 && <SiteChecks chosen={draft.sites} onChange={(sites) => put({ sites })} />}
        </fieldset>
        {one && guards && !locked && <Access one={one} onChanged={onChanged} />}
        </div>
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <p class="actions">
          {!locked && <button type="submit" class="primary" disabled={busy}>{one ? words.person.save : words.person.create}</button>}
          <button type="button" onClick={onClose} autofocus={locked}>{locked ? words.person.close : words.person.cancel}</button>
          {one !== null && one.load > 0 && !locked && <span class="quiet-text">{words.person.keeps}</span>}
        </p>
      </form>
    </Dialog>
  );
}

/** Only what is another value: two who change different things of one person do not undo each other. */
function changed(one: Staff, all: Changes): Changes {
  const differs = ([name, value]: [string, unknown]): boolean => JSON.stringify(one[name as keyof Staff]) !== JSON.stringify(value);
  return Object.fromEntries(Object.entries(all).filter(differs));
}

function faultOf(draft: { name: string; shifts: readonly Shift[] }, words: TeamWords): string {
  if (!draft.name.trim()) return words.person.needName;
  if (draft.shifts.some((shift) => shift.days.length === 0)) return words.person.needDays;
  return draft.shifts.some((shift) => shift.start === shift.end) ? words.person.sameTimes : "";
}
