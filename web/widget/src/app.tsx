/** Which of the three is before the visitor: the invitation, the conversation or the survey; and what each may do. */
import type { Bridge, Conversation, Entry, PulseAnswer, SurveyAnswers, Widget } from "@aparte/protocol";
import { h, render } from "preact";
import { Chat } from "./chat";
import { Invitation } from "./invitation";
import { random, readChat, session, writeChat } from "./keep";
import { Offers } from "./offers";
import { Outbox } from "./outbox";
import { post, Room } from "./room";
import { sheet } from "./style";
import { Survey } from "./survey";
import { type Words, wordsIn } from "./words";

const LONGEST = 4000;
const UNANSWERED: SurveyAnswers = { csat: null, nps: null, solved: null, comment: null };

export class App implements Widget {
  private view: "none" | "chat" | "survey" = "none";
  private agents = true;
  private room: Room | null = null;
  private outbox = new Outbox(session());
  private offers: Offers;
  private draft = "";
  private ending = false;
  private tooLong = false;
  private failed = false;
  private creating = false;
  private unread = 0;
  private answers = { ...UNANSWERED };
  private thanked = false;
  private closedAt = 0;
  private focus = false;
  private host = document.createElement("aparte-widget");
  private root = this.host.attachShadow({ mode: "open" });
  private log: HTMLElement | null = null;
  private field: HTMLElement | null = null;
  private tab = random(4);
  private channel = "BroadcastChannel" in window ? new BroadcastChannel("aparte") : null;
  private watcher = new IntersectionObserver((seen) => this.seeCard(seen[0].intersectionRatio), { threshold: 0.5 });
  private cardRatio = 0;

  constructor(private bridge: Bridge) {
    this.offers = new Offers(
      bridge,
      () => this.draw(),
      (over) => this.channel?.postMessage({ over }),
    );
    this.dress();
    this.listen();
    this.restore();
  }

  private dress(): void {
    const { look } = this.bridge.config;
    const page = (name: string): string =>
      getComputedStyle(document.querySelector(name) || document.body).fontFamily;
    const font = look.font == "inherit" ? page("body") : look.font;
    this.root.adoptedStyleSheets = [sheet(document.querySelector<HTMLElement>("script[data-key]")!.dataset.theme || "auto")];
    const style = this.host.style;
    style.setProperty("--c", look.colour);
    style.setProperty("--o", look.on_colour);
    style.setProperty("--r", look.radius + "px");
    style.setProperty("--f", font);
    style.setProperty("--q", look.quote_font || (look.font == "inherit" ? page("h1") : font));
    style.setProperty(look.position == "left" ? "left" : "right", "24px");
    document.body.append(this.host);
  }

  private listen(): void {
    document.addEventListener("keydown", (event) => this.escape(event));
    document.addEventListener("visibilitychange", () => this.back());
    window.addEventListener("online", () => this.back());
    window.addEventListener("pagehide", () => this.room?.link.beacon());
    window.addEventListener("pageshow", (event) => event.persisted && this.room?.link.resume());
    // Time alone turns "sending" into "not sent".
    setInterval(() => this.view == "chat" && this.outbox.items.length && this.draw(), 5000);
    if (this.channel)
      this.channel.onmessage = ({ data }) => {
        if (data.over) this.offers.over(data.over);
        else if (this.room && this.view != "survey") this.turn(data.open);
      };
  }

  private restore(): void {
    const kept = readChat();
    if (!kept) return;
    // On a small screen the page is what the visitor went to: the conversation waits in its corner.
    if (kept.open && innerWidth > 480) this.view = "chat";
    if (kept.conv) this.join(kept.conv);
    else if (this.outbox.of("").length) void this.create();
    else writeChat(null);
    this.draw();
  }

  sync(answer?: PulseAnswer): void {
    if (answer) {
      const { conversation } = answer;
      this.agents = answer.agents ?? true;
      this.offers.sync(this.room || this.view != "none" ? null : answer.offer || null);
      if (conversation && !this.room && !this.creating) this.join(conversation.id, conversation.state);
    }
    this.draw();
  }

  /** The visitor wants to talk: what was going on goes on, else a fresh page. */
  open(): void {
    this.focus = true;
    if (this.room?.state == "closed") this.view = "survey";
    else this.turn(true, true);
    this.draw();
  }

  close(): void {
    this.turn(false, true);
  }

  forget(): void {
    this.leave();
    this.outbox.clear();
    this.offers.drop();
  }

  private turn(open: boolean, tell = false): void {
    this.view = open ? "chat" : "none";
    this.ending = false;
    if (open) this.offers.drop();
    if (tell) this.channel?.postMessage({ open });
    this.store();
    this.draw();
  }

  private store(): void {
    if (this.room || this.outbox.of("").length)
      writeChat({ conv: this.room?.id || "", token: this.bridge.token() || "", open: this.view == "chat" });
  }

  private join(id: string, state?: Conversation["state"]): void {
    this.room = new Room(id, this.bridge, this.outbox, this.tab, () => this.changed(), (entry) => this.heard(entry));
    if (state) this.room.state = state;
    this.outbox.adopt(id);
    this.offers.drop();
    this.store();
    this.room.link.start();
  }

  private enter(conversation: Conversation): void {
    this.join(conversation.id, conversation.state);
    this.room!.stand(conversation);
    this.bridge.emit("chat", { conversation: conversation.id });
    this.draw();
  }

  /** The visitor's open conversation, or a new one; tried again as long as words wait for it. */
  private async create(): Promise<void> {
    if (this.creating || this.room) return;
    this.creating = true;
    this.failed = false;
    try {
      const reply = await post<{ token?: string; conversation: Conversation }>(this.bridge, "/v1/conversations", {
        url: location.origin + location.pathname,
      });
      if (reply.token) this.bridge.keep(reply.token);
      this.enter(reply.conversation);
    } catch {
      this.failed = true;
      setTimeout(() => this.outbox.of("").length && this.create(), 5000);
    }
    this.creating = false;
    this.draw();
  }

  private async accept(): Promise<void> {
    this.focus = true;
    if (this.offers.trouble == "over") {
      this.turn(true, true);
      return this.create();
    }
    const conversation = await this.offers.accept();
    if (!conversation) return;
    this.view = "chat";
    this.enter(conversation);
  }

  private heard(entry: Entry): void {
    if (entry.kind == "text") this.bridge.emit("message", { by: entry.by, seq: entry.seq });
    if (entry.by == "agent" && entry.kind == "text" && (this.view != "chat" || document.hidden)) this.unread++;
  }

  /** Something of the conversation is different. */
  private changed(): void {
    const { room } = this;
    if (room?.state == "closed" && !this.closedAt) {
      this.closedAt = Date.now();
      this.bridge.emit("closed", { conversation: room.id });
      // One that ended while nobody looked is not dug out again.
      if (this.view != "chat" || room.surveyed) return this.leave();
      this.view = "survey";
    }
    this.draw();
  }

  /** The conversation is over for this visitor. */
  private leave(): void {
    this.room?.link.stop();
    this.room = null;
    this.view = "none";
    this.closedAt = this.unread = 0;
    this.thanked = this.ending = this.failed = false;
    this.answers = { ...UNANSWERED };
    writeChat(null);
    this.bridge.pulse();
    this.draw();
  }

  private say(): void {
    const body = this.draft.trim().normalize();
    this.tooLong = [...body].length > LONGEST;
    if (body && !this.tooLong) {
      const item = { cid: random(16), conv: this.room?.id || "", body, at: Date.now() };
      this.draft = "";
      if (this.room) this.room.say(item);
      else {
        this.outbox.add(item);
        this.store();
        void this.create();
      }
    }
    this.draw();
  }

  private async end(): Promise<void> {
    try {
      await post(this.bridge, `/v1/conv/${this.room!.id}/close`);
      this.room!.state = "closed";
    } catch {
      this.failed = true;
      this.ending = false;
    }
    this.changed();
  }

  private async answer(): Promise<void> {
    const { csat, nps, solved, comment } = this.answers;
    if (csat === null && nps === null && solved === null && !comment?.trim()) return this.leave();
    try {
      await post(this.bridge, `/v1/conv/${this.room!.id}/survey`, { ...this.answers, comment: comment?.trim() || null });
      this.thanked = true;
      setTimeout(() => this.thanked && this.leave(), 2500);
    } catch {
      this.failed = true;
    }
    this.draw();
  }

  private escape(event: KeyboardEvent): void {
    if (event.key != "Escape" || event.defaultPrevented) return;
    if (this.offers.current) this.offers.answer("decline");
    else if (this.view == "none" || !event.composedPath().includes(this.host)) return;
    else if (this.view == "survey") this.leave();
    else if (this.ending) this.ending = false;
    else this.minimise();
    event.preventDefault();
    this.draw();
  }

  private minimise(): void {
    this.turn(false, true);
    this.launch(true);
  }

  private back(): void {
    if (document.hidden) return;
    this.room?.link.hurry();
    this.seeCard(this.cardRatio);
    this.draw();
  }

  private seeCard(ratio: number): void {
    this.cardRatio = ratio;
    if (ratio >= 0.5 && !document.hidden) this.offers.see();
  }

  private words(): Words {
    const language = this.bridge.language();
    return wordsIn(language, this.bridge.config.words[language]);
  }

  private launch(focus = false): void {
    const words = this.words();
    let label: string | null = null;
    if (this.view == "none" && !this.offers.current) {
      if (this.room) label = this.unread ? `${words.unread} (${this.unread})` : words.chat;
      else if (this.bridge.config.button) label = words.launcher;
    }
    this.bridge.launcher(label, focus);
  }

  private draw(): void {
    const stick = !this.log || this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 80;
    this.host.className = this.view == "none" ? "" : "full";
    render(this.screen(), this.root);
    this.launch();
    if (this.focus && this.field) {
      this.focus = false;
      this.field.focus();
    }
    if (stick && this.log) this.log.scrollTop = this.log.scrollHeight;
    if (this.view == "chat" && !document.hidden) {
      this.unread = 0;
      this.room?.see();
    }
    const card = this.root.querySelector(".card");
    if (card) this.watcher.observe(card);
    else this.watcher.disconnect();
  }

  private screen() {
    if (this.view == "chat") return this.chat();
    if (this.view == "survey" && this.room) return this.survey();
    return this.offers.current && this.card();
  }

  private card() {
    const { offers } = this;
    return (
      <Invitation
        words={this.words()}
        message={offers.current!.message}
        agents={this.agents}
        why={offers.why}
        trouble={offers.trouble}
        busy={offers.busy}
        accept={() => void this.accept()}
        decline={() => offers.answer("decline")}
        explain={() => {
          offers.why = !offers.why;
          this.draw();
        }}
      />
    );
  }

  private readonly keepField = (element: HTMLElement | null): void => {
    this.field = element;
  };
  private readonly keepLog = (element: HTMLElement | null): void => {
    this.log = element;
  };

  private chat() {
    const { room } = this;
    return (
      <Chat
        it={{
          words: this.words(),
          language: this.bridge.language(),
          room,
          lines: room
            ? room.lines()
            : this.outbox.of("").map((item) => ({ ...item, seq: Infinity, kind: "text", by: "visitor", ts: item.at, state: "sending" })),
          agents: this.agents,
          draft: this.draft,
          ending: this.ending,
          tooLong: this.tooLong,
          failed: this.failed,
          field: this.keepField,
          log: this.keepLog,
          write: (text) => {
            this.draft = text;
            room?.type(!!text);
            this.draw();
          },
          send: () => this.say(),
          retry: (cid) => {
            room?.retry(cid);
            this.draw();
          },
          minimise: () => this.minimise(),
          ask: (ending) => {
            this.ending = ending;
            this.draw();
          },
          end: () => void this.end(),
          restart: () => {
            this.leave();
            this.open();
          },
        }}
      />
    );
  }

  private survey() {
    const words = this.words();
    const name = this.room!.agent?.name;
    const at = new Intl.DateTimeFormat(this.bridge.language(), { hour: "2-digit", minute: "2-digit" }).format(this.closedAt);
    return (
      <Survey
        it={{
          words,
          title: name || words.team,
          note: `${words.ended}, ${at}`,
          answers: this.answers,
          failed: this.failed,
          thanked: this.thanked,
          first: this.keepField,
          choose: (some) => {
            Object.assign(this.answers, some);
            this.draw();
          },
          send: () => void this.answer(),
          skip: () => this.leave(),
        }}
      />
    );
  }
}
