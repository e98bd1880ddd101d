/** All that the tag keeps: a cookie with the visitor's token, unsent events, and a conversation begun by a click. */
import type { Chat, TagEvent } from "@aparte/protocol";
import { now } from "./page";

/** Read what is stored, or write a value, or remove it with null; where storage is forbidden there is nothing. */
const stored = <T>(name: string, value?: unknown): T | undefined => {
  try {
    if (value) localStorage[name] = JSON.stringify(value);
    if (value === null) delete localStorage[name];
    return JSON.parse(localStorage[name]);
  } catch {
    // Full, forbidden, or nothing there.
  }
};

let known: string | undefined;

const setCookie = (value: string, seconds: number): void => {
  document.cookie = `aparte=${value};path=/;max-age=${seconds};samesite=lax${/s:/.test(location.protocol) ? ";secure" : ""}`;
};

/** The token of the cookie: what a visitor who consented is known by. */
export const cookie = (): string | undefined =>
  document.cookie.match(/(^| )aparte=([^;]+)/)?.[2];

export const token = (): string | null =>
  cookie() || known || underway()?.token || null;

/** A token is kept once, for 13 months; visits do not renew it. The cookie needs consent, a chat does not. */
export const keep = (value: string, consented?: boolean): void => {
  known = value;
  if (consented) setCookie(value, 34128e3);
};

export const forget = (): void => {
  known = undefined;
  setCookie("", 0);
  takeSaved();
  stored("aparte-chat", null);
};

/** Put unsent events where the next pulse, of any page or tab of this shop, finds them: the last 100, for a day. */
export const save = (events: TagEvent[]): unknown => stored("aparte", events.slice(-100));

export const takeSaved = (): TagEvent[] => {
  const events = stored<TagEvent[]>("aparte") || [];
  stored("aparte", null);
  return events.filter((event) => now() - Date.parse(event.timestamp) < 864e5);
};

/** A conversation goes on here, or words of the visitor wait to be sent: the widget is needed at once. */
export const underway = (): Chat | undefined => stored<Chat>("aparte-chat");
