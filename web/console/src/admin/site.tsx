// What an administrator sets of the site: who it is, times, look and words of the widget, and who gets what visitors leave.
import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { nameOf } from "../format";
import { toast, useStore } from "../store";
import { Icon } from "../ui/parts";
import { calls, type Question, type SiteFault, type SiteSettings } from "./calls";
import { changeOf, type Draft, draftOf, rebased } from "./draft";
import { LookPart } from "./look";
import { Part, Problem, useDoing, useRead, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

export function SitePart(): JSX.Element {
  const read = useRead(calls.site);
  return <Whole of={read}>{(known) => <SiteForm first={known} />}</Whole>;
}

/** What a part of the form needs: the draft, how to change it, and what is wrong at a field. */
export interface Form { known: SiteSettings; draft: Draft; put: (part: Partial<Draft>) => void; fault: (where: string) => string }

/** The fault of a field in the reader's words. */
function faultSaid(fault: SiteFault, known: SiteSettings): string {
  const { faults } = adminWords().site;
  const bounds = known.bounds[fault.where];
  return fault.code === "bounds" && bounds ? faults.bounds(bounds[0], bounds[1]) : fault.code in faults && fault.code !== "bounds" ? faults[fault.code as Exclude<keyof typeof faults, "bounds">] : faults.other;
}

function SiteForm({ first }: { first: SiteSettings }): JSX.Element {
  const words = useAdminWords();
  const doing = useDoing();
  const form = useRef<HTMLFormElement>(null);
  const [known, setKnown] = useState(first);
  const [draft, setDraft] = useState(draftOf(first));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [meanwhile, setMeanwhile] = useState(false);
  const change = changeOf(known, draft);
  const changed = Object.keys(change).length > 0;
  const put = (part: Partial<Draft>): void => {
    setDraft((before) => ({ ...before, ...part }));
    setFaults({});
    doing.say("");
  };
  const wrong = (found: readonly SiteFault[]): void => {
    setFaults(Object.fromEntries(found.map((one) => [one.where, faultSaid(one, known)])));
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const take = (fresh: SiteSettings): void => { setKnown(fresh); setDraft(draftOf(fresh)); setFaults({}); setMeanwhile(false); };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void doing.run(async () => {
      try {
        take(await calls.saveSite({ ...change, revision: known.revision }));
        toast(adminWords().saved);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.code === "bad_settings") wrong(error.body.faults as SiteFault[]);
        setMeanwhile(error.code === "changed_meanwhile");
        throw error;
      }
    });
  };
  const readAgain = (): Promise<boolean> => doing.run(async () => {
    const fresh = await calls.site();
    setDraft(rebased(known, fresh, draft));
    setKnown(fresh);
    setMeanwhile(false);
  });
  const parts: Form = { known, draft, put, fault: (where) => faults[where] ?? "" };
  return (
    <form class="site-form" ref={form} onSubmit={submit} noValidate>
      <header class="page-head"><h2 class="page-title">{words.site.title(known.name)}</h2></header>
      <p class="part-lead">{words.site.lead}</p>
      <fieldset class="bare" disabled={doing.busy}>
        <Identity {...parts} />
        <Times {...parts} />
        <Survey {...parts} />
        <LookPart {...parts} />
        <MailTo {...parts} />
      </fieldset>
      <div class="save-bar">
        <Problem text={doing.problem} />
        {meanwhile && <button type="button" onClick={() => void readAgain()}>{words.site.readAgain}</button>}
        <button type="submit" class="primary" disabled={!changed || doing.busy}>{words.save}</button>
        {changed && <button type="button" disabled={doing.busy} onClick={() => take(known)}>{words.site.undo}</button>}
      </div>
    </form>
  );
}

export interface Judged { id: string; "aria-invalid": boolean | undefined; "aria-describedby": string | undefined }

/** A field with its label, its hint, and what the server says is wrong with it. */
export function Judge({ where, label, hint, form, children, class: name = "" }: { where: string; label: string; hint?: string; form: Form; children: (aria: Judged) => ComponentChildren; class?: string }): JSX.Element {
  const id = `site-${where.replace(/\W/g, "-")}`;
  const fault = form.fault(where);
  const beside = [hint ? `${id}-hint` : "", fault ? `${id}-fault` : ""].filter(Boolean).join(" ");
  return (
    <div class={`field ${name}`}>
      <label for={id}>{label}</label>
      {children({ id, "aria-invalid": fault ? true : undefined, "aria-describedby": beside || undefined })}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
      {fault && <small id={`${id}-fault`} class="problem"><Icon name="circle-alert" />{fault}</small>}
    </div>
  );
}

/** A yes or no, with what it means. */
function YesNo({ label, hint, id, on, onChange }: { label: string; hint: string; id: string; on: boolean; onChange: (on: boolean) => void }): JSX.Element {
  return (
    <div class="yes-no">
      <label class="check"><input type="checkbox" checked={on} aria-describedby={`site-${id}-hint`} onChange={(event) => onChange(event.currentTarget.checked)} /><span>{label}</span></label>
      <small id={`site-${id}-hint`}>{hint}</small>
    </div>
  );
}

const MODES = ["full", "reactive", "off"] as const;

/** What this browser knows, to choose from; nothing where it knows none. */
function known(kind: "timeZone" | "currency"): readonly string[] {
  const from = Intl as unknown as { supportedValuesOf?: (kind: string) => string[] };
  return from.supportedValuesOf?.(kind) ?? [];
}

function Identity(form: Form): JSX.Element {
  const { draft, put } = form;
  const words = useAdminWords().site;
  const language = useStore((state) => state.language);
  const spoken = draft.languages.split(/[\s,]+/).filter((one) => /^[a-z]{2,3}$/i.test(one));
  const typed = (name: "name" | "currency" | "time_zone" | "languages") => (event: { currentTarget: HTMLInputElement }): void => put({ [name]: event.currentTarget.value });
  return (
    <Part id="site-title" title={words.who}>
      <div class="field-row">
        <Judge where="name" label={words.name} hint={words.nameHint} form={form}>{(aria) => <input {...aria} maxLength={200} value={draft.name} onInput={typed("name")} />}</Judge>
        <Judge where="currency" label={words.currency} hint={words.currencyHint} form={form}>{(aria) => <input {...aria} maxLength={3} list="site-currencies" spellcheck={false} autocomplete="off" value={draft.currency} onInput={typed("currency")} />}</Judge>
        <Judge where="time_zone" label={words.zone} hint={words.zoneHint} form={form}>{(aria) => <input {...aria} maxLength={100} list="site-zones" spellcheck={false} autocomplete="off" value={draft.time_zone} onInput={typed("time_zone")} />}</Judge>
        <Judge where="languages" label={words.languages} hint={words.languagesHint} form={form}>{(aria) => <input {...aria} maxLength={100} spellcheck={false} autocomplete="off" value={draft.languages} onInput={typed("languages")} />}</Judge>
        <Judge where="language" label={words.language} hint={words.languageHint} form={form}>{(aria) => (
          <select {...aria} value={draft.language} onChange={(event) => put({ language: event.currentTarget.value })}>{[...new Set([...spoken.map((one) => one.toLowerCase()), draft.language])].map((one) => <option key={one} value={one}>{nameOf("language", one, language)}</option>)}</select>
        )}</Judge>
      </div>
      <datalist id="site-currencies">{known("currency").map((one) => <option key={one} value={one} />)}</datalist>
      <datalist id="site-zones">{known("timeZone").map((one) => <option key={one} value={one} />)}</datalist>
      <Judge where="origins" label={words.origins} hint={words.originsHint} form={form} class="wide">{(aria) => <textarea {...aria} rows={3} spellcheck={false} value={draft.origins} onInput={(event) => put({ origins: event.currentTarget.value })} />}</Judge>
      <fieldset class="bare modes"><legend>{words.mode}</legend>{MODES.map((one) => (
        <label key={one} class="check"><input type="radio" name="mode" checked={draft.mode === one} onChange={() => put({ mode: one })} /><span>{words.modes[one]}<small>{words.modeHints[one]}</small></span></label>
      ))}</fieldset>
      <YesNo id="button" label={words.button} hint={words.buttonHint} on={draft.button} onChange={(button) => put({ button })} />
      <YesNo id="preview" label={words.preview} hint={words.previewHint} on={draft.typing_preview} onChange={(typing_preview) => put({ typing_preview })} />
    </Part>
  );
}

const TIMES = ["answer_s", "queue_s", "critical_s"] as const;

function Times(form: Form): JSX.Element {
  const words = useAdminWords().site;
  return (
    <Part id="times-title" title={words.times} lead={words.timesLead}>
      <div class="field-row">{TIMES.map((one) => (
        <Judge key={one} where={one} label={words.seconds[one]} hint={words.secondsHint[one]} form={form}>{(aria) => (
          <span class="with-unit"><input {...aria} inputMode="numeric" maxLength={5} value={form.draft[one]} onInput={(event) => form.put({ [one]: event.currentTarget.value })} /><span aria-hidden="true">s</span></span>
        )}</Judge>
      ))}</div>
    </Part>
  );
}

const QUESTIONS: readonly Question[] = ["csat", "solved", "ces", "nps"];

/** What is asked after a conversation; a question that comes back stands where it stands in this list. */
function Survey({ draft, put }: Form): JSX.Element {
  const words = useAdminWords().site;
  const asked = (one: Question, on: boolean): Question[] => QUESTIONS.filter((each) => (each === one ? on : draft.survey.includes(each)));
  return (
    <Part id="survey-title" title={words.survey} lead={words.surveyLead}>
      {QUESTIONS.map((one) => <YesNo key={one} id={`survey-${one}`} label={words.questions[one]} hint={words.questionHints[one]} on={draft.survey.includes(one)} onChange={(on) => put({ survey: asked(one, on) })} />)}
    </Part>
  );
}

function MailTo(form: Form): JSX.Element {
  const words = useAdminWords();
  return (
    <Part id="site-mail-title" title={words.settings.parts.mail}>
      <Judge where="mail_to" label={words.mail.to} hint={words.mail.toHint} form={form} class="wide">{(aria) => <input {...aria} type="email" maxLength={254} value={form.draft.mail_to} onInput={(event) => form.put({ mail_to: event.currentTarget.value })} />}</Judge>
      <p><a href="#/settings/mail">{words.site.mailMore}</a></p>
    </Part>
  );
}
