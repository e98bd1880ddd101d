// What this agent has said to colleagues and the server has not taken yet. Written down before it is sent, for 24 hours at most.
import { newCid } from "../outbox";

export interface Said {
  /** Who has written it: whoever signs in next in this tab neither sees nor sends it. */
  by: string; room: string; cid: string; body: string; at: number;
  /** Set once it is given up: the code of the refusal, or `late`. */
  failed: string | null;
}

const KEY = "aparte.colleagues";
const KEPT_MS = 24 * 3_600_000;

export const said = (by: string, room: string, body: string): Said => ({ by, room, cid: newCid(), body: body.normalize("NFC"), at: Date.now(), failed: null });

/** What was left by the page before; what cannot be read is dropped. */
export function restoreSaid(now: number): Said[] {
  try {
    const items = JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Said[];
    return items.filter((item) => now - item.at < KEPT_MS);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException || error instanceof TypeError) return [];
    throw error;
  }
}

export function keepSaid(items: readonly Said[]): void {
  try {
    if (items.length === 0) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(items));
  } catch (error) {
    // A full or forbidden storage costs only the survival of a reload; the items stay in memory.
    if (!(error instanceof DOMException)) throw error;
  }
}
