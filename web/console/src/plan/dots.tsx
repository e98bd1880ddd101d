// Fifty futures as dots over the net gain, with the dotted interval of a forecast above them.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useStore } from "../store";
import { large, sum, ticks } from "./figures";
import type { Futures } from "./wire";
import { usePlanWords } from "./words";

/** How wide a box is, in CSS pixels. */
export function useWidth(): [(node: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const watch = useRef<ResizeObserver | null>(null);
  useEffect(() => () => watch.current?.disconnect(), []);
  const hold = useRef((node: HTMLElement | null): void => {
    watch.current?.disconnect();
    if (!node) return;
    watch.current = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.current.observe(node);
    setWidth(Math.floor(node.clientWidth));
  });
  return [hold.current, width];
}

const TOP = 34;
const AXIS = 26;

export function Dots({ futures, currency }: { futures: Futures; currency: string }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const [box, width] = useWidth();
  const half = (futures.high - futures.low) / 2;
  const money = (value: number): string => sum(value, half, language, currency);
  return (
    <section class="card plan-card">
      <h3>{words.dots(futures.winning_dots, futures.dots.length)}</h3>
      <p class="plan-lead">{words.dotsLead}</p>
      <div class="plan-chart" ref={box} role="img" aria-label={words.dotsAlt(futures.winning_dots, futures.dots.length, money(futures.low), money(futures.high))}>{width > 0 && <Drawing futures={futures} currency={currency} width={width} />}</div>
    </section>
  );
}

function Drawing({ futures, currency, width }: { futures: Futures; currency: string; width: number }): JSX.Element {
  const language = useStore((state) => state.language);
  const all = [...futures.dots, futures.low, futures.high, 0];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const reach = most - least || 1;
  const side = 14;
  const across = (value: number): number => side + ((value - least) / reach) * (width - 2 * side);
  // Columns lie at whole widths from zero, so that no dot of a loss stands on the side of gains.
  const column = width < 480 ? 15 : 26;
  const zero = across(0);
  const stacks = new Map<number, number[]>();
  for (const dot of futures.dots) {
    const nth = dot > 0 ? Math.floor((across(dot) - zero) / column) : -1 - Math.floor((zero - across(dot)) / column);
    stacks.set(nth, [...(stacks.get(nth) ?? []), dot]);
  }
  const tallest = Math.max(...[...stacks.values()].map((one) => one.length));
  const up = Math.min(17, 150 / tallest);
  const height = TOP + Math.max(70, tallest * up + 16) + AXIS;
  const floor = height - AXIS;
  const radius = Math.min(width < 480 ? 5.5 : 7, up / 2 - 0.5);
  const marks = ticks(least, most, Math.max(2, Math.min(6, Math.floor(width / 90))));
  const x = (nth: number): number => Math.max(side, Math.min(width - side, zero + (nth + 0.5) * column));
  return (
    <svg width={width} height={height} aria-hidden="true" class="plan-dots">
      <line x1={0} x2={width} y1={floor} y2={floor} class="plan-axis" />
      {marks.map((mark) => <text key={mark} x={Math.max(18, Math.min(width - 26, across(mark)))} y={height - 6} text-anchor="middle" class={mark === 0 ? "zero" : ""}>{mark === 0 ? "0" : large(mark, language, currency)}</text>)}
      <line x1={zero} x2={zero} y1={4} y2={floor + 5} class="plan-zero" />
      <Interval kind={futures.low >= 0 ? "won" : futures.high <= 0 ? "lost" : "open"} low={across(futures.low)} high={across(futures.high)} middle={across(futures.expected)} y={14} />
      {[...stacks].flatMap(([nth, dots]) => dots.map((dot, n) => <circle key={`${nth}.${n}`} cx={x(nth)} cy={floor - up / 2 - 2 - n * up} r={dot > 0 ? radius : radius - 0.75} class={dot > 0 ? "won" : "lost"} />))}
    </svg>
  );
}

/** Parentheses with a dotted stem: a forecast. */
function Interval({ kind, low, high, middle, y }: { kind: string; low: number; high: number; middle: number; y: number }): JSX.Element {
  return (
    <g class={`plan-interval ${kind}`}>
      <line x1={low} x2={high} y1={y} y2={y} stroke-dasharray="1 5" stroke-linecap="round" />
      <path d={`M${low + 4},${y - 10}q-8,10 0,20`} /><path d={`M${high - 4},${y - 10}q8,10 0,20`} />
      <circle cx={middle} cy={y} r={5} />
    </g>
  );
}
