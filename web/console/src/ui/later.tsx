// Screens that are fetched when somebody goes there; a failure is said, and a new try is a new page.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useWords } from "../i18n";
import { Icon, Loading } from "./parts";

/** A component that is fetched once, with `fetch`, when it is first drawn. */
export function later<P extends object = object>(fetch: () => Promise<ComponentType<P>>): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  return function Later(given: P): JSX.Element {
    const words = useWords();
    const [state, setState] = useState<"waiting" | "here" | "failed">(found ? "here" : "waiting");
    useEffect(() => {
      if (!found) fetch().then((component) => { found = component; setState("here"); }, () => setState("failed"));
    }, []);
    if (state === "failed") return <div class="empty"><p class="problem" role="alert"><Icon name="circle-alert" />{words.campaigns.failed}</p><button type="button" onClick={() => location.reload()}>{words.campaigns.reload}</button></div>;
    const Found = found;
    return Found ? <Found {...given} /> : <Loading label={words.boot.loading} rows={6} />;
  };
}
