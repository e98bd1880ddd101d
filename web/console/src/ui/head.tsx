// The head of every screen: its name, the load, the queue, the state of the network, the status and the preferences.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { go, leave, showRequests, setDesktop, setLanguage, setSound, setStatus, setTheme } from "../actions";
import { clock, duration } from "../format";
import { useWords } from "../i18n";
import { takeBack } from "../link";
import { update, useStore, type Theme } from "../store";
import type { Reason, Status } from "../wire";
import { Icon, Keys, useNow, zone } from "./parts";
import { seesSettings, SiteSwitch } from "./sites";
import { initials as initialsOf, statusName } from "./staff";

export function Head(): JSX.Element {
  const words = useWords();
  const screen = useStore((state) => state.screen);
  const queue = useStore((state) => state.queue.length);
  const requests = useStore((state) => state.requests.length);
  return (
    <header class="head">
      <h1>{words.nav[screen]}</h1>
      <SiteSwitch />
      <NetworkState />
      <span class="head-gap" />
      <Load />
      <span class="head-queue"><Icon name="clock" size={18} /><span>{words.head.queue(queue)}</span></span>
      {requests > 0 && <a class="head-queue" href="#/exchanges" onClick={showRequests}><Icon name="inbox" size={18} /><span>{words.head.requests(requests)}</span></a>}
      <StatusMenu />
      <button type="button" class="quiet head-search" onClick={() => update({ palette: true })}><Icon name="search" size={18} /><span>{words.head.search}</span><Keys of={["Mod", "K"]} /></button>
      <Preferences />
    </header>
  );
}

function Load(): JSX.Element | null {
  const words = useWords();
  const me = useStore((state) => state.me);
  const load = useStore((state) => (state.loaded ? state.mine.length : (state.me?.load ?? 0)));
  if (!me) return null;
  return (
    <span class="head-load">
      <span class="load-bars" aria-hidden="true">{Array.from({ length: me.maximum }, (_, n) => <span key={n} class={n < load ? "on" : ""} />)}</span>
      <span>{words.head.load(load, me.maximum)}</span>
    </span>
  );
}

/** Honey while there is no connection, with how long it has been so. Quiet for the first two seconds. */
function NetworkState(): JSX.Element {
  const words = useWords();
  const link = useStore((state) => state.link);
  const since = useStore((state) => state.offSince);
  return (
    <span class="network" role="status">
      {link === "off" && since > 0 && <OfflineTag since={since} />}
      {link === "replaced" && <><span class="tag honey"><Icon name="wifi-off" />{words.offline.replaced}</span><button type="button" onClick={takeBack}>{words.offline.takeBack}</button></>}
    </span>
  );
}

function OfflineTag({ since }: { since: number }): JSX.Element | null {
  const words = useWords();
  const language = useStore((state) => state.language);
  useNow();
  const lasted = Date.now() - since;
  if (lasted < 2000) return null;
  return <span class="tag honey" title={words.offline.lead}><Icon name="wifi-off" /><span>{words.offline.since("")}</span><span aria-live="off">{duration(lasted, language)}</span></span>;
}

/** A button with a list below it: arrows move, Esc and a click elsewhere close, the focus returns to the button. */
function Menu({ label, button, children, className }: { label: string; button: ComponentChildren; children: ComponentChildren; className?: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  useEffect(() => {
    if (!open) return undefined;
    (items().find((one) => one.getAttribute("aria-checked") === "true") ?? items()[0])?.focus();
    const away = (event: Event): void => { if (!root.current?.contains(event.target as Node)) setOpen(false); };
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const shut = (): void => { setOpen(false); root.current?.querySelector<HTMLElement>("button")?.focus(); };
  const key = (event: KeyboardEvent): void => {
    if (!open) return;
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape") { event.stopPropagation(); shut(); }
    else if (event.key === "ArrowDown") { event.preventDefault(); all[(at + 1) % all.length]?.focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); all[(at - 1 + all.length) % all.length]?.focus(); }
    else if (event.key === "Tab") setOpen(false);
  };
  return (
    <div class={`menu ${className ?? ""}`} ref={root} onKeyDown={key}>
      <button type="button" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}><span class="hidden">{label} </span>{button}</button>
      {open && <div class="menu-list" role="menu" aria-label={label} onClick={(event) => (event.target as Element).closest("[data-shut]") && shut()}>{children}</div>}
    </div>
  );
}

const REASONS: readonly Reason[] = ["break", "lunch", "meeting", "training", "wrap_up", "other"];

/** Available, or away with a reason; while away it stands in the head for how long. */
function StatusMenu(): JSX.Element | null {
  const words = useWords();
  const me = useStore((state) => state.me);
  if (!me || me.role === "analyst") return null;
  const { status, reason, since } = me;
  const at = since > 0 ? clock(since, zone()) : "";
  const choice = (value: Status, why: Reason, hint: string): JSX.Element => (
    <button key={why} type="button" role="menuitemradio" aria-checked={status === value && reason === why} data-shut tabIndex={-1} onClick={() => void setStatus(value, why)}>
      <span class={`dot ${value}`} /><span><strong>{statusName(words, value, why)}</strong>{hint && <small>{hint}</small>}</span>{status === value && reason === why && <Icon name="check" />}
    </button>
  );
  const face = <><span class={`dot ${status} ${reason === "no_answer" ? "late" : ""}`} /><span>{statusName(words, status, reason)}</span>{status === "away" && since > 0 && <AwayFor at={since} />}<Icon name="chevron-down" /></>;
  return (
    <Menu label={words.head.status} className="status" button={face}>
      {choice("available", "", status === "available" && at ? words.head.availableSince(at) : words.head.availableHint)}
      <div role="group" aria-label={words.head.away}>
        <p class="menu-title" role="presentation">{words.head.away}. {words.head.awayHint}</p>
        {REASONS.map((why) => choice("away", why, status === "away" && reason === why && at ? words.head.awaySince(at) : ""))}
      </div>
      {reason === "no_answer" && <p class="menu-title" role="presentation">{words.head.noAnswer} {words.head.noAnswerNext}</p>}
    </Menu>
  );
}

function AwayFor({ at }: { at: number }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const time = duration(useNow() - at, language);
  return <span class="away-for"><span class="hidden">{words.head.forTime("")}</span>{time}</span>;
}

const THEMES: readonly [Theme, "monitor" | "sun" | "moon", "themeSystem" | "themeLight" | "themeDark"][] = [["system", "monitor", "themeSystem"], ["light", "sun", "themeLight"], ["dark", "moon", "themeDark"]];

function Preferences(): JSX.Element {
  const words = useWords();
  const me = useStore((state) => state.me);
  const { language, theme, sound, desktop } = { language: useStore((s) => s.language), theme: useStore((s) => s.theme), sound: useStore((s) => s.sound), desktop: useStore((s) => s.desktop) };
  const initials = initialsOf(me?.name ?? "");
  return (
    <Menu label={words.head.preferences} className="preferences" button={<span class="initials">{initials}</span>}>
      <p class="menu-who" role="presentation"><strong>{me?.name}</strong><small>{me?.email}</small></p>
      <button type="button" role="menuitem" data-shut tabIndex={-1} onClick={() => go("account")}><Icon name="user" /><span>{words.nav.account}</span></button>
      {seesSettings(me) && <button type="button" role="menuitem" data-shut tabIndex={-1} onClick={() => go("settings")}><Icon name="sliders-horizontal" /><span>{words.nav.settings}</span></button>}
      <div role="group" aria-label={words.head.language}><p class="menu-title" role="presentation">{words.head.language}</p>
        {(["fr", "en"] as const).map((one) => <button key={one} type="button" role="menuitemradio" aria-checked={language === one} tabIndex={-1} lang={one} onClick={() => setLanguage(one)}><Icon name="languages" /><span>{one === "fr" ? "Français" : "English"}</span>{language === one && <Icon name="check" />}</button>)}
      </div>
      <div role="group" aria-label={words.head.theme}><p class="menu-title" role="presentation">{words.head.theme}</p>
        {THEMES.map(([one, icon, word]) => <button key={one} type="button" role="menuitemradio" aria-checked={theme === one} tabIndex={-1} onClick={() => setTheme(one)}><Icon name={icon} /><span>{words.head[word]}</span>{theme === one && <Icon name="check" />}</button>)}
      </div>
      <div role="group" aria-label={words.head.preferences}><p class="menu-title" role="presentation">{words.head.preferences}</p>
        <button type="button" role="menuitemcheckbox" aria-checked={sound} tabIndex={-1} onClick={() => setSound(!sound)}><Icon name={sound ? "volume-2" : "volume-x"} /><span>{words.head.sound}</span><em>{sound ? words.head.on : words.head.off}</em></button>
        <button type="button" role="menuitemcheckbox" aria-checked={desktop} tabIndex={-1} onClick={() => void setDesktop(!desktop)}><Icon name={desktop ? "bell" : "bell-off"} /><span>{words.head.desktop}</span><em>{desktop ? words.head.on : words.head.off}</em></button>
      </div>
      <button type="button" role="menuitem" data-shut tabIndex={-1} onClick={() => update({ asking: { kind: "attention" } })}><Icon name="sliders-horizontal" /><span>{words.work.alerts}</span></button>
      <button type="button" role="menuitem" data-shut tabIndex={-1} onClick={() => void leave()}><Icon name="log-out" /><span>{words.head.signOut}</span></button>
    </Menu>
  );
}
