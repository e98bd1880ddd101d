// A conversation of somebody else, read while it goes on: nothing is written, marked as read, or shown to the visitor.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { go, loadOlder } from "../actions";
import { duration } from "../format";
import { useWords } from "../i18n";
import { unwatch, watch } from "../link";
import { update, useStore } from "../store";
import { NEW_THREAD } from "../thread";
import { Line, Typing, Unsent } from "../ui/bubble";
import { Icon, Loading } from "../ui/parts";
import type { Conv } from "../wire";
import { useClock } from "./state";
import type { Board } from "./wire";
import { useBoardWords } from "./words";

export function Monitor({ conv: id, board }: { conv: string; board: Board }): JSX.Element {
  const words = useBoardWords();
  const panel = useRef<HTMLElement>(null);
  const known = useRef<Conv | null>(null);
  const found = [...board.agents.flatMap((one) => one.conversations), ...board.assistance].find((one) => one.id === id) ?? null;
  known.current = found ?? known.current;
  const conv = known.current;
  const close = (): void => {
    document.querySelector<HTMLElement>(".board-agents .tile[aria-pressed=true]")?.focus();
    go("board");
  };
  useEffect(() => panel.current?.focus(), []);
  return (
    <aside class="card monitor" ref={panel} tabIndex={-1} aria-label={words.monitor(conv?.label ?? "")} onKeyDown={(event) => event.key === "Escape" && close()}>
      <header>
        <div><h3>{conv ? words.visitor(conv.label) : words.gone}</h3>{conv && found && <p><With conv={conv} /></p>}{conv && !found && <p>{words.gone}</p>}</div>
        <button type="button" class="quiet" aria-label={words.close} onClick={close}><Icon name="x" /></button>
      </header>
      {conv && <Reading conv={conv} />}
      <footer><p class="quiet-text"><Icon name="lock" size={14} />{words.secret}</p>{found && <p class="actions"><OpenLink conv={found} main /><span class="quiet-text">{words.openHint}</span></p>}</footer>
    </aside>
  );
}

function With({ conv }: { conv: Conv }): JSX.Element {
  const words = useBoardWords();
  const time = duration(useClock() - conv.opened_at, useStore((state) => state.language));
  return <>{words.with(conv.agent?.name ?? "–", time)}</>;
}

/** The thread, watched as long as it is on the screen, anew after each loss of the socket. */
function Reading({ conv }: { conv: Conv }): JSX.Element {
  const words = useBoardWords();
  const all = useWords();
  const thread = useStore((state) => state.threads[conv.id]) ?? NEW_THREAD;
  const link = useStore((state) => state.link);
  const now = useClock();
  const place = useRef<HTMLDivElement>(null);
  const end = useRef(true);
  useEffect(() => { if (!thread.live && link === "on") watch(conv.id); }, [conv.id, thread.live, link]);
  useEffect(() => () => unwatch(conv.id), [conv.id]);
  useLayoutEffect(() => { if (place.current && end.current) place.current.scrollTop = place.current.scrollHeight; }, [thread.entries.length]);
  const scrolled = (): void => { const node = place.current; if (node) end.current = node.scrollHeight - node.scrollTop - node.clientHeight < 48; };
  return (
    <><div class="log" ref={place} role="log" aria-live="off" aria-label={all.thread.label(words.visitor(conv.label))} tabIndex={0} onScroll={scrolled}>
      {thread.more && <button type="button" class="quiet older" onClick={() => void loadOlder(conv.id)}>{all.thread.older}</button>}
      {!thread.loaded && <Loading label={words.opening} />}
      {thread.loaded && thread.entries.length === 0 && <p class="event-line">{all.thread.empty}</p>}
      {thread.entries.map((entry) => <Line key={entry.seq} entry={entry} foot={null} />)}
      {thread.typingUntil > now && !thread.unsent && <Typing label={all.thread.typing} />}
      {thread.loaded && !thread.live && <p class="event-line" role="status">{words.paused}</p>}
    </div><Unsent thread={thread} /></>
  );
}

/** Leads to the conversation on its own screen, where one joins, whispers and takes over. */
export function OpenLink({ conv, main }: { conv: Conv; main?: boolean }): JSX.Element {
  const words = useBoardWords();
  const open = (event: MouseEvent): void => {
    event.preventDefault();
    update({ observed: conv });
    go("exchanges", conv.id);
  };
  return <a class={main ? "button primary" : "button"} href={`#/exchanges/${encodeURIComponent(conv.id)}`} onClick={open}>{words.open}<span class="hidden">, {words.visitor(conv.label)}</span></a>;
}
