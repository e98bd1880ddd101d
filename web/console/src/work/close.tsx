// How a conversation ended: the code, why nothing was bought, a note. Before closing, or afterwards when the visitor closed it.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWords } from "../i18n";
import { update, useStore } from "../store";
import type { Conv } from "../wire";
import { Dialog, Icon, Loading } from "../ui/parts";
import { close, codes, refusal, wrapUp } from "./acts";
import type { Codes } from "./calls";

export function Ending({ conv, next, owed }: { conv: Conv; next: boolean; owed: boolean }): JSX.Element {
  const words = useWords();
  const [rule, setRule] = useState<Codes | null>(null);
  useEffect(() => void codes().then(setRule), []);
  const title = owed ? words.work.wrapTitle(conv.label) : words.work.closeTitle(conv.label);
  return (
    <Dialog label={title} onClose={() => update({ asking: null })}>
      <h2>{title}</h2>
      {rule ? <Form conv={conv} next={next} owed={owed} rule={rule} /> : <Loading label={words.boot.loading} />}
    </Dialog>
  );
}

function Form({ conv, next, owed, rule }: { conv: Conv; next: boolean; owed: boolean; rule: Codes }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  const [code, setCode] = useState("");
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const chosen = rule.codes.find((one) => one.id === code);
  const needed = owed || rule.wrap_up === "required";
  const send = async (on: boolean): Promise<void> => {
    if (needed && !code) return setProblem(words.work.refused.code_needed);
    setBusy(true);
    const wrapped = { ...(code ? { code } : {}), ...(chosen?.reasons && reason ? { reason } : {}), ...(code && note.trim() ? { note: note.trim() } : {}) };
    const refused = owed ? await wrapUp(conv, wrapped) : await close(conv, on, wrapped);
    setBusy(false);
    if (refused !== null) setProblem(refusal(refused));
  };
  return (
    <form class="work-form" onSubmit={(event) => { event.preventDefault(); void send(next); }}>
      <p class="quiet-text">{needed ? words.work.codeNeeded : words.work.codeOptional}</p>
      <div class="work-scroll">
        <fieldset><legend>{words.work.code}</legend><div class="choices">
          {rule.codes.filter((one) => one.active).map((one, index) => <Choice key={one.id} group="code" text={one.label[language]} checked={code === one.id} first={index === 0} onChoose={() => { setCode(one.id); setProblem(""); }} />)}
        </div></fieldset>
        {chosen?.reasons && <fieldset><legend>{words.work.whyNot}</legend><div class="choices">
          {rule.reasons.map((one) => <Choice key={one.id} group="reason" text={one.label[language]} checked={reason === one.id} onChoose={() => setReason(one.id)} />)}
        </div></fieldset>}
        {code && <label class="field"><span>{words.work.note}</span><textarea rows={2} maxLength={4000} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>}
      </div>
      {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
      <p class="actions">
        <button type="submit" class="primary" disabled={busy}><Icon name="check" />{owed ? words.work.keep : next ? words.work.closeNext : words.thread.close}</button>
        {!owed && !next && <button type="button" disabled={busy} onClick={() => void send(true)}>{words.work.closeNext}</button>}
        {owed && <button type="button" onClick={() => update({ asking: null, transcript: conv.id })}>{words.context.transcript}</button>}
        <button type="button" class="quiet" onClick={() => update({ asking: null })}>{words.transfer.cancel}</button>
      </p>
    </form>
  );
}

function Choice({ group, text, checked, onChoose, first }: { group: string; text: string; checked: boolean; onChoose: () => void; first?: boolean }): JSX.Element {
  return <label class="choice"><input type="radio" name={group} checked={checked} onChange={onChoose} autofocus={first} /><span>{text}</span></label>;
}
