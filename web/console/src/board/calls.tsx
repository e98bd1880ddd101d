// What calls for the supervisor: agents who ask for help, the longest first, then visitors who wait beyond the target.
import type { JSX } from "preact";
import { go } from "../actions";
import { duration } from "../format";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import type { Conv } from "../wire";
import { OpenLink } from "./monitor";
import { isThere, useClock } from "./state";
import type { Board } from "./wire";
import { useBoardWords } from "./words";

const MOST = 3;

export function Asking({ board }: { board: Board }): JSX.Element {
  return <>{board.assistance.map((conv) => <AskingCard key={conv.id} conv={conv} />)}</>;
}

function AskingCard({ conv }: { conv: Conv }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const time = duration(useClock() - (conv.assistance_at ?? 0), language);
  return (
    <section class="card board-card call asks" aria-label={words.asks}>
      <Icon name="life-buoy" size={18} />
      <div>
        <h3>{words.help(conv.agent?.name ?? "–", time)}</h3>
        <p>{words.visitor(conv.label)}{conv.last && <>, {words.quote(short(conv.last.body))}</>}</p>
        <Acts conv={conv} />
      </div>
    </section>
  );
}

export function LateOnes({ board }: { board: Board }): JSX.Element {
  const words = useBoardWords();
  const language = useStore((state) => state.language);
  const now = useClock();
  const target = board.service_level.target_s * 1000;
  const late = board.agents
    .flatMap((agent) => agent.conversations.map((conv) => ({ agent, conv, waited: conv.waiting_since === null ? -1 : now - conv.waiting_since })))
    .filter((one) => one.waited >= target)
    .sort((a, b) => b.waited - a.waited);
  const free = (but: string): number => board.agents.filter((one) => one.id !== but && isThere(one) && one.load < one.maximum).length;
  return (
    <>
      {late.slice(0, MOST).map(({ agent, conv, waited }) => (
        <section key={conv.id} class="card board-card call late" aria-label={words.late}>
          <Icon name="circle-alert" size={18} />
          <div>
            <h3>{words.lateTitle(conv.label, duration(waited, language))}</h3>
            <p>{words.lateBy(agent.name, agent.load, agent.maximum)} {words.room(free(agent.id))}</p>
            <Acts conv={conv} />
          </div>
        </section>
      ))}
      {late.length > MOST && <p class="quiet-text">{words.more(late.length - MOST)}</p>}
    </>
  );
}

const short = (text: string): string => (text.length > 90 ? `${text.slice(0, 89).trimEnd()}…` : text);

function Acts({ conv }: { conv: Conv }): JSX.Element {
  const words = useBoardWords();
  const chosen = useStore((state) => state.monitored === conv.id);
  return <p class="actions"><button type="button" aria-pressed={chosen} onClick={() => go("board", ...(chosen ? [] : [conv.id]))}>{words.read}<span class="hidden">, {words.visitor(conv.label)}</span></button><OpenLink conv={conv} /></p>;
}
