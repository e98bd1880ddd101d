// What was said before: conversations of the site whose words are looked for in the palette.
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { call } from "../api";

const LEAST = 3;
const WAIT_MS = 300;

export interface Past { conversation: { id: string; label: string; opened_at: number }; hits: { snippet: string }[] }

/** Conversations in which all the words stand, the youngest first; none while fewer than three letters are there. */
export function usePast(query: string): readonly Past[] {
  const [found, setFound] = useState<readonly Past[]>([]);
  const wanted = query.trim();
  useEffect(() => {
    setFound([]);
    if (wanted.length < LEAST) return undefined;
    let over = false;
    const ask = (): void => void call<{ results: Past[] }>("GET", `conversations/search?q=${encodeURIComponent(wanted)}`).then(
      (answer) => { if (!over) setFound(answer.results); },
      (error: unknown) => { if (!isFailure(error)) throw error; expired(error); },
    );
    const timer = setTimeout(ask, WAIT_MS);
    return () => { over = true; clearTimeout(timer); };
  }, [wanted]);
  return found;
}
