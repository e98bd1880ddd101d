// What a browser calls itself, in two words that somebody recognises.
const BROWSERS: readonly [RegExp, string][] = [[/Edg(A|iOS)?\//, "Edge"], [/OPR\//, "Opera"], [/Firefox\/|FxiOS\//, "Firefox"], [/Chrome\/|CriOS\//, "Chrome"], [/Safari\//, "Safari"]];
const SYSTEMS: readonly [RegExp, string][] = [[/iPhone|iPad/, "iOS"], [/Android/, "Android"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/CrOS/, "ChromeOS"], [/Linux/, "Linux"]];

/** Browser and system of a `User-Agent`; empty for what is not known. */
export function browserOf(about: string): { browser: string; system: string } {
  const first = (list: readonly [RegExp, string][]): string => list.find(([shape]) => shape.test(about))?.[1] ?? "";
  return { browser: first(BROWSERS), system: first(SYSTEMS) };
}
