// An earlier conversation, to be read and not written to.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isFailure } from "../actions";
import { api } from "../api";
import { useWords } from "../i18n";
import { update } from "../store";
import type { Entry } from "../wire";
import { Line } from "./bubble";
import { Dialog, Icon, Loading } from "./parts";

export function Transcript({ conv }: { conv: string }): JSX.Element {
  const words = useWords();
  const [entries, setEntries] = useState<Entry[] | "failed" | null>(null);
  const close = (): void => update({ transcript: null });
  useEffect(() => {
    api.entries(conv, null).then((page) => setEntries(page.entries), (error: unknown) => {
      if (!isFailure(error)) throw error;
      setEntries("failed");
    });
  }, [conv]);
  return (
    <Dialog label={words.context.transcript} onClose={close} wide>
      <div class="dialog-head"><h2>{words.context.transcript}</h2><span class="head-gap" /><a class="button" href={`/api/v1/conversations/${encodeURIComponent(conv)}/transcript?format=text`} download=""><Icon name="download" />{words.context.save}</a><button type="button" onClick={close} autofocus><Icon name="x" />{words.help.dismiss}</button></div>
      {entries === null && <Loading label={words.context.loading} />}
      {entries === "failed" && <p class="problem"><Icon name="circle-alert" />{words.thread.olderFailed}</p>}
      {Array.isArray(entries) && <div class="transcript" tabIndex={0} role="region" aria-label={words.context.transcript}>{entries.map((entry) => <Line key={entry.seq} entry={entry} foot={null} />)}</div>}
    </Dialog>
  );
}
