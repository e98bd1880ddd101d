/** The entries of a conversation in the order of the server: nothing twice, nothing before what it follows. */
import type { Entry } from "@aparte/protocol";

export class Transcript {
  epoch: string | null = null;
  last = 0;
  entries: Entry[] = [];

  /** Take entries in; false when one is missing before them, so that the rest must be fetched again. */
  apply(entries: Entry[]): boolean {
    for (const entry of entries) {
      // The first page of a long conversation begins where the server says.
      if (!this.last) this.last = entry.seq - 1;
      if (entry.seq > this.last + 1) return false;
      if (entry.seq == this.last + 1) {
        this.last = entry.seq;
        this.entries.push(entry);
      }
    }
    return true;
  }

  /** Another epoch, or a server that has been restored from an older copy: what we have is no longer true. */
  isForeign(epoch: string, head: number): boolean {
    return (this.epoch !== null && epoch != this.epoch) || head < this.last;
  }

  reset(epoch: string | null): void {
    this.epoch = epoch;
    this.last = 0;
    this.entries = [];
  }
}
