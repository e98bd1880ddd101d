// The page of one campaign: its rules as tabs, one of them open: who, when, what, and what comes of it.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { go } from "../actions";
import { toast, useStore } from "../store";
import { Dialog, Empty, Icon, Loading } from "../ui/parts";
import { useMatch } from "./condition";
import { byPriority, campaignOf, changes, freeName, NAME, withCampaign, withRule } from "./file";
import { Now } from "./now";
import { Faults } from "./parts";
import { Replay } from "./replay";
import { discard, edit, failed, isDirty, loadDraft, loadSchema, loadTemplates, mayWrite, resolve, useDesk, type Desk } from "./state";
import { PublishDialog, TextDialog, VersionsDialog } from "./versions";
import { What } from "./what";
import { When } from "./when";
import { Who } from "./who";
import { said, useCampaignWords } from "./words";
import type { Campaign, CampaignFile, Rule } from "./wire";

export function Builder({ name, ruleName }: { name: string; ruleName: string | null }): JSX.Element {
  const words = useCampaignWords();
  const file = useDesk((desk) => desk.file);
  const broken = useDesk((desk) => desk.loadFailed);
  useEffect(() => { void loadDraft(); void loadSchema(); void loadTemplates(); }, [name]);
  const campaign = campaignOf(file, name);
  if (!file) return broken ? <div class="empty"><p class="problem" role="alert"><Icon name="circle-alert" />{words.failed}</p><button type="button" onClick={() => { void loadDraft(); void loadSchema(); }}>{words.retry}</button></div> : <Loading label={words.loading} rows={6} />;
  if (!campaign) return <Empty title={words.noneFound}><button type="button" onClick={() => go("campaigns")}>{words.back}</button></Empty>;
  const rule = campaign.rules.find((one) => one.name === ruleName) ?? byPriority(campaign)[0];
  if (!rule) return <Empty title={words.noneFound}><button type="button" onClick={() => addRule(campaign, words.rules.fresh)}>{words.rules.add}</button></Empty>;
  return <Page file={file} campaign={campaign} rule={rule} />;
}

function Page({ file, campaign, rule }: { file: CampaignFile; campaign: Campaign; rule: Rule }): JSX.Element {
  const words = useCampaignWords();
  const published = useDesk((desk) => desk.published);
  const [dialog, setDialog] = useState<"versions" | "text" | "publish" | "discard" | null>(null);
  const next = Math.max(0, published ?? 0) + 1;
  const at = ["campaigns", (file.campaigns ?? []).indexOf(campaign)];
  const ruleAt = [...at, "rules", campaign.rules.indexOf(rule)];
  const live = useMatch(file, rule.when, `${campaign.name}/${rule.name}`);
  const close = (): void => setDialog(null);
  return (
    <div class="builder">
      <Head campaign={campaign} next={next} onOpen={setDialog} />
      {!mayWrite() && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
      <Conflict />
      <div class="builder-body">
        <div class="builder-main">
          <Rules campaign={campaign} rule={rule} />
          <Faults at={ruleAt} exact /><Faults at={[...ruleAt, "name"]} />
          <Who key={`${campaign.name}/${rule.name}`} campaign={campaign.name} rule={rule} at={ruleAt} file={file} live={live} />
          <When key={`when ${campaign.name}/${rule.name}`} campaign={campaign} rule={rule} file={file} at={at} ruleAt={ruleAt} />
          <What key={`what ${campaign.name}/${rule.name}`} campaign={campaign} rule={rule} file={file} at={at} ruleAt={ruleAt} />
        </div>
        <aside class="builder-side" aria-label={words.now.title}><Now live={live} rule={`${campaign.name}/${rule.name}`} /><Replay file={file} next={next} /></aside>
      </div>
      {dialog === "versions" && <VersionsDialog onClose={close} />}
      {dialog === "text" && <TextDialog onClose={close} />}
      {dialog === "publish" && <PublishDialog next={next} onClose={close} />}
      {dialog === "discard" && <DiscardDialog onClose={close} />}
    </div>
  );
}

function Head({ campaign, next, onOpen }: { campaign: Campaign; next: number; onOpen: (which: "versions" | "text" | "publish" | "discard") => void }): JSX.Element {
  const words = useCampaignWords();
  const published = useDesk((desk) => desk.published);
  const revision = useDesk((desk) => desk.revision);
  const different = useDesk((desk) => desk.file !== null && (desk.revision > 0 || isDirty(desk)) && changes(desk.base, desk.file).length > 0);
  const blocked = useDesk((desk) => desk.problem !== null);
  const [naming, setNaming] = useState(false);
  const inForce = useDesk((desk) => campaignOf(desk.base, campaign.name) !== undefined);
  return (
    <header class="builder-head">
      <div class="builder-title">
        <nav aria-label={words.back}><a href="#/campaigns" onClick={(event) => { event.preventDefault(); go("campaigns"); }}>{words.back}</a> / <code>{campaign.name}</code></nav>
        <div class="title-line">
          {naming ? <input class="title-field" ref={(node) => node?.focus()} aria-label={words.head.label} value={said(campaign.label)} maxLength={120} onInput={(event) => { const label = event.currentTarget.value; edit((file) => withCampaign(file, campaign.name, (one) => ({ ...one, label }))); }} onBlur={() => setNaming(false)} onKeyDown={(event) => { if (event.key === "Enter" || event.key === "Escape") setNaming(false); }} /> : <h2 class="page-title">{said(campaign.label) || campaign.name}</h2>}
          {mayWrite() && !naming && <button type="button" class="quiet" aria-label={words.head.label} title={words.head.label} onClick={() => setNaming(true)}><Icon name="pencil" /></button>}
          {published !== null && inForce ? <span class="tag green"><span class="dot" />{words.head.inForce(published)}</span> : <span class="tag outline">{words.head.never}</span>}
          {campaign.state !== undefined && campaign.state !== "published" && <span class="tag stone">{words.head.stopped}</span>}
          {(revision > 0 || different) && <span class="tag honey">{words.head.draft(next)}</span>}
          <SaveState />
        </div>
      </div>
      <div class="page-actions">
        {revision > 0 && <button type="button" class="quiet" disabled={!mayWrite()} onClick={() => onOpen("discard")}><Icon name="trash-2" />{words.head.discard}</button>}
        <button type="button" onClick={() => onOpen("versions")}><Icon name="history" />{words.head.versions}</button>
        <button type="button" onClick={() => onOpen("text")}><Icon name="code" />{words.head.asText}</button>
        <button type="button" class="primary" disabled={!mayWrite() || !different || blocked} title={different ? undefined : words.head.same} onClick={() => onOpen("publish")}>{words.head.publish(next)}</button>
      </div>
    </header>
  );
}

/** Whether what is here is on the server, in words. */
function SaveState(): JSX.Element {
  const words = useCampaignWords();
  const standing = useDesk((desk: Desk) => (desk.problem === "faults" ? `faults ${desk.faults.length}` : desk.problem ?? (desk.saving ? "saving" : isDirty(desk) ? "unsaved" : desk.revision > 0 ? "saved" : "")));
  const text = standing.startsWith("faults") ? words.head.refused(Number(standing.slice(7))) : standing === "offline" ? words.head.offline : standing === "saving" ? words.head.saving : standing === "unsaved" ? words.head.unsaved : standing === "saved" ? words.head.saved : "";
  const bad = standing.startsWith("faults") || standing === "offline";
  return <span class={`save-state ${bad ? "problem" : "quiet-text"}`} role="status">{bad && <Icon name="circle-alert" />}{text}</span>;
}

function Conflict(): JSX.Element | null {
  const words = useCampaignWords();
  const conflict = useDesk((desk) => desk.problem === "conflict");
  const strays = useDesk((desk) => desk.problem === "faults" && desk.faults.some((one) => one.path[0] !== "campaigns"));
  if (strays) return <div class="banner"><Faults at={["site"]} /><Faults at={["behaviours"]} /><Faults at={["segments"]} /><Faults at={["appearances"]} /></div>;
  if (!conflict) return null;
  return <div class="banner" role="alert"><p class="problem"><Icon name="circle-alert" />{words.conflict.title}</p><p>{words.conflict.lead}</p><div class="actions"><button type="button" onClick={() => void resolve("theirs")}>{words.conflict.theirs}</button><button type="button" onClick={() => void resolve("mine")}>{words.conflict.mine}</button></div></div>;
}

function addRule(campaign: Campaign, wanted: string, from?: Rule): void {
  const name = freeName(from?.name ?? wanted, campaign.rules.map((one) => one.name));
  const fresh: Rule = from ? { ...from, name } : { name, when: "session.pages >= 2", priority: 0, offer: { channel: "chat", skill: campaign.rules[0]?.offer?.skill ?? null, message: campaign.rules[0]?.offer?.message ?? "" } };
  edit((file) => withCampaign(file, campaign.name, (one) => ({ ...one, rules: [...one.rules, fresh] })));
  go("campaigns", campaign.name, name);
}

/** The rules as tabs, the highest priority first; moving one gives it a priority beside its new neighbour's. */
function Rules({ campaign, rule }: { campaign: Campaign; rule: Rule }): JSX.Element {
  const words = useCampaignWords();
  const sorted = byPriority(campaign);
  const at = sorted.indexOf(rule);
  const [naming, setNaming] = useState(false);
  const move = (by: 1 | -1): void => {
    const order = sorted.toSpliced(at, 1).toSpliced(at + by, 0, rule);
    const priority = new Map(order.map((one, index) => [one.name, (order.length - index) * 10]));
    edit((file) => withCampaign(file, campaign.name, (one) => ({ ...one, rules: one.rules.map((each) => ({ ...each, priority: priority.get(each.name)! })) })));
  };
  const rename = (name: string): void => {
    setNaming(false);
    if (name === rule.name || !NAME.test(name) || campaign.rules.some((one) => one.name === name)) return;
    edit((file) => withRule(file, campaign.name, rule.name, (one) => ({ ...one, name })));
    go("campaigns", campaign.name, name);
  };
  const remove = (): void => {
    if (sorted.length < 2) return toast(words.rules.only, true);
    edit((file) => withCampaign(file, campaign.name, (one) => ({ ...one, rules: one.rules.filter((each) => each.name !== rule.name) })));
    return go("campaigns", campaign.name);
  };
  return (
    <div class="rules">
      <nav class="rule-tabs" aria-label={words.rules.label}>{sorted.map((one) => <a key={one.name} href={`#/campaigns/${encodeURIComponent(campaign.name)}/${encodeURIComponent(one.name)}`} aria-current={one === rule ? "page" : undefined} title={words.rules.priority(one.priority ?? 0)} onClick={(event) => { event.preventDefault(); go("campaigns", campaign.name, one.name); }}>{one.name}</a>)}
        {naming && <input class="short" ref={(node) => node?.focus()} aria-label={words.rules.name} defaultValue={rule.name} onBlur={(event) => rename(event.currentTarget.value.trim())} onKeyDown={(event) => { if (event.key === "Enter") rename(event.currentTarget.value.trim()); if (event.key === "Escape") setNaming(false); }} />}</nav>
      {mayWrite() && (
        <div class="rule-actions">
          <button type="button" class="quiet" onClick={() => addRule(campaign, words.rules.fresh)}><Icon name="plus" />{words.rules.add}</button>
          <button type="button" class="quiet" aria-label={words.rules.name} title={words.rules.name} onClick={() => setNaming(true)}><Icon name="pencil" /></button>
          <button type="button" class="quiet" aria-label={words.rules.copy} title={words.rules.copy} onClick={() => addRule(campaign, words.rules.fresh, rule)}><Icon name="files" /></button>
          <button type="button" class="quiet" aria-label={words.rules.up} title={words.rules.up} disabled={at === 0} onClick={() => move(-1)}><Icon name="chevron-up" /></button>
          <button type="button" class="quiet" aria-label={words.rules.down} title={words.rules.down} disabled={at === sorted.length - 1} onClick={() => move(1)}><Icon name="chevron-down" /></button>
          <button type="button" class="quiet" aria-label={words.rules.remove} title={words.rules.remove} onClick={remove}><Icon name="trash-2" /></button>
        </div>
      )}
    </div>
  );
}

function DiscardDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const run = async (): Promise<void> => {
    try {
      await discard();
      onClose();
    } catch (error) {
      failed(error, () => toast(words.publish.failed, true));
    }
  };
  return (
    <Dialog label={words.head.discard} onClose={onClose}>
      <h2 lang={language}>{words.head.discard}</h2><p>{words.head.discardAsk}</p>
      <div class="actions"><button type="button" class="primary" onClick={() => void run()}>{words.head.discard}</button><button type="button" autofocus onClick={onClose}>{words.cancel}</button></div>
    </Dialog>
  );
}
