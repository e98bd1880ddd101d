// A new campaign: a blank page or a template, a short name, and it is a draft.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { go } from "../actions";
import { Dialog, Icon } from "../ui/parts";
import { freeName, NAME } from "./file";
import { Field } from "./parts";
import { edit, loadDraft, loadTemplates, save, useDesk } from "./state";
import { said, useCampaignWords } from "./words";
import type { Campaign, CampaignFile } from "./wire";

const BLANK: CampaignFile = { campaigns: [{ name: "campaign", rules: [{ name: "rule", when: "session.pages >= 2", offer: { channel: "chat", message: { fr: "Puis-je vous aider\u00a0?", en: "May I help you?" } } }], holdout: 0.1 }] };

/** The file with the template's campaigns, behaviours and segments; the first campaign takes the name, what is there already stays. */
export function withTemplate(file: CampaignFile, template: CampaignFile, name: string, label: string): CampaignFile {
  const taken = (file.campaigns ?? []).map((one) => one.name);
  const added = (template.campaigns ?? []).map((one, at): Campaign => ({ ...one, name: at === 0 ? name : freeName(one.name, [...taken, name]), ...(at === 0 && label ? { label } : {}) }));
  const both = <T,>(ours: Record<string, T> | undefined, theirs: Record<string, T> | undefined): Record<string, T> => ({ ...theirs, ...ours });
  const looks = template.appearances ? { appearances: both(file.appearances, template.appearances) } : {};
  return { ...file, behaviours: both(file.behaviours, template.behaviours), segments: both(file.segments, template.segments), ...looks, campaigns: [...(file.campaigns ?? []), ...added] };
}

export function NewCampaign({ onClose, taken }: { onClose: () => void; taken: readonly string[] }): JSX.Element {
  const words = useCampaignWords();
  const templates = useDesk((desk) => desk.templates);
  const missing = useDesk((desk) => desk.templatesFailed);
  const [chosen, setChosen] = useState("");
  const [name, setName] = useState("");
  const [label, setLabel] = useState("");
  const [asked, setAsked] = useState(false);
  useEffect(() => { void loadTemplates(); void loadDraft(); }, []);
  const ready = useDesk((desk) => desk.file !== null);
  const problem = !NAME.test(name) ? words.fresh.bad : taken.includes(name) ? words.fresh.taken : null;
  const pick = (key: string): void => {
    setChosen(key);
    const template = templates?.campaigns.find((one) => one.name === key);
    if (template && (name === "" || templates?.campaigns.some((one) => name.startsWith(one.name)))) { setName(freeName(template.name, taken)); setLabel(said(template.label)); }
  };
  const make = (event: SubmitEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (problem || !ready) return;
    const template = templates?.campaigns.find((one) => one.name === chosen)?.file ?? BLANK;
    edit((file) => withTemplate(file, template, name, label));
    void save();
    onClose();
    go("campaigns", name);
  };
  const option = (key: string, title: string, doc: string): JSX.Element => (
    <label key={key} class="template"><input type="radio" name="template" checked={chosen === key} onChange={() => pick(key)} /><span><b>{title}</b><small>{doc}</small></span></label>
  );
  return (
    <Dialog label={words.fresh.title} onClose={onClose} wide>
      <form class="fresh-form" onSubmit={make}>
        <h2>{words.fresh.title}</h2>
        <fieldset class="templates"><legend>{words.fresh.templates}</legend>
          {option("", words.fresh.blank, words.fresh.blankLead)}
          {templates?.campaigns.map((one) => option(one.name, said(one.label), said(one.doc)))}
        </fieldset>
        {missing && <p class="quiet-text">{words.fresh.noTemplates}</p>}
        <div class="field-row">
          <Field label={words.fresh.name} hint={words.fresh.nameHint} problem={asked || name ? problem : null}><input autofocus value={name} maxLength={80} onInput={(event) => setName(event.currentTarget.value.trim())} /></Field>
          <Field label={words.fresh.label}><input value={label} maxLength={120} onInput={(event) => setLabel(event.currentTarget.value)} /></Field>
        </div>
        <div class="actions"><button type="submit" class="primary" disabled={!ready}><Icon name="plus" />{words.fresh.make}</button><button type="button" onClick={onClose}>{words.cancel}</button></div>
      </form>
    </Dialog>
  );
}
