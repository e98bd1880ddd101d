/** What a conversation needs to go on after a reload and in another tab; nothing is written before a click. */
import type { Chat } from "@aparte/protocol";

/** Words of the visitor that no server has acknowledged: kept before they are sent, gone at the acknowledgement. */
export interface Item {
  cid: string;
  /** Empty until the first words have made a conversation. */
  conv: string;
  body: string;
  ts: number;
  /** Why it will not be tried again by itself. */
  code?: string;
}

const read = <T>(storage: () => Storage, name: string): T | null => {
  try {
    return JSON.parse(storage()[name]);
  } catch {
    return null;
  }
};

/** Write a value, or with null remove it; where storage is forbidden the page's memory must do. */
const write = (storage: () => Storage, name: string, value: unknown): void => {
  try {
    if (value) storage()[name] = JSON.stringify(value);
    else delete storage()[name];
  } catch {
    // Full or forbidden.
  }
};

const local = (): Storage => localStorage;
const session = (): Storage => sessionStorage;

export const readChat = (): Chat | null => read(local, "aparte-chat");
export const writeChat = (chat: Chat | null): void => write(local, "aparte-chat", chat);

const OUTBOX = "aparte-outbox";

export let outbox: Item[] = (read<Item[]>(session, OUTBOX) || []).filter((item) => Date.now() - item.ts < 864e5);

/** Keep the outbox as it is, or with other items. */
export const saveOutbox = (items: Item[] = outbox): void => {
  outbox = items;
  write(session, OUTBOX, items[0] ? items : null);
};

export const waiting = (conv: string): Item[] => outbox.filter((item) => item.conv == conv);

export const removeItem = (cid: string): void => saveOutbox(outbox.filter((item) => item.cid != cid));

/** The first items, as many as one call may carry (50, and 64 KiB with the envelope). */
export const batch = (items: Item[]): Item[] => {
  let size = 0;
  return items.slice(0, 50).filter(({ body }, at) => (size += new Blob([JSON.stringify(body)]).size + 90) < 6e4 || !at);
};

export const random = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => (byte + 256).toString(16).slice(1)).join("");
