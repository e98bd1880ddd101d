// What somebody may come in with: sessions, a link for the password, further sites, leaving and coming back. For who leads.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { toast, useStore } from "../store";
import type { Staff } from "../wire";
import { Dialog } from "../ui/parts";
import { calls } from "./calls";
import { Check, Confirm, Once, Problem, useDoing, useRead, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

/** The other sites that who looks may give; none when he serves one only. */
export function SiteChecks({ chosen, onChange }: { chosen: readonly string[]; onChange: (sites: string[]) => void }): JSX.Element | null {
  const words = useAdminWords().team;
  const here = useStore((state) => state.me?.site.id);
  const sites = useStore((state) => state.me?.sites);
  const others = (sites ?? []).filter((site) => site.id !== here);
  if (others.length === 0) return null;
  return (
    <fieldset class="bare choices"><legend>{words.sites}</legend>
      {others.map((site) => <Check key={site.id} label={site.name} checked={chosen.includes(site.id)} onChange={(on) => onChange(on ? [...chosen, site.id] : chosen.filter((id) => id !== site.id))} />)}
    </fieldset>
  );
}

export function Access({ one, onChanged }: { one: Staff; onChanged: (one: Staff) => void }): JSX.Element {
  const words = useAdminWords().team;
  const read = useRead(() => calls.sessionsOf(one.id), one.left_at);
  const doing = useDoing();
  const self = useStore((state) => state.me?.id === one.id);
  const [link, setLink] = useState("");
  const [leaving, setLeaving] = useState(false);
  const name = one.name || one.email;
  const back = async (): Promise<string> => { await calls.back(one.id); onChanged({ ...one, left_at: null }); return adminWords().team.isBack(name); };
  const leave = async (): Promise<string> => {
    const { tokens, conversations } = await calls.leave(one.id);
    if (tokens.length) toast(adminWords().team.tokens(tokens.join(", ")), true);
    onChanged({ ...one, left_at: Date.now(), present: false, load: 0 });
    return adminWords().team.gone(name, conversations);
  };
  const end = async (): Promise<string> => { await calls.endSessionsOf(one.id); read.again(); return adminWords().team.endedAll; };
  return (
    <section class="access" aria-labelledby="access-title">
      <h3 id="access-title">{words.access}</h3>
      {!one.left_at && <Whole of={read}>{(sessions) => <p>{words.sessions(sessions.length)}</p>}</Whole>}
      <Problem text={doing.problem} />
      {!self && (
        <p class="actions">
          {one.left_at ? <button type="button" disabled={doing.busy} onClick={() => void doing.run(back)}>{words.back}</button> : <>
            {(read.data?.length ?? 0) > 0 && <button type="button" disabled={doing.busy} onClick={() => void doing.run(end)}>{words.endAll}</button>}
            <button type="button" disabled={doing.busy} onClick={() => void doing.run(async () => setLink((await calls.linkFor(one.id)).link))}>{words.link}</button>
            <button type="button" disabled={doing.busy} onClick={() => setLeaving(true)}>{words.leave}</button>
          </>}
        </p>
      )}
      {link && <LinkOnce name={name} link={link} onKept={() => setLink("")} />}
      {leaving && <Confirm title={words.leaveTitle(name)} lead={words.leaveLead} verb={words.leave} onYes={leave} onClose={() => setLeaving(false)} />}
    </section>
  );
}

/** The one-time link, to hand on. */
export function LinkOnce({ name, link, onKept }: { name: string; link: string; onKept: () => void }): JSX.Element {
  const words = useAdminWords().team;
  return <Dialog label={words.linkTitle(name)} onClose={() => undefined}><h2>{words.linkTitle(name)}</h2><p>{words.linkLead(name)}</p><Once text={link} label={words.linkTitle(name)} onKept={onKept} /></Dialog>;
}
