// What could not be delivered within a day: kept, with what the other side said, to be sent again.
import type { JSX } from "preact";
import { lookup } from "../i18n";
import { calls, type Delivery } from "./calls";
import { Problem, useDoing, useRead, whenOf, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

export function Dead(): JSX.Element {
  const words = useAdminWords();
  const read = useRead(async () => ({ counts: await calls.waiting(), items: await calls.dead() }));
  const doing = useDoing();
  const what = (one: Delivery): string => (one.kind === "mail" ? words.outbox.mail : one.to || lookup(words.webhooks.names, one.event));
  const again = (one: Delivery): Promise<boolean> => doing.run(async () => { await calls.again(one.id); return adminWords().outbox.sent; }).finally(read.again);
  return (
    <Whole of={read}>{({ counts, items }) => (
      <>
        <header class="page-head"><h2 class="page-title">{words.outbox.finding(counts.dead)}</h2></header>
        <p class="part-lead">{words.outbox.lead} {words.outbox.pending(counts.pending)}</p>
        <Problem text={doing.problem} />
        <ul class="rows">{items.map((one) => (
          <li key={one.id}>
            <span class="row-main"><strong>{what(one)}</strong><span>{lookup(words.webhooks.names, one.event)}</span><small>{words.outbox.when} {whenOf(one.ended_at ?? one.created_at)}, {words.webhooks.attempts(one.attempts)}{one.answer && `. ${words.outbox.answer} ${one.answer}`}</small></span>
            <button type="button" disabled={doing.busy} aria-label={words.outbox.againOf(`${what(one)}, ${lookup(words.webhooks.names, one.event)}`)} onClick={() => void again(one)}>{words.outbox.again}</button>
          </li>
        ))}</ul>
      </>
    )}</Whole>
  );
}
