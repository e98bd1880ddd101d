/** The card that offers help: it asks once, takes no focus, and both answers are of one size. */
import { h } from "preact";
import { Cross, Mark } from "./icons";
import type { Words } from "./words";

export interface Invited {
  words: Words;
  message: string;
  agents: boolean;
  why: boolean;
  trouble: "over" | "failed" | null;
  busy: boolean;
  accept(): void;
  decline(): void;
  explain(): void;
}

export const Invitation = (it: Invited) => {
  const { words } = it;
  return (
    <section class="card" role="status" aria-label={words.automatic}>
      <header>
        <span class="face">
          <Mark />
        </span>
        <div>
          <b>{words.team}</b>
          <small>{it.agents ? words.available : words.away}</small>
        </div>
        <button class="icon" aria-label={words.close} onClick={it.decline}>
          <Cross />
        </button>
      </header>
      <p class="quote">{it.message}</p>
      {it.trouble && <p class="bad">{words[it.trouble]}</p>}
      <div class="pair">
        <button class="main" disabled={it.busy} onClick={it.accept}>
          {it.trouble == "over" ? words.anyway : words.accept}
        </button>
        <button onClick={it.decline}>{words.decline}</button>
      </div>
      <div class="foot">
        <small>{words.automatic}</small>
        <button class="link" aria-expanded={it.why} onClick={it.explain}>
          {words.why}
        </button>
      </div>
      {it.why && <small>{words.because}</small>}
    </section>
  );
};
