/** What stands in the place of the field: whether to end, or the conversation by mail, to an address that is confirmed. */
import { h } from "./dom";
import type { App } from "./app";
import { Pair } from "./parts";
import { FORM } from "./words";

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** Ask for the mail; the answer is the same whoever's address it is. */
export const ask = async (app: App): Promise<void> => {
  const email = (app.said.email || "").trim();
  app.failed = false;
  app.wrong = ADDRESS.test(email) ? "" : "bad_email";
  if (!app.wrong)
    try {
      await app.post(`conv/${app.room!.id}/transcript`, { email });
      app.aside = "mailed";
      // Once is enough: the survey does not send it again.
      app.said.email = "";
    } catch (why) {
      if (typeof why == "string") app.wrong = "bad_email";
      else app.failed = true;
    }
  app.draw();
  app.shell.focus(app.wrong ? "[aria-invalid=true]" : "form button");
};

export const Address = ({ app }: { app: App }) => {
  const words = app.speak(FORM);
  const bad = !!app.wrong;
  return (
    <label>
      {words.email}
      <input
        type="email"
        name="email"
        autocomplete="email"
        maxLength={254}
        aria-invalid={bad}
        {...(bad && { "aria-describedby": "wrong" })}
        value={app.said.email || ""}
        onInput={(event: any) => {
          app.said.email = event.target.value;
        }}
      />
      {bad && (
        <span class="bad" role="alert" id="wrong">
          {words.bad_email}
        </span>
      )}
    </label>
  );
};

const Mail = ({ app }: { app: App }) => {
  const words = app.speak(FORM);
  const done = app.aside == "mailed";
  return (
    <form aria-label={app.words.mail} noValidate onSubmit={(event: Event) => event.preventDefault()}>
      {done ? <p role="status">{words.mailed}</p> : <Address app={app} />}
      {app.failed && (
        <p class="bad" role="alert">
          {app.words.failed}
        </p>
      )}
      <div class="after">
        {done ? (
          <button onClick={() => app.put("")}>{words.goOn}</button>
        ) : (
          <Pair yes={app.words.send} no={words.back} onYes={() => ask(app)} onNo={() => app.put("")} />
        )}
      </div>
    </form>
  );
};

const Ending = ({ app }: { app: App }) => {
  const words = app.speak(FORM);
  return (
    <form aria-label={words.endAsk} onSubmit={(event: Event) => event.preventDefault()}>
      <p>{words.endAsk}</p>
      <Pair yes={app.words.end} no={words.goOn} onYes={() => app.end()} onNo={() => app.put("")} />
    </form>
  );
};

export const Aside = ({ app }: { app: App }) => (app.aside == "end" ? Ending({ app }) : Mail({ app }));
