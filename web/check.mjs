// Checks the types of every workspace folder that has a tsconfig.json.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const tsc = join(here, "node_modules/typescript/bin/tsc");
const wrong = readdirSync(here)
  .filter((folder) => existsSync(join(here, folder, "tsconfig.json")))
  .filter((folder) => spawnSync(process.execPath, [tsc, "-p", join(here, folder)], { stdio: "inherit" }).status);
if (wrong.length) throw new Error(`types: ${wrong.join(", ")}`);
