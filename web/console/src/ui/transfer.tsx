// Hands a conversation on: to an agent who has room, or to a skill, with a note for whoever comes next.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { transfer } from "../actions";
import { duration } from "../format";
import { lookup, useWords } from "../i18n";
import type { Words } from "../i18n/fr";
import { update, useStore } from "../store";
import type { Conv, Staff } from "../wire";
import { Dialog, Icon, Loading, useNow } from "./parts";
import { initials, isThere, statusName, useStaff } from "./staff";

const MANY = 8;

/** Why this agent cannot have it now, in words; null when he can. */
function hindrance(one: Staff, conv: Conv, words: Words): string | null {
  if (!one.present) return words.transfer.gone;
  if (one.status !== "available") return statusName(words, one.status, one.reason);
  if (one.load >= one.maximum) return words.transfer.full;
  return conv.channel !== "chat" && one.load > 0 ? words.transfer.whole : null;
}

/** Those who can first, the least loaded first. */
function sorted(staff: readonly Staff[], conv: Conv, words: Words): Staff[] {
  const rank = (one: Staff): number => (hindrance(one, conv, words) === null ? 0 : 1000) + one.load;
  return [...staff].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export function Transfer({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const staff = useStaff();
  const me = useStore((state) => state.me?.id);
  const close = (): void => update({ transfer: null });
  const title = words.transfer.title(conv.label);
  const others = (staff.list ?? []).filter((one) => one.id !== me && !one.left_at && one.maximum > 0 && one.role !== "analyst");
  return (
    <Dialog label={title} onClose={close}>
      <h2>{title}</h2>
      {staff.list && <Form conv={conv} others={others} again={staff.again} />}
      {!staff.list && !staff.failed && <Loading label={words.transfer.loading} />}
      {!staff.list && staff.failed && <p class="problem" role="alert"><Icon name="circle-alert" />{words.transfer.failed}<button type="button" onClick={staff.again}>{words.transfer.retry}</button></p>}
      {!staff.list && <button type="button" onClick={close}>{words.transfer.cancel}</button>}
    </Dialog>
  );
}

function Form({ conv, others, again }: { conv: Conv; others: readonly Staff[]; again: () => void }): JSX.Element {
  const words = useWords();
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [find, setFind] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("input:not(:disabled), textarea")?.focus(), []);
  const skills = [...new Set(others.flatMap((one) => Object.keys(one.skills)))].sort();
  const shown = sorted(others, conv, words).filter((one) => one.name.toLowerCase().includes(find.toLowerCase()));
  const choose = (value: string): void => { setTo(value); setProblem(""); };
  const send = async (): Promise<void> => {
    if (!to) return setProblem(words.transfer.choose);
    const [kind, name] = [to.slice(0, 1), to.slice(1)];
    setBusy(true);
    const code = await transfer(conv.id, kind === "a" ? { agent: name } : { skill: name }, kind === "a" ? (others.find((one) => one.id === name)?.name ?? "") : name, note.trim());
    setBusy(false);
    if (code === null) return requestAnimationFrame(() => document.querySelector<HTMLElement>(".conv.chosen, #main")?.focus()) as unknown as void;
    setProblem(lookup(words.transfer.refused, code, words.transfer.refused.other));
    again();
    return undefined;
  };
  return (
    <form class="transfer" ref={form} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <p class="quiet-text">{words.transfer.lead}</p>
      <div class="transfer-list">
        <fieldset>
          <legend>{words.transfer.agents}</legend>
          {others.length > MANY && <input type="search" aria-label={words.transfer.find} placeholder={words.transfer.find} value={find} onInput={(event) => setFind(event.currentTarget.value)} />}
          {others.length === 0 && <p class="quiet-text">{words.transfer.nobody}</p>}
          {shown.map((one) => <Agent key={one.id} one={one} conv={conv} chosen={to === `a${one.id}`} onChoose={() => choose(`a${one.id}`)} />)}
        </fieldset>
        {skills.length > 0 && (
          <fieldset>
            <legend>{words.transfer.skills}</legend>
            {skills.map((skill) => (
              <label key={skill} class="hand-to"><input type="radio" name="to" checked={to === `s${skill}`} onChange={() => choose(`s${skill}`)} /><span><strong>{skill}</strong><small>{words.transfer.available(others.filter((one) => isThere(one) && skill in one.skills).length)}</small></span></label>
            ))}
          </fieldset>
        )}
      </div>
      <label class="field"><span>{words.transfer.note}</span><textarea rows={2} maxLength={4000} value={note} onInput={(event) => setNote(event.currentTarget.value)} /><small>{words.transfer.noteHint}</small></label>
      {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      <p class="actions"><button type="submit" class="primary" disabled={busy}><Icon name="forward" />{words.transfer.submit}</button><button type="button" onClick={() => update({ transfer: null })}>{words.transfer.cancel}</button></p>
    </form>
  );
}

function Agent({ one, conv, chosen, onChoose }: { one: Staff; conv: Conv; chosen: boolean; onChoose: () => void }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const now = useNow();
  const why = hindrance(one, conv, words);
  const since = one.present && one.status === "away" && one.since > 0 ? ` ${words.head.forTime(duration(now - one.since, language))}` : "";
  return (
    <label class={`hand-to ${why ? "cannot" : ""}`}>
      <input type="radio" name="to" checked={chosen} disabled={why !== null} onChange={onChoose} />
      <span class="initials" aria-hidden="true">{initials(one.name)}</span>
      <span><strong>{one.name}</strong><small><span class={`dot ${isThere(one) ? "available" : "away"}`} />{why ? `${why}${since}` : words.head.available}</small></span>
      <span class="hand-load"><LoadBars load={one.load} maximum={one.maximum} /><small>{words.transfer.slots(one.load, one.maximum)}</small></span>
    </label>
  );
}

/** Slots as small bars, when there are few enough to be seen. */
export function LoadBars({ load, maximum }: { load: number; maximum: number }): JSX.Element | null {
  if (maximum > MANY) return null;
  return <span class="load-bars" aria-hidden="true">{Array.from({ length: Math.max(maximum, load) }, (_, n) => <span key={n} class={n < load ? "on" : ""} />)}</span>;
}
