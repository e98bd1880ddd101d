// Builds the console, and every workspace folder that has an entries.json, into src/aparte/static: the same bytes every time.
// entries.json: {"name of the built file": {"entry": "src/main.ts", "target": "es2022"}}.
// "format": "esm" for what is brought by import(); "inner": members that only this file knows, which get short names.
// A style sheet that an entry imports becomes name.css beside name.js.
//   node build.mjs            build            node build.mjs --out DIR    build elsewhere, to compare
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { buildConsole } from "./console/build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.indexOf("--out");
const out = asked < 0 ? join(here, "../src/aparte/static") : resolve(process.argv[asked + 1]);

const entries = readdirSync(here)
  .sort()
  .filter((folder) => existsSync(join(here, folder, "entries.json")))
  .flatMap((folder) =>
    Object.entries(JSON.parse(readFileSync(join(here, folder, "entries.json"), "utf8"))).map(([name, entry]) => ({
      name,
      folder,
      ...entry,
    })),
  );

for (const { name, folder, entry, target, format, inner } of entries) {
  await build({
    absWorkingDir: here,
    entryPoints: { [name]: join(folder, entry) },
    outdir: out,
    bundle: true,
    format: format ?? "iife",
    minify: true,
    target: target ?? "es2022",
    charset: "utf8",
    legalComments: "none",
    jsx: "transform",
    jsxFactory: "h",
    jsxFragment: "Fragment",
    loader: { ".woff2": "file", ".svg": "text" },
    assetNames: "[name]",
    mangleProps: inner && new RegExp(`^(${inner.join("|")})$`),
    tsconfigRaw: { compilerOptions: { alwaysStrict: false, useDefineForClassFields: true } },
    logLevel: "warning",
  });
  const bytes = readFileSync(join(out, `${name}.js`));
  console.log(`${name}.js  ${bytes.length} B, ${gzipSync(bytes, { level: 9 }).length} B gz`);
}

await buildConsole(out);
for (const name of ["console.js", "console.css"]) {
  const bytes = readFileSync(join(out, name));
  console.log(`${name}  ${bytes.length} B, ${gzipSync(bytes, { level: 9 }).length} B gz`);
}
