// The words of the account and the settings in the language that is on now.
import { Refused } from "../api";
import { lookup } from "../i18n";
import { pack } from "../i18n/pack";
import type { en } from "./en";

export type AdminWords = typeof en;

const WORDS = pack<AdminWords>({ fr: async () => (await import("./fr")).fr, en: async () => (await import("./en")).en });
export const ready = WORDS.ready;
export const useAdminWords = WORDS.use;
export const adminWords = WORDS.now;

/** What the server refuses, in words; what it says beside the code (a mail server's answer) follows. */
export function refusal(error: unknown): string {
  const { problems } = adminWords();
  if (!(error instanceof Refused)) return problems.other;
  const said = lookup(problems, error.code, error.status < 500 ? problems.bad_input : problems.other);
  const beside = error.code === "mail_failed" ? ((error.body.error as { where?: string }).where ?? "") : "";
  return beside ? `${said} ${beside}` : said;
}
