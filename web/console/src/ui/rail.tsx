// The rail on the left: screens by icon and word, the number of unread conversations, who is signed in.
import type { JSX } from "preact";
import { go } from "../actions";
import { useWords } from "../i18n";
import { update, useStore, type Screen } from "../store";
import { Icon, Mark, type IconName } from "./parts";
import { seesSettings } from "./sites";

const SCREENS: readonly [Screen, IconName][] = [["exchanges", "messages-square"], ["visitors", "radar"], ["campaigns", "megaphone"], ["library", "book-open"]];
const LAST: readonly [Screen, IconName][] = [["team", "users"], ["install", "plug"]];

export function Rail(): JSX.Element {
  const words = useWords();
  const screen = useStore((state) => state.screen);
  const unread = useStore((state) => state.mine.filter((conv) => conv.unread > 0).length);
  const requests = useStore((state) => state.requests.length);
  const settings = useStore((state) => seesSettings(state.me));
  const item = (name: Screen, icon: IconName): JSX.Element => (
    <a key={name} href={`#/${name}`} class="rail-item" aria-current={screen === name ? "page" : undefined} onClick={(event) => { event.preventDefault(); go(name); }}>
      <span class="rail-icon"><Icon name={icon} size={20} />{name === "exchanges" && unread > 0 && <span class="badge"><span aria-hidden="true">{unread}</span><span class="hidden">{words.list.unread(unread)}</span></span>}{name === "exchanges" && unread === 0 && requests > 0 && <span class="badge calm"><span aria-hidden="true">{requests}</span><span class="hidden">{words.requests.count(requests)}</span></span>}</span>
      <span>{words.nav[name]}</span>
    </a>
  );
  return (
    <nav class="rail" aria-label={words.nav.label}>
      <span class="rail-mark"><Mark size={28} /></span>
      {SCREENS.map(([name, icon]) => item(name, icon))}
      <a href="/reports" class="rail-item"><span class="rail-icon"><Icon name="chart-no-axes-combined" size={20} /></span><span>{words.nav.results}</span></a>
      {LAST.map(([name, icon]) => item(name, icon))}
      <span class="rail-gap" />
      {settings && <span class="rail-last">{item("settings", "sliders-horizontal")}</span>}
      <button type="button" class="rail-item" onClick={() => update({ help: true })}><span class="rail-icon"><Icon name="circle-help" size={20} /></span><span>{words.nav.help}</span></button>
    </nav>
  );
}
