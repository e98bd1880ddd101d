// The list of campaigns: what each one does, whom it leaves alone, what it is worth, and what to do about it.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { go } from "../actions";
import { day, number, tidy } from "../format";
import { toast, useStore } from "../store";
import { Dialog, Empty, Icon, Keys, Loading, zone, type IconName } from "../ui/parts";
import { calls } from "./calls";
import { campaignOf, changes, withCampaign } from "./file";
import { NewCampaign } from "./fresh";
import { axisOf, Interval, percent, sense, signed, Split, Switch } from "./parts";
import { failed, loadDraft, loadOverview, mayWrite, useDesk } from "./state";
import { capital, said, useCampaignWords, type CampaignWords } from "./words";
import type { CampaignFile, Loaded, Overview, Row } from "./wire";

const nameOf = (row: Row): string => said(row.label) || row.name;
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** What the verdicts say, in one sentence. */
export function sentence(rows: readonly Row[], words: CampaignWords): string {
  const on = rows.filter((row) => row.state === "published");
  const count = (...verdicts: string[]): number => on.filter((row) => verdicts.includes(row.verdict)).length;
  const [earn, wait, stop, idle, rest] = [count("widen", "keep"), count("wait", "too_early"), count("stop"), count("not_started", "paused"), rows.length - on.length];
  const parts = [
    earn ? words.say.earn(earn) : "", wait ? words.say.wait(wait) : "", stop > 1 ? words.say.stops(stop) : stop ? words.say.stop(stop) : "", idle ? words.say.idle(idle) : "", rest ? words.say.rest(rest) : "",
  ].filter(Boolean);
  const counted = !earn && rows.length > 0 ? parts.map((part, at) => (at === 0 ? part.replace(/^\S+ /, (first) => `${first}${words.say.campaign(wait || stop || idle || rest)}`) : part)) : parts;
  const last = counted.pop();
  return `${capital(counted.length > 0 ? counted.join(", ") + words.say.and + last : last ?? "")}.`;
}

export function List(): JSX.Element {
  const words = useCampaignWords();
  const overview = useDesk((desk) => desk.overview);
  const broken = useDesk((desk) => desk.overviewFailed);
  const [query, setQuery] = useState("");
  const [making, setMaking] = useState(false);
  const [turning, setTurning] = useState<Row | null>(null);
  const find = useRef<HTMLInputElement>(null);
  useEffect(() => void loadOverview(), []);
  useKeys({ "/": () => find.current?.focus(), c: () => mayWrite() && setMaking(true) });
  const rows = (overview?.campaigns ?? []).filter((row) => plain(`${nameOf(row)} ${row.name}`).includes(plain(query.trim())));
  return (
    <div class="campaigns-page">
      <header class="page-head">
        <h2 class="page-title">{overview && overview.campaigns.length > 0 ? sentence(overview.campaigns, words) : words.title}</h2>
        <div class="page-actions">
          <label class="find"><Icon name="search" /><input ref={find} aria-label={words.findLabel} placeholder={words.find} value={query} onInput={(event) => setQuery(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") { setQuery(""); event.currentTarget.blur(); } }} /><Keys of={["/"]} /></label>
          <button type="button" class="primary" disabled={!mayWrite()} onClick={() => setMaking(true)}><Icon name="plus" />{words.create}<Keys of={["C"]} /></button>
        </div>
      </header>
      {!mayWrite() && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
      {!overview && !broken && <Loading label={words.loading} rows={6} />}
      {broken && <div class="empty"><p class="problem" role="alert"><Icon name="circle-alert" />{words.failed}</p><button type="button" onClick={() => void loadOverview()}>{words.retry}</button></div>}
      {overview?.campaigns.length === 0 && <Empty title={words.none} next={words.noneNext}>{mayWrite() && <button type="button" onClick={() => setMaking(true)}><Icon name="plus" />{words.create}</button>}</Empty>}
      {overview && overview.campaigns.length > 0 && rows.length === 0 && <p class="serif-line" role="status">{words.noneFound}</p>}
      {overview && rows.length > 0 && <Table overview={overview} rows={rows} onTurn={setTurning} />}
      {making && <NewCampaign onClose={() => setMaking(false)} taken={(overview?.campaigns ?? []).map((row) => row.name)} />}
      {turning && <Turn row={turning} onClose={() => setTurning(null)} />}
    </div>
  );
}

/** Single keys of a screen; not while something is written or a dialog is open. */
function useKeys(keys: Record<string, () => unknown>): void {
  const kept = useRef(keys);
  kept.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || document.querySelector("dialog[open]")) return;
      const action = kept.current[event.key.toLowerCase()];
      if (action) { event.preventDefault(); action(); }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

function Table({ overview, rows, onTurn }: { overview: Overview; rows: readonly Row[]; onTurn: (row: Row) => void }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const axis = axisOf(rows);
  const at = (value: number): string => `${((6 + ((value - axis.low) / (axis.high - axis.low)) * 228) / 240) * 100}%`;
  return (
    <>
      <div class="card campaign-list">
        <table>
          <thead>
            <tr>
              <th scope="col"><span class="hidden">{words.columns.on}</span></th><th scope="col">{words.columns.campaign}</th><th scope="col" class="figure">{words.columns.rules}</th><th scope="col">{words.columns.split}</th>
              <th scope="col" class="figure">{words.columns.invited}</th><th scope="col" class="figure">{words.columns.accepted}</th>
              <th scope="col" class="effect-head" colSpan={2}><span>{words.columns.effect}</span><span class="ticks" aria-hidden="true">{axis.ticks.map((tick) => <span key={tick} class={tick === 0 ? "zero" : ""} style={{ left: at(tick) }}>{signed(tick, Number.isInteger(tick) ? 0 : 1)}</span>)}</span></th>
              <th scope="col" class="figure">{words.columns.verdict}</th>
            </tr>
          </thead>
          <tbody>{rows.map((row) => <Line key={row.name} row={row} overview={overview} axis={axis} onTurn={() => onTurn(row)} />)}</tbody>
        </table>
      </div>
      <p class="foot-note">{words.foot(overview.days, day(overview.since, language, zone()), day(overview.until - 1, language, zone()))}</p>
    </>
  );
}

function Line({ row, overview, axis, onTurn }: { row: Row; overview: Overview; axis: { low: number; high: number }; onTurn: () => void }): JSX.Element {
  const words = useCampaignWords();
  const language = useStore((state) => state.language);
  const on = row.state === "published";
  const told = [words.goal(row.goal), row.since !== null ? words.since(day(row.since, language, zone())) : ""];
  if (row.in_draft) told.push(overview.published === null ? words.newDraft : words.drafted(overview.published, overview.published + 1));
  return (
    <tr class={on ? "" : "off"}>
      <td><Switch on={on} label={on ? words.turnOff(nameOf(row)) : words.turnOn(nameOf(row))} disabled={!mayWrite()} onChange={onTurn} /></td>
      <th scope="row"><a class="campaign-name" href={`#/campaigns/${encodeURIComponent(row.name)}`} onClick={(event) => { event.preventDefault(); go("campaigns", row.name); }}>{nameOf(row)}</a><small>{told.filter(Boolean).join(", ")}</small></th>
      <td class="figure" data-label={words.columns.rules}>{row.rules}</td>
      <td><Split holdout={row.holdout} /></td>
      <td class="figure" data-label={words.columns.invited}>{row.invited > 0 ? number(row.invited, language) : "–"}</td>
      <td class="figure" data-label={words.columns.accepted}>{row.shown > 0 ? percent(row.accepted / row.shown, 1) : "–"}</td>
      {row.effect ? <Effect effect={row.effect} axis={axis} /> : <td colSpan={2} class="no-effect">{row.verdict === "too_early" ? words.tooEarly : !on || row.verdict === "paused" ? words.paused : row.verdict === "not_started" ? words.notStarted : words.unmeasured}</td>}
      <td class="figure"><Verdict row={row} /></td>
    </tr>
  );
}

function Effect({ effect, axis }: { effect: NonNullable<Row["effect"]>; axis: { low: number; high: number } }): JSX.Element {
  const words = useCampaignWords();
  return (
    <>
      <td class="effect-cell"><Interval effect={effect} axis={axis} /></td>
      <td class={`effect-words ${sense(effect)}`}><b>{tidy(`${signed(effect.estimate_pp)}\u00a0${words.point}`)}</b><small>{words.to(signed(effect.low_pp), signed(effect.high_pp))}</small></td>
    </>
  );
}

const TAGS: Record<Row["verdict"], [string, IconName | null]> = { widen: ["green", "trending-up"], keep: ["green", "check"], wait: ["honey", "hourglass"], stop: ["red", "circle-stop"], too_early: ["stone", null], not_started: ["outline", null], paused: ["outline", null] };

function Verdict({ row }: { row: Row }): JSX.Element {
  const words = useCampaignWords();
  const [colour, icon] = TAGS[row.verdict] ?? ["outline", null];
  return <span class={`tag ${colour}`}>{icon && <Icon name={icon} size={14} />}{words.verdicts[row.verdict] ?? row.verdict}</span>;
}

/** Asks, then changes the state of one campaign in the draft and publishes it. */
function Turn({ row, onClose }: { row: Row; onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const on = row.state === "published";
  const [draft, setDraft] = useState<Loaded | null>(null);
  const [base, setBase] = useState<CampaignFile | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    Promise.all([calls.file("draft"), calls.file("published").catch(() => null)]).then(([one, other]) => { setDraft(one); setBase(other?.file ?? null); }, (error: unknown) => failed(error, () => { toast(words.publish.failed, true); onClose(); }));
  }, []);
  const more = draft && draft.revision > 0 ? changes(base, draft.file).length : 0;
  const title = on ? words.turnOff(nameOf(row)) : words.turnOn(nameOf(row));
  const run = async (): Promise<void> => {
    if (!draft || !campaignOf(draft.file, row.name)) return;
    setBusy(true);
    try {
      const file = withCampaign(draft.file, row.name, (one) => ({ ...one, state: on ? "archived" : "published" }));
      const saved = await calls.save(draft.revision, file);
      const { version } = await calls.publish(saved.revision, title);
      toast(words.publish.done(version));
      onClose();
      await loadOverview();
      await loadDraft();
    } catch (error) {
      failed(error, () => toast(words.publish.failed, true));
      setBusy(false);
    }
  };
  return (
    <Dialog label={title} onClose={onClose}>
      <h2>{title}</h2>
      <p>{on ? words.switchOff : words.switchOn}</p>
      {more > 0 && <p class="tag honey door-expired"><Icon name="triangle-alert" />{words.switchMore(more)}</p>}
      <div class="actions"><button type="button" class="primary" disabled={busy || !draft} onClick={() => void run()}>{words.switchDo}</button><button type="button" autofocus onClick={onClose}>{words.cancel}</button></div>
    </Dialog>
  );
}
