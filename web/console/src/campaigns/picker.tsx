// Which attribute a condition reads: found by name, grouped; arrows and Enter choose.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { lookup } from "../i18n";
import { Dialog, Icon } from "../ui/parts";
import { begun } from "./attributes";
import { Field } from "./parts";
import { said, useCampaignWords } from "./words";
import type { Attribute, Compare, Schema } from "./wire";

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export function Picker({ all, schema, onPick, onClose }: { all: readonly Attribute[]; schema: Schema | null; onPick: (row: Compare) => void; onClose: () => void }): JSX.Element {
  const words = useCampaignWords();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [below, setBelow] = useState<Attribute | null>(null);
  const [key, setKey] = useState("");
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  const found = all.filter((one) => wanted.every((part) => plain(`${said(one.label)} ${one.name} ${said(one.doc)}`).includes(part))).toSorted((a, b) => rank(b, query) - rank(a, query));
  const choose = (one: Attribute | undefined): void => {
    if (!one) return;
    if (one.name.endsWith(".*")) { setBelow(one); return; }
    onPick(begun(one, one.name, schema));
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = (at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length);
      setAt(next);
      document.getElementById(`attribute-${next}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") { event.preventDefault(); choose(found[at]); }
  };
  if (below) {
    const full = `${below.name.slice(0, -1)}${key.trim()}`;
    return (
      <Dialog label={words.who.pick} onClose={onClose}>
        <form class="fresh-form" onSubmit={(event) => { event.preventDefault(); if (key.trim()) onPick(begun(below, full, schema)); }}>
          <h2>{said(below.label) || below.name}</h2><p>{said(below.doc)}</p>
          <Field label={words.timer.name} hint={full}><input autofocus required value={key} onInput={(event) => setKey(event.currentTarget.value)} /></Field>
          <div class="actions"><button type="submit" class="primary">{words.add}</button><button type="button" onClick={() => setBelow(null)}>{words.cancel}</button></div>
        </form>
      </Dialog>
    );
  }
  return (
    <Dialog label={words.who.pick} onClose={onClose}>
      <div class="palette-field"><Icon name="search" size={18} /><input autofocus role="combobox" aria-expanded="true" aria-controls="attributes" aria-activedescendant={found[at] ? `attribute-${at}` : undefined} aria-label={words.who.search} placeholder={words.who.search} value={query} onInput={(event) => { setQuery(event.currentTarget.value); setAt(0); }} onKeyDown={press} /></div>
      <div id="attributes" class="palette-list attribute-list" role="listbox" aria-label={words.who.pick} tabIndex={-1}>
        {found.map((one, index) => (
          <div key={one.name} id={`attribute-${index}`} role="option" aria-selected={index === at} class="palette-row" onClick={() => choose(one)} onPointerMove={() => setAt(index)}>
            <span><b>{said(one.label) || one.name}</b><small>{said(one.doc)}</small></span><small class="where">{lookup(words.groups, one.group)}<code>{one.name}</code></small>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="palette-none">{words.who.none}</p>}
    </Dialog>
  );
}

/** What begins with the words that were typed comes before what only holds them. */
function rank(one: Attribute, query: string): number {
  const text = plain(query.trim());
  if (!text) return 0;
  return (plain(one.name) === text ? 4 : 0) + (plain(said(one.label)).startsWith(text) ? 2 : 0) + (plain(`${said(one.label)} ${one.name}`).includes(text) ? 1 : 0);
}
