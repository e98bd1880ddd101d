/** Brings the file with conversation, forms and survey once something before the visitor needs it. */
import { bridge } from "./call";
import type * as Later from "./later";

export class Bringer {
  here: typeof Later | undefined;
  private tries = 0;
  private tried = 0;
  private coming: Promise<boolean> | undefined;

  constructor(private adopt: (css: string) => void) {}

  /** True once it is here; a try that is under way is waited for. */
  fetch(): Promise<boolean> {
    return (this.coming ||= this.load());
  }

  /** Some browsers never try a failed import again under the same address. */
  private async load(): Promise<boolean> {
    this.tried = Date.now();
    try {
      const later = (await import(`${bridge.host}/aparte-widget-chat.js?${this.tries++}`)) as typeof Later;
      this.adopt(later.STYLE);
      this.here = later;
    } catch {
      this.coming = undefined;
    }
    return !!this.here;
  }

  /** Whether a try is due: after a failure not at once again. */
  get due(): boolean {
    return !this.coming && Date.now() - this.tried > 5000;
  }
}
