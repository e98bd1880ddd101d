// The dialogs of the agents' work; fetched when the first of them is opened.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../i18n";
import type { Asking } from "../store";
import type { Conv } from "../wire";
import { assist } from "./acts";
import { Alerts } from "./alerts";
import { Callback } from "./callback";
import { Give } from "./coupon";
import { Ending } from "./close";
import { PushPage } from "./page";
import { Products } from "./products";
import { Ask, Block, Invite } from "./visitor";

export function Asked({ asking }: { asking: Asking }): JSX.Element {
  switch (asking.kind) {
    case "close": return <Ending conv={asking.conv} next={asking.next} owed={false} />;
    case "wrap": return <Ending conv={asking.conv} next={false} owed />;
    case "products": return <Products conv={asking.conv} />;
    case "page": return <PushPage conv={asking.conv} />;
    case "coupon": return <Give conv={asking.conv} />;
    case "callback": return <Callback conv={asking.conv} />;
    case "assist": return <Assist conv={asking.conv} />;
    case "invite": return <Invite visitor={asking.visitor} label={asking.label} />;
    case "block": return <Block visitor={asking.visitor} label={asking.label} />;
    case "attention": return <Alerts />;
  }
}

function Assist({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const [note, setNote] = useState("");
  return (
    <Ask title={words.work.assist} lead={words.work.assistLead} verb={words.work.assist} send={() => assist(conv, true, note.trim())}>
      <label class="field"><span>{words.work.assistNote}</span><textarea rows={2} autofocus maxLength={4000} value={note} onInput={(event) => setNote(event.currentTarget.value)} /></label>
    </Ask>
  );
}
