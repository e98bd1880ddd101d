/** The words of the wire between a visitor's browser and the server: docs/reference/wire.md. */

export interface Look {
  colour: string;
  on_colour: string;
  position: "left" | "right";
  radius: number;
  font: string;
  quote_font: string;
}

export interface Config {
  site: string;
  mode: "off" | "reactive" | "full";
  language: string;
  languages: string[];
  button: boolean;
  help?: Help;
  query: string[];
  look: Look;
  words: Record<string, Record<string, string>>;
}

/** What a visitor can have now: an answer, a place in the queue, or only a form. */
export type Help = "chat" | "queue" | "form";

export interface Context {
  page: { url: string; path: string; title: string; referrer: string };
  campaign: Record<string, string>;
  device: { type: "mobile" | "tablet" | "desktop" };
  locale: string;
}

export type Properties = Record<string, unknown>;

/** A message in Segment's form; who it is about stands in the token beside it. */
export interface TagEvent {
  type: "page" | "track" | "identify";
  messageId: string;
  timestamp: string;
  context: Context;
  event?: string;
  properties?: Properties;
  traits?: Properties;
  jwt?: string;
}

export interface Pulse {
  key: string;
  token: string | null;
  consent: "full" | "denied";
  visible: boolean;
  sentAt: string;
  tab: string;
  language: string;
  events: TagEvent[];
}

/** How the campaign file wants an invitation to look. */
export interface Appearance {
  style: "card" | "bar" | "bubble";
  position: "right" | "left" | "bottom";
  colour: string | null;
  quote: boolean;
}

export interface Offer {
  engagement: string;
  channel: string;
  message: string;
  language: string;
  appearance: Appearance | null;
  expires_in_ms: number;
  state: "offered" | "shown";
  /** What is asked once it is accepted: `name`, `email`, `phone`, `question`. */
  ask?: string[];
}

export interface PulseAnswer {
  token?: string;
  visitor?: string;
  offer?: Offer | null;
  conversation?: { id: string; state: ConversationState; head: number } | null;
  agents?: boolean;
  help?: Help;
  /** Whether the visitor may open a chat himself now; his site's switch and the condition of its button. */
  button?: boolean;
  wake_in_ms?: number | null;
}

export type ConversationState = "queued" | "open" | "closed";
export interface Agent {
  name: string;
  /** Path of his picture on the server. */
  picture?: string;
}

export interface Conversation {
  id: string;
  epoch: string;
  state: ConversationState;
  head: number;
  position: number | null;
  wait_s: number | null;
  agent: Agent | null;
  survey: boolean;
  form: boolean;
  bot?: boolean;
  /** Agents see what he writes before he sends it. */
  preview?: boolean;
  /** What the survey after it asks, in this order. */
  asks?: SurveyQuestion[];
}

export type EntryKind =
  | "text"
  | "join"
  | "leave"
  | "transfer"
  | "close"
  | "offer"
  | "survey"
  | "card"
  | "page"
  | "coupon"
  | "note"
  | "hidden";

export interface Entry {
  seq: number;
  kind: EntryKind;
  id?: string;
  by?: "visitor" | "agent" | "system";
  body?: string;
  ts?: number;
  cid?: string;
  name?: string;
}

/** What a conversation looks like from outside its entries. */
export interface Standing {
  state: ConversationState;
  position?: number | null;
  /** Seconds; null while nobody is there. */
  wait_s?: number | null;
  /** He waits, and may leave a request instead. */
  form?: boolean;
  agent?: Agent | null;
  /** A bot answers: the visitor is told so, and may ask for a person. */
  bot?: boolean;
  /** Agents see what the visitor writes before he sends it: he is told so. */
  preview?: boolean;
}

export interface Page extends Standing {
  epoch: string;
  head: number;
  entries: Entry[];
  more: boolean;
}

export interface Ack {
  cid: string;
  seq: number;
  ts: number;
}

export interface Nack {
  cid: string;
  code: string;
  retry_after?: number;
  fatal?: boolean;
}

export type ServerFrame =
  | ({ t: "welcome" } & Page)
  | ({ t: "entry" } & Entry)
  | ({ t: "ack" } & Ack)
  | ({ t: "nack" } & Nack)
  | { t: "reset"; epoch: string; reason: string }
  | { t: "wm"; who: string; dlv: number; read: number }
  | { t: "typing"; who: string; on: boolean }
  | { t: "presence"; who: string; state: string }
  | { t: "queue"; position: number | null; wait_s: number | null; form?: boolean }
  | { t: "state"; state: ConversationState; agent?: Agent | null; bot?: boolean; preview?: boolean }
  | { t: "ping" }
  | { t: "drain"; within_ms: number };

export type SurveyQuestion = "csat" | "solved" | "ces" | "nps";

export interface SurveyAnswers {
  csat: number | null;
  ces: number | null;
  nps: number | null;
  solved: boolean | null;
  comment: string | null;
}

/** The name of a public event of `aparte.on`. */
export type EventName =
  | "ready"
  | "offer"
  | "shown"
  | "accepted"
  | "declined"
  | "ignored"
  | "chat"
  | "message"
  | "closed";

/** What a visitor leaves when nobody can answer: words, or a number to be called at. */
export type RequestKind = "message" | "callback";

/** A form: a request, or what comes before a conversation. */
export type AskKind = RequestKind | "chat";

/** A form that is being written; its words are kept nowhere before they are sent. */
export interface Asking {
  kind: AskKind;
  /** Of `chat`: the fields. */
  ask?: string[];
  cid: string;
  /** The accepted invitation that it completes. */
  engagement: string;
}

/** What the tag keeps of a conversation that the visitor began: strictly what it needs to go on after a reload. */
export interface Chat {
  conv: string;
  token: string;
  open: boolean;
  form?: Asking | null;
}

/** What the tag lends to the widget. */
export interface Bridge {
  host: string;
  config: Config;
  language(): string;
  token(): string | null;
  /** Keep a token that a call brought. */
  keep(token: string): void;
  emit(name: EventName, detail?: unknown): void;
  /** Ask the server soon. */
  pulse(): void;
  /** Show the launcher with this label, with the focus if asked, or take it away. */
  launcher(label: string | null, focus?: boolean): void;
}

/** What the widget lets the tag do. */
export interface Widget {
  /** A pulse was answered; without an answer: the language has changed. */
  sync(answer?: PulseAnswer): void;
  open(): void;
  close(): void;
  /** Consent is withdrawn: leave nothing behind. */
  forget(): void;
}
