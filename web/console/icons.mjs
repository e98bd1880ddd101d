// Makes src/icons.ts: the shapes of the lucide icons that the console uses, and no other.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const NAMES = [
  "arrow-left", "bell", "bell-off", "chart-no-axes-combined", "check", "check-check", "chevron-down", "circle", "circle-alert", "circle-check",
  "circle-help", "clock", "copy", "corner-down-left", "languages", "list", "loader-circle", "lock", "log-out", "message-square", "messages-square", "monitor",
  "moon", "plug", "radar", "rotate-cw", "search", "shopping-cart", "sticky-note", "sun", "triangle-alert", "user", "volume-2", "volume-x", "wifi-off", "x",
];

function shapes(folder, name) {
  const text = readFileSync(join(folder, `${name}.svg`), "utf8");
  return [...text.matchAll(/<(path|circle|rect|line|polyline|polygon|ellipse)\s([^>]*?)\/>/g)].map(([, tag, attributes]) => [
    tag,
    Object.fromEntries([...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])),
  ]);
}

/** The text of src/icons.ts, from the folder of the icons of lucide-static. */
export function icons(folder) {
  const rows = NAMES.map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(shapes(folder, name))},`);
  return [
    "// Written by icons.mjs from lucide-static (ISC, see NOTICE); change the list of names there.",
    "export type Shape = readonly [string, Readonly<Record<string, string>>];",
    "export const ICONS = {",
    ...rows,
    "} as const satisfies Record<string, readonly Shape[]>;",
    "",
  ].join("\n");
}
