// What the account and the settings share: reading with its failure said, doing with its refusal said, a secret that is shown once.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { day, when } from "../format";
import { get, toast } from "../store";
import { serverClock } from "../api";
import { copy, Dialog, Empty, Icon, Loading, zone } from "../ui/parts";
import { refusal, useAdminWords } from "./words";

export const dayOf = (at: number): string => day(at, get().language, zone());
export const whenOf = (at: number): string => when(at, serverClock.now(), get().language, zone());

export interface Read<T> { data: T | null; failed: boolean; again: () => void; put: (data: T) => void }

/** What the server tells, asked once and whenever `again` is called or `key` changes; what is there stays when an answer does not come. */
export function useRead<T>(fetch: () => Promise<T>, key: unknown = null): Read<T> {
  const [data, put] = useState<T | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let over = false;
    fetch().then((found) => { if (!over) { put(() => found); setFailed(false); } }, (error: unknown) => {
      if (!isFailure(error)) throw error;
      if (!over && !expired(error)) setFailed(true);
    });
    return () => { over = true; };
  }, [turn, key]);
  return { data, failed, again: () => setTurn((now) => now + 1), put };
}

/** The part once it is there; before that its shape, or that it did not come and a button. */
export function Whole<T>({ of, children }: { of: Read<T>; children: (data: T) => ComponentChildren }): JSX.Element {
  const words = useAdminWords();
  if (of.data !== null) return <>{of.failed && <p class="problem" role="alert"><Icon name="circle-alert" />{words.failed}<button type="button" onClick={of.again}>{words.retry}</button></p>}{children(of.data)}</>;
  return of.failed ? <Empty title={words.failed}><button type="button" onClick={of.again}>{words.retry}</button></Empty> : <Loading label={words.loading} rows={5} />;
}

export interface Doing { busy: boolean; problem: string; say: (problem: string) => void; run: (work: () => Promise<string | void>) => Promise<boolean> }

/** Does one thing at a time; a sentence that it gives back is said, a refusal stays in words. */
export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [problem, say] = useState("");
  const run = async (work: () => Promise<string | void>): Promise<boolean> => {
    setBusy(true);
    say("");
    try {
      const said = await work();
      if (said) toast(said);
      return true;
    } catch (error) {
      if (!isFailure(error)) throw error;
      // At the door a 401 is about a link, not about a session that has ended.
      if (get().phase !== "ready" || !expired(error)) say(refusal(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, say, run };
}

export function Problem({ text }: { text: string }): JSX.Element {
  return <div class="problem-place" role="alert">{text && <p class="problem"><Icon name="circle-alert" />{text}</p>}</div>;
}

export function Field({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }): JSX.Element {
  return <label class="field"><span>{label}</span>{children}{hint && <small>{hint}</small>}</label>;
}

export function Check({ label, checked, disabled, onChange }: { label: string; checked: boolean; disabled?: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return <label class="check"><input type="checkbox" checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} /><span>{label}</span></label>;
}

/** What the server tells this once: to copy, and to close when it is kept. */
export function Once({ text, label, onKept }: { text: string; label: string; onKept: () => void }): JSX.Element {
  const words = useAdminWords();
  const run = async (): Promise<void> => { if (await copy(text)) toast(words.copied); };
  return (
    <div class="once" role="group" aria-label={label}>
      <p><Icon name="triangle-alert" />{words.once}</p>
      <pre tabIndex={0} aria-label={label}>{text}</pre>
      <p class="actions"><button type="button" class="primary" onClick={() => void run()}><Icon name="copy" />{words.copy}</button><button type="button" onClick={onKept}>{words.kept}</button></p>
    </div>
  );
}

/** A question with what follows from it, before something that cannot be taken back. */
export function Confirm({ title, lead, verb, onYes, onClose }: { title: string; lead: string; verb: string; onYes: () => Promise<string | void>; onClose: () => void }): JSX.Element {
  const words = useAdminWords();
  const doing = useDoing();
  return (
    <Dialog label={title} onClose={onClose}>
      <h2>{title}</h2><p>{lead}</p>
      <Problem text={doing.problem} />
      <p class="actions"><button type="button" class="primary" disabled={doing.busy} onClick={() => void doing.run(onYes).then((done) => { if (done) onClose(); })}>{verb}</button><button type="button" autofocus onClick={onClose}>{words.cancel}</button></p>
    </Dialog>
  );
}

/** One part of a page, with its title. */
export function Part({ id, title, lead, children }: { id: string; title: string; lead?: string; children: ComponentChildren }): JSX.Element {
  return <section class="admin-part" aria-labelledby={id}><h3 id={id}>{title}</h3>{lead && <p class="part-lead">{lead}</p>}{children}</section>;
}
