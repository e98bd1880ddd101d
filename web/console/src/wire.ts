// The shapes of docs/reference/wire.md that the console reads and writes. Times are milliseconds since 1970 UTC.

import type { Board } from "./board/wire";
import type { Message } from "./colleagues/wire";

export type Language = "fr" | "en";
/** A text, perhaps by language. */
export type Said = string | Record<string, string>;
export type Status = "available" | "away";
/** Why somebody is away; the server alone says `no_answer`. */
export type Reason = "" | "break" | "lunch" | "meeting" | "training" | "wrap_up" | "other" | "no_answer";

export interface Me {
  id: string; name: string; email: string; role: string; status: Status; reason: Reason; since: number; language: Language; maximum: number; load: number;
  site: { id: string; name: string; currency: string; time_zone: string; critical_s?: number; typing_preview?: boolean }; demo: boolean; csrf: string | null;
  /** All sites that he serves; what he may do, in the words of docs/reference/staff.md; where his picture is. */
  sites?: { id: string; name: string }[]; rights?: string[]; picture?: string | null;
}
export interface Cart { value: number; items: number }
export type LiveState = "browsing" | "eligible" | "invited" | "held_out" | "waiting" | "chatting" | "blocked";
export interface Live {
  visitor: string; label: string; page: { url: string; path: string; title: string; at: number } | null; referrer: string | null; channel: string | null;
  since: number; cart: Cart | null; device: string | null; country: string | null; visits: number; state: LiveState; rule: string | null;
  state_at: number | null; reachable: boolean; verified: boolean;
  /** Why he is not invited yet, or by which level he is held out; the code that an invitation by hand would be refused with; held out, or would be. */
  why?: string; barred?: string; locked?: boolean;
}
export interface LiveFigures { online: number; eligible: number; held_out: number; free: number }
export interface Marks { dlv: number; read: number }
export interface Conv {
  id: string; visitor: string; label: string; state: "queued" | "open" | "closed"; skill: string | null; agent: { id: string; name: string } | null;
  assign_ver: number; opened_at: number; head: number; unread: number; last: { by: string; body: string; ts: number } | null;
  waiting_since: number | null; campaign: string | null; campaign_label?: Said; cart: Cart | null; position: number | null; visitor_online: boolean; wm: Marks | null;
  channel: "chat" | "call" | "video"; sticky: boolean; guests: { id: string; name: string }[]; assistance_at: number | null; tags: string[];
  wrap: "" | "due" | "done"; form: Record<string, string>;
}
export type Day = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
export interface Shift { start: string; end: string; days: Day[] }
export type Role = "analyst" | "agent" | "supervisor" | "manager" | "admin";
/** A member of staff, and how he stands at the desk; a skill with null has no cap of its own. */
export interface Staff {
  id: string; name: string; email: string; role: Role; team: string; skills: Record<string, number | null>; maximum: number; shifts: Shift[];
  status: Status; reason: Reason; since: number; present: boolean; load: number;
  /** Further sites; since when he is staff no more; a second factor; by which somebody new sets his password, once. */
  sites?: string[]; left_at?: number | null; totp?: boolean; link?: string | null;
}
/** What a visitor has left because nobody could answer. */
export interface Request {
  id: string; kind: "callback" | "message"; visitor: string; label: string; name: string; phone: string; email: string; body: string; wanted: string;
  skill: string | null; language: string; engagement: string | null; conv: string | null; created_at: number; done_at: number | null; done_by: string | null; note: string;
  /** When an agent has promised to call, and who. */
  due_at?: number | null; booked_by?: string | null;
}
export type Scalar = string | number | boolean | null;
export interface Why {
  campaign: string; campaign_label?: Said; rule: string; when: string; version: number | string | null; variant: string | null; at: number;
  decision: "invite" | "hold_out" | "refrain"; reason: string | null; level: string | null; values: Record<string, Scalar>;
}
export interface Step { at: number; kind: "page" | "track" | "fact"; name: string; detail: string | null; url: string | null }
export interface Journey {
  visitor: string; label: string; visits: number; first_visit_at: number | null; orders: number; spend: number; claimed: Record<string, Scalar>;
  traits: Record<string, Scalar>; verified: boolean; device: string | null; browser: string | null; country: string | null; language: string | null;
  referrer: string | null; channel: string | null; session: { started_at: number; pages: number } | null;
  cart: (Cart & { lines: { name: string; quantity: number; price: number }[] }) | null; steps: Step[]; why: Why | null;
  earlier: { id: string; opened_at: number; closed_at: number | null; agent: string | null; csat: number | null }[];
}
export type EntryKind = "text" | "whisper" | "card" | "page" | "coupon" | "join" | "leave" | "transfer" | "close" | "offer" | "survey" | "note" | "hidden";
export interface Entry { seq: number; id: string; by: "visitor" | "agent" | "system"; kind: EntryKind; body: string; ts: number; cid?: string | null; name?: string | null }
export interface Ack { cid: string; seq: number; ts: number }
export interface Nack { cid: string; code: string; retry_after?: number; fatal?: boolean }
export interface Install {
  public_key: string; secret_key_hint: string; origins: string[]; snippet: string;
  last_seen: { at: number; url: string | null; event: string; tag: string | null } | null;
  counts: { received: number; accepted: number; duplicate: number; quarantined: number; refused: number };
  orders: { claimed: number; confirmed: number };
}
export interface Page { epoch: string; head: number; entries: Entry[]; more: boolean }

type Of<T extends string, Body> = { t: T } & Body;
export type ServerFrame =
  | Of<"snapshot", { epoch: string; pos: number; me: Me; mine: Conv[]; queue: Conv[]; wrap?: Conv[]; help?: Conv[]; guest?: Conv[] }>
  | Of<"me", { pos: number; me: Me }>
  | Of<"conv", { pos: number; conv: Conv }>
  | Of<"gone", { pos: number; id: string }>
  | Of<"request", { pos: number; request: Request }>
  | Of<"welcome", Page & { conv: string }>
  | Of<"entry", Entry & { conv: string }>
  | Of<"ack", Ack & { conv: string }>
  | Of<"nack", Nack & { conv: string }>
  | Of<"reset", { conv: string; epoch: string; reason: string }>
  | Of<"wm", Marks & { conv: string; who: string }>
  | Of<"typing", { conv: string; who: string; on: boolean; text?: string }>
  | Of<"presence", { conv: string; who: string; state: string }>
  | Of<"live", LiveFigures & { visitors: Live[] }>
  | Of<"board", Board>
  | Of<"colleague", { pos: number; message: Message }>
  | Of<"ping", object>
  | Of<"drain", { within_ms: number }>;
export type ClientFrame =
  | Of<"hello", { v: 1; epoch: string | null; pos: number; tab: string }>
  | Of<"watch", { conv: string; epoch: string | null; last_seq: number }>
  | Of<"unwatch", { conv: string }>
  | Of<"send", { conv: string; cid: string; kind: "text" | "note" | "whisper"; body: string; assign_ver: number }>
  | Of<"read" | "dlv", { conv: string; seq: number }>
  | Of<"typing", { conv: string; on: boolean }>
  | Of<"live", { on: boolean }>
  | Of<"board", { on: boolean }>
  | Of<"pong", object>;
