// Ways in beside the password: a link asked for by mail, and the page that such a link or an invitation opens.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { start } from "../actions";
import { update } from "../store";
import { Door } from "../ui/signin";
import { calls } from "./calls";
import { Problem, useDoing } from "./parts";
import { useAdminWords } from "./words";

const toDoor = (): void => {
  history.replaceState(null, "", "#/exchanges");
  void start();
};

/** Forgotten: whether anybody has the address is never told. */
export function Forgot(): JSX.Element {
  const words = useAdminWords().door;
  const doing = useDoing();
  const [email, setEmail] = useState("");
  const [asked, setAsked] = useState(false);
  const back = <button type="button" class="quiet wide" onClick={() => update({ phase: "signed-out" })}>{words.back}</button>;
  if (asked) return <Door title={words.forgot} lead={words.asked}><p role="status">{words.askedNext}</p>{back}</Door>;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void doing.run(async () => { await calls.askReset(email.trim()); setAsked(true); });
  };
  return (
    <Door title={words.forgot} lead={words.forgotLead}>
      <form onSubmit={submit}>
        <label><span>{useAdminWords().account.email}</span><input name="email" type="email" autocomplete="username" required autofocus value={email} onInput={(event) => setEmail(event.currentTarget.value)} /></label>
        <Problem text={doing.problem} />
        <button type="submit" class="primary wide" disabled={doing.busy}>{words.ask}</button>
        {back}
      </form>
    </Door>
  );
}

/** #reset=TOKEN or #invite=TOKEN: a password, twice. Nobody is signed in by it. */
export function ByLink(): JSX.Element {
  const words = useAdminWords();
  const doing = useDoing();
  const [done, setDone] = useState(false);
  const [{ kind, token }] = useState(() => {
    const [kind = "reset", token = ""] = location.hash.slice(1).split("=");
    return { kind, token };
  });
  if (done) return <Door title={words.door.done} lead={words.door.doneNext}><button type="button" class="primary wide" autofocus onClick={toDoor}>{words.door.enter}</button></Door>;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const password = String(form.get("password"));
    if (password !== form.get("again")) return doing.say(words.door.differ);
    void doing.run(async () => { await calls.setPassword(token, password); setDone(true); });
    return undefined;
  };
  const another = (): void => { history.replaceState(null, "", "#/exchanges"); update({ phase: "forgot" }); };
  return (
    <Door title={kind === "invite" ? words.door.invite : words.door.reset} lead={words.door.lead}>
      <form onSubmit={submit}>
        <label><span>{words.door.password}</span><input name="password" type="password" autocomplete="new-password" minLength={10} required autofocus /></label>
        <label><span>{words.door.again}</span><input name="again" type="password" autocomplete="new-password" required /></label>
        <Problem text={doing.problem} />
        <button type="submit" class="primary wide" disabled={doing.busy}>{words.door.submit}</button>
        {doing.problem === words.problems.wrong_token && <button type="button" class="quiet wide" onClick={another}>{words.door.another}</button>}
        <button type="button" class="quiet wide" onClick={toDoor}>{words.door.back}</button>
      </form>
    </Door>
  );
}
