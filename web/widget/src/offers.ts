/** The invitation of the moment: told as shown once it is really seen, answered once, gone when its time is over. */
import type { Conversation, Offer } from "@aparte/protocol";
import { bridge, post } from "./call";

const EVENTS = { accept: "accepted", decline: "declined", ignore: "ignored" } as const;
type Verdict = keyof typeof EVENTS;

export class Offers {
  current: Offer | null = null;
  trouble: "over" | "failed" | null = null;
  busy = false;
  why = false;
  private seen = false;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  private verdicts = new Map<string, Verdict>();

  constructor(
    private changed: () => void,
    private answered: (engagement: string) => void,
  ) {}

  /** What the server says is on now; what is answered already is not asked again. */
  on(offer: Offer | null | undefined): void {
    const verdict = offer && this.verdicts.get(offer.engagement);
    if (verdict) this.give(offer.engagement, verdict);
    else if (offer) {
      if (offer.engagement != this.current?.engagement) {
        this.drop();
        bridge.emit("offer", { engagement: offer.engagement, message: offer.message });
      }
      this.current = offer;
      clearTimeout(this.expiry);
      this.expiry = setTimeout(() => this.answer("ignore"), offer.expires_in_ms);
    } else if (this.trouble != "over" && !this.busy) this.drop();
  }

  /** The card is before the visitor's eyes. */
  see(): void {
    const offer = this.current;
    if (!offer || this.seen) return;
    this.seen = true;
    if (offer.state == "offered") bridge.emit("shown", { engagement: offer.engagement });
    call(offer.engagement, "shown").catch((status) => {
      if (status == 410) this.drop();
      // Without a network it is told again when the card is next looked at.
      else this.seen = false;
    });
  }

  /** The visitor's answer, or his silence; of what he never saw, and of what is over, there is nothing to tell. */
  answer(verdict: "decline" | "ignore"): void {
    const offer = this.current;
    if (!offer || this.busy || (verdict == "ignore" && this.trouble)) return;
    if (!this.trouble && (this.seen || verdict == "decline")) {
      this.settle(offer.engagement, verdict);
      this.give(offer.engagement, verdict);
    }
    this.drop();
  }

  /** Tell the server; if that fails, its next word about this offer is answered again. */
  private give(engagement: string, verdict: Verdict): void {
    if (verdict != "accept") call(engagement, verdict).catch(() => bridge.pulse());
  }

  /** A conversation, or without one the request to be called; undefined when it could not be done: the card says why. */
  async accept(): Promise<{ conversation: Conversation | null } | undefined> {
    const { engagement } = this.current!;
    let reply: { conversation: Conversation | null } | undefined;
    this.busy = true;
    this.changed();
    try {
      reply = await call(engagement, "accept");
      this.settle(engagement, "accept");
      this.drop();
    } catch (status) {
      this.trouble = status == 410 ? "over" : "failed";
    }
    this.busy = false;
    this.changed();
    return reply;
  }

  /** It cannot be accepted now. */
  fail(): void {
    this.trouble = "failed";
    this.changed();
  }

  private settle(engagement: string, verdict: Verdict): void {
    this.verdicts.set(engagement, verdict);
    bridge.emit(EVENTS[verdict], { engagement });
    this.answered(engagement);
  }

  /** Answered in another tab. */
  over(engagement: string): void {
    this.verdicts.set(engagement, "accept");
    if (this.current?.engagement == engagement) this.drop();
  }

  drop(): void {
    clearTimeout(this.expiry);
    this.current = this.trouble = null;
    this.seen = this.why = false;
    this.changed();
  }
}

const call = <T,>(engagement: string, what: string): Promise<T> => post(`offers/${engagement}/${what}`);
