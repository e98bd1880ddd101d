// Gives the visitor a code of a coupon: what the site offers, what is left of it. Who is held out gets none.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isFailure } from "../actions";
import { minor, NBSP } from "../format";
import { useWords } from "../i18n";
import { newCid } from "../outbox";
import { toast, update, useStore } from "../store";
import type { Conv } from "../wire";
import { Icon, Loading } from "../ui/parts";
import { tried } from "./acts";
import { calls, type Coupon } from "./calls";
import { Ask } from "./visitor";

export function Give({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const [offers, setOffers] = useState<readonly Coupon[] | "failed" | null>(null);
  const [chosen, setChosen] = useState("");
  // Another coupon is another message; the same one, sent again, the same.
  const [cids] = useState<Record<string, string>>({});
  useEffect(() => {
    calls.coupons().then((found) => setOffers(found.filter((one) => one.active)), (error: unknown) => {
      if (!isFailure(error)) throw error;
      setOffers("failed");
    });
  }, []);
  const send = async (): Promise<string | null> => {
    if (!chosen) return "no_coupon";
    const code = await tried(() => calls.coupon(conv, (cids[chosen] ??= newCid()), chosen));
    if (code === null) { update({ asking: null }); toast(words.work.couponGiven); }
    return code === "held_out" ? "no_gift" : code;
  };
  return (
    <Ask title={words.work.coupon} lead={words.work.couponLead} verb={words.work.couponGive} send={send}>
      <div class="work-scroll">
        {offers === null && <Loading label={words.boot.loading} />}
        {offers === "failed" && <p class="problem"><Icon name="circle-alert" />{words.work.refused.unavailable}</p>}
        {Array.isArray(offers) && offers.length === 0 && <p class="quiet-text">{words.work.couponNone}</p>}
        {Array.isArray(offers) && offers.length > 0 && <fieldset><legend class="hidden">{words.work.coupon}</legend>{(offers as readonly Coupon[]).map((one, index) => <Offer key={one.id} one={one} first={index === 0} checked={chosen === one.id} choose={() => setChosen(one.id)} />)}</fieldset>}
      </div>
    </Ask>
  );
}

function Offer({ one, first, checked, choose }: { one: Coupon; first: boolean; checked: boolean; choose: () => void }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const currency = useStore((state) => state.me?.site.currency ?? "EUR");
  const left = Math.max(0, one.budget - one.minted);
  const about = [words.work.couponDays(one.valid_days), ...(one.min_cart ? [words.work.couponFrom(minor(one.min_cart, language, currency))] : []), words.work.couponLeft(left)];
  return (
    <label class="choice coupon-offer"><input type="radio" name="coupon" autofocus={first} disabled={left === 0} checked={checked} onChange={choose} /><span>{one.label[language]}<small>{about.join(" · ")}</small></span><span class="product-price">{one.percent ? `${one.percent}${NBSP}%` : minor(one.amount, language, one.currency)}</span></label>
  );
}
