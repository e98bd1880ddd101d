// Planned hours of each week; an end before the start lies on the next day.
import type { JSX } from "preact";
import { Icon } from "../ui/parts";
import type { Day, Shift } from "./wire";
import { DAYS, useTeamWords } from "./words";

const FRESH: Shift = { start: "09:00", end: "17:00", days: ["mon", "tue", "wed", "thu", "fri"] };

export function ShiftFields({ shifts, onChange }: { shifts: readonly Shift[]; onChange: (shifts: Shift[]) => void }): JSX.Element {
  const words = useTeamWords();
  const put = (at: number, part: Partial<Shift>): void => onChange(shifts.map((shift, index) => (index === at ? { ...shift, ...part } : shift)));
  const turn = (shift: Shift, day: Day): Day[] => DAYS.filter((one) => (one === day ? !shift.days.includes(day) : shift.days.includes(one)));
  return (
    <fieldset class="bare part-fields">
      <legend>{words.person.shifts}</legend>
      {shifts.map((shift, at) => (
        <div key={at} class="shift-row">
          <span class="days">{DAYS.map((day) => <label key={day} class="check"><input type="checkbox" checked={shift.days.includes(day)} onChange={() => put(at, { days: turn(shift, day) })} />{words.days[day]}</label>)}</span>
          <span class="shift-times"><label>{words.person.start}<input type="time" required value={shift.start} onInput={(event) => put(at, { start: event.currentTarget.value })} /></label>
          <label>{words.person.end}<input type="time" required value={shift.end === "24:00" ? "00:00" : shift.end} onInput={(event) => put(at, { end: event.currentTarget.value })} /></label></span>
          <button type="button" class="quiet remove" aria-label={words.person.removeShift} onClick={() => onChange(shifts.filter((_, index) => index !== at))}><Icon name="x" /></button>
        </div>
      ))}
      <p class="skill-add"><button type="button" onClick={() => onChange([...shifts, FRESH])}><Icon name="plus" />{words.person.addShift}</button></p>
      <small>{words.person.shiftHint}</small>
    </fieldset>
  );
}
