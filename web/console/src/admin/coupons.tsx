// The coupons of the site: what agents may give, how many codes at most, and what became of them.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fraction, minor } from "../format";
import { useStore } from "../store";
import { Icon } from "../ui/parts";
import { may } from "../ui/sites";
import { calls, type Coupon, type Offer } from "./calls";
import { Check, Field, Problem, useDoing, useRead, Whole } from "./parts";
import { idOf } from "./vocabulary";
import { adminWords, useAdminWords } from "./words";

const FRESH: Coupon = { id: "", label: { fr: "", en: "" }, percent: 10, amount: 0, currency: "", valid_days: 7, budget: 100, min_cart: 0, active: true, minted: 0, redeemed: 0, given: 0 };

export function Coupons(): JSX.Element {
  const words = useAdminWords();
  const read = useRead(calls.coupons);
  const writes = useStore((state) => may(state.me, "library"));
  return (
    <Whole of={read}>{(known) => (
      <>
        <header class="page-head"><h2 class="page-title">{words.coupons.finding(known.filter((one) => one.active).length)}</h2></header>
        {!writes && <p class="read-only"><Icon name="lock" />{words.readOnly}</p>}
        <p class="part-lead">{words.coupons.lead}</p>
        <CouponsForm key={JSON.stringify(known)} known={known} writes={writes} onSaved={read.put} />
      </>
    )}</Whole>
  );
}

/** The coupons as they are sent: trimmed, new ones with an id of their own, without what became of them. */
function named(coupons: readonly Coupon[]): Offer[] {
  const taken = coupons.map((one) => one.id).filter(Boolean);
  return coupons.map(({ minted: _, redeemed: __, given: ___, ...one }) => {
    const label = { fr: one.label.fr.trim(), en: one.label.en.trim() };
    const id = one.id || idOf(label.en || label.fr, taken);
    taken.push(id);
    return { ...one, id, label };
  });
}

const worthless = (one: Coupon): boolean => (one.percent > 0) === (one.amount > 0) || one.percent > 100;

function CouponsForm({ known, writes, onSaved }: { known: readonly Coupon[]; writes: boolean; onSaved: (coupons: Coupon[]) => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.coupons;
  const doing = useDoing();
  const [coupons, setCoupons] = useState(known);
  const put = (at: number, part: Partial<Coupon>): void => { setCoupons(coupons.map((one, place) => (place === at ? { ...one, ...part } : one))); doing.say(""); };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (coupons.some((one) => !one.label.fr.trim() || !one.label.en.trim())) return doing.say(words.needLabel);
    if (coupons.some(worthless)) return doing.say(words.needWorth);
    void doing.run(async () => { onSaved(await calls.saveCoupons(named(coupons))); return adminWords().saved; });
    return undefined;
  };
  return (
    <form onSubmit={submit}>
      <fieldset class="bare" disabled={!writes || doing.busy}>
        <ul class="codes" aria-label={words.list}>{coupons.map((one, at) => <Row key={at} one={one} onPut={(part) => put(at, part)} onDrop={one.id ? null : () => setCoupons(coupons.filter((_, place) => place !== at))} />)}</ul>
        <Problem text={doing.problem} />
        {writes && <p class="actions"><button type="submit" class="primary" disabled={JSON.stringify(coupons) === JSON.stringify(known)}>{all.save}</button><button type="button" onClick={() => setCoupons([...coupons, FRESH])}><Icon name="plus" />{words.add}</button></p>}
      </fieldset>
    </form>
  );
}

function Row({ one, onPut, onDrop }: { one: Coupon; onPut: (part: Partial<Coupon>) => void; onDrop: (() => void) | null }): JSX.Element {
  const all = useAdminWords();
  const words = all.coupons;
  const language = useStore((state) => state.language);
  const site = useStore((state) => state.me?.site.currency ?? "EUR");
  const currency = one.currency || site;
  const name = one.label[language] || words.fresh;
  const units = 10 ** fraction(currency);
  const whole = (text: string, most: number): number => Math.max(0, Math.min(most, Math.round(Number(text)) || 0));
  const money = (text: string): number => whole(String(Number(text) * units), 1e12);
  const kind = (percent: boolean): void => onPut(percent ? { percent: 10, amount: 0, currency: "" } : { percent: 0, amount: 5 * units, currency });
  return (
    <li>
      <fieldset class="bare code-row coupon-row"><legend class="hidden">{name}</legend>
        <Field label={all.vocabulary.fr}><input lang="fr" maxLength={100} value={one.label.fr} onInput={(event) => onPut({ label: { ...one.label, fr: event.currentTarget.value } })} /></Field>
        <Field label={all.vocabulary.en}><input lang="en" maxLength={100} value={one.label.en} onInput={(event) => onPut({ label: { ...one.label, en: event.currentTarget.value } })} /></Field>
        <Field label={words.worth}><select value={one.amount > 0 ? "amount" : "percent"} onChange={(event) => kind(event.currentTarget.value === "percent")}><option value="percent">{words.percent}</option><option value="amount">{words.amount}</option></select></Field>
        {one.amount > 0
          ? <Field label={`${words.amount} (${currency})`}><input type="number" min={1 / units} step={1 / units} value={one.amount / units} onChange={(event) => onPut({ amount: money(event.currentTarget.value) || 1 })} /></Field>
          : <Field label={words.percent}><input type="number" min={1} max={100} value={one.percent} onInput={(event) => onPut({ percent: whole(event.currentTarget.value, 100) })} /></Field>}
        <Field label={words.days}><input type="number" min={1} max={366} value={one.valid_days} onChange={(event) => onPut({ valid_days: whole(event.currentTarget.value, 366) || 1 })} /></Field>
        <Field label={words.budget}><input type="number" min={0} max={10_000_000} value={one.budget} onInput={(event) => onPut({ budget: whole(event.currentTarget.value, 1e7) })} /></Field>
        <Field label={`${words.from} (${site})`}><input type="number" min={0} step={10 ** -fraction(site)} value={one.min_cart / 10 ** fraction(site)} onChange={(event) => onPut({ min_cart: whole(String(Number(event.currentTarget.value) * 10 ** fraction(site)), 1e12) })} /></Field>
        <span class="code-checks"><Check label={words.active} checked={one.active} onChange={(active) => onPut({ active })} />{one.id && <span class="quiet-text">{words.became(one.minted, one.redeemed, minor(one.given, language, currency))}</span>}</span>
        {onDrop && <span class="code-acts"><button type="button" class="quiet" aria-label={words.drop(name)} onClick={onDrop}><Icon name="x" /></button></span>}
      </fieldset>
    </li>
  );
}
