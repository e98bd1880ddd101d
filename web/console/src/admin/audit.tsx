// The audit log of the site, the youngest first: by person, by action, by object, page after page.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { api } from "../api";
import { moment } from "../format";
import { lookup } from "../i18n";
import { useStore } from "../store";
import { copy, Icon, zone } from "../ui/parts";
import { calls, type AuditFilter, type AuditRow } from "./calls";
import { Field, Problem, useDoing, useRead, whenOf, Whole } from "./parts";
import { useAdminWords } from "./words";

const COMMAND = "aparte audit verify --data DIR";
const NONE: AuditFilter = { who: "", verb: "", object: "" };

export function Audit(): JSX.Element {
  const words = useAdminWords().audit;
  const staff = useRead(api.staff);
  const [filter, setFilter] = useState(NONE);
  const [object, setObject] = useState("");
  const put = (part: Partial<AuditFilter>): void => setFilter({ ...filter, ...part });
  return (
    <>
      <header class="page-head"><h2 class="page-title">{words.title}</h2></header>
      <p class="part-lead">{words.lead}</p>
      <p class="verify"><span>{words.verify}</span> <code>{COMMAND}</code><Copy text={COMMAND} /></p>
      <form class="filters" role="search" onSubmit={(event) => { event.preventDefault(); put({ object: object.trim() }); }}>
        <Field label={words.who}><select value={filter.who} onChange={(event) => put({ who: event.currentTarget.value })}><option value="">{words.any}</option>{(staff.data ?? []).map((one) => <option key={one.id} value={one.id}>{one.name || one.email}</option>)}</select></Field>
        <Field label={words.verb}><select value={filter.verb} onChange={(event) => put({ verb: event.currentTarget.value })}><option value="">{words.any}</option>{Object.entries(words.verbs).map(([verb, name]) => <option key={verb} value={verb}>{name}</option>)}</select></Field>
        <Field label={words.object}><input type="search" placeholder={words.objectHint} maxLength={300} value={object} onInput={(event) => setObject(event.currentTarget.value)} onBlur={() => put({ object: object.trim() })} /></Field>
      </form>
      <Rows key={JSON.stringify(filter)} filter={filter} />
    </>
  );
}

function Copy({ text }: { text: string }): JSX.Element {
  const words = useAdminWords();
  const [done, setDone] = useState(false);
  return <button type="button" class="quiet" onClick={() => void copy(text).then(setDone)}><Icon name={done ? "check" : "copy"} />{words.copy}</button>;
}

function Rows({ filter }: { filter: AuditFilter }): JSX.Element {
  const words = useAdminWords().audit;
  const read = useRead(() => calls.audit(filter, null));
  const doing = useDoing();
  const older = (rows: AuditRow[]): Promise<boolean> => doing.run(async () => {
    const page = await calls.audit(filter, rows.at(-1)!.n);
    read.put({ rows: [...rows, ...page.rows], more: page.more });
  });
  return (
    <Whole of={read}>{({ rows, more }) => rows.length === 0 ? <p class="serif-line">{words.none}</p> : (
      <>
        <div class="audit-log" role="region" aria-label={words.title} tabIndex={0}>
          <table class="plain-table">
            <thead><tr><th scope="col">{words.at}</th><th scope="col">{words.who}</th><th scope="col">{words.verb}</th><th scope="col">{words.object}</th><th scope="col">{words.detail}</th></tr></thead>
            <tbody>{rows.map((row) => <Row key={row.n} row={row} />)}</tbody>
          </table>
        </div>
        <Problem text={doing.problem} />
        {more && <button type="button" disabled={doing.busy} onClick={() => void older(rows)}>{words.older}</button>}
      </>
    )}</Whole>
  );
}

function Row({ row }: { row: AuditRow }): JSX.Element {
  const words = useAdminWords().audit;
  const language = useStore((state) => state.language);
  return <tr><td><time title={moment(row.at, language, zone())}>{whenOf(row.at)}</time></td><td>{row.name}</td><td>{lookup(words.verbs, row.verb)}</td><td><code>{row.object}</code></td><td>{row.detail}</td></tr>;
}
