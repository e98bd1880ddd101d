// Builds the console: page, script, styles, fonts. The same input gives the same bytes. Called by ../build.mjs.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { icons } from "./icons.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const packages = here("../node_modules");

const FONTS = [
  ["@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2", "hanken-grotesk.woff2"],
  ["@fontsource-variable/newsreader/files/newsreader-latin-opsz-normal.woff2", "newsreader.woff2"],
  ["@fontsource-variable/newsreader/files/newsreader-latin-opsz-italic.woff2", "newsreader-italic.woff2"],
  ["@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2", "ibm-plex-mono.woff2"],
  ["@fontsource-variable/hanken-grotesk/LICENSE", "hanken-grotesk.LICENSE"],
  ["@fontsource-variable/newsreader/LICENSE", "newsreader.LICENSE"],
  ["@fontsource/ibm-plex-mono/LICENSE", "ibm-plex-mono.LICENSE"],
];

/** Writes console.js with its parts that come later (console-*.js), console.css, console.html, tokens.css, logo.svg and fonts/ into the folder `out`. */
export async function buildConsole(out) {
  mkdirSync(join(out, "fonts"), { recursive: true });
  writeFileSync(here("src/icons.ts"), icons(join(packages, "lucide-static/icons")));
  for (const name of readdirSync(out)) if (/^console-.*\.js$/.test(name)) rmSync(join(out, name));
  await build({
    entryPoints: { console: here("src/main.tsx") },
    outdir: out,
    chunkNames: "console-[name]-[hash]",
    bundle: true,
    minify: true,
    splitting: true,
    sourcemap: false,
    format: "esm",
    target: ["es2022", "safari16"],
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    charset: "utf8",
    external: ["/static/*"],
    logLevel: "warning",
  });
  for (const name of ["console.html", "tokens.css", "logo.svg"]) copyFileSync(here(`public/${name}`), join(out, name));
  for (const [from, to] of FONTS) copyFileSync(join(packages, from), join(out, "fonts", to));
}
