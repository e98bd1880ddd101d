/** What offers help: it asks once, takes no focus, and both answers are of one size. */
import { h } from "./dom";
import type { App } from "./app";
import { presence } from "./standing";
import { Cross, Head, Link, Pair } from "./parts";

export const Invitation = ({ app, app: { words, offers } }: { app: App }) => {
  const decline = () => offers.answer("decline");
  const { message, channel, appearance } = offers.current!;
  return (
    <section class={"card as-" + appearance?.style} role="status">
      <Head title={words.team} note={presence(app)} label={words.close} onClick={decline}>
        <Cross />
      </Head>
      {appearance?.quote === false ? <p>{message}</p> : <q>{message}</q>}
      {offers.trouble && <p class="bad">{words[offers.trouble]}</p>}
      <Pair
        yes={channel == "callback" ? words.callback : offers.trouble == "over" ? words.anyway : words.accept}
        no={words.decline}
        onYes={() => app.accept()}
        onNo={decline}
      />
      <div class="foot">
        <small>{words.automatic}</small>
        <Link
          aria-expanded={offers.why}
          onClick={() => {
            offers.why = !offers.why;
            app.draw();
          }}
        >
          {words.why}
        </Link>
      </div>
      {offers.why && <small>{words.because}</small>}
    </section>
  );
};
