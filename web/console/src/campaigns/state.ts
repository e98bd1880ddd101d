// The draft that is being written, and what is known of it. It outlives the screen: nothing unsaved is lost by looking elsewhere.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { Refused } from "../api";
import { get as console_, subscribe } from "../store";
import { calls } from "./calls";
import type { CampaignFile, DraftOf, Fault, Overview, Schema, Templates, Warning } from "./wire";

export interface Desk {
  overview: Overview | null;
  overviewFailed: boolean;
  schema: Schema | null;
  templates: Templates | null;
  templatesFailed: boolean;
  file: CampaignFile | null;
  base: CampaignFile | null;
  text: string;
  revision: number;
  published: number | null;
  draft: DraftOf | null;
  loadFailed: boolean;
  edits: number;
  savedEdits: number;
  saving: boolean;
  problem: "conflict" | "faults" | "offline" | null;
  faults: readonly Fault[];
  warnings: readonly Warning[];
}

const FIRST: Desk = {
  overview: null, overviewFailed: false, schema: null, templates: null, templatesFailed: false, file: null, base: null, text: "", revision: 0, published: null, draft: null,
  loadFailed: false, edits: 0, savedEdits: 0, saving: false, problem: null, faults: [], warnings: [],
};
let state: Desk = FIRST;
const listeners = new Set<() => void>();

export const desk = (): Desk => state;

export function put(part: Partial<Desk>): void {
  state = part === FIRST ? FIRST : { ...state, ...part };
  for (const listener of [...listeners]) listener();
}

/** A part of the desk; the component draws again when it is another value. */
export function useDesk<T>(select: (state: Desk) => T): T {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const value = select(state);
  const kept = useRef({ value, select });
  kept.current = { value, select };
  useEffect(() => {
    const check = (): void => {
      if (!Object.is(kept.current.select(state), kept.current.value)) draw(undefined);
    };
    check();
    listeners.add(check);
    return () => void listeners.delete(check);
  }, []);
  return value;
}

export const isDirty = (of: Desk): boolean => of.edits !== of.savedEdits;
export const mayWrite = (): boolean => ["admin", "manager", "supervisor"].includes(console_().me?.role ?? "");

/** Whether he may have versions compared: an analyst too. */
export const mayCompare = (): boolean => mayWrite() || console_().me?.role === "analyst";

/** Says what went wrong on the way to `otherwise`; a mistake in our own code is thrown on. */
export function failed(error: unknown, otherwise: () => void): void {
  if (!isFailure(error)) throw error;
  if (!expired(error)) otherwise();
}

// ---- reading

export async function loadOverview(): Promise<void> {
  try {
    const overview = await calls.overview();
    put({ overview, overviewFailed: false, published: overview.published, draft: overview.draft });
  } catch (error) {
    failed(error, () => put({ overviewFailed: true }));
  }
}

const none = (error: unknown): null => {
  if (error instanceof Refused && error.status === 404) return null;
  throw error;
};

/** Reads the draft and what is in force, unless changes are still on their way. */
export async function loadDraft(force = false): Promise<void> {
  if (isDirty(state) && !force) return;
  try {
    const before = state.edits;
    const [draft, published, overview] = await Promise.all([calls.file("draft").catch(none), calls.file("published").catch(none), calls.overview()]);
    if (state.edits !== before && !force) return;
    const file = draft?.file ?? published?.file ?? {};
    put({
      overview, file, base: published?.file ?? null, text: (draft ?? published)?.text ?? "", revision: draft?.revision ?? 0, published: overview.published, draft: overview.draft,
      loadFailed: false, savedEdits: state.edits, problem: null, faults: [], warnings: draft?.warnings ?? [],
    });
  } catch (error) {
    failed(error, () => put({ loadFailed: true }));
  }
}

export async function loadSchema(): Promise<void> {
  if (state.schema) return;
  try {
    put({ schema: await calls.schema() });
  } catch (error) {
    failed(error, () => put({ loadFailed: true }));
  }
}

export async function loadTemplates(): Promise<void> {
  if (state.templates) return;
  try {
    put({ templates: await calls.templates(), templatesFailed: false });
  } catch (error) {
    failed(error, () => put({ templatesFailed: true }));
  }
}

// ---- writing

const PAUSE_MS = 900;
const AGAIN_MS = 5000;
let timer: ReturnType<typeof setTimeout> | undefined;

function later(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void save(), ms);
}

/** Changes the draft here, and has it saved after a pause. */
export function edit(change: (file: CampaignFile) => CampaignFile): void {
  if (!state.file || !mayWrite()) return;
  const file = change(state.file);
  if (file === state.file) return;
  put({ file, edits: state.edits + 1 });
  if (state.problem !== "conflict") later(PAUSE_MS);
}

let under: Promise<boolean> | null = null;

/** Puts the draft on the server; true when everything that is here is there. One call at a time. */
export async function save(): Promise<boolean> {
  clearTimeout(timer);
  while (under) await under;
  if (!isDirty(state)) return true;
  if (!state.file || state.problem === "conflict") return false;
  under = send(state.file);
  try {
    return await under;
  } finally {
    under = null;
  }
}

async function send(file: CampaignFile): Promise<boolean> {
  const { edits, revision } = state;
  put({ saving: true });
  try {
    const saved = await calls.save(revision, file);
    taken(saved.revision, saved.text, saved.warnings, edits);
  } catch (error) {
    failed(error, () => refused(error));
  } finally {
    put({ saving: false });
  }
  if (isDirty(state) && state.edits !== edits) later(PAUSE_MS);
  return !isDirty(state);
}

function taken(revision: number, text: string, warnings: readonly Warning[], edits: number): void {
  const draft: DraftOf = { revision, based_on: state.draft?.based_on ?? state.published, made_at: Date.now(), made_by: console_().me?.id ?? null };
  put({ revision, text, warnings, savedEdits: edits, problem: null, faults: [], draft });
}

/** Keeps what could not be saved, and why. */
export function refused(error: unknown): void {
  if (error instanceof Refused && error.status === 409) return put({ problem: "conflict" });
  if (error instanceof Refused && error.status === 400) return put({ problem: "faults", faults: (error.body.faults as Fault[] | undefined) ?? [] });
  put({ problem: "offline" });
  later(AGAIN_MS);
}

/** Saves the whole file as text and reads it back. Throws what the server refuses. */
export async function saveText(text: string): Promise<void> {
  clearTimeout(timer);
  const saved = await calls.saveText(state.revision, text);
  taken(saved.revision, saved.text, saved.warnings, state.edits);
  await loadDraft(true);
}

/** After a conflict: their draft, or ours over theirs. */
export async function resolve(keep: "mine" | "theirs"): Promise<void> {
  if (keep === "theirs") return loadDraft(true);
  try {
    const overview = await calls.overview();
    put({ problem: null, revision: overview.draft?.revision ?? 0, overview });
    await save();
  } catch (error) {
    failed(error, () => put({ problem: "conflict" }));
  }
}

/** Saves what is here, then publishes it: the new version. Throws what the server refuses. */
export async function publish(note: string): Promise<number> {
  if (!(await save())) throw new Refused(409, "not_saved", {});
  const { version } = await calls.publish(state.revision, note);
  await loadDraft(true);
  return version;
}

export async function discard(): Promise<void> {
  clearTimeout(timer);
  await calls.discard();
  await loadDraft(true);
}

/** Whoever leaves takes his draft with him; a session that merely ran out finds it again. */
subscribe(() => {
  if (console_().phase === "signed-out" && !console_().expired && state !== FIRST) {
    clearTimeout(timer);
    put(FIRST);
  }
});

/** A closing tab asks first while something is not on the server. */
addEventListener("beforeunload", (event) => {
  if (isDirty(state)) event.preventDefault();
});
