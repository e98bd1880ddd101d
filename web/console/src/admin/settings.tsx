// The settings in parts; each member of staff sees those that his rights open.
import type { ComponentType, JSX } from "preact";
import { go } from "../actions";
import { useStore } from "../store";
import { Empty } from "../ui/parts";
import { may } from "../ui/sites";
import { Audit } from "./audit";
import { Coupons } from "./coupons";
import { Dead } from "./dead";
import { MailPart } from "./mail";
import { SitePart } from "./site";
import { Tokens } from "./tokens";
import { Vocabulary } from "./vocabulary";
import { Webhooks } from "./webhooks";
import { useAdminWords } from "./words";

type Name = "site" | "conversations" | "coupons" | "tokens" | "webhooks" | "mail" | "outbox" | "audit";
const PARTS: readonly [Name, string, ComponentType][] = [
  ["site", "sites", SitePart], ["conversations", "read", Vocabulary], ["coupons", "read", Coupons], ["tokens", "sites", Tokens], ["webhooks", "sites", Webhooks], ["mail", "sites", MailPart], ["outbox", "sites", Dead], ["audit", "audit", Audit],
];

export function Settings(): JSX.Element {
  const words = useAdminWords();
  const me = useStore((state) => state.me);
  const wanted = useStore((state) => state.part);
  const open = PARTS.filter(([, right]) => may(me, right));
  const chosen = wanted === null ? open[0] : open.find(([name]) => name === wanted);
  const Chosen = chosen?.[2];
  return (
    <div class="admin-page settings">
      <nav class="parts" aria-label={words.settings.label}>
        {open.map(([name]) => <a key={name} href={`#/settings/${name}`} aria-current={chosen?.[0] === name ? "page" : undefined} onClick={(event) => { event.preventDefault(); go("settings", name); }}>{words.settings.parts[name]}</a>)}
      </nav>
      <div class="part-body">{Chosen ? <Chosen key={chosen![0]} /> : <Empty title={words.noRight} next={words.noRightNext} />}</div>
    </div>
  );
}
