// The library: replies, scripts and articles on three shelves; the composer's menu and what stands beside the thread.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { isLead, toast, useStore } from "../store";
import { Empty, Icon, Loading } from "../ui/parts";
import { calls } from "./calls";
import { Editor, type Opened } from "./editors";
import type { Reply, Row, Script, Sort } from "./wire";
import { libraryWords, useLibraryWords } from "./words";
export { ready } from "./words";

export { Aids } from "./aids";
export { CannedMenu } from "./menu";

const SORTS: readonly Sort[] = ["reply", "script", "article"];
interface Shelves { reply: Reply[]; script: Script[]; article: Row[] }
interface Line { id: string; name: string; detail: string; language: string; skill: string | null; used: number; marks: readonly string[] }

const lines: { [S in Sort]: (one: Shelves[S][number]) => Line } = {
  reply: (one) => ({ id: one.id, name: `/${one.shortcut}`, detail: one.body, language: one.language, skill: one.skill, used: one.used, marks: [one.title] }),
  script: (one) => ({ id: one.id, name: one.title, detail: one.steps[0]?.say ?? "", language: one.language, skill: one.skill, used: one.used, marks: [] }),
  article: (one) => ({ id: one.id, name: one.title, detail: one.excerpt, language: one.language, skill: null, used: one.used, marks: one.tags }),
};
const linesOf = (shelves: Shelves, sort: Sort): Line[] => (sort === "reply" ? shelves.reply.map(lines.reply) : sort === "script" ? shelves.script.map(lines.script) : shelves.article.map(lines.article));
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function useShelves(): { shelves: Shelves | null; failed: boolean; again: () => void } {
  const [shelves, setShelves] = useState<Shelves | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let over = false;
    Promise.all([calls.canned(), calls.scripts(), calls.articles()]).then(
      ([reply, script, article]) => { if (!over) { setShelves({ reply, script, article }); setFailed(false); } },
      (error: unknown) => { if (!isFailure(error)) throw error; if (!expired(error) && !over) setFailed(true); },
    );
    return () => { over = true; };
  }, [turn]);
  return { shelves, failed, again: () => setTurn((count) => count + 1) };
}

export function Library(): JSX.Element {
  const words = useLibraryWords();
  const { shelves, failed, again } = useShelves();
  const [sort, setSort] = useState<Sort>("reply");
  const [opened, setOpened] = useState<Opened | null>(null);
  const leads = useStore(isLead);
  if (!shelves) return failed ? <Empty title={words.failed}><button type="button" onClick={again}>{words.retry}</button></Empty> : <Loading label={words.loading} rows={6} />;
  const open = async (id: string): Promise<void> => {
    if (sort === "reply") return setOpened({ sort, one: shelves.reply.find((one) => one.id === id)! });
    if (sort === "script") return setOpened({ sort, one: shelves.script.find((one) => one.id === id)! });
    try {
      return setOpened({ sort, one: await calls.article(id) });
    } catch (error) {
      if (!isFailure(error)) throw error;
      return expired(error) ? undefined : toast(libraryWords().failed, true);
    }
  };
  return (
    <div class="library-page">
      <header class="page-head">
        <h2 class="page-title">{words.finding(shelves.reply.length, shelves.script.length, shelves.article.length)}</h2>
        <div class="page-actions"><a class="button" href="/api/v1/library" download="library.json">{words.export}</a>{leads && <button type="button" class="primary" onClick={() => setOpened({ sort, one: null })}><Icon name="plus" />{words.add[sort]}</button>}</div>
      </header>
      {!leads && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
      <div class="shelf-tabs" role="group" aria-label={words.sorts}>{SORTS.map((one) => <button key={one} type="button" aria-pressed={one === sort} onClick={() => setSort(one)}>{words.title[one]}<span class="quiet-text">{shelves[one].length}</span></button>)}</div>
      <Shelf sort={sort} rows={linesOf(shelves, sort)} onOpen={(id) => void open(id)} key={sort} />
      {opened && <Editor opened={opened} leads={leads} onClose={() => setOpened(null)} onDone={() => { setOpened(null); again(); }} />}
    </div>
  );
}

function Shelf({ sort, rows, onOpen }: { sort: Sort; rows: readonly Line[]; onOpen: (id: string) => void }): JSX.Element {
  const words = useLibraryWords();
  const [query, setQuery] = useState("");
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  const shown = rows.filter((one) => wanted.every((part) => plain(`${one.name} ${one.detail} ${one.marks.join(" ")}`).includes(part)));
  if (rows.length === 0) return <Empty title={words.none[sort]} next={words.noneNext[sort]} />;
  return (
    <>
      <input class="shelf-find" type="search" aria-label={words.find} placeholder={words.find} value={query} onInput={(event) => setQuery(event.currentTarget.value)} />
      <table class="plain-table shelf">
        <thead><tr><th scope="col">{sort === "reply" ? words.shortcut : words.name}</th><th scope="col">{words.language}</th>{sort !== "article" && <th scope="col">{words.skill}</th>}<th scope="col" class="figure">{words.used}</th></tr></thead>
        <tbody>{shown.map((one) => (
          <tr key={one.id}>
            <th scope="row"><button type="button" class="who-name" onClick={() => onOpen(one.id)}>{one.name}</button>{one.marks.length > 0 && <span class="quiet-text shelf-mark">{one.marks.join(", ")}</span>}<small>{one.detail}</small></th>
            <td>{words.languages[one.language] ?? one.language}</td>{sort !== "article" && <td>{one.skill ?? words.allSkills}</td>}<td class="figure">{words.times(one.used)}</td>
          </tr>
        ))}</tbody>
      </table>
      {shown.length === 0 && <p class="quiet-text">{words.noneLike(query)}</p>}
    </>
  );
}
