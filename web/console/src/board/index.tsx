// The supervisor's board: who waits, who has whom, how the day goes. It comes with its screen.
import type { JSX } from "preact";
import { go } from "../actions";
import { clock, duration, moment } from "../format";
import { supervises } from "../rights";
import { useStore } from "../store";
import { Empty, Icon, Loading, zone } from "../ui/parts";
import { Agents } from "./agents";
import { Asking, LateOnes } from "./calls";
import { Figures, LevelCard, QueueCard, TodayCard } from "./figures";
import { Monitor } from "./monitor";
import { Clock, useAge, useBoard, useClock, type Told } from "./state";
import type { Board as Wire } from "./wire";
import { useBoardWords } from "./words";
export { ready } from "./words";

export function Board(): JSX.Element {
  const words = useBoardWords();
  const may = useStore((state) => supervises(state.me));
  return may ? <Whole /> : <div class="board-page"><Empty title={words.closed} next={words.closedNext} /></div>;
}

function Whole(): JSX.Element {
  const words = useBoardWords();
  const { told, failed, again } = useBoard();
  if (told) return <Page told={told} />;
  if (!failed) return <div class="board-page"><Loading label={words.loading} rows={8} /></div>;
  return <div class="board-page"><div class="empty"><p class="problem" role="alert"><Icon name="circle-alert" />{words.failed}</p><button type="button" onClick={again}>{words.retry}</button></div></div>;
}

function Page({ told }: { told: Told }): JSX.Element {
  const { age, stale } = useAge(told);
  const { board } = told;
  const chosen = useStore((state) => state.monitored);
  return (
    <Clock.Provider value={stale ? board.at : board.at + age}>
      <div class="board-page">
        <header class="page-head board-head"><Finding board={board} /><Freshness age={age} stale={stale} board={board} /></header>
        <Figures board={board} />
        <div class={`board-grid ${chosen ? "reading" : ""}`}>
          <Agents board={board} chosen={chosen} onChoose={(conv) => go("board", ...(conv === chosen ? [] : [conv]))} />
          {chosen && <Monitor conv={chosen} key={chosen} board={board} />}
          <div class="board-calls"><Asking board={board} /><LateOnes board={board} /></div>
          <div class="board-side">
            <QueueCard board={board} />
            <LevelCard board={board} />
            <TodayCard board={board} />
          </div>
        </div>
      </div>
    </Clock.Provider>
  );
}

/** The one sentence of the page: who waits for an answer, in the queue or with an agent. */
function Finding({ board }: { board: Wire }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const now = useClock();
  const queued = board.queue.reduce((sum, one) => sum + one.n, 0);
  const since = board.agents.flatMap((one) => one.conversations).flatMap((conv) => (conv.waiting_since === null ? [] : [conv.waiting_since]));
  const waits = [...since.map((at) => now - at), ...board.queue.filter((one) => one.n > 0).map((one) => one.longest_s * 1000 + now - board.at)];
  const count = queued + since.length;
  return (
    <div class="board-finding">
      <h2 class="page-title" aria-live="off">{words.waiting(count, duration(Math.max(0, ...waits), language))}</h2>
      {count > 0 && <p class="quiet-text">{words.where(queued, since.length)}</p>}
    </div>
  );
}

/** How fresh the board is; while it is not, every timer stands still. */
function Freshness({ age, stale, board }: { age: number; stale: boolean; board: Wire }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  return (
    <p class="freshness">
      <span role="status">{stale ? <span class="hidden">{words.staleLead}</span> : null}</span>
      {stale
        ? <span class="tag honey" title={moment(board.at, language, zone())}><Icon name="wifi-off" />{words.stale(duration(age, language))}, {clock(board.at, zone())}</span>
        : <span class="tag line">{age < 4000 ? words.now : words.fresh(words.seconds(Math.round(age / 1000)))}</span>}
    </p>
  );
}
