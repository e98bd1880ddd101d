// The steps of a script: what the agent says, what the visitor may answer, and where that leads.
import type { JSX } from "preact";
import { Icon } from "../ui/parts";
import type { Branch, Step } from "./wire";
import { useLibraryWords } from "./words";

const MOST = 50;
const MOST_ANSWERS = 8;

/** An id that no step has. */
function fresh(steps: readonly Step[]): string {
  let number = steps.length + 1;
  while (steps.some((one) => one.id === `s${number}`)) number += 1;
  return `s${number}`;
}

export function StepsFields({ steps, put, leads }: { steps: readonly Step[]; put: (steps: Step[]) => void; leads: boolean }): JSX.Element {
  const words = useLibraryWords();
  const change = (at: number, part: Partial<Step>): void => put(steps.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const without = (id: string): Step[] => steps.filter((one) => one.id !== id).map((one) => ({ ...one, next: one.next.filter((each) => each.to !== id) }));
  return (
    <fieldset class="script-steps">
      <legend>{words.steps}</legend>
      <ol>
        {steps.map((step, at) => (
          <li key={step.id}>
            <label class="field"><span>{words.step(at + 1)}<span class="quiet-text">{words.say}</span></span><textarea rows={2} required maxLength={4000} readOnly={!leads} value={step.say} onInput={(event) => change(at, { say: event.currentTarget.value })} /></label>
            <ul>{step.next.map((one, row) => <Answer key={row} one={one} steps={steps} leads={leads} put={(part) => change(at, { next: step.next.map((each, index) => (index === row ? { ...each, ...part } : each)) })} drop={() => change(at, { next: step.next.filter((_, index) => index !== row) })} />)}</ul>
            {leads && <p class="aid-acts">
              {step.next.length < MOST_ANSWERS && <button type="button" class="quiet" onClick={() => change(at, { next: [...step.next, { label: "", to: steps[at + 1]?.id ?? step.id }] })}><Icon name="plus" />{words.addAnswer}</button>}
              {steps.length > 1 && <button type="button" class="quiet" aria-label={words.removeStep(at + 1)} onClick={() => put(without(step.id))}><Icon name="trash-2" /></button>}
            </p>}
          </li>
        ))}
      </ol>
      {leads && steps.length < MOST && <button type="button" onClick={() => put([...steps, { id: fresh(steps), say: "", next: [] }])}><Icon name="plus" />{words.addStep}</button>}
    </fieldset>
  );
}

function Answer({ one, steps, leads, put, drop }: { one: Branch; steps: readonly Step[]; leads: boolean; put: (part: Partial<Branch>) => void; drop: () => void }): JSX.Element {
  const words = useLibraryWords();
  return (
    <li class="answer-row">
      <input required maxLength={120} aria-label={words.answer} placeholder={words.answer} readOnly={!leads} value={one.label} onInput={(event) => put({ label: event.currentTarget.value })} />
      <span class="quiet-text">{words.leadsTo}</span>
      <select aria-label={`${one.label || words.answer}, ${words.leadsTo}`} disabled={!leads} value={one.to} onChange={(event) => put({ to: event.currentTarget.value })}>{steps.map((step, index) => <option key={step.id} value={step.id}>{words.step(index + 1)}</option>)}</select>
      {leads && <button type="button" class="quiet remove" aria-label={words.removeAnswer} onClick={drop}><Icon name="trash-2" /></button>}
    </li>
  );
}
