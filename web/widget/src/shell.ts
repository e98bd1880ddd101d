/** The element that all of it stands in: where it stands, its colours, and what of the shop it must not cover. */
import type { Offer } from "@aparte/protocol";
import { bridge, data } from "./call";
import { inkOn, sheet } from "./style";

/** What is no colour is drawn in another one: a value of `--c` may be anything, and pictures are fetched. */
const hex = (colour: string, other: string): string => (/^#[\da-f]{6}$/i.test(colour) ? colour : other);
const fonts = (names: string): string => (CSS.supports("font-family", names) ? names : "inherit");

export class Shell {
  host = document.createElement("aparte-widget");
  root = this.host.attachShadow({ mode: "open" });
  private lifted = "";

  /** The shop's own font and colours; the style sheet is adopted, which a strict content policy allows. */
  constructor() {
    const { look } = bridge.config;
    const own = (name: string): string => getComputedStyle(document.querySelector(name) || document.body).fontFamily;
    const asked = fonts(look.font);
    const font = asked == "inherit" ? own("body") : asked;
    const set = (name: string, value: string): void => this.host.style.setProperty(name, value);
    this.root.adoptedStyleSheets = [sheet(data.theme)];
    // What the visitor writes here is no form of the shop.
    this.host.dataset.aparteIgnore = "";
    set("--r", +look.radius + "px");
    set("--f", font);
    set("--q", fonts(look.quote_font) == look.quote_font ? look.quote_font : asked == "inherit" ? own("h1") : font);
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
    const ground = hex(colour || look.colour, "#5F1F45");
    const ink = inkOn(ground);
    style.setProperty("--c", ground);
    style.setProperty("--o", colour ? ink : hex(look.on_colour, ink));
    // Too light to be read on white: then only surfaces have it.
    style.setProperty("--d", ink == "#fff" ? "var(--c)" : "#221e14");
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
