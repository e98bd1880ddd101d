// One conversation as this console knows it: entries in the order of seq, and what this agent has written that is not acknowledged.
// Pure: every function returns a new thread; the link does what they ask for.
import type { Entry, Marks, Page } from "./wire";

export interface Thread {
  epoch: string | null;
  entries: readonly Entry[];
  /** Older entries are on the server. */
  more: boolean;
  /** The server has answered our watch since the socket opened: sends go out at once. */
  live: boolean;
  /** The first answer has come, so that an empty thread is known to be empty. */
  loaded: boolean;
  /** Until when the visitor is thought to write (ms), what he has not sent where that is seen, and how he is present. */
  typingUntil: number;
  unsent: string;
  presence: string | null;
  wm: Marks;
}

export const NEW_THREAD: Thread = {
  epoch: null, entries: [], more: false, live: false, loaded: false, typingUntil: 0, unsent: "", presence: null, wm: { dlv: 0, read: 0 },
};

export const lastSeq = (thread: Thread): number => thread.entries.at(-1)?.seq ?? 0;

/** The next entry in order is taken; one that is known is ignored; behind a hole nothing is shown (`gap`: watch again). */
export function withEntry(thread: Thread, entry: Entry): { thread: Thread; gap: boolean } {
  const last = lastSeq(thread);
  if (entry.seq <= last) return { thread, gap: false };
  if (entry.seq > last + 1) return { thread, gap: true };
  const still = entry.by === "visitor" ? { typingUntil: 0, unsent: "" } : {};
  return { thread: { ...thread, ...still, entries: [...thread.entries, entry] }, gap: false };
}

/** The answer to a watch: what follows our last seq, or, of another epoch or after a hole, everything anew. */
export function withWelcome(thread: Thread, page: Page): { thread: Thread; gap: boolean } {
  const first = page.entries[0]?.seq ?? page.head + 1;
  const anew = thread.epoch !== page.epoch || !thread.loaded || first > lastSeq(thread) + 1 || lastSeq(thread) > page.head;
  let next: Thread = anew
    ? { ...thread, epoch: page.epoch, entries: [], more: page.more, loaded: true, live: true }
    : { ...thread, loaded: true, live: true };
  for (const entry of page.entries) {
    if (next.entries.length === 0) next = { ...next, entries: [entry], more: page.more && entry.seq > 1 };
    else {
      const step = withEntry(next, entry);
      if (step.gap) return { thread: next, gap: true };
      next = step.thread;
    }
  }
  return { thread: next, gap: lastSeq(next) < page.head };
}

/** An older page in front of what is there. */
export function withOlder(thread: Thread, page: Page): Thread {
  const first = thread.entries[0]?.seq ?? Number.POSITIVE_INFINITY;
  const older = page.entries.filter((entry) => entry.seq < first);
  return { ...thread, entries: [...older, ...thread.entries], more: page.more && older.length > 0 };
}

/** He writes, or has stopped; each frame says all of it. */
export const withTyping = (thread: Thread, until: number, text = ""): Thread => ({ ...thread, typingUntil: until, unsent: until ? text : "" });

/** Watermarks only ever rise. */
export function withMarks(thread: Thread, marks: Marks): Thread {
  const wm = { dlv: Math.max(thread.wm.dlv, marks.dlv, marks.read), read: Math.max(thread.wm.read, marks.read) };
  return wm.dlv === thread.wm.dlv && wm.read === thread.wm.read ? thread : { ...thread, wm };
}
