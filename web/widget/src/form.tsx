/** Another way out than to wait: a message that is answered by e-mail, or a number to be called at. A file of its own. */
import type { AskKind, Asking, Conversation } from "@aparte/protocol";
import { h } from "./dom";
import type { App } from "./app";
import { Cross, Head, Link, Minus, Pair } from "./parts";
import { FORM } from "./words";

/** The fields of each kind, in their order; the first ones are needed, and of what an invitation asks all. */
const FIELDS = { message: ["email", "body", "name"], callback: ["phone", "wanted", "name"] };
const MOST: Record<string, number> = { email: 254, phone: 40, body: 4000, question: 4000 };
const TYPES: Record<string, string> = { email: "email", phone: "tel" };

const fields = ({ kind, ask }: Asking): string[] => (kind == "chat" ? ask || [] : FIELDS[kind]);

const needed = (kind: AskKind, name: string): boolean => kind == "chat" || /body|email|phone/.test(name);

/** The field that a refusal is about. */
const about = (asking: Asking, said: Record<string, string>, code: string): string => {
  const all = fields(asking);
  if (/bad_[ep]/.test(code)) return all.find((name) => code == "bad_" + name) || all[0];
  if (asking.kind != "chat") return all[1];
  return code == "empty" ? all.find((name) => !said[name]?.trim()) || all[0] : all[all.length - 1];
};

/** Tell the server what he has written: a request, or what comes before the conversation that he has accepted. */
const tell = async (app: App, asking: Asking, words: Record<string, string>): Promise<void> => {
  const { kind, engagement } = asking;
  if (kind != "chat") {
    const { token } = await app.post<{ token?: string }>("requests", { ...asking, ...words });
    if (token) app.bridge.keep(token);
    return received(app);
  }
  const url = location.origin + location.pathname;
  const path = engagement ? `offers/${engagement}/accept` : "conversations";
  const reply = await app.post<{ token?: string; conversation: Conversation }>(path, { form: words, url });
  if (reply.token) app.bridge.keep(reply.token);
  app.said = {};
  app.asking = null;
  app.enter(reply.conversation);
  app.open();
};

/** Whether a try is under way. */
let busy = false;

/** Send what he has written; whatever is wrong with it is said at its field. */
const submit = async (app: App, again?: boolean): Promise<void> => {
  const { asking, said } = app;
  if (!asking || (busy && !again)) return;
  const words = Object.fromEntries(fields(asking).map((name) => [name, said[name] || ""]));
  busy = true;
  app.failed = false;
  app.wrong = asking.kind == "chat" && Object.values(words).some((word) => !word.trim()) ? "empty" : "";
  try {
    if (!app.wrong) await tell(app, asking, words);
  } catch (why) {
    // An earlier try has arrived with other words: these are a request of their own.
    if (why == 409 && !again) {
      app.asking = { ...asking, cid: app.random(16), engagement: "" };
      return submit(app, true);
    }
    if (typeof why == "string") app.wrong = why;
    else app.failed = true;
  }
  busy = false;
  app.store();
  app.draw();
  if (app.wrong || app.thanked) app.shell.focus(app.thanked ? ".icon" : "[aria-invalid=true]");
};

/** The request is with the shop; whoever was in the queue has left it. */
const received = (app: App): void => {
  app.thanked = true;
  app.said = {};
  if (app.room?.state == "queued") app.part();
};

/** Away with the form: he waits on, or goes on in the shop. */
const drop = (app: App): void => {
  app.asking = null;
  app.thanked = app.failed = false;
  if (app.room) app.open();
  else app.leave(true);
};

const Field = ({ app, app: { words, asking, said, wrong }, name }: { app: App; name: string }) => {
  const bad = !!wrong && about(asking!, said, wrong) == name;
  const own = app.speak(FORM);
  const its = {
    name,
    maxLength: MOST[name] || 200,
    autocomplete: TYPES[name] || (name == "name" ? name : "off"),
    "aria-required": needed(asking!.kind, name),
    "aria-invalid": bad,
    ...(bad && { "aria-describedby": "wrong" }),
    value: said[name] || "",
    onInput: (event: any) => {
      said[name] = event.target.value;
    },
  };
  return (
    <label>
      {name == "body" ? words.message : own[name as keyof typeof FORM]} {!its["aria-required"] && <small>{own.optional}</small>}
      {/body|question/.test(name) ? <textarea {...its} /> : <input type={TYPES[name] || "text"} {...its} />}
      {bad && (
        <span class="bad" role="alert" id="wrong">
          {wrong == "too_long" ? words.tooLong : own[(wrong == "empty" && name != "body" ? "needed" : wrong) as keyof typeof FORM]}
        </span>
      )}
    </label>
  );
};

export const Form = ({ app, app: { words, room, asking } }: { app: App }) => {
  const own = app.speak(FORM);
  const { kind } = asking!;
  const call = kind == "callback";
  const chat = kind == "chat";
  const title = chat ? own.before : call ? words.callback : words.leaveMessage;
  return (
    <section class="chat brief" role="dialog" aria-label={title}>
      <Head
        name={app.name}
        face={app.face}
        title={words.team}
        note={title}
        label={app.thanked ? words.close : words.minimise}
        onClick={() => (app.thanked ? drop(app) : app.minimise())}
      >
        {app.thanked ? <Cross /> : <Minus />}
      </Head>
      {app.thanked ? (
        <p class="survey" role="status">
          {call ? own.callSoon : own.replySoon}
        </p>
      ) : (
        <form class="survey" noValidate onSubmit={(event: Event) => event.preventDefault()}>
          {fields(asking!).map((name) => (
            <Field key={name} app={app} name={name} />
          ))}
          {app.failed && (
            <p class="bad" role="alert">
              {words.failed}
            </p>
          )}
          <Pair
            yes={chat ? own.begin : words.send}
            no={chat ? own.skip : room ? own.stay : own.back}
            onYes={() => submit(app)}
            onNo={() => drop(app)}
          />
          {!chat && (
            <div class="foot">
              <Link onClick={() => app.request(call ? "message" : "callback")}>
                {call ? words.leaveMessage : words.callback}
              </Link>
            </div>
          )}
        </form>
      )}
    </section>
  );
};
