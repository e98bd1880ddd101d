// Writes src/icons.ts: the shapes of the lucide icons that the console uses, and no other.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NAMES = [
  "arrow-left", "bell", "bell-off", "chart-no-axes-combined", "check", "check-check", "chevron-down", "circle", "circle-alert", "circle-check",
  "circle-help", "clock", "copy", "corner-down-left", "languages", "list", "loader-circle", "lock", "log-out", "message-square", "messages-square", "monitor",
  "moon", "plug", "radar", "rotate-cw", "search", "shopping-cart", "sticky-note", "sun", "triangle-alert", "user", "volume-2", "volume-x", "wifi-off", "x",
];
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

function shapes(name) {
  const text = readFileSync(here(`node_modules/lucide-static/icons/${name}.svg`), "utf8");
  return [...text.matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/>/g)].map(([, tag, attributes]) => [
    tag,
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  ]);
}

/** The text of src/icons.ts. */
export function icons() {
  const rows = NAMES.map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(shapes(name))},`);
  return [
    "// Written by icons.mjs from lucide-static (ISC, see NOTICE); change the list of names there.",
    "export type Shape = readonly [string, Readonly<Record<string, string>>];",
    "export const ICONS = {",
    ...rows,
    "} as const satisfies Record<string, readonly Shape[]>;",
    "",
  ].join("\n");
}

writeFileSync(here("src/icons.ts"), icons());
