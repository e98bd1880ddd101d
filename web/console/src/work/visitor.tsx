// What an agent does with a visitor: invite him by hand, block him. What stands in the way is said, and the text stays.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../i18n";
import { toast, update } from "../store";
import { Dialog, Icon } from "../ui/parts";
import { useStaff } from "../ui/staff";
import { refusal, tried } from "./acts";
import { calls } from "./calls";

const shut = (): void => update({ asking: null });

/** A dialog with fields, a primary button that says the verb, and what the server refused. */
export function Ask({ title, verb, send, children, lead }: { title: string; verb: string; send: () => Promise<string | null>; children: ComponentChildren; lead: string }): JSX.Element {
  const words = useWords();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    const code = await send();
    setBusy(false);
    if (code !== null) setProblem(refusal(code));
  };
  return (
    <Dialog label={title} onClose={shut}>
      <h2>{title}</h2>
      <form class="work-form" onSubmit={(event) => { event.preventDefault(); void go(); }}>
        <p class="quiet-text">{lead}</p>
        {children}
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <p class="actions"><button type="submit" class="primary" disabled={busy}>{verb}</button><button type="button" class="quiet" onClick={shut}>{words.transfer.cancel}</button></p>
      </form>
    </Dialog>
  );
}

export function Invite({ visitor, label }: { visitor: string; label: string }): JSX.Element {
  const words = useWords();
  const staff = useStaff();
  const [text, setText] = useState("");
  const [skill, setSkill] = useState("");
  const skills = [...new Set((staff.list ?? []).flatMap((one) => Object.keys(one.skills)))].sort();
  const send = async (): Promise<string | null> => {
    if (!text.trim()) return "empty";
    const code = await tried(() => calls.invite(visitor, text.trim(), skill || null));
    if (code === null) { shut(); toast(words.work.invited(label)); }
    return code;
  };
  return (
    <Ask title={words.work.inviteTitle(label)} lead={words.work.inviteLead} verb={words.work.invite} send={send}>
      <label class="field"><span>{words.work.inviteText}</span><textarea rows={3} maxLength={1000} autofocus value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
      <label class="field"><span>{words.requests.skill}</span><select value={skill} onChange={(event) => setSkill(event.currentTarget.value)}><option value="">{words.work.anySkill}</option>{skills.map((one) => <option key={one} value={one}>{one}</option>)}</select></label>
    </Ask>
  );
}

const HOURS = [1, 24, 168] as const;

export function Block({ visitor, label }: { visitor: string; label: string }): JSX.Element {
  const words = useWords();
  const [reason, setReason] = useState("");
  const [hours, setHours] = useState<number | null>(24);
  const send = async (): Promise<string | null> => {
    if (!reason.trim()) return "reason_needed";
    const code = await tried(() => calls.block(visitor, reason.trim(), hours));
    if (code === null) { shut(); toast(words.work.blocked(label)); }
    return code;
  };
  const lengths: [number | null, string][] = [...HOURS.map((one, index): [number, string] => [one, [words.work.hour, words.work.day, words.work.week][index]!]), [null, words.work.always]];
  return (
    <Ask title={words.work.blockTitle(label)} lead={words.work.blockLead} verb={words.work.block} send={send}>
      <label class="field"><span>{words.work.reason}</span><input autofocus maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
      <fieldset><legend>{words.work.howLong}</legend><div class="choices">
        {lengths.map(([value, text]) => <label key={text} class="choice"><input type="radio" name="hours" checked={hours === value} onChange={() => setHours(value)} /><span>{text}</span></label>)}
      </div></fieldset>
    </Ask>
  );
}
