// What an agent may do with a visitor who is there: invite, take an invitation back, block, lift. A held-out visitor offers a lock and why.
import type { JSX } from "preact";
import { lookup, useWords } from "../i18n";
import { useStore } from "../store";
import type { Live } from "../wire";
import { ask, revoke, unblock } from "../work/acts";
import { Icon } from "./parts";

const INVITABLE = new Set(["browsing", "eligible"]);

/** Nobody may invite who is held out, or whom the door would refuse. */
const open = (row: Live): boolean => INVITABLE.has(row.state) && row.reachable && !row.barred && !row.locked;

export function RowAct({ row }: { row: Live }): JSX.Element | null {
  const words = useWords();
  const reads = useStore((state) => state.me?.role === "analyst");
  if (reads) return null;
  const act = (text: string, name: string, run: () => void): JSX.Element => <button type="button" class="row-act" aria-label={name} onClick={(event) => { event.stopPropagation(); run(); }}>{text}</button>;
  if (open(row)) return act(words.work.invite, words.work.inviteTitle(row.label), () => ask({ kind: "invite", visitor: row.visitor, label: row.label }));
  if (row.state === "invited") return act(words.work.revoke, words.work.revokeThis(row.label), () => void revoke(row.visitor, row.label));
  return null;
}

export function PanelActs({ visitor, label }: { visitor: string; label: string }): JSX.Element | null {
  const words = useWords();
  const reads = useStore((state) => state.me?.role === "analyst");
  const row = useStore((state) => state.live.rows.find((one) => one.visitor === visitor));
  if (reads) return null;
  const held = row?.state === "held_out" || row?.locked;
  const blocked = row?.state === "blocked";
  return (
    <div class="panel-acts">
      {held && <p class="held"><Icon name="lock" /><span>{words.work.heldOut}{row?.why ? ` (${lookup(words.reasons, row.why)})` : ""}</span></p>}
      {row && !held && row.barred && <p class="quiet-text">{lookup(words.work.refused, row.barred, words.work.refused.other)}</p>}
      <p class="actions">
        {row && <RowAct row={row} />}
        {blocked
          ? <button type="button" onClick={() => void unblock(visitor, label)}>{words.work.unblock}</button>
          : <button type="button" class="quiet" onClick={() => ask({ kind: "block", visitor, label })}><Icon name="ban" />{words.work.block}</button>}
      </p>
    </div>
  );
}
