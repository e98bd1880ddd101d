// Proposes a page of the shop: an address, or one of those that the visitor has seen. Other origins are refused by the server.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../i18n";
import { newCid } from "../outbox";
import { toast, update, useStore } from "../store";
import type { Conv } from "../wire";
import { tried } from "./acts";
import { calls } from "./calls";
import { Ask } from "./visitor";

const MOST = 5;

export function PushPage({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const journey = useStore((state) => state.journeys[conv.visitor]?.data);
  const [url, setUrl] = useState("");
  const [title, setTitle] = useState("");
  const [cid] = useState(newCid);
  const pages = [...new Map((journey?.steps ?? []).filter((step) => step.kind === "page" && step.url).map((step) => [step.url!, step.name])).entries()].slice(-MOST).reverse();
  const send = async (): Promise<string | null> => {
    if (!URL.canParse(url.trim())) return "bad_url";
    const code = await tried(() => calls.page(conv, cid, url.trim(), title.trim()));
    if (code === null) { update({ asking: null }); toast(words.work.pageSent); }
    return code;
  };
  return (
    <Ask title={words.work.page} lead={words.work.pageLead} verb={words.work.sendPage} send={send}>
      {pages.length > 0 && <fieldset><legend>{words.work.pagesSeen}</legend>{pages.map(([address, name]) => <button key={address} type="button" class="suggestion" aria-pressed={url === address} onClick={() => { setUrl(address); setTitle(name); }}><span>{name}</span><small>{new URL(address).pathname}</small></button>)}</fieldset>}
      <label class="field"><span>{words.work.address}</span><input type="url" autofocus inputMode="url" value={url} onInput={(event) => setUrl(event.currentTarget.value)} /></label>
      <label class="field"><span>{words.work.title}</span><input maxLength={200} value={title} onInput={(event) => setTitle(event.currentTarget.value)} /></label>
    </Ask>
  );
}
