/** A short survey after the conversation: every question may be left out, and all of it skipped. */
import { h } from "./dom";
import type { App } from "./app";
import { Cross, Head, Pair } from "./parts";
import { FORM } from "./words";

type Props = { app: App };
type Question = "csat" | "solved" | "nps";

const Choices = ({
  app,
  ask,
  label,
  wide,
  values,
}: Props & { ask: Question; label: string; wide: number; values: [number | boolean, string | number][] }) => (
  <div class="grid" role="group" aria-label={label} style={`--w:${wide}`}>
    {values.map(([value, text]) => {
      const chosen = app.answers[ask] === value;
      return (
        <button aria-pressed={chosen} onClick={() => app.choose({ [ask]: chosen ? null : value })}>
          {chosen ? "✓ " : ""}
          {text}
        </button>
      );
    })}
  </div>
);

const scale = (from: number, to: number): [number, number][] =>
  Array.from({ length: to - from + 1 }, (_, at) => [from + at, from + at]);

const Ends = ({ from, to }: { from: string; to: string }) => (
  <div class="foot">
    <small>{from}</small>
    <small>{to}</small>
  </div>
);

const Questions = ({ app, words }: Props & { words: Record<keyof typeof FORM, string> }) => (
  <div class="survey">
    <h2>{words.helped}</h2>
    <Choices app={app} ask="csat" label={words.helped} wide={5} values={scale(1, 5)} />
    <Ends from={words.notAtAll} to={words.entirely} />
    <h2>{words.solved}</h2>
    <Choices
      app={app}
      ask="solved"
      label={words.solved}
      wide={2}
      values={[
        [true, words.yes],
        [false, words.no],
      ]}
    />
    <h2>{words.recommend}</h2>
    <Choices app={app} ask="nps" label={words.recommend} wide={6} values={scale(0, 10)} />
    <Ends from={words.never} to={words.surely} />
    <h2>
      {words.comment} <small>{words.optional}</small>
    </h2>
    <textarea
      aria-label={words.comment}
      maxLength={2000}
      value={app.answers.comment || ""}
      onInput={(event: any) => app.choose({ comment: event.target.value })}
    />
  </div>
);

export const Survey = ({ app, app: { words, name, thanked } }: Props) => {
  const own = app.speak(FORM);
  return (
  <section class="chat" role="dialog" aria-label={own.helped}>
    <Head
      name={name}
      title={words.team}
      note={`${words.ended}, ${app.clock(app.closedAt)}`}
      label={words.close}
      onClick={() => app.leave()}
    >
      <Cross />
    </Head>
    {thanked ? (
      <p class="survey" role="status">
        {own.thanks}
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
        <Pair yes={words.send} no={own.skip} onYes={() => app.answer()} onNo={() => app.leave()} />
      </form>
    )}
  </section>
  );
};
