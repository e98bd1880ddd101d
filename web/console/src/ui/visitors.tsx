// Visitors: the live table on the whole screen, and the journey of the one that was clicked.
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { go } from "../actions";
import { useWords } from "../i18n";
import { useStore } from "../store";
import { Context } from "./context";
import { PanelActs } from "./liveacts";
import { LiveTable } from "./livetable";
import { Icon } from "./parts";

export function Visitors(): JSX.Element {
  const words = useWords();
  const visitor = useStore((state) => state.visitor);
  return (
    <div class={`visitors-page ${visitor ? "with-journey" : ""}`}>
      <LiveTable onOpen={(one) => go("visitors", one)} chosen={visitor} />
      {visitor && <Panel visitor={visitor} key={visitor} label={words.context.label} />}
    </div>
  );
}

function Panel({ visitor, label }: { visitor: string; label: string }): JSX.Element {
  const words = useWords();
  const name = useStore((state) => state.live.rows.find((row) => row.visitor === visitor)?.label ?? state.journeys[visitor]?.data?.label ?? "");
  const panel = useRef<HTMLElement>(null);
  const close = (): void => {
    document.querySelector<HTMLElement>(".live tr.chosen .row-open")?.focus();
    go("visitors");
  };
  useEffect(() => panel.current?.focus(), []);
  return (
    <aside class="journey-panel" aria-label={label} ref={panel} tabIndex={-1} onKeyDown={(event) => event.key === "Escape" && close()}>
      <header><h2>{words.list.visitor(name)}</h2><button type="button" class="quiet" aria-label={words.live.close} onClick={close}><Icon name="x" /></button></header>
      <PanelActs visitor={visitor} label={name} />
      <Context visitor={visitor} />
    </aside>
  );
}
