// The door: sign in, enter the demonstration with one click, or make the first account.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { enter, isFailure, setLanguage } from "../actions";
import { api, Refused } from "../api";
import { useWords } from "../i18n";
import { update, useStore } from "../store";
import type { Me } from "../wire";
import { Icon, Mark, Parens } from "./parts";

export function Door({ title, lead, children }: { title: string; lead: string; children: ComponentChildren }): JSX.Element {
  const language = useStore((state) => state.language);
  const other = language === "fr" ? "en" : "fr";
  return (
    <div class="door-page">
      <header><span class="wordmark"><Mark size={32} />Aparté</span><button type="button" class="quiet" lang={other} onClick={() => setLanguage(other)}>{other === "fr" ? "Français" : "English"}</button></header>
      <main class="door"><h1>{title}</h1><p class="door-lead">{lead}</p>{children}</main>
    </div>
  );
}

/** Runs an answer of the door; gives back the sentence to show when it is refused. */
function useKnock(explain: (error: Refused) => string): { busy: boolean; problem: string | null; knock: (ask: () => Promise<Me>) => Promise<void> } {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const knock = async (ask: () => Promise<Me>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      enter(await ask());
    } catch (error) {
      if (!isFailure(error)) throw error;
      setProblem(error instanceof Refused ? explain(error) : words.signIn.failed);
      setBusy(false);
    }
  };
  return { busy, problem, knock };
}

const value = (form: HTMLFormElement, name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value;

function Problem({ text }: { text: string | null }): JSX.Element {
  return <div class="problem-place" role="alert">{text && <p class="problem"><Icon name="circle-alert" />{text}</p>}</div>;
}

/** The address and password that were right, while the code of the second factor is asked for. */
type Known = { email: string; password: string };

export function SignIn(): JSX.Element {
  const words = useWords().signIn;
  const demo = useStore((state) => state.demo);
  const expired = useStore((state) => state.expired);
  const [known, setKnown] = useState<Known | null>(null);
  const [email, setEmail] = useState("");
  const tried = useRef<Known>({ email: "", password: "" });
  const { busy, problem, knock } = useKnock((error) => {
    if (error.code === "totp_needed") setKnown(tried.current);
    return error.code === "totp_needed" ? "" : error.status === 429 ? words.many : error.status === 401 ? words.wrong : words.failed;
  });
  if (known) return <SecondStep known={known} onBack={() => setKnown(null)} />;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    tried.current = { email, password: value(event.currentTarget as HTMLFormElement, "password") };
    void knock(() => api.signIn(tried.current.email, tried.current.password));
  };
  return (
    <Door title={words.title} lead={words.lead}>
      {expired && <p class="tag honey door-expired"><Icon name="triangle-alert" />{words.expired}</p>}
      {demo && <div class="door-demo"><Parens><p>{words.demoLead}</p></Parens><button type="button" class="primary wide" disabled={busy} onClick={() => void knock(() => api.enterDemo())}>{words.demo}</button><p class="door-or">{words.or}</p></div>}
      <form onSubmit={submit}>
        <label><span>{words.email}</span><input name="email" type="email" autocomplete="username" required value={email} onInput={(event) => setEmail(event.currentTarget.value)} /></label>
        <label><span>{words.password}</span><input name="password" type="password" autocomplete="current-password" required /></label>
        <Problem text={problem} />
        <button type="submit" class={demo ? "wide" : "primary wide"} disabled={busy}>{words.submit}</button>
        <button type="button" class="quiet wide" onClick={() => update({ phase: "forgot" })}>{words.forgot}</button>
      </form>
    </Door>
  );
}

/** The code of the app, or one of the recovery codes. */
function SecondStep({ known, onBack }: { known: Known; onBack: () => void }): JSX.Element {
  const words = useWords().signIn;
  const [recovery, setRecovery] = useState(false);
  const { busy, problem, knock } = useKnock((error) => (error.status === 429 ? words.many : error.status === 401 ? words.wrongCode : words.failed));
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), [recovery]);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void knock(() => api.signIn(known.email, known.password, field.current!.value.trim())).then(() => field.current?.select());
  };
  return (
    <Door title={words.title} lead={words.codeLead}>
      <form onSubmit={submit}>
        <input class="hidden" type="text" name="username" autocomplete="username" value={known.email} readOnly tabIndex={-1} aria-hidden="true" />
        {recovery
          ? <label key="recovery"><span>{words.recovery}</span><input ref={field} name="recovery" autocomplete="off" autocapitalize="none" spellcheck={false} required maxLength={64} /></label>
          : <label key="code"><span>{words.code}</span><input ref={field} name="code" inputMode="numeric" autocomplete="one-time-code" required maxLength={7} pattern="[0-9 ]{6,7}" /></label>}
        <Problem text={problem} />
        <button type="submit" class="primary wide" disabled={busy}>{words.submit}</button>
        <button type="button" class="quiet wide" onClick={() => setRecovery(!recovery)}>{recovery ? words.useCode : words.useRecovery}</button>
        <button type="button" class="quiet wide" onClick={onBack}>{words.back}</button>
      </form>
    </Door>
  );
}

export function SetUp(): JSX.Element {
  const words = useWords();
  const { busy, problem, knock } = useKnock((error) => (error.status === 404 ? words.setup.done : error.status >= 500 ? words.signIn.failed : words.setup.refused));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const token = new URLSearchParams(location.hash.slice(1)).get("setup") ?? "";
    void knock(() => api.setUp(token, value(form, "email"), value(form, "name"), value(form, "password")));
  };
  return (
    <Door title={words.setup.title} lead={words.setup.lead}>
      <form onSubmit={submit}>
        <label><span>{words.setup.name}</span><input name="name" autocomplete="given-name" required maxLength={80} /></label>
        <label><span>{words.signIn.email}</span><input name="email" type="email" autocomplete="username" required /></label>
        <label><span>{words.setup.password}</span><input name="password" type="password" autocomplete="new-password" minLength={12} required /></label>
        <Problem text={problem} />
        <button type="submit" class="primary wide" disabled={busy}>{words.setup.submit}</button>
        {problem === words.setup.done && <button type="button" class="quiet wide" onClick={() => update({ phase: "signed-out" })}>{words.signIn.submit}</button>}
      </form>
    </Door>
  );
}
