// The form of the site's settings as it is typed, and what of it is sent: only what differs from what was read.
import type { Question, SiteLook, SiteSettings } from "./calls";

export interface Word { language: string; name: string; text: string }
export interface Draft {
  name: string; mode: SiteSettings["mode"]; language: string; languages: string; currency: string; time_zone: string; origins: string; button: boolean;
  colour: string; on_colour: string; position: SiteLook["position"]; radius: string; font: string; quote_font: string; words: readonly Word[];
  answer_s: string; queue_s: string; critical_s: string; typing_preview: boolean; survey: readonly Question[]; mail_to: string;
}

export function draftOf(known: SiteSettings): Draft {
  const { look } = known;
  return {
    name: known.name, mode: known.mode, language: known.language, languages: known.languages.join(", "), currency: known.currency, time_zone: known.time_zone, origins: known.origins.join("\n"), button: known.button,
    colour: look.colour, on_colour: look.on_colour, position: look.position, radius: String(look.radius), font: look.font, quote_font: look.quote_font,
    words: known.languages.flatMap((language) => Object.entries(known.words[language] ?? {}).map(([name, text]) => ({ language, name, text }))),
    answer_s: String(known.answer_s), queue_s: String(known.queue_s), critical_s: String(known.critical_s), typing_preview: known.typing_preview, survey: known.survey, mail_to: known.mail_to,
  };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
/** A whole number, or one that no bounds allow: the server says then which it takes. */
const whole = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : -1);
const list = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

function wordsOf(words: readonly Word[]): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const { language, name, text } of words) if (name && text.trim()) (found[language] ??= {})[name] = text;
  return found;
}

const LOOKS = ["colour", "on_colour", "position", "radius", "font", "quote_font"] as const;

/** What is sent: the settings that differ, as the server takes them. */
export function changeOf(known: SiteSettings, draft: Draft): Record<string, unknown> {
  const before = draftOf(known);
  const change: Record<string, unknown> = {};
  const look: Record<string, unknown> = {};
  for (const name of Object.keys(before) as (keyof Draft)[]) {
    if (same(before[name], draft[name])) continue;
    if ((LOOKS as readonly string[]).includes(name)) look[name] = name === "radius" ? whole(draft.radius) : draft[name];
    else if (name === "words") { if (!same(wordsOf(before.words), wordsOf(draft.words))) change.words = wordsOf(draft.words); }
    else change[name] = name === "languages" || name === "origins" ? list(draft[name]) : name.endsWith("_s") ? whole(draft[name] as string) : draft[name];
  }
  return Object.keys(look).length > 0 ? { ...change, look } : change;
}

/** What somebody has typed over what was read, on top of what somebody else has saved meanwhile. */
export function rebased(before: SiteSettings, fresh: SiteSettings, draft: Draft): Draft {
  const [was, is] = [draftOf(before), draftOf(fresh)];
  const typed = (Object.keys(was) as (keyof Draft)[]).filter((name) => !same(was[name], draft[name]));
  return { ...is, ...Object.fromEntries(typed.map((name) => [name, draft[name]])) };
}
