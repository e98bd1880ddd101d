// The guided discovery: from what is wanted and what was lost to rules that one takes or leaves, and a first scenario.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { call, Refused } from "../api";
import { expired, isFailure } from "../actions";
import { calls as campaigns } from "../campaigns/calls";
import type { CampaignFile } from "../campaigns/wire";
import { calls as goals } from "../goals/calls";
import { get, toast, useStore } from "../store";
import { later } from "../ui/later";
import { Icon } from "../ui/parts";
import { calls } from "./calls";
import { Mistyped, bodyOf, objectiveOf, told } from "./discovery_asked";
import { Milestones, Objectives, Past } from "./discovery_fields";
import { Rules, Scenario } from "./discovery_found";
import { FRESH, type Discovered, type Typed } from "./discovery_wire";
import { planDiscoveryWords, ready, usePlanDiscoveryWords } from "./discovery_words";

const STEPS = 5;
/** What was typed stays while the page is open, whatever tab one goes to. */
const kept: { site: string; typed: Typed; step: number } = { site: "", typed: FRESH, step: 0 };

/** What went wrong, in the reader's words where there are some; empty when the session is over. */
function refusal(error: unknown): string {
  if (error instanceof Mistyped) return error.message;
  if (!isFailure(error)) throw error;
  const words = planDiscoveryWords();
  if (expired(error)) return "";
  if (!(error instanceof Refused)) return words.failed;
  const said = error.body.error as { where?: string; what?: string; hint?: string } | undefined;
  return words.codes[error.code] ?? (said?.what ? words.refusedAt(said.where ?? "", [said.what, said.hint].filter(Boolean).join(". ")) : words.failed);
}

/** The draft with this campaign, in the place of one of the same name. */
async function intoDraft(campaign: NonNullable<Discovered["campaign"]>): Promise<void> {
  let file: CampaignFile = { site: { id: get().me?.site.id ?? "" } } as CampaignFile;
  let revision = 0;
  try {
    const now = await campaigns.file("draft");
    [file, revision] = [now.file, now.revision];
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "no_such_version") throw error;
  }
  const others = (file.campaigns ?? []).filter((one) => one.name !== campaign.name);
  await campaigns.save(revision, { ...file, campaigns: [...others, campaign] } as CampaignFile);
}

function Guided(): JSX.Element {
  const words = usePlanDiscoveryWords();
  const language = useStore((state) => state.language);
  const site = useStore((state) => state.me?.site.id ?? "");
  const mine = kept.site === site;
  const [typed, setTyped] = useState<Typed>(mine ? kept.typed : FRESH);
  const [step, setStep] = useState(mine ? Math.min(kept.step, 2) : 0);
  const [found, setFound] = useState<Discovered | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => { Object.assign(kept, { site, typed, step }); }, [site, typed, step]);

  const ask = async (taken: readonly string[] | null, with_: Typed = typed): Promise<boolean> => {
    setBusy(true);
    try {
      setFound(await call<Discovered>("POST", "plan/discovery", bodyOf(with_, taken, language)));
      setProblem("");
      return true;
    } catch (error) {
      setProblem(refusal(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const go = async (next: number): Promise<void> => {
    if (next >= 3 && step < 3 && !(await ask(null))) return;
    setProblem("");
    setStep(next);
    requestAnimationFrame(() => head.current?.focus());
  };
  const takenNow = found?.proposals.filter((one) => one.taken).map((one) => one.proposal.name) ?? [];
  const take = (name: string, yes: boolean): void => {
    // The tick is seen at once; what follows from it comes with the answer.
    setFound((now) => now && { ...now, proposals: now.proposals.map((one) => (one.proposal.name === name ? { ...one, taken: yes } : one)) });
    void ask(yes ? [...takenNow, name] : takenNow.filter((one) => one !== name));
  };
  const put = (changed: Partial<Typed>): void => setTyped((now) => ({ ...now, ...changed }));
  useEffect(() => { if (found && step >= 3) void ask(takenNow); }, [language]);
  const done = async (work: () => Promise<unknown>, said: string): Promise<void> => {
    setBusy(true);
    try {
      await work();
      setProblem("");
      toast(said);
    } catch (error) {
      setProblem(refusal(error));
    } finally {
      setBusy(false);
    }
  };
  const saveScenario = (): void => {
    const scenario = found?.scenario;
    if (!scenario) return;
    void done(async () => {
      const saved = await calls.save({ note: found.note, scenario: { ...scenario, name: typed.name.trim() || scenario.name } });
      location.hash = `#/plan/case/${encodeURIComponent(saved.saved.id)}`;
    }, words.scenarioSaved);
  };
  const objectives = told(typed);
  const saveGoals = (): void => { void done(async () => { for (const one of objectives) await goals.saveGoal({ ...objectiveOf(one), owner: typed.owner.trim(), sponsor: typed.sponsor.trim() }); }, words.goalsSaved); };
  return (
    <div class="disc">
      <nav aria-label={words.stepsLabel}><ol class="disc-steps">{words.steps.map((name, n) => <li key={n}><button type="button" class="quiet" aria-current={n === step ? "step" : undefined} disabled={busy} onClick={() => void go(n)}><span class="disc-number" aria-hidden="true">{n < step ? <Icon name="check" size={14} /> : n + 1}</span>{name}</button></li>)}</ol></nav>
      <section aria-label={words.steps[step]} aria-busy={busy}>
        <h2 class="page-title" tabIndex={-1} ref={head}>{words.steps[step]}</h2>
        <p class="plan-lead">{words.leads[step]}</p>
        {step === 0 && <Objectives typed={typed} put={put} />}
        {step === 1 && <Milestones typed={typed} put={put} />}
        {step === 2 && <Past typed={typed} put={put} />}
        {step === 3 && found && <Rules found={found} busy={busy} onTake={take} />}
        {step === 4 && found && <Scenario found={found} typed={typed} put={put} busy={busy} objectives={objectives.length} onScenario={saveScenario} onGoals={saveGoals} onDraft={() => { const campaign = found.campaign; if (campaign) void done(() => intoDraft(campaign), words.draftSaved); }} />}
        <div class="problem-place" aria-live="assertive">{problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}</div>
        <p class="actions disc-nav">{step > 0 && <button type="button" disabled={busy} onClick={() => void go(step - 1)}>{words.back}</button>}{step < STEPS - 1 && <button type="button" class="primary" disabled={busy} onClick={() => void go(step + 1)}>{words.next}<Icon name="chevron-right" /></button>}<span class="quiet-text" role="status">{busy ? words.busy : words.step(step + 1, STEPS)}</span></p>
      </section>
    </div>
  );
}

export const Discovery = later(async () => { await ready(); return Guided; });
