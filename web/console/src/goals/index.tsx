// Goals and contracts, to be written; and the alarms that stand above every screen of those who supervise.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { plans } from "../rights";
import { toast, useStore } from "../store";
import { Empty, Icon, Loading } from "../ui/parts";
import { calls } from "./calls";
import { ContractForm, GoalForm, refusal } from "./forms";
import type { Alarm, Contract, Contracts, Goal, Stood } from "./wire";
import { useGoalWords } from "./words";
export { ready } from "./words";

/** How often alarms are asked for. */
const EVERY_MS = 300_000;
type Opened = { goal: Goal | null } | { contract: Contract | null };

/** What nobody has seen yet of what is wrong; a server that does not answer says nothing here. */
export function Alarms(): JSX.Element | null {
  const words = useGoalWords();
  const site = useStore((state) => state.me?.site.id);
  const [alarms, setAlarms] = useState<Alarm[]>([]);
  useEffect(() => {
    let over = false;
    const ask = (): void => { calls.alarms().then((found) => { if (!over) setAlarms(found.filter((one) => one.seen_at === null)); }, (error: unknown) => { if (!isFailure(error)) throw error; }); };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => { over = true; clearInterval(timer); };
  }, [site]);
  const see = (id: string): void => {
    calls.seen(id).then(() => setAlarms((now) => now.filter((one) => one.id !== id)), (error: unknown) => { if (!isFailure(error)) throw error; if (!expired(error)) toast(words.failed, true); });
  };
  return <>{alarms.map((one) => <p key={one.id} class="notice alarm"><Icon name="circle-alert" /><span><strong>{words.alarm[one.kind](one.name)}</strong> {words.alarmNext}</span><a class="button" href="/reports/goals">{words.look}</a><button type="button" onClick={() => see(one.id)}>{words.seen}</button></p>)}</>;
}

export function Goals(): JSX.Element {
  const words = useGoalWords();
  const may = useStore((state) => plans(state.me));
  const [told, setTold] = useState<{ goals: Stood[]; contracts: Contracts[] } | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  const [opened, setOpened] = useState<Opened | null>(null);
  useEffect(() => {
    let over = false;
    if (may) Promise.all([calls.goals(), calls.contracts()]).then(([goals, contracts]) => { if (!over) { setTold({ goals, contracts }); setFailed(false); } }, (error: unknown) => { if (!isFailure(error)) throw error; if (!expired(error) && !over) setFailed(true); });
    return () => { over = true; };
  }, [turn, may]);
  const again = (): void => setTurn((now) => now + 1);
  const done = (): void => { setOpened(null); again(); };
  if (!may) return <Empty title={words.readOnly} />;
  if (!told) return failed ? <Empty title={words.failed}><button type="button" onClick={again}>{words.retry}</button></Empty> : <Loading label={words.loading} rows={6} />;
  const state = (id: string): void => { calls.state(id).then(() => { toast(words.stated); again(); }, (error: unknown) => { if (!isFailure(error)) throw error; if (!expired(error)) toast(refusal(error), true); }); };
  return (
    <div class="goals-page">
      <header class="page-head"><h2 class="page-title">{words.title}</h2><div class="page-actions"><a class="button" href="/reports/goals">{words.report}</a><button type="button" onClick={() => setOpened({ contract: null })}>{words.addContract}</button><button type="button" class="primary" onClick={() => setOpened({ goal: null })}><Icon name="plus" />{words.add}</button></div></header>
      <h3>{words.goals}</h3>
      {told.goals.length === 0 && <p class="quiet-text">{words.none}</p>}
      <ul class="goal-rows">{told.goals.map(({ goal, standing, alarm }) => <li key={goal.id}><span class="goal-name"><strong>{goal.name}</strong> <small>{goal.kpi} {words.choices[goal.direction]} {goal.target} · {words.choices[goal.window]}</small></span><span class={alarm ? "tag alert" : "tag"}>{words.states[standing.state]}</span><button type="button" aria-label={`${words.open} ${goal.name}`} onClick={() => setOpened({ goal })}>{words.open}</button></li>)}</ul>
      <h3>{words.contracts}</h3>
      {told.contracts.length === 0 && <p class="quiet-text">{words.noContract}</p>}
      <ul class="goal-rows">{told.contracts.map(({ id, versions, statements }) => { const last = versions.at(-1)!; return <li key={id}><span class="goal-name"><strong>{last.name}</strong> <small>{last.first_day} · {words.statements(statements)}</small></span><button type="button" aria-label={`${words.state} ${last.name}`} onClick={() => state(id)}>{words.state}</button><button type="button" aria-label={`${words.next} ${last.name}`} onClick={() => setOpened({ contract: last })}>{words.next}</button></li>; })}</ul>
      {opened && "goal" in opened && <GoalForm one={opened.goal} onClose={() => setOpened(null)} onDone={done} />}
      {opened && "contract" in opened && <ContractForm one={opened.contract} onClose={() => setOpened(null)} onDone={done} />}
    </div>
  );
}
