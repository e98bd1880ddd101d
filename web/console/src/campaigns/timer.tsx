// A small form for a behaviour: a count, a sequence, a timer. It adds the measure to the file and a condition that reads it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Dialog } from "../ui/parts";
import { isDuration, MEASURE } from "./file";
import { Field, NumberField } from "./parts";
import { useCampaignWords } from "./words";
import type { Behaviour, Compare } from "./wire";

type Kind = "count" | "sequence" | "dwell" | "elapsed" | "idle" | "sum" | "distinct" | "last";
const TIMERS: readonly Kind[] = ["dwell", "elapsed", "idle"];

export function TimerForm({ events, taken, onMake, onClose }: { events: readonly string[]; taken: readonly string[]; onMake: (name: string, behaviour: Behaviour, row: Compare) => void; onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const [kind, setKind] = useState<Kind>("count");
  const [form, setForm] = useState({ name: "", event: "", of: "", since: "", within: "", without: "" });
  const [least, setLeast] = useState<number | null>(2);
  const [asked, setAsked] = useState(false);
  const set = (key: keyof typeof form) => (event: { currentTarget: HTMLInputElement }): void => setForm({ ...form, [key]: event.currentTarget.value });
  const property = ["sum", "distinct", "last"].includes(kind);
  const steps = form.event.split(",").map((one) => one.trim()).filter(Boolean);
  const problems = {
    name: !MEASURE.test(form.name) ? words.timer.bad : taken.includes(form.name) ? words.timer.taken : null,
    event: steps.length === 0 ? words.timer.needs : null, of: property && !form.of.trim() ? words.timer.needs : null, within: form.within && !isDuration(form.within) ? words.when.bad : null,
  };
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (Object.values(problems).some(Boolean) || least === null) return;
    const measured = kind === "sequence" ? { sequence: steps } : { [kind]: steps[0] };
    const more = Object.entries({ of: property ? form.of : "", since: form.since, within: TIMERS.includes(kind) ? "" : form.within, without: form.without }).filter(([, text]) => text.trim()).map(([key, text]) => [key, text.trim()]);
    const row: Compare = { kind: "compare", name: form.name, op: ">=", value: least, unit: TIMERS.includes(kind) ? "s" : "" };
    onMake(form.name, { ...measured, ...(Object.fromEntries(more) as Behaviour) }, row);
  };
  const tell = (problem: string | null): string | null => (asked ? problem : null);
  return (
    <Dialog label={words.timer.title} onClose={onClose} wide>
      <form class="fresh-form" onSubmit={make}>
        <h2>{words.timer.title}</h2><p>{words.timer.lead}</p>
        <div class="field-row">
          <Field label={words.timer.kind}><select autofocus value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>{(Object.keys(words.timer.kinds) as Kind[]).map((one) => <option key={one} value={one}>{words.timer.kinds[one]}</option>)}</select></Field>
          <Field label={words.timer.name} problem={tell(problems.name) ?? (form.name ? problems.name : null)}><input value={form.name} spellcheck={false} onInput={set("name")} /></Field>
        </div>
        <Field label={kind === "sequence" ? words.timer.events : words.timer.event} problem={tell(problems.event)}><input list="known-events" value={form.event} onInput={set("event")} /></Field>
        <datalist id="known-events">{events.map((one) => <option key={one} value={one} />)}</datalist>
        {property && <Field label={words.timer.of} problem={tell(problems.of)}><input value={form.of} spellcheck={false} onInput={set("of")} /></Field>}
        <div class="field-row">
          <Field label={`${words.timer.since}, ${words.timer.optional}`}><input list="known-events" value={form.since} onInput={set("since")} /></Field>
          <Field label={`${words.timer.without}, ${words.timer.optional}`}><input list="known-events" value={form.without} onInput={set("without")} /></Field>
          {!TIMERS.includes(kind) && <Field label={`${words.timer.within}, ${words.timer.optional}`} hint={words.timer.durationHint} problem={problems.within}><input value={form.within} onInput={set("within")} /></Field>}
          <Field label={`${words.timer.threshold}${TIMERS.includes(kind) ? ` (${words.units.s})` : ""}`}><NumberField value={least} min={0} onNumber={setLeast} /></Field>
        </div>
        <div class="actions"><button type="submit" class="primary">{words.timer.make}</button><button type="button" onClick={onClose}>{words.cancel}</button></div>
      </form>
    </Dialog>
  );
}
