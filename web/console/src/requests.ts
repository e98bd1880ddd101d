// What visitors ask for when nobody can answer them: the open requests, and whoever hears of them.
import { api, Refused } from "./api";
import { get, update } from "./store";
import type { Request } from "./wire";

const asked = new Set<(request: Request) => void>();
/** Calls back with every request that a visitor leaves, or that somebody deals with, before it stands in the state. */
export const onRequest = (listener: (request: Request) => void): void => void asked.add(listener);

/** What was said of requests while their list was on its way: it is younger than the list. */
let meanwhile: Map<string, Request> | null = null;

/** Fetches the open requests, when the inbox begins anew. */
export async function loadRequests(): Promise<void> {
  const told = (meanwhile = new Map<string, Request>());
  try {
    const found = await api.requests("open");
    if (meanwhile !== told) return;
    update({ requests: [...told.values()].reduce(withRequest, found), requestsState: "here" });
  } catch (error) {
    if (!(error instanceof Refused || error instanceof TypeError || error instanceof SyntaxError)) throw error;
    if (meanwhile === told) update({ requestsState: "failed" });
  }
  meanwhile = null;
}

function withRequest(list: readonly Request[], request: Request): readonly Request[] {
  const others = list.filter((one) => one.id !== request.id);
  return request.done_at === null ? [...others, request].sort((a, b) => a.created_at - b.created_at) : others;
}

/** A request as it is now: among the open ones, or no longer. */
export function dealtWith(request: Request): void {
  meanwhile?.set(request.id, request);
  for (const tell of asked) tell(request);
  const { requests, request: open } = get();
  const over = request.done_at !== null && open === request.id;
  update({ requests: withRequest(requests, request), ...(over ? { request: null, pane: "list" as const } : {}) });
}
