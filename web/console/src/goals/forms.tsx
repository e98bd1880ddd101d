// The forms of a goal and of a contract: one list of fields each, and what they make of it for the server.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Refused } from "../api";
import { expired, isFailure } from "../actions";
import { toast } from "../store";
import { Dialog, Icon } from "../ui/parts";
import { calls } from "./calls";
import type { Contract, Goal } from "./wire";
import { goalWords, useGoalWords, type GoalWords } from "./words";

type Name = keyof GoalWords["fields"];
interface Field { name: Name; kind: "text" | "number" | "date" | "lines" | "choice"; choices?: readonly string[]; required?: boolean }
export type Values = Partial<Record<Name, string>>;
/** What is wrong with what was typed, before anything is sent. */
class Mistyped extends Error {}

const WINDOWS = ["day", "week", "fortnight", "month", "quarter"] as const;
const GOAL: readonly Field[] = [
  { name: "name", kind: "text", required: true }, { name: "kpi", kind: "text", required: true }, { name: "target", kind: "number", required: true },
  { name: "measure", kind: "choice", choices: ["value", "times", "plus"] }, { name: "base", kind: "number" }, { name: "direction", kind: "choice", choices: ["at_least", "at_most"] },
  { name: "window", kind: "choice", choices: WINDOWS }, { name: "floor", kind: "number" }, { name: "min_n", kind: "number" }, { name: "about", kind: "text" }, { name: "definition", kind: "text" },
  { name: "best", kind: "number" }, { name: "average", kind: "number" }, { name: "source", kind: "text" }, { name: "agreed_by", kind: "text" }, { name: "owner", kind: "text" }, { name: "sponsor", kind: "text" },
];
const CONTRACT: readonly Field[] = [
  { name: "name", kind: "text", required: true }, { name: "currency", kind: "text", required: true }, { name: "first_day", kind: "date", required: true }, { name: "clauses", kind: "lines", required: true },
  { name: "pays", kind: "choice", choices: ["sales", "revenue", "margin"] }, { name: "fee_rate", kind: "number", required: true }, { name: "fee", kind: "choice", choices: ["point", "proof"] },
  { name: "window", kind: "choice", choices: WINDOWS.slice(1) }, { name: "horizon_days", kind: "number" }, { name: "mature_days", kind: "number" }, { name: "cap", kind: "number" }, { name: "floor", kind: "number" },
  { name: "estimator", kind: "choice", choices: ["itt_normal", "itt_welch", "itt_always_valid"] }, { name: "about", kind: "text" },
];
const text = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));
const number = (value: string | undefined): number | null => (value?.trim() ? Number(value.replace(",", ".")) : null);
const whole = (value: string | undefined, missing: number): number => Math.round(number(value) ?? missing);

export function GoalForm({ one, onClose, onDone }: { one: Goal | null; onClose: () => void; onDone: () => void }): JSX.Element {
  const words = useGoalWords();
  const start: Values = one ? { name: one.name, kpi: one.kpi, target: text(one.target), measure: one.measure, base: text(one.base), direction: one.direction, window: one.window, floor: text(one.floor), min_n: text(one.min_n), about: one.about, definition: one.definition, best: text(one.bands?.best), average: text(one.bands?.average), source: one.bands?.source ?? "", agreed_by: one.agreed_by.join(", "), owner: one.owner, sponsor: one.sponsor } : { measure: "value", direction: "at_least", window: "month", min_n: "100" };
  const save = (typed: Values): Promise<unknown> => {
    const best = number(typed.best);
    const average = number(typed.average);
    return calls.saveGoal({
      ...(one ? { id: one.id } : {}), name: typed.name, kpi: typed.kpi, target: number(typed.target), measure: typed.measure, base: number(typed.base), direction: typed.direction, window: typed.window, floor: number(typed.floor),
      min_n: Math.max(1, whole(typed.min_n, 1)), about: typed.about ?? "", definition: typed.definition ?? "", bands: best === null || average === null ? null : { best, average, source: typed.source ?? "" },
      agreed_by: (typed.agreed_by ?? "").split(",").map((name) => name.trim()).filter(Boolean), owner: typed.owner ?? "", sponsor: typed.sponsor ?? "",
    });
  };
  return <Form title={one ? words.open : words.add} fields={GOAL} start={start} save={save} onClose={onClose} onDone={onDone} drop={one ? () => calls.dropGoal(one.id) : undefined} />;
}

/** `csat >= 0.8`, `wait <= 30`: a line for each condition. */
function clauses(lines: string): object[] {
  return lines.split("\n").map((line) => line.trim()).filter(Boolean).map((line, index) => {
    const found = /^([a-z][a-z0-9_]*)\s*(>=|<=)\s*(-?[\d.,]+)$/.exec(line);
    if (!found) throw new Mistyped(goalWords().clause(index + 1));
    return { kpi: found[1], direction: found[2] === ">=" ? "at_least" : "at_most", target: number(found[3]) };
  });
}

export function ContractForm({ one, onClose, onDone }: { one: Contract | null; onClose: () => void; onDone: () => void }): JSX.Element {
  const words = useGoalWords();
  const start: Values = one ? { name: one.name, currency: one.currency, first_day: "", clauses: one.clauses.map((each) => `${each.kpi} ${each.direction === "at_least" ? ">=" : "<="} ${each.target}`).join("\n"), pays: one.base, fee_rate: text(one.fee_rate), fee: one.fee, window: one.window, horizon_days: text(one.horizon_days), mature_days: text(one.mature_days), cap: text(one.cap), floor: text(one.floor), estimator: one.estimator, about: one.about } : { currency: "EUR", pays: "sales", fee: "point", window: "month", horizon_days: "7", mature_days: "30", estimator: "itt_normal" };
  const save = async (typed: Values): Promise<unknown> => calls.saveContract({
    ...(one ? { id: one.id, version: one.version, confidence: one.confidence } : {}), name: typed.name, currency: typed.currency, first_day: typed.first_day, clauses: clauses(typed.clauses ?? ""), base: typed.pays, fee_rate: whole(typed.fee_rate, 0), fee: typed.fee,
    window: typed.window, horizon_days: whole(typed.horizon_days, 7), mature_days: whole(typed.mature_days, 30), cap: number(typed.cap), floor: whole(typed.floor, 0), estimator: typed.estimator, about: typed.about ?? "",
  });
  return <Form title={one ? words.next : words.addContract} fields={CONTRACT} start={start} save={save} onClose={onClose} onDone={onDone} />;
}

interface FormGiven { title: string; fields: readonly Field[]; start: Values; save: (typed: Values) => Promise<unknown>; onClose: () => void; onDone: () => void; drop?: (() => Promise<unknown>) | undefined }

function Form({ title, fields, start, save, onClose, onDone, drop }: FormGiven): JSX.Element {
  const words = useGoalWords();
  const [typed, setTyped] = useState<Values>(start);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const run = async (work: () => Promise<unknown>, said: string): Promise<void> => {
    setBusy(true);
    try {
      await work();
      toast(said);
      onDone();
    } catch (error) {
      if (error instanceof Mistyped) setProblem(error.message);
      else if (!isFailure(error)) throw error;
      else if (!expired(error)) setProblem(refusal(error));
    } finally {
      setBusy(false);
    }
  };
  const put = (name: Name, value: string): void => setTyped((now) => ({ ...now, [name]: value }));
  return (
    <Dialog label={title} onClose={onClose} wide>
      <h2>{title}</h2>
      <form class="work-form" onSubmit={(event) => { event.preventDefault(); void run(() => save(typed), words.kept); }}>
        <div class="work-scroll goal-fields" tabIndex={0} role="group" aria-label={title}>{fields.map((one) => <FieldOf key={one.name} of={one} value={typed[one.name] ?? ""} onChange={(value) => put(one.name, value)} />)}</div>
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <p class="actions"><button type="submit" class="primary" disabled={busy}><Icon name="check" />{words.save}</button><button type="button" class="quiet" onClick={onClose}>{words.cancel}</button><span class="head-gap" />{drop && <button type="button" disabled={busy} onClick={() => (sure ? void run(drop, words.dropped) : setSure(true))}>{sure ? words.dropSure : words.drop}</button>}</p>
      </form>
    </Dialog>
  );
}

function FieldOf({ of, value, onChange }: { of: Field; value: string; onChange: (value: string) => void }): JSX.Element {
  const words = useGoalWords();
  const told = { value, required: of.required ?? false };
  return (
    <label class={of.kind === "lines" ? "field wide" : "field"}><span>{words.fields[of.name]}</span>
      {of.kind === "choice" ? <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>{of.choices?.map((one) => <option key={one} value={one}>{words.choices[one]}</option>)}</select>
        : of.kind === "lines" ? <textarea rows={3} {...told} onInput={(event) => onChange(event.currentTarget.value)} />
        : of.kind === "number" ? <input type="number" step="any" {...told} onInput={(event) => onChange(event.currentTarget.value)} />
        : of.kind === "date" ? <input type="date" {...told} onInput={(event) => onChange(event.currentTarget.value)} />
        : <input type="text" maxLength={200} {...told} onInput={(event) => onChange(event.currentTarget.value)} />}
    </label>
  );
}

/** What the server has refused, in the reader's words where there are some. */
export function refusal(error: unknown): string {
  const words = goalWords();
  if (!(error instanceof Refused)) return words.failed;
  const told = error.body.error as { where?: string; what?: string } | undefined;
  return words.codes[error.code] ?? words.refused(told?.where ?? "", told?.what ?? words.failed);
}
