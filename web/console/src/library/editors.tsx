// What a reply, a script or an article says, to be changed by those with the right and read by everybody.
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { toast, useStore } from "../store";
import { Dialog, Icon } from "../ui/parts";
import { calls } from "./calls";
import { Blocks } from "./shown";
import { StepsFields } from "./steps";
import type { Article, Kept, Reply, Script, Sort } from "./wire";
import { refusal, useLibraryWords } from "./words";

export type Opened = { sort: "reply"; one: Reply | null } | { sort: "script"; one: Script | null } | { sort: "article"; one: Article | null };
interface Given<T> { one: T | null; leads: boolean; onDone: () => void; onClose: () => void }

export function Editor({ opened, ...given }: { opened: Opened; leads: boolean; onDone: () => void; onClose: () => void }): JSX.Element {
  switch (opened.sort) {
    case "reply": return <ReplyEditor one={opened.one} {...given} />;
    case "script": return <ScriptEditor one={opened.one} {...given} />;
    case "article": return <ArticleEditor one={opened.one} {...given} />;
  }
}

/** The frame of all three: title, fields, what was refused, and the buttons. */
function Frame({ sort, id, leads, save, onDone, onClose, children }: { sort: Sort; id: string | null; leads: boolean; save: () => Promise<unknown>; onDone: () => void; onClose: () => void; children: ComponentChildren }): JSX.Element {
  const words = useLibraryWords();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const run = async (work: () => Promise<unknown>, said: string): Promise<void> => {
    setBusy(true);
    try {
      await work();
      toast(said);
      onDone();
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (!expired(error)) setProblem(refusal(error, sort));
    } finally {
      setBusy(false);
    }
  };
  const title = id === null ? words.add[sort] : words.open[sort];
  return (
    <Dialog label={title} onClose={onClose} wide>
      <h2>{title}</h2>
      {!leads && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
      <form class="work-form library-form" onSubmit={(event) => { event.preventDefault(); if (leads) void run(save, words.kept); }}>
        <div class="work-scroll library-fields" tabIndex={0} role="group" aria-label={title}>{children}</div>
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        {leads
          ? <p class="actions"><button type="submit" class="primary" disabled={busy}><Icon name="check" />{words.save}</button><button type="button" class="quiet" onClick={onClose}>{words.cancel}</button><span class="head-gap" />{id !== null && <button type="button" disabled={busy} onClick={() => (sure ? void run(() => calls.drop(sort, id), words.dropped) : setSure(true))}><Icon name="trash-2" />{sure ? words.dropSure : words.drop}</button>}</p>
          : <p class="actions"><button type="button" class="primary" onClick={onClose}>{words.close}</button></p>}
      </form>
    </Dialog>
  );
}

const Field = ({ name, hint, children }: { name: string; hint?: string; children: ComponentChildren }): JSX.Element => <label class="field"><span>{name}</span>{children}{hint && <small class="quiet-text">{hint}</small>}</label>;

/** Title, language and skill, which all have but articles, that have no skill. */
function About({ value, put, leads, skilled }: { value: { title: string; language: string; skill?: string | null }; put: (part: { title?: string; language?: string; skill?: string | null }) => void; leads: boolean; skilled: boolean }): JSX.Element {
  const words = useLibraryWords();
  return (
    <>
      <Field name={words.name}><input required maxLength={200} readOnly={!leads} value={value.title} onInput={(event) => put({ title: event.currentTarget.value })} /></Field>
      <div class="field-row">
        <Field name={words.language}><select disabled={!leads} value={value.language} onChange={(event) => put({ language: event.currentTarget.value })}>{[...new Set(["fr", "en", value.language])].map((one) => <option key={one} value={one}>{words.languages[one] ?? one}</option>)}</select></Field>
        {skilled && <Field name={words.skill}><input maxLength={64} pattern="[A-Za-z0-9_\-]*" readOnly={!leads} placeholder={words.allSkills} value={value.skill ?? ""} onInput={(event) => put({ skill: event.currentTarget.value || null })} /></Field>}
      </div>
    </>
  );
}

function useKept<T extends object>(first: () => T): [T, (part: Partial<T>) => void] {
  const [value, set] = useState(first);
  return [value, (part) => set((before) => ({ ...before, ...part }))];
}

function ReplyEditor({ one, leads, onDone, onClose }: Given<Reply>): JSX.Element {
  const words = useLibraryWords();
  const language = useStore((state) => state.language);
  const [value, put] = useKept<Kept<Reply>>(() => (one ? { id: one.id, shortcut: one.shortcut, title: one.title, body: one.body, language: one.language, skill: one.skill } : { id: null, shortcut: "", title: "", body: "", language, skill: null }));
  const body = useRef<HTMLTextAreaElement>(null);
  const variable = (name: string): void => {
    const node = body.current!;
    put({ body: `${node.value.slice(0, node.selectionStart)}{${name}}${node.value.slice(node.selectionEnd)}` });
    node.focus();
  };
  return (
    <Frame sort="reply" id={value.id} leads={leads} save={() => calls.saveReply(value)} onDone={onDone} onClose={onClose}>
      <Field name={words.shortcut} hint={words.shortcutHint}><input autofocus required maxLength={41} readOnly={!leads} value={value.shortcut} onInput={(event) => put({ shortcut: event.currentTarget.value })} /></Field>
      <About value={value} put={put} leads={leads} skilled />
      <Field name={words.body} hint={leads ? words.fallback : undefined}><textarea ref={body} rows={5} required maxLength={4000} readOnly={!leads} value={value.body} onInput={(event) => put({ body: event.currentTarget.value })} /></Field>
      {leads && <p class="variables">{Object.entries(words.variables).map(([name, said]) => <button key={name} type="button" aria-label={`${words.insertVariable} {${name}}, ${said}`} title={said} onClick={() => variable(name)}>{`{${name}}`}</button>)}</p>}
    </Frame>
  );
}

function ScriptEditor({ one, leads, onDone, onClose }: Given<Script>): JSX.Element {
  const language = useStore((state) => state.language);
  const [value, put] = useKept<Kept<Script>>(() => (one ? { id: one.id, title: one.title, steps: one.steps, language: one.language, skill: one.skill } : { id: null, title: "", steps: [{ id: "s1", say: "", next: [] }], language, skill: null }));
  return (
    <Frame sort="script" id={value.id} leads={leads} save={() => calls.saveScript(value)} onDone={onDone} onClose={onClose}>
      <About value={value} put={put} leads={leads} skilled />
      <StepsFields steps={value.steps} put={(steps) => put({ steps })} leads={leads} />
    </Frame>
  );
}

function ArticleEditor({ one, leads, onDone, onClose }: Given<Article>): JSX.Element {
  const words = useLibraryWords();
  const language = useStore((state) => state.language);
  const [value, put] = useKept<Kept<Article>>(() => (one ? { id: one.id, title: one.title, body: one.body, language: one.language, tags: one.tags, url: one.url } : { id: null, title: "", body: "", language, tags: [], url: "" }));
  const [tags, setTags] = useState(value.tags.join(", "));
  const save = (): Promise<unknown> => calls.saveArticle({ ...value, url: value.url.trim(), tags: tags.split(",").map((tag) => tag.trim()).filter(Boolean) });
  return (
    <Frame sort="article" id={value.id} leads={leads} save={save} onDone={onDone} onClose={onClose}>
      <About value={value} put={put} leads={leads} skilled={false} />
      {leads ? <Field name={words.body} hint={words.markup}><textarea rows={9} required maxLength={20000} value={value.body} onInput={(event) => put({ body: event.currentTarget.value })} /></Field> : one && <Blocks of={one.blocks} />}
      <Field name={words.tags} hint={leads ? words.tagsHint : undefined}><input readOnly={!leads} value={tags} onInput={(event) => setTags(event.currentTarget.value)} /></Field>
      <Field name={words.url} hint={leads ? words.urlHint : undefined}><input inputMode="url" maxLength={1000} readOnly={!leads} value={value.url} onInput={(event) => put({ url: event.currentTarget.value })} /></Field>
    </Frame>
  );
}
