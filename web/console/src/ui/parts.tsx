// Small parts that every screen uses: icons, keys, parentheses, timers, empty and failed states.
import { h, type ComponentChildren, type JSX } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { serverClock } from "../api";
import { duration, moment } from "../format";
import { words } from "../i18n";
import { ICONS } from "../icons";
import { get, targetMs, useStore } from "../store";

export type IconName = keyof typeof ICONS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  const shapes = ICONS[name].map(([tag, attributes]) => h(tag as "path", attributes));
  return (
    <svg class="icon" viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" stroke-width={size > 18 ? 1.6 : 1.75} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {shapes}
    </svg>
  );
}

export function Mark({ size = 32 }: { size?: number }): JSX.Element {
  return (
    <svg class="mark" viewBox="3 3 26 26" width={size} height={size} fill="currentColor" aria-hidden="true">
      <path d="M12.900 3.400C7.300 6.500 4.300 11 4.300 16S7.300 25.500 12.900 28.600L13.700 27.300C10 24.500 8.300 20.600 8.300 16S10 7.500 13.700 4.700Z" />
      <path d="M20.900 8.600C24.600 10.600 26.700 13.200 26.700 16S24.600 21.400 20.900 23.400L20.100 22.200C22.300 20.400 23.200 18.500 23.200 16S22.300 11.600 20.100 9.800Z" />
      <circle cx="15.200" cy="16" r="3" />
    </svg>
  );
}

const APPLE = /Mac|iPhone|iPad/.test(navigator.userAgent);
export const MOD = APPLE ? "⌘" : "Ctrl";

export function Keys({ of }: { of: readonly string[] }): JSX.Element {
  return <span class="keys" aria-hidden="true">{of.map((key) => <kbd key={key}>{key === "Mod" ? MOD : key}</kbd>)}</span>;
}

const tickers = new Set<() => void>();
setInterval(() => {
  if (document.visibilityState === "visible") for (const tick of tickers) tick();
}, 1000);

/** The server's time now, in ms; the component draws again every second. */
export function useNow(): number {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const tick = (): void => draw(undefined);
    tickers.add(tick);
    return () => void tickers.delete(tick);
  }, []);
  return serverClock.now();
}

/** How long since `at`, counting. */
export function Since({ at }: { at: number }): JSX.Element {
  const now = useNow();
  return <time title={moment(at, get().language, zone())}>{duration(now - at, get().language)}</time>;
}

/** How long a visitor has waited: honey at half of the target, vermilion with an icon at the target. */
export function Wait({ since }: { since: number }): JSX.Element {
  const waited = useNow() - since;
  const level = waited >= targetMs() ? "critical" : waited >= targetMs() / 2 ? "warm" : "calm";
  const text = duration(waited, get().language);
  return (
    <span class={`wait ${level}`}>
      {level === "critical" && <Icon name="circle-alert" />}
      <span aria-hidden="true">{text}</span>
      <span class="hidden">{words().list.waitingFor(text)}{level === "critical" ? `, ${words().list.critical}` : ""}</span>
    </span>
  );
}

export const zone = (): string => get().me?.site.time_zone ?? "UTC";
export const currency = (): string => get().me?.site.currency ?? "EUR";

export function Empty({ title, next, children, mark = true }: { title: string; next?: string; children?: ComponentChildren; mark?: boolean }): JSX.Element {
  return (
    <div class="empty">
      {mark && <Mark size={36} />}
      <p class="serif-line">{title}</p>
      {next && <p>{next}</p>}
      {children}
    </div>
  );
}

/** Grey bars in the shape of what comes; the style sheet shows them after 300 ms. */
export function Loading({ rows = 4, label }: { rows?: number; label: string }): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => <span class={`bar bar-${row % 4}`} key={row} />)}
    </div>
  );
}

/** « (what is an aside) »: the one ornament, around a reason or an offered message. */
export function Parens({ children }: { children: ComponentChildren }): JSX.Element {
  return <div class="parens"><span class="paren left" /><div>{children}</div><span class="paren right" /></div>;
}

/** Draws again when the language changes, for parts that read `words()`. */
export const useLanguage = () => useStore((state) => state.language);

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return false;
    throw error;
  }
}

/** A dialog above everything: takes the focus, keeps it, gives it back. Esc closes. */
export function Dialog({ label, onClose, children, wide }: { label: string; onClose: () => void; children: ComponentChildren; wide?: boolean }): JSX.Element {
  const open = (node: HTMLDialogElement | null): void => {
    if (node && !node.open) node.showModal();
  };
  return (
    <dialog ref={open} aria-label={label} class={wide ? "wide" : ""} onCancel={(event) => { event.preventDefault(); onClose(); }} onClick={(event) => event.target === event.currentTarget && onClose()}>
      <div class="dialog-inside">{children}</div>
    </dialog>
  );
}
