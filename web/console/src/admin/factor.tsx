// The second factor: a square to scan, a code to confirm it, recovery codes that are shown once, and taking it off.
import { generate } from "lean-qr/nano";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { copy, Icon } from "../ui/parts";
import { toast, useStore } from "../store";
import { calls, type Factor } from "./calls";
import { Field, Part, Problem, useDoing, useRead, Whole } from "./parts";
import { adminWords, useAdminWords } from "./words";

const QUIET = 4;

/** Dark on light in every theme, because cameras want it so; four modules of quiet around it. */
function Square({ text, label }: { text: string; label: string }): JSX.Element {
  const code = generate(text);
  const modules: string[] = [];
  for (let y = 0; y < code.size; y++) for (let x = 0; x < code.size; x++) if (code.get(x, y)) modules.push(`M${x + QUIET} ${y + QUIET}h1v1h-1z`);
  const side = code.size + 2 * QUIET;
  return <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges"><rect width={side} height={side} fill="#fff" /><path fill="#000" d={modules.join("")} /></svg>;
}

export function SecondFactor(): JSX.Element {
  const words = useAdminWords().factor;
  const read = useRead(calls.factor);
  const [proposed, setProposed] = useState<{ secret: string; uri: string } | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const kept = (codes: string[]): void => { setProposed(null); setRecovery(codes); read.put({ on: true, recovery_left: codes.length }); };
  return (
    <Part id="factor-title" title={words.title} lead={words.lead}>
      <Whole of={read}>{(factor: Factor) => {
        if (recovery) return <Recovery codes={recovery} onKept={() => setRecovery(null)} />;
        if (factor.on) return <On factor={factor} onOff={() => read.put({ on: false, recovery_left: 0 })} />;
        return proposed ? <Scan proposed={proposed} onKept={kept} onCancel={() => setProposed(null)} /> : <Off onProposed={setProposed} />;
      }}</Whole>
    </Part>
  );
}

function Off({ onProposed }: { onProposed: (one: { secret: string; uri: string }) => void }): JSX.Element {
  const words = useAdminWords().factor;
  const doing = useDoing();
  return <><p class="state-line"><span class="dot away" />{words.off}</p><Problem text={doing.problem} /><button type="button" disabled={doing.busy} onClick={() => void doing.run(async () => onProposed(await calls.propose()))}>{words.turnOn}</button></>;
}

function Scan({ proposed, onKept, onCancel }: { proposed: { secret: string; uri: string }; onKept: (codes: string[]) => void; onCancel: () => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.factor;
  const doing = useDoing();
  const [code, setCode] = useState("");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void doing.run(async () => onKept((await calls.confirm(code)).recovery));
  };
  return (
    <form class="factor-scan" onSubmit={submit}>
      <Square text={proposed.uri} label={words.qr} />
      <div>
        <p>{words.scan}</p>
        <p class="factor-key">{words.key} <code>{proposed.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></p>
        <Field label={words.code}><input name="code" inputMode="numeric" autocomplete="one-time-code" autofocus required maxLength={7} pattern="[0-9 ]{6,7}" value={code} onInput={(event) => setCode(event.currentTarget.value)} /></Field>
        <Problem text={doing.problem} />
        <p class="actions"><button type="submit" class="primary" disabled={doing.busy}>{words.confirm}</button><button type="button" onClick={onCancel}>{all.cancel}</button></p>
      </div>
    </form>
  );
}

function Recovery({ codes, onKept }: { codes: string[]; onKept: () => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.factor;
  const email = useStore((state) => state.me?.email ?? "");
  const run = async (): Promise<void> => { if (await copy(codes.join("\n"))) toast(adminWords().copied); };
  return (
    <div class="once recovery" role="group" aria-label={words.recovery}>
      <h4 tabIndex={-1} ref={(node) => node?.focus()}>{words.recovery}</h4>
      <p class="print-only">Aparté, {email}</p>
      <p><Icon name="triangle-alert" />{words.recoveryLead}</p>
      <ol>{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
      <p class="actions"><button type="button" class="primary" onClick={() => void run()}><Icon name="copy" />{all.copy}</button><button type="button" onClick={() => print()}>{words.print}</button><button type="button" onClick={onKept}>{all.kept}</button></p>
    </div>
  );
}

function On({ factor, onOff }: { factor: Factor; onOff: () => void }): JSX.Element {
  const all = useAdminWords();
  const words = all.factor;
  const doing = useDoing();
  const [asking, setAsking] = useState(false);
  const [password, setPassword] = useState("");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void doing.run(async () => { await calls.dropFactor(password); onOff(); return adminWords().factor.turnedOff; });
  };
  return (
    <>
      <p class="state-line"><span class="dot" />{words.on}. {factor.recovery_left > 0 ? words.left(factor.recovery_left) : words.none}</p>
      {!asking && <button type="button" onClick={() => setAsking(true)}>{words.turnOff}</button>}
      {asking && (
        <form class="narrow" onSubmit={submit}>
          <Field label={words.password}><input type="password" autocomplete="current-password" required autofocus value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></Field>
          <Problem text={doing.problem} />
          <p class="actions"><button type="submit" class="primary" disabled={doing.busy}>{words.turnOff}</button><button type="button" onClick={() => setAsking(false)}>{all.cancel}</button></p>
        </form>
      )}
    </>
  );
}
