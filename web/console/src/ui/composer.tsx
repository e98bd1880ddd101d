// Where the agent writes: an answer, or a note in honey. Drafts are kept for each conversation.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useWords } from "../i18n";
import { say, typing } from "../link";
import { update, get, useStore } from "../store";
import type { Conv } from "../wire";
import { Icon, Keys } from "./parts";

const MOST = 4000;
const NO_DRAFT = { text: "", note: "", mode: "text" as const };

export function Composer({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const draft = useStore((state) => state.drafts[conv.id]) ?? NO_DRAFT;
  const field = useRef<HTMLTextAreaElement>(null);
  const isNote = draft.mode === "note";
  const body = isNote ? draft.note : draft.text;
  const over = [...body.normalize("NFC")].length - MOST;
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const put = (part: Partial<typeof draft>): void => update({ drafts: { ...get().drafts, [conv.id]: { ...draft, ...part } } });
  useLayoutEffect(() => {
    const node = field.current;
    if (!node) return;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, 160)}px`;
  }, [body, isNote]);
  const write = (text: string): void => {
    put(isNote ? { note: text } : { text });
    if (isNote) return;
    typing(conv.id, text !== "");
    clearTimeout(idle.current);
    idle.current = setTimeout(() => typing(conv.id, false), 4000);
  };
  const send = (): void => {
    const text = body.replace(/\s+$/, "");
    if (!text.trim() || over > 0) return;
    say(conv.id, isNote ? "note" : "text", text);
    put(isNote ? { note: "" } : { text: "" });
    clearTimeout(idle.current);
    typing(conv.id, false);
    field.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const choose = (mode: "text" | "note"): void => { put({ mode }); field.current?.focus(); };
  return (
    <form class={`composer ${isNote ? "as-note" : ""}`} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <div class="composer-field">
        <textarea id="composer" ref={field} rows={1} value={body} aria-label={isNote ? words.composer.noteOn(conv.label) : words.composer.replyTo(conv.label)} aria-describedby="composer-hint" placeholder={isNote ? words.composer.notePlaceholder : words.composer.placeholder} onInput={(event) => write(event.currentTarget.value)} onKeyDown={key} />
        <button type="submit" class="primary" disabled={over > 0}>{isNote ? words.composer.keep : words.composer.send}<Icon name={isNote ? "sticky-note" : "corner-down-left"} /></button>
      </div>
      <div class="composer-modes">
        <button type="button" aria-pressed={!isNote} onClick={() => choose("text")}>{words.composer.reply}<Keys of={["Alt", "L"]} /></button>
        <button type="button" aria-pressed={isNote} onClick={() => choose("note")}>{words.composer.note}<Keys of={["Alt", "P"]} /></button>
        <span class="head-gap" />
        <span id="composer-hint" class={over > 0 ? "problem" : "quiet-text"}>{over > 0 ? words.composer.left(over) : words.composer.hint}</span>
      </div>
    </form>
  );
}
