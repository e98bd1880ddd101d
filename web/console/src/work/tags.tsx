// The tags of a conversation: what it is about, from the vocabulary of the site or, where the site allows it, in own words.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isFailure } from "../actions";
import { useWords } from "../i18n";
import { placed } from "../link";
import { toast } from "../store";
import type { Conv } from "../wire";
import { Icon } from "../ui/parts";
import { refusal, tried } from "./acts";
import { calls } from "./calls";

export function Tags({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const [known, setKnown] = useState<readonly string[]>([]);
  const [text, setText] = useState("");
  useEffect(() => {
    calls.tags().then((found) => setKnown(found.tags), (error: unknown) => { if (!isFailure(error)) throw error; });
  }, []);
  const put = async (tags: readonly string[]): Promise<void> => {
    const code = await tried(async () => placed(await calls.tag(conv.id, tags)));
    if (code !== null) toast(refusal(code), true);
    else setText("");
  };
  const add = (): void => {
    const tag = text.trim();
    if (tag && !conv.tags.includes(tag)) void put([...conv.tags, tag]);
  };
  return (
    <section class="context-section">
      <h3><span>{words.work.tags}</span></h3>
      <ul class="tag-list">{conv.tags.map((tag) => <li key={tag} class="tag sunken">{tag}<button type="button" class="tag-off" aria-label={words.work.untag(tag)} onClick={() => void put(conv.tags.filter((one) => one !== tag))}><Icon name="x" size={12} /></button></li>)}</ul>
      <form class="tag-add" onSubmit={(event) => { event.preventDefault(); add(); }}>
        <input list="known-tags" aria-label={words.work.tagAdd} placeholder={words.work.tagAdd} maxLength={40} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        <datalist id="known-tags">{known.filter((one) => !conv.tags.includes(one)).map((one) => <option key={one} value={one} />)}</datalist>
        <button type="submit" aria-label={words.work.tagPut}><Icon name="plus" /></button>
      </form>
    </section>
  );
}
