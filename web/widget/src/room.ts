/** One conversation as its visitor sees it: what was said, what is on its way, who is there. */
import type { Agent, Conversation, ConversationState, Entry, ServerFrame, SurveyQuestion } from "@aparte/protocol";
import { post } from "./call";
import { type Item, outbox, removeItem, saveOutbox, waiting } from "./keep";
import { Link, type Status } from "./link";
import { Transcript } from "./transcript";

const GIVE_UP = 12e4;
const PAUSE = 400;
const LONGEST = 4000;
/** Half signs and controls, which no frame takes. */
const UNSPEAKABLE = /\p{Cs}|(?!\n)\p{Cc}/gu;

export interface Line extends Entry {
  fate?: "sending" | "sent" | "delivered" | "read" | "unsent";
  code?: string;
}

export class Room {
  state: ConversationState = "queued";
  agent?: Agent | null;
  position?: number | null;
  wait_s?: number | null;
  survey?: boolean;
  /** He may leave a request instead of waiting. */
  form?: boolean;
  line: Status = "up";
  /** Its first page is here. */
  known = false;
  /** A bot answers. */
  bot?: boolean;
  /** What is in the field is seen before it is sent, and said to be. */
  preview?: boolean;
  /** What the survey asks. */
  asks: SurveyQuestion[] = ["csat", "solved", "nps"];
  /** The shop does not take this visitor's words any more. */
  barred = false;
  typing = false;
  readAt = 0;
  /** Up to where he has read, here or in another tab. */
  seen = 0;
  private delivered = 0;
  private answered = 0;
  private told = 0;
  private typed = 0;
  /** What stands in the field, what of it was told last, and the next moment to tell. */
  private field = "";
  private shown = "";
  private pause: ReturnType<typeof setTimeout> | undefined;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  /** Acknowledged, and not yet among the entries. */
  private acked: Line[] = [];
  private transcript = new Transcript();
  readonly link: Link;

  constructor(
    readonly id: string,
    private changed: () => void,
    private heard: (entry: Entry) => void,
  ) {
    this.link = new Link(
      id,
      this.transcript,
      () => waiting(id).filter((item) => !item.code),
      (frame) => this.hear(frame),
      (status) => {
        this.line = status;
        changed();
      },
    );
  }

  /** What is told about the conversation from outside its entries. */
  stand({ state, agent, position, wait_s, form, bot, preview, asks, survey }: Partial<Conversation>): void {
    Object.assign(
      this,
      JSON.parse(JSON.stringify({ state, agent, position, wait_s, form, bot, preview, asks, survey: this.survey || survey })),
    );
  }

  private hear(frame: ServerFrame): void {
    const { transcript } = this;
    if (frame.t == "reset") transcript.reset(frame.epoch);
    else if (frame.t == "welcome") {
      transcript.epoch = frame.epoch;
      this.stand(frame);
      this.take(frame.entries);
    } else if (frame.t == "entry") {
      if (!this.take([frame])) this.link.resume();
    } else if (frame.t == "ack") {
      const item = find(frame.cid);
      // Its entry is on its way; until then the echo stays, in the place where the server put it.
      if (item && frame.seq > transcript.newest) this.acked.push({ ...line(item), ...frame, fate: "sent" });
      removeItem(frame.cid);
    } else if (frame.t == "nack") this.refuse(frame.cid, frame.code, frame.retry_after);
    else if (frame.t == "queue" || frame.t == "state") this.stand(frame);
    else if (frame.t == "wm" && frame.who != "visitor") {
      this.delivered = Math.max(this.delivered, frame.dlv);
      if (frame.read > this.answered) this.readAt = Date.now();
      this.answered = Math.max(this.answered, frame.read);
    } else if (frame.t == "wm") this.seen = Math.max(frame.read, this.told);
    else if (frame.t == "typing" && frame.who != "visitor") this.showTyping(frame.on);
    this.changed();
    if (frame.t == "welcome") this.known = true;
  }

  private take(entries: Entry[]): boolean {
    const before = this.transcript.newest;
    const whole = this.transcript.apply(entries);
    for (const entry of entries) {
      if (entry.cid) {
        removeItem(entry.cid);
        this.acked = this.acked.filter((line) => line.cid != entry.cid);
      }
      if (entry.seq <= before || entry.seq > this.transcript.newest) continue;
      if (entry.kind == "survey") this.survey = true;
      if (entry.kind == "close") this.state = "closed";
      if (entry.by == "agent") this.showTyping(false);
      if (before) this.heard(entry);
      else this.seen = entry.seq;
    }
    if (this.transcript.newest > before) this.link.tell({ t: "dlv", seq: this.transcript.newest });
    return whole;
  }

  private refuse(cid: string, code: string, after?: number): void {
    const item = find(cid);
    if (!item) return;
    if (code == "blocked") this.barred = true;
    if (after) setTimeout(() => this.link.resume(), after * 1000);
    else item.code = code;
    saveOutbox();
  }

  private showTyping(on: boolean): void {
    this.typing = on;
    clearTimeout(this.typingEnds);
    if (on)
      this.typingEnds = setTimeout(() => {
        this.typing = false;
        this.changed();
      }, 6000);
  }

  /** Everything to be shown, in order: entries, then what is not one yet. */
  lines(): Line[] {
    const { delivered, answered: reached } = this;
    return [
      ...this.transcript.kept.map<Line>((entry) => ({
        ...entry,
        fate: entry.seq <= reached ? "read" : entry.seq <= delivered ? "delivered" : "sent",
      })),
      ...this.acked,
      ...waiting(this.id).map(line),
    ];
  }

  /** The visitor pressed Enter: kept first, then sent. */
  say(item: Item): void {
    saveOutbox([...outbox, item]);
    this.typed = 0;
    this.link.flush();
    this.type("");
  }

  /** Try a failed message once more, under its own id. */
  retry(cid: string): void {
    const item = find(cid)!;
    delete item.code;
    item.ts = Date.now();
    saveOutbox();
    this.link.resume();
  }

  /** What agents have said since he read. */
  get unread(): number {
    return this.transcript.kept.filter(({ seq, by, kind }) => seq > this.seen && by == "agent" && /text|card|page/.test(kind)).length;
  }

  /** He has read up to here in another tab. */
  reached(seq: number): void {
    this.seen = Math.max(this.seen, seq);
  }

  /** The visitor has it all before him; true when that is news. */
  see(): boolean {
    const seq = this.transcript.newest;
    if (this.told >= seq) return false;
    this.seen = this.told = seq;
    // Should the call fail, the next one tells the same and more.
    if (!this.link.tell({ t: "read", seq })) post(`conv/${this.id}/read`, { seq }).catch(() => (this.told = 0));
    return true;
  }

  /** A key was pressed; told every 3 s at most, and once when the field is empty again. Words only with a preview. */
  type(text: string): void {
    const on = !!text;
    this.field = text;
    if (this.preview || this.shown) {
      this.pause ??= setTimeout(() => void this.show(), PAUSE);
      return;
    }
    if (on ? Date.now() - this.typed < 3000 : !this.typed) return;
    this.typed = on ? Date.now() : 0;
    this.link.tell({ t: "typing", on });
  }

  /** One after the other, so that an older text never comes last. */
  private async show(): Promise<void> {
    const { field, id, link } = this;
    const text = this.preview ? field.slice(0, LONGEST).replace(UNSPEAKABLE, "") : "";
    const frame = { t: "typing", on: !!field, text: text || undefined };
    if (text != this.shown && !link.tell(frame) && this.line == "up")
      await post(`conv/${id}/typing`, frame).catch(() => {}); // it may be lost
    this.shown = text;
    this.pause = undefined;
    if (this.field != field) this.type(this.field);
  }
}

const find = (cid: string): Item | undefined => outbox.find((item) => item.cid == cid);

/** What is not an entry yet, as a line at the end. */
export const line = (item: Item): Line => ({
  ...item,
  seq: Infinity,
  kind: "text",
  by: "visitor",
  fate: item.code || Date.now() - item.ts > GIVE_UP ? "unsent" : "sending",
});
