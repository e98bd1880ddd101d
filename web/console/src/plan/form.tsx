// Fields of the staffing and of the pilot, and the answer to what they hold: asked at once, the latest one wins.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { Icon } from "../ui/parts";
import { typed } from "./figures";
import { refusal } from "./saved";
import { planWords } from "./words";

const PAUSE_MS = 200;
export type Texts = Record<string, string>;
/** Which fields are written in hundredths, which in whole numbers; what may be left empty is left out. */
export interface Kinds { [name: string]: "percent" | "number" }
export interface Wrong { where: string; text: string }

/** The body of a question; a field that is no number is wrong before anybody is asked. */
export function bodyOf(texts: Texts, kinds: Kinds): Record<string, number> | Wrong {
  const found: Record<string, number> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const text = (texts[name] ?? "").trim();
    if (!text) continue;
    const value = typed(text);
    if (value === null) return { where: name, text: planWords().faults.number };
    found[name] = kind === "percent" ? Number((value / 100).toPrecision(12)) : value;
  }
  return found;
}

export const isWrong = (body: object): body is Wrong => "where" in body && "text" in body;

/** Asks anew whenever `key` is another; the answer before stays until the next one is there. */
export function useAnswer<T>(key: string, ask: (() => Promise<T>) | null): [T | null, Wrong | null, boolean] {
  const [found, setFound] = useState<T | null>(null);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(0);
  useEffect(() => {
    const mine = ++latest.current;
    if (!ask) return undefined;
    setBusy(true);
    const timer = setTimeout(() => {
      ask().then(
        (answer) => { if (mine === latest.current) { setFound(answer); setWrong(null); setBusy(false); } },
        (error: unknown) => { if (mine === latest.current) { setWrong(wrongOf(error)); setBusy(false); } },
      );
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return [found, ask ? wrong : null, busy];
}

function wrongOf(error: unknown): Wrong {
  const told = error instanceof Refused ? (error.body.error as { where?: string; what?: string; hint?: string } | undefined) : undefined;
  return told?.where && told.what ? { where: told.where, text: [told.what, told.hint].filter(Boolean).join(". ") } : { where: "", text: refusal(error) };
}

export function Num({ name, label, texts, wrong, onText, unit }: { name: string; label: string; texts: Texts; wrong: Wrong | null; onText: (name: string, text: string) => void; unit?: string | undefined }): JSX.Element {
  const bad = wrong?.where === name;
  return (
    <label class="field"><span>{label}{unit && ` (${unit})`}</span><input type="text" inputMode="decimal" aria-invalid={bad} value={texts[name] ?? ""} onInput={(event) => onText(name, event.currentTarget.value)} />{bad && <small class="problem" role="alert"><Icon name="circle-alert" />{wrong.text}</small>}</label>
  );
}
