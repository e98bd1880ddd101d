// What was put into the composer from the library, and that it was sent: counted once the message goes.
import { call } from "../api";
import { isFailure } from "../actions";
import { get, update } from "../store";
import type { Sort } from "./wire";

interface Put { sort: Sort; id: string; text: string }
const put = new Map<string, Put[]>();
const RECOGNISED = 16;

/** Remembers that a text in the composer came from the library. */
export function noted(conv: string, sort: Sort, id: string, text: string): void {
  put.set(conv, [...(put.get(conv) ?? []), { sort, id, text: text.trim().slice(0, RECOGNISED) }]);
}

/** A message leaves: what it still holds of the library is counted. Whether that works is nothing to wait for. */
export function sent(conv: string, body: string): void {
  for (const one of put.get(conv) ?? []) {
    if (!body.includes(one.text)) continue;
    call("POST", `library/${one.sort}/${encodeURIComponent(one.id)}/used`).catch((error: unknown) => { if (!isFailure(error)) throw error; });
  }
  put.delete(conv);
}

/** Puts a text behind what the agent has begun to write, as an answer, and the cursor there. */
export function insert(conv: string, sort: Sort, id: string, text: string): void {
  const { drafts } = get();
  const draft = drafts[conv] ?? { text: "", note: "", mode: "text" as const };
  const before = draft.text.replace(/\s+$/, "");
  noted(conv, sort, id, text);
  update({ drafts: { ...drafts, [conv]: { ...draft, text: before ? `${before}\n${text}` : text, mode: "text" } }, pane: "thread" });
  requestAnimationFrame(() => document.querySelector<HTMLTextAreaElement>("#composer")?.focus());
}
