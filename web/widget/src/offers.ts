/** The invitation of the moment: shown once it is really seen, answered once, gone when its time is over. */
import type { Bridge, Conversation, Offer } from "@aparte/protocol";
import { post } from "./room";

type Verdict = "accept" | "decline" | "ignore";

const EVENTS = { accept: "accepted", decline: "declined", ignore: "ignored" } as const;

export class Offers {
  current: Offer | null = null;
  trouble: "over" | "failed" | null = null;
  busy = false;
  why = false;
  private seen = false;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  private verdicts = new Map<string, Verdict>();

  constructor(
    private bridge: Bridge,
    private changed: () => void,
    private tell: (engagement: string) => void,
  ) {}

  /** What the server says is on now; what is answered already is not asked again. */
  sync(offer: Offer | null): void {
    const verdict = offer && this.verdicts.get(offer.engagement);
    if (verdict) {
      // Our answer has not arrived: it is given once more.
      if (verdict != "accept") void this.call(offer.engagement, verdict).catch(() => this.bridge.pulse());
    } else if (offer) this.show(offer);
    else if (this.trouble != "over" && !this.busy) this.drop();
  }

  private show(offer: Offer): void {
    if (offer.engagement != this.current?.engagement) {
      this.drop();
      this.current = offer;
    }
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.expire(), offer.expires_in_ms);
    this.changed();
  }

  private expire(): void {
    if (this.busy || this.trouble == "over") return;
    if (this.seen) this.answer("ignore");
    else this.drop();
  }

  /** The card is before the visitor's eyes. */
  see(): void {
    const offer = this.current;
    if (!offer || this.seen) return;
    this.seen = true;
    if (offer.state == "offered") this.bridge.emit("shown", { engagement: offer.engagement });
    this.call(offer.engagement, "shown").catch((status) => {
      if (status == 410) this.drop();
      // Without a network it is told again at the next pulse.
      else this.seen = false;
    });
  }

  /** The visitor's answer, or his silence. */
  answer(verdict: "decline" | "ignore"): void {
    const engagement = this.current?.engagement;
    if (!engagement) return;
    // The click of "chat anyway" was not made: that invitation is over, there is nothing to decline.
    if (this.trouble != "over") {
      this.settle(engagement, verdict);
      this.call(engagement, verdict).catch(() => this.bridge.pulse());
    }
    this.drop();
  }

  /** Open the conversation; undefined when that could not be done, and the card says why. */
  async accept(): Promise<Conversation | undefined> {
    const { engagement } = this.current!;
    this.busy = true;
    this.changed();
    try {
      const { conversation } = await this.call<{ conversation: Conversation }>(engagement, "accept");
      this.settle(engagement, "accept");
      this.busy = false;
      this.drop();
      return conversation;
    } catch (status) {
      this.trouble = status == 410 ? "over" : "failed";
      this.busy = false;
      this.changed();
      return undefined;
    }
  }

  private settle(engagement: string, verdict: Verdict): void {
    this.verdicts.set(engagement, verdict);
    this.bridge.emit(EVENTS[verdict], { engagement });
    this.tell(engagement);
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

  private call<T>(engagement: string, what: string): Promise<T> {
    return post<T>(this.bridge, `/v1/offers/${engagement}/${what}`);
  }
}
