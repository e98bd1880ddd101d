/** What is before the visitor: the invitation, the conversation, the form or the survey; and what each may do. */
import type { Asking, Conversation, Entry, PulseAnswer, RequestKind, SurveyAnswers, Widget } from "@aparte/protocol";
import { h, render } from "./dom";
import { bridge, data, post } from "./call";
import { Chat } from "./chat";
import type * as Later from "./later";
import { Invitation } from "./invitation";
import { outbox, random, readChat, saveOutbox, waiting, writeChat } from "./keep";
import { Offers } from "./offers";
import { type Line, line, Room } from "./room";
import { inkOn, sheet } from "./style";
import { TABLE, type Words, wordsIn } from "./words";

const LONGEST = 4000;
const UNANSWERED: SurveyAnswers = { csat: null, nps: null, solved: null, comment: null };

export class App implements Widget {
  words!: Words;
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
  /** The request that is being written, its words so far, and the code of what is wrong with them. */
  asking: Asking | null | undefined;
  said: Record<string, string> = {};
  wrong = "";
  /** Set by the view: the log to scroll. */
  log: { current: HTMLDivElement | null } = { current: null };
  private view: "chat" | "form" | "survey" | "" = "";
  private creating = false;
  private sending = false;
  private unread = 0;
  private focus = false;
  private host = document.createElement("aparte-widget");
  private root = this.host.attachShadow({ mode: "open" });
  private tabs = window.BroadcastChannel && new BroadcastChannel("aparte");
  private watcher = new IntersectionObserver((seen) => this.look(seen[0].isIntersecting), { threshold: 0.5 });
  private inSight = false;
  private lifted = "";
  private later: typeof Later | undefined;
  private tries = 0;

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
    set("--r", look.radius + "px");
    set("--f", font);
    set("--q", look.quote_font || (look.font == "inherit" ? own("h1") : font));
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
    this.asking = kept?.form;
    if (this.asking) void this.bring().then(() => this.turn(!!this.view));
    if (kept?.conv) this.join(kept.conv);
    else if (waiting("")[0]) void this.create();
    this.draw();
  }

  sync(answer?: PulseAnswer): void {
    if (answer) {
      const { conversation, offer } = answer;
      this.offers.on(this.room || this.view || this.asking ? null : offer);
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
    this.said = {};
    this.offers.drop();
    this.leave();
  }

  private turn(open: boolean, tell = false): void {
    this.view = open ? (this.asking && this.later ? "form" : "chat") : "";
    this.ending = false;
    if (open) this.offers.drop();
    if (tell) this.tellTabs({ open });
    this.store();
    this.draw();
  }

  private store(): void {
    const { room, asking, thanked } = this;
    const form = thanked ? null : asking;
    writeChat(room || form || waiting("")[0] ? { conv: room?.id || "", token: bridge.token() || "", open: !!this.view, form } : null);
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
    const { engagement, channel } = this.offers.current!;
    if (this.offers.trouble == "over") {
      if (channel == "callback") return this.request(channel);
      this.open();
      return this.create();
    }
    const reply = await this.offers.accept();
    if (!reply) return;
    if (!reply.conversation) return this.request("callback", engagement);
    this.enter(reply.conversation);
    this.open();
  }

  /** Begin the form of this kind; another kind of the same request goes on under its numbers. */
  async request(kind: RequestKind, engagement = ""): Promise<void> {
    this.asking = { cid: random(16), engagement, ...this.asking, kind };
    this.wrong = "";
    await this.bring();
    this.open();
  }

  /** Form and survey are a file of their own. Some browsers never try a failed import again under the same address. */
  private async bring(): Promise<void> {
    this.failed = false;
    try {
      this.later ||= (await import(`${bridge.host}/aparte-widget-form.js?${this.tries++}`)) as typeof Later;
    } catch {
      this.failed = true;
    }
  }

  /** Send what he has written; whatever is wrong with it is said at its field. */
  async submit(again?: boolean): Promise<void> {
    const { asking, said } = this;
    if (!asking || (this.sending && !again)) return;
    this.sending = true;
    this.wrong = "";
    this.failed = false;
    try {
      const words = Object.fromEntries(this.later!.FIELDS[asking.kind].map((name) => [name, said[name] || ""]));
      const { token } = await post<{ token?: string }>("requests", { ...asking, ...words });
      if (token) bridge.keep(token);
      this.received();
    } catch (why) {
      // An earlier try has arrived with other words: these are a request of their own.
      if (why == 409 && !again) {
        this.asking = { ...asking, cid: random(16), engagement: "" };
        return this.submit(true);
      }
      if (typeof why == "string") this.wrong = why;
      else this.failed = true;
    }
    this.sending = false;
    this.store();
    this.draw();
    this.root.querySelector<HTMLElement>(this.thanked ? ".icon" : "[aria-invalid=true]")?.focus();
  }

  /** The request is with the shop; whoever was in the queue has left it. */
  private received(): void {
    this.thanked = true;
    this.said = {};
    if (this.room?.state == "queued") this.part();
  }

  private part(): void {
    this.room?.link.stop();
    this.room = null;
    this.closedAt = 0;
  }

  /** Away with the form: he waits on, or goes on in the shop. */
  drop(): void {
    this.asking = null;
    this.thanked = this.failed = false;
    if (this.room) this.open();
    else this.leave(true);
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
      if (this.view == "form") {
        this.part();
        this.store();
      }
      // One that ended while nobody looked, or in which nobody was, is not dug out again.
      else if (!this.view || room.survey || !room.agent) return this.leave();
      else
        void this.bring().then(() => {
          if (this.room != room) return;
          if (!this.later) return this.leave();
          this.view = "survey";
          this.draw();
        });
    }
    this.draw();
  }

  /** The conversation is over for this visitor. */
  leave(focus = false): void {
    this.part();
    this.asking = null;
    this.view = "";
    this.unread = 0;
    this.thanked = this.ending = this.failed = false;
    this.answers = UNANSWERED;
    writeChat(null);
    bridge.pulse();
    this.draw();
    if (focus) this.launch(true);
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
        : this.room || this.asking
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

  speak<Name extends string>(table: Record<Name, string[]>): Record<Name, string> {
    const language = bridge.language();
    return wordsIn(table, language, bridge.config.words[language]);
  }

  get help(): string {
    return bridge.config.help || "chat";
  }

  /** Who is there, in words. */
  get presence(): string {
    const { words, help } = this;
    return help == "chat" ? words.available : help == "form" ? words.away : words.busy;
  }

  /** Nobody can answer soon: there are other ways than to wait. */
  get stuck(): boolean {
    const { room } = this;
    return room ? room.state == "queued" && !!room.form : this.help == "form";
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
    this.words = this.speak(TABLE);
    this.wear(view);
    this.host.lang = language;
    render(
      view == "chat" ? <Chat app={this} /> : view == "form" ? this.later!.Form({ app: this }) : view ? this.later!.Survey({ app: this }) : offers.current && <Invitation app={this} />,
      this.root,
    );
    this.launch();
    if (view && this.focus) {
      this.focus = false;
      this.root.querySelector<HTMLElement>("textarea,input")?.focus();
    }
    const log = this.log.current;
    if (stick && log) log.scrollTop = log.scrollHeight;
    if (view && !document.hidden) {
      this.unread = 0;
      room?.see();
    }
    this.watcher.disconnect();
    const card = this.root.querySelector(".card");
    if (card) {
      this.watcher.observe(card);
      this.lift(card);
    }
  }

  /** Where it stands and in which colour: as the site wants it, an invitation as the campaign wants it. */
  private wear(view: string): void {
    const { look } = bridge.config;
    const { colour, position } = (!view && this.offers.current?.appearance) || {};
    const { style } = this.host;
    this.host.className = `${view && "full"} ${position || look.position}`;
    style.setProperty("--c", colour || look.colour);
    style.setProperty("--o", colour ? inkOn(colour) : look.on_colour);
    // Too light to be read on white: then only surfaces have it.
    style.setProperty("--d", inkOn(colour || look.colour) == "#fff" ? "var(--c)" : "#221e14");
    if (view || !this.offers.current) style.marginBottom = this.lifted = "";
  }

  /** An invitation that comes stands above the shop's buttons: what one buys with is not covered. */
  private lift(card: Element): void {
    const { engagement } = this.offers.current!;
    if (this.lifted == engagement) return;
    this.lifted = engagement;
    const { top, bottom, left, right } = card.getBoundingClientRect();
    let up = 0;
    let before;
    do {
      before = up;
      for (const button of document.querySelectorAll("button,[type=submit],a[class*=button],a[class*=btn]")) {
        const its = button.getBoundingClientRect();
        if (its.width && its.bottom > top - up && its.top < bottom - up && its.right > left && its.left < right)
          up = bottom - its.top + 16;
      }
    } while (up > before);
    if (up < top) this.host.style.marginBottom = up + "px";
  }
}
