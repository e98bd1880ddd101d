// The business case: sliders on the left, what follows from them on the right, worked out anew at once.
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { expired, go, isFailure } from "../actions";
import { toast, useStore } from "../store";
import { copy, currency as siteCurrency, Empty, Icon, Loading } from "../ui/parts";
import { calls } from "./calls";
import { at, fresh, MAIN, put, unitOf, withMeasured } from "./document";
import { Dots } from "./dots";
import { cash, told } from "./figures";
import { Groups } from "./groups";
import { Against, Allows, Channels, Finding, Sums } from "./results";
import { CompareCard, refusal, SaveDialog, SavedList } from "./saved";
import { faultWords, Slider } from "./slider";
import { Tornado } from "./tornado";
import type { Input, MeasuredAll, Roi, Saved, Table, Version } from "./wire";
import { planWords, usePlanWords } from "./words";

const PAUSE_MS = 120;
const DAYS = 28;

/** What somebody works on; it stays while he looks at another part of the plan. */
interface Work { document: Table; of: Version | null; retired: boolean; changed: boolean }
let kept: { site: string; work: Work } | null = null;

/** The scenario that somebody works on now. */
export const current = (): Table | null => kept?.work.document ?? null;

export function Case(): JSX.Element {
  const words = usePlanWords();
  const site = useStore((state) => state.me?.site.id ?? "");
  const wanted = useStore((state) => state.scenario);
  const [inputs, setInputs] = useState<Input[] | null>(null);
  const [work, setWork] = useState<Work | null>(kept?.site === site && (!wanted || kept.work.of?.id === wanted) ? kept.work : null);
  const [saved, setSaved] = useState<Version[]>([]);
  const [problem, setProblem] = useState("");
  const [turn, setTurn] = useState(0);
  const put = (next: Work): void => { kept = { site, work: next }; setWork(next); };
  const list = (): void => { calls.scenarios().then(setSaved, (error: unknown) => { if (!isFailure(error)) throw error; expired(error); }); };
  useEffect(() => {
    let over = false;
    const failed = (error: unknown): void => { if (!over) setProblem(refusal(error)); };
    calls.inputs().then((found) => { if (!over) setInputs(found); }, failed);
    list();
    return () => { over = true; };
  }, [site, turn]);
  useEffect(() => {
    let over = false;
    if (work && (!wanted || work.of?.id === wanted)) return undefined;
    if (wanted) calls.scenario(wanted).then((found) => { if (!over) put(opened(found)); }, (error: unknown) => { if (!over) setProblem(refusal(error)); });
    else begin(setProblem).then((document) => { if (!over && document) put({ document, of: null, retired: false, changed: false }); });
    return () => { over = true; };
  }, [site, wanted, turn]);
  if (!inputs || !work) return problem ? <Empty title={problem}>{wanted ? <a class="button" href="#/plan">{words.fresh}</a> : <button type="button" onClick={() => { setProblem(""); setTurn(turn + 1); }}>{words.retry}</button>}</Empty> : <Loading label={words.loading} rows={8} />;
  return <Page inputs={inputs} work={work} saved={saved} onWork={put} onList={list} onFresh={() => { kept = null; setWork(null); setTurn(turn + 1); go("plan"); }} />;
}

const opened = (found: Saved): Work => ({ document: found.scenario, of: found.saved, retired: found.retired !== null, changed: false });

/** A new scenario: what is measured, and for the rest figures that are to be confirmed. */
async function begin(onFailed: (why: string) => void): Promise<Table | null> {
  const start = fresh(planWords().freshName, siteCurrency());
  try {
    return withMeasured(start, await calls.measured());
  } catch (error) {
    if (!isFailure(error)) throw error;
    if (expired(error)) return null;
    if (error instanceof Refused && error.status === 503) return start;
    onFailed(refusal(error));
    return start;
  }
}

interface PageGiven { inputs: Input[]; work: Work; saved: Version[]; onWork: (next: Work) => void; onList: () => void; onFresh: () => void }

function Page({ inputs, work, saved, onWork, onList, onFresh }: PageGiven): JSX.Element {
  const words = usePlanWords();
  const { document, of } = work;
  const [saving, setSaving] = useState(false);
  const [compared, setCompared] = useState<Version | null>(null);
  const change = (next: Table): void => onWork({ ...work, document: next, changed: true });
  const faults = useFaults(document, inputs);
  const [roi, said, busy] = useRoi(document, Object.keys(faults).length === 0);
  const problems = { ...(said ? { [said.where]: said.text } : {}), ...faults };
  const share = (): void => {
    if (!of || work.changed) { toast(words.shareFirst, true); setSaving(true); return; }
    const address = `${location.origin}${location.pathname}#/plan/case/${encodeURIComponent(of.id)}`;
    void copy(address).then((done) => toast(done ? words.shared : `${words.shareFailed} ${address}`, !done));
  };
  const back = (): void => { calls.measured().then((found) => { const n = counted(found, document); onWork({ ...work, document: withMeasured(document, found), changed: work.changed || n > 0 }); toast(n ? words.backDone(n, DAYS) : words.backNone); }, (error: unknown) => toast(refusal(error), true)); };
  const done = (found: Saved): void => { setSaving(false); onWork(opened(found)); onList(); go("plan", "case", found.saved.id); };
  const placed = said && (MAIN.includes(said.where) || unitOf(inputs, said.where) || ["name", "currency", "horizon_months"].includes(said.where) || said.where in words.groups);
  return (
    <div class="plan-case">
      <header class="page-head plan-head"><h2 class="page-title">{words.title} <span class="tag line">{String(document.name ?? words.draft)}</span>{work.changed && <span class="tag">{words.unsaved}</span>}{work.retired && <span class="tag honey">{words.retiredTag}</span>}</h2>
        <div class="page-actions"><button type="button" onClick={back}><Icon name="rotate-ccw" />{words.back}</button><button type="button" onClick={() => print()}><Icon name="printer" />{words.print}</button><button type="button" onClick={share}><Icon name="share" />{words.share}</button><button type="button" class="primary" onClick={() => setSaving(true)}>{words.save}</button></div></header>
      <div class="plan-columns">
        <div class="plan-left">
          <div class="card plan-sliders">{MAIN.map((path) => { const [one, input] = [at(document, path), unitOf(inputs, path)]; return one && input && <Slider key={`${of?.id ?? ""}${path}`} path={path} one={one} input={input} currency={String(document.currency)} problem={problems[path] ?? ""} onChange={(next) => change(put(document, path, next))} />; })}</div>
          <Legend document={document} />
          <Groups document={document} inputs={inputs} problems={problems} onChange={change} />
          <SavedList all={saved} onOpen={(id) => go("plan", "case", id)} onCompare={setCompared} onChanged={onList} />
          {of && <p class="plan-more"><button type="button" onClick={onFresh}><Icon name="plus" />{words.fresh}</button></p>}
        </div>
        <div class="plan-right" aria-busy={busy}>
          {Object.keys(problems).length > 0 && <p class="problem plan-correct" role="alert"><Icon name="circle-alert" />{said && !placed ? said.text : words.correct}</p>}
          {roi ? <><Finding roi={roi} />{compared && <CompareCard key={compared.id} one={compared} inputs={inputs} onClose={() => setCompared(null)} />}<Dots futures={roi.futures} currency={roi.case.currency} /><Tornado bars={roi.tornado} found={roi.case} inputs={inputs} /><Against all={roi.contradictions} currency={roi.case.currency} /><Sums roi={roi} /><Channels all={roi.channels} currency={roi.case.currency} /><Allows found={roi.strategy} currency={roi.case.currency} /></> : Object.keys(problems).length === 0 && <Loading label={words.loading} rows={8} />}
        </div>
      </div>
      {saving && <SaveDialog document={document} of={of && !work.retired ? of : null} onClose={() => setSaving(false)} onSaved={done} />}
    </div>
  );
}

/** How many inputs a measurement puts in their places. */
const counted = (found: MeasuredAll, document: Table): number => found.inputs.filter((one) => one.value !== null && !one.input.startsWith("stated.") && at(document, one.input)?.value !== one.value).length;

/** What is wrong before anybody is asked, by path. */
function useFaults(document: Table, inputs: Input[]): Record<string, string> {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  return useMemo(() => {
    const found: Record<string, string> = {};
    for (const path of allPaths(document)) {
      const [one, input] = [at(document, path), unitOf(inputs, path)];
      const fault = one && input ? faultWords(words, one, input, String(document.currency), language) : "";
      if (fault) found[path] = fault;
    }
    return found;
  }, [document, inputs, words, language]);
}

function allPaths(document: Table): string[] {
  return Object.entries(document).flatMap(([group, inside]) => {
    if (Array.isArray(inside)) return (inside as Table[]).flatMap((part) => Object.keys(part).map((field) => `${group}.${String(part.name)}.${field}`));
    return typeof inside === "object" && inside !== null ? Object.keys(inside).map((field) => `${group}.${field}`) : [];
  });
}

interface Said { where: string; text: string }

/** The latest answer; what is asked while somebody drags waits a moment, and an answer that is overtaken is let go. */
function useRoi(document: Table, sound: boolean): [Roi | null, Said | null, boolean] {
  const [roi, setRoi] = useState<Roi | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(0);
  useEffect(() => {
    const mine = ++latest.current;
    if (!sound) return undefined;
    setBusy(true);
    const timer = setTimeout(() => {
      calls.roi(document).then(
        (found) => { if (mine === latest.current) { setRoi(found); setSaid(null); setBusy(false); } },
        (error: unknown) => { if (mine === latest.current) { setSaid(placeOf(error)); setBusy(false); } },
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [document, sound]);
  return [roi, sound ? said : null, busy];
}

/** Which input the server refuses, and why. */
function placeOf(error: unknown): Said {
  const told = error instanceof Refused ? (error.body.error as { where?: string; what?: string; hint?: string } | undefined) : undefined;
  if (told?.where && told.what) return { where: told.where, text: [told.what, told.hint].filter(Boolean).join(". ") };
  return { where: "", text: refusal(error) };
}

function Legend({ document }: { document: Table }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const currency = String(document.currency);
  const [fixed, held] = [at(document, "costs.fixed_per_month")?.value ?? 0, at(document, "visitors.hold_out_share")?.value ?? 0];
  const end = held > 0 ? `${fixed > 0 ? ", " : " "}${words.legendHeld(told("share", held, 0, language, currency))}.` : fixed > 0 ? "." : "";
  return <p class="plan-legend">{words.legend(fixed > 0 ? words.legendFixed(cash(fixed * 12, 0, language, currency)) : "", end)}</p>;
}
