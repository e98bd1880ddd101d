// Makes src/icons.ts: the shapes of the lucide icons that the console uses, and no other.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const NAMES = [
  "arrow-left", "arrow-up", "ban", "bell", "bell-off", "book-open", "calculator", "calendar-days", "chart-no-axes-combined", "check", "check-check", "chevron-down", "chevron-right", "chevron-up", "circle", "circle-alert", "circle-check", "circle-help", "circle-stop", "clock", "code", "copy", "corner-down-left", "download", "files", "forward", "gauge", "hand", "headphones", "history", "hourglass", "inbox", "languages", "life-buoy", "link", "list", "list-ordered", "loader-circle", "lock", "lock-keyhole", "log-out", "mail", "megaphone", "message-square", "message-square-lock", "messages-square", "monitor", "moon", "package", "parentheses", "pencil", "phone", "play", "plug", "plus", "printer", "radar", "repeat-1", "rotate-ccw", "rotate-cw", "search", "share", "shopping-cart", "sliders-horizontal", "sticky-note", "sun", "tag", "ticket-percent", "trash-2", "trending-up", "triangle-alert", "undo-2", "user", "user-check", "user-plus", "users", "video", "volume-2", "volume-x", "wallet", "wifi-off", "x",
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
