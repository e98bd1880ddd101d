/** The small button in the corner, in a shadow root of its own; the page's style does not reach it. */
import { config, language } from "./page";
import { open } from "./loader";

const SHEET =
  ":host{position:fixed;bottom:16px;z-index:2000000000}button{border:0;padding:14px 20px;border-radius:24px;cursor:pointer;font:600 15px sans-serif;box-shadow:0 2px 9px #0004}";
let element: HTMLElement | undefined;
let button: HTMLButtonElement;

const make = (): void => {
  const sheet = new CSSStyleSheet();
  element = document.createElement("aparte-chat");
  button = document.createElement("button");
  sheet.replaceSync(SHEET);
  const root = element.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(button);
  // Each value by itself: whatever it says, it is this one property, or nothing; of the page's own font by inheritance.
  const { colour, on_colour, position, font } = config.look;
  element.style[position] = "16px";
  button.style.backgroundColor = colour;
  button.style.color = on_colour;
  button.style.fontFamily = font;
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
