/** A short survey after the conversation: every question may be left out, and all of it skipped. */
import type { SurveyAnswers } from "@aparte/protocol";
import { h } from "preact";
import { Head } from "./chat";
import { Cross } from "./icons";
import type { Words } from "./words";

export interface Asked {
  words: Words;
  title: string;
  note: string;
  answers: SurveyAnswers;
  failed: boolean;
  thanked: boolean;
  first(element: HTMLElement | null): void;
  choose(answers: Partial<SurveyAnswers>): void;
  send(): void;
  skip(): void;
}

const Choices = ({
  label,
  kind,
  values,
  chosen,
  pick,
}: {
  label: string;
  kind: string;
  values: [unknown, string | number][];
  chosen: unknown;
  pick(value: any): void;
}) => (
  <div class={kind} role="group" aria-label={label}>
    {values.map(([value, text]) => (
      <button aria-pressed={value === chosen} onClick={() => pick(value === chosen ? null : value)}>
        {value === chosen ? "✓ " : ""}
        {text}
      </button>
    ))}
  </div>
);

const scale = (from: number, to: number): [number, number][] =>
  Array.from({ length: to - from + 1 }, (_, at) => [from + at, from + at]);

const Questions = ({ it }: { it: Asked }) => {
  const { words, answers } = it;
  return (
    <div class="survey">
      <h2 tabIndex={-1} ref={it.first}>{words.helped}</h2>
      <Choices label={words.helped} kind="grid" values={scale(1, 5)} chosen={answers.csat} pick={(csat) => it.choose({ csat })} />
      <small class="ends">
        <span>{words.notAtAll}</span>
        <span>{words.entirely}</span>
      </small>
      <h2>{words.solved}</h2>
      <Choices
        label={words.solved}
        kind="grid pair"
        values={[
          [true, words.yes],
          [false, words.no],
        ]}
        chosen={answers.solved}
        pick={(solved) => it.choose({ solved })}
      />
      <h2>{words.recommend}</h2>
      <Choices label={words.recommend} kind="grid nps" values={scale(0, 10)} chosen={answers.nps} pick={(nps) => it.choose({ nps })} />
      <small class="ends">
        <span>{words.never}</span>
        <span>{words.surely}</span>
      </small>
      <h2>
        {words.comment}
        <small>{words.optional}</small>
      </h2>
      <textarea
        aria-label={words.comment}
        maxLength={2000}
        value={answers.comment || ""}
        onInput={(event: any) => it.choose({ comment: event.target.value })}
      />
      {it.failed && <p class="bad" role="alert">{words.failed}</p>}
    </div>
  );
};

export const Survey = ({ it }: { it: Asked }) => (
  <section class="chat" role="dialog" aria-label={it.words.helped}>
    <Head title={it.title} note={it.note} label={it.words.close} icon={<Cross />} close={it.skip} />
    {it.thanked ? <p class="survey" role="status">{it.words.thanks}</p> : <Questions it={it} />}
    {!it.thanked && (
      <div class="end pair">
        <button class="main" onClick={it.send}>
          {it.words.send}
        </button>
        <button onClick={it.skip}>{it.words.skip}</button>
      </div>
    )}
  </section>
);
