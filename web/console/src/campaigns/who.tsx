// Who? The rows of the condition, how many remain after each, and the same as text.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { number } from "../format";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import { readable } from "./attributes";
import { useCondition } from "./condition";
import { clauses, offset } from "./file";
import { Faults, type Path } from "./parts";
import { Picker } from "./picker";
import { nameOfRow, RowEditor, type Known } from "./rows";
import { edit, mayWrite, useDesk } from "./state";
import { TimerForm } from "./timer";
import { useCampaignWords } from "./words";
import type { Behaviour, CampaignFile, CelFault, Compare, Match, Rule } from "./wire";

export function Who({ campaign, rule, at, file, live }: { campaign: string; rule: Rule; at: Path; file: CampaignFile; live: { match: Match | null; of: string; failed: boolean } }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const schema = useDesk((desk) => desk.schema);
  const ground = useCondition(campaign, rule);
  const [picking, setPicking] = useState<((row: Compare) => void) | null>(null);
  const [timing, setTiming] = useState(false);
  const all = readable(schema, file);
  const known: Known = { schema, all, pick: (then) => setPicking(() => then) };
  const { rows } = ground;
  const fresh = live.match && live.of === rule.when && live.match.rows.length === rows.length ? live.match : null;
  const faultRows = placed(rule.when, ground.faults, rows.length);
  const addTimer = (name: string, behaviour: Behaviour, row: Compare): void => {
    edit((whole) => ({ ...whole, behaviours: { ...whole.behaviours, [name]: behaviour } }));
    ground.setRows([...rows, row]);
    setTiming(false);
  };
  return (
    <section class="part" aria-labelledby="who-title">
      <header class="part-head"><h3 id="who-title">{words.who.title}</h3>{live.match && <p class="quiet-text">{bold(words.who.online(number(live.match.online, language), number(live.match.matching, language)))}</p>}</header>
      <fieldset class="bare" disabled={!mayWrite() || ground.loading}>
        <div class="card who">
          {rows.length === 0 && !ground.loading && <p class="who-empty">{words.who.empty}</p>}
          {rows.map((row, index) => (
            <div class={`who-row ${faultRows.get(index) ? "faulty" : ""}`} key={index}>
              <div>
                <RowEditor row={row} known={known} onChange={(next) => ground.setRows(rows.map((one, place) => (place === index ? next : one)))} onRemove={() => ground.setRows(rows.filter((_, place) => place !== index))} />
                {faultRows.get(index)?.map((fault) => <CelProblem key={fault.what} fault={fault} />)}
              </div>
              <Funnel match={fresh} index={index} name={nameOfRow(row, all)} />
            </div>
          ))}
        </div>
        {(faultRows.get(-1) ?? []).map((fault) => <CelProblem key={fault.what} fault={fault} />)}
        {ground.faults.length === 0 && <Faults at={[...at, "when"]} />}
        <div class="actions who-actions">
          <button type="button" onClick={() => known.pick((row) => ground.setRows([...rows, row]))}><Icon name="plus" />{words.who.add}</button>
          <button type="button" onClick={() => setTiming(true)}><Icon name="list-ordered" />{words.who.timer}</button>
          <button type="button" onClick={() => known.pick((row) => ground.setRows([...rows, { kind: "any", rows: [row] }]))}><Icon name="parentheses" />{words.who.group}</button>
        </div>
      </fieldset>
      <CelText rule={rule} faults={ground.faults} onText={ground.setText} />
      {picking && <Picker all={all} schema={schema} onClose={() => setPicking(null)} onPick={(row) => { picking(row); setPicking(null); }} />}
      {timing && <TimerForm events={schema?.events ?? []} taken={Object.keys(file.behaviours ?? {})} onMake={addTimer} onClose={() => setTiming(false)} />}
    </section>
  );
}

/** The figures of a sentence stand out. */
export function bold(text: string): JSX.Element {
  return <>{text.split(/(\d[\d\u00a0,.]*\d|\d)/).map((part, index) => (index % 2 ? <b key={index}>{part}</b> : part))}</>;
}

/** The faults by the row that they lie in; -1 when no row is theirs. */
function placed(text: string, faults: readonly CelFault[], count: number): Map<number, CelFault[]> {
  const found = new Map<number, CelFault[]>();
  const spans = clauses(text);
  for (const fault of faults) {
    const place = offset(text, fault.line, fault.column);
    const index = fault.row !== undefined ? fault.row : count === spans.length ? spans.findIndex(([from, to]) => place >= from && place <= to) : count === 1 ? 0 : -1;
    found.set(index, [...(found.get(index) ?? []), fault]);
  }
  return found;
}

function CelProblem({ fault }: { fault: CelFault }): JSX.Element {
  const words = useCampaignWords();
  return <p class="cel-fault" role="alert"><Icon name="circle-alert" /><span>{fault.what}{fault.hint && <small>{fault.hint}</small>}<small>{words.who.fault(fault.line, fault.column)}</small></span></p>;
}

/** One step of the narrowing: as wide as the share that remains, with the number and how many fell away. */
function Funnel({ match, index, name }: { match: Match | null; index: number; name: string }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  if (!match) return <div class="funnel" aria-hidden="true"><span class="funnel-shape" /><span class="funnel-count quiet-text">–</span></div>;
  const before = index === 0 ? match.online : match.rows[index - 1]!.matching;
  const after = match.rows[index]!.matching;
  const half = (count: number): number => (match.online > 0 ? Math.max(0.6, (count / match.online) * 48) : 0);
  const [a, b] = [half(before), half(after)];
  return (
    <div class="funnel">
      <svg class="funnel-shape" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path class="flow" d={`M${50 - a} 0C${50 - a} 55 ${50 - b} 35 ${50 - b} 100H${50 + b}C${50 + b} 35 ${50 + a} 55 ${50 + a} 0Z`} />
        <path class="step" d={`M${50 - Math.min(48, b + 5)} 100H${50 + Math.min(48, b + 5)}`} vector-effect="non-scaling-stroke" />
      </svg>
      <p class="funnel-count"><span class="hidden">{name}: {words.who.matching(after)}, {words.who.drop(before - after)}</span><b aria-hidden="true">{number(after, language)}</b><small aria-hidden="true">{before > after ? `\u2212${number(before - after, language)}` : ""}</small></p>
    </div>
  );
}

/** The text of the condition: folded away until somebody wants it; what is wrong is marked where it is. */
function CelText({ rule, faults, onText }: { rule: Rule; faults: readonly CelFault[]; onText: (text: string) => void }): JSX.Element {
  const words = useCampaignWords();
  const [open, setOpen] = useState(false);
  const marks = useRef<HTMLPreElement>(null);
  const shown = open || faults.length > 0;
  return (
    <div class="cel-part">
      <button type="button" class="quiet small" aria-expanded={shown} onClick={() => setOpen(!shown)}><Icon name={shown ? "chevron-down" : "chevron-right"} />{words.who.text}</button>
      {shown && (
        <>
          <div class="cel-box">
            <pre aria-hidden="true" ref={marks}>{marked(rule.when, faults)}{"\n"}</pre>
            <textarea id="cel-text" aria-label={words.who.text} aria-invalid={faults.length > 0} aria-describedby="cel-hint" spellcheck={false} readOnly={!mayWrite()} rows={Math.max(2, rule.when.split("\n").length)} value={rule.when} onScroll={(event) => { if (marks.current) marks.current.scrollTop = event.currentTarget.scrollTop; }} onInput={(event) => onText(event.currentTarget.value)} />
          </div>
          <p id="cel-hint" class="quiet-text">{words.who.textHint}</p>
        </>
      )}
    </div>
  );
}

/** Where a fault lies; one of a row counts from the beginning of its clause. */
function placeOf(text: string, fault: CelFault): number {
  const span = fault.row === undefined ? undefined : clauses(text)[fault.row];
  if (!span) return offset(text, fault.line, fault.column);
  const clause = text.slice(...span);
  return span[0] + (clause.length - clause.trimStart().length) + offset(clause.trim(), fault.line, fault.column);
}

/** The text with a mark from each fault to the end of its word. */
function marked(text: string, faults: readonly CelFault[]): (string | JSX.Element)[] {
  const found: (string | JSX.Element)[] = [];
  let done = 0;
  for (const fault of faults.toSorted((a, b) => a.line - b.line || a.column - b.column)) {
    const from = Math.max(done, placeOf(text, fault));
    const length = /^[\w.]+|^"[^"]*"|^./.exec(text.slice(from))?.[0].length ?? 0;
    found.push(text.slice(done, from), <mark key={from}>{text.slice(from, from + length) || " "}</mark>);
    done = from + length;
  }
  return [...found, text.slice(done)];
}
