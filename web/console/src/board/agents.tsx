// One row for each agent at the desk: status, load as marks, and a tile for each conversation with how long its visitor waits.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { duration, moment, number } from "../format";
import { useWords } from "../i18n";
import { useStore } from "../store";
import { Empty, Icon, zone } from "../ui/parts";
import { initials, statusName } from "../ui/staff";
import type { Conv } from "../wire";
import { inOrder, isThere, level, useClock } from "./state";
import type { Board, BoardAgent } from "./wire";
import { useBoardWords } from "./words";

const MARKS = 8;
const TILES = 4;
interface Choice { chosen: string | null; onChoose: (conv: string) => void }

/** Rows keep their order while the pointer or the focus is among them. */
function useOrder(agents: readonly BoardAgent[], target: number): { rows: BoardAgent[]; place: { current: HTMLDivElement | null } } {
  const place = useRef<HTMLDivElement>(null);
  const kept = useRef<string[]>([]);
  const sorted = inOrder(agents, useClock(), target);
  const held = place.current !== null && (place.current.matches(":hover") || place.current.matches(":focus-within"));
  if (!held) kept.current = sorted.map((one) => one.id);
  const at = (one: BoardAgent): number => { const known = kept.current.indexOf(one.id); return known < 0 ? kept.current.length : known; };
  return { rows: [...sorted].sort((a, b) => at(a) - at(b)), place };
}

export function Agents({ board, chosen, onChoose }: { board: Board } & Choice): JSX.Element {
  const words = useBoardWords();
  const here = board.agents.filter((one) => one.present || one.conversations.length > 0);
  const gone = board.agents.filter((one) => !here.includes(one) && one.maximum > 0);
  const { rows, place } = useOrder(here, board.service_level.target_s * 1000);
  return (
    <div class="card board-agents" ref={place} role="region" aria-label={words.agents} tabIndex={0}>
      {rows.length === 0 && <Empty title={words.nobody} next={words.nobodyNext} />}
      {rows.length > 0 && (
        <table>
          <thead><tr><th scope="col">{words.agent}</th><th scope="col">{words.load}</th><th scope="col">{words.talks}</th></tr></thead>
          <tbody>{rows.map((one) => <Row key={one.id} one={one} target={board.service_level.target_s * 1000} chosen={chosen} onChoose={onChoose} />)}</tbody>
        </table>
      )}
      {gone.length > 0 && <p class="board-gone">{words.away(gone.map((one) => one.name).join(", "))}</p>}
    </div>
  );
}

function Row({ one, target, chosen, onChoose }: { one: BoardAgent; target: number } & Choice): JSX.Element {
  const words = useBoardWords();
  const free = isThere(one) ? Math.max(0, one.maximum - one.load) : 0;
  const marks = Math.max(one.load, one.maximum);
  return (
    <tr>
      <th scope="row"><span class="board-who"><span class="initials" aria-hidden="true">{initials(one.name)}</span><span class="who-is"><strong>{one.name}</strong><State one={one} /><Said one={one} /></span></span></th>
      <td class="board-load">
        {marks <= MARKS && <span class="load-bars" aria-hidden="true">{Array.from({ length: marks }, (_, n) => <span key={n} class={n < one.load ? "on" : ""} />)}</span>}
        <span>{words.of(one.load, one.maximum)}</span>
      </td>
      <td>
        <ul class="tiles">
          {one.conversations.map((conv) => <li key={conv.id}><Tile conv={conv} name={one.name} target={target} chosen={chosen === conv.id} onChoose={onChoose} /></li>)}
          {free <= TILES && Array.from({ length: free }, (_, n) => <li key={`free${n}`} class="tile free">{words.free}</li>)}
          {free > TILES && <li class="tile free">{words.frees(free)}</li>}
          {free === 0 && one.conversations.length === 0 && <li class="quiet-text">{words.noTalk}</li>}
        </ul>
      </td>
    </tr>
  );
}

/** What visitors said of him today. */
function Said({ one }: { one: BoardAgent }): JSX.Element | null {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  if (one.csat_mean === null || !one.csat_n) return null;
  return <span class="quiet-text">{words.agentCsat(number(one.csat_mean, language, 1), one.csat_n)}</span>;
}

/** The status, its reason and since when; a closed console is said first. */
function State({ one }: { one: BoardAgent }): JSX.Element {
  const words = useBoardWords();
  const all = useWords();
  const language = useStore((state) => state.language);
  const now = useClock();
  if (!one.present) return <small class="state"><span class="dot away" />{words.offline}</small>;
  const late = one.reason === "no_answer";
  return (
    <small class={`state ${late ? "late" : ""}`}>
      <span class={`dot ${one.status} ${late ? "late" : ""}`} />{statusName(all, one.status, one.reason)}
      {one.since > 0 && <time title={moment(one.since, language, zone())}>{words.since(duration(now - one.since, language))}</time>}
    </small>
  );
}

function Tile({ conv, name, target, chosen, onChoose }: { conv: Conv; name: string; target: number; chosen: boolean; onChoose: (conv: string) => void }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const now = useClock();
  const waited = conv.waiting_since === null ? null : now - conv.waiting_since;
  const how = waited === null ? "calm" : level(waited, target);
  const asks = conv.assistance_at !== null;
  return (
    <button type="button" class={`tile ${how} ${asks ? "asks" : ""}`} aria-pressed={chosen} onClick={() => onChoose(conv.id)}>
      <span class="hidden">{words.listen(conv.label, name)}, </span>
      <span class="tile-top"><span aria-hidden="true">{conv.label}</span>{asks && <><Icon name="life-buoy" size={14} /><span class="hidden">{words.asks}, </span></>}{how === "critical" && <><Icon name="circle-alert" size={14} /><span class="hidden">{words.late}, </span></>}</span>
      <span class="tile-time">{waited === null ? <><span aria-hidden="true">{duration(now - conv.opened_at, language)}</span><span class="hidden">{words.calm(duration(now - conv.opened_at, language))}</span></> : words.waits(duration(waited, language))}</span>
    </button>
  );
}
