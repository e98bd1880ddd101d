// The plan: the business case, the staffing, the pilot and the discovery, each behind its own address.
import type { JSX } from "preact";
import { plans } from "../rights";
import { useStore } from "../store";
import { Empty } from "../ui/parts";
import { later } from "../ui/later";
import { Case } from "./case";
import { PilotPage } from "./pilot";
import { StaffPage } from "./staff";
import { usePlanWords } from "./words";
export { ready } from "./words";

const Discovery = later(async () => (await import("./discovery")).Discovery);
const TABS = ["case", "staff", "pilot", "discovery"] as const;

export function Plan(): JSX.Element {
  const words = usePlanWords();
  const may = useStore((state) => plans(state.me));
  const part = useStore((state) => state.part);
  const now = TABS.find((one) => one === part) ?? "case";
  if (!may) return <Empty title={words.readOnly} />;
  return (
    <div class="plan-page">
      <nav class="plan-tabs" aria-label={words.tabsLabel}>{TABS.map((one) => <a key={one} href={one === "case" ? "#/plan" : `#/plan/${one}`} aria-current={now === one ? "page" : undefined}>{words.tabs[one]}</a>)}</nav>
      {now === "case" && <Case />}
      {now === "staff" && <StaffPage />}
      {now === "pilot" && <PilotPage />}
      {now === "discovery" && <Discovery />}
    </div>
  );
}
