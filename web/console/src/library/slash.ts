// The `/` of the composer: where it stands, what is written behind it, and how a reply takes its place.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { noted } from "./uses";

export interface Slash { from: number; to: number; query: string }
const SLASH = /(?:^|\s)\/([\p{L}\p{N}_-]{0,40})$/u;
export const LIST = "canned-list";

/** The `/` that the cursor stands behind, at the start or after a space. */
export function slashAt(text: string, caret: number): Slash | null {
  const found = SLASH.exec(text.slice(0, caret));
  return found ? { from: caret - found[1]!.length - 1, to: caret, query: found[1]! } : null;
}

export interface MenuProps { conv: string; query: string; onChoose: (id: string, text: string) => void; onActive: (option: string) => void; keys: { current: ((event: KeyboardEvent) => boolean) | null } }
interface Aria { "aria-autocomplete"?: "list"; "aria-controls"?: string; "aria-activedescendant"?: string }
interface Canned { menu: MenuProps | null; aria: Aria; look: () => void; close: () => void; key: (event: KeyboardEvent) => boolean; open: () => void }

/** The menu of a composer; `write` puts its text. The menu itself comes later, and answers the keys first. */
export function useCanned(conv: string, field: { current: HTMLTextAreaElement | null }, on: boolean, write: (text: string) => void): Canned {
  const [slash, setSlash] = useState<Slash | null>(null);
  const [active, setActive] = useState("");
  const keys = useRef<((event: KeyboardEvent) => boolean) | null>(null);
  const refused = useRef(-1);
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const look = (): void => {
    const node = field.current;
    const found = node && on && node.selectionStart === node.selectionEnd ? slashAt(node.value, node.selectionStart) : null;
    if (!found) refused.current = -1;
    setSlash(found && found.from !== refused.current ? found : null);
  };
  const close = (): void => { refused.current = slash?.from ?? -1; setSlash(null); setActive(""); };
  const replace = (from: number, to: number, text: string): void => {
    const value = field.current?.value ?? "";
    caret.current = from + text.length;
    write(value.slice(0, from) + text + value.slice(to));
    field.current?.focus();
  };
  const choose = (id: string, text: string): void => {
    if (!slash) return;
    noted(conv, "reply", id, text);
    replace(slash.from, slash.to, text);
    setSlash(null);
    setActive("");
  };
  const open = (): void => {
    const node = field.current;
    if (!node) return;
    const at = node.selectionEnd;
    const text = at === 0 || /\s/.test(node.value[at - 1]!) ? "/" : " /";
    replace(at, at, text);
    refused.current = -1;
    setSlash({ from: at + text.length - 1, to: at + text.length, query: "" });
  };
  const key = (event: KeyboardEvent): boolean => {
    if (!slash || !on) return false;
    if (event.key === "Escape") { event.preventDefault(); close(); return true; }
    return keys.current?.(event) ?? false;
  };
  const menu = slash && on ? { conv, query: slash.query, onChoose: choose, onActive: setActive, keys } : null;
  const aria: Aria = menu ? { "aria-autocomplete": "list", "aria-controls": LIST, ...(active ? { "aria-activedescendant": active } : {}) } : {};
  return { menu, aria, look, close, key, open };
}
