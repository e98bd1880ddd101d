/** Three icons of lucide (ISC), and the mark. */
import { h } from "preact";

const icon = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);

export const Cross = icon("M18 6 6 18M6 6l12 12");
export const Minus = icon("M5 12h14");
export const Up = icon("m5 12 7-7 7 7M12 19V5");

/** Two parentheses turned to one another: who speaks before a person does. */
export const Mark = icon("M10 3.500Q2 12 10 20.500M16.500 7.500Q20.500 12 16.500 16.500M12.700 12h.01");
