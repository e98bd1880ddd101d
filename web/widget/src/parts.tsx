/** What card, conversation and survey have in common. Icons: lucide (ISC). */
import { h } from "./dom";

const icon = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const Cross = icon("M18 6 6 18M6 6l12 12");
export const Minus = icon("M5 12h14");
export const Up = icon("m5 12 7-7 7 7M12 19V5");
/** Two parentheses turned to one another, and the word between them. */
const Mark = icon("M10 3.5Q2 12 10 20.5M16.5 7.5Q20.500 12 16.500 16.500M12.700 12h.01");

type Click = { onClick(): void; children?: unknown; [attribute: string]: unknown };

export const Link = (its: Click) => <button type="button" class="link" {...its} />;

/** Two answers of one size. */
export const Pair = ({ yes, no, onYes, onNo }: { yes: string; no: string; onYes(): void; onNo(): void }) => (
  <div class="grid" style="--w:2">
    <button class="main" onClick={onYes}>
      {yes}
    </button>
    <button onClick={onNo}>{no}</button>
  </div>
);

export const Head = ({
  name,
  face,
  title,
  note,
  label,
  onClick,
  children,
}: Click & { name?: string; face?: string; title: string; note: string; label: string }) => (
  <header>
    <span class="face" aria-hidden="true">
      {name ? [...name][0] : <Mark />}
      {name && face && <img src={face} alt="" onError={(event: any) => (event.target.hidden = true)} />}
    </span>
    <div>
      <b dir="auto">{name || title}</b>
      <small>{note}</small>
    </div>
    <button class="icon" aria-label={label} onClick={onClick}>
      {children}
    </button>
  </header>
);
