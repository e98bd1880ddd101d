// What this agent has written and the server has not acknowledged. Kept in sessionStorage before it is sent, for 24 hours at most.

export interface Item {
  conv: string; cid: string; kind: "text" | "note" | "whisper"; body: string; assign_ver: number; at: number;
  /** Set once it is given up: the code of the refusal, or `late`. It stays until it is sent again or dropped. */
  failed: string | null;
}

const KEY = "aparte.outbox";
const KEPT_MS = 24 * 3_600_000;
export const LATE_MS = 120_000;

/** A cid: 128 random bits in hexadecimal. */
export function newCid(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What was left by the page before; what cannot be read is dropped. */
export function restore<T extends { at: number } = Item>(now: number, key = KEY): T[] {
  try {
    const items = JSON.parse(sessionStorage.getItem(key) ?? "[]") as T[];
    return items.filter((item) => now - item.at < KEPT_MS);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException || error instanceof TypeError) return [];
    throw error;
  }
}

export function persist(items: readonly { at: number }[], key = KEY): void {
  try {
    if (items.length === 0) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(items));
  } catch (error) {
    // A full or forbidden storage costs only the survival of a reload; the items stay in memory.
    if (!(error instanceof DOMException)) throw error;
  }
}
