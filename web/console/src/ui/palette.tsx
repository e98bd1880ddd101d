// Ctrl K: conversations, visitors and commands by name. Arrows choose, Enter opens, the first is chosen beforehand.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { askTransfer, go, openRequest, openRoom, select, setLanguage, setStatus, setTheme, take } from "../actions";
import { lookup, useWords } from "../i18n";
import { compose } from "../keyboard";
import { converses, plans, supervises } from "../rights";
import { get, selectedConv, update, useStore } from "../store";
import { closeChosen, promiseCall, toggleAssist } from "../work/acts";
import { day } from "../format";
import { Dialog, Icon, type IconName, zone } from "./parts";
import { usePast } from "./past";
import { seesSettings } from "./sites";

interface Found { group: "conversations" | "requests" | "visitors" | "commands" | "past"; icon: IconName; text: string; detail: string; run: () => void }

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function all(words: ReturnType<typeof useWords>): Found[] {
  const { mine, queue, requests, live, me, language, theme } = get();
  const away = me?.role === "analyst" ? [] : (["break", "lunch", "meeting", "training", "wrap_up", "other"] as const);
  const conv = selectedConv(get());
  const on: [IconName, string, () => void][] = conv ? [["package", words.work.products, () => update({ asking: { kind: "products", conv } })], ["link", words.work.page, () => update({ asking: { kind: "page", conv } })], ["phone", words.work.callback, promiseCall], ["ticket-percent", words.work.coupon, () => update({ asking: { kind: "coupon", conv } })], ["ban", words.work.blockTitle(conv.label), () => update({ asking: { kind: "block", visitor: conv.visitor, label: conv.label } })]] : [];
  const commands: [IconName, string, () => void][] = [
    ...on, ["check-check", words.work.closeNext, () => void closeChosen(true)], ["life-buoy", words.work.assist, toggleAssist], ["sliders-horizontal", words.work.alerts, () => update({ asking: { kind: "attention" } })],
    ["messages-square", words.list.take, () => void take()], ["check", words.thread.close, () => void closeChosen()], ["forward", words.thread.transfer, askTransfer], ["corner-down-left", words.composer.reply, () => compose("text")],
    ["sticky-note", words.composer.note, () => compose("note")], ["radar", words.nav.visitors, () => go("visitors")], ["messages-square", words.nav.exchanges, () => go("exchanges")], ["megaphone", words.nav.campaigns, () => go("campaigns")], ["users", words.nav.team, () => go("team")], ["book-open", words.nav.library, () => go("library")], ["plug", words.nav.install, () => go("install")],
    ["user", words.nav.account, () => go("account")], ...(seesSettings(me) ? [["sliders-horizontal", words.nav.settings, () => go("settings")] as [IconName, string, () => void]] : []),
    ...(away.length && me?.status !== "available" ? [["circle", words.head.available, () => void setStatus("available")] as [IconName, string, () => void]] : []),
    ...away.map((why): [IconName, string, () => void] => ["circle", `${words.head.away} : ${words.head.reasons[why].toLowerCase()}`, () => void setStatus("away", why)]),
    ["languages", language === "fr" ? "English" : "Français", () => setLanguage(language === "fr" ? "en" : "fr")],
    [theme === "dark" ? "sun" : "moon", `${words.head.theme} : ${(theme === "dark" ? words.head.themeLight : words.head.themeDark).toLowerCase()}`, () => setTheme(theme === "dark" ? "light" : "dark")],
    ["circle-help", words.nav.help, () => update({ help: true })],
    ...(supervises(me) ? [["gauge", words.nav.board, () => go("board")] as [IconName, string, () => void]] : []),
    ...(plans(me) ? [["calculator", words.nav.plan, () => go("plan")] as [IconName, string, () => void]] : []),
    ...(converses(me) ? [["message-square", words.nav.colleagues, () => openRoom()] as [IconName, string, () => void]] : []),
  ];
  return [
    ...mine.map((conv): Found => ({ group: "conversations", icon: "message-square", text: words.list.visitor(conv.label), detail: conv.last?.body ?? "", run: () => select(conv.id) })),
    ...queue.map((conv): Found => ({ group: "conversations", icon: "clock", text: words.list.takeThis(words.list.visitor(conv.label)), detail: conv.last?.body ?? "", run: () => void take(conv.id) })),
    ...requests.map((one): Found => ({ group: "requests", icon: one.kind === "callback" ? "phone" : "mail", text: one.name || words.list.visitor(one.label), detail: words.requests.kinds[one.kind], run: () => openRequest(one.id) })),
    ...commands.map(([icon, text, run]): Found => ({ group: "commands", icon, text, detail: "", run })),
    ...live.rows.map((row): Found => ({ group: "visitors", icon: "user", text: words.list.visitor(row.label), detail: `${row.page?.path ?? ""} ${lookup(words.channels, row.channel ?? "", "")}`, run: () => go("visitors", row.visitor) })),
  ];
}

export function Palette(): JSX.Element {
  const words = useWords();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  const language = useStore((state) => state.language);
  const past = usePast(query).map(({ conversation, hits }): Found => ({ group: "past", icon: "history", text: hits[0]?.snippet ?? "", detail: `${words.list.visitor(conversation.label)}, ${day(conversation.opened_at, language, zone())}`, run: () => update({ transcript: conversation.id }) }));
  const found = [...all(words).filter((one) => wanted.every((part) => plain(`${one.text} ${one.detail}`).includes(part))).slice(0, 12), ...past.slice(0, 8)];
  const close = (): void => update({ palette: false });
  const run = (one: Found | undefined): void => { if (one) { close(); one.run(); } };
  const key = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt((at + (event.key === "ArrowDown" ? 1 : found.length - 1)) % Math.max(1, found.length));
    } else if (event.key === "Enter") { event.preventDefault(); run(found[at]); }
  };
  return (
    <Dialog label={words.palette.title} onClose={close}>
      <div class="palette-field"><Icon name="search" size={18} /><input autofocus role="combobox" aria-expanded="true" aria-controls="found" aria-activedescendant={found[at] ? `found-${at}` : undefined} aria-label={words.palette.title} placeholder={words.palette.placeholder} value={query} onInput={(event) => { setQuery(event.currentTarget.value); setAt(0); }} onKeyDown={key} /></div>
      <div id="found" class="palette-list" role="listbox" aria-label={words.palette.title}>
        {found.map((one, index) => (
          <div key={`${one.group}${one.text}${index}`} id={`found-${index}`} role="option" aria-selected={index === at} class="palette-row" onClick={() => run(one)} onPointerMove={() => setAt(index)}>
            <Icon name={one.icon} /><span>{one.text}</span><small>{one.detail || (one.group === "requests" ? words.requests.title : words.palette[one.group])}</small>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="palette-none">{words.palette.none}</p>}
    </Dialog>
  );
}
