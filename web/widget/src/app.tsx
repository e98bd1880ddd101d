/** What is before the visitor: the invitation, the conversation, the form or the survey; and what each may do. */
import type { AskKind, Asking, Conversation, Entry, Offer, PulseAnswer, SurveyAnswers, Widget } from "@aparte/protocol";
import { h, render } from "./dom";
import { bridge, post } from "./call";
import { Bringer } from "./bring";
import { Invitation } from "./invitation";
import { outbox, random, readChat, saveOutbox, waiting, writeChat } from "./keep";
import { Offers } from "./offers";
import { type Line, line, Room } from "./room";
import { Shell } from "./shell";
import { TABLE, type Words, wordsIn } from "./words";

const LONGEST = 4000;
const UNANSWERED: SurveyAnswers = { csat: null, nps: null, ces: null, solved: null, comment: null };

export class App implements Widget {
  words!: Words;
  room: Room | null = null;
  offers = new Offers(
    () => this.draw(),
    (over) => this.tabs?.postMessage({ over }),
  );
  draft = "";
  /** What stands in the place of the field: whether to end, or where to mail the conversation. */
  aside: "end" | "mail" | "mailed" | "" = "";
  tooLong = false;
  failed = false;
  /** The shop has closed the chat to this visitor. */
  barred = false;
  answers = UNANSWERED;
  counted = 0;
  thanked = false;
  closedAt = 0;
  /** The form that is being written, its words so far, and the code of what is wrong, and at which field. */
  asking: Asking | null | undefined;
  said: Record<string, string> = {};
  wrong = "";
  wrongAt = "";
  /** Set by the view: the log to scroll. */
  log: { current: HTMLDivElement | null } = { current: null };
  bridge = bridge;
  post = post;
  random = random;
  private view: "chat" | "form" | "survey" | "" = "";
  private creating = false;
  private focus = false;
  shell = new Shell();
  private bringer = new Bringer((css) => this.shell.adopt(css));
  private tabs = window.BroadcastChannel && new BroadcastChannel("aparte");
  private watcher = new IntersectionObserver((seen) => this.look(seen[0].isIntersecting), { threshold: 0.5 });
  private inSight = false;

  constructor() {
    this.listen();
    this.restore();
  }

  private listen(): void {
    document.addEventListener("keydown", (event) => this.escape(event));
    document.addEventListener("visibilitychange", () => this.back());
    window.addEventListener("online", () => this.back());
    window.addEventListener("pagehide", () => this.room?.link.beacon());
    window.addEventListener("pageshow", (event) => event.persisted && this.room?.link.resume());
    // Time alone turns "sending" into "not sent".
    setInterval(() => outbox[0] && this.draw(), 5000);
    if (this.tabs) this.tabs.onmessage = ({ data }) => this.told(data);
  }

  /** What another tab of this visitor did: an invitation answered, open or closed, read up to here, left for good. */
  private told({ over, open, conv, seen, left }: any): void {
    const { room } = this;
    if (over) this.offers.over(over);
    else if (!room) return;
    else if (left == room.id) this.leave();
    else if (conv == room.id) room.reached(seen);
    else if (open !== undefined && this.view != "survey") this.turn(open);
    this.draw();
  }

  private restore(): void {
    const kept = readChat();
    // On a small screen the page is what the visitor went to: the conversation waits in its corner.
    if (kept?.open && innerWidth > 480) this.view = "chat";
    this.asking = kept?.form;
    if (this.view && this.asking) this.view = "form";
    if (kept?.conv) this.join(kept.conv);
    else if (waiting("")[0]) void this.create();
    this.draw();
  }

  sync(answer?: PulseAnswer): void {
    if (answer) {
      const { conversation, offer } = answer;
      this.offers.on(this.room || this.view || this.asking ? null : offer);
      // Whoever accepts must not wait for a file.
      if (this.offers.current) this.need();
      if (conversation && !this.room && !this.creating) this.join(conversation.id, conversation);
    }
    this.draw();
  }

  /** The visitor wants to talk: what was going on goes on, else a fresh page. */
  open(): void {
    this.focus = true;
    this.turn(true, true);
    if (!this.later) void this.bring();
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
    this.view = open ? (this.asking ? "form" : "chat") : "";
    this.aside = "";
    if (open) this.offers.drop();
    if (tell) this.tabs?.postMessage({ open });
    this.store();
    this.draw();
  }

  store(): void {
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

  enter(conversation: Conversation): void {
    if (this.room) return;
    this.join(conversation.id, conversation);
    bridge.emit("chat", { conversation: conversation.id });
  }

  /** The visitor's open conversation, or a new one; tried again as long as words wait for it. */
  private async create(): Promise<void> {
    if (this.creating || this.room) return;
    this.creating = true;
    this.barred = false;
    try {
      const url = location.origin + location.pathname;
      const reply = await post<{ token?: string; conversation: Conversation }>("conversations", { url });
      if (reply.token) bridge.keep(reply.token);
      this.enter(reply.conversation);
      this.failed = false;
    } catch (why) {
      this.barred = why == 403;
      this.failed = !this.barred;
      if (this.failed) setTimeout(() => waiting("")[0] && this.create(), 5000);
    }
    this.creating = false;
    this.draw();
  }

  async accept(): Promise<void> {
    if (this.offers.busy) return;
    const offer = this.offers.current!;
    const { engagement, channel } = offer;
    await this.bring();
    if (!this.later) return this.offers.fail();
    if (this.offers.trouble == "over") {
      if (channel == "callback") return this.request(channel);
      this.open();
      await this.create();
    } else {
      const reply = await this.offers.accept();
      if (!reply) return;
      if (!reply.conversation) return this.request("callback", engagement);
      this.enter(reply.conversation);
    }
    await this.begin(offer);
  }

  /** The conversation, and before it what the invitation asks for: he may leave that out. */
  private async begin({ ask, engagement }: Offer): Promise<void> {
    if (ask?.[0] && this.room) await this.request("chat", engagement, ask);
    else this.open();
  }

  /** Begin the form of this kind; another kind of the same request goes on under its numbers. */
  async request(kind: AskKind, engagement = "", ask?: string[]): Promise<void> {
    this.asking = { cid: random(16), engagement, ...this.asking, ask, kind };
    this.wrong = "";
    await this.bring();
    this.open();
  }

  /** Chat, forms and survey, once their file is here. */
  get later() {
    return this.bringer.here;
  }

  async bring(): Promise<void> {
    this.failed = !(await this.bringer.fetch());
    // Somebody waits to see it.
    if (this.failed && this.view) setTimeout(() => this.need(), 5000);
    this.draw();
  }

  private need(): void {
    if (this.bringer.due) void this.bring();
  }

  part(): void {
    this.room?.link.stop();
    this.room = null;
    this.closedAt = 0;
  }

  private heard({ kind, by, seq }: Entry): void {
    if (kind == "text") bridge.emit("message", { by, seq });
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
      else if (!this.view || room.survey || (!room.agent && !room.barred)) return this.leave();
      else if (!room.barred)
        this.view = "survey";
    }
    this.draw();
  }

  /** The conversation is over for this visitor, in all his tabs if he says so. */
  leave(focus = false): void {
    if (focus && this.room) this.tabs?.postMessage({ left: this.room.id });
    this.part();
    this.asking = null;
    this.view = this.aside = "";
    this.thanked = this.failed = this.barred = false;
    this.answers = UNANSWERED;
    writeChat(null);
    bridge.pulse();
    this.draw();
    if (focus) this.launch(true);
  }

  write(text: string): void {
    this.draft = text;
    this.room?.type(text);
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

  /** Put something in the place of the field, or the field again. */
  put(aside: typeof this.aside): void {
    this.aside = aside;
    this.wrong = "";
    this.failed = false;
    this.focus = true;
    this.draw();
  }

  async end(): Promise<void> {
    const room = this.room!;
    await this.attempt(`conv/${room.id}/close`, {}, () => (room.state = "closed"));
    this.changed();
  }

  /** Away with the bot. */
  async person(): Promise<void> {
    const room = this.room!;
    await this.attempt<Conversation>(`conv/${room.id}/person`, {}, (told) => room.stand(told));
    this.draw();
  }

  async attempt<T>(path: string, members: object, done: (reply: T) => void): Promise<void> {
    this.failed = false;
    this.aside = "";
    try {
      done(await post<T>(path, members));
    } catch {
      this.failed = true;
    }
  }

  private escape(event: KeyboardEvent): void {
    if (event.key != "Escape" || event.defaultPrevented) return;
    if (this.offers.current) this.offers.answer("decline");
    else if (!this.view || !event.composedPath().includes(this.shell.host)) return;
    else if (this.view == "survey") this.leave(true);
    else if (this.aside) this.put("");
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
    const { words, room, asking, view, later, offers } = this;
    const unread = room?.unread;
    const corner = unread ? `${words.unread} (${unread})` : words.chat;
    const label = room || asking ? corner : bridge.config.button ? words.launcher : null;
    bridge.launcher((view && later) || offers.current ? null : label, focus);
  }

  /** The agent's name, once there is one, and the address of his picture. */
  get name(): string | undefined {
    return this.room?.agent?.name;
  }

  get face(): string | undefined {
    const path = this.room?.agent?.picture;
    return path && bridge.host + path;
  }

  speak<Name extends string>(table: Record<Name, string[]>): Record<Name, string> {
    const language = bridge.language();
    return wordsIn(table, language, bridge.config.words[language]);
  }

  draw(): void {
    const { room, offers, shell, later } = this;
    const view = later && this.view;
    if (this.view && !later) this.need();
    const before = this.log.current;
    const stick = !before || before.scrollHeight - before.scrollTop - before.clientHeight < 80;
    this.words = this.speak(TABLE);
    shell.wear(view || "", offers.current);
    render(view ? later.VIEWS[view]({ app: this }) : offers.current && <Invitation app={this} />, shell.root);
    this.launch();
    if (view && this.focus) {
      this.focus = false;
      shell.focus("textarea,input,form .grid button");
    }
    const log = this.log.current;
    if (stick && log) log.scrollTop = log.scrollHeight;
    if (view && !document.hidden && room?.see()) this.tabs?.postMessage({ conv: room.id, seen: room.seen });
    this.watcher.disconnect();
    const card = shell.root.querySelector(".card");
    if (card) {
      this.watcher.observe(card);
      shell.lift(card, offers.current!.engagement);
    }
  }
}
