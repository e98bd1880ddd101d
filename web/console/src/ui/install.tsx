// Installation: the tag for the shop, whether it is alive and what it last sent, and how orders get in.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isFailure } from "../actions";
import { api, Refused } from "../api";
import { duration, number } from "../format";
import { useWords } from "../i18n";
import { CONSENT, JOIN, recipe, RECIPE_IDS, type RecipeId } from "../recipes";
import { toast, useStore } from "../store";
import type { Install as State } from "../wire";
import { copy, Icon, Loading, Mark, useNow } from "./parts";

const EVERY_MS = 2000;
const ALIVE_MS = 5 * 60_000;

function useInstall(): { state: State | null; failed: boolean } {
  const [read, setRead] = useState<{ state: State | null; failed: boolean }>({ state: null, failed: false });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const ask = async (): Promise<void> => {
      try {
        const state = await api.install();
        if (!over) setRead({ state, failed: false });
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (error instanceof Refused && error.status === 401) return location.reload();
        if (!over) setRead((before) => ({ ...before, failed: true }));
      }
      if (!over) timer = setTimeout(() => void ask(), EVERY_MS);
      return undefined;
    };
    void ask();
    return () => { over = true; clearTimeout(timer); };
  }, []);
  return read;
}

export function Install(): JSX.Element {
  const words = useWords().install;
  const demo = useStore((state) => state.me?.demo ?? false);
  const { state, failed } = useInstall();
  if (!state) return <div class="install">{failed ? <p class="problem"><Icon name="circle-alert" />{words.failed}</p> : <Loading label={words.title} rows={6} />}</div>;
  const alive = state.last_seen !== null;
  const ordered = state.orders.claimed + state.orders.confirmed > 0;
  return (
    <div class="install">
      <header class="install-title"><p class="finding">{words.title}</p><p>{words.lead}</p></header>
      <div class="install-body">
        <ol class="stages">
          <Stage rank={1} done={alive} title={words.tag}><p>{words.tagLead}</p><Code text={state.snippet} /><p>{words.cspLead}</p><Code text={csp()} small /></Stage>
          <Stage rank={2} done={false} title={words.consent}><p>{words.consentLead}</p><Code text={CONSENT} small /></Stage>
          <Stage rank={3} done={ordered} title={words.orders}>
            <p>{words.ordersLead}</p><p>{words.secret(state.secret_key_hint)}</p><p>{words.join}</p><Code text={JOIN} small />
            <Recipes publicKey={state.public_key} />
          </Stage>
        </ol>
        <aside class="install-state" aria-label={words.found}>
          <Listening state={state} failed={failed} />
          {demo && <a class="button" href="/shop">{words.demo}</a>}
        </aside>
      </div>
    </div>
  );
}

const csp = (): string => `script-src ${location.origin}; connect-src ${location.origin} ${location.origin.replace(/^http/, "ws")}`;

function Stage({ rank, done, title, children }: { rank: number; done: boolean; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <li class={done ? "stage done" : "stage"}>
      <span class="stage-mark"><span class="paren left" />{done ? <Icon name="check" /> : <span class="stage-rank">{rank}</span>}<span class="paren right" /></span>
      <div><h2>{title}</h2>{children}</div>
    </li>
  );
}

const STRING = /("[^"\n]*"|'[^'\n]*')/g;

function Code({ text, small, label }: { text: string; small?: boolean; label?: string }): JSX.Element {
  const words = useWords().install;
  const [done, setDone] = useState(false);
  const run = async (): Promise<void> => {
    if (!(await copy(text))) return;
    setDone(true);
    toast(words.copied);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <figure class={small ? "code small" : "code"}>
      {label && <figcaption>{label}</figcaption>}
      <pre tabIndex={0}><code>{text.split(STRING).map((part, index) => (index % 2 ? <span key={index} class="string">{part}</span> : part))}</code></pre>
      <button type="button" onClick={() => void run()}><Icon name={done ? "check" : "copy"} />{words.copy}</button>
    </figure>
  );
}

function Recipes({ publicKey }: { publicKey: string }): JSX.Element {
  const words = useWords();
  const [chosen, setChosen] = useState<RecipeId>("woocommerce");
  const { files } = recipe(chosen, { host: location.origin, publicKey });
  const key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const next = RECIPE_IDS[(RECIPE_IDS.indexOf(chosen) + step + RECIPE_IDS.length) % RECIPE_IDS.length]!;
    setChosen(next);
    document.getElementById(`recipe-${next}`)?.focus();
  };
  return (
    <div class="recipes">
      <div class="tabs" role="tablist" aria-label={words.install.tabs} onKeyDown={key}>
        {RECIPE_IDS.map((id) => <button key={id} id={`recipe-${id}`} type="button" role="tab" aria-selected={id === chosen} aria-controls="recipe" tabIndex={id === chosen ? 0 : -1} onClick={() => setChosen(id)}>{words.recipes[id].name}</button>)}
      </div>
      <div id="recipe" role="tabpanel" aria-labelledby={`recipe-${chosen}`}>
        <p>{words.recipes[chosen].steps}</p>
        {files.map((file) => <Code key={chosen + file.name} text={file.code} label={file.name} small />)}
      </div>
    </div>
  );
}

function Listening({ state, failed }: { state: State; failed: boolean }): JSX.Element {
  const words = useWords().install;
  const language = useStore((one) => one.language);
  const site = useStore((one) => one.me?.site.name ?? "");
  const now = useNow();
  const { last_seen: last, counts, orders } = state;
  const quiet = last ? now - last.at : 0;
  const ago = quiet < 60_000 ? `${Math.max(0, Math.floor(quiet / 1000))}\u00a0s` : duration(quiet, language);
  const row = (ok: boolean | null, name: string, value: string): JSX.Element => (
    <li><Icon name={ok === null ? "circle" : ok ? "check" : "loader-circle"} /><span>{name}</span><span class="value">{value}</span></li>
  );
  return (
    <div class={last ? "listening found" : "listening"} role="status">
      <Mark size={56} />
      <p class="listening-line">{last ? words.found : words.listening(site)}</p>
      <ul class="checks">
        {row(last !== null, words.first, last ? number(counts.received, language) : words.waiting)}
        {last && row(quiet < ALIVE_MS, words.last, quiet < ALIVE_MS ? words.ago(ago) : words.silent(ago))}
        {row(orders.confirmed > 0 ? true : null, words.firstOrder, orders.confirmed > 0 ? words.confirmed : orders.claimed > 0 ? words.claimedOnly : words.next)}
      </ul>
      {last && <dl class="figures"><div><dt>{words.sent}</dt><dd>{last.event}</dd></div>{last.url && <div><dt>{words.where}</dt><dd class="url">{last.url}</dd></div>}{last.tag && <div><dt>{words.version}</dt><dd>{last.tag}</dd></div>}</dl>}
      <dl class="figures">
        <div><dt>{words.accepted}</dt><dd>{number(counts.accepted, language)}</dd></div><div><dt>{words.duplicates}</dt><dd>{number(counts.duplicate, language)}</dd></div>
        <div><dt>{words.quarantined}</dt><dd>{number(counts.quarantined, language)}</dd></div><div><dt>{words.refused}</dt><dd>{number(counts.refused, language)}</dd></div>
      </dl>
      <h3>{words.ordersTitle}</h3><dl class="figures"><div><dt>{words.claimed}</dt><dd>{number(orders.claimed, language)}</dd></div><div><dt>{words.confirmed}</dt><dd>{number(orders.confirmed, language)}</dd></div></dl>
      <dl class="figures"><div><dt>{words.origins}</dt><dd class="url">{state.origins.join(", ") || words.any}</dd></div></dl>
      {failed && <p class="tag honey"><Icon name="triangle-alert" />{words.failed}</p>}
    </div>
  );
}
