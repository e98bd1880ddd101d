/** What an agent shows: products as cards, and a page of the shop as a link. A file of its own. */
import type { Entry } from "@aparte/protocol";
import { h } from "./dom";
import type { App } from "./app";
import { fill, FORM } from "./words";

interface Product {
  name?: string;
  price?: number | string;
  currency?: string;
  url?: string;
  image?: string;
  in_stock?: boolean;
}

/** An address that may be followed, or nothing: `http` and `https` only. */
const safe = (address: unknown): string | undefined => {
  try {
    const url = new URL(String(address), location.href);
    return /^https?:$/.test(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
};

const link = (href: string) => ({ href, rel: "noopener nofollow ugc", target: new URL(href).origin == location.origin ? "" : "_blank" });

const price = (app: App, { price, currency }: Product): string => {
  if (price == null || !isFinite(+price)) return "";
  try {
    return new Intl.NumberFormat(app.bridge.language(), { style: "currency", currency }).format(+price);
  } catch {
    return `${price} ${currency || ""}`;
  }
};

const Card = ({ app, product }: { app: App; product: Product }) => {
  const words = app.speak(FORM);
  const href = product.url && safe(product.url);
  const image = product.image && safe(product.image);
  const inside = [
    image && <img src={image} alt="" loading="lazy" onError={(event: any) => (event.target.hidden = true)} />,
    <span dir="auto">
      <b>{product.name}</b>
      <small>
        {price(app, product)}
        {product.in_stock === false && ` · ${words.soldOut}`}
      </small>
    </span>,
  ];
  return href ? (
    <a class="card-of" {...link(href)}>
      {inside}
    </a>
  ) : (
    <div class="card-of">{inside}</div>
  );
};

const Page = ({ app, url, title }: { app: App; url: string; title?: string }) => {
  const words = app.speak(FORM);
  const href = safe(url);
  return (
    href && (
      <a class="card-of" {...link(href)}>
        <span dir="auto">
          <b>{title || new URL(href).pathname}</b>
          <small>
            {words.openPage} · {new URL(href).host}
          </small>
        </span>
      </a>
    )
  );
};

/** What it takes off, in words; nothing for what is no value. */
const worth = (app: App, { percent, amount, currency }: any = {}): string => {
  if (typeof percent == "number") return `${percent}\u00a0%`;
  if (typeof amount != "number") return "";
  try {
    const style = new Intl.NumberFormat(app.bridge.language(), { style: "currency", currency });
    return style.format(amount / 10 ** (style.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return "";
  }
};

const copied = async ({ target }: any, code: string, done: string): Promise<void> => {
  await navigator.clipboard?.writeText(code);
  target.textContent = done;
};

/** A code of this visitor: what it is worth, until when, and a button that copies it. */
const Code = ({ app, code, label, value, until }: { app: App; code: string; label?: string; value?: unknown; until?: number }) => {
  const words = app.speak(FORM);
  const date = Math.abs(until!) < 8e15 && new Intl.DateTimeFormat(app.bridge.language(), { dateStyle: "long" }).format(until);
  return (
    <div class="card-of">
      <span dir="auto">
        <b>
          {label} {worth(app, value)}
        </b>
        <code>{code}</code>
        <small>{date && fill(words.validUntil, date)}</small>
      </span>
      <button aria-live="polite" onClick={(event: Event) => copied(event, code, words.copied)}>
        {app.words.copy}
      </button>
    </div>
  );
};

const read = (body = ""): any => {
  try {
    return JSON.parse(body) || {};
  } catch {
    return {};
  }
};

export const Shown = ({ app, line }: { app: App; line: Entry }) => {
  const { products, url, title, code, label, value, until } = read(line.body);
  return (
    <div class="cards">
      <span class="sr">{line.name || app.name || app.words.team} : </span>
      {line.kind == "page" ? (
        <Page app={app} url={url} title={title} />
      ) : line.kind == "coupon" ? (
        code && <Code app={app} code={String(code)} label={`${label || ""}`} value={value || {}} until={+until} />
      ) : (
        Array.isArray(products) && products.slice(0, 4).map((one: Product) => <Card app={app} product={one} />)
      )}
    </div>
  );
};
