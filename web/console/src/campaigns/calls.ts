// The campaigns' calls over HTTP; see docs/reference/wire.md.
import { call } from "../api";
import type { CampaignFile, Condition, Converted, Explained, Loaded, Match, Overview, Running, Saved, Schema, Templates, Version } from "./wire";

const id = encodeURIComponent;

export const calls = {
  overview: () => call<Overview>("GET", "campaigns"),
  file: (version: "draft" | "published" | number) => call<Loaded>("GET", `campaigns/file?version=${version}`),
  save: (revision: number, file: CampaignFile) => call<Saved>("PUT", "campaigns/draft", { revision, file }),
  saveText: (revision: number, text: string) => call<Saved>("PUT", "campaigns/draft", { revision, text }),
  discard: () => call<unknown>("DELETE", "campaigns/draft"),
  publish: (revision: number, note: string) => call<{ version: number }>("POST", "campaigns/publish", { revision, note }),
  rollback: (version: number, note: string) => call<{ version: number }>("POST", "campaigns/rollback", { version, note }),
  versions: () => call<Version[]>("GET", "campaigns/versions"),
  schema: () => call<Schema>("GET", "campaigns/schema"),
  templates: () => call<Templates>("GET", "campaigns/templates"),
  fromText: (text: string, file: CampaignFile) => call<Converted>("POST", "campaigns/condition", { text, file }),
  fromRows: (rows: readonly Condition[], file: CampaignFile) => call<Converted>("POST", "campaigns/condition", { rows, file }),
  match: (file: CampaignFile, when: string, rule: string) => call<Match>("POST", "campaigns/match", { file, when, rule }),
  replay: (file: CampaignFile, days: number) => call<{ id: string }>("POST", "campaigns/replay", { file, days }),
  replayed: (replay: string) => call<Running>("GET", `campaigns/replay/${id(replay)}`),
  stopReplay: (replay: string) => call<unknown>("DELETE", `campaigns/replay/${id(replay)}`),
  explain: (visitor: string) => call<Explained>("GET", `visitors/${id(visitor)}/explain`),
};
