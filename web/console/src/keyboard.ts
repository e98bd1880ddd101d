// The keys of the console. Alt with a letter is read from the key's place, so that a Mac's Alt letters work too.
import { askTransfer, move, take, toggleColleagues } from "./actions";
import { get, update } from "./store";
import { closeChosen, promiseCall, toggleAssist } from "./work/acts";

/** Puts the cursor into the composer, as an answer or as a note. */
export function compose(mode: "text" | "note" | "whisper"): void {
  const { selected, drafts } = get();
  if (!selected) return;
  const draft = drafts[selected] ?? { text: "", note: "", mode };
  update({ drafts: { ...drafts, [selected]: { ...draft, mode } }, pane: "thread", screen: "exchanges" });
  if (!inComposer()) requestAnimationFrame(inComposer);
}

/** Whether the composer has the cursor now: at once where it is in sight, so that no letter typed after the keys is lost. */
function inComposer(): boolean {
  const field = document.querySelector<HTMLTextAreaElement>("#composer");
  field?.focus();
  return field !== null && document.activeElement === field;
}

const letter = (event: KeyboardEvent): string => (/^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace(/^Key/, "").toLowerCase());

const ALT: Record<string, () => void> = {
  n: () => void take(),
  j: () => move(1),
  k: () => move(-1),
  e: () => void closeChosen(),
  t: askTransfer,
  a: toggleAssist,
  r: promiseCall,
  l: () => compose("text"),
  p: () => compose("note"),
  c: toggleColleagues,
};

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

function pressed(event: KeyboardEvent): void {
  const state = get();
  if (state.phase !== "ready" || event.isComposing) return;
  const open = state.palette || state.help || state.transcript !== null || state.asking !== null || document.querySelector("dialog[open]") !== null;
  // AltGr writes: on many keyboards it comes as Ctrl with Alt, and AltGr E is the euro.
  if (event.getModifierState("AltGraph")) return undefined;
  if ((event.ctrlKey || event.metaKey) && event.altKey && letter(event) === "e" && !open) {
    event.preventDefault();
    return void closeChosen(true);
  }
  if ((event.ctrlKey || event.metaKey) && !event.altKey && letter(event) === "k") {
    event.preventDefault();
    return update({ palette: !state.palette, help: false });
  }
  const action = ALT[letter(event)];
  if (event.altKey && !event.ctrlKey && !event.metaKey && action && !open) {
    event.preventDefault();
    return action();
  }
  if (event.key === "?" && !isField(event.target) && !event.ctrlKey && !event.metaKey) return update({ help: !state.help, palette: false });
  return undefined;
}

export function startKeyboard(): void {
  addEventListener("keydown", pressed);
}
