/** The line to the server during a conversation: a socket, or long polling where sockets are blocked. */
import type { Ack, Nack, Page, ServerFrame } from "@aparte/protocol";
import { bridge, data, envelope, post } from "./call";
import { batch, type Item, random } from "./keep";
import type { Transcript } from "./transcript";

export type Status = "up" | "down" | "gone";

const SILENCE = 35e3;
const PATIENCE = 1e4;
const TAB = random(4);

const body = (items: Item[]) => ({ entries: items.map(({ cid, body }) => ({ cid, kind: "text", body })) });

export class Link {
  private socket: WebSocket | undefined;
  private polling: AbortController | undefined;
  /** The line on which a call is under way. */
  private posting: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private overdue: ReturnType<typeof setTimeout> | undefined;
  /** What went out on this line; on the next one everything unacknowledged goes again. */
  private gone = new Set<string>();
  private attempts = 0;
  private blocked = 0;
  private up = false;
  private stopped = false;

  constructor(
    private conv: string,
    private transcript: Transcript,
    private unsent: () => Item[],
    /** A frame of the server; long polling is told in the same frames. */
    private hear: (frame: ServerFrame) => void,
    /** The line is up, down, or refused for good. */
    private turned: (status: Status) => void,
  ) {
    this.later(0);
  }

  stop(): void {
    this.stopped = true;
    this.cut();
  }

  /** The network or the visitor is back: try at once. */
  hurry(): void {
    this.attempts = 0;
    if (!this.socket && !this.polling) this.later(0);
  }

  /** Send a frame that may be lost, true if a socket took it; what must not be lost goes through the outbox. */
  tell(frame: object): boolean {
    if (!this.up || !this.socket) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The outbox may have grown: all of it that has not gone out on this line goes, in order. */
  flush(): void {
    if (this.up && this.polling) void this.post();
    else if (this.up)
      for (const { cid, body } of this.fresh()) {
        this.gone.add(cid);
        this.tell({ t: "send", cid, kind: "text", body });
      }
    this.watch();
  }

  private fresh(): Item[] {
    return this.unsent().filter((item) => !this.gone.has(item.cid));
  }

  /** The page goes away: what is unsent leaves by beacon, with the same ids. */
  beacon(): void {
    const items = batch(this.unsent());
    if (items[0]) navigator.sendBeacon(bridge.host + "/v1/" + this.path(), envelope(body(items)));
  }

  /** Begin again from what we have, at once. */
  resume(): void {
    this.cut();
    this.later(0);
  }

  /** A line that leaves words unacknowledged for 10 s is no line. */
  private watch(): void {
    clearTimeout(this.overdue);
    if ((this.socket || this.polling) && this.unsent()[0]) this.overdue = setTimeout(() => this.retry(), PATIENCE);
  }

  private open(): void {
    const socket = new WebSocket(bridge.host.replace(/^http/, "ws") + "/v1/socket");
    const { epoch, newest } = this.transcript;
    this.socket = socket;
    this.blocked++;
    this.expect(PATIENCE);
    const hello = { t: "hello", v: 1, key: data.key, token: bridge.token(), conv: this.conv, epoch, last_seq: newest, tab: TAB };
    socket.onopen = () => socket.send(JSON.stringify(hello));
    socket.onmessage = (message) => {
      if (this.socket == socket) this.receive(JSON.parse(message.data));
    };
    socket.onclose = ({ code }) => {
      if (this.socket != socket) return;
      if (code == 4001 || code == 4003) this.give();
      // Another tab took this place: this one comes back when the visitor does.
      else if (code == 4009) this.down();
      else this.retry();
    };
  }

  private receive(frame: ServerFrame): void {
    this.expect(SILENCE);
    if (frame.t == "ping") this.tell({ t: "pong" });
    else if (frame.t == "drain") this.timer = setTimeout(() => this.resume(), Math.random() * frame.within_ms);
    else if (frame.t == "welcome") {
      this.blocked = 0;
      this.welcome(frame);
    } else if (this.up || frame.t == "reset") {
      this.hear(frame);
      if (/ack/.test(frame.t)) this.watch();
    }
  }

  private welcome(page: Page): void {
    const before = this.transcript.newest;
    this.up = true;
    this.attempts = 0;
    this.hear({ t: "welcome", ...page });
    this.turned("up");
    // A longer absence comes in several pages.
    if (this.socket && this.transcript.newest < page.head && this.transcript.newest > before) this.resume();
    else this.flush();
  }

  /** Long polling: the same entries in the same order, with the same ids. */
  private async poll(): Promise<void> {
    const control = (this.polling = new AbortController());
    const { transcript } = this;
    try {
      while (this.polling == control) {
        const wait = this.up ? 25 : 0;
        this.expect(wait * 1000 + PATIENCE);
        const response = await fetch(`${bridge.host}/v1/${this.path()}?after=${transcript.newest}&wait=${wait}`, {
          headers: { Authorization: "Bearer " + bridge.token(), "Aparte-Key": data.key! },
          signal: control.signal,
        });
        if (!response.ok) throw response.status;
        const page: Page = await response.json();
        if (this.polling != control) return;
        // Another epoch, or a server restored from an older copy: what we have is no longer true.
        if (transcript.newest && (page.epoch != transcript.epoch || page.head < transcript.newest))
          this.hear({ t: "reset", epoch: page.epoch, reason: "epoch" });
        else this.welcome(page);
      }
    } catch (failure) {
      if (this.polling != control) return;
      // The server itself may be away: next time a socket is tried again.
      this.blocked = 0;
      if (failure === 401 || failure === 403 || failure === 404) this.give();
      else this.retry();
    }
  }

  /** One call after the other: of two at a time the later words may come first. */
  private async post(): Promise<void> {
    const line = this.polling;
    if (this.posting == line) return;
    this.posting = line;
    try {
      for (let some; this.polling == line && (some = batch(this.fresh()))[0]; ) {
        some.forEach(({ cid }) => this.gone.add(cid));
        const { results } = await post<{ results: (Ack | Nack)[] }>(this.path(), body(some));
        for (const result of results) this.hear("code" in result ? { t: "nack", ...result } : { t: "ack", ...result });
        if (this.polling == line) this.watch();
      }
      if (this.posting == line) this.posting = undefined;
    } catch {
      if (this.polling == line) this.retry();
    }
  }

  private path(): string {
    return `conv/${this.conv}/entries`;
  }

  private expect(milliseconds: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.retry(), milliseconds);
  }

  private cut(): void {
    const { socket, polling } = this;
    this.socket = this.polling = undefined;
    this.up = false;
    this.gone.clear();
    [this.silence, this.overdue, this.timer].forEach(clearTimeout);
    socket?.close();
    polling?.abort();
  }

  private down(): void {
    this.cut();
    this.turned("down");
  }

  private give(): void {
    this.stop();
    this.turned("gone");
  }

  /** First within a second, then twice as late each time, up to 30 s, at a random moment: not all at once. */
  private retry(): void {
    this.down();
    this.later(Math.random() * Math.min(3e4, 1000 * 2 ** this.attempts++));
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    // Twice in a row no socket came up: something between us and the server does not let it pass.
    if (!this.stopped) this.timer = setTimeout(() => (this.blocked > 1 ? void this.poll() : this.open()), milliseconds);
  }
}
