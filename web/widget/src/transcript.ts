/** The entries of a conversation in the order of the server: nothing twice, nothing before what it follows. */
import type { Entry } from "@aparte/protocol";

export class Transcript {
  epoch: string | null = null;
  newest = 0;
  kept: Entry[] = [];

  /** Take entries in; false when one is missing before them, so that the rest must be fetched again. */
  apply(entries: Entry[]): boolean {
    return entries.every((entry) => {
      // The first page of a long conversation begins where the server says.
      if (!this.newest) this.newest = entry.seq - 1;
      if (entry.seq == this.newest + 1) this.newest = this.kept.push(entry) && entry.seq;
      return entry.seq <= this.newest;
    });
  }

  reset(epoch: string | null): void {
    this.epoch = epoch;
    this.newest = 0;
    this.kept = [];
  }
}
