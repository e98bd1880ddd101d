// Exchanges: my conversations and the queue, the thread, its context, and the live visitors below.
import type { JSX } from "preact";
import { useWords } from "../i18n";
import { selectedConv, update, useStore, type State } from "../store";
import { Context } from "./context";
import { ConversationList } from "./list";
import { LiveTable } from "./livetable";
import { ThreadPane } from "./thread";

const PANES: readonly State["pane"][] = ["list", "thread", "context", "live"];

export function Exchanges(): JSX.Element {
  const words = useWords();
  const pane = useStore((state) => state.pane);
  const visitor = useStore((state) => (state.request === null ? selectedConv(state) : state.requests.find((one) => one.id === state.request))?.visitor ?? null);
  const conv = useStore(selectedConv);
  const names = { list: words.thread.back, thread: words.thread.pane, context: words.thread.context, live: words.nav.visitors };
  return (
    <>
      <div class="pane-tabs" role="group" aria-label={words.nav.exchanges}>
        {PANES.map((one) => <button key={one} type="button" aria-pressed={pane === one} onClick={() => update({ pane: one })}>{names[one]}</button>)}
      </div>
      <div class={`panes show-${pane}`}>
        <ConversationList />
        <ThreadPane />
        <aside class="context" aria-label={words.context.label}>{visitor && <Context visitor={visitor} conv={conv} key={visitor} />}</aside>
        <LiveTable strip />
      </div>
    </>
  );
}
