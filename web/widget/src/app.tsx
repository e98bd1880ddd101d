/** Which of the three is before the visitor: the invitation, the conversation or the survey; and what each may do. */
import type { Conversation, Entry, PulseAnswer, SurveyAnswers, Widget } from "@aparte/protocol";
import { h, render } from "./dom";
import { bridge, data, post } from "./call";
import { Chat } from "./chat";
import { Invitation } from "./invitation";
import { outbox, random, readChat, saveOutbox, waiting, writeChat } from "./keep";
import { Offers } from "./offers";
import { type Line, line, Room } from "./room";
import { sheet } from "./style";
import { Survey } from "./survey";
import { type Words, wordsIn } from "./words";

const LONGEST = 4000;
const UNANSWERED: SurveyAnswers = { csat: null, nps: null, solved: null, comment: null };

export class App implements Widget {
  words!: Words;
  agents = true;
  room: Room | null = null;
  offers = new Offers(
    () => this.draw(),
    (over) => this.tellTabs({ over }),
  );
  draft = "";
  ending = false;
  tooLong = false;
  failed = false;
  answers = UNANSWERED;
  thanked = false;
  closedAt = 0;
  /** Set by the views: the field to write in, the log to scroll. */
  field: { current: HTMLTextAreaElement | null } = { current: null };
  log: { current: HTMLDivElement | null } = { current: null };
  private view: "chat" | "survey" | "" = "";
  private creating = false;
  private unread = 0;
  private focus = false;
  private host = document.createElement("aparte-widget");
  private root = this.host.attachShadow({ mode: "open" });
  private tabs = window.BroadcastChannel && new BroadcastChannel("aparte");
  private watcher = new IntersectionObserver((seen) => this.look(seen[0].isIntersecting), { threshold: 0.5 });
  private inSight = false;

  constructor() {
    this.dress();
    this.listen();
    this.restore();
  }

  /** The shop's own font and colours; the style sheet is adopted, which a strict content policy allows. */
  private dress(): void {
    const { look } = bridge.config;
    const own = (name: string): string => getComputedStyle(document.querySelector(name) || document.body).fontFamily;
    const font = look.font == "inherit" ? own("body") : look.font;
    const set = (name: string, value: string): void => this.host.style.setProperty(name, value);
    this.root.adoptedStyleSheets = [sheet(data.theme)];
    // What the visitor writes here is no form of the shop.
    this.host.dataset.aparteIgnore = "";
    set("--c", look.colour);
    set("--o", look.on_colour);
    set("--r", look.radius + "px");
    set("--f", font);
    set("--q", look.quote_font || (look.font == "inherit" ? own("h1") : font));
    set(look.position == "left" ? "left" : "right", "24px");
    document.body.append(this.host);
  }

  private listen(): void {
    document.addEventListener("keydown", (event) => this.escape(event));
    document.addEventListener("visibilitychange", () => this.back());
    window.addEventListener("online", () => this.back());
    window.addEventListener("pagehide", () => this.room?.link.beacon());
    window.addEventListener("pageshow", (event) => event.persisted && this.room?.link.resume());
    // Time alone turns "sending" into "not sent".
    setInterval(() => outbox[0] && this.draw(), 5000);
    if (this.tabs)
      this.tabs.onmessage = ({ data }) => {
        if (data.over) this.offers.over(data.over);
        else if (this.room && this.view != "survey") this.turn(data.open);
      };
  }

  private tellTabs(news: object): void {
    this.tabs?.postMessage(news);
  }

  private restore(): void {
    const kept = readChat();
    // On a small screen the page is what the visitor went to: the conversation waits in its corner.
    if (kept?.open && innerWidth > 480) this.view = "chat";
    if (kept?.conv) this.join(kept.conv);
    else if (waiting("")[0]) void this.create();
    this.draw();
  }

  sync(answer?: PulseAnswer): void {
    if (answer) {
      const { conversation, offer, agents } = answer;
      this.agents = agents ?? true;
      this.offers.on(this.room || this.view ? null : offer);
      if (conversation && !this.room && !this.creating) this.join(conversation.id, conversation);
    }
    this.draw();
  }

  /** The visitor wants to talk: what was going on goes on, else a fresh page. */
  open(): void {
    this.focus = true;
    this.turn(true, true);
  }

  close(): void {
    if (this.view) this.turn(false, true);
  }

  forget(): void {
    saveOutbox([]);
    this.offers.drop();
    this.leave();
  }

  private turn(open: boolean, tell = false): void {
    this.view = open ? "chat" : "";
    this.ending = false;
    if (open) this.offers.drop();
    if (tell) this.tellTabs({ open });
    this.store();
    this.draw();
  }

  private store(): void {
    if (this.room || waiting("")[0])
      writeChat({ conv: this.room?.id || "", token: bridge.token() || "", open: this.view == "chat" });
  }

  private join(id: string, told: Partial<Conversation> = {}): void {
    waiting("").forEach((item) => (item.conv = id));
    saveOutbox();
    this.room = new Room(
      id,
      () => this.changed(),
      (entry) => this.heard(entry),
    );
    this.room.stand(told);
    this.offers.drop();
    this.store();
  }

  private enter(conversation: Conversation): void {
    this.join(conversation.id, conversation);
    bridge.emit("chat", { conversation: conversation.id });
  }

  /** The visitor's open conversation, or a new one; tried again as long as words wait for it. */
  private async create(): Promise<void> {
    if (this.creating || this.room) return;
    this.creating = true;
    try {
      const url = location.origin + location.pathname;
      const reply = await post<{ token?: string; conversation: Conversation }>("conversations", { url });
      if (reply.token) bridge.keep(reply.token);
      this.enter(reply.conversation);
      this.failed = false;
    } catch {
      this.failed = true;
      setTimeout(() => waiting("")[0] && this.create(), 5000);
    }
    this.creating = false;
    this.draw();
  }

  async accept(): Promise<void> {
    if (this.offers.busy) return;
    if (this.offers.trouble == "over") {
      this.open();
      return this.create();
    }
    const conversation = await this.offers.accept();
    if (!conversation) return;
    this.enter(conversation);
    this.open();
  }

  private heard({ kind, by, seq }: Entry): void {
    if (kind != "text") return;
    bridge.emit("message", { by, seq });
    if (by == "agent" && (!this.view || document.hidden)) this.unread++;
  }

  /** Something of the conversation is different. */
  private changed(): void {
    const { room } = this;
    if (room?.state == "closed" && !this.closedAt) {
      this.closedAt = Date.now();
      bridge.emit("closed", { conversation: room.id });
      room.link.stop();
      // One that ended while nobody looked is not dug out again.
      if (!this.view || room.survey) return this.leave();
      this.view = "survey";
    }
    this.draw();
  }

  /** The conversation is over for this visitor. */
  leave(): void {
    this.room?.link.stop();
    this.room = null;
    this.view = "";
    this.closedAt = this.unread = 0;
    this.thanked = this.ending = this.failed = false;
    this.answers = UNANSWERED;
    writeChat(null);
    bridge.pulse();
    this.draw();
  }

  restart(): void {
    this.leave();
    this.open();
  }

  write(text: string): void {
    this.draft = text;
    this.room?.type(!!text);
    this.draw();
  }

  say(): void {
    const body = this.draft.trim().normalize();
    this.tooLong = [...body].length > LONGEST;
    if (body && !this.tooLong) {
      const item = { cid: random(16), conv: this.room?.id || "", body, ts: Date.now() };
      this.draft = "";
      if (this.room) this.room.say(item);
      else {
        saveOutbox([...outbox, item]);
        this.store();
        void this.create();
      }
    }
    this.draw();
  }

  lines(): Line[] {
    return this.room ? this.room.lines() : waiting("").map(line);
  }

  ask(ending: boolean): void {
    this.ending = ending;
    this.draw();
  }

  async end(): Promise<void> {
    const room = this.room!;
    await this.attempt(`conv/${room.id}/close`, {}, () => (room.state = "closed"));
    this.changed();
  }

  choose(some: Partial<SurveyAnswers>): void {
    this.answers = { ...this.answers, ...some };
    this.draw();
  }

  async answer(): Promise<void> {
    if (!Object.values(this.answers).some((answer) => answer !== null && answer !== "")) return this.leave();
    await this.attempt(`conv/${this.room!.id}/survey`, this.answers, () => {
      this.thanked = true;
      setTimeout(() => this.thanked && this.leave(), 2500);
    });
    this.draw();
  }

  private async attempt(path: string, members: object, done: () => void): Promise<void> {
    this.failed = this.ending = false;
    try {
      await post(path, members);
      done();
    } catch {
      this.failed = true;
    }
  }

  private escape(event: KeyboardEvent): void {
    if (event.key != "Escape" || event.defaultPrevented) return;
    if (this.offers.current) this.offers.answer("decline");
    else if (!this.view || !event.composedPath().includes(this.host)) return;
    else if (this.view == "survey") this.leave();
    else if (this.ending) this.ask(false);
    else this.minimise();
    event.preventDefault();
  }

  minimise(): void {
    this.turn(false, true);
    this.launch(true);
  }

  private back(): void {
    if (document.hidden) return;
    this.room?.link.hurry();
    this.look(this.inSight);
    this.draw();
  }

  private look(inSight: boolean): void {
    this.inSight = inSight;
    if (inSight && !document.hidden) this.offers.see();
  }

  private launch(focus = false): void {
    const { words, unread } = this;
    bridge.launcher(
      this.view || this.offers.current
        ? null
        : this.room
          ? unread
            ? `${words.unread} (${unread})`
            : words.chat
          : bridge.config.button
            ? words.launcher
            : null,
      focus,
    );
  }

  /** The agent's name, once there is one. */
  get name(): string | undefined {
    return this.room?.agent?.name;
  }

  clock(at: number): string {
    return new Intl.DateTimeFormat(bridge.language(), { timeStyle: "short" }).format(at);
  }

  day(at: number): string {
    return new Date(at).toDateString() == new Date().toDateString()
      ? this.words.today
      : new Intl.DateTimeFormat(bridge.language(), { dateStyle: "long" }).format(at);
  }

  draw(): void {
    const { view, room, offers } = this;
    const language = bridge.language();
    const before = this.log.current;
    const stick = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 80;
    this.words = wordsIn(language, bridge.config.words[language]);
    this.host.className = view && "full";
    this.host.lang = language;
    render(
      view == "chat" ? <Chat app={this} /> : view ? <Survey app={this} /> : offers.current && <Invitation app={this} />,
      this.root,
    );
    this.launch();
    if (view == "chat" && this.focus) {
      this.focus = false;
      this.field.current!.focus();
    }
    const log = this.log.current;
    if (stick && log) log.scrollTop = log.scrollHeight;
    if (view && !document.hidden) {
      this.unread = 0;
      room?.see();
    }
    this.watcher.disconnect();
    const card = this.root.querySelector(".card");
    if (card) this.watcher.observe(card);
  }
}
