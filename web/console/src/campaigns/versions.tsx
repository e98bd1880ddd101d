// Publishing, what was published before, and the whole file as text.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isFailure } from "../actions";
import { Refused } from "../api";
import { when } from "../format";
import { lookup } from "../i18n";
import { toast, useStore } from "../store";
import { Dialog, Empty, Icon, Loading, zone } from "../ui/parts";
import { calls } from "./calls";
import { campaignOf, changes } from "./file";
import { Field } from "./parts";
import { desk, failed, isDirty, loadDraft, mayWrite, publish, refused, save, saveText, useDesk } from "./state";
import { said, useCampaignWords, type CampaignWords } from "./words";
import type { CampaignFile, Change, Fault, Version } from "./wire";

/** What changes, campaign by campaign, in words. */
export function Changes({ of, file }: { of: readonly Change[]; file: CampaignFile | null }): JSX.Element {
  const words = useCampaignWords();
  return <ul class="changes">{of.map((one) => <li key={`${one.campaign}${one.what}`}>{changeSaid(one, file, words)}</li>)}</ul>;
}

function changeSaid(change: Change, file: CampaignFile | null, words: CampaignWords): JSX.Element {
  const name = change.campaign === null ? words.versions.site : said(campaignOf(file, change.campaign)?.label) || change.campaign;
  const members = change.what === "changed" ? change.members.map((one) => lookup(words.members, one)).join(", ") : "";
  return <><b>{name}</b> {change.campaign === null ? words.versions.what.changed : words.versions.what[change.what]}{members ? `: ${members}` : ""}</>;
}

export function PublishDialog({ next, onClose }: { next: number; onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const file = useDesk((one) => one.file);
  const base = useDesk((one) => one.base);
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const changed = file ? changes(base, file) : [];
  const run = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const version = await publish(note.trim());
      toast(words.publish.done(version));
      onClose();
    } catch (error) {
      failed(error, () => {
        if (error instanceof Refused && error.status === 409 && error.code === "changed_meanwhile") { refused(error); onClose(); }
        setProblem(why(error) ?? words.publish.failed);
      });
      setBusy(false);
    }
  };
  return (
    <Dialog label={words.publish.title(next)} onClose={onClose}>
      <form class="fresh-form" onSubmit={(event) => void run(event)}>
        <h2>{words.publish.title(next)}</h2><p>{words.publish.lead}</p>
        <div><h3>{words.publish.changes}</h3><Changes of={changed} file={file} />{changed.length > 1 && <p class="quiet-text">{words.publish.all}</p>}</div>
        <Field label={words.publish.note}><input autofocus value={note} maxLength={500} onInput={(event) => setNote(event.currentTarget.value)} /></Field>
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <div class="actions"><button type="submit" class="primary" disabled={busy}>{words.publish.do}</button><button type="button" onClick={onClose}>{words.cancel}</button></div>
      </form>
    </Dialog>
  );
}

function why(error: unknown): string | null {
  const told = error instanceof Refused ? (error.body.error as { what?: string; hint?: string } | undefined) : undefined;
  return told?.what ? [told.what, told.hint].filter(Boolean).join(": ") : null;
}

export function VersionsDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const [versions, setVersions] = useState<Version[] | "failed" | null>(null);
  const [asked, setAsked] = useState<number | null>(null);
  const load = (): void => { calls.versions().then(setVersions, (error: unknown) => failed(error, () => setVersions("failed"))); };
  useEffect(load, []);
  const back = async (version: number): Promise<void> => {
    try {
      const made = await calls.rollback(version, words.versions.back(version));
      toast(words.versions.done(made.version));
      setAsked(null);
      load();
      await loadDraft();
    } catch (error) {
      failed(error, () => toast(words.versions.failed, true));
    }
  };
  return (
    <Dialog label={words.versions.title} onClose={onClose} wide>
      <div class="dialog-head"><h2>{words.versions.title}</h2><button type="button" autofocus onClick={onClose}><Icon name="x" />{words.close}</button></div>
      <p>{words.versions.lead}</p>
      {versions === null && <Loading label={words.versions.title} />}
      {versions === "failed" && <p class="problem" role="alert"><Icon name="circle-alert" />{words.failed}</p>}
      {Array.isArray(versions) && published(versions).length === 0 && <Empty title={words.versions.none} mark={false} />}
      {Array.isArray(versions) && published(versions).length > 0 && <ol class="versions" tabIndex={0} aria-label={words.versions.title}>{published(versions).map((one) => <Line key={one.version} version={one} asked={asked === one.version} onAsk={setAsked} onBack={() => void back(one.version)} />)}</ol>}
    </Dialog>
  );
}

const published = (versions: readonly Version[]): Version[] => versions.filter((one) => one.version > 0);

function Line({ version, asked, onAsk, onBack }: { version: Version; asked: boolean; onAsk: (version: number | null) => void; onBack: () => void }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const file = useDesk((one) => one.file);
  return (
    <li>
      <div class="version-head"><b>v{version.version}</b>{version.state === "published" && <span class="tag green"><span class="dot" />{words.versions.inForce}</span>}
        <span class="quiet-text">{words.versions.by(version.made_by_name || version.made_by || words.versions.seed, when(version.published_at ?? version.made_at, Date.now(), language, zone()))}</span>
        {version.state === "archived" && !asked && <button type="button" disabled={!mayWrite()} onClick={() => onAsk(version.version)}><Icon name="undo-2" />{words.versions.back(version.version)}</button>}</div>
      {version.note && <p class="version-note">{version.note}</p>}
      {version.changes.length > 0 && <Changes of={version.changes} file={file} />}
      {asked && <div class="version-ask" role="group" aria-label={words.versions.back(version.version)}><p>{words.versions.ask(version.version)}</p><div class="actions"><button type="button" class="primary" ref={(node) => node?.focus()} onClick={onBack}>{words.versions.back(version.version)}</button><button type="button" onClick={() => onAsk(null)}>{words.cancel}</button></div></div>}
    </li>
  );
}

export function TextDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const [text, setText] = useState<string | null>(null);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => { void save().then(() => setText(desk().text)); }, []);
  const stale = useDesk(isDirty);
  const run = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await saveText(text ?? "");
      onClose();
    } catch (error) {
      if (!isFailure(error)) throw error;
      failed(error, () => {
        const found = error instanceof Refused ? (error.body.faults as Fault[] | undefined) : undefined;
        if (found) setFaults(found);
        else if (error instanceof Refused && error.status === 409) { refused(error); onClose(); }
        else setProblem(words.publish.failed);
      });
      setBusy(false);
    }
  };
  return (
    <Dialog label={words.text.title} onClose={onClose} wide>
      <div class="dialog-head"><h2>{words.text.title}</h2><button type="button" onClick={onClose}><Icon name="x" />{words.close}</button></div>
      <p>{words.text.lead}</p>
      {text === null ? <Loading label={words.loading} /> : <textarea class="whole-file" aria-label={words.text.field} aria-invalid={faults.length > 0} spellcheck={false} readOnly={!mayWrite() || stale} rows={18} value={text} onInput={(event) => { setText(event.currentTarget.value); setFaults([]); }} />}
      {faults.length > 0 && <ul class="faults" role="alert">{faults.map((one) => <li key={one.where + one.what}><Icon name="circle-alert" /><span><code>{one.where}</code> {one.what}{one.hint && <small>{one.hint}</small>}</span></li>)}</ul>}
      {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      {mayWrite() && <div class="actions"><button type="button" class="primary" disabled={busy || text === null || stale} onClick={() => void run()}>{words.text.save}</button></div>}
    </Dialog>
  );
}
