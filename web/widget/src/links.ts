/** A text in parts: plain words, and addresses that may be followed. Nothing of it is ever read as HTML. */

export interface Part {
  text: string;
  href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"]+|\bmailto:[^\s<>"]+|\btel:\+?[\d().-]+/gi;
const TRAILING = /[.,;:!?)\]}'»]+$/;

export const parts = (text: string): Part[] => {
  const found: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = match[0].replace(TRAILING, "");
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
};
