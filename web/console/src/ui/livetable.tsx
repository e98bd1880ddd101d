// The live visitors: a table that never moves what the agent points at. New rows wait behind a button meanwhile.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { go, isFailure } from "../actions";
import { api } from "../api";
import { duration, money, number } from "../format";
import { lookup, useWords } from "../i18n";
import { liveOn } from "../link";
import { get, update, useStore } from "../store";
import type { Live, LiveState } from "../wire";
import { RowAct } from "./liveacts";
import { currency, Empty, Icon, Loading, Since, useNow } from "./parts";

const RANK: Record<LiveState, number> = { waiting: 0, eligible: 1, invited: 2, chatting: 3, held_out: 4, browsing: 5, blocked: 6 };
const sorted = (rows: readonly Live[]): Live[] => [...rows].sort((a, b) => RANK[a.state] - RANK[b.state] || b.since - a.since);

/** Rows in an order that stands still while `held`; `waiting` counts what is kept back. A visitor who has left stays, marked, until then. */
function useStill(rows: readonly Live[], held: boolean): { shown: { row: Live; left: boolean }[]; waiting: number; letIn: () => void } {
  const order = useRef<Map<string, Live>>(new Map());
  const [, draw] = useState(0);
  const byId = new Map(rows.map((row) => [row.visitor, row]));
  const anew = (): void => { order.current = new Map(sorted(rows).map((row) => [row.visitor, row])); };
  if (!held || order.current.size === 0) anew();
  const shown = [...order.current].map(([id, old]) => ({ row: byId.get(id) ?? old, left: !byId.has(id) }));
  return { shown, waiting: rows.filter((row) => !order.current.has(row.visitor)).length, letIn: () => { anew(); draw((n) => n + 1); } };
}

/** How many live tables stand: when one screen follows another, the new table comes before the old one goes. */
let tables = 0;

/** Asks the server for the live table while one is on the screen and the page is seen. */
function useLive(): void {
  useEffect(() => {
    const tell = (): void => liveOn(tables > 0 && document.visibilityState === "visible");
    tables += 1;
    tell();
    document.addEventListener("visibilitychange", tell);
    // The first picture does not wait for the socket.
    api.visitors().then(
      (answer) => { if (!get().live.loaded) update({ live: { rows: answer.visitors, figures: answer, loaded: true } }); },
      (error: unknown) => { if (!isFailure(error)) throw error; },
    );
    return () => { document.removeEventListener("visibilitychange", tell); tables -= 1; tell(); };
  }, []);
}

export function LiveTable({ strip = false, onOpen, chosen }: { strip?: boolean; onOpen?: (visitor: string) => void; chosen?: string | null }): JSX.Element {
  const words = useWords();
  useLive();
  const live = useStore((state) => state.live);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const { shown, waiting, letIn } = useStill(live.rows, pointed || focused);
  const open = onOpen ?? ((visitor: string) => go("visitors", visitor));
  const { figures } = live;
  const columns = [words.live.visitor, words.live.page, words.live.since, words.live.source, words.live.cart, words.live.visits, words.live.device, words.live.state, words.work.invite];
  return (
    <section class={`live ${strip ? "strip" : "full"}`} aria-label={words.live.title} onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)} onFocusIn={() => setFocused(true)} onFocusOut={() => setFocused(false)}>
      <header class="live-head">
        <h2>{words.live.title}</h2>
        <Figure text={words.live.online(figures.online)} /><Figure text={words.live.eligible(figures.eligible)} /><Figure text={words.live.heldOut(figures.held_out)} /><Figure text={words.live.free(figures.free)} />
        <span class="head-gap" />
        {waiting > 0 && <button type="button" class="fresh" onClick={letIn}>{words.live.fresh(waiting)}</button>}
      </header>
      {!live.loaded && <Loading label={words.boot.loading} rows={5} />}
      {live.loaded && shown.length === 0 && <Empty title={words.live.empty} next={words.live.emptyNext} mark={!strip} />}
      {shown.length > 0 && (
        <div class="live-scroll">
          <table>
            <thead><tr>{columns.map((name, index) => <th key={name} scope="col" class={index === 8 ? "cell-act" : index === 2 || index === 4 || index === 5 ? "right" : ""}>{index === 8 ? <span class="hidden">{name}</span> : name}</th>)}</tr></thead>
            <tbody>{shown.map(({ row, left }) => <Row key={row.visitor} row={row} left={left} open={open} chosen={chosen === row.visitor} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** « 148 en ligne »: the number in ink, the word quiet. */
function Figure({ text }: { text: string }): JSX.Element {
  const [, count, rest] = /^(\d*)(.*)$/s.exec(text) ?? ["", "", text];
  return <span class="live-figure">{count && <b>{count}</b>}{rest}</span>;
}

function Row({ row, left, open, chosen }: { row: Live; left: boolean; open: (visitor: string) => void; chosen: boolean }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const held = row.state === "held_out";
  return (
    <tr class={`${held ? "held-out" : ""} ${left ? "left-row" : ""} ${chosen ? "chosen" : ""} ${row.state}`} onClick={() => open(row.visitor)}>
      <th scope="row"><button type="button" class="row-open" aria-label={words.live.open(row.label)} onClick={(event) => { event.stopPropagation(); open(row.visitor); }}>{row.label}</button></th>
      <td class="cell-page" title={row.page?.title || row.page?.url}>{row.page?.path ?? "–"}</td>
      <td class="right">{row.page ? <Since at={row.page.at} /> : "–"}</td>
      <td>{row.channel ? lookup(words.channels, row.channel) : "–"}</td>
      <td class="right">{row.cart && row.cart.items > 0 ? money(row.cart.value, language, currency()) : "–"}</td>
      <td class="right">{number(row.visits, language)}</td>
      <td>{row.device ? lookup(words.devices, row.device) : "–"}</td>
      <td class="cell-state"><State row={row} left={left} /></td>
      <td class="cell-act">{!left && <RowAct row={row} />}</td>
    </tr>
  );
}

function State({ row, left }: { row: Live; left: boolean }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const waited = Math.max(0, useNow() - (row.state_at ?? row.since));
  const time = waited < 60_000 ? words.live.seconds(Math.floor(waited / 1000)) : duration(waited, language);
  const { states } = words.live;
  if (left) return <span class="quiet-text">{states.left}</span>;
  switch (row.state) {
    case "held_out": return <span class="locked"><Icon name="lock" />{words.live.lock}</span>;
    case "blocked": return <span class="tag line"><Icon name="ban" size={14} />{words.work.blockedTag}</span>;
    case "eligible": return <span class="tag green" title={row.rule ?? ""}>{states.eligible}{row.why ? `, ${lookup(words.reasons, row.why)}` : ""}</span>;
    case "invited": return <span class="tag plum" title={row.rule ?? ""}>{states.invited(time)}</span>;
    case "waiting": return <span class="tag honey">{states.waiting(time)}</span>;
    case "chatting": return <span class="tag plum">{states.chatting}</span>;
    default: return <span class="quiet-text">{row.reachable ? states.browsing : words.live.hidden}</span>;
  }
}
