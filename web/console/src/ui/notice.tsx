// What stands above every screen until it is dealt with: the desk has set the agent away because he did not answer.
import type { JSX } from "preact";
import { setStatus } from "../actions";
import { useWords } from "../i18n";
import { useStore } from "../store";
import { Icon } from "./parts";

export function Notice(): JSX.Element {
  const words = useWords();
  const on = useStore((state) => state.me?.reason === "no_answer");
  return (
    <div role="alert" class="notice-place">
      {on && <p class="notice"><Icon name="bell" /><span><strong>{words.head.noAnswer}</strong> {words.head.noAnswerNext}</span><button type="button" onClick={() => void setStatus("available")}>{words.head.back}</button></p>}
    </div>
  );
}
