// The menu of canned replies above the composer: filtered as one types, filled for this visitor before it is chosen.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { Icon, Loading } from "../ui/parts";
import { calls } from "./calls";
import { LIST, type MenuProps } from "./slash";
import type { Reply } from "./wire";
import { useLibraryWords } from "./words";

const kept = new Map<string, Reply[]>();
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Shortcuts that begin like this first, then what has it anywhere in shortcut or title; each by use. */
export function filtered(replies: readonly Reply[], query: string): Reply[] {
  const wanted = plain(query);
  const rank = (one: Reply): number => (plain(one.shortcut).startsWith(wanted) ? 0 : plain(`${one.shortcut} ${one.title}`).includes(wanted) ? 1 : 2);
  return replies.filter((one) => rank(one) < 2).sort((a, b) => rank(a) - rank(b) || b.used - a.used || a.shortcut.localeCompare(b.shortcut));
}

function useReplies(conv: string): Reply[] | "failed" | null {
  const [replies, setReplies] = useState<Reply[] | "failed" | null>(kept.get(conv) ?? null);
  useEffect(() => {
    let over = false;
    calls.canned(conv).then((found) => { kept.set(conv, found); if (!over) setReplies(found); }, (error: unknown) => {
      if (!isFailure(error)) throw error;
      if (!expired(error) && !over && !kept.has(conv)) setReplies("failed");
    });
    return () => { over = true; };
  }, [conv]);
  return replies;
}

export function CannedMenu({ conv, query, onChoose, onActive, keys }: MenuProps): JSX.Element {
  const words = useLibraryWords();
  const replies = useReplies(conv);
  const [at, setAt] = useState(0);
  const found = Array.isArray(replies) ? filtered(replies, query) : [];
  const chosen = found[Math.min(at, found.length - 1)];
  const choose = (one: Reply): void => onChoose(one.id, one.text ?? one.body);
  useEffect(() => setAt(0), [query]);
  useEffect(() => onActive(chosen ? `canned-${chosen.id}` : ""), [chosen?.id]);
  useEffect(() => { if (chosen) document.getElementById(`canned-${chosen.id}`)?.scrollIntoView({ block: "nearest" }); }, [chosen?.id]);
  useLayoutEffect(() => {
    keys.current = (event) => {
      if (!chosen || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
      const place = found.indexOf(chosen);
      if (event.key === "ArrowDown") setAt((place + 1) % found.length);
      else if (event.key === "ArrowUp") setAt((place + found.length - 1) % found.length);
      else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) choose(chosen);
      else return false;
      event.preventDefault();
      return true;
    };
    return () => { keys.current = null; };
  });
  return (
    <div class="canned" onPointerDown={(event) => event.preventDefault()}>
      <p class="hidden" role="status">{replies === null ? words.loading : words.found(found.length)}</p>
      {replies === null && <Loading label={words.loading} rows={3} />}
      {replies === "failed" && <p class="problem"><Icon name="circle-alert" />{words.failed}</p>}
      {Array.isArray(replies) && found.length === 0 && <p class="quiet-text canned-none">{replies.length === 0 ? words.noReply : words.noneLike(query)}</p>}
      <div id={LIST} role="listbox" aria-label={words.menu} class="canned-list">
        {found.map((one) => (
          <div key={one.id} id={`canned-${one.id}`} role="option" aria-selected={one === chosen} class="canned-row" onClick={() => choose(one)} onPointerMove={() => setAt(found.indexOf(one))}>
            <strong>/{one.shortcut}</strong><span class="canned-text">{one.text ?? one.body}</span>{one === chosen && <kbd aria-hidden="true">↵</kbd>}
          </div>
        ))}
      </div>
      {chosen && <div class="canned-preview"><p class="quiet-text">{chosen.title}, {words.usedTimes(chosen.used)}</p><p>{chosen.text ?? chosen.body}</p>{chosen.missing.length > 0 && <p class="canned-missing"><Icon name="circle-alert" />{words.missing(chosen.missing.map((name) => words.variables[name] ?? name).join(", "))}</p>}</div>}
    </div>
  );
}
