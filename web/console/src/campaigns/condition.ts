// The condition of a rule as rows and as text, kept the same by the server's own parser; and how many it matches now.
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { calls } from "./calls";
import { withRule } from "./file";
import { desk, edit, failed } from "./state";
import type { CampaignFile, CelFault, Condition, Match, Rule } from "./wire";

export interface Ground { rows: readonly Condition[]; faults: readonly CelFault[]; loading: boolean; setRows: (rows: readonly Condition[]) => void; setText: (text: string) => void }

const REST_MS = 250;

/** Whether a row says enough to be written as text. */
export function complete(row: Condition): boolean {
  if (row.kind === "any") return row.rows.length > 0 && row.rows.every(complete);
  if (row.kind === "text") return row.text.trim() !== "";
  return Array.isArray(row.value) ? row.value.length > 0 : row.value !== null && row.value !== "";
}

/** The rows of a rule's condition. A change of rows becomes text, a change of text becomes rows; the last change wins. */
export function useCondition(campaign: string, rule: Rule): Ground {
  const [state, setState] = useState<{ rows: readonly Condition[]; faults: readonly CelFault[]; loading: boolean }>({ rows: [], faults: [], loading: true });
  const known = useRef<string | null>(null);
  const turn = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (work: (mine: number) => Promise<void>, ms: number): void => {
    const mine = ++turn.current;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => { work(mine).catch((error: unknown) => failed(error, () => undefined)); }, ms);
  };
  const write = (text: string): void => {
    known.current = text;
    edit((file) => withRule(file, campaign, rule.name, (one) => (one.when === text ? one : { ...one, when: text })));
  };
  const parse = (text: string, ms: number): void => later(async (mine) => {
    const exact = [{ kind: "text", text } as const];
    let found: { rows: readonly Condition[]; faults: readonly CelFault[] };
    try {
      found = await calls.fromText(text, desk().file ?? {});
    } catch (error) {
      // Without the server's parser the text stays whole: a row that is added or taken away must not cost the others.
      failed(error, () => { if (mine === turn.current) setState({ rows: exact, faults: [], loading: false }); });
      return;
    }
    if (mine !== turn.current) return;
    const rows = found.rows.length > 0 || text.trim() === "" || text.trim() === "true" ? found.rows : exact;
    setState({ rows, faults: found.faults, loading: false });
  }, ms);
  useEffect(() => {
    if (known.current === rule.when) return;
    known.current = rule.when;
    parse(rule.when, 0);
  }, [rule.when]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const setRows = (rows: readonly Condition[]): void => {
    setState((now) => ({ ...now, rows }));
    const finished = rows.filter(complete);
    if (finished.length === 0 && rows.length > 0) return;
    later(async (mine) => {
      const found = finished.length === 0 ? { text: "true", faults: [] } : await calls.fromRows(finished, desk().file ?? {});
      if (mine !== turn.current) return;
      setState((now) => ({ ...now, faults: found.faults }));
      if (found.text) write(found.text);
    }, REST_MS);
  };
  const setText = (text: string): void => {
    write(text);
    parse(text, REST_MS);
  };
  return { ...state, setRows, setText };
}

const EVERY_MS = 5000;
const CALM_MS = 400;

/** Who matches now: asked after each change, and every 5 s while the page is in sight. */
export function useMatch(file: CampaignFile, when: string, rule: string): { match: Match | null; of: string; failed: boolean } {
  const [state, setState] = useState<{ match: Match | null; of: string; failed: boolean }>({ match: null, of: "", failed: false });
  const asked = useRef({ file, when, rule });
  asked.current = { file, when, rule };
  const ask = async (mine: { on: boolean }): Promise<void> => {
    const now = asked.current;
    try {
      const match = await calls.match(now.file, now.when, now.rule);
      if (mine.on && asked.current.when === now.when) setState({ match, of: now.when, failed: false });
    } catch (error) {
      // A condition that cannot be read matches nobody yet; its fault stands beside it.
      const unread = error instanceof Refused && error.status === 400;
      failed(error, () => mine.on && setState((old) => (unread ? { match: null, of: "", failed: false } : { ...old, failed: true })));
    }
  };
  useEffect(() => {
    const mine = { on: true };
    const first = setTimeout(() => void ask(mine), state.match ? CALM_MS : 0);
    const again = setInterval(() => { if (document.visibilityState === "visible") void ask(mine); }, EVERY_MS);
    return () => { mine.on = false; clearTimeout(first); clearInterval(again); };
  }, [when, file.behaviours, file.segments]);
  return state;
}
