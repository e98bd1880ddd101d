// The one state of the console. Changes go through `update`; a component reads a part of it with `useStore`.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { restore, type Item } from "./outbox";
import type { Thread } from "./thread";
import type { Conv, Journey, Language, Live, LiveFigures, Me, Request } from "./wire";

/** Which events sound and how loud (0 to 100), and after how many minutes without a move the agent is set away (0: never). */
export interface Alerts { waiting: boolean; message: boolean; critical: boolean; help: boolean; volume: number; away: number }
export type Screen = "exchanges" | "visitors" | "campaigns" | "board" | "team" | "library" | "goals" | "plan" | "install" | "account" | "settings";
export type Theme = "system" | "light" | "dark";
export interface Toast { id: number; text: string; alert: boolean }
/** What a dialog of the agents' work asks; `next`: go on to the next conversation. */
export type Asking =
  | { kind: "close" | "wrap"; conv: Conv; next: boolean } | { kind: "products" | "page" | "assist" | "callback" | "coupon"; conv: Conv }
  | { kind: "invite" | "block"; visitor: string; label: string } | { kind: "attention" };
export interface JourneyState { data: Journey | null; failed: boolean }

export interface State {
  phase: "boot" | "unreachable" | "signed-out" | "setup" | "forgot" | "link" | "ready";
  demo: boolean;
  expired: boolean;
  me: Me | null;
  link: "connecting" | "on" | "off" | "replaced";
  offSince: number;
  loaded: boolean;
  mine: readonly Conv[];
  queue: readonly Conv[];
  /** Closed ones whose code this agent owes; those whose agents ask for help; those he has joined; the one he looks into. */
  wrap: readonly Conv[];
  wanting: readonly Conv[];
  guest: readonly Conv[];
  observed: Conv | null;
  asking: Asking | null;
  selected: string | null;
  /** What visitors have left and nobody has dealt with, the oldest first. */
  requests: readonly Request[];
  requestsState: "waiting" | "here" | "failed";
  /** The request that stands in the centre instead of a conversation. */
  request: string | null;
  /** The conversation that is about to be handed on. */
  transfer: string | null;
  threads: Readonly<Record<string, Thread>>;
  outbox: readonly Item[];
  drafts: Readonly<Record<string, { text: string; note: string; whisper?: string; mode: "text" | "note" | "whisper" }>>;
  journeys: Readonly<Record<string, JourneyState>>;
  live: { rows: readonly Live[]; figures: LiveFigures; loaded: boolean };
  screen: Screen;
  visitor: string | null;
  campaign: string | null;
  rule: string | null;
  /** The part of the settings that the address names. */
  part: string | null;
  /** The saved scenario that the address names. */
  scenario: string | null;
  pane: "list" | "thread" | "context" | "live";
  palette: boolean;
  help: boolean;
  transcript: string | null;
  /** The conversation that is read beside the board. */
  monitored: string | null;
  /** The room of colleagues that is open; empty: their list; null: the panel is closed. */
  room: string | null;
  /** How many lines of colleagues are unread. */
  told: number;
  toasts: readonly Toast[];
  language: Language;
  theme: Theme;
  sound: boolean;
  alerts: Alerts;
  desktop: boolean;
}

/** A preference kept in this browser. */
export function preference(name: string): string | null {
  try {
    return localStorage.getItem(`aparte.${name}`);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

export function prefer(name: string, value: string): void {
  try {
    localStorage.setItem(`aparte.${name}`, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

function firstLanguage(): Language {
  const kept = preference("language");
  if (kept === "fr" || kept === "en") return kept;
  return navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
}

function firstTheme(): Theme {
  const kept = preference("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** What this browser keeps of it; what cannot be read counts as never said. */
function firstAlerts(): Alerts {
  const base: Alerts = { waiting: true, message: false, critical: true, help: true, volume: 50, away: 0 };
  try {
    return { ...base, ...(JSON.parse(preference("alerts") ?? "{}") as Partial<Alerts>) };
  } catch (error) {
    if (error instanceof SyntaxError) return base;
    throw error;
  }
}

export const EMPTY = {
  loaded: false, mine: [], queue: [], wrap: [], wanting: [], guest: [], observed: null, asking: null, selected: null, requests: [], requestsState: "waiting", request: null, transfer: null, threads: {}, drafts: {}, journeys: {}, visitor: null, campaign: null, rule: null, transcript: null,
  live: { rows: [], figures: { online: 0, eligible: 0, held_out: 0, free: 0 }, loaded: false },
  monitored: null, room: null, told: 0,
} as const;

let state: State = {
  phase: "boot", demo: false, expired: false, me: null, link: "connecting", offSince: 0, part: null, scenario: null, ...EMPTY, outbox: restore(Date.now()), screen: "exchanges",
  pane: "list", palette: false, help: false, toasts: [], language: firstLanguage(), theme: firstTheme(), sound: preference("sound") === "on", alerts: firstAlerts(),
  desktop: preference("desktop") === "on" && "Notification" in window && Notification.permission === "granted",
};
const listeners = new Set<() => void>();

export const get = (): State => state;

/** Puts a part of the state anew and tells whoever reads it. */
export function update(part: Partial<State>): void {
  state = { ...state, ...part };
  for (const listener of [...listeners]) listener();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A part of the state; the component draws again when it is another value. */
export function useStore<T>(select: (state: State) => T): T {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const value = select(state);
  const kept = useRef({ value, select });
  kept.current = { value, select };
  useEffect(() => {
    const check = (): void => {
      if (!Object.is(kept.current.select(state), kept.current.value)) draw(undefined);
    };
    check();
    return subscribe(check);
  }, []);
  return value;
}

let toasts = 0;

/** Says one sentence for a few seconds; an alert stays longer. */
export function toast(text: string, alert = false): void {
  const id = ++toasts;
  update({ toasts: [...state.toasts.slice(-2), { id, text, alert }] });
  setTimeout(() => update({ toasts: state.toasts.filter((one) => one.id !== id) }), alert ? 9000 : 4000);
}

/** The conversations that this member of staff may look into: his own, those he has joined, those that ask for help. */
export const known = (from: State): readonly Conv[] => [...from.mine, ...from.guest, ...from.wanting, ...(from.observed ? [from.observed] : [])];
export const selectedConv = (from: State): Conv | null => known(from).find((conv) => conv.id === from.selected) ?? null;
export const isMine = (from: State, conv: Conv): boolean => conv.agent?.id === from.me?.id;
export const isLead = (from: State): boolean => ["supervisor", "manager", "admin"].includes(from.me?.role ?? "");
/** How long a visitor may wait for an answer at this site, in milliseconds. */
export const targetMs = (): number => (state.me?.site.critical_s ?? 60) * 1000;
