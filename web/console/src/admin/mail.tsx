// Mail: through which server it leaves, a test, and who gets what visitors leave.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useStore } from "../store";
import { calls, type Mail } from "./calls";
import { Field, Part, Problem, useDoing, useRead, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

export function MailPart(): JSX.Element {
  const words = useAdminWords().mail;
  const read = useRead(calls.mail);
  return (
    <Whole of={read}>{(mail) => (
      <>
        <header class="page-head"><h2 class="page-title">{mail.configured ? words.ready(mail.host) : words.off}</h2></header>
        {!mail.configured && <p class="part-lead">{words.offNext}</p>}
        {mail.configured && (
          <dl class="figures facts"><div><dt>{words.server}</dt><dd>{mail.host}:{mail.port}</dd></div><div><dt>{words.user}</dt><dd>{mail.user || "–"}</dd></div><div><dt>{words.sender}</dt><dd>{mail.sender}</dd></div><div><dt>{words.tls}</dt><dd>{mail.tls}</dd></div></dl>
        )}
        <To mail={mail} onSaved={read.put} />
        {mail.configured && <Test />}
      </>
    )}</Whole>
  );
}

function To({ mail, onSaved }: { mail: Mail; onSaved: (mail: Mail) => void }): JSX.Element {
  const all = useAdminWords();
  const doing = useDoing();
  const [to, setTo] = useState(mail.to);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void doing.run(async () => { onSaved(await calls.mailTo(to.trim())); return adminWords().saved; });
  };
  return (
    <form class="narrow" onSubmit={submit}>
      <Field label={all.mail.to} hint={all.mail.toHint}><input type="email" maxLength={254} value={to} onInput={(event) => setTo(event.currentTarget.value)} /></Field>
      <Problem text={doing.problem} />
      <button type="submit" class="primary" disabled={doing.busy || to.trim() === mail.to}>{all.save}</button>
    </form>
  );
}

function Test(): JSX.Element {
  const words = useAdminWords().mail;
  const mine = useStore((state) => state.me?.email ?? "");
  const doing = useDoing();
  const [to, setTo] = useState(mine);
  const [answer, setAnswer] = useState("");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setAnswer("");
    void doing.run(async () => setAnswer((await calls.testMail(to.trim())).answer));
  };
  return (
    <Part id="mail-test" title={words.test}>
      <form class="narrow" onSubmit={submit}>
        <Field label={words.testTo}><input type="email" required maxLength={254} value={to} onInput={(event) => setTo(event.currentTarget.value)} /></Field>
        <Problem text={doing.problem} />
        <div role="status">{answer && <p class="went-well">{words.answered(answer)}</p>}</div>
        <button type="submit" disabled={doing.busy}>{words.testDo}</button>
      </form>
    </Part>
  );
}
