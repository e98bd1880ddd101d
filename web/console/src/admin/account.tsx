// One's own account: name, picture, language and status, password, second factor, sessions.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { setLanguage, setStatus } from "../actions";
import { get, toast, update, useStore } from "../store";
import { useWords } from "../i18n";
import type { Language, Reason } from "../wire";
import { Icon } from "../ui/parts";
import { initials, statusName } from "../ui/staff";
import { browserOf } from "./browser";
import { calls, type Session } from "./calls";
import { SecondFactor } from "./factor";
import { Field, Part, Problem, useDoing, useRead, whenOf, Whole } from "./parts";
import { pictureOf } from "./picture";
import { adminWords, useAdminWords } from "./words";

export function Account(): JSX.Element {
  const name = useStore((state) => state.me?.name || state.me?.email || "");
  return (
    <div class="admin-page account">
      <h2 class="page-title">{name}</h2>
      <You />
      <Password />
      <SecondFactor />
      <Sessions />
    </div>
  );
}

const AWAY: readonly Reason[] = ["break", "lunch", "meeting", "training", "wrap_up", "other"];

function You(): JSX.Element {
  const words = useAdminWords();
  const all = useWords();
  const me = useStore((state) => state.me)!;
  const language = useStore((state) => state.language);
  const standing = me.status === "available" ? "available" : `away:${me.reason}`;
  const stand = (value: string): void => void (value === "available" ? setStatus("available") : setStatus("away", value.slice(5) as Reason));
  return (
    <Part id="you-title" title={words.account.you}>
      <Picture />
      <div class="field-row">
        <Name />
        <Field label={words.account.email}><input value={me.email} readOnly /></Field>
        <Field label={words.account.role}><input value={words.roles[me.role as keyof typeof words.roles] ?? me.role} readOnly /></Field>
        <Field label={words.account.language}><select value={language} onChange={(event) => setLanguage(event.currentTarget.value as Language)}><option value="fr" lang="fr">Français</option><option value="en" lang="en">English</option></select></Field>
        {me.role !== "analyst" && <Field label={words.account.status}><select value={standing} onChange={(event) => stand(event.currentTarget.value)}><option value="available">{all.head.available}</option>{(AWAY.includes(me.reason) || me.status === "available" ? AWAY : [me.reason, ...AWAY]).map((why) => <option key={why} value={`away:${why}`}>{statusName(all, "away", why)}</option>)}</select></Field>}
      </div>
    </Part>
  );
}

function Name(): JSX.Element {
  const words = useAdminWords();
  const me = useStore((state) => state.me)!;
  const [name, setName] = useState(me.name);
  const doing = useDoing();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void doing.run(async () => {
      update({ me: await calls.rename(name.trim()) });
      return adminWords().account.renamed;
    });
  };
  return (
    <form class="own-name" onSubmit={submit}>
      <Field label={words.account.name}><input autocomplete="name" required maxLength={200} value={name} onInput={(event) => setName(event.currentTarget.value)} /></Field>
      {name.trim() !== me.name && name.trim() && <button type="submit" disabled={doing.busy}>{words.save}</button>}
      <Problem text={doing.problem} />
    </form>
  );
}

function Picture(): JSX.Element {
  const words = useAdminWords().account;
  const me = useStore((state) => state.me)!;
  const doing = useDoing();
  const [shown, setShown] = useState<string | null>(me.picture ?? null);
  const choose = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    const picture = await pictureOf(file);
    if (!picture) return doing.say(adminWords().problems.bad_picture);
    await doing.run(async () => { const { picture: path } = await calls.picture(picture.file); setShown(picture.shown); update({ me: { ...get().me!, picture: path } }); return adminWords().account.pictureSaved; });
    return undefined;
  };
  const drop = async (): Promise<string> => { await calls.dropPicture(); setShown(null); update({ me: { ...get().me!, picture: null } }); return adminWords().account.pictureGone; };
  return (
    <div class="own-picture">
      {shown ? <img src={shown} alt={words.pictureAlt} width={64} height={64} /> : <span class="initials" aria-hidden="true">{initials(me.name || me.email)}</span>}
      <div>
        <label class="button file"><input type="file" accept="image/png,image/jpeg,image/webp" aria-describedby="picture-hint" disabled={doing.busy} onChange={(event) => void choose(event.currentTarget)} /><span class="hidden">{words.picture} </span>{words.choose}</label>
        <button type="button" class="quiet" disabled={doing.busy || !shown} onClick={() => void doing.run(drop)}>{words.drop}</button>
        <small id="picture-hint">{words.picture}. {words.pictureHint}</small>
        <Problem text={doing.problem} />
      </div>
    </div>
  );
}

function Password(): JSX.Element {
  const words = useAdminWords();
  const email = useStore((state) => state.me?.email ?? "");
  const doing = useDoing();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const read = new FormData(form);
    void doing.run(async () => {
      await calls.password(String(read.get("current")), String(read.get("fresh")));
      form.reset();
      return adminWords().account.changed;
    });
  };
  return (
    <Part id="password-title" title={words.account.password}>
      <form class="narrow" onSubmit={submit}>
        <input class="hidden" type="text" name="username" autocomplete="username" value={email} readOnly tabIndex={-1} aria-hidden="true" />
        <Field label={words.account.current}><input name="current" type="password" autocomplete="current-password" required /></Field>
        <Field label={words.account.fresh} hint={words.account.freshHint}><input name="fresh" type="password" autocomplete="new-password" required minLength={10} /></Field>
        <Problem text={doing.problem} />
        <button type="submit" disabled={doing.busy}>{words.account.change}</button>
      </form>
    </Part>
  );
}

function Sessions(): JSX.Element {
  const words = useAdminWords().account;
  const read = useRead(calls.sessions);
  const doing = useDoing();
  const end = (one: Session): Promise<boolean> => doing.run(async () => { await calls.endSession(one.id); read.again(); return adminWords().account.ended; });
  const endOthers = (others: readonly Session[]): Promise<boolean> => doing.run(async () => {
    for (const one of others) await calls.endSession(one.id);
    toast(adminWords().account.endedOthers(others.length));
  }).finally(read.again);
  const name = (one: Session): string => {
    const { browser, system } = browserOf(one.about);
    return browser && system ? words.on(browser, system) : browser || system || words.unknown;
  };
  return (
    <Part id="sessions-title" title={words.sessions}>
      <Whole of={read}>{(all) => {
        const others = all.filter((one) => !one.current);
        return (
          <>
            <ul class="rows">{all.map((one) => (
              <li key={one.id}>
                <span class="row-main" title={one.about}><strong>{name(one)}</strong>{one.current && <span class="tag plum">{words.here}</span>}<small>{words.seen(whenOf(one.seen_at))}, {words.since(whenOf(one.created_at))}</small></span>
                {!one.current && <button type="button" aria-label={words.endOf(name(one))} disabled={doing.busy} onClick={() => void end(one)}>{words.end}</button>}
              </li>
            ))}</ul>
            <Problem text={doing.problem} />
            {others.length > 0 && <button type="button" disabled={doing.busy} onClick={() => void endOthers(others)}><Icon name="log-out" />{words.endOthers}</button>}
          </>
        );
      }}</Whole>
    </Part>
  );
}
