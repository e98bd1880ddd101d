// The campaigns' part of the console; it comes with its screen, not with the page.
import type { JSX } from "preact";
import { useStore } from "../store";
import { Builder } from "./builder";
import { List } from "./list";

export { ready } from "./words";

export function Campaigns(): JSX.Element {
  const campaign = useStore((state) => state.campaign);
  const rule = useStore((state) => state.rule);
  return campaign === null ? <List /> : <Builder key={campaign} name={campaign} ruleName={rule} />;
}
