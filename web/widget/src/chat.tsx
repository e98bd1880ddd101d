/** The conversation: a log that a screen reader follows, and one field to write in. */
import { Fragment, h } from "preact";
import { Mark, Minus, Up } from "./icons";
import { parts } from "./links";
import type { Line, Room } from "./room";
import { fill, type Words } from "./words";

export interface Chatting {
  words: Words;
  language: string;
  room: Room | null;
  lines: Line[];
  agents: boolean;
  draft: string;
  ending: boolean;
  tooLong: boolean;
  failed: boolean;
  field(element: HTMLTextAreaElement | null): void;
  log(element: HTMLElement | null): void;
  write(text: string): void;
  send(): void;
  retry(cid: string): void;
  minimise(): void;
  ask(ending: boolean): void;
  end(): void;
  restart(): void;
}

const clock = (language: string, at: number): string =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);

const day = (words: Words, language: string, at: number): string =>
  new Date(at).toDateString() == new Date().toDateString()
    ? words.today
    : new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(at);

/** Text nodes only; an address leads to another page in a new tab, to one of this shop in this one. */
const Text = ({ body }: { body: string }) => (
  <>
    {parts(body).map(({ text, href }) =>
      href ? (
        <a href={href} rel="noopener nofollow ugc" target={href.startsWith(location.origin + "/") ? undefined : "_blank"}>
          {text}
        </a>
      ) : (
        text
      ),
    )}
  </>
);

const notice = (words: Words, { kind, body = "" }: Line): string | undefined =>
  kind == "join"
    ? fill(words.joined, body)
    : kind == "leave"
      ? fill(words.left, body)
      : kind == "transfer"
        ? words.transfer
        : kind == "close"
          ? words.ended
          : undefined;

const Fate = ({ it, line }: { it: Chatting; line: Line }) => {
  const { words } = it;
  if (line.state == "failed")
    return (
      <small class="state bad">
        {line.code == "too_long" ? words.tooLong : words.unsent}
        <button class="link" onClick={() => it.retry(line.cid!)}>
          {words.retry}
        </button>
        <button class="link" onClick={() => navigator.clipboard?.writeText(line.body!)}>
          {words.copy}
        </button>
      </small>
    );
  return (
    <small class="state">
      {line.state == "read" && line.at ? fill(words.readAt, clock(it.language, line.at)) : words[line.state as "sent"]}
    </small>
  );
};

const Message = ({ it, line, last }: { it: Chatting; line: Line; last: boolean }) => {
  const { words } = it;
  const mine = line.by == "visitor";
  const who = mine ? words.you : line.kind == "offer" ? words.machine : line.name || it.room?.agent?.name || words.team;
  return (
    <>
      <div class={mine ? "bubble mine" : "bubble"}>
        <span class="sr">{who} : </span>
        <Text body={line.body || ""} />
      </div>
      {line.kind == "offer" && <small class="under">{words.machine}</small>}
      {mine && (last || line.state == "failed") && <Fate it={it} line={line} />}
    </>
  );
};

const Lines = ({ it }: { it: Chatting }) => {
  const own = it.lines.filter((line) => line.by == "visitor" && line.kind == "text");
  const lastOwn = own[own.length - 1];
  let shown = "";
  return (
    <>
      {it.lines.map((line) => {
        const said = notice(it.words, line);
        const talk = line.kind == "text" || line.kind == "offer";
        if (!said && !talk) return null;
        const date = line.ts ? day(it.words, it.language, line.ts) : shown;
        const fresh = date != shown;
        shown = date;
        return (
          <Fragment key={line.cid || line.seq}>
            {fresh && (
              <small>
                {date}, {clock(it.language, line.ts!)}
              </small>
            )}
            {said ? <small>{said}</small> : <Message it={it} line={line} last={line == lastOwn} />}
          </Fragment>
        );
      })}
    </>
  );
};

/** Where things stand, in words: who is there, or which place in the queue and how long it takes. */
const standing = ({ words, room, agents }: Chatting): string => {
  if (!room || room.state == "open") return room?.agent || agents ? words.here : words.away;
  if (room.state == "closed") return words.ended;
  const place = room.position ? fill(words.place, room.position) : words.waiting;
  return room.wait ? `${place}, ${fill(words.wait, Math.max(1, Math.round(room.wait / 60)))}` : place;
};

const Warning = ({ it }: { it: Chatting }) => {
  const { words, room } = it;
  const text =
    room?.status == "gone"
      ? words.gone
      : it.failed
        ? words.failed
        : room?.status == "down"
          ? words.offline
          : room?.state != "open" && !it.agents
            ? words.nobody
            : "";
  return (
    <div role="status">
      {text && (
        <p class="tag">
          {text}
          {room?.status == "gone" && (
            <button class="link" onClick={it.restart}>
              {words.again}
            </button>
          )}
        </p>
      )}
    </div>
  );
};

export const Head = ({ title, note, label, icon, close }: { title: string; note: string; label: string; icon: any; close(): void }) => (
  <header>
    <span class="face">{title.length ? title[0] : <Mark />}</span>
    <div>
      <b>{title}</b>
      <small>{note}</small>
    </div>
    <button class="icon" aria-label={label} onClick={close}>
      {icon}
    </button>
  </header>
);

const Ending = ({ it }: { it: Chatting }) => (
  <div class="end" role="alertdialog" aria-label={it.words.endAsk}>
    <p>{it.words.endAsk}</p>
    <div class="pair">
      <button class="main" onClick={it.end}>
        {it.words.end}
      </button>
      <button onClick={() => it.ask(false)}>{it.words.goOn}</button>
    </div>
  </div>
);

const Composer = ({ it }: { it: Chatting }) => (
  <form
    onSubmit={(event: Event) => {
      event.preventDefault();
      it.send();
    }}
  >
    {it.tooLong && <small class="bad">{it.words.tooLong}</small>}
    <div class="field">
      <textarea
        ref={it.field}
        rows={1}
        aria-label={it.words.message}
        placeholder={it.words.message}
        value={it.draft}
        onInput={(event: any) => it.write(event.target.value)}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key == "Enter" && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            it.send();
          }
        }}
      />
      <button class="main go" aria-label={it.words.send}>
        <Up />
      </button>
    </div>
    <div class="foot">
      <small />
      {it.room && (
        <button type="button" class="link" onClick={() => it.ask(true)}>
          {it.words.end}
        </button>
      )}
    </div>
  </form>
);

export const Chat = ({ it }: { it: Chatting }) => {
  const { words, room } = it;
  const name = room?.agent?.name;
  return (
    <section class="chat" role="dialog" aria-label={words.chat}>
      <Head title={name || words.team} note={standing(it)} label={words.minimise} icon={<Minus />} close={it.minimise} />
      <Warning it={it} />
      <div class="log" role="log" aria-live="polite" ref={it.log} tabIndex={0}>
        {!it.lines.length && <div class="bubble">{words.greeting}</div>}
        <Lines it={it} />
      </div>
      {room?.typing && (
        <div class="row under" aria-hidden="true">
          <span class="bubble dots">
            <i />
            <i />
            <i />
          </span>
          <small>{fill(words.typing, name || words.team)}</small>
        </div>
      )}
      {it.ending ? <Ending it={it} /> : <Composer it={it} />}
    </section>
  );
};
