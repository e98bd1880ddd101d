/** One conversation as its visitor sees it: what was said, what is on its way, who is there. */
import type { Agent, Bridge, Conversation, ConversationState, Entry, ServerFrame, Standing } from "@aparte/protocol";
import { Link } from "./link";
import type { Item, Outbox } from "./outbox";
import { Transcript } from "./transcript";

const GIVE_UP = 12e4;

export interface Line extends Entry {
  state?: "sending" | "sent" | "delivered" | "read" | "failed";
  at?: number;
  code?: string;
}

export class Room {
  transcript = new Transcript();
  state: ConversationState = "queued";
  agent: Agent | null = null;
  position: number | null = null;
  wait: number | null = null;
  status: "up" | "down" | "gone" | "new" = "new";
  downSince = 0;
  typing = false;
  surveyed = false;
  private delivered = 0;
  private read = 0;
  private readAt: number | undefined;
  private told = 0;
  private typingEnds: ReturnType<typeof setTimeout> | undefined;
  private lastTyped = 0;
  private acked = new Map<string, Line>();
  readonly link: Link;

  constructor(
    readonly id: string,
    private bridge: Bridge,
    private outbox: Outbox,
    tab: string,
    private changed: () => void,
    private heard: (entry: Entry) => void,
  ) {
    this.link = new Link({
      host: bridge.host,
      key: key(),
      tab,
      conv: id,
      token: bridge.token,
      transcript: this.transcript,
      unsent: () => outbox.of(id).filter((item) => !item.failed),
      on: (frame) => this.on(frame),
      status: (status) => this.turn(status),
    });
  }

  /** What a call told about the conversation from outside. */
  stand(standing: Standing & Partial<Conversation>): void {
    this.state = standing.state;
    if (standing.agent !== undefined) this.agent = standing.agent;
    if (standing.position !== undefined) this.position = standing.position;
    if (standing.wait_s !== undefined) this.wait = standing.wait_s;
    this.surveyed ||= !!standing.survey;
  }

  private turn(status: Room["status"]): void {
    if (status != this.status && status == "down") this.downSince = Date.now();
    this.status = status;
    this.changed();
  }

  private on(frame: ServerFrame): void {
    switch (frame.t) {
      case "reset":
        this.transcript.reset(frame.epoch);
        break;
      case "welcome":
        this.transcript.epoch = frame.epoch;
        this.stand(frame);
        this.take(frame.entries, false);
        break;
      case "entry":
        if (!this.take([frame], true)) this.link.resume();
        break;
      case "ack":
        this.acknowledge(frame.cid, frame.seq, frame.ts);
        break;
      case "nack":
        this.refuse(frame.cid, frame.code, frame.fatal, frame.retry_after);
        break;
      case "wm":
        if (frame.who != "visitor") this.mark(frame.dlv, frame.read);
        break;
      case "typing":
        if (frame.who != "visitor") this.showTyping(frame.on);
        break;
      case "queue":
        this.position = frame.position;
        this.wait = frame.wait_s;
        break;
      case "state":
        this.stand(frame);
        break;
      default:
        return;
    }
    this.changed();
  }

  private take(entries: Entry[], live: boolean): boolean {
    const before = this.transcript.last;
    const whole = this.transcript.apply(entries);
    for (const entry of entries) {
      if (entry.cid) this.forgetEcho(entry.cid);
      if (entry.seq <= before || entry.seq > this.transcript.last) continue;
      if (entry.kind == "survey") this.surveyed = true;
      if (entry.kind == "close") this.state = "closed";
      if (entry.by == "agent") this.showTyping(false);
      if (live || before) this.heard(entry);
    }
    if (this.transcript.last > before) this.link.tell({ t: "dlv", seq: this.transcript.last });
    return whole;
  }

  private forgetEcho(cid: string): void {
    this.acked.delete(cid);
    this.outbox.remove(cid);
  }

  private acknowledge(cid: string, seq: number, ts: number): void {
    const item = this.outbox.items.find((one) => one.cid == cid);
    this.outbox.remove(cid);
    // Its entry is on its way; until then the echo stays, in the place where the server put it.
    if (item && seq > this.transcript.last) {
      this.acked.set(cid, { seq, kind: "text", by: "visitor", body: item.body, cid, ts, state: "sent" });
    }
  }

  private refuse(cid: string, code: string, fatal?: boolean, after?: number): void {
    const item = this.outbox.items.find((one) => one.cid == cid);
    if (!item) return;
    if (fatal || !after) {
      item.failed = code;
      this.outbox.save();
    } else setTimeout(() => this.link.resume(), after * 1000);
  }

  private mark(delivered: number, read: number): void {
    this.delivered = Math.max(this.delivered, delivered);
    if (read > this.read) this.readAt = Date.now();
    this.read = Math.max(this.read, read);
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
    const now = Date.now();
    const echoes = this.outbox.of(this.id).map<Line>((item) => ({
      seq: Infinity,
      kind: "text",
      by: "visitor",
      body: item.body,
      cid: item.cid,
      ts: item.at,
      code: item.failed,
      state: item.failed || now - item.at > GIVE_UP ? "failed" : "sending",
    }));
    return [...this.transcript.entries.map((entry) => this.line(entry)), ...this.acked.values(), ...echoes];
  }

  private line(entry: Entry): Line {
    if (entry.by != "visitor" || entry.kind != "text") return entry;
    if (entry.seq <= this.read) return { ...entry, state: "read", at: this.readAt };
    return { ...entry, state: entry.seq <= this.delivered ? "delivered" : "sent" };
  }

  /** The visitor pressed Enter: kept first, then sent. */
  say(item: Item): void {
    this.outbox.add(item);
    this.lastTyped = 0;
    this.link.flush();
  }

  /** Try a failed message once more, under its own id. */
  retry(cid: string): void {
    const item = this.outbox.items.find((one) => one.cid == cid);
    if (!item) return;
    item.failed = undefined;
    item.at = Date.now();
    this.outbox.save();
    this.link.resume();
  }

  /** The visitor has the panel open before him. */
  see(): void {
    if (this.told >= this.transcript.last || this.status != "up") return;
    this.told = this.transcript.last;
    if (!this.link.tell({ t: "read", seq: this.told }))
      post(this.bridge, `/v1/conv/${this.id}/read`, { seq: this.told }).catch(() => {
        // The next one tells the same and more.
      });
  }

  /** A key was pressed; told every 3 s at most, and once when it stops. */
  type(on: boolean): void {
    if (on && Date.now() - this.lastTyped < 3000) return;
    if (!on && !this.lastTyped) return;
    this.lastTyped = on ? Date.now() : 0;
    this.link.tell({ t: "typing", on });
  }
}

export const key = (): string => document.querySelector<HTMLElement>("script[data-key]")!.dataset.key!;

/** A call of the visitor: text/plain, so that it needs no preflight; the token stands in the body. */
export const post = async <T>(bridge: Bridge, path: string, members: object = {}): Promise<T> => {
  const response = await fetch(bridge.host + path, {
    method: "POST",
    body: JSON.stringify({ key: key(), token: bridge.token(), language: bridge.language(), ...members }),
  });
  if (!response.ok) throw response.status;
  return response.json();
};
