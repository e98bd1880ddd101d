// The staffing: arrivals by half-hour in, agents at work and paid out, as bars, with the cost.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { toast, useStore } from "../store";
import { currency as siteCurrency, Icon, Loading } from "../ui/parts";
import { calls } from "./calls";
import { brief, cash, told } from "./figures";
import { bodyOf, isWrong, Num, useAnswer, type Kinds, type Texts, type Wrong } from "./form";
import { Scroll } from "./pilot";
import { refusal } from "./saved";
import { usePlanWords } from "./words";

interface Skill { arrivals: number; agents: number; missing: number; service_level: number; p_abandon: number; mean_wait_s: number; occupancy: number; method: string }
interface Slot { start: string; arrivals: number; agents: number; paid: number; missing: number; skills: Skill[] }
interface StaffPlan { skills: { concurrency: number; gain: number; reply_s: number | null }[]; half_hours: Slot[]; teams: { team: string; most_paid: number; agent_hours: number; paid_hours: number; cost: number | null }[]; arrivals: number; most_agents: number; agent_hours: number; paid_hours: number; missing_hours: number; cost: number | null }

const KINDS: Kinds = { aht_seconds: "number", agent_seconds: "number", customer_seconds: "number", turns: "number", concurrency: "number", reply_seconds: "number", patience_seconds: "number", service_level: "percent", threshold_seconds: "number", occupancy: "percent", abandoned: "percent", least_agents: "number" };
const CHAT = ["agent_seconds", "customer_seconds", "turns", "concurrency", "reply_seconds", "patience_seconds"];
const PHONE = ["aht_seconds", "patience_seconds"];
const TARGETS = ["service_level", "threshold_seconds", "occupancy", "abandoned", "least_agents"];
const TEAM: Kinds = { wage_per_hour: "number", agents: "number", shrinkage: "percent", share: "percent" };
const UNITS: Record<string, string> = { aht_seconds: "s", agent_seconds: "s", customer_seconds: "s", reply_seconds: "s", patience_seconds: "s", threshold_seconds: "s" };
const DAY = "start,arrivals\n08:00,6\n08:30,10\n09:00,18\n09:30,24\n10:00,30\n10:30,32\n11:00,30\n11:30,26\n12:00,20\n12:30,18\n13:00,20\n13:30,24\n14:00,28\n14:30,30\n15:00,28\n15:30,26\n16:00,24\n16:30,22\n17:00,20\n17:30,16\n18:00,12\n18:30,8\n";

interface Typed { arrivals: string; channel: "chat" | "phone"; texts: Texts; teams: Texts[] }
let typedIn: Typed | null = null;
const start = (name: string): Typed => ({ arrivals: DAY, channel: "chat", texts: { aht_seconds: "300", agent_seconds: "20", customer_seconds: "40", turns: "8", reply_seconds: "60", patience_seconds: "180", service_level: "80", threshold_seconds: "20", occupancy: "85" }, teams: [{ name, wage_per_hour: "22", shrinkage: "30" }] });

/** What is asked, or which field is wrong. */
function asked({ arrivals, channel, texts, teams }: Typed): Record<string, unknown> | Wrong {
  const names = [...(channel === "chat" ? CHAT : PHONE), ...TARGETS];
  const body = bodyOf(texts, Object.fromEntries(names.map((name) => [name, KINDS[name]!])));
  if (isWrong(body)) return body;
  const told = teams.map((one) => ({ one, body: bodyOf(one, TEAM) }));
  const wrong = told.find(({ body: each }) => isWrong(each));
  if (wrong) return wrong.body as Wrong;
  const empty = { service_level: null, occupancy: null, abandoned: null };
  return { ...empty, ...body, arrivals, channel, teams: told.map(({ one, body: each }) => ({ name: one.name ?? "", ...each })) };
}

export function StaffPage(): JSX.Element {
  const all = usePlanWords();
  const words = all.staff;
  const [now, setNow] = useState<Typed>(() => (typedIn ??= start(words.own)));
  const change = (part: Partial<Typed>): void => setNow((before) => (typedIn = { ...before, ...part }));
  const onText = (name: string, text: string): void => change({ texts: { ...now.texts, [name]: text } });
  const team = (n: number, part: Texts): void => change({ teams: now.teams.map((one, m) => (m === n ? { ...one, ...part } : one)) });
  const body = asked(now);
  const [found, refused, busy] = useAnswer(JSON.stringify(body), isWrong(body) ? null : () => calls.staff<StaffPlan>(body));
  const wrong: Wrong | null = isWrong(body) ? (body as Wrong) : refused;
  const fromForecast = (): void => { calls.arrivals().then(({ forecast }) => change({ arrivals: `start,arrivals\n${forecast.half_hours.filter((one) => one.arrivals > 0).map((one) => `${one.start},${Number(one.arrivals.toFixed(2))}`).join("\n")}\n` }), (error: unknown) => toast(refusal(error), true)); };
  const field = (name: string): JSX.Element => <Num key={name} name={name} label={words.fields[name] ?? name} unit={KINDS[name] === "percent" ? "%" : UNITS[name]} texts={now.texts} wrong={wrong} onText={onText} />;
  const placed = wrong && (wrong.where in KINDS || wrong.where in TEAM || wrong.where.startsWith("arrivals"));
  return (
    <div class="plan-case">
      <header class="page-head plan-head"><h2 class="page-title">{words.title}</h2><div class="page-actions"><button type="button" onClick={fromForecast}><Icon name="calendar-days" />{words.forecast}</button><button type="button" onClick={() => print()}><Icon name="printer" />{all.print}</button></div></header>
      <div class="plan-columns">
        <div class="plan-left">
          <form class="card plan-form" onSubmit={(event) => event.preventDefault()}>
            <label class="field wide"><span>{words.arrivals}</span><textarea rows={7} spellcheck={false} value={now.arrivals} onInput={(event) => change({ arrivals: event.currentTarget.value })} />{wrong?.where.startsWith("arrivals") && <small class="problem" role="alert"><Icon name="circle-alert" />{wrong.where}: {wrong.text}</small>}</label>
            <label class="field wide"><span>{words.channel}</span><select value={now.channel} onChange={(event) => change({ channel: event.currentTarget.value as Typed["channel"] })}><option value="chat">{all.kinds.chat}</option><option value="phone">{all.kinds.phone}</option></select></label>
            {(now.channel === "chat" ? CHAT : PHONE).map(field)}
            <fieldset><legend>{words.targets}</legend><div>{TARGETS.map(field)}</div></fieldset>
            <fieldset><legend>{words.teams}</legend>{now.teams.map((one, n) => (
              <div key={n} role="group" aria-label={one.name || words.own}>
                <label class="field"><span>{all.partName}</span><input type="text" maxLength={100} value={one.name ?? ""} onInput={(event) => team(n, { name: event.currentTarget.value })} /></label>
                {Object.keys(TEAM).map((name) => <Num key={name} name={name} label={words.fields[name] ?? name} unit={TEAM[name] === "percent" ? "%" : undefined} texts={one} wrong={wrong} onText={(which, text) => team(n, { [which]: text })} />)}
                {now.teams.length > 1 && <button type="button" class="quiet" aria-label={all.dropPart(one.name ?? "")} onClick={() => change({ teams: now.teams.filter((_, m) => m !== n) })}><Icon name="trash-2" />{all.dropPart(one.name ?? "")}</button>}
              </div>))}
              <button type="button" onClick={() => change({ teams: [...now.teams, { name: `${words.own} ${now.teams.length + 1}` }] })}><Icon name="plus" />{words.addTeam}</button>
            </fieldset>
          </form>
          <p class="plan-legend">{words.lead}</p>
        </div>
        <div class="plan-right" aria-busy={busy}>
          {wrong && <p class="problem plan-correct" role="alert"><Icon name="circle-alert" />{placed ? all.correct : wrong.text}</p>}
          {found ? <Answer found={found} /> : !wrong && <Loading label={all.loading} rows={8} />}
        </div>
      </div>
    </div>
  );
}

const dayOf = (start: string): string => (start.includes("T") ? start.slice(0, 10) : start.includes(" ") ? start.slice(0, 3) : "");
const clockOf = (start: string): string => start.slice(-5).includes(":") && !start.includes("T") ? start.slice(-5).trim() : start.slice(11, 16);

function Answer({ found }: { found: StaffPlan }): JSX.Element {
  const all = usePlanWords();
  const words = all.staff;
  const language = useStore((state) => state.language);
  const money = siteCurrency();
  const count = (n: number): string => told("count", n, 0, language, money);
  const share = (n: number): string => told("share", n, 0, language, money);
  const days = new Map<string, Slot[]>();
  for (const slot of found.half_hours) days.set(dayOf(slot.start), [...(days.get(dayOf(slot.start)) ?? []), slot]);
  const most = Math.max(1, ...found.half_hours.map((one) => Math.max(one.paid, one.agents)));
  const [before, figure, after] = words.finding(count(found.most_agents), brief(found.paid_hours, language), found.cost === null ? "" : cash(found.cost, 0, language, money)).split("|");
  const skill = found.skills[0];
  return (
    <>
      <h2 class="plan-finding" aria-live="polite">{before}<b class="plain">{figure}</b>{after}</h2>
      <section class="card plan-card"><h3>{words.bars}</h3><p class="plan-lead">{skill && skill.reply_s !== null && words.atOnce(count(skill.concurrency), brief(skill.gain, language), count(skill.reply_s))} {found.missing_hours > 0 && words.missingHours(brief(found.missing_hours, language))}</p>
        <p class="plan-key"><span class="work">{words.work}</span><span>{words.paid}</span>{found.missing_hours > 0 && <span class="missing">{words.missing}</span>}</p>
        <div class="plan-days-of">{[...days].map(([day, slots]) => <DayBars key={day} label={words.weekdays[day] ?? day} slots={slots} most={most} />)}</div>
        <details><summary>{words.table}</summary>
          <Scroll label={words.bars}><thead><tr>{Object.values(words.columns).map((one) => <th scope="col" key={one}>{one}</th>)}</tr></thead><tbody>{found.half_hours.map((one) => { const [each] = one.skills; return <tr key={one.start}><th scope="row">{one.start}</th><td>{brief(one.arrivals, language)}</td><td>{count(one.agents)}</td><td>{count(one.paid)}</td><td>{each ? share(each.service_level) : all.none}</td><td>{each ? `${brief(each.mean_wait_s, language)}\u00a0s` : all.none}</td><td>{each ? share(each.occupancy) : all.none}</td></tr>; })}</tbody></Scroll></details></section>
      <section class="card plan-card"><h3>{words.teams}</h3>
        <Scroll label={words.teams}><thead><tr>{Object.values(words.teamColumns).map((one) => <th scope="col" key={one}>{one}</th>)}</tr></thead><tbody>{found.teams.map((one) => <tr key={one.team}><th scope="row">{one.team}</th><td>{count(one.most_paid)}</td><td>{brief(one.agent_hours, language)}</td><td>{brief(one.paid_hours, language)}</td><td>{one.cost === null ? all.none : cash(one.cost, 0, language, money)}</td></tr>)}</tbody></Scroll></section>
    </>
  );
}

/** One day: paid staff as an outline, those at work filled; bars begin at zero and are alike in all days. */
function DayBars({ label, slots, most }: { label: string; slots: Slot[]; most: number }): JSX.Element {
  const words = usePlanWords().staff;
  const top = slots.reduce((best, one) => (one.agents > best.agents ? one : best), slots[0]!);
  const up = (n: number): number => (96 * n) / most;
  const wide = 100 / slots.length;
  return (
    <figure>
      <h4>{label} {words.peak(top.agents, top.paid, clockOf(top.start))}</h4>
      <svg class="plan-bars" viewBox="0 0 100 96" preserveAspectRatio="none" role="img" aria-label={`${label} ${words.peak(top.agents, top.paid, clockOf(top.start))}`}>
        {slots.map((one, n) => <g key={one.start}><title>{words.slot(one.start, one.agents, one.paid)}</title><rect class="paid" x={n * wide + wide * 0.1} width={wide * 0.8} y={96 - up(one.paid)} height={up(one.paid)} /><rect class="work" x={n * wide + wide * 0.1} width={wide * 0.8} y={96 - up(one.agents)} height={up(one.agents)} />{one.missing > 0 && <rect class="missing" x={n * wide + wide * 0.1} width={wide * 0.8} y={96 - up(one.agents)} height={up(one.missing)} />}</g>)}
      </svg>
      <p class="plan-bars-ends" aria-hidden="true"><span>{clockOf(slots[0]!.start)}</span><span>{clockOf(slots.at(-1)!.start)}</span></p>
    </figure>
  );
}
