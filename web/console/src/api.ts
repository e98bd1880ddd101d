// The console's calls over HTTP. A refusal is a `Refused` with its status and the server's words.
import type { Conv, Install, Journey, Language, Live, LiveFigures, Me, Page, Reason, Request, Staff, Status } from "./wire";

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, readonly body: Record<string, unknown>) {
    super(code);
  }
}

/** How far the server's clock is ahead of ours, in milliseconds, as its last answer said (to the second). */
export const serverClock = { ahead: 0, now: (): number => Date.now() + serverClock.ahead };

/** One call; `path` follows /api/v1/. What is no 2xx is thrown as `Refused`. `key`: the same one again does nothing again. */
export async function call<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", ...(key ? { "Idempotency-Key": key } : {}) };
  if (method !== "GET") headers["Aparte-Console"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/api/v1/${path}`, { method, headers, credentials: "same-origin", ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isFinite(date) && Math.abs(date - Date.now()) > 2000) serverClock.ahead = date - Date.now();
  const text = await answer.text();
  const read = (text && (answer.headers.get("Content-Type") ?? "").includes("json") ? JSON.parse(text) : {}) as Record<string, unknown>;
  if (answer.ok) return read as T;
  const error = read.error as { code?: string } | undefined;
  throw new Refused(answer.status, error?.code ?? "unavailable", read);
}

const id = encodeURIComponent;

export const api = {
  session: () => call<Me>("GET", "session"),
  signIn: (email: string, password: string, code?: string) => call<Me>("POST", "session", { email, password, ...(code ? { code } : {}) }),
  enterDemo: () => call<Me>("POST", "session", { demo: true }),
  signOut: () => call<unknown>("DELETE", "session"),
  setUp: (token: string, email: string, name: string, password: string) => call<Me>("POST", "setup", { token, email, name, password }),
  status: (status: Status, reason: Reason) => call<Me>("PUT", "me/status", { status, reason }),
  site: (site: string) => call<Me>("PUT", "session/site", { site }),
  language: (language: Language) => call<Me>("PUT", "me/language", { language }),
  visitors: () => call<LiveFigures & { visitors: Live[] }>("GET", "visitors?limit=200"),
  journey: (visitor: string) => call<Journey>("GET", `visitors/${id(visitor)}`),
  takeNext: (key: string) => call<Conv>("POST", "conversations/next/take", undefined, key),
  take: (conv: string) => call<Conv>("POST", `conversations/${id(conv)}/take`),
  transfer: (conv: string, assign_ver: number, to: { agent: string } | { skill: string }, note: string) => call<Conv>("POST", `conversations/${id(conv)}/transfer`, { assign_ver, to, note }),
  staff: () => call<Staff[]>("GET", "staff"),
  requests: (state: "open" | "done") => call<Request[]>("GET", `requests?state=${state}`),
  finish: (request: string, note: string) => call<Request>("POST", `requests/${id(request)}/done`, { note }),
  entries: (conv: string, before: number | null) => call<Page>("GET", `conversations/${id(conv)}/entries${before === null ? "" : `?before=${before}`}`),
  install: () => call<Install>("GET", "install"),
};

/** Hands over what is not acknowledged while the page goes away; the same cids make a second delivery harmless. */
export function handOver(conv: string, entries: { cid: string; kind: string; body: string }[], assign_ver: number): void {
  fetch(`/api/v1/conversations/${id(conv)}/entries`, {
    method: "POST",
    keepalive: true,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "Aparte-Console": "1" },
    body: JSON.stringify({ entries, assign_ver }),
  }).catch(() => undefined);
}
