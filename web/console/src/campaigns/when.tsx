// When, and how often? One sentence each, with its editor below it when it is asked for.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../ui/parts";
import { isDuration, withCampaign, withRule } from "./file";
import { Faults, Field, NumberField, type Path } from "./parts";
import { budgetSaid, capacitySaid, DAYS, frequencySaid, scheduleSaid } from "./saying";
import { edit, mayWrite, useDesk } from "./state";
import { useCampaignWords } from "./words";
import type { Budget, Campaign, CampaignFile, Frequency, Hours, Rule, Schedule } from "./wire";

export function When({ campaign, rule, file, at, ruleAt }: { campaign: Campaign; rule: Rule; file: CampaignFile; at: Path; ruleAt: Path }): JSX.Element {
  const words = useCampaignWords();
  const set = (part: Partial<Campaign>): void => edit((whole) => withCampaign(whole, campaign.name, (one) => ({ ...one, ...part })));
  return (
    <section class="part" aria-labelledby="when-title">
      <header class="part-head"><h3 id="when-title">{words.when.title}</h3></header>
      <div class="card when">
        <Line icon="repeat-1" name={words.when.frequency} says={frequencySaid(campaign.frequency)} at={[...at, "frequency"]}><FrequencyEditor frequency={campaign.frequency ?? {}} onChange={(frequency) => set({ frequency })} /></Line>
        <Line icon="clock" name={words.when.hours} says={scheduleSaid(campaign.schedule, file.site)} at={[...at, "schedule"]}><ScheduleEditor schedule={campaign.schedule ?? {}} onChange={(schedule) => set({ schedule })} /></Line>
        <Line icon="user-check" name={words.when.capacity} says={capacitySaid(rule.offer, file.site)} at={[...ruleAt, "skill"]}><SkillEditor campaign={campaign.name} rule={rule} /></Line>
        <Line icon="wallet" name={words.when.budget} says={budgetSaid(campaign.budget)} at={[...at, "budget"]}><BudgetEditor budget={campaign.budget ?? {}} onChange={(budget) => set({ budget: budget.invitations == null && budget.accepted == null ? null : budget })} /></Line>
        <Line icon="arrow-up" name={words.when.priority} says={words.when.prior(rule.priority ?? 0)} at={[...ruleAt, "priority"]}><Field label={words.when.editPriority}><NumberField value={rule.priority ?? 0} onNumber={(value) => { if (value !== null && Number.isInteger(value)) edit((whole) => withRule(whole, campaign.name, rule.name, (one) => ({ ...one, priority: value }))); }} /></Field></Line>
      </div>
    </section>
  );
}

function Line({ icon, name, says, at, children }: { icon: IconName; name: string; says: string; at: Path; children: ComponentChildren }): JSX.Element {
  const words = useCampaignWords();
  const [open, setOpen] = useState(false);
  return (
    <div class="when-line">
      <Icon name={icon} size={18} /><p><span class="hidden">{name}: </span>{says}</p>
      <button type="button" class="quiet" aria-expanded={open} disabled={!mayWrite()} onClick={() => setOpen(!open)}>{open ? words.close : words.change}<span class="hidden"> {name}</span></button>
      <Faults at={at} />
      {open && <div class="when-editor" role="group" aria-label={name}>{children}</div>}
    </div>
  );
}

/** A duration as text: handed on when it can be read, or empty. */
export function DurationField({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }): JSX.Element {
  const words = useCampaignWords();
  const [text, setText] = useState(value);
  const bad = text !== "" && !isDuration(text);
  return <Field label={label} problem={bad ? words.when.bad : null}><input class="short" value={text} placeholder="24h" spellcheck={false} aria-invalid={bad} onInput={(event) => { const typed = event.currentTarget.value.trim(); setText(typed); if (typed === "" || isDuration(typed)) onChange(typed); }} /></Field>;
}

function FrequencyEditor({ frequency, onChange }: { frequency: Frequency; onChange: (frequency: Frequency) => void }): JSX.Element {
  const words = useCampaignWords();
  const put = (part: Partial<Frequency>): void => onChange({ ...frequency, ...part });
  return (
    <>
      <label class="check"><input type="checkbox" checked={frequency.once_per_session ?? true} onChange={(event) => put({ once_per_session: event.currentTarget.checked })} />{words.when.editOnce}</label>
      <DurationField label={words.when.editDecline} value={frequency.after_decline ?? ""} onChange={(text) => put({ after_decline: text || null })} />
      <DurationField label={words.when.editChat} value={frequency.after_chat ?? ""} onChange={(text) => put({ after_chat: text || null })} />
      <Field label={words.when.editMost}><NumberField value={frequency.at_most ?? null} min={1} onNumber={(value) => put({ at_most: value, per: value === null ? null : frequency.per || "30d" })} /></Field>
      {frequency.at_most != null && <DurationField key="per" label={words.when.editPer} value={frequency.per ?? ""} onChange={(text) => text && put({ per: text })} />}
    </>
  );
}

function ScheduleEditor({ schedule, onChange }: { schedule: Schedule; onChange: (schedule: Schedule) => void }): JSX.Element {
  const words = useCampaignWords();
  const hours = schedule.hours ?? [];
  const put = (at: number, part: Partial<Hours>): void => onChange({ ...schedule, hours: hours.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  const toggle = (one: Hours, day: string): string[] => { const now = one.days ?? DAYS; return DAYS.filter((each) => (each === day ? !now.includes(each) : now.includes(each))); };
  return (
    <>
      <Field label={words.when.editStart}><input type="date" value={schedule.start ?? ""} onChange={(event) => onChange({ ...schedule, start: event.currentTarget.value || null })} /></Field>
      <Field label={words.when.editEnd}><input type="date" value={schedule.end ?? ""} onChange={(event) => onChange({ ...schedule, end: event.currentTarget.value || null })} /></Field>
      {hours.map((one, at) => (
        <fieldset class="hours" key={at}><legend>{words.when.editHours} {at + 1}</legend>
          <Field label={words.when.editFrom}><input type="time" value={one.start} onChange={(event) => event.currentTarget.value && put(at, { start: event.currentTarget.value })} /></Field>
          <Field label={words.when.editTo}><input type="time" value={one.end === "24:00" ? "00:00" : one.end} onChange={(event) => event.currentTarget.value && put(at, { end: event.currentTarget.value === "00:00" ? "24:00" : event.currentTarget.value })} /></Field>
          <span class="days">{DAYS.map((day) => <label key={day} class="check"><input type="checkbox" checked={(one.days ?? DAYS).includes(day)} onChange={() => { const days = toggle(one, day); if (days.length > 0) put(at, { days }); }} />{words.days[day].slice(0, 3)}<span class="hidden"> {words.days[day]}</span></label>)}</span>
          <button type="button" class="quiet" onClick={() => onChange({ ...schedule, hours: hours.filter((_, index) => index !== at) })}><Icon name="x" />{words.remove}</button>
        </fieldset>
      ))}
      <button type="button" onClick={() => onChange({ ...schedule, hours: [...hours, { start: "09:00", end: "19:00" }] })}><Icon name="plus" />{words.when.addHours}</button>
    </>
  );
}

function SkillEditor({ campaign, rule }: { campaign: string; rule: Rule }): JSX.Element {
  const words = useCampaignWords();
  const skills = useDesk((desk) => desk.schema?.skills ?? NO_SKILLS);
  const skill = rule.offer?.skill ?? "";
  const put = (value: string): void => edit((whole) => withRule(whole, campaign, rule.name, (one) => ({ ...one, offer: { ...one.offer, skill: value || null } })));
  return <><Field label={words.when.editSkill} hint={words.when.epsilon}><select value={skill} onChange={(event) => put(event.currentTarget.value)}><option value="">{words.when.anybody}</option>{[...new Set([...skills, skill])].filter(Boolean).map((one) => <option key={one}>{one}</option>)}</select></Field></>;
}
const NO_SKILLS: string[] = [];

function BudgetEditor({ budget, onChange }: { budget: Budget; onChange: (budget: Budget) => void }): JSX.Element {
  const words = useCampaignWords();
  const periods = Object.entries(words.when.period);
  return (
    <>
      <Field label={words.when.editInvitations}><NumberField value={budget.invitations ?? null} min={1} onNumber={(value) => onChange({ ...budget, invitations: value })} /></Field>
      <Field label={words.when.editAccepted}><NumberField value={budget.accepted ?? null} min={1} onNumber={(value) => onChange({ ...budget, accepted: value })} /></Field>
      <Field label={words.when.editPeriod}><select value={budget.per ?? "none"} onChange={(event) => onChange({ ...budget, per: event.currentTarget.value === "none" ? null : event.currentTarget.value })}>{periods.map(([key, word]) => <option key={key} value={key}>{word}</option>)}</select></Field>
    </>
  );
}
