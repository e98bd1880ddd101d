// The left column: my conversations with how long each has waited for an answer, then the queue.
import type { JSX } from "preact";
import { go, select, take } from "../actions";
import { duration, money } from "../format";
import { saidIn, useWords } from "../i18n";
import { forget } from "../link";
import { targetMs, toast, update, useStore } from "../store";
import type { Conv } from "../wire";
import { RequestList } from "./requests";
import { copy, currency, Empty, Icon, Keys, Loading, Since, Wait } from "./parts";

export function ConversationList(): JSX.Element {
  const words = useWords();
  const loaded = useStore((state) => state.loaded);
  const mine = useStore((state) => state.mine);
  const queue = useStore((state) => state.queue);
  const online = useStore((state) => state.live.figures.online);
  const language = useStore((state) => state.language);
  return (
    <section class="conversations" aria-label={words.list.mine}>
      <div class="list-scroll">
        <Stranded />
        <h2 class="list-head"><span>{words.list.mine}</span><span>{words.list.wait}</span></h2>
        {!loaded && <Loading label={words.boot.loading} />}
        {loaded && mine.length === 0 && <Empty title={words.list.noneMine} next={words.list.noneMineNext} mark={false} />}
        <ul>{mine.map((conv) => <li key={conv.id}><Mine conv={conv} /></li>)}</ul>
        <Owed />
        <Beside />
        <h2 class="list-head"><span>{words.list.queue}</span><span>{words.list.target(duration(targetMs(), language))}</span></h2>
        {loaded && queue.length === 0 && (
          <Empty title={words.list.noneQueue} next={words.list.noneQueueNext} mark={mine.length === 0}>
            {mine.length === 0 && online > 0 && <button type="button" onClick={() => go("visitors")}>{online === 1 ? words.list.seeVisitor : words.list.seeVisitors(online)}</button>}
          </Empty>
        )}
        <ul>{queue.map((conv) => <li key={conv.id}><Waiting conv={conv} /></li>)}</ul>
        <RequestList />
      </div>
      {queue.length > 0 && <div class="list-foot"><button type="button" class="primary wide" onClick={() => void take()}>{words.list.take}<Keys of={["Alt", "N"]} /></button></div>}
    </section>
  );
}

/** By what way the visitor talks, when it is not by writing. */
function Channel({ conv }: { conv: Conv }): JSX.Element | null {
  const words = useWords();
  if (conv.channel !== "call" && conv.channel !== "video") return null;
  return <span class="tag plum"><Icon name={conv.channel === "call" ? "phone" : "video"} size={14} />{words.list.channels[conv.channel]}</span>;
}

const last = (conv: Conv, you: string, none: string): string => (conv.last ? `${conv.last.by === "agent" ? you : ""}${conv.last.body}` : none);

function Mine({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const chosen = useStore((state) => state.selected === conv.id);
  const language = useStore((state) => state.language);
  return (
    <button type="button" class={`conv ${chosen ? "chosen" : ""} ${conv.unread > 0 ? "unread" : ""}`} aria-current={chosen ? "true" : undefined} onClick={() => select(conv.id)}>
      <span class="conv-top"><strong>{words.list.visitor(conv.label)}</strong>{conv.waiting_since === null ? <span class="quiet-text">{conv.visitor_online ? words.list.answered : words.list.away}</span> : <Wait since={conv.waiting_since} />}</span>
      <span class="conv-last">{last(conv, words.list.you, words.list.noMessage)}</span>
      <span class="conv-tags">
        <Channel conv={conv} />
        {conv.assistance_at !== null && <span class="tag honey"><Icon name="life-buoy" size={14} />{words.work.assistOn}</span>}
        {conv.campaign && <span class="tag plum">{saidIn(conv.campaign_label, language) || conv.campaign}</span>}
        {conv.cart && conv.cart.items > 0 && <span class="tag line">{money(conv.cart.value, language, currency())}</span>}
        {conv.unread > 0 && !chosen && <span class="tag line">{words.list.unread(conv.unread)}</span>}
      </span>
    </button>
  );
}

function Waiting({ conv }: { conv: Conv }): JSX.Element {
  const words = useWords();
  const name = words.list.visitor(conv.label);
  return (
    <button type="button" class="conv" onClick={() => void take(conv.id)}>
      <span class="hidden">{words.list.takeThis("")}</span>
      <span class="conv-top"><strong>{name}</strong><Wait since={conv.waiting_since ?? conv.opened_at} /></span>
      <span class="conv-last">{last(conv, words.list.you, words.list.noMessage)}</span>
      <span class="conv-tags">
        {conv.position !== null && <span class="tag outline">{words.list.position(conv.position)}</span>}
        {conv.skill && <span class="tag line" title={words.list.skill(conv.skill)}>{conv.skill}</span>}
        <Channel conv={conv} />
        {!conv.visitor_online && <span class="quiet-text">{words.list.away}</span>}
      </span>
    </button>
  );
}

/** Closed by the visitor: its code is owed. */
function Owed(): JSX.Element | null {
  const words = useWords();
  const wrap = useStore((state) => state.wrap);
  if (wrap.length === 0) return null;
  return (
    <>
      <h2 class="list-head"><span>{words.work.owed}</span><span class="count">{wrap.length}</span></h2>
      <ul>{wrap.map((conv) => (
        <li key={conv.id}><button type="button" class="conv owed" onClick={() => update({ asking: { kind: "wrap", conv, next: false } })}>
          <span class="hidden">{words.work.wrapThis}</span>
          <span class="conv-top"><strong>{words.list.visitor(conv.label)}</strong><span class="tag honey">{words.work.owedTag}</span></span>
          <span class="conv-last">{last(conv, words.list.you, words.list.noMessage)}</span>
        </button></li>
      ))}</ul>
    </>
  );
}

/** Of others: those that were joined or are looked into, then those whose agents ask for help. */
function Beside(): JSX.Element | null {
  const words = useWords();
  const guest = useStore((state) => state.guest);
  const help = useStore((state) => state.wanting);
  const observed = useStore((state) => state.observed);
  const selected = useStore((state) => state.selected);
  const rest = observed && ![...guest, ...help].some((one) => one.id === observed.id) ? [observed] : [];
  const row = (conv: Conv): JSX.Element => (
    <li key={conv.id}><button type="button" class={`conv ${selected === conv.id ? "chosen" : ""}`} aria-current={selected === conv.id ? "true" : undefined} onClick={() => select(conv.id)}>
      <span class="conv-top"><strong>{words.list.visitor(conv.label)}</strong>{conv.waiting_since !== null && <Wait since={conv.waiting_since} />}</span>
      <span class="conv-last">{words.work.with(conv.agent?.name ?? "")}</span>
      {conv.assistance_at !== null && <span class="conv-tags"><span class="tag honey"><Icon name="life-buoy" size={14} />{words.work.helpSince}<Since at={conv.assistance_at} /></span></span>}
    </button></li>
  );
  return (
    <>
      {help.length > 0 && <><h2 class="list-head"><span>{words.work.helpWanted}</span><span class="count">{help.length}</span></h2><ul>{help.map(row)}</ul></>}
      {guest.length + rest.length > 0 && <><h2 class="list-head"><span>{words.work.beside}</span></h2><ul>{[...guest, ...rest].map(row)}</ul></>}
    </>
  );
}

/** What could not be sent and whose thread is no longer on the screen: said, and kept to be copied. */
function Stranded(): JSX.Element | null {
  const words = useWords();
  const outbox = useStore((state) => state.outbox);
  const mine = useStore((state) => state.mine);
  const loaded = useStore((state) => state.loaded);
  const items = loaded ? outbox.filter((item) => item.failed && !mine.some((conv) => conv.id === item.conv)) : [];
  if (items.length === 0) return null;
  return (
    <>
      {items.map((item) => (
        <div key={item.cid} class="stranded" role="alert">
          <p class="problem"><Icon name="circle-alert" />{words.thread.failed}</p>
          <p>{words.thread.failures.not_assigned}</p>
          <blockquote>{item.body}</blockquote>
          <p class="actions"><button type="button" onClick={() => void copy(item.body).then((done) => done && toast(words.thread.copied))}>{words.thread.copy}</button><button type="button" class="quiet" onClick={() => forget(item.cid)}>{words.thread.drop}</button></p>
        </div>
      ))}
    </>
  );
}
