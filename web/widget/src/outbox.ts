/** Words of the visitor that no server has acknowledged: kept before they are sent, gone at the acknowledgement. */

export interface Item {
  cid: string;
  conv: string;
  body: string;
  at: number;
  /** Why it will not be tried again by itself: a code of the server, or `late` after two minutes. */
  failed?: string;
}

const NAME = "aparte-outbox";
const DAY = 864e5;

export class Outbox {
  items: Item[];

  constructor(private storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> | null) {
    this.items = [];
    try {
      const kept: Item[] = JSON.parse(storage?.getItem(NAME) || "[]");
      this.items = kept.filter((item) => Date.now() - item.at < DAY);
    } catch {
      // Storage is forbidden, or holds what is not ours: begin with nothing.
    }
  }

  add(item: Item): void {
    this.items.push(item);
    this.save();
  }

  /** Acknowledged, or given up: this one is not ours to send any more. */
  remove(cid: string): void {
    this.items = this.items.filter((item) => item.cid != cid);
    this.save();
  }

  /** Of this conversation; what was written before there was one belongs to the first. */
  of(conv: string): Item[] {
    return this.items.filter((item) => item.conv == conv);
  }

  adopt(conv: string): void {
    for (const item of this.of("")) item.conv = conv;
    this.save();
  }

  clear(): void {
    this.items = [];
    this.save();
  }

  save(): void {
    try {
      if (this.items.length) this.storage?.setItem(NAME, JSON.stringify(this.items));
      else this.storage?.removeItem(NAME);
    } catch {
      // Then the page's memory must do.
    }
  }
}
