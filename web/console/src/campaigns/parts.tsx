// Small parts of the campaigns' screens: faults at their place, a switch, the split bar, the interval with its parentheses.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { number, NBSP } from "../format";
import { get } from "../store";
import { Icon } from "../ui/parts";
import { faultsAt } from "./file";
import { useDesk } from "./state";
import { useCampaignWords } from "./words";
import type { Row } from "./wire";

export type Path = readonly (string | number)[];

/** What the server found wrong with this member of the file, with its advice. */
export function Faults({ at, exact = false }: { at: Path; exact?: boolean }): JSX.Element | null {
  const words = useCampaignWords();
  const all = useDesk((desk) => desk.faults);
  const found = faultsAt(all, at).filter((one) => !exact || one.path.length === at.length);
  if (found.length === 0) return null;
  return (
    <ul class="faults" role="alert">
      {found.map((one) => <li key={one.where + one.what}><Icon name="circle-alert" /><span><span class="hidden">{words.fault} </span>{one.what}{one.hint && <small>{one.hint}</small>}</span></li>)}
    </ul>
  );
}

export function percent(value: number, digits = 0): string {
  const language = get().language;
  return `${number(value * 100, language, digits)}${language === "fr" ? NBSP : ""}%`;
}

/** +1,6 with its sign; minus is U+2212. */
export function signed(value: number, digits = 1): string {
  const text = Math.abs(value).toLocaleString(get().language === "fr" ? "fr-FR" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return Number(value.toFixed(digits)) === 0 ? text : `${value > 0 ? "+" : "\u2212"}${text}`;
}

export function Switch({ on, label, disabled, onChange }: { on: boolean; label: string; disabled?: boolean; onChange: () => void }): JSX.Element {
  return <button type="button" role="switch" class="switch" aria-checked={on} aria-label={label} title={label} disabled={disabled} onClick={onChange}><span /></button>;
}

/** Invitable in solid petrol, held out hatched. */
export function Split({ holdout }: { holdout: number }): JSX.Element {
  const words = useCampaignWords();
  return (
    <span class="split">
      <span class="split-bar" aria-hidden="true"><span class="split-in" style={{ width: `${100 - holdout * 100}%` }} /><span class="split-out" style={{ width: `${holdout * 100}%` }} /></span>
      <small>{words.heldOut(percent(holdout, 1))}</small>
    </span>
  );
}

/** The axis that all intervals of a table share: whole points, zero always in it, at most six ticks. */
export function axisOf(rows: readonly Row[]): { low: number; high: number; ticks: number[] } {
  const effects = rows.flatMap((row) => (row.effect ? [row.effect.low_pp, row.effect.high_pp] : []));
  const [least, most] = [Math.min(0, ...effects), Math.max(0, ...effects)];
  const step = [0.5, 1, 2, 5, 10, 20, 50].find((one) => Math.ceil(most / one) - Math.floor(least / one) <= 5) ?? 100;
  const [low, high] = [Math.floor(least / step) * step, Math.max(Math.ceil(most / step), 1) * step];
  return { low, high, ticks: Array.from({ length: Math.round((high - low) / step) + 1 }, (_, at) => low + at * step) };
}

/** An effect as it was measured: stem, dot, parentheses. Petrol above zero, vermilion below, stone when it holds zero. */
export function Interval({ effect, axis }: { effect: NonNullable<Row["effect"]>; axis: { low: number; high: number } }): JSX.Element {
  const at = (value: number): number => 6 + ((value - axis.low) / (axis.high - axis.low)) * 228;
  const [low, dot, high, zero] = [at(effect.low_pp), at(effect.estimate_pp), at(effect.high_pp), at(0)];
  return (
    <svg class={`interval ${sense(effect)}`} viewBox="0 0 240 36" width="240" height="36" aria-hidden="true" fill="none">
      <path class="zero" d={`M${zero} 0V36`} />
      <path class="stem" d={`M${low} 18H${high}`} />
      <path class="stem" d={`M${low + 3} 10Q${low - 3} 18 ${low + 3} 26M${high - 3} 10Q${high + 3} 18 ${high - 3} 26`} />
      <circle cx={dot} cy="18" r="4" />
    </svg>
  );
}

export const sense = (effect: NonNullable<Row["effect"]>): "gain" | "loss" | "open" => (effect.low_pp > 0 ? "gain" : effect.high_pp < 0 ? "loss" : "open");

/** A value that comes after the last change has rested for `ms`. */
export function useRested<T>(value: T, ms: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), ms);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

/** A labelled field of an editor; what is wrong with it stands below. */
export function Field({ label, hint, problem, children, className }: { label: string; hint?: string; problem?: string | null; children: ComponentChildren; className?: string }): JSX.Element {
  return <label class={`field ${className ?? ""}`}><span>{label}</span>{children}{hint && !problem && <small>{hint}</small>}{problem && <small class="problem" role="alert"><Icon name="circle-alert" />{problem}</small>}</label>;
}

/** A number that is kept as text while it is typed; `onNumber` gets it when it is one, null when the field is empty. */
export function NumberField({ value, onNumber, min, max, step, label, className, disabled, placeholder }: { value: number | null; onNumber: (value: number | null) => void; min?: number; max?: number; step?: number; label?: string; className?: string; disabled?: boolean; placeholder?: string }): JSX.Element {
  const [text, setText] = useState(shown(value));
  useEffect(() => { if (read(text) !== value) setText(shown(value)); }, [value]);
  const take = (typed: string): void => {
    setText(typed);
    const found = read(typed);
    if (typed.trim() === "") return onNumber(null);
    if (found !== null && (min === undefined || found >= min) && (max === undefined || found <= max)) onNumber(found);
    return undefined;
  };
  const nudge = (event: KeyboardEvent): void => {
    const way = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (way === 0) return;
    event.preventDefault();
    const next = Math.round(((read(text) ?? 0) + way * (step ?? 1)) * 1e6) / 1e6;
    take(shown(Math.min(max ?? next, Math.max(min ?? next, next))));
  };
  return <input class={`number ${className ?? ""}`} inputMode="decimal" aria-label={label} disabled={disabled} placeholder={placeholder} value={text} size={Math.max(2, text.length)} onInput={(event) => take(event.currentTarget.value)} onBlur={() => setText(shown(value))} onKeyDown={nudge} />;
}

const shown = (value: number | null): string => (value === null ? "" : get().language === "fr" ? String(value).replace(".", ",") : String(value));

function read(text: string): number | null {
  const plain = text.replace(/[\s\u00a0]/g, "").replace(",", ".").replace("\u2212", "-");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}
