// All inputs of a scenario, folded by group: teams, phases and channels can be added and taken out.
import type { JSX } from "preact";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import { at, entered, fieldOf, moved, PARTS, partsOf, put } from "./document";
import { asTyped, decimals, meant, told } from "./figures";
import { FREE, nameOf, Typed, Under } from "./slider";
import type { Input, Table } from "./wire";
import { usePlanWords } from "./words";

interface Given { document: Table; inputs: readonly Input[]; problems: Record<string, string>; onChange: (next: Table) => void }
const GROUPS = ["visitors", "invitation", "help", "orders", "conversation", "teams", "costs", "service", "customers", "phases", "channels", "intangibles", "stated"] as const;
const KINDS = ["chat", "phone", "mail", "store", "callback", "video", "content"] as const;
const isPart = (group: string): boolean => (PARTS as readonly string[]).includes(group);

/** The paths of a group in this scenario, each part's own ones among them. */
function pathsOf(group: string, { document, inputs }: Given): [string, Input][] {
  const of = inputs.filter((one) => one.path.startsWith(`${group}.`));
  if (!isPart(group)) return of.map((one) => [one.path, one]);
  return partsOf(document, group).flatMap((part) => of.map((one): [string, Input] => [`${group}.${String(part.name)}.${fieldOf(one.path)}`, one]));
}

export function Groups(given: Given): JSX.Element {
  const words = usePlanWords();
  const { document, problems, onChange } = given;
  const currency = String(document.currency ?? "EUR");
  return (
    <section class="plan-groups" aria-label={words.allInputs}>
      <h3>{words.allInputs}</h3>
      <details>
        <summary>{words.frame}</summary>
        <div class="plan-frame">
          <label class="field"><span>{words.name}</span><input type="text" maxLength={200} value={String(document.name ?? "")} onInput={(event) => onChange({ ...document, name: event.currentTarget.value })} /></label>
          <label class="field"><span>{words.currency}</span><input type="text" maxLength={3} value={currency} onChange={(event) => onChange({ ...document, currency: event.currentTarget.value.toUpperCase() })} /></label>
          <label class="field"><span>{words.horizon}</span><input type="number" min={1} max={120} value={Number(document.horizon_months ?? 12)} onChange={(event) => onChange({ ...document, horizon_months: Math.round(event.currentTarget.valueAsNumber) || 12 })} /></label>
          {["name", "currency", "horizon_months"].map((one) => problems[one] && <p key={one} class="problem" role="alert"><Icon name="circle-alert" />{problems[one]}</p>)}
        </div>
      </details>
      {GROUPS.map((group) => {
        const paths = pathsOf(group, given);
        const set = paths.filter(([path]) => at(document, path)).length;
        const wrong = paths.some(([path]) => problems[path]) || problems[group] !== undefined;
        return (
          <details key={group} data-group={group} open={wrong || undefined}>
            <summary>{words.groups[group]} <small>{words.given(set, paths.length)}</small></summary>
            {problems[group] && <p class="problem" role="alert"><Icon name="circle-alert" />{problems[group]}</p>}
            {isPart(group) ? partsOf(document, group).map((part, n) => <PartOf key={n} group={group} n={n} part={part} given={given} currency={currency} />) : paths.map(([path, input]) => <Row key={path} path={path} input={input} given={given} currency={currency} />)}
            {isPart(group) && <button type="button" onClick={() => onChange({ ...document, [group]: [...partsOf(document, group), newPart(group, words.newPart[group]!, partsOf(document, group))] })}><Icon name="plus" />{words.addPart[group]}</button>}
          </details>
        );
      })}
    </section>
  );
}

/** A part with a name that no other has, and what it cannot be without. */
function newPart(group: string, base: string, there: Table[]): Table {
  let name = base;
  for (let n = 2; there.some((one) => one.name === name); n += 1) name = `${base} ${n}`;
  const guess = (value: number): Table => ({ low: value, value, high: value, source: "assumed", within: 0.8 });
  if (group === "teams") return { name, wage_per_hour: guess(22) };
  if (group === "phases") return { name, months: 3, reach: guess(0.3) };
  return group === "channels" ? { name, kind: "chat", contacts_per_month: guess(1000), conversion: guess(0.05) } : { name };
}

function PartOf({ group, n, part, given, currency }: { group: string; n: number; part: Table; given: Given; currency: string }): JSX.Element {
  const words = usePlanWords();
  const { document, inputs, onChange } = given;
  const name = String(part.name ?? "");
  const change = (next: Table): void => onChange({ ...document, [group]: partsOf(document, group).map((one, m) => (m === n ? next : one)) });
  return (
    <fieldset class="plan-part">
      <legend class="hidden">{name}</legend>
      <p class="plan-part-head">
        <label class="field"><span>{words.partName}</span><input type="text" maxLength={80} value={name} onChange={(event) => change({ ...part, name: event.currentTarget.value })} /></label>
        {group === "phases" && <label class="field"><span>{words.months}</span><input type="number" min={1} max={120} value={Number(part.months ?? 3)} onChange={(event) => change({ ...part, months: Math.round(event.currentTarget.valueAsNumber) || 1 })} /></label>}
        {group === "channels" && <label class="field"><span>{words.kind}</span><select value={String(part.kind)} onChange={(event) => change({ ...part, kind: event.currentTarget.value })}>{KINDS.map((one) => <option key={one} value={one}>{words.kinds[one]}</option>)}</select></label>}
        <button type="button" class="quiet" aria-label={words.dropPart(name)} title={words.dropPart(name)} onClick={() => onChange({ ...document, [group]: partsOf(document, group).filter((_, m) => m !== n) })}><Icon name="trash-2" /></button>
      </p>
      {inputs.filter((one) => one.path.startsWith(`${group}.`)).map((one) => <Row key={one.path} path={`${group}.${name}.${fieldOf(one.path)}`} input={one} given={given} currency={currency} />)}
    </fieldset>
  );
}

function Row({ path, input, given, currency }: { path: string; input: Input; given: Given; currency: string }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const { document, problems, onChange } = given;
  const one = at(document, path);
  const name = words.inputs[fieldOf(path)] ?? path;
  const say = (value: number): string => told(input.counted, value, one ? decimals(input.counted, one, currency) : 0, language, currency);
  const set = (value: number | null): void => {
    if (value === null) return;
    const kept = meant(input.counted, value);
    onChange(put(document, path, one ? moved(one, kept, FREE) : { low: kept, value: kept, high: kept, ...entered({ low: 0, value: 0, high: 0, source: "entered", within: 0.8 }) }));
  };
  return (
    <div class={problems[path] ? "plan-row bad" : "plan-row"} data-input={path}>
      <span class="plan-name">{name}</span>
      <Typed label={words.of(nameOf(words, path), words.value)} shown={one ? say(one.value) : ""} raw={one ? asTyped(input.counted, one.value, language) : ""} placeholder={words.none} bad={problems[path] !== undefined} onValue={set} />
      {one && <Under path={path} one={one} input={input} say={say} onChange={(next) => onChange(put(document, path, next))} />}
      {one && !input.needed && <button type="button" class="quiet" aria-label={words.of(nameOf(words, path), words.take)} title={words.take} onClick={() => onChange(put(document, path, null))}><Icon name="x" /></button>}
      {problems[path] && <p class="problem plan-problem" role="alert"><Icon name="circle-alert" />{problems[path]}</p>}
    </div>
  );
}
