// The rail on the left: screens by icon and word, the number of unread conversations, who is signed in.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { go, toggleColleagues } from "../actions";
import { useWords } from "../i18n";
import { converses, supervises } from "../rights";
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
  const leads = useStore((state) => supervises(state.me));
  // On a phone the rail is pushed sideways; where one is stays in sight.
  useEffect(() => document.querySelector(".rail [aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" }), [screen]);
  const item = (name: Screen, icon: IconName): JSX.Element => (
    <a key={name} href={`#/${name}`} class="rail-item" aria-current={screen === name ? "page" : undefined} onClick={(event) => { event.preventDefault(); go(name); }}>
      <span class="rail-icon"><Icon name={icon} size={20} />{name === "exchanges" && unread > 0 && <span class="badge"><span aria-hidden="true">{unread}</span><span class="hidden">{words.list.unread(unread)}</span></span>}{name === "exchanges" && unread === 0 && requests > 0 && <span class="badge calm"><span aria-hidden="true">{requests}</span><span class="hidden">{words.requests.count(requests)}</span></span>}</span>
      <span>{words.nav[name]}</span>
    </a>
  );
  return (
    <nav class="rail" aria-label={words.nav.label}>
      <span class="rail-mark"><Mark size={28} /></span>
      {item(...SCREENS[0]!)}
      <ColleaguesItem />
      {SCREENS.slice(1).map(([name, icon]) => item(name, icon))}
      <a href="/reports" class="rail-item" aria-current={screen === "plan" ? "true" : undefined}><span class="rail-icon"><Icon name="chart-no-axes-combined" size={20} /></span><span>{words.nav.results}</span></a>
      {leads && item("board", "gauge")}
      {LAST.map(([name, icon]) => item(name, icon))}
      <span class="rail-gap" />
      {settings && <span class="rail-last">{item("settings", "sliders-horizontal")}</span>}
      <button type="button" class="rail-item" onClick={() => update({ help: true })}><span class="rail-icon"><Icon name="circle-help" size={20} /></span><span>{words.nav.help}</span></button>
    </nav>
  );
}

/** Opens the panel of colleagues; counts what they have said and was not read. */
function ColleaguesItem(): JSX.Element | null {
  const words = useWords();
  const there = useStore((state) => converses(state.me));
  const open = useStore((state) => state.room !== null);
  const told = useStore((state) => state.told);
  if (!there) return null;
  return (
    <button type="button" class="rail-item rail-colleagues" aria-expanded={open} onClick={toggleColleagues}>
      <span class="rail-icon"><Icon name="message-square" size={20} />{told > 0 && <span class="badge"><span aria-hidden="true">{told > 99 ? "99+" : told}</span><span class="hidden">{words.list.unread(told)}</span></span>}</span>
      <span>{words.nav.colleagues}</span>
    </button>
  );
}
