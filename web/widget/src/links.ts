/** A text in parts: plain words, and addresses that may be followed. Nothing of it is ever read as HTML. */

export interface Part {
  text: string;
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+|\bmailto:[^\s<>"]+|\btel:\+?[\d().-]+/gi;
const TRAILING = /[.,;:!?)\]}'»]+$/;

/** Where an address really leads: `xn--` for letters that only look alike; '' without a host, null for no address. */
const hostOf = (href: string): string | null => {
  try {
    return new URL(href).host;
  } catch {
    return null;
  }
};

export const parts = (text: string): Part[] => {
  const found: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = match[0].replace(TRAILING, "");
    const host = hostOf(href);
    if (host == null) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: host && !href.toLowerCase().startsWith(host, href.indexOf("//") + 2) ? `${href} (${host})` : href, href });
    from = match.index + href.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
};
