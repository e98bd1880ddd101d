// The catalogue: what the visitor looks at or has in the cart, what may take its place, what goes with it; sent as a card.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isFailure } from "../actions";
import { money } from "../format";
import { useWords } from "../i18n";
import { newCid } from "../outbox";
import { toast, update, useStore } from "../store";
import type { Conv, Journey } from "../wire";
import { Dialog, Icon, Loading } from "../ui/parts";
import { refusal, tried } from "./acts";
import { calls, type Product } from "./calls";

const MOST = 4;
const WAIT_MS = 250;
type Group = "found" | "seen" | "substitutes" | "complements";
type Groups = Partial<Record<Group, Product[]>>;

/** The names of what lies in the cart and of the pages seen last, without size or colour behind a comma. */
function names(journey: Journey | null | undefined): string[] {
  const cart = journey?.cart?.lines.map((line) => line.name) ?? [];
  const pages = (journey?.steps ?? []).filter((step) => step.kind === "page").slice(-3).reverse().map((step) => step.name);
  return [...new Set([...cart, ...pages].map((name) => name.split(",")[0]!.trim()))].filter(Boolean).slice(0, 4);
}

const once = (list: readonly Product[], but: readonly Product[] = []): Product[] =>
  list.filter((one, at) => list.findIndex((other) => other.id === one.id) === at && !but.some((other) => other.id === one.id));

async function around(journey: Journey | null | undefined): Promise<Groups> {
  const answers = await Promise.all(names(journey).map((name) => calls.products(name)));
  const seen = once(answers.flatMap((one) => one.products.slice(0, 1)));
  const near = await Promise.all(seen.map((one) => calls.related(one.id)));
  return { seen, substitutes: once(near.flatMap((one) => one.substitutes), seen), complements: once(near.flatMap((one) => one.complements), seen) };
}

/** What is shown: the answer to the words, or what stands around this visitor. */
function useProducts(query: string, journey: Journey | null | undefined): Groups | "failed" | null {
  const [groups, setGroups] = useState<Groups | "failed" | null>(null);
  const ready = journey !== undefined;
  useEffect(() => {
    let over = false;
    const fetch = async (): Promise<void> => {
      try {
        const found = query.trim() ? { found: (await calls.products(query.trim())).products } : await around(journey);
        if (!over) setGroups(found);
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (!over) setGroups("failed");
      }
    };
    const timer = setTimeout(() => void fetch(), query ? WAIT_MS : 0);
    return () => { over = true; clearTimeout(timer); };
  }, [query, ready]);
  return groups;
}

export function Products({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const journey = useStore((state) => state.journeys[conv.visitor]?.data);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<readonly Product[]>([]);
  const [problem, setProblem] = useState("");
  const [cid] = useState(newCid);
  const groups = useProducts(query, journey);
  const close = (): void => update({ asking: null });
  const toggle = (one: Product): void => setChosen(chosen.some((other) => other.id === one.id) ? chosen.filter((other) => other.id !== one.id) : [...chosen, one].slice(0, MOST));
  const send = async (): Promise<void> => {
    if (chosen.length === 0) return setProblem(words.work.refused.empty_card);
    const code = await tried(() => calls.card(conv, cid, chosen.map((one) => one.id)));
    if (code !== null) return setProblem(refusal(code));
    close();
    return toast(words.work.cardSent(chosen.length));
  };
  return (
    <Dialog label={words.work.products} onClose={close} wide>
      <h2>{words.work.products}</h2>
      <form class="work-form" onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <input type="search" autofocus aria-label={words.work.findProduct} placeholder={words.work.findProduct} value={query} onInput={(event) => setQuery(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && event.preventDefault()} />
        <div class="work-scroll">
          {groups === null && <Loading label={words.boot.loading} />}
          {groups === "failed" && <p class="problem"><Icon name="circle-alert" />{words.work.refused.unavailable}</p>}
          {groups !== null && groups !== "failed" && <Lists groups={groups} chosen={chosen} toggle={toggle} />}
        </div>
        {problem && <p class="problem" role="alert"><Icon name="circle-alert" />{problem}</p>}
        <p class="actions"><button type="submit" class="primary">{words.work.sendCard(chosen.length)}</button><button type="button" class="quiet" onClick={close}>{words.transfer.cancel}</button></p>
      </form>
    </Dialog>
  );
}

function Lists({ groups, chosen, toggle }: { groups: Groups; chosen: readonly Product[]; toggle: (one: Product) => void }): JSX.Element {
  const words = useWords();
  const shown = Object.entries(groups).filter(([, list]) => list.length > 0) as [Group, Product[]][];
  if (shown.length === 0) return <p class="quiet-text">{words.work.noProduct}</p>;
  return <>{shown.map(([group, list]) => <fieldset key={group}><legend>{words.work.groups[group]}</legend>{list.map((one) => <Row key={one.id} one={one} checked={chosen.some((other) => other.id === one.id)} toggle={() => toggle(one)} />)}</fieldset>)}</>;
}

function Row({ one, checked, toggle }: { one: Product; checked: boolean; toggle: () => void }): JSX.Element {
  const words = useWords();
  const language = useStore((state) => state.language);
  return (
    <label class="choice product"><input type="checkbox" checked={checked} onChange={toggle} /><span>{one.name}</span>{one.in_stock === false && <span class="tag honey">{words.work.outOfStock}</span>}<span class="product-price">{one.price === null ? "–" : money(one.price, language, one.currency)}</span></label>
  );
}
