// The keys, all of them, under `?`.
import type { JSX } from "preact";
import { useWords } from "../i18n";
import { Dialog, Keys } from "./parts";

export function Help({ onClose }: { onClose: () => void }): JSX.Element {
  const { help: words, nav } = useWords();
  const rows: [string[], string][] = [
    [["Alt", "C"], nav.colleagues],
    [["Alt", "N"], words.next], [["Alt", "J"], words.down], [["Alt", "K"], words.up], [["Alt", "L"], words.reply], [["Alt", "P"], words.note],
    [["Alt", "T"], words.transfer], [["Alt", "E"], words.close], [["Mod", "Alt", "E"], words.closeNext], [["Alt", "A"], words.assist], [["Alt", "R"], words.callback], [["Enter"], words.send], [["Shift", "Enter"], words.line], [["Mod", "K"], words.search], [["?"], words.help], [["Esc"], words.esc],
  ];
  return (
    <Dialog label={words.title} onClose={onClose}>
      <h2>{words.title}</h2>
      <dl class="key-list">{rows.map(([keys, text]) => <div key={text}><dt><span class="hidden">{keys.join(" ")}</span><Keys of={keys} /></dt><dd>{text}</dd></div>)}</dl>
      <button type="button" onClick={onClose} autofocus>{words.dismiss}</button>
    </Dialog>
  );
}
