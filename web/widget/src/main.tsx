/** The widget: loaded by the tag when there is an invitation, a conversation, or a click. */
import type { Bridge, Widget } from "@aparte/protocol";
import { App } from "./app";
import { lend } from "./call";

const register: (make: (bridge: Bridge) => Widget) => void = (window as any).aparte._;
register((bridge) => {
  lend(bridge);
  return new App();
});
