// What moves the result: a bar for each input, hollow towards the worse end, filled towards the better one.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useStore } from "../store";
import { unitOf } from "./document";
import { decimals, large, told } from "./figures";
import { nameOf } from "./slider";
import type { Bar, Case, Estimate, Input } from "./wire";
import { usePlanWords } from "./words";

const FIRST = 8;

export function Tornado({ bars, found, inputs }: { bars: Bar[]; found: Case; inputs: readonly Input[] }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const [all, setAll] = useState(false);
  const { currency, break_even_lift: lift } = found;
  const gain = large(found.year.net_gain, language, currency);
  const shown = all ? bars : bars.slice(0, FIRST);
  const ends = [0, found.year.net_gain, ...shown.flatMap((bar) => [bar.gain_at_low, bar.gain_at_high])];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const at = (value: number): number => (most > least ? (100 * (value - least)) / (most - least) : 50);
  const even = lift === null ? null : words.breakEven(told("points", lift, 2, language, currency)).split("|");
  return (
    <section class="card plan-card">
      <h3>{words.tornado}</h3>
      <p class="plan-lead">{words.tornadoLead(gain)} {even === null ? words.breakEvenNever : lift === 0 ? words.breakEvenAlways : <>{even[0]}<b>{even[1]}</b>{even[2]}</>}</p>
      {bars.length === 0 ? <p class="quiet-text">{words.tornadoNone}</p> : (
        <div class="tornado" style={{ "--at-zero": String(at(0) / 100), "--at-kept": String(at(found.year.net_gain) / 100) }}>
          <ul>{shown.map((bar) => <Row key={bar.input} bar={bar} at={at} input={unitOf(inputs, bar.input)} currency={currency} />)}</ul>
          <p class="tornado-ends" aria-hidden="true"><span /><span class="tornado-scale"><span class="zero" style={{ left: `${at(0)}%` }}>0</span>{Math.abs(at(0) - at(found.year.net_gain)) > 9 && <b style={{ left: `${at(found.year.net_gain)}%` }}>{gain}</b>}</span></p>
        </div>
      )}
      {bars.length > FIRST && !all && <button type="button" class="quiet" onClick={() => setAll(true)}>{words.more(bars.length - FIRST)}</button>}
    </section>
  );
}

function Row({ bar, at, input, currency }: { bar: Bar; at: (value: number) => number; input: Input | undefined; currency: string }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const three: Estimate = { low: bar.low, value: bar.value, high: bar.high, source: "entered", within: 0.8 };
  const counted = input?.counted ?? "number";
  const say = (value: number): string => told(counted, value, decimals(counted, three, currency), language, currency);
  const rising = bar.gain_at_high >= bar.gain_at_low;
  const [worse, better] = rising ? [bar.gain_at_low, bar.gain_at_high] : [bar.gain_at_high, bar.gain_at_low];
  const [left, right] = [at(worse), at(better)];
  const kept = Math.max(left, Math.min(right, at(bar.gain_at_value)));
  const name = nameOf(words, bar.input);
  const spoken = `${say(bar.low)}: ${large(bar.gain_at_low, language, currency)}; ${say(bar.high)}: ${large(bar.gain_at_high, language, currency)}`;
  return (
    <li class="tornado-row" title={`${name}. ${spoken}`}>
      <span class="tornado-name">{name}<span class="hidden"> {spoken}</span></span>
      <span class="tornado-scale" aria-hidden="true">
        <span class="tornado-bar worse" style={{ left: `${left}%`, width: `${kept - left}%` }} /><span class="tornado-bar better" style={{ left: `${kept}%`, width: `${right - kept}%` }} />
        <span class="tornado-end left" style={{ right: `${100 - left}%` }}>{say(rising ? bar.low : bar.high)}</span><span class="tornado-end right" style={{ left: `${right}%` }}>{say(rising ? bar.high : bar.low)}</span>
      </span>
    </li>
  );
}
