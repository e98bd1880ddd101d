/** Brings the file with forms, survey and cards once something before the visitor needs it. */
import { bridge } from "./call";
import type * as Later from "./later";

export class Bringer {
  here: typeof Later | undefined;
  private tries = 0;
  private tried = 0;

  constructor(private adopt: (css: string) => void) {}

  /** True once it is here. Some browsers never try a failed import again under the same address. */
  async fetch(): Promise<boolean> {
    this.tried = Date.now();
    if (!this.here)
      try {
        const later = (await import(`${bridge.host}/aparte-widget-chat.js?${this.tries++}`)) as typeof Later;
        if (!this.here) this.adopt(later.STYLE);
        this.here = later;
      } catch {
        return false;
      }
    return true;
  }

  /** Whether a try is due: after a failure not at once again. */
  get due(): boolean {
    return !this.here && Date.now() - this.tried > 5000;
  }
}
