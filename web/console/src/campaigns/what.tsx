// What? The messages on trial with their shares, and the hold-out, which is always there.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nameOf as languageName } from "../format";
import { get, useStore } from "../store";
import { Icon, Parens } from "../ui/parts";
import { campaignOf, holdoutOf, sharesOf, versioned, withCampaign, withoutVariant, withRule, withShare, withVariant } from "./file";
import { Faults, Field, NumberField, percent, type Path } from "./parts";
import { spaced } from "./saying";
import { desk, edit, mayWrite, useDesk } from "./state";
import { DurationField } from "./when";
import { said, useCampaignWords } from "./words";
import type { Campaign, CampaignFile, Offer, Rule, Text, Variant } from "./wire";

/** Changes the arms of a campaign; a draw whose shares change gets its next version. */
function deal(name: string, change: (campaign: Campaign) => Campaign): void {
  edit((file) => withCampaign(file, name, (one) => versioned(campaignOf(desk().base ?? {}, name), change(one))));
}

export function What({ campaign, rule, file, at, ruleAt }: { campaign: Campaign; rule: Rule; file: CampaignFile; at: Path; ruleAt: Path }): JSX.Element {
  const words = useCampaignWords();
  const base = useDesk((one) => one.base);
  const before = campaignOf(base, campaign.name);
  const variants = campaign.experiment?.variants ?? [];
  const holdout = holdoutOf(campaign);
  const dealt = before?.experiment && campaign.experiment && sharesOf(before) !== sharesOf(campaign);
  return (
    <section class="part" aria-labelledby="what-title">
      <header class="part-head"><h3 id="what-title">{words.what.title(Math.max(1, variants.length))}</h3></header>
      <fieldset class="bare card what" disabled={!mayWrite()}>
        {variants.length === 0 ? <Arm campaign={campaign} rule={rule} file={file} variant={null} place={0} part={1 - holdout} /> : variants.map((one, place) => <Arm key={one.name} campaign={campaign} rule={rule} file={file} variant={one} place={place} part={one.share * (1 - holdout)} />)}
        <div class="arm ghost-arm">
          <span class="arm-letter hatch"><Icon name="lock" /></span>
          <div class="arm-words"><b>{words.what.holdout}</b><small>{words.what.holdoutLead}</small>{holdout < 0.05 && <small class="warn"><Icon name="triangle-alert" size={14} />{holdout <= 0 ? words.what.zero : words.what.low}</small>}</div>
          <Share value={holdout} label={words.what.holdoutShare} hatch onChange={(value) => deal(campaign.name, (one) => ({ ...one, holdout: value }))} />
        </div>
      </fieldset>
      <Faults at={[...at, "experiment"]} /><Faults at={[...at, "holdout"]} /><Faults at={[...ruleAt, "offer"]} />
      {dealt && <p class="dealt" role="status"><Icon name="triangle-alert" />{words.what.version(campaign.experiment!.version ?? 1)}</p>}
      {before && holdoutOf(before) !== holdout && <p class="dealt" role="status"><Icon name="triangle-alert" />{words.what.holdVersion(campaign.version ?? 1)}</p>}
      <div class="actions who-actions"><button type="button" disabled={!mayWrite()} onClick={() => deal(campaign.name, withVariant)}><Icon name="plus" />{words.what.add}</button></div>
    </section>
  );
}

/** A share of all candidates, as a bar and as percents that can be written over. */
function Share({ value, label, hatch = false, fixed = false, onChange }: { value: number; label: string; hatch?: boolean; fixed?: boolean; onChange?: (value: number) => void }): JSX.Element {
  const shown = Math.round(value * 1000) / 10;
  return (
    <div class="share"><span class="share-bar" aria-hidden="true"><span class={hatch ? "hatch" : ""} style={{ width: `${Math.min(100, shown)}%` }} /></span>
      <span class="share-number">{fixed ? <b>{percent(value, 1)}</b> : <><NumberField label={label} value={shown} min={0} max={100} onNumber={(typed) => { if (typed !== null) onChange?.(typed / 100); }} />{get().language === "fr" ? "\u00a0%" : "%"}</>}</span>
    </div>
  );
}

function Arm({ campaign, rule, file, variant, place, part }: { campaign: Campaign; rule: Rule; file: CampaignFile; variant: Variant | null; place: number; part: number }): JSX.Element {
  const words = useCampaignWords();
  const [open, setOpen] = useState(false);
  const name = variant?.name ?? "A";
  const offer = rule.offer ?? {};
  const channel = variant?.channel ?? offer.channel ?? "chat";
  const delay = variant?.delay && !/^0m?s$/.test(variant.delay) ? words.what.after(spaced(variant.delay)) : words.what.atOnce;
  const message = said(variant?.message ?? offer.message);
  const invited = 1 - holdoutOf(campaign);
  return (
    <div class="arm">
      <span class="arm-letter" aria-hidden="true">{name.length > 2 ? name.slice(0, 1).toUpperCase() : name}</span>
      <div class="arm-words">
        <button type="button" class="arm-message" aria-expanded={open} aria-label={`${words.what.edit(name)}: ${message || words.what.noMessage}`} onClick={() => setOpen(!open)}><Parens><span class={message ? "quoted" : "quoted quiet-text"}>{message || words.what.noMessage}</span></Parens></button>
        <small>{name.length > 2 ? `${name}. ` : ""}{(words.channels as Record<string, string>)[channel] ?? channel}, {delay}</small>
      </div>
      <Share value={part} label={words.what.share(name)} fixed={variant === null} onChange={(value) => deal(campaign.name, (one) => (one.experiment && invited > 0 ? { ...one, experiment: withShare(one.experiment, place, value / invited) } : one))} />
      {variant && <button type="button" class="quiet remove" aria-label={words.what.remove(name)} title={words.what.remove(name)} onClick={() => deal(campaign.name, (one) => withoutVariant(one, place))}><Icon name="x" /></button>}
      {open && <ArmEditor campaign={campaign} rule={rule} file={file} variant={variant} place={place} />}
    </div>
  );
}

const CHANNELS = ["chat", "callback", "call", "video", "tour", "content", "email"] as const;

function ArmEditor({ campaign, rule, file, variant, place }: { campaign: Campaign; rule: Rule; file: CampaignFile; variant: Variant | null; place: number }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const templates = useDesk((one) => one.templates?.messages);
  const schema = useDesk((one) => one.schema);
  const offer = rule.offer ?? {};
  const languages = (file.site?.languages?.length ? file.site.languages : schema?.languages?.length ? schema.languages : ["fr", "en"]) as readonly string[];
  const message = variant?.message ?? offer.message ?? "";
  const put = (part: Partial<Offer & Variant>): void => {
    if (variant === null) edit((whole) => withRule(whole, campaign.name, rule.name, (one) => ({ ...one, offer: { ...one.offer, ...part } })));
    else edit((whole) => withCampaign(whole, campaign.name, (one) => ({ ...one, experiment: { ...one.experiment!, variants: one.experiment!.variants.map((each, index) => (index === place ? { ...each, ...part } : each)) } })));
  };
  // A language without a text is left out, so that the check says which one is missing.
  const write = (code: string, text: string): void => put({ message: Object.fromEntries(Object.entries({ ...asTable(message, languages), [code]: text }).filter(([, one]) => one !== "")) });
  const looks = Object.keys(file.appearances ?? {});
  return (
    <div class="arm-editor" role="group" aria-label={words.what.edit(variant?.name ?? "A")}>
      {languages.map((code) => <Field key={code} className="whole" label={words.what.message(languageName("language", code, language))}><textarea rows={2} lang={code} value={asTable(message, languages)[code] ?? ""} onInput={(event) => write(code, event.currentTarget.value)} /></Field>)}
      {templates && templates.length > 0 && <Field className="whole" label={words.what.examples}><select value="" onChange={(event) => { const found = templates[Number(event.currentTarget.value)]; if (found && event.currentTarget.value !== "") put({ message: typeof found.text === "string" ? found.text : { ...found.text } }); }}><option value="" />{templates.map((one, at) => <option key={at} value={at}>{one.sector}, {said(one.situation)}: {said(one.text)}</option>)}</select></Field>}
      <Field label={words.what.channel}><select value={variant?.channel ?? offer.channel ?? "chat"} onChange={(event) => put({ channel: event.currentTarget.value })}>{CHANNELS.map((one) => <option key={one} value={one}>{words.channels[one]}</option>)}</select></Field>
      {variant && <DurationField label={words.what.delay} value={variant.delay ?? "0s"} onChange={(text) => put({ delay: text || "0s" })} />}
      <Field label={words.what.appearance}><select value={variant?.appearance ?? offer.appearance ?? ""} onChange={(event) => put({ appearance: event.currentTarget.value || (variant ? "" : undefined) })}><option value="">{words.what.usual}</option>{looks.map((one) => <option key={one}>{one}</option>)}</select></Field>
      {!variant && <DurationField label={words.what.expires} value={offer.expires ?? "30s"} onChange={(text) => put({ expires: text || "30s" })} />}
    </div>
  );
}

/** A text as one for each language; one that is the same for all is put under each. */
const asTable = (text: Text, languages: readonly string[]): Record<string, string> => (typeof text === "string" ? (text === "" ? {} : Object.fromEntries(languages.map((code) => [code, text]))) : text);
