/** The small button in the corner, in a shadow root of its own; the page's style does not reach it. */
import type { Look } from "@aparte/protocol";
import { config, language } from "./page";
import { open } from "./loader";

const css = ({ colour, on_colour, position, font }: Look): string =>
  `:host{position:fixed;bottom:16px;${position}:16px;z-index:2000000000}button{border:0;padding:14px 20px;border-radius:24px;cursor:pointer;background:${colour};color:${on_colour};font:600 15px ${
    font == "inherit" ? getComputedStyle(document.body).fontFamily : font
  };box-shadow:0 2px 9px #0004}`;
let element: HTMLElement | undefined;
let button: HTMLButtonElement;

const make = (): void => {
  const sheet = new CSSStyleSheet();
  element = document.createElement("aparte-chat");
  button = document.createElement("button");
  sheet.replaceSync(css(config.look));
  const root = element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(button);
  button.onclick = open;
};

/** Show the button with this label, and give it the focus if asked; without a label it goes away. */
export const launcher = (label: string | null, focus?: boolean): void => {
  if (!element) make();
  if (label) {
    button.textContent = label;
    // To append it once more would take its focus away.
    if (!element!.isConnected) document.body.append(element!);
    if (focus) button.focus();
  } else element!.remove();
};

/** The button as it is before there is a conversation: if the site wants one. */
export const idle = (): void =>
  launcher(
    config.button
      ? config.words[language()]?.launcher || (language() == "fr" ? "Une question ?" : "Ask a question")
      : null,
  );
