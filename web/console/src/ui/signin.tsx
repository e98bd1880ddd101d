// The door: sign in, enter the demonstration with one click, or make the first account.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { enter, isFailure, setLanguage } from "../actions";
import { api, Refused } from "../api";
import { useWords } from "../i18n";
import { update, useStore } from "../store";
import type { Me } from "../wire";
import { Icon, Mark, Parens } from "./parts";

function Door({ title, lead, children }: { title: string; lead: string; children: ComponentChildren }): JSX.Element {
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

export function SignIn(): JSX.Element {
  const words = useWords();
  const demo = useStore((state) => state.demo);
  const expired = useStore((state) => state.expired);
  const { busy, problem, knock } = useKnock((error) => (error.status === 429 ? words.signIn.many : error.status === 401 ? words.signIn.wrong : words.signIn.failed));
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void knock(() => api.signIn(value(form, "email"), value(form, "password")));
  };
  return (
    <Door title={words.signIn.title} lead={words.signIn.lead}>
      {expired && <p class="tag honey door-expired"><Icon name="triangle-alert" />{words.signIn.expired}</p>}
      {demo && <div class="door-demo"><Parens><p>{words.signIn.demoLead}</p></Parens><button type="button" class="primary wide" disabled={busy} onClick={() => void knock(() => api.enterDemo())}>{words.signIn.demo}</button><p class="door-or">{words.signIn.or}</p></div>}
      <form onSubmit={submit}>
        <label><span>{words.signIn.email}</span><input name="email" type="email" autocomplete="username" required /></label>
        <label><span>{words.signIn.password}</span><input name="password" type="password" autocomplete="current-password" required /></label>
        <Problem text={problem} />
        <button type="submit" class={demo ? "wide" : "primary wide"} disabled={busy}>{words.signIn.submit}</button>
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
