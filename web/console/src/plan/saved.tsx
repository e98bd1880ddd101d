// Saved scenarios: the list, the dialog that saves one, and a plan held against what was measured.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refused } from "../api";
import { expired, isFailure } from "../actions";
import { day } from "../format";
import { toast, useStore } from "../store";
import { Dialog, Icon, Loading, zone } from "../ui/parts";
import { calls } from "./calls";
import { unitOf } from "./document";
import { decimals, sum, told } from "./figures";
import { nameOf, sourceOf } from "./slider";
import type { Compared, Estimate, Input, Saved, Table, Version } from "./wire";
import { planWords, usePlanWords } from "./words";

/** What went wrong, in the reader's words where there are some; empty when the session is over. */
export function refusal(error: unknown): string {
  if (!isFailure(error)) throw error;
  const words = planWords();
  if (expired(error)) return "";
  if (!(error instanceof Refused)) return words.failed;
  const said = error.body.error as { where?: string; what?: string; hint?: string } | undefined;
  return words.codes[error.code] ?? (said?.what ? [words.refusedAt(said.where ?? "", said.what), said.hint].filter(Boolean).join(". ") : words.failed);
}

export function SavedList({ all, onOpen, onCompare, onChanged }: { all: Version[]; onOpen: (id: string) => void; onCompare: (one: Version) => void; onChanged: () => void }): JSX.Element {
  const words = usePlanWords();
  const language = useStore((state) => state.language);
  const [sure, setSure] = useState("");
  const retire = (id: string): void => { calls.retire(id).then(() => { toast(words.retired); onChanged(); }, (error: unknown) => toast(refusal(error), true)); };
  return (
    <section class="plan-saved" aria-label={words.saved}>
      <h3>{words.saved}</h3>
      {all.length === 0 && <p class="quiet-text">{words.savedNone}</p>}
      <ul>{all.map((one) => (
        <li key={one.id}>
          <span class="plan-saved-name"><strong>{one.name}</strong> <small>{words.version(one.version)} · {day(one.at, language, zone())}{one.author_name && ` · ${one.author_name}`}</small>{one.note && <small>{one.note}</small>}</span>
          <span class="actions"><button type="button" aria-label={words.openOf(words.open, one.name)} onClick={() => onOpen(one.id)}>{words.open}</button><button type="button" aria-label={words.openOf(words.compare, one.name)} onClick={() => onCompare(one)}>{words.compare}</button><button type="button" class="quiet" aria-label={words.openOf(sure === one.id ? words.retireSure : words.retire, one.name)} onClick={() => (sure === one.id ? retire(one.id) : setSure(one.id))}>{sure === one.id ? words.retireSure : words.retire}</button></span>
        </li>
      ))}</ul>
    </section>
  );
}

export function SaveDialog({ document, of, onClose, onSaved }: { document: Table; of: Version | null; onClose: () => void; onSaved: (saved: Saved) => void }): JSX.Element {
  const words = usePlanWords();
  const [name, setName] = useState(String(document.name ?? ""));
  const [note, setNote] = useState("");
  const [next, setNext] = useState(of !== null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    const known = of && next ? { id: of.id, version: of.version } : {};
    calls.save({ ...known, note, scenario: { ...document, name: name.trim() } }).then((saved) => { toast(words.kept); onSaved(saved); }, (error: unknown) => { setBusy(false); setProblem(refusal(error)); });
  };
  return (
    <Dialog label={words.saveTitle} onClose={onClose}>
      <h2>{words.saveTitle}</h2>
      <form class="work-form" onSubmit={(event) => { event.preventDefault(); save(); }}>
        <label class="field"><span>{words.name}</span><input type="text" required maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <label class="field"><span>{words.note}</span><textarea rows={2} maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>
        {of && <div class="plan-choice"><label class="check"><input type="radio" name="as" checked={next} onChange={() => setNext(true)} />{words.asNext(of.name, of.version + 1)}</label><label class="check"><input type="radio" name="as" checked={!next} onChange={() => setNext(false)} />{words.asNew}</label></div>}
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <p class="actions"><button type="submit" class="primary" disabled={busy}><Icon name="check" />{words.save}</button><button type="button" class="quiet" onClick={onClose}>{words.cancel}</button></p>
      </form>
    </Dialog>
  );
}

export function CompareCard({ one, inputs, onClose }: { one: Version; inputs: readonly Input[]; onClose: () => void }): JSX.Element {
  const words = usePlanWords().compared;
  const all = usePlanWords();
  const language = useStore((state) => state.language);
  const [found, setFound] = useState<Compared | null>(null);
  const [problem, setProblem] = useState("");
  const [days, setDays] = useState({ from: "", to: "" });
  const [asked, setAsked] = useState("");
  useEffect(() => {
    let over = false;
    calls.compare(one.id, one.version, asked).then((answer) => { if (!over) { setFound(answer); setProblem(""); } }, (error: unknown) => { if (!over) setProblem(refusal(error)); });
    return () => { over = true; };
  }, [one.id, one.version, asked]);
  const date = (text: string): string => day(Date.parse(`${text}T12:00:00Z`), language, "UTC");
  const money = (value: number, half: number): string => sum(value, half, language, found?.currency ?? "EUR");
  return (
    <section class="card plan-card plan-compare" aria-label={all.compare}>
      <header><h3>{words.title(one.name, one.version)}</h3><button type="button" class="quiet" aria-label={all.close} onClick={onClose}><Icon name="x" /></button></header>
      <form class="plan-days" onSubmit={(event) => { event.preventDefault(); setAsked(`${days.from && `&from=${days.from}`}${days.to && `&to=${days.to}`}`); }}>
        <label>{words.from} <input type="date" value={days.from} onInput={(event) => setDays({ ...days, from: event.currentTarget.value })} /></label><label>{words.to} <input type="date" value={days.to} onInput={(event) => setDays({ ...days, to: event.currentTarget.value })} /></label><button type="submit">{words.show}</button>
      </form>
      {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      {!found ? !problem && <Loading label={all.loading} rows={6} /> : (
        <>
          <p class="plan-lead">{words.days(date(found.since), date(found.until))}</p>
          <p class="plan-verdict">{found.measured ? <>{words.gain(money(found.planned.value, (found.planned.high - found.planned.low) / 2), money(found.measured.value, (found.measured.high - found.measured.low) / 2))} <small>{words.gainRange(money(found.measured.low, (found.measured.high - found.measured.low) / 2), money(found.measured.high, (found.measured.high - found.measured.low) / 2))}</small></> : words.noGain(words.whys[found.why] ?? found.why)}</p>
          <div class="plan-scroll" role="region" aria-label={words.title(one.name, one.version)} tabIndex={0}>
            <table class="plan-table">
              <thead><tr><th scope="col">{words.what}</th><th scope="col">{words.planned}</th><th scope="col">{words.measured}</th><th scope="col" class="text">{words.verdict}</th></tr></thead>
              <tbody>{found.rows.map((row) => <RowOf key={row.input} row={row} input={unitOf(inputs, row.input)} currency={found.currency} />)}</tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function RowOf({ row, input, currency }: { row: Compared["rows"][number]; input: Input | undefined; currency: string }): JSX.Element {
  const all = usePlanWords();
  const words = all.compared;
  const language = useStore((state) => state.language);
  const counted = input?.counted ?? "number";
  const { value, low, high, n, why } = row.measured;
  const figures = (one: Estimate): [string, string] => {
    const digits = decimals(counted, one, currency);
    const say = (each: number): string => told(counted, each, digits, language, currency);
    return [say(one.value), one.low === one.high ? "" : all.band(say(one.low), say(one.high))];
  };
  const planned = row.planned && figures(row.planned);
  const measured = value === null ? null : figures({ low: low ?? value, value, high: high ?? value, source: "measured", within: 0.95 });
  const verdict = row.planned === null ? words.notPlanned : row.inside ? words.inside : row.agrees ? words.touches : words.outside;
  return (
    <tr>
      <th scope="row">{nameOf(all, row.input)}</th>
      <td>{planned ? <>{planned[0]} <small>{planned[1]}</small><small>{sourceOf(all, row.input, row.planned!.source)}</small></> : all.none}</td>
      <td>{measured ? <>{measured[0]} <small>{measured[1]}</small><small>{words.of(told("count", n, 0, language, currency))}</small></> : <small>{words.whys[why] ?? why}</small>}</td>
      <td class="text">{measured ? <span class={row.planned === null ? "tag line" : row.inside ? "tag green" : "tag honey"}>{verdict}</span> : all.none}</td>
    </tr>
  );
}
