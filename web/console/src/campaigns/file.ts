// What can be said of and done to a campaign file: pure, each change gives a new file. Absent members are at their defaults.
import type { Campaign, CampaignFile, Change, Experiment, Fault, Rule, Variant } from "./wire";

export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
export const MEASURE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DURATION = /^(?=.)(\d+d)?(\d+h)?(\d+m(?!s))?(\d+s)?(\d+ms)?$/;
const SLOTLESS = new Set(["content", "email", "tour", "callback"]);

export const isDuration = (text: string): boolean => DURATION.test(text);
export const takesSlot = (channel: string | undefined): boolean => !SLOTLESS.has(channel ?? "chat");
export const holdoutOf = (campaign: Campaign): number => campaign.holdout ?? 0.1;
export const campaignOf = (file: CampaignFile | null, name: string | null): Campaign | undefined => file?.campaigns?.find((one) => one.name === name);
/** Rules as they are asked: the highest priority first, then as in the file. */
export const byPriority = (campaign: Campaign): Rule[] => campaign.rules.toSorted((a, b) => (b.priority ?? 0) - (a.priority ?? 0));

export function withCampaign(file: CampaignFile, name: string, change: (campaign: Campaign) => Campaign): CampaignFile {
  return { ...file, campaigns: (file.campaigns ?? []).map((one) => (one.name === name ? change(one) : one)) };
}

export function withRule(file: CampaignFile, campaign: string, rule: string, change: (rule: Rule) => Rule): CampaignFile {
  return withCampaign(file, campaign, (one) => ({ ...one, rules: one.rules.map((each) => (each.name === rule ? change(each) : each)) }));
}

/** A name that nobody has, made of `wanted` and a number. */
export function freeName(wanted: string, taken: readonly string[]): string {
  for (let rank = 1; ; rank++) {
    const name = rank === 1 ? wanted : `${wanted}-${rank}`;
    if (!taken.includes(name)) return name;
  }
}

/** Compares values as JSON does, with the members of tables in any order and absent ones equal to null. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b || (a === undefined && b === null) || (a === null && b === undefined)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => alike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

const memberChanges = (a: object, b: object): string[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !alike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));

/** What `next` changes of `base`: by campaign, and the rest of the file under campaign null. */
export function changes(base: CampaignFile | null, next: CampaignFile): Change[] {
  const before = new Map((base?.campaigns ?? []).map((one) => [one.name, one]));
  const found: Change[] = [];
  const site = memberChanges({ ...base, campaigns: undefined }, { ...next, campaigns: undefined }).filter((key) => key !== "campaigns");
  if (site.length > 0) found.push({ campaign: null, what: "changed", members: site });
  for (const one of next.campaigns ?? []) {
    const old = before.get(one.name);
    before.delete(one.name);
    const members = old ? memberChanges(old, one) : [];
    if (!old) found.push({ campaign: one.name, what: "added", members });
    else if (members.length > 0) found.push({ campaign: one.name, what: "changed", members });
  }
  for (const name of before.keys()) found.push({ campaign: name, what: "removed", members: [] });
  return found;
}

// ---- arms

const share = (value: number): number => Math.round(value * 10_000) / 10_000;

export const sharesOf = (campaign: Campaign): string => (campaign.experiment?.variants ?? []).map((one) => `${one.name}=${share(one.share)}`).join();

/** Raises the version of a draw whose shares are no longer those in force, and puts it back when they are. */
export function versioned(base: Campaign | undefined, campaign: Campaign): Campaign {
  if (!base) return campaign;
  const before = base.version ?? 1;
  const next: Campaign = { ...campaign, version: holdoutOf(base) === holdoutOf(campaign) ? before : before + 1 };
  if (!campaign.experiment || !base.experiment) return tidied(next, base);
  const dealt = base.experiment.version ?? 1;
  return tidied({ ...next, experiment: { ...campaign.experiment, version: sharesOf(base) === sharesOf(campaign) ? dealt : dealt + 1 } }, base);
}

/** Leaves out a version that is at its default and that the base does not name either. */
function tidied(campaign: Campaign, base: Campaign): Campaign {
  const { version, ...rest } = campaign;
  return version === 1 && base.version === undefined ? rest : campaign;
}

/** Variant `at` gets `wanted` (0..1 of those not held out); the others keep their proportions. The shares add up to 1 exactly enough. */
export function withShare(experiment: Experiment, at: number, wanted: number): Experiment {
  const value = share(Math.min(1, Math.max(0, wanted)));
  const others = experiment.variants.reduce((sum, one, index) => (index === at ? sum : sum + one.share), 0);
  const count = experiment.variants.length - 1;
  const scaled = experiment.variants.map((one, index) => (index === at ? value : share(others > 0 ? (one.share / others) * (1 - value) : (1 - value) / Math.max(1, count))));
  const last = at === count ? count - 1 : count;
  const rest = scaled.reduce((sum, one, index) => (index === last ? sum : sum + one), 0);
  return { ...experiment, variants: experiment.variants.map((one, index) => ({ ...one, share: index === last && count > 0 ? share(1 - rest) : scaled[index]! })) };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** One more message on trial; the first makes an experiment of the rule's own offer and a second arm, halves each. */
export function withVariant(campaign: Campaign): Campaign {
  const now = campaign.experiment?.variants ?? [];
  if (now.length === 0) return { ...campaign, experiment: { ...campaign.experiment, variants: [{ name: "A", share: 0.5 }, { name: "B", share: 0.5 }] } };
  const name = [...LETTERS].find((letter) => !now.some((one) => one.name === letter)) ?? freeName("variant", now.map((one) => one.name));
  const fresh: Variant = { name, share: 0 };
  return { ...campaign, experiment: withShare({ ...campaign.experiment!, variants: [...now, fresh] }, now.length, 1 / (now.length + 1)) };
}

/** Without one variant; the last one left is no experiment any more. */
export function withoutVariant(campaign: Campaign, at: number): Campaign {
  const experiment = campaign.experiment!;
  const left = experiment.variants.filter((_, index) => index !== at);
  if (left.length < 2) return { ...campaign, experiment: null };
  const sum = left.reduce((total, one) => total + one.share, 0);
  const scaled = left.map((one) => share(sum > 0 ? one.share / sum : 1 / left.length));
  const rest = scaled.slice(0, -1).reduce((total, one) => total + one, 0);
  return { ...campaign, experiment: { ...experiment, variants: left.map((one, index) => ({ ...one, share: index === left.length - 1 ? share(1 - rest) : scaled[index]! })) } };
}

// ---- faults and text

/** The faults of one member, or of what lies below it. */
export const faultsAt = (faults: readonly Fault[], path: readonly (string | number)[]): Fault[] =>
  faults.filter((one) => path.every((piece, index) => one.path[index] === piece));

/** Where the clauses of a condition lie, cut at each && outside parentheses, brackets and quotes: [start, end). */
export function clauses(text: string): [number, number][] {
  const found: [number, number][] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (quote) {
      if (letter === "\\") at++;
      else if (letter === quote) quote = "";
    } else if (letter === '"' || letter === "'") quote = letter;
    else if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    else if (depth === 0 && text.startsWith("&&", at)) {
      found.push([start, at]);
      start = at += 2;
    }
  }
  return [...found, [start, text.length]];
}

/** The place in a text of a line and column that count from 1. */
export function offset(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, Math.max(0, line - 1)).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(text.length, before + Math.max(0, column - 1));
}
