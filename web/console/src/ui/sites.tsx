// Which site one sits at: a choice in the head for whoever serves more than one; what the server refuses is said.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { api, Refused } from "../api";
import { lookup, useWords } from "../i18n";
import { toast, useStore } from "../store";
import type { Me } from "../wire";

/** Whether a right of docs/reference/staff.md is his; the server asks again. */
export const may = (me: Me | null, right: string): boolean => me?.rights?.includes(right) ?? false;

/** Whether there is a part of the settings that this member of staff may change. */
export const seesSettings = (me: Me | null): boolean => ["library", "sites", "audit"].some((right) => may(me, right));

export function SiteSwitch(): JSX.Element | null {
  const words = useWords().site;
  const site = useStore((state) => state.me?.site.id);
  const sites = useStore((state) => state.me?.sites);
  const first = useRef(site);
  const [busy, setBusy] = useState(false);
  // Every screen holds something of the site; all of it is fetched anew, in every window.
  useEffect(() => { if (site && first.current && site !== first.current) location.reload(); }, [site]);
  if (!sites || sites.length < 2) return null;
  const choose = async (select: HTMLSelectElement): Promise<void> => {
    setBusy(true);
    try {
      await api.site(select.value);
      location.reload();
    } catch (error) {
      if (!isFailure(error)) throw error;
      select.value = site ?? "";
      if (!expired(error)) toast(error instanceof Refused ? lookup(words, error.code, words.failed) : words.failed, true);
    }
    setBusy(false);
  };
  return <label class="site-switch"><span class="hidden">{words.label}</span><select value={site} disabled={busy} onChange={(event) => void choose(event.currentTarget)}>{sites.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label>;
}
