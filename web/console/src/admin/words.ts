// The words of the account and the settings in the language that is on now.
import { Refused } from "../api";
import { lookup } from "../i18n";
import { get, useStore } from "../store";
import { en } from "./en";
import { fr } from "./fr";

const WORDS = { fr, en };
export type AdminWords = typeof en;

export const useAdminWords = (): AdminWords => WORDS[useStore((state) => state.language)];
export const adminWords = (): AdminWords => WORDS[get().language];

/** What the server refuses, in words; what it says beside the code (a mail server's answer) follows. */
export function refusal(error: unknown): string {
  const { problems } = adminWords();
  if (!(error instanceof Refused)) return problems.other;
  const said = lookup(problems, error.code, error.status < 500 ? problems.bad_input : problems.other);
  const beside = error.code === "mail_failed" ? ((error.body.error as { where?: string }).where ?? "") : "";
  return beside ? `${said} ${beside}` : said;
}
