/** Another way out than to wait: a message that is answered by e-mail, or a number to be called at. A file of its own. */
import type { RequestKind } from "@aparte/protocol";
import { h } from "./dom";
import type { App } from "./app";
import { Cross, Head, Link, Minus, Pair } from "./parts";
import { FORM } from "./words";

/** The fields of each kind, in their order; the first ones are needed. */
export const FIELDS = { message: ["email", "body", "name"], callback: ["phone", "wanted", "name"] } as const;
const MOST: Record<string, number> = { email: 254, phone: 40, body: 4000 };
const TYPES: Record<string, string> = { email: "email", phone: "tel" };

/** The field that a refusal is about. */
const about = (kind: RequestKind, code: string): string => (/bad_[ep]/.test(code) ? FIELDS[kind][0] : FIELDS[kind][1]);

const Field = ({ app, app: { words, asking, said, wrong }, name }: { app: App; name: string }) => {
  const bad = !!wrong && about(asking!.kind, wrong) == name;
  const own = app.speak(FORM);
  const its = {
    name,
    maxLength: MOST[name] || 200,
    autocomplete: TYPES[name] || (name == "name" ? name : "off"),
    "aria-required": /body|email|phone/.test(name),
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
      {name == "body" ? <textarea {...its} /> : <input type={TYPES[name] || "text"} {...its} />}
      {bad && (
        <span class="bad" role="alert" id="wrong">
          {wrong == "too_long" ? words.tooLong : own[wrong as keyof typeof FORM]}
        </span>
      )}
    </label>
  );
};

export const Form = ({ app, app: { words, room, asking } }: { app: App }) => {
  const own = app.speak(FORM);
  const call = asking!.kind == "callback";
  const title = call ? words.callback : words.leaveMessage;
  return (
    <section class="chat brief" role="dialog" aria-label={title}>
      <Head
        title={words.team}
        note={title}
        label={app.thanked ? words.close : words.minimise}
        onClick={() => (app.thanked ? app.drop() : app.minimise())}
      >
        {app.thanked ? <Cross /> : <Minus />}
      </Head>
      {app.thanked ? (
        <p class="survey" role="status">
          {call ? own.callSoon : own.replySoon}
        </p>
      ) : (
        <form class="survey" noValidate onSubmit={(event: Event) => event.preventDefault()}>
          {FIELDS[asking!.kind].map((name) => (
            <Field key={name} app={app} name={name} />
          ))}
          {app.failed && (
            <p class="bad" role="alert">
              {words.failed}
            </p>
          )}
          <Pair yes={words.send} no={room ? own.stay : own.back} onYes={() => app.submit()} onNo={() => app.drop()} />
          <div class="foot">
            <Link onClick={() => app.request(call ? "message" : "callback")}>
              {call ? words.leaveMessage : words.callback}
            </Link>
          </div>
        </form>
      )}
    </section>
  );
};
