/** The line to the server during a conversation: a socket, or long polling where sockets are blocked. */
import type { Ack, Nack, Page, ServerFrame } from "@aparte/protocol";
import type { Item } from "./outbox";
import type { Transcript } from "./transcript";

export interface Wiring {
  host: string;
  key: string;
  tab: string;
  conv: string;
  token(): string | null;
  transcript: Transcript;
  unsent(): Item[];
  /** A frame of the server; long polling is told in the same frames. */
  on(frame: ServerFrame): void;
  /** The line is up, down, or refused for good. */
  status(status: "up" | "down" | "gone"): void;
}

const SILENCE = 35e3;
const ACK_WITHIN = 1e4;
const WELCOME_WITHIN = 1e4;

export class Link {
  private socket: WebSocket | undefined;
  private polling: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private overdue: ReturnType<typeof setTimeout> | undefined;
  /** What went out on this socket; on the next one everything unacknowledged goes again. */
  private sent = new Set<string>();
  private attempts = 0;
  private refused = 0;
  private up = false;
  private stopped = false;

  constructor(private to: Wiring) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.cut();
    clearTimeout(this.timer);
  }

  /** The network or the visitor is back: try at once. */
  hurry(): void {
    this.attempts = 0;
    if (!this.stopped && !this.up && !this.socket && !this.polling) this.connect();
  }

  /** Send a frame that may be lost, true if a socket took it; what must not be lost goes through the outbox. */
  tell(frame: object): boolean {
    if (!this.up || !this.socket) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** The outbox has grown. */
  flush(): void {
    if (!this.up) return;
    if (this.polling) void this.post();
    for (const { cid, body } of this.to.unsent()) {
      if (this.socket && !this.sent.has(cid)) this.tell({ t: "send", cid, kind: "text", body });
      this.sent.add(cid);
    }
    this.watchAcks();
  }

  /** The page goes away: what is unsent leaves by beacon, with the same ids. */
  beacon(): void {
    const body = JSON.stringify(this.batch());
    if (this.to.unsent().length && body.length < 6e4) navigator.sendBeacon(this.address("/entries"), body);
  }

  /** Something was acknowledged, or the outbox is empty. */
  watchAcks(): void {
    clearTimeout(this.overdue);
    if (this.socket && this.to.unsent().length) this.overdue = setTimeout(() => this.retry(), ACK_WITHIN);
  }

  /** Begin again from what we have, at once. */
  resume(): void {
    this.cut();
    this.later(0);
  }

  private connect(): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    // Twice in a row no socket came up: something between us and the server does not let it pass.
    if (this.refused > 1) void this.poll();
    else this.open();
  }

  private open(): void {
    const socket = new WebSocket(this.to.host.replace(/^http/, "ws") + "/v1/socket");
    let welcomed = false;
    this.socket = socket;
    this.expect(WELCOME_WITHIN);
    socket.onopen = () => {
      const { key, conv, transcript, tab } = this.to;
      socket.send(
        JSON.stringify({
          t: "hello",
          v: 1,
          key,
          token: this.to.token(),
          conv,
          epoch: transcript.epoch,
          last_seq: transcript.last,
          tab,
        }),
      );
    };
    socket.onmessage = ({ data }) => {
      if (this.socket != socket) return;
      const frame: ServerFrame = JSON.parse(data);
      this.expect(SILENCE);
      if (frame.t == "ping") socket.send('{"t":"pong"}');
      else if (frame.t == "drain") {
        this.timer = setTimeout(() => this.resume(), Math.random() * frame.within_ms);
      } else if (frame.t == "welcome") {
        welcomed = true;
        this.refused = 0;
        this.welcome(frame);
      } else {
        this.to.on(frame);
        if (frame.t == "ack" || frame.t == "nack") this.watchAcks();
      }
    };
    socket.onclose = ({ code }) => {
      if (this.socket != socket) return;
      if (!welcomed) this.refused++;
      this.cut();
      if (code == 4001 || code == 4003) this.give();
      // Another tab took this place; the visitor comes back to it by himself.
      else if (code == 4009) this.to.status("down");
      else this.retry();
    };
  }

  private welcome(page: Page): void {
    const before = this.to.transcript.last;
    this.up = true;
    this.attempts = 0;
    this.sent.clear();
    this.to.status("up");
    this.to.on({ t: "welcome", ...page });
    const { last } = this.to.transcript;
    // A longer absence comes in several pages.
    if (last < page.head && last > before) this.resume();
    else this.flush();
  }

  /** Long polling: the same entries in the same order, with the same ids. */
  private async poll(): Promise<void> {
    const control = (this.polling = new AbortController());
    const { transcript } = this.to;
    try {
      for (let wait = 0; !this.stopped && this.polling == control; wait = transcript.last ? 25 : 1) {
        const page = await this.fetchPage(wait, control.signal);
        if (this.polling != control) return;
        if (transcript.isForeign(page.epoch, page.head) && transcript.last) {
          this.to.on({ t: "reset", epoch: page.epoch, reason: "epoch" });
          wait = 0;
          continue;
        }
        if (wait && this.up) this.to.on({ t: "welcome", ...page });
        else this.welcome(page);
      }
    } catch (failure) {
      if (this.polling != control) return;
      this.cut();
      // The server itself may be away: next time a socket is tried again.
      this.refused = 0;
      if (failure === 401 || failure === 403) this.give();
      else this.retry();
    }
  }

  private async fetchPage(wait: number, signal: AbortSignal): Promise<Page> {
    const late = setTimeout(() => this.polling?.abort(), wait * 1000 + ACK_WITHIN);
    try {
      const response = await fetch(this.address(`/entries?after=${this.to.transcript.last}&wait=${wait}`), {
        headers: { Authorization: "Bearer " + this.to.token(), "Aparte-Key": this.to.key },
        signal,
      });
      if (!response.ok) throw response.status;
      return await response.json();
    } finally {
      clearTimeout(late);
    }
  }

  private async post(): Promise<void> {
    const control = this.polling;
    const batch = this.batch();
    if (!batch.entries.length) return;
    try {
      const response = await fetch(this.address("/entries"), { method: "POST", body: JSON.stringify(batch) });
      if (!response.ok) throw response.status;
      const { results } = (await response.json()) as { results: (Ack | Nack)[] };
      for (const result of results)
        this.to.on("code" in result ? { t: "nack", ...result } : { t: "ack", ...result });
    } catch {
      if (this.polling != control) return;
      this.cut();
      this.retry();
    }
  }

  private batch() {
    return {
      key: this.to.key,
      token: this.to.token(),
      entries: this.to.unsent().map(({ cid, body }) => ({ cid, kind: "text", body })),
    };
  }

  private address(path: string): string {
    return `${this.to.host}/v1/conv/${this.to.conv}${path}`;
  }

  private expect(milliseconds: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      if (!this.up) this.refused++;
      this.cut();
      this.retry();
    }, milliseconds);
  }

  private cut(): void {
    const { socket, polling } = this;
    this.socket = this.polling = undefined;
    this.up = false;
    clearTimeout(this.silence);
    clearTimeout(this.overdue);
    socket?.close();
    polling?.abort();
  }

  private give(): void {
    this.stop();
    this.to.status("gone");
  }

  /** First within a second, then twice as late each time, up to 30 s, at a random moment: not all at once. */
  private retry(): void {
    this.cut();
    this.to.status("down");
    this.later(Math.random() * Math.min(3e4, 1000 * 2 ** this.attempts++));
  }

  private later(milliseconds: number): void {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.connect(), milliseconds);
  }
}
