// Sentences with figures in them: `{lift:points}` stands for the figure `lift`, told as points.
import type { Language } from "../wire";
import { brief, cash, told } from "./figures";
import type { Counted } from "./wire";

/** The sentence with its figures; null for one that this page does not know, or whose figures have not come. */
export function filled(template: string | undefined, figures: Record<string, number>, language: Language, currency: string): string | null {
  if (template === undefined) return null;
  let whole = true;
  const text = template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, kind = "number") => {
    const value = figures[name];
    if (value === undefined) { whole = false; return ""; }
    if (kind === "share" || kind === "points") return told(kind as Counted, value, kind === "points" ? 2 : 1, language, currency);
    if (kind === "money") return cash(value, Math.abs(value) < 1000 ? 2 : 0, language, currency);
    return kind === "count" ? told("count", value, 0, language, currency) : brief(value, language);
  });
  return whole ? text : null;
}
