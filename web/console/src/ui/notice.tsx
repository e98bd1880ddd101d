// What stands above every screen until it is dealt with: the desk has set the agent away because he did not answer; alarms.
import type { JSX } from "preact";
import { setStatus } from "../actions";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWords } from "../i18n";
import { supervises } from "../rights";
import { useStore } from "../store";
import { goals } from "./parted";
import { Icon } from "./parts";

export function Notice(): JSX.Element {
  const words = useWords();
  const on = useStore((state) => state.me?.reason === "no_answer");
  const leads = useStore((state) => supervises(state.me));
  const [Alarms, setAlarms] = useState<ComponentType | null>(null);
  // Without this part there is no notice; the reports and the mail tell of alarms, too.
  useEffect(() => { if (leads) goals().then((part) => setAlarms(() => part.Alarms), () => undefined); }, [leads]);
  return (
    <div role="alert" class="notice-place">
      {leads && Alarms && <Alarms />}
      {on && <p class="notice"><Icon name="bell" /><span><strong>{words.head.noAnswer}</strong> {words.head.noAnswerNext}</span><button type="button" onClick={() => void setStatus("available")}>{words.head.back}</button></p>}
    </div>
  );
}
