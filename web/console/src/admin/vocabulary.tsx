// How conversations of the site end and are sorted: the rule and the list of wrap-up codes, tags, and when a wait is critical.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { duration } from "../format";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import { may } from "../ui/sites";
import { calls, type Code, type Codes, type Outcome, type Tags, type WrapUp } from "./calls";
import { Check, Field, Part, Problem, useDoing, useRead, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

const RULES: readonly WrapUp[] = ["off", "optional", "required"];
const OUTCOMES: readonly Outcome[] = ["sold", "lead", "helped", "not_bought", "other"];

export function Vocabulary(): JSX.Element {
  const words = useAdminWords();
  const codes = useRead(calls.codes);
  const tags = useRead(calls.tags);
  const writes = useStore((state) => may(state.me, "library"));
  const language = useStore((state) => state.language);
  const critical = useStore((state) => state.me?.site.critical_s);
  return (
    <>
      <Whole of={codes}>{(known) => (
        <>
          <header class="page-head"><h2 class="page-title">{words.vocabulary.finding[known.wrap_up]}</h2></header>
          {!writes && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
          <CodesForm key={JSON.stringify(known)} known={known} writes={writes} onSaved={codes.put} />
        </>
      )}</Whole>
      <Whole of={tags}>{(known) => <TagsForm key={JSON.stringify(known)} known={known} writes={writes} onSaved={tags.put} />}</Whole>
      {critical !== undefined && <Part id="waits-title" title={words.vocabulary.waits}><p>{words.vocabulary.critical(duration(critical * 1000, language))}</p></Part>}
    </>
  );
}

/** An id for a new code from its label, unlike all others. */
export function idOf(label: string, taken: readonly string[]): string {
  const base = label.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 36) || "code";
  for (let count = 1; ; count++) {
    const id = count === 1 ? base : `${base}_${count}`;
    if (!taken.includes(id)) return id;
  }
}

/** The codes as they are sent: trimmed, and new ones with an id of their own. */
function named(codes: readonly Code[]): Code[] {
  const taken = codes.map((one) => one.id).filter(Boolean);
  return codes.map((one) => {
    const label = { fr: one.label.fr.trim(), en: one.label.en.trim() };
    const id = one.id || idOf(label.en || label.fr, taken);
    taken.push(id);
    return { ...one, id, label };
  });
}

function CodesForm({ known, writes, onSaved }: { known: Codes; writes: boolean; onSaved: (codes: Codes) => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.vocabulary;
  const language = useStore((state) => state.language);
  const doing = useDoing();
  const [rule, setRule] = useState(known.wrap_up);
  const [codes, setCodes] = useState<readonly Code[]>(known.codes);
  const put = (at: number, part: Partial<Code>): void => { setCodes(codes.map((one, place) => (place === at ? { ...one, ...part } : one))); doing.say(""); };
  const up = (at: number): void => setCodes(codes.map((one, place) => (place === at - 1 ? codes[at]! : place === at ? codes[at - 1]! : one)));
  const changed = rule !== known.wrap_up || JSON.stringify(codes) !== JSON.stringify(known.codes);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (codes.some((one) => !one.label.fr.trim() || !one.label.en.trim())) return doing.say(words.needLabel);
    if (rule === "required" && !codes.some((one) => one.active)) return doing.say(words.needActive);
    void doing.run(async () => { onSaved(await calls.saveCodes(named(codes), rule)); return adminWords().saved; });
    return undefined;
  };
  return (
    <form onSubmit={submit}>
      <fieldset class="bare" disabled={!writes || doing.busy}>
        <fieldset class="bare choices"><legend>{words.rule}</legend>{RULES.map((one) => <label key={one} class="check"><input type="radio" name="rule" checked={rule === one} onChange={() => setRule(one)} /><span>{words.rules[one]}</span></label>)}</fieldset>
        <ul class="codes" aria-label={words.codes}>{codes.map((one, at) => <CodeRow key={at} one={one} first={at === 0} writes={writes} onPut={(part) => put(at, part)} onUp={() => up(at)} onDrop={one.id ? null : () => setCodes(codes.filter((_, place) => place !== at))} />)}</ul>
        <p class="part-lead">{words.reasonsList(known.reasons.map((one) => one.label[language].toLowerCase()).join(", "))}</p>
        <Problem text={doing.problem} />
        {writes && <p class="actions"><button type="submit" class="primary" disabled={!changed}>{all.save}</button><button type="button" onClick={() => setCodes([...codes, { id: "", label: { fr: "", en: "" }, outcome: "other", reasons: false, active: true }])}><Icon name="plus" />{words.add}</button></p>}
      </fieldset>
    </form>
  );
}

function CodeRow({ one, first, writes, onPut, onUp, onDrop }: { one: Code; first: boolean; writes: boolean; onPut: (part: Partial<Code>) => void; onUp: () => void; onDrop: (() => void) | null }): JSX.Element {
  const all = useAdminWords();
  const words = all.vocabulary;
  const language = useStore((state) => state.language);
  const name = one.label[language] || words.fresh;
  return (
    <li>
      <fieldset class="bare code-row"><legend class="hidden">{name}</legend>
        <Field label={words.fr}><input lang="fr" maxLength={100} value={one.label.fr} onInput={(event) => onPut({ label: { ...one.label, fr: event.currentTarget.value } })} /></Field>
        <Field label={words.en}><input lang="en" maxLength={100} value={one.label.en} onInput={(event) => onPut({ label: { ...one.label, en: event.currentTarget.value } })} /></Field>
        <Field label={words.outcome}><select value={one.outcome} onChange={(event) => onPut({ outcome: event.currentTarget.value as Outcome })}>{OUTCOMES.map((each) => <option key={each} value={each}>{words.outcomes[each]}</option>)}</select></Field>
        <span class="code-checks"><Check label={words.reasons} checked={one.reasons} onChange={(reasons) => onPut({ reasons })} /><Check label={words.active} checked={one.active} onChange={(active) => onPut({ active })} /></span>
        {writes && <span class="code-acts"><button type="button" class="quiet" aria-label={words.up(name)} title={words.up(name)} disabled={first} onClick={onUp}><Icon name="arrow-up" /></button>{onDrop && <button type="button" class="quiet" aria-label={words.dropTag(name)} onClick={onDrop}><Icon name="x" /></button>}</span>}
      </fieldset>
    </li>
  );
}

function TagsForm({ known, writes, onSaved }: { known: Tags; writes: boolean; onSaved: (tags: Tags) => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.vocabulary;
  const doing = useDoing();
  const [tags, setTags] = useState<readonly string[]>(known.tags);
  const [free, setFree] = useState(known.free);
  const [fresh, setFresh] = useState("");
  const add = (): void => {
    const tag = fresh.trim();
    if (tag && !tags.includes(tag)) setTags([...tags, tag]);
    setFresh("");
  };
  const changed = free !== known.free || JSON.stringify(tags) !== JSON.stringify(known.tags);
  const save = (): Promise<boolean> => doing.run(async () => { onSaved(await calls.saveTags({ tags: [...tags], free })); return adminWords().saved; });
  return (
    <Part id="tags-title" title={words.tags}>
      <fieldset class="bare" disabled={!writes || doing.busy} aria-labelledby="tags-title">
        {tags.length === 0 && <p class="quiet-text">{words.noTags}</p>}
        <ul class="tag-list kept">{tags.map((tag) => <li key={tag} class="tag line">{tag}{writes && <button type="button" class="quiet" aria-label={words.dropTag(tag)} onClick={() => setTags(tags.filter((one) => one !== tag))}><Icon name="x" /></button>}</li>)}</ul>
        {writes && <div class="tag-add"><Field label={words.tag}><input maxLength={40} value={fresh} onInput={(event) => setFresh(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); add(); } }} /></Field><button type="button" onClick={add}>{words.addTag}</button></div>}
        <Check label={words.free} checked={free} onChange={setFree} />
        <Problem text={doing.problem} />
        {writes && <p class="actions"><button type="button" class="primary" disabled={!changed} onClick={() => void save()}>{all.save}</button></p>}
      </fieldset>
    </Part>
  );
}
