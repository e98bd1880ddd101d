// Steps 1 to 3 of the discovery: what is wanted, by when, and what was.
import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../ui/parts";
import { KPIS, MEASURES, type Milestone, type Objective, type Typed } from "./discovery_wire";
import { usePlanDiscoveryWords, type DiscoveryWords } from "./discovery_words";

type Texts = { [K in keyof Typed]: Typed[K] extends string ? K : never }[keyof Typed];
export type Put = (changed: Partial<Typed>) => void;
interface Given { typed: Typed; put: Put }

function Text({ label, value, onInput, type = "text", hint }: { label: string; value: string; onInput: (text: string) => void; type?: "text" | "date" | "decimal"; hint?: string; }): JSX.Element {
  return (
    <label class="disc-field"><span>{label}</span>
      {type === "date" ? <input type="date" value={value} onInput={(event) => onInput(event.currentTarget.value)} /> : <input type="text" inputMode={type === "decimal" ? "decimal" : "text"} maxLength={200} value={value} onInput={(event) => onInput(event.currentTarget.value)} />}
      {hint && <small>{hint}</small>}
    </label>
  );
}

function Field({ typed, put, name, type = "decimal", hint }: Given & { name: Texts & keyof DiscoveryWords["fields"]; type?: "text" | "decimal"; hint?: string }): JSX.Element {
  const words = usePlanDiscoveryWords();
  return <Text label={words.fields[name]} value={String(typed[name])} type={type} onInput={(text) => put({ [name]: text } as Partial<Typed>)} {...(hint ? { hint } : {})} />;
}

function Choice({ label, value, all, onInput }: { label: string; value: string; all: readonly (readonly [string, string])[]; onInput: (text: string) => void }): JSX.Element {
  return <label class="disc-field"><span>{label}</span><select value={value} onChange={(event) => onInput(event.currentTarget.value)}>{all.map(([one, said]) => <option key={one} value={one}>{said}</option>)}</select></label>;
}

function Group({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return <fieldset class="disc-group"><legend>{title}</legend>{children}</fieldset>;
}

const changed = <T,>(all: readonly T[], index: number, by: Partial<T>): T[] => all.map((one, at) => (at === index ? { ...one, ...by } : one));

export function Objectives({ typed, put }: Given): JSX.Element {
  const words = usePlanDiscoveryWords();
  const { fields } = words;
  const set = (index: number, by: Partial<Objective>): void => put({ objectives: changed(typed.objectives, index, by) });
  const row = (one: Objective, n: number): JSX.Element => (
    <div key={n} class="disc-row" role="group" aria-label={words.objective(n + 1)}>
      <Text label={fields.objective} value={one.name} onInput={(name) => set(n, { name })} />
      <Choice label={fields.kpi} value={one.kpi} all={KPIS.map((kpi) => [kpi, words.kpis[kpi] ?? kpi])} onInput={(kpi) => set(n, { kpi })} />
      <Text label={fields.target} type="decimal" value={one.target} onInput={(target) => set(n, { target })} />
      <Choice label={fields.measure} value={one.measure} all={MEASURES.map((each) => [each, words.measures[each] ?? each])} onInput={(measure) => set(n, { measure })} />
      <Text label={fields.base} type="decimal" value={one.base} onInput={(base) => set(n, { base })} />
      <Text label={fields.agreed} value={one.agreed} onInput={(agreed) => set(n, { agreed })} />
      <button type="button" class="quiet" aria-label={words.dropObjective(n + 1)} onClick={() => put({ objectives: typed.objectives.filter((_, at) => at !== n) })}><Icon name="trash-2" /></button>
    </div>
  );
  return (
    <>
      <Group title={words.people}><div class="disc-fields"><Field typed={typed} put={put} name="owner" type="text" /><Field typed={typed} put={put} name="sponsor" type="text" /></div></Group>
      <Group title={words.objectives}>
        {typed.objectives.map(row)}
        <button type="button" disabled={typed.objectives.length >= 20} onClick={() => put({ objectives: [...typed.objectives, { name: "", kpi: "conversion", target: "", measure: "value", base: "", agreed: "" }] })}><Icon name="plus" />{words.addObjective}</button>
      </Group>
    </>
  );
}

export function Milestones({ typed, put }: Given): JSX.Element {
  const words = usePlanDiscoveryWords();
  const set = (index: number, by: Partial<Milestone>): void => put({ milestones: changed(typed.milestones, index, by) });
  const row = (one: Milestone, n: number): JSX.Element => (
    <div key={n} class="disc-row" role="group" aria-label={words.milestone(n + 1)}>
      <Text label={words.fields.milestone} value={one.name} onInput={(name) => set(n, { name })} />
      <Text label={words.fields.day} type="date" value={one.day} onInput={(day) => set(n, { day })} />
      <button type="button" class="quiet" aria-label={words.dropMilestone(n + 1)} onClick={() => put({ milestones: typed.milestones.filter((_, at) => at !== n) })}><Icon name="trash-2" /></button>
    </div>
  );
  return (
    <>
      <Group title={words.milestones}>
        {typed.milestones.map(row)}
        <button type="button" disabled={typed.milestones.length >= 40} onClick={() => put({ milestones: [...typed.milestones, { name: "", day: "" }] })}><Icon name="plus" />{words.addMilestone}</button>
      </Group>
      <Group title={words.assumed}><div class="disc-fields"><Field typed={typed} put={put} name="acceptance" /><Field typed={typed} put={put} name="lift" /><Field typed={typed} put={put} name="holdout" /></div></Group>
    </>
  );
}

export function Past({ typed, put }: Given): JSX.Element {
  const words = usePlanDiscoveryWords();
  const own = typed.source === "typed";
  const hint = own ? {} : { hint: words.measuredHint };
  return (
    <>
      <Group title={words.source}>
        <div class="disc-radios">{(["measured", "typed"] as const).map((one) => <label key={one}><input type="radio" name="disc-source" checked={typed.source === one} onChange={() => put({ source: one })} /> {words[one]}</label>)}</div>
        <div class="disc-fields"><Field typed={typed} put={put} name="days" />{!own && <Text label={words.fields.until} type="date" value={typed.until} onInput={(until) => put({ until })} />}{own && <><Field typed={typed} put={put} name="visits" /><Field typed={typed} put={put} name="orders" /></>}</div>
        {own && <label class="disc-field wide"><span>{words.fields.rows}</span><textarea rows={6} spellcheck={false} value={typed.rows} onInput={(event) => put({ rows: event.currentTarget.value })} /><small>{words.rowsHint}</small></label>}
      </Group>
      <Group title={words.worth}><div class="disc-fields"><Field typed={typed} put={put} name="basket" {...hint} /><Field typed={typed} put={put} name="margin" {...hint} /></div></Group>
      <Group title={words.reach}><div class="disc-fields"><Field typed={typed} put={put} name="agents" /><Field typed={typed} put={put} name="from" /><Field typed={typed} put={put} name="to" /><Field typed={typed} put={put} name="each" /><Field typed={typed} put={put} name="cost" /><Field typed={typed} put={put} name="skill" type="text" /></div></Group>
    </>
  );
}
