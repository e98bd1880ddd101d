// Builds the console into src/aparte/static: script, styles, fonts. The same input gives the same bytes.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import "./icons.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = here("../../src/aparte/static/");

const FONTS = [
  ["@fontsource-variable/hanken-grotesk/files/hanken-grotesk-latin-wght-normal.woff2", "hanken-grotesk.woff2"],
  ["@fontsource-variable/newsreader/files/newsreader-latin-opsz-normal.woff2", "newsreader.woff2"],
  ["@fontsource-variable/newsreader/files/newsreader-latin-opsz-italic.woff2", "newsreader-italic.woff2"],
  ["@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2", "ibm-plex-mono.woff2"],
  ["@fontsource-variable/hanken-grotesk/LICENSE", "hanken-grotesk.LICENSE"],
  ["@fontsource-variable/newsreader/LICENSE", "newsreader.LICENSE"],
  ["@fontsource/ibm-plex-mono/LICENSE", "ibm-plex-mono.LICENSE"],
];

/** Writes console.js, console.css, console.html, tokens.css, logo.svg and fonts/ into the folder that the server serves. */
export async function buildConsole() {
  mkdirSync(`${out}fonts`, { recursive: true });
  await build({
    entryPoints: [here("src/main.tsx")],
    outfile: `${out}console.js`,
    bundle: true,
    minify: true,
    splitting: false,
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
  for (const name of ["console.html", "tokens.css", "logo.svg"]) copyFileSync(here(`public/${name}`), out + name);
  for (const [from, to] of FONTS) copyFileSync(here(`node_modules/${from}`), `${out}fonts/${to}`);
}

await buildConsole();
