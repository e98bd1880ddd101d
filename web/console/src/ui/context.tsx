// The right column: why this visitor, his way through the shop, his cart, what is known of him, earlier conversations.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadJourney } from "../actions";
import { clock, day, duration, moment, money, nameOf, number, when } from "../format";
import { lookup, useWords } from "../i18n";
import { isMine, update, useStore } from "../store";
import type { Conv, Journey, Scalar, Step, Why } from "../wire";
import { later } from "./later";
import { library } from "./parted";
import { currency, Icon, Loading, useNow, zone } from "./parts";
import { ReasonText, useValue } from "./reason";

const FRESH_MS = 5000;
const STEPS = 12;

/** Fetches a journey and keeps it fresh while it is on the screen. */
export function useJourney(visitor: string): { data: Journey | null; failed: boolean } {
  useEffect(() => {
    void loadJourney(visitor);
    const timer = setInterval(() => { if (document.visibilityState === "visible") void loadJourney(visitor); }, FRESH_MS);
    return () => clearInterval(timer);
  }, [visitor]);
  return useStore((state) => state.journeys[visitor]) ?? { data: null, failed: false };
}

const Aids = later(async () => (await library()).Aids);
const Tags = later(async () => (await import("../work/tags")).Tags);

/** What the visitor answered before the conversation. */
function Form({ form }: { form: Record<string, string> }): JSX.Element | null {
  const words = useWords();
  const rows = Object.entries(form);
  if (rows.length === 0) return null;
  return <Section title={words.work.form} aside={<span class="tag honey">{words.context.unverified}</span>}><dl class="figures">{rows.map(([name, value]) => <div key={name}><dt>{lookup(words.work.fields, name)}</dt><dd>{value}</dd></div>)}</dl></Section>;
}

export function Context({ visitor, conv }: { visitor: string; conv?: Conv | null }): JSX.Element {
  const words = useWords();
  const { data, failed } = useJourney(visitor);
  const own = useStore((state) => conv != null && isMine(state, conv));
  if (!data && !failed) return <Loading label={words.context.loading} rows={7} />;
  if (!data) return <div class="context-failed"><p class="problem"><Icon name="circle-alert" />{words.context.failed}</p><button type="button" onClick={() => void loadJourney(visitor)}>{words.context.retry}</button></div>;
  return (
    <div class="context-scroll" tabIndex={0} role="region" aria-label={words.context.label}>
      <h2 class="hidden">{words.context.label}</h2>
      {conv && <Form form={conv.form} />}
      {conv && own && <Aids conv={conv} />}
      <WhySection why={data.why} />
      <Path journey={data} />
      <CartSection journey={data} />
      <Facts journey={data} />
      {conv && <Tags conv={conv} />}
      <Earlier journey={data} />
    </div>
  );
}

function Section({ title, aside, children }: { title: string; aside?: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return <section class="context-section"><h3><span>{title}</span>{aside && <span class="aside">{aside}</span>}</h3>{children}</section>;
}

function WhySection({ why }: { why: Why | null }): JSX.Element {
  const words = useWords();
  const show = useValue();
  const language = useStore((state) => state.language);
  if (!why) return <Section title={words.context.why}><p class="quiet-text">{words.context.noWhy}</p></Section>;
  return (
    <Section title={words.context.why} aside={<time title={moment(why.at, language, zone())}>{words.context.decidedAt(clock(why.at, zone()))}</time>}>
      {why.decision !== "invite" && <p class="held"><Icon name="lock" /><span><ReasonText why={{ ...why, values: {} }} /></span></p>}
      <dl class="figures">{Object.entries(why.values).map(([name, value]) => <div key={name}><dt title={name}>{lookup(words.values, name)}</dt><dd>{show(name, value)}</dd></div>)}</dl>
      <pre class="cel" tabIndex={0} aria-label={words.context.rule}><code>{why.when}</code></pre>
    </Section>
  );
}

const isTurn = (step: Step): boolean => /Added|Accepted|Completed|Started/.test(step.name);
const isDoubt = (step: Step): boolean => /Error|Denied|Exit|Rage|Declined|Removed|Abandoned/.test(step.name);

function Path({ journey }: { journey: Journey }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const [all, setAll] = useState(false);
  const steps = all ? journey.steps : journey.steps.slice(-STEPS);
  return (
    <Section title={words.context.path} aside={journey.session && <Lasting from={journey.session.started_at} />}>
      {journey.steps.length === 0 && <p class="quiet-text">{words.context.noSteps}</p>}
      <ol class="path">
        {steps.map((step, index) => (
          <li key={`${step.at}${step.name}${index}`} class={isTurn(step) ? "turn" : isDoubt(step) ? "doubt" : ""}>
            <time title={moment(step.at, language, zone())}>{clock(step.at, zone())}</time><span class="point" />
            <span><b>{stepName(step, words)}</b> {stepDetail(step)}</span>
          </li>
        ))}
      </ol>
      {journey.steps.length > STEPS && <button type="button" class="quiet" onClick={() => setAll(!all)}>{all ? words.context.showLess : words.context.showAll(journey.steps.length)}</button>}
    </Section>
  );
}

function Lasting({ from }: { from: number }): JSX.Element {
  const language = useStore((state) => state.language);
  return <>{duration(useNow() - from, language)}</>;
}

/** A page goes by its title or path, everything else by the word for it. */
function stepName(step: Step, words: ReturnType<typeof useWords>): string {
  if (step.kind === "page") return step.name && step.name !== "page" ? step.name : path(step.url) || words.steps.page;
  return lookup(words.steps, step.name);
}
const stepDetail = (step: Step): string => step.detail ?? (step.kind === "page" && step.name && step.name !== "page" ? path(step.url) : "");
const path = (url: string | null): string => (url && URL.canParse(url) ? new URL(url).pathname : (url ?? ""));

function CartSection({ journey }: { journey: Journey }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const cart = journey.cart;
  if (!cart || cart.items === 0) return <Section title={words.context.cart}><p class="quiet-text">{words.context.emptyCart}</p></Section>;
  return (
    <Section title={words.context.cart} aside={<strong>{money(cart.value, language, currency())}</strong>}>
      <dl class="figures">{cart.lines.map((line, index) => <div key={index}><dt>{line.quantity > 1 ? `${number(line.quantity, language)} × ` : ""}{line.name}</dt><dd>{money(line.price * line.quantity, language, currency())}</dd></div>)}</dl>
    </Section>
  );
}

function Facts({ journey }: { journey: Journey }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const device = [lookup(words.devices, journey.device ?? "", journey.device ?? ""), journey.browser].filter(Boolean).join(", ");
  const rows: [string, string | null][] = [
    [words.context.visits, number(journey.visits, language)], [words.context.firstVisit, journey.first_visit_at === null ? null : day(journey.first_visit_at, language, zone())],
    [words.context.orders, number(journey.orders, language)], [words.context.spend, journey.orders > 0 ? money(journey.spend, language, currency()) : null],
    [words.context.source, journey.channel && lookup(words.channels, journey.channel)], [words.context.referrer, journey.referrer && (URL.canParse(journey.referrer) ? new URL(journey.referrer).host : journey.referrer)],
    [words.context.device, device || null], [words.context.language, journey.language && nameOf("language", journey.language, language)], [words.context.country, journey.country && nameOf("region", journey.country, language)],
  ];
  return (
    <Section title={words.context.facts}>
      <dl class="figures">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value || "–"}</dd></div>)}</dl>
      <People title={words.context.identity} values={journey.claimed} tag={<span class={`tag ${journey.verified ? "green" : "honey"}`}>{journey.verified ? words.context.verified : words.context.unverified}</span>} />
      <People title={words.context.traits} values={journey.traits} tag={null} />
    </Section>
  );
}

function People({ title, values, tag }: { title: string; values: Record<string, Scalar>; tag: ComponentChildren }): JSX.Element | null {
  const show = useValue();
  const rows = Object.entries(values);
  if (rows.length === 0) return null;
  return <div class="identity"><h4><span>{title}</span>{tag}</h4><dl class="figures">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{show(name, value)}</dd></div>)}</dl></div>;
}

function Earlier({ journey }: { journey: Journey }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const now = useNow();
  return (
    <Section title={words.context.earlier}>
      {journey.earlier.length === 0 && <p class="quiet-text">{words.context.noEarlier}</p>}
      <ul class="earlier">{journey.earlier.map((one) => (
        <li key={one.id}><button type="button" class="quiet" onClick={() => update({ transcript: one.id })}><span>{when(one.opened_at, now, language, zone())}</span><span>{one.agent ?? words.context.noAgent}</span><span>{one.csat === null ? words.context.unanswered : `${one.csat}/5`}</span></button></li>
      ))}</ul>
    </Section>
  );
}
