// The replay: whom this draft would have invited on the recorded days, beside what is in force.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { NBSP, number, tidy } from "../format";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import { calls } from "./calls";
import { percent, signed } from "./parts";
import { failed, mayCompare, useDesk } from "./state";
import { useCampaignWords, type CampaignWords } from "./words";
import type { CampaignFile, Compared, Running, Side } from "./wire";

const DAYS = 14;
const POLL_MS = 700;

export function Replay({ file, next }: { file: CampaignFile; next: number }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const published = useDesk((desk) => desk.published);
  const [id, setId] = useState<string | null>(null);
  const [run, setRun] = useState<Running | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const of = useRef<CampaignFile | null>(null);
  const running = id !== null;
  useEffect(() => {
    if (id === null) return undefined;
    let on = true;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (): Promise<void> => {
      try {
        const now = await calls.replayed(id);
        if (!on) return;
        setRun(now);
        if (now.state === "running") timer = setTimeout(() => void look(), POLL_MS);
        else { setId(null); if (now.state === "failed") setProblem(typeof now.error === "string" ? now.error : now.error?.what ?? words.replay.failed); }
      } catch (error) {
        failed(error, () => { if (on) { setId(null); setProblem(words.replay.failed); } });
      }
    };
    void look();
    return () => { on = false; clearTimeout(timer); };
  }, [id]);
  const start = async (): Promise<void> => {
    setProblem(null);
    setRun(null);
    of.current = file;
    try {
      setId((await calls.replay(file, DAYS)).id);
    } catch (error) {
      failed(error, () => setProblem(error instanceof Refused && error.status === 409 ? words.replay.busy : words.replay.failed));
    }
  };
  const stop = async (): Promise<void> => {
    const now = id;
    setId(null);
    setRun(null);
    if (now) await calls.stopReplay(now).catch((error: unknown) => failed(error, () => undefined));
  };
  const result = run?.state === "done" ? run.result : null;
  return (
    <section class="card replay" aria-labelledby="replay-title">
      <header><h3 id="replay-title">{words.replay.over(Math.round(result?.days ?? DAYS))}</h3>{result && <span class="quiet-text">{words.replay.sessions(number(result.sessions, language), seconds(run!.seconds))}</span>}</header>
      {!running && !result && <p class="quiet-text">{words.replay.lead}</p>}
      {running && <Progress run={run} />}
      {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      {result && of.current !== file && <p class="dealt"><Icon name="triangle-alert" />{words.replay.stale}</p>}
      {result && <Result result={result} now={words.replay.now(published)} draft={words.replay.draft(next)} />}
      <div class="actions">{running ? <button type="button" onClick={() => void stop()}><Icon name="x" />{words.replay.stop}</button> : <button type="button" disabled={!mayCompare()} onClick={() => void start()}><Icon name="play" />{result ? words.replay.again : words.replay.run}</button>}</div>
      <p class="aside-note">{words.replay.only}</p>
    </section>
  );
}

const seconds = (value: number): string => (value < 90 ? `${Math.round(value)}${NBSP}s` : `${Math.round(value / 60)}${NBSP}min`);

function Progress({ run }: { run: Running | null }): JSX.Element {
  const words = useCampaignWords();
  const share = run?.progress ?? 0;
  const left = share > 0.02 && run ? words.replay.left(seconds((run.seconds / share) * (1 - share))) : "…";
  return <div class="progress"><progress max={1} value={share} aria-label={words.replay.title} /><span role="status">{words.replay.running(percent(share), left)}</span></div>;
}

function Result({ result, now, draft }: { result: Compared; now: string; draft: string }): JSX.Element {
  const words = useCampaignWords();
  return (
    <>
      <p class="quiet-text">{words.replay.perDay}</p>
      {result.by_day.length > 1 && <Chart days={result.by_day} now={now.split(" ")[0]!} draft={draft.split(" ")[0]!} />}
      <table class="compared">
        <thead><tr><th scope="col"><span class="hidden">{words.replay.measure}</span></th><th scope="col" class="figure">{now}</th><th scope="col" class="figure">{draft}</th></tr></thead>
        <tbody>{measures(result, words).map(([name, old, fresh]) => <tr key={name}><th scope="row">{name}</th><td class="figure">{old}</td><td class="figure"><b>{fresh}</b></td></tr>)}</tbody>
      </table>
    </>
  );
}

/** The lines of the table: a measure, what is in force, the draft. */
function measures(result: Compared, words: CampaignWords): [string, string, string][] {
  const language = document.documentElement.lang === "en" ? "en" : "fr";
  const count = (value: number | null | undefined, digits = 0): string => (value === null || value === undefined ? "–" : number(value, language, digits));
  const both = (name: string, of: (side: Side) => string): [string, string, string] => [name, of(result.versions.old), of(result.versions.new)];
  const effect = result.versions.new.days_to_detect?.effect_pp ?? result.versions.old.days_to_detect?.effect_pp ?? 2;
  return [
    both(words.replay.perDay, (side) => count(side.invitations_per_day, side.invitations_per_day < 10 ? 1 : 0)),
    both(words.replay.over_capacity, (side) => { const perDay = (typeof side.over_capacity === "number" ? side.over_capacity : side.over_capacity.sent) / Math.max(1, result.days); return count(perDay, perDay < 10 ? 1 : 0); }),
    both(words.replay.bought, (side) => (side.bought_without_help === null ? "–" : percent(side.bought_without_help, 1))),
    both(words.replay.peak, (side) => count(side.peak_concurrent_chats)),
    both(words.replay.agents, (side) => count(side.agents_needed)),
    both(words.replay.detect(tidy(`${signed(effect, Number.isInteger(effect) ? 0 : 1)}${NBSP}${words.point}`)), (side) => (side.days_to_detect?.days == null ? words.replay.never : count(Math.ceil(side.days_to_detect.days)))),
  ];
}

/** Two lines over the days: what is in force dashed, the draft solid; zero is always on the axis. */
function Chart({ days, now, draft }: { days: Compared["by_day"]; now: string; draft: string }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const most = Math.max(1, ...days.flatMap((one) => [one.old, one.new]));
  const step = niceStep(most);
  const top = Math.ceil(most / step) * step;
  const x = (at: number): number => 34 + (at / (days.length - 1)) * 260;
  const y = (value: number): number => 92 - (value / top) * 82;
  const line = (key: "old" | "new"): string => days.map((one, at) => `${at === 0 ? "M" : "L"}${x(at).toFixed(1)} ${y(one[key]).toFixed(1)}`).join("");
  const name = (text: string): string => tidy(new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(`${text}T12:00:00Z`)));
  const last = days.at(-1)!;
  const near = Math.abs(y(last.old) - y(last.new)) < 12;
  const shift = near ? (last.old >= last.new ? -6 : 6) : 0;
  return (
    <svg class="chart" viewBox="0 0 340 112" role="img" aria-label={words.replay.chart(name(days[0]!.day), name(last.day))}>
      {[step, top].filter((one, at, all) => all.indexOf(one) === at).map((tick) => <g key={tick}><path class="grid" d={`M34 ${y(tick)}H294`} /><text x="28" y={y(tick) + 4} text-anchor="end">{number(tick, language)}</text></g>)}
      <path class="base" d="M34 92H294" /><text x="28" y="96" text-anchor="end">0</text>
      <path class="old" d={line("old")} /><path class="new" d={line("new")} />
      <text class="old-name" x="300" y={y(last.old) + 4 + shift}>{now}</text><text class="new-name" x="300" y={y(last.new) + 4 - shift}>{draft}</text>
      <text x="34" y="108">{name(days[0]!.day)}</text><text x="294" y="108" text-anchor="end">{name(last.day)}</text>
    </svg>
  );
}

function niceStep(most: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return [size, size * 2, size * 5, size * 10].find((one) => most / one <= 2) ?? size * 10;
}
