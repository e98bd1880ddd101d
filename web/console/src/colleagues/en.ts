// English words of the colleagues' panel, of exactly the shape of the French ones.
import type { Widen } from "../i18n/fr";
import type { fr } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");

export const en: Widen<typeof fr> = {
  lead: "Among yourselves. Visitors see none of it.", rooms: "Rooms", people: "People", site: "The whole team", aConv: "About a conversation", close: "Close", back: "All rooms",
  loading: "The colleagues are coming", failed: "The list did not arrive. Nothing is lost.", retry: "Try again", alone: "Nobody else for now.", aloneNext: "Colleagues appear here as soon as the team grows.",
  offline: "console closed", load: (count) => (count === 0 ? "no conversation" : `${count} conversation${s(count)}`), unread: (count) => `${count > 98 ? "99 or more" : count} unread`,
  log: (name) => `Talk, ${name}`, empty: "Nothing yet.", emptyNext: "The first word is yours.", linesFailed: "The messages did not arrive.", fresh: "new",
  to: (name) => `Message to ${name}`, toAll: "Message to the whole team", placeholder: "Your message", me: "You",
  see: "See the conversation", writes: (name) => `${name} writes to you.`,
  away: "Offline: what you write leaves as soon as the network is back.",
};
