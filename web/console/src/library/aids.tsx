// Beside the thread: articles that may answer what the visitor has just written, and scripts to walk through.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { toast, useStore } from "../store";
import type { Conv } from "../wire";
import { Icon } from "../ui/parts";
import { calls } from "./calls";
import { asText, Blocks } from "./shown";
import { insert } from "./uses";
import type { Article, Row, Script, Step } from "./wire";
import { libraryWords, useLibraryWords } from "./words";

const WAIT_MS = 400;

/** What `fetch` brings, again when `on` changes; null while nothing has come. */
function useFetched<T>(fetch: () => Promise<T>, on: readonly unknown[], wait: number): T | null {
  const [found, setFound] = useState<T | null>(null);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => void fetch().then((it) => { if (!over) setFound(it); }, (error: unknown) => {
      if (!isFailure(error)) throw error;
      expired(error);
    }), wait);
    return () => { over = true; clearTimeout(timer); };
  }, on);
  return found;
}

export function Aids({ conv }: { conv: Conv }): JSX.Element {
  return <><Proposals conv={conv} /><Scripts conv={conv} /></>;
}

function Proposals({ conv }: { conv: Conv }): JSX.Element {
  const words = useLibraryWords();
  const [query, setQuery] = useState("");
  const last = useStore((state) => state.threads[conv.id]?.entries.findLast((one) => one.by === "visitor" && one.kind === "text")?.seq ?? 0);
  const unsent = useStore((state) => state.threads[conv.id]?.unsent ?? "");
  const proposed = useFetched(() => calls.propose(conv.id), [conv.id, last, unsent], WAIT_MS);
  const looked = useFetched(() => (query.trim() ? calls.articles(query.trim()) : Promise.resolve(null)), [query], WAIT_MS / 2);
  const rows = (query.trim() ? looked?.slice(0, 8) : proposed) ?? null;
  return (
    <section class="context-section aids" aria-label={words.articles}>
      <h3><span>{words.articles}</span><span class="aside">{query.trim() ? "" : words.proposed}</span></h3>
      <input type="search" aria-label={words.findArticle} placeholder={words.findArticle} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      <p class="hidden" role="status">{rows && words.found(rows.length)}</p>
      {rows?.length === 0 && (query.trim() || last > 0) && <p class="quiet-text">{query.trim() ? words.noneLike(query.trim()) : words.noProposal}</p>}
      <ul class="aid-list">{rows?.map((row) => <Proposal key={row.id} row={row} conv={conv} />)}</ul>
    </section>
  );
}

/** An article that opens on the spot; its address or its text goes into the composer. */
function Proposal({ row, conv }: { row: Row; conv: Conv }): JSX.Element {
  const words = useLibraryWords();
  const page = useStore((state) => state.live.rows.find((one) => one.visitor === conv.visitor)?.page?.url ?? state.journeys[conv.visitor]?.data?.steps.findLast((one) => one.url)?.url ?? "");
  const [article, setArticle] = useState<Article | null>(null);
  const [open, setOpen] = useState(false);
  const fetched = async (): Promise<Article | null> => {
    if (article) return article;
    try {
      const found = await calls.article(row.id);
      setArticle(found);
      return found;
    } catch (error) {
      if (!isFailure(error)) throw error;
      if (!expired(error)) toast(libraryWords().failed, true);
      return null;
    }
  };
  const text = async (): Promise<void> => { const found = await fetched(); if (found) insert(conv.id, "article", row.id, asText(found.blocks)); };
  const link = (): void => insert(conv.id, "article", row.id, `${row.title}${words.colon}${URL.canParse(row.url, page || undefined) ? new URL(row.url, page || undefined).href : row.url}`);
  return (
    <li>
      <button type="button" class="quiet aid-title" aria-expanded={open} onClick={() => { setOpen(!open); void fetched(); }}><Icon name={open ? "chevron-down" : "chevron-right"} /><span>{row.title}</span></button>
      {open ? article && <Blocks of={article.blocks} /> : <p class="quiet-text aid-excerpt">{row.excerpt}</p>}
      <p class="aid-acts">
        <button type="button" aria-label={words.insertTextOf(row.title)} onClick={() => void text()}>{words.insertText}</button>
        {row.url && <button type="button" aria-label={words.insertLinkOf(row.title)} onClick={link}><Icon name="link" />{words.insertLink}</button>}
      </p>
    </li>
  );
}

/** Where each conversation stands in which script; it outlives the panel, which folds on small screens. */
const walks = new Map<string, { script: string; way: string[] }>();

function Scripts({ conv }: { conv: Conv }): JSX.Element | null {
  const words = useLibraryWords();
  const scripts = useFetched(() => calls.scripts(conv.id), [conv.id], 0);
  const [, draw] = useState(0);
  const walk = walks.get(conv.id);
  const script = scripts?.find((one) => one.id === walk?.script);
  const go = (one: Script, way: string[], say: boolean): void => {
    walks.set(conv.id, { script: one.id, way });
    const step = way.at(-1)!;
    if (say) insert(conv.id, "script", one.id, one.texts?.[step] ?? one.steps.find((each) => each.id === step)!.say);
    draw((count) => count + 1);
  };
  const end = (): void => { walks.delete(conv.id); draw((count) => count + 1); };
  if (!scripts || scripts.length === 0) return null;
  return (
    <section class="context-section aids" aria-label={words.scripts}>
      <h3><span>{words.scripts}</span></h3>
      {script && walk
        ? <Walk script={script} way={walk.way} go={(way, say) => go(script, way, say)} end={end} />
        : <ul class="aid-list plain">{scripts.map((one) => <li key={one.id}><button type="button" class="suggestion" onClick={() => go(one, [one.steps[0]!.id], true)}><Icon name="list-ordered" /><span>{one.title}</span></button></li>)}</ul>}
    </section>
  );
}

function Walk({ script, way, go, end }: { script: Script; way: readonly string[]; go: (way: string[], say: boolean) => void; end: () => void }): JSX.Element {
  const words = useLibraryWords();
  const step = script.steps.find((one) => one.id === way.at(-1)) as Step;
  return (
    <div class="walk" aria-live="polite">
      <p class="walk-title"><strong>{script.title}</strong><span class="quiet-text">{words.stepAt(way.length)}</span></p>
      <p class="walk-say">{script.texts?.[step.id] ?? step.say}</p>
      {step.next.length > 0 && <><p class="quiet-text">{words.answers}</p><ul class="walk-next">{step.next.map((one) => <li key={one.label}><button type="button" onClick={() => go([...way, one.to], true)}>{one.label}<Icon name="chevron-right" /></button></li>)}</ul></>}
      {step.next.length === 0 && <p class="quiet-text">{words.scriptEnds}</p>}
      <p class="aid-acts">
        <button type="button" class="quiet" onClick={() => go([...way], true)}>{words.insertAgain}</button>
        {way.length > 1 && <button type="button" class="quiet" onClick={() => go(way.slice(0, -1), false)}><Icon name="arrow-left" />{words.stepBack}</button>}
        <button type="button" class="quiet" onClick={end}>{words.leaveScript}</button>
      </p>
    </div>
  );
}
