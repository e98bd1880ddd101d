// An input as a slider: a dot for the value kept, parentheses for low and high, a number that can be typed, its source.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../ui/parts";
import { useStore } from "../store";
import { entered, fault, fieldOf, moved, partName, track } from "./document";
import { asTyped, decimals, meant, shownAs, told, typed } from "./figures";
import type { Estimate, Input, Source } from "./wire";
import { usePlanWords, type PlanWords } from "./words";

export interface Given { path: string; one: Estimate; input: Input; currency: string; problem: string; onChange: (next: Estimate) => void }

/** What an input is called, with the part it belongs to. */
export const nameOf = (words: PlanWords, path: string): string => {
  const [label, part] = [words.inputs[fieldOf(path)] ?? path, partName(path)];
  return part ? `${label} (${part})` : label;
};
export const sourceOf = (words: PlanWords, path: string, source: Source): string => (source === "measured" && path === "help.lift_per_eligible" ? words.measuredLift : words.sources[source] ?? source);

/** What is wrong with an estimate before anybody is asked; empty when nothing is. */
export function faultWords(words: PlanWords, one: Estimate, input: Input, currency: string, language: "fr" | "en"): string {
  const found = fault(one, input);
  if (found !== "limits") return found ? words.faults[found] : "";
  const end = (value: number): string => told(input.counted, value, Number.isInteger(shownAs(input.counted, value)) ? 0 : 1, language, currency);
  return words.faults.limits(end(input.least), end(input.most));
}

/** What is typed is not bent to the limits: it is said to be wrong. */
export const FREE: Input = { path: "", counted: "number", least: -Infinity, most: Infinity, needed: false };

export function Slider({ path, one, input, currency, problem, onChange }: Given): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  // The track stays while somebody drags; it is laid anew when a value has left it.
  const [kept, setKept] = useState(() => track(one, input));
  const out = one.low < kept.from || one.high > kept.to;
  const rail = out ? track(one, input) : kept;
  if (rail.from !== kept.from || rail.to !== kept.to) setKept(rail);
  const digits = decimals(input.counted, one, currency);
  const say = (value: number): string => told(input.counted, value, digits, language, currency);
  const at = (value: number): number => Math.max(0, Math.min(100, (100 * (value - rail.from)) / (rail.to - rail.from))) || 0;
  const name = nameOf(words, path);
  const slide = (which: "low" | "value" | "high", value: number): void => {
    if (which === "value") onChange(moved(one, value, input));
    else onChange({ ...one, [which]: which === "low" ? Math.min(value, one.value) : Math.max(value, one.value), ...entered(one) });
  };
  const handle = (which: "low" | "value" | "high"): JSX.Element => (
    <input type="range" class={`plan-range ${which}`} min={rail.from} max={rail.to} step={rail.step} value={one[which]} aria-label={which === "value" ? name : words.of(name, words[which])} aria-valuetext={say(one[which])} onInput={(event) => slide(which, event.currentTarget.valueAsNumber)} />
  );
  return (
    <section class={problem ? "plan-input bad" : "plan-input"} data-input={path}>
      <div class="plan-input-head"><span class="plan-name">{name}</span><Typed label={words.of(name, words.value)} shown={say(one.value)} raw={asTyped(input.counted, one.value, language)} bad={problem !== ""} onValue={(value) => onChange(value === null ? { ...one, value: NaN } : moved(one, meant(input.counted, value), FREE))} /></div>
      <div class="plan-track"><span class="plan-band" style={{ left: `${at(one.low)}%`, right: `${100 - at(one.high)}%` }} />{handle("low")}{handle("high")}{handle("value")}</div>
      <Under path={path} one={one} input={input} say={say} onChange={onChange} />
      {problem && <p class="problem plan-problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
    </section>
  );
}

/** The band and the source in words, which open into fields. */
export function Under({ path, one, input, say, onChange }: Pick<Given, "path" | "one" | "input" | "onChange"> & { say: (value: number) => string }): JSX.Element {
  const words = usePlanWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="plan-under" aria-expanded={open} onClick={() => setOpen(!open)}><span class="hidden">{words.edit(nameOf(words, path))} </span><span>{one.low === one.high ? words.exact : words.band(say(one.low), say(one.high))}</span><span class={one.source === "assumed" ? "plan-source assumed" : "plan-source"}>{sourceOf(words, path, one.source)}</span></button>
      {open && <Edges path={path} one={one} input={input} onChange={onChange} />}
    </>
  );
}

/** Low, high and source as fields. */
function Edges({ path, one, input, onChange }: Pick<Given, "path" | "one" | "input" | "onChange">): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const name = nameOf(words, path);
  const edge = (which: "low" | "high"): JSX.Element => <label><span>{words[which]}</span><Typed label={words.of(name, words[which])} shown={asTyped(input.counted, one[which], language)} raw={asTyped(input.counted, one[which], language)} bad={false} onValue={(value) => onChange({ ...one, [which]: value === null ? NaN : meant(input.counted, value), ...entered(one) })} /></label>;
  return (
    <div class="plan-edges">
      {edge("low")}{edge("high")}
      <label><span>{words.source}</span><select aria-label={words.of(name, words.source)} value={one.source} onChange={(event) => onChange({ ...one, source: event.currentTarget.value as Source })}>{Object.entries(words.sources).map(([source, label]) => <option key={source} value={source}>{label}</option>)}</select></label>
    </div>
  );
}

/** A number in the words of the page, which becomes plain digits while somebody types it. */
export function Typed({ label, shown, raw, bad, onValue, placeholder }: { label: string; shown: string; raw: string; bad: boolean; onValue: (value: number | null) => void; placeholder?: string }): JSX.Element {
  const [text, setText] = useState<string | null>(null);
  const done = (): void => {
    if (text !== null && text.trim() !== raw) onValue(typed(text));
    setText(null);
  };
  return <input type="text" inputMode="decimal" class="plan-number" aria-label={label} aria-invalid={bad} placeholder={placeholder} value={text ?? shown} size={Math.max(4, (text ?? shown).length)} onFocus={(event) => { event.currentTarget.value = raw; event.currentTarget.select(); setText(raw); }} onInput={(event) => setText(event.currentTarget.value)} onBlur={done} onKeyDown={(event) => { if (event.key === "Enter") { done(); event.currentTarget.blur(); } else if (event.key === "Escape") setText(null); }} />;
}
