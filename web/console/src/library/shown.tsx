// An article as text nodes and links; the server has said what is a link, and it is looked at again here.
import type { JSX } from "preact";
import type { Block, Piece } from "./wire";

const safe = (href: string): boolean => /^(?:https?:\/\/|\/(?!\/))/i.test(href);

const Pieces = ({ of }: { of: readonly Piece[] }): JSX.Element => (
  <>{of.map((one, index) => (one.href && safe(one.href) ? <a key={index} href={one.href} target="_blank" rel="noopener nofollow">{one.text}</a> : one.text))}</>
);

export const Blocks = ({ of }: { of: readonly Block[] }): JSX.Element => (
  <div class="article-body">
    {of.map((block, index) => (block.kind === "ul" ? <ul key={index}>{block.lines.map((line, row) => <li key={row}><Pieces of={line} /></li>)}</ul> : <p key={index}>{block.lines.map((line, row) => <Pieces key={row} of={line} />)}</p>))}
  </div>
);

const said = (line: readonly Piece[]): string => line.map((one) => (one.href ? `${one.text} (${one.href})` : one.text)).join("");

/** The article as a message. */
export const asText = (blocks: readonly Block[]): string => blocks.map((block) => block.lines.map((line) => (block.kind === "ul" ? `- ${said(line)}` : said(line))).join("\n")).join("\n\n");
