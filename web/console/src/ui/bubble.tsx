// One line of a conversation. Bodies are only ever text nodes; links are made of http, https, mailto and tel.
import type { ComponentChildren, JSX } from "preact";
import { clock, day, minor, moment, money, NBSP } from "../format";
import { useWords } from "../i18n";
import { useStore } from "../store";
import type { Thread } from "../thread";
import type { Entry, Language } from "../wire";
import { Icon, Parens, useNow, zone } from "./parts";

const LINK = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"'«»]+[^\s<>"'«».,;:!?)\]]/gi;

/** A text with its links made clickable. */
export function Linked({ text }: { text: string }): JSX.Element {
  const parts: ComponentChildren[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(from, match.index), <a key={match.index} href={match[0]} target="_blank" rel="noopener nofollow ugc">{match[0]}</a>);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return <>{parts}</>;
}

export function Bubble({ side, body, note, children }: { side: "visitor" | "agent"; body: string; note?: boolean; children?: ComponentChildren }): JSX.Element {
  return <div class={`line ${side}`}><div class={`bubble ${note ? "note" : ""}`}>{children}<Linked text={body} /></div></div>;
}

/** The words of a survey: a JSON object of marks, or the text itself. */
function survey(body: string, words: ReturnType<typeof useWords>): string {
  try {
    const read = JSON.parse(body) as { csat?: number; nps?: number; ces?: number; solved?: boolean; comment?: string } | null;
    if (typeof read !== "object" || read === null) return body;
    const parts = [
      read.csat == null ? "" : words.thread.csat(String(read.csat)), read.nps == null ? "" : words.thread.nps(String(read.nps)),
      read.ces == null ? "" : words.thread.ces(String(read.ces)), read.solved == null ? "" : read.solved ? words.thread.solved : words.thread.unsolved, read.comment ? `« ${read.comment} »` : "",
    ];
    return parts.filter(Boolean).join(", ");
  } catch (error) {
    if (error instanceof SyntaxError) return body;
    throw error;
  }
}

/** An entry as it stands in the log; `foot` is what an own message says of its way. */
export function Line({ entry, foot }: { entry: Entry; foot: ComponentChildren }): JSX.Element | null {
  const words = useWords();
  const language = useStore((state) => state.language);
  const me = useStore((state) => state.me?.name);
  const time = <time title={moment(entry.ts, language, zone())}>{clock(entry.ts, zone())}</time>;
  switch (entry.kind) {
    case "text":
      return (
        <>
          <Bubble side={entry.by === "visitor" ? "visitor" : "agent"} body={entry.body}><span class="hidden">{words.thread.writer(entry.by === "visitor" ? words.thread.theVisitor : (entry.name ?? ""))}</span></Bubble>
          {foot && <p class={`foot ${entry.by === "visitor" ? "visitor" : ""}`}>{foot}, {time}</p>}
        </>
      );
    case "offer":
      return <><div class="line agent"><div class="bubble offer"><Linked text={entry.body} /></div></div><p class="foot">{words.thread.auto}, {time}</p></>;
    case "note":
      return <p class="note-line"><strong>{entry.name && entry.name !== me ? words.thread.note(entry.name) : words.thread.myNote}</strong> <Linked text={entry.body} /></p>;
    case "whisper":
      return <p class="whisper-line"><Icon name="headphones" /><strong>{entry.name && entry.name !== me ? words.work.whisper(entry.name) : words.work.myWhisper}</strong> <Linked text={entry.body} /><span class="quiet-text">, {words.work.unseen}</span></p>;
    case "card":
    case "page":
      return <><Shown entry={entry} /><p class="foot">{foot && <>{foot}, </>}{time}</p></>;
    case "coupon":
      return <><Promised entry={entry} /><p class="foot">{foot && <>{foot}, </>}{time}</p></>;
    case "transfer":
      return <p class="note-line transfer-line"><Icon name="forward" /><strong>{entry.name && entry.name !== me ? words.thread.transferred(entry.name) : words.thread.transferredByMe}</strong>{entry.body && <> <Linked text={entry.body} /></>}<span class="quiet-text"> · {time}</span></p>;
    case "survey":
      return <Parens><p><strong>{words.thread.survey}</strong> {survey(entry.body, words)}</p></Parens>;
    case "hidden":
      return null;
    default:
      return <p class="event-line">{event(entry, words)}, {time}</p>;
  }
}

interface Card { id: string; name: string; price: number | null; currency: string; url: string | null; in_stock: boolean | null }

/** Only http and https lead anywhere. */
const safe = (url: unknown): string | undefined => (typeof url === "string" && /^https?:\/\//i.test(url) ? url : undefined);

/** Products or a page as the visitor sees them, in words; a body that is none is shown as text. */
function Shown({ entry }: { entry: Entry }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const read = parsed(entry.body);
  if (read === null) return <Bubble side="agent" body={entry.body} />;
  const link = (url: unknown, text: string): JSX.Element => (safe(url) ? <a href={safe(url)} target="_blank" rel="noopener nofollow ugc">{text}</a> : <b>{text}</b>);
  if (entry.kind === "page") return <div class="line agent"><div class="bubble shown"><p class="shown-head"><Icon name="link" />{words.work.pageHead}</p>{link(read.url, String(read.title || read.url))}</div></div>;
  return (
    <div class="line agent"><div class="bubble shown"><p class="shown-head"><Icon name="package" />{words.work.cardHead}</p><ul>
      {(read.products as Card[]).map((one) => <li key={one.id}>{link(one.url, one.name)}<span>{one.price === null ? "–" : money(one.price, language, one.currency)}</span>{one.in_stock === false && <span class="tag honey">{words.work.outOfStock}</span>}</li>)}
    </ul></div></div>
  );
}

interface Code { code?: unknown; label?: unknown; value?: { percent?: unknown; amount?: unknown; currency?: unknown }; until?: unknown }

/** What a coupon is worth, in words; nothing for what is no value. */
function worth(value: Code["value"], language: Language): string {
  if (typeof value?.percent === "number") return `${value.percent}${NBSP}%`;
  return typeof value?.amount === "number" ? minor(value.amount, language, String(value.currency)) : "";
}

/** A code that the visitor was given; a body that is none is shown as text. */
function Promised({ entry }: { entry: Entry }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const read = parsed(entry.body) as Code | null;
  if (typeof read?.code !== "string") return <Bubble side="agent" body={entry.body} />;
  return (
    <div class="line agent"><div class="bubble shown"><p class="shown-head"><Icon name="ticket-percent" />{words.work.couponHead}</p>
      <p><b>{String(read.label ?? "")}</b> {worth(read.value, language)}</p>
      <p class="coupon-code">{read.code}</p>
      {typeof read.until === "number" && Math.abs(read.until) < 8e15 && <p class="shown-head">{words.work.couponUntil(day(read.until, language, zone()))}</p>}
    </div></div>
  );
}

function parsed(body: string): Code & { url?: string; title?: string; products?: Card[] } | null {
  try {
    const read = JSON.parse(body) as Code & { url?: string; products?: Card[] } | null;
    return read && typeof read === "object" && (typeof read.url === "string" || Array.isArray(read.products) || "code" in read) ? read : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function event(entry: Entry, words: ReturnType<typeof useWords>): string {
  const name = entry.body || entry.name || words.thread.theVisitor;
  if (entry.kind === "join") return words.thread.joined(name);
  if (entry.kind === "leave") return words.thread.left(name);
  return words.thread.closed;
}

/** What he writes and has not sent, where the site lets it be seen: outside the log, so that no key is read out. */
export function Unsent({ thread }: { thread: Thread }): JSX.Element | null {
  const words = useWords();
  useNow();
  if (!thread.unsent || thread.typingUntil <= Date.now()) return null;
  return (
    <section class="unsent" aria-live="off" aria-label={words.thread.unsent}>
      <p class="unsent-head"><Icon name="pencil" size={14} />{words.thread.unsent}</p>
      <div class="unsent-text" tabIndex={0}><p dir="auto">{thread.unsent}</p></div>
    </section>
  );
}

export function Typing({ label }: { label: string }): JSX.Element {
  return <div class="line visitor"><div class="bubble typing"><span class="hidden">{label}</span><i aria-hidden="true" /><i aria-hidden="true" /><i aria-hidden="true" /></div></div>;
}

