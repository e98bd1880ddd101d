/** The conversation: a log that a screen reader follows, and one field to write in. */
import { Fragment, h } from "./dom";
import type { App } from "./app";
import { parts } from "./links";
import { Head, Link, Minus, Pair, Up } from "./parts";
import type { Line } from "./room";
import { fill, type Word } from "./words";

type Props = { app: App };

/** Text nodes only; an address of another site opens a new tab, one of this shop this one: the conversation follows. */
const text = (body = "") =>
  parts(body).map(({ text, href }) =>
    href ? (
      <a href={href} rel="noopener nofollow ugc" target={href.startsWith(location.origin + "/") ? "" : "_blank"}>
        {text}
      </a>
    ) : (
      text
    ),
  );

const Fate = ({ app, app: { words, room }, line }: Props & { line: Line }) =>
  line.fate == "unsent" ? (
    <small class="state bad">
      {line.code == "too_long" ? words.tooLong : words.unsent}{" "}
      <Link onClick={() => app.room!.retry(line.cid!)}>{words.retry}</Link>{" "}
      <Link onClick={() => navigator.clipboard?.writeText(line.body!)}>{words.copy}</Link>
    </small>
  ) : (
    <small class="state">
      {line.fate == "read" && room!.readAt ? fill(words.readAt, app.clock(room!.readAt)) : words[line.fate!]}
    </small>
  );

const Message = ({ app, app: { words, name }, line, last }: Props & { line: Line; last: boolean }) => {
  const mine = line.by == "visitor";
  const offer = line.kind == "offer";
  return (
    <>
      <div class={mine ? "bubble mine" : "bubble"}>
        <span class="sr">{mine ? words.you : offer ? words.machine : line.name || name || words.team} : </span>
        {text(line.body)}
      </div>
      {offer && <small class="under">{words.machine}</small>}
      {mine && (last || line.fate == "unsent") && <Fate app={app} line={line} />}
    </>
  );
};

const Lines = ({ app, app: { words } }: Props) => {
  const lines = app.lines();
  const newest = lines.filter((line) => line.by == "visitor" && line.kind == "text").pop();
  let shown = "";
  return lines.map((line) => {
    const talk = /text|offer/.test(line.kind);
    const said = line.kind == "close" ? words.ended : words[line.kind as Word];
    if (!talk && !said) return null;
    const day = line.ts ? app.day(line.ts) : shown;
    const fresh = day != shown;
    shown = day;
    return (
      <Fragment key={line.cid || line.seq}>
        {fresh && (
          <small>
            {day}, {app.clock(line.ts!)}
          </small>
        )}
        {talk ? <Message app={app} line={line} last={line == newest} /> : <small>{fill(said, line.body || "")}</small>}
      </Fragment>
    );
  });
};

/** Where things stand: who is there, or which place in the queue and how long it takes. */
const standing = (app: App): string => {
  const { words, room } = app;
  if (!room) return app.presence;
  if (room.state == "open") return words.here;
  const place = room.position ? fill(words.place, room.position) : words.queue;
  const wait = room.wait_s ? fill(words.wait, Math.ceil(room.wait_s / 60)) : room.wait_s === null && words.unsure;
  return wait ? `${place}, ${wait}` : place;
};

/** What stands between the visitor and an answer, said plainly. */
const warning = ({ words, room, failed, stuck, help }: App): string | false =>
  room?.line == "gone"
    ? words.gone
    : failed
      ? words.failed
      : room?.line == "down"
        ? words.offline
        : stuck && (help == "form" || room?.wait_s === null ? words.nobody : words.long);

const Composer = ({ app, app: { words } }: Props) => (
  <form
    onSubmit={(event: Event) => {
      event.preventDefault();
      app.say();
    }}
  >
    {app.tooLong && (
      <p class="bad" role="alert">
        {words.tooLong}
      </p>
    )}
    <div class="field">
      <textarea
        rows={1}
        aria-label={words.message}
        placeholder={words.message}
        value={app.draft}
        onInput={(event: any) => app.write(event.target.value)}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key != "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          app.say();
        }}
      />
      <button class="main go" aria-label={words.send}>
        <Up />
      </button>
    </div>
    <div class="foot">{app.room && <Link onClick={() => app.ask(true)}>{app.room.state == "queued" ? words.quit : words.end}</Link>}</div>
  </form>
);

export const Chat = ({ app, app: { words, room, name } }: Props) => {
  const warned = warning(app);
  return (
    <section class="chat" role="dialog" aria-label={words.chat}>
      <Head name={name} title={words.team} note={standing(app)} label={words.minimise} onClick={() => app.minimise()}>
        <Minus />
      </Head>
      <div role="status">
        {warned && (
          <p class="tag">
            {warned} {room?.line == "gone" && <Link onClick={() => app.restart()}>{words.again}</Link>}
          </p>
        )}
      </div>
      {app.stuck && (
        <div class="ways">
          <Pair
            yes={words.leaveMessage}
            no={words.callback}
            onYes={() => app.request("message")}
            onNo={() => app.request("callback")}
          />
        </div>
      )}
      <div class="log" role="log" aria-live="polite" tabIndex={0} ref={app.log}>
        <span style="margin:auto" />
        {!app.lines()[0] && <div class="bubble">{words.greeting}</div>}
        <Lines app={app} />
      </div>
      {room?.typing && (
        <div class="row" aria-hidden="true">
          <span class="bubble">
            <i />
            <i />
            <i />
          </span>
          <small>{fill(words.typing, name || words.team)}</small>
        </div>
      )}
      {app.ending ? (
        <form aria-label={words.endAsk} onSubmit={(event: Event) => event.preventDefault()}>
          <p>{words.endAsk}</p>
          <Pair yes={words.end} no={words.goOn} onYes={() => app.end()} onNo={() => app.ask(false)} />
        </form>
      ) : (
        <Composer app={app} />
      )}
    </section>
  );
};
