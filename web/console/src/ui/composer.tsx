// Where the agent writes: an answer, or a note in honey. Drafts are kept for each conversation.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useWords } from "../i18n";
import { useCanned } from "../library/slash";
import { sent } from "../library/uses";
import { say, typing } from "../link";
import { get, isMine, update, useStore } from "../store";
import type { Conv } from "../wire";
import { later } from "./later";
import { library } from "./parted";
import { Icon, Keys } from "./parts";

const MOST = 4000;
const MODES = ["text", "note", "whisper"] as const;
const CannedMenu = later(async () => (await library()).CannedMenu);
const NO_DRAFT = { text: "", note: "", mode: "text" as const };

export function Composer({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const draft = useStore((state) => state.drafts[conv.id]) ?? NO_DRAFT;
  const field = useRef<HTMLTextAreaElement>(null);
  const own = useStore((state) => isMine(state, conv));
  const guest = useStore((state) => conv.guests.some((one) => one.id === state.me?.id));
  const modes = MODES.filter((one) => (one === "text" ? own || guest : one === "whisper" ? !own || conv.guests.length > 0 : own));
  const mode = modes.includes(draft.mode) ? draft.mode : modes[0]!;
  const isNote = mode !== "text";
  const part = mode;
  const body = draft[part] ?? "";
  const over = [...body.normalize("NFC")].length - MOST;
  const idle = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const put = (part: Partial<typeof draft>): void => update({ drafts: { ...get().drafts, [conv.id]: { ...draft, ...part } } });
  useLayoutEffect(() => {
    const node = field.current;
    if (!node) return;
    node.style.height = "auto";
    node.style.height = `${Math.min(node.scrollHeight, 160)}px`;
  }, [body, mode]);
  const write = (text: string): void => {
    put({ [part]: text });
    if (isNote) return;
    typing(conv.id, text !== "");
    clearTimeout(idle.current);
    idle.current = setTimeout(() => typing(conv.id, false), 4000);
  };
  const canned = useCanned(conv.id, field, mode === "text", write);
  const send = (): void => {
    const text = body.replace(/\s+$/, "");
    if (!text.trim() || over > 0) return;
    say(conv.id, mode, text);
    sent(conv.id, text);
    put({ [part]: "" });
    clearTimeout(idle.current);
    typing(conv.id, false);
    field.current?.focus();
  };
  const key = (event: KeyboardEvent): void => {
    if (canned.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const choose = (chosen: typeof mode): void => { put({ mode: chosen }); field.current?.focus(); };
  return (
    <form class={`composer ${mode === "text" ? "" : `as-${mode}`}`} onSubmit={(event) => { event.preventDefault(); send(); }}>
      {canned.menu && <CannedMenu {...canned.menu} />}
      <div class="composer-field">
        <textarea id="composer" ref={field} rows={1} value={body} aria-label={mode === "whisper" ? words.work.whisperTo(conv.agent?.name ?? "") : isNote ? words.composer.noteOn(conv.label) : words.composer.replyTo(conv.label)} aria-describedby="composer-hint" placeholder={mode === "whisper" ? words.work.whisperPlaceholder : isNote ? words.composer.notePlaceholder : words.composer.placeholder} onInput={(event) => { write(event.currentTarget.value); canned.look(); }} onKeyDown={key} onKeyUp={canned.look} onClick={canned.look} onBlur={canned.close} {...canned.aria} />
        <button type="submit" class="primary" disabled={over > 0}>{mode === "note" ? words.composer.keep : mode === "whisper" ? words.work.whisperSend : words.composer.send}<Icon name={mode === "note" ? "sticky-note" : mode === "whisper" ? "headphones" : "corner-down-left"} /></button>
      </div>
      <div class="composer-modes">
        {modes.includes("text") && <button type="button" aria-pressed={mode === "text"} onClick={() => choose("text")}>{words.composer.reply}<Keys of={["Alt", "L"]} /></button>}
        {modes.includes("note") && <button type="button" aria-pressed={mode === "note"} onClick={() => choose("note")}>{words.composer.note}<Keys of={["Alt", "P"]} /></button>}
        {modes.includes("whisper") && <button type="button" aria-pressed={mode === "whisper"} onClick={() => choose("whisper")}><Icon name="headphones" />{words.work.whisperMode}</button>}
        <span class="head-gap" />
        {mode === "text" && <button type="button" class="offer-canned" onPointerDown={(event) => event.preventDefault()} onClick={canned.open}>{words.composer.canned}<Keys of={["/"]} /></button>}
        {own && <><button type="button" class="offer-product" onClick={() => update({ asking: { kind: "products", conv } })}><Icon name="package" />{words.work.product}</button><button type="button" class="offer-page" aria-label={words.work.page} onClick={() => update({ asking: { kind: "page", conv } })}><Icon name="link" />{words.work.pageShort}</button></>}
        {(own || guest) && <button type="button" class="offer-callback" aria-label={words.work.callback} onClick={() => update({ asking: { kind: "callback", conv } })}><Icon name="phone" />{words.work.callbackShort}</button>}
        {(own || guest) && <button type="button" class="offer-coupon" aria-label={words.work.coupon} onClick={() => update({ asking: { kind: "coupon", conv } })}><Icon name="ticket-percent" />{words.work.couponShort}</button>}
        <span id="composer-hint" class={over > 0 ? "problem" : "quiet-text"}>{over > 0 ? words.composer.left(over) : words.composer.hint}</span>
      </div>
    </form>
  );
}
