/** A short survey after the conversation: every question may be left out, and all of it skipped. */
import type { SurveyAnswers, SurveyQuestion } from "@aparte/protocol";
import { h } from "./dom";
import type { App } from "./app";
import { Address, ask } from "./mail";
import { Cross, Head, Pair } from "./parts";
import { clock, FORM } from "./words";

type Props = { app: App };
type Words = Record<keyof typeof FORM, string>;

const Choices = ({
  app,
  ask,
  label,
  wide,
  values,
}: Props & { ask: SurveyQuestion; label: string; wide: number; values: [number | boolean, string | number][] }) => (
  <div class="grid" role="group" aria-label={label} style={`--w:${wide}`}>
    {values.map(([value, text]) => {
      const chosen = app.answers[ask] === value;
      return (
        <button aria-pressed={chosen} onClick={() => choose(app, { [ask]: chosen ? null : value })}>
          {chosen ? "✓ " : ""}
          {text}
        </button>
      );
    })}
  </div>
);

const choose = (app: App, some: Partial<SurveyAnswers>): void => {
  app.answers = { ...app.answers, ...some };
  app.counted = Math.max(app.counted + 1, Date.now());
  app.draw();
};

/** What was answered goes to the shop; an address that stands there is sent the conversation. */
const answer = async (app: App): Promise<void> => {
  const mail = !!app.said.email?.trim();
  const some = Object.values(app.answers).some((one) => one !== null && one !== "");
  if (!some && !mail) return app.leave(true);
  if (mail) {
    await ask(app);
    if (app.wrong || app.failed) return;
  }
  if (some) {
    // The number says which of two answers was given later, whichever arrives later.
    const said = { ...app.answers, comment: app.answers.comment || "", n: app.counted };
    await app.attempt(`conv/${app.room!.id}/survey`, said, () => undefined);
  }
  if (!app.failed) {
    app.thanked = true;
    setTimeout(() => app.thanked && app.leave(true), mail ? 6000 : 2500);
  }
  app.draw();
};

const scale = (from: number, to: number): [number, number][] =>
  Array.from({ length: to - from + 1 }, (_, at) => [from + at, from + at]);

/** Of each question: its words, how many marks stand in a row, the marks, and what the first and the last mean. */
const asked = (words: Words) => ({
  csat: [words.helped, 5, scale(1, 5), words.notAtAll, words.entirely],
  solved: [words.solved, 2, [[true, words.yes], [false, words.no]]],
  ces: [words.easy, 7, scale(1, 7), words.disagree, words.agree],
  nps: [words.recommend, 6, scale(0, 10), words.never, words.surely],
}) as Record<SurveyQuestion, [string, number, [number | boolean, string | number][], string?, string?]>;

const Questions = ({ app, words }: Props & { words: Words }) => (
  <div class="survey">
    {app.room!.asks.map((ask) => {
      const [label, wide, values, from, to] = asked(words)[ask];
      return [
        <h2>{label}</h2>,
        <Choices app={app} ask={ask} label={label} wide={wide} values={values} />,
        from && (
          <div class="foot">
            <small>{from}</small>
            <small>{to}</small>
          </div>
        ),
      ];
    })}
    <h2>
      {words.comment} <small>{words.optional}</small>
    </h2>
    <textarea
      aria-label={words.comment}
      maxLength={2000}
      value={app.answers.comment || ""}
      onInput={(event: any) => choose(app, { comment: event.target.value })}
    />
    <h2>
      {app.words.mail} <small>{words.optional}</small>
    </h2>
    <Address app={app} />
  </div>
);

export const Survey = ({ app, app: { words, name, thanked } }: Props) => {
  const own = app.speak(FORM);
  return (
  <section class="chat" role="dialog" aria-label={own.helped}>
    <Head
      name={name}
      face={app.face}
      title={words.team}
      note={`${words.ended}, ${clock(app.bridge.language(), app.closedAt)}`}
      label={words.close}
      onClick={() => app.leave(true)}
    >
      <Cross />
    </Head>
    {thanked ? (
      <p class="survey" role="status">
        {own.thanks} {app.aside == "mailed" && own.mailed}
      </p>
    ) : (
      <Questions app={app} words={own} />
    )}
    {!thanked && (
      <form onSubmit={(event: Event) => event.preventDefault()}>
        {app.failed && (
          <p class="bad" role="alert">
            {words.failed}
          </p>
        )}
        <Pair yes={words.send} no={own.skip} onYes={() => answer(app)} onNo={() => app.leave(true)} />
      </form>
    )}
  </section>
  );
};
