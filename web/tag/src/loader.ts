/** Brings the widget when it is needed, and lends it what it needs of the tag. */
import type { Bridge, PulseAnswer, Widget } from "@aparte/protocol";
import { config, emit, host, language, script } from "./page";
import { idle, launcher } from "./launcher";
import { consent, soon } from "./pulse";
import { keep, token } from "./store";

export let widget: Widget | undefined;
let coming: Promise<Widget> | undefined;
let source: string | undefined;

/** Under Trusted Types a script's address must come from a policy; ours knows no other address than this one. */
const address = (): string => {
  const url = host + "/aparte-widget.js";
  return (window as any).trustedTypes?.createPolicy("aparte", { createScriptURL: () => url }).createScriptURL(url) || url;
};

const bridge = (): Bridge => ({
  host,
  config,
  language,
  token,
  keep: (value) => keep(value, consent),
  emit,
  pulse: soon,
  launcher,
});

/** The widget, loaded once; a failure may be tried again. */
export const load = (): Promise<Widget> =>
  (coming ||= new Promise<Widget>((done, failed) => {
    const element = document.createElement("script");
    element.src = source ||= address();
    element.nonce = script.nonce;
    element.onerror = () => failed((coming = undefined));
    (window as any).aparte._ = (make: (bridge: Bridge) => Widget) =>
      done((widget = make(bridge())));
    document.head.append(element);
  }));

/** Give the widget what a pulse brought; load it if there is something to show. */
export const show = (answer: PulseAnswer): void => {
  // Of the two sets of members only `button` is the same, and the answer is the younger.
  Object.assign(config, answer);
  if (answer.offer || answer.conversation)
    load().then(() => refresh(answer), idle);
  else refresh(answer);
};

/** The button as it should be now, by the widget once it is here. */
export const refresh = (answer?: PulseAnswer): void =>
  widget ? widget.sync(answer) : idle();

/** The visitor, or the shop for him, wants to talk. Without a network nothing opens; the next click tries again. */
export const open = (): unknown =>
  config.mode != "off" && load().then((loaded) => loaded.open(), idle);
