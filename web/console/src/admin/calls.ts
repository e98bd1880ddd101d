// The calls of the account and the settings; see docs/reference/staff.md, webhooks.md and mail.md. Times are milliseconds.
import { call, Refused } from "../api";
import type { Me } from "../wire";

export interface Session { id: string; created_at: number; seen_at: number; about: string; current: boolean }
export interface Factor { on: boolean; recovery_left: number }
export interface Token { id: string; name: string; scopes: string[]; made_by: string; made_at: number; expires_at: number | null; hint: string; token: string | null }
export interface Webhook { id: string; url: string; events: string[]; active: boolean; created_at: number; secret_hint: string; waiting: number; failing: string }
export interface WebhookMade { webhook: Webhook; secret: string | null }
export interface Delivery { id: number; event_id: string; kind: string; event: string; state: string; created_at: number; attempts: number; due_at: number; ended_at: number | null; answer: string; to: string }
export interface Mail { configured: boolean; host: string; port: number; user: string; sender: string; tls: string; to: string }
export interface AuditRow { n: number; at: number; who: string; name: string; verb: string; object: string; detail: string }
export interface AuditFilter { who: string; verb: string; object: string }
export interface SiteLook { colour: string; on_colour: string; position: "left" | "right"; radius: number; font: string; quote_font: string }
export interface SiteSettings {
  id: string; revision: string; name: string; mode: "off" | "reactive" | "full"; language: string; languages: string[]; currency: string; time_zone: string; origins: string[]; button: boolean;
  look: SiteLook; words: Record<string, Record<string, string>>; answer_s: number; queue_s: number; critical_s: number; wrap_up: WrapUp; typing_preview: boolean; survey: Question[]; mail_to: string;
  /** The least and the most of a number; the words that can be replaced. */
  bounds: Record<string, [number, number]>; word_names: string[];
}
/** What is wrong at one member of the settings. */
export interface SiteFault { where: string; code: string; what: string; hint: string }
export type Question = "csat" | "solved" | "ces" | "nps";
export type WrapUp = "off" | "optional" | "required";
export type Outcome = "sold" | "lead" | "helped" | "not_bought" | "other";
export interface Label { fr: string; en: string }
export interface Code { id: string; label: Label; outcome: Outcome; reasons: boolean; active: boolean }
export interface Codes { wrap_up: WrapUp; codes: Code[]; reasons: { id: string; label: Label }[] }
/** Amounts in minor units; what became of its codes is told with it. */
export interface Offer { id: string; label: Label; percent: number; amount: number; currency: string; valid_days: number; budget: number; min_cart: number; active: boolean }
export interface Coupon extends Offer { minted: number; redeemed: number; given: number }
export interface Tags { tags: string[]; free: boolean }

const id = encodeURIComponent;

/** The picture goes as it is, not as JSON. */
async function sendPicture(picture: Blob): Promise<{ picture: string }> {
  const answer = await fetch("/api/v1/me/picture", { method: "PUT", credentials: "same-origin", headers: { "Aparte-Console": "1", "Content-Type": picture.type }, body: picture });
  const read = (await answer.json()) as { picture: string; error?: { code: string } };
  if (answer.ok) return read;
  throw new Refused(answer.status, read.error?.code ?? "unavailable", read as unknown as Record<string, unknown>);
}

export const calls = {
  askReset: (email: string) => call<unknown>("POST", "session/reset", { email }),
  setPassword: (token: string, password: string) => call<unknown>("POST", "session/reset/confirm", { token, password }),

  site: () => call<SiteSettings>("GET", "site"),
  saveSite: (change: Record<string, unknown>) => call<SiteSettings>("PUT", "site", change),
  rename: (name: string) => call<Me>("PUT", "me", { name }),
  picture: sendPicture,
  dropPicture: () => call<unknown>("DELETE", "me/picture"),
  password: (password: string, fresh: string) => call<unknown>("PUT", "me/password", { password, new: fresh }),
  factor: () => call<Factor>("GET", "me/totp"),
  propose: () => call<{ secret: string; uri: string }>("POST", "me/totp"),
  confirm: (code: string) => call<{ recovery: string[] }>("POST", "me/totp/confirm", { code }),
  dropFactor: (password: string) => call<unknown>("DELETE", "me/totp", { password }),
  sessions: () => call<Session[]>("GET", "me/sessions"),
  endSession: (session: string) => call<unknown>("DELETE", `me/sessions/${id(session)}`),

  sessionsOf: (staff: string) => call<Session[]>("GET", `staff/${id(staff)}/sessions`),
  endSessionsOf: (staff: string) => call<unknown>("DELETE", `staff/${id(staff)}/sessions`),
  linkFor: (staff: string) => call<{ link: string }>("POST", `staff/${id(staff)}/link`),
  leave: (staff: string) => call<{ tokens: string[]; conversations: number }>("POST", `staff/${id(staff)}/leave`),
  back: (staff: string) => call<unknown>("POST", `staff/${id(staff)}/back`),

  tokens: () => call<Token[]>("GET", "tokens"),
  makeToken: (name: string, scopes: string[], expires_at: number | null) => call<Token>("POST", "tokens", { name, scopes, expires_at }),
  dropToken: (token: string) => call<unknown>("DELETE", `tokens/${id(token)}`),
  webhooks: () => call<Webhook[]>("GET", "webhooks"),
  saveWebhook: (one: { id: string; url: string; events: string[]; active: boolean }) => call<WebhookMade>("PUT", "webhooks", one),
  dropWebhook: (hook: string) => call<unknown>("DELETE", `webhooks/${id(hook)}`),
  rotate: (hook: string) => call<WebhookMade>("POST", `webhooks/${id(hook)}/rotate`),
  testWebhook: (hook: string) => call<unknown>("POST", `webhooks/${id(hook)}/test`),
  deliveries: (hook: string) => call<Delivery[]>("GET", `webhooks/${id(hook)}/deliveries`),
  mail: () => call<Mail>("GET", "mail"),
  mailTo: (to: string) => call<Mail>("PUT", "mail", { to }),
  testMail: (to: string) => call<{ answer: string }>("POST", "mail/test", { to }),
  waiting: () => call<{ pending: number; dead: number }>("GET", "outbox"),
  dead: () => call<Delivery[]>("GET", "outbox/dead"),
  again: (item: number) => call<Delivery>("POST", `outbox/${item}/again`),
  audit: (filter: AuditFilter, before: number | null) => call<{ rows: AuditRow[]; more: boolean }>("GET", `audit?${new URLSearchParams({ ...filter, limit: "50", ...(before === null ? {} : { before: String(before) }) })}`),
  codes: () => call<Codes>("GET", "wrap-up-codes"),
  saveCodes: (codes: readonly Code[], wrap_up: WrapUp) => call<Codes>("PUT", "wrap-up-codes", { codes, wrap_up }),
  tags: () => call<Tags>("GET", "tags"),
  saveTags: (tags: Tags) => call<Tags>("PUT", "tags", tags),
  coupons: () => call<Coupon[]>("GET", "coupons"),
  saveCoupons: (coupons: readonly Offer[]) => call<Coupon[]>("PUT", "coupons", { coupons }),
};
