// U+00A0 before ? ! : ; and inside « », written as ~ in the French words.
const space = (text: string): string => text.replaceAll("~", "\u00a0");

/** Puts U+00A0 for ~ in every text, however deep. */
export function spaced<T>(from: T): T {
  if (typeof from === "string") return space(from) as T;
  if (typeof from === "function") return ((...all: unknown[]) => space((from as (...a: unknown[]) => string)(...all))) as T;
  return Object.fromEntries(Object.entries(from as object).map(([key, value]) => [key, spaced(value)])) as T;
}
