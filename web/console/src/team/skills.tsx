// The skills of somebody, each with how many of his slots it may take.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { NumberField } from "../campaigns/parts";
import { Icon } from "../ui/parts";
import { useTeamWords } from "./words";

const NAME = /^[A-Za-z0-9_-]{1,64}$/;
type Skills = Readonly<Record<string, number | null>>;

export function SkillFields({ skills, known, onChange }: { skills: Skills; known: readonly string[]; onChange: (skills: Record<string, number | null>) => void }): JSX.Element {
  const words = useTeamWords();
  const [fresh, setFresh] = useState("");
  const [wrong, setWrong] = useState(false);
  const add = (): void => {
    const name = fresh.trim();
    setWrong(!NAME.test(name));
    if (!NAME.test(name)) return;
    setFresh("");
    if (!(name in skills)) onChange({ ...skills, [name]: null });
  };
  const drop = (skill: string): void => onChange(Object.fromEntries(Object.entries(skills).filter(([name]) => name !== skill)));
  return (
    <fieldset class="bare part-fields">
      <legend>{words.person.skills}</legend>
      <ul class="skill-rows">{Object.entries(skills).map(([skill, cap]) => (
        <li key={skill}>
          <strong>{skill}</strong>
          <span class="skill-cap"><span aria-hidden="true">{words.person.cap}</span><NumberField value={cap} min={0} max={100} step={1} placeholder="–" label={words.person.capFor(skill)} onNumber={(value) => onChange({ ...skills, [skill]: value === null ? null : Math.round(value) })} /></span>
          <button type="button" class="quiet remove" aria-label={words.person.removeSkill(skill)} onClick={() => drop(skill)}><Icon name="x" /></button>
        </li>
      ))}</ul>
      <div class="skill-add">
        <input list="known-skills" aria-label={words.person.skill} placeholder={words.person.skill} value={fresh} aria-invalid={wrong} onInput={(event) => { setFresh(event.currentTarget.value); setWrong(false); }} onKeyDown={(event) => { if (event.key === "Enter") { event.preventDefault(); add(); } }} />
        <datalist id="known-skills">{known.filter((name) => !(name in skills)).map((name) => <option key={name} value={name} />)}</datalist>
        <button type="button" onClick={add}><Icon name="plus" />{words.person.addSkill}</button>
      </div>
      {wrong ? <small class="problem" role="alert"><Icon name="circle-alert" />{words.person.badSkill}</small> : <small>{words.person.capHint}</small>}
    </fieldset>
  );
}
