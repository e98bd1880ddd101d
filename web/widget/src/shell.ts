/** The element that all of it stands in: where it stands, its colours, and what of the shop it must not cover. */
import type { Offer } from "@aparte/protocol";
import { bridge, data } from "./call";
import { inkOn, sheet } from "./style";

export class Shell {
  host = document.createElement("aparte-widget");
  root = this.host.attachShadow({ mode: "open" });
  private lifted = "";

  /** The shop's own font and colours; the style sheet is adopted, which a strict content policy allows. */
  constructor() {
    const { look } = bridge.config;
    const own = (name: string): string => getComputedStyle(document.querySelector(name) || document.body).fontFamily;
    const font = look.font == "inherit" ? own("body") : look.font;
    const set = (name: string, value: string): void => this.host.style.setProperty(name, value);
    this.root.adoptedStyleSheets = [sheet(data.theme)];
    // What the visitor writes here is no form of the shop.
    this.host.dataset.aparteIgnore = "";
    set("--r", look.radius + "px");
    set("--f", font);
    set("--q", look.quote_font || (look.font == "inherit" ? own("h1") : font));
    document.body.append(this.host);
  }

  /** Styles that came with a later file. */
  adopt(css: string): void {
    const more = new CSSStyleSheet();
    more.replaceSync(css);
    this.root.adoptedStyleSheets.push(more);
  }

  focus(selector: string): void {
    this.root.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Where it stands and in which colour: as the site wants it, an invitation as the campaign wants it. */
  wear(view: string, offer: Offer | null): void {
    const { look } = bridge.config;
    const { colour, position } = (!view && offer?.appearance) || {};
    const { style } = this.host;
    const language = bridge.language();
    this.host.className = `${view && "full"} ${position || look.position}`;
    this.host.lang = language;
    // The words decide the direction, not the page around them.
    this.host.dir = /^(ar|fa|he|ur)/.test(language) ? "rtl" : "ltr";
    style.setProperty("--c", colour || look.colour);
    style.setProperty("--o", colour ? inkOn(colour) : look.on_colour);
    // Too light to be read on white: then only surfaces have it.
    style.setProperty("--d", inkOn(colour || look.colour) == "#fff" ? "var(--c)" : "#221e14");
    if (view || !offer) style.marginBottom = this.lifted = "";
  }

  /** An invitation that comes stands above the shop's buttons: what one buys with is not covered. */
  lift(card: Element, engagement: string): void {
    if (this.lifted == engagement) return;
    this.lifted = engagement;
    const { top, bottom, left, right } = card.getBoundingClientRect();
    let up = 0;
    let before;
    do {
      before = up;
      for (const button of document.querySelectorAll("button,[type=submit],a[class*=button],a[class*=btn]")) {
        const its = button.getBoundingClientRect();
        if (its.width && its.bottom > top - up && its.top < bottom - up && its.right > left && its.left < right)
          up = bottom - its.top + 16;
      }
    } while (up > before);
    if (up < top) this.host.style.marginBottom = up + "px";
  }
}
