/** The conversation: a log that a screen reader follows, and one field to write in. */
import { Fragment, h } from "./dom";
import type { App } from "./app";
import { Shown } from "./card";
import { parts } from "./links";
import { Aside } from "./mail";
import { Head, Link, Minus, Pair, Up } from "./parts";
import type { Line } from "./room";
import { standing, stuck, warning } from "./standing";
import { clock, fill, PREVIEW, type Word, wordsIn } from "./words";

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
      {line.code == "too_long" ? words.tooLong : line.code == "blocked" ? words.blocked : words.unsent}{" "}
      {line.code != "blocked" && room && <Link onClick={() => room.retry(line.cid!)}>{words.retry}</Link>}{" "}
      <Link onClick={() => navigator.clipboard?.writeText(line.body!)}>{words.copy}</Link>
    </small>
  ) : (
    <small class="state">
      {line.fate == "read" && room!.readAt ? fill(words.readAt, clock(app.bridge.language(), room!.readAt)) : words[line.fate!]}
    </small>
  );

const Message = ({ app, app: { words, name }, line, last }: Props & { line: Line; last: boolean }) => {
  const mine = line.by == "visitor";
  const offer = line.kind == "offer";
  return (
    <>
      <div class={mine ? "bubble mine" : "bubble"}>
        <span class="sr">{mine ? words.you : offer ? words.machine : line.name || name || words.team} : </span>
        <div dir="auto">{text(line.body)}</div>
      </div>
      {offer && <small class="under">{words.machine}</small>}
      {mine && (last || line.fate == "unsent") && <Fate app={app} line={line} />}
    </>
  );
};

const day = ({ words, bridge }: App, at: number): string =>
  new Date(at).toDateString() == new Date().toDateString()
    ? words.today
    : new Intl.DateTimeFormat(bridge.language(), { dateStyle: "long" }).format(at);

const Lines = ({ app, app: { words } }: Props) => {
  const lines = app.lines();
  const latest = lines.filter((line) => line.by == "visitor" && line.kind == "text").pop();
  let shown = "";
  return lines.map((line) => {
    const { kind } = line;
    const talk = /text|offer/.test(kind);
    const thing = /card|page|coupon/.test(kind);
    const said = kind == "close" ? words.ended : words[kind as Word];
    if (!talk && !thing && !said) return null;
    const date = line.ts ? day(app, line.ts) : shown;
    const fresh = date != shown;
    shown = date;
    return (
      <Fragment key={line.cid || line.seq}>
        {fresh && (
          <small>
            {date}, {clock(app.bridge.language(), line.ts!)}
          </small>
        )}
        {talk ? (
          <Message app={app} line={line} last={line == latest} />
        ) : thing ? (
          <Shown app={app} line={line} />
        ) : (
          <small>{fill(said, line.body || "")}</small>
        )}
      </Fragment>
    );
  });
};

const Composer = ({ app, app: { words, room } }: Props) => (
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
    {room?.preview && (
      <p id="preview">
        <small>{wordsIn(PREVIEW, app.bridge.language()).preview}</small>
      </p>
    )}
    <div class="field">
      <textarea
        rows={1}
        dir="auto"
        {...(room?.preview && { "aria-describedby": "preview" })}
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
    <div class="foot">
      {room && <Link onClick={() => app.put("mail")}>{words.mail}</Link>}
      {room && <Link onClick={() => app.put("end")}>{room.state == "queued" ? words.quit : words.end}</Link>}
    </div>
  </form>
);

const restart = (app: App): void => {
  app.leave();
  app.open();
};

export const Chat = ({ app, app: { words, room, name, aside } }: Props) => {
  const warned = warning(app);
  return (
    <section class="chat" role="dialog" aria-label={words.chat}>
      <Head name={name} face={app.face} title={words.team} note={standing(app)} label={words.minimise} onClick={() => app.minimise()}>
        <Minus />
      </Head>
      {room?.bot && (
        <p class="tag bot">
          {words.bot} <Link onClick={() => app.person()}>{words.person}</Link>
        </p>
      )}
      <div role="status">
        {warned && (
          <p class="tag">
            {warned} {room?.line == "gone" && <Link onClick={() => restart(app)}>{words.again}</Link>}
          </p>
        )}
      </div>
      {stuck(app) && (
        <div class="ways">
          <Pair
            yes={words.leaveMessage}
            no={words.callback}
            onYes={() => app.request("message")}
            onNo={() => app.request("callback")}
          />
        </div>
      )}
      <div
        class="log"
        role="log"
        aria-label={words.chat}
        aria-live={room && !room.known ? "off" : "polite"}
        aria-relevant="additions"
        tabIndex={0}
        ref={app.log}
      >
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
      {aside ? (
        <Aside app={app} />
      ) : (
        !room?.barred && !app.barred && <Composer app={app} />
      )}
    </section>
  );
};
