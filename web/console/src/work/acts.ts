// What an agent does with a conversation or a visitor beyond answering; each with its answer in words.
import { expired, isFailure, move, select, take } from "../actions";
import { Refused } from "../api";
import { lookup, words } from "../i18n";
import { placed } from "../link";
import { get, known, selectedConv, toast, update, type Asking } from "../store";
import type { Conv } from "../wire";
import { calls, type Codes, type Wrapped } from "./calls";

/** The code of a refusal, null when it is done; a session that is over leads to the door. */
export async function tried(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!isFailure(error)) throw error;
    expired(error);
    return error instanceof Refused ? error.code : "unavailable";
  }
}

/** What a refusal means, in words; a code without its own words is said generally. */
export const refusal = (code: string): string => lookup(words().work.refused, code, words().work.refused.other);

const said = (code: string | null, done: string): void => toast(code === null ? done : refusal(code), code !== null);

export const ask = (asking: Asking): void => update({ asking, palette: false });

// ---- closing

let rule: Codes | null = null;

/** The site's codes, kept for the life of the page; a server that knows none wants none. */
export async function codes(anew = false): Promise<Codes> {
  if (rule && !anew) return rule;
  try {
    rule = await calls.codes();
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { wrap_up: "off", codes: [], reasons: [] };
  }
  return rule;
}

/** Alt E: closes the chosen conversation, with a code where the site asks for one. `next`: goes on to the next. */
export async function closeChosen(next = false): Promise<void> {
  const conv = selectedConv(get());
  if (!conv) return;
  if ((await codes()).wrap_up !== "off") return ask({ kind: "close", conv, next });
  const code = await close(conv, next, {});
  if (code !== "code_needed") return code === null ? undefined : toast(words().thread.closeFailed, true);
  await codes(true);
  return ask({ kind: "close", conv, next });
}

/** Closes a conversation; the code of the refusal, or null. */
export async function close(conv: Conv, next: boolean, wrapped: Wrapped): Promise<string | null> {
  const version = known(get()).find((one) => one.id === conv.id)?.assign_ver ?? conv.assign_ver;
  const following = next ? waitsLongest(conv.id) : null;
  const code = await tried(async () => {
    const closed = await calls.close(conv.id, version, wrapped);
    update({ asking: null });
    placed({ ...closed, state: "closed" });
  });
  if (code !== null) return code;
  toast(words().thread.closedToast(conv.label));
  if (following) select(following);
  else if (next && get().mine.length === 0 && get().queue.length > 0) await take();
  else if (next && selectedConv(get()) === null) move(1);
  return null;
}

/** Whom I have left waiting longest, other than `but`. */
function waitsLongest(but: string): string | null {
  const waiting = get().mine.filter((one) => one.id !== but && one.waiting_since !== null);
  return waiting.sort((a, b) => a.waiting_since! - b.waiting_since!)[0]?.id ?? null;
}

/** Says how a conversation ended that the visitor has closed. */
export async function wrapUp(conv: Conv, wrapped: Wrapped): Promise<string | null> {
  return tried(async () => {
    placed(await calls.wrapUp(conv.id, wrapped));
    update({ asking: null, wrap: get().wrap.filter((one) => one.id !== conv.id) });
    toast(words().work.wrapped(conv.label));
  });
}

// ---- beside an agent

export async function join(conv: Conv): Promise<void> {
  said(await tried(async () => placed(await calls.join(conv.id))), words().work.joined(conv.label));
}

/** Leaves a conversation that was joined; it stays in sight. */
export async function quit(conv: Conv): Promise<void> {
  update({ observed: conv });
  said(await tried(async () => placed(await calls.leave(conv.id))), words().work.quitted(conv.label));
}

export async function takeOver(conv: Conv): Promise<void> {
  said(await tried(async () => placed(await calls.takeOver(conv.id))), words().work.tookOver(conv.label));
}

/** Asks for help, or says that it is no longer needed. */
export async function assist(conv: Conv, on: boolean, note = ""): Promise<string | null> {
  const code = await tried(async () => {
    placed(await calls.assist(conv.id, on, note));
    update({ asking: null });
  });
  if (code === null) toast(on ? words().work.assistAsked : words().work.assistDone);
  else if (!on) toast(refusal(code), true);
  return code;
}

/** Alt A: asks for help with the chosen conversation, or takes the request back. */
export function toggleAssist(): void {
  const conv = selectedConv(get());
  if (!conv) return;
  if (conv.assistance_at !== null) void assist(conv, false);
  else ask({ kind: "assist", conv });
}

/** Alt R: promises the visitor of the chosen conversation a call. */
export function promiseCall(): void {
  const conv = selectedConv(get());
  if (conv) ask({ kind: "callback", conv });
}

/** A member of staff who leads looks into a conversation without joining it: the visitor is not told. For the board. */
export function observe(conv: Conv): void {
  update({ observed: conv });
  select(conv.id);
}

// ---- visitors

export async function revoke(visitor: string, label: string): Promise<void> {
  said(await tried(() => calls.revoke(visitor)), words().work.revoked(label));
}

export async function unblock(visitor: string, label: string): Promise<void> {
  said(await tried(() => calls.unblock(visitor)), words().work.unblocked(label));
}
