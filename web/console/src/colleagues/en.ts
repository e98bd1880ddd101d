// English words of the colleagues' panel, of exactly the shape of the French ones.
import type { Widen } from "../i18n/fr";
import type { fr } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");

export const en: Widen<typeof fr> = {
  lead: "Among yourselves. Visitors see none of it.", rooms: "Rooms", people: "People", site: "The whole team", conv: (label) => `Visitor ${label}`, aConv: "About a conversation", close: "Close", back: "All rooms",
  loading: "The colleagues are coming", failed: "The list did not arrive. Nothing is lost.", retry: "Try again", alone: "Nobody else for now.", aloneNext: "Colleagues appear here as soon as the team grows.",
  offline: "console closed", load: (count) => (count === 0 ? "no conversation" : `${count} conversation${s(count)}`), unread: (count) => `${count > 98 ? "99 or more" : count} unread`,
  log: (name) => `Talk, ${name}`, empty: "Nothing yet.", emptyNext: "The first word is yours.", older: "Older ones", linesFailed: "The messages did not arrive.", fresh: "new",
  to: (name) => `Message to ${name}`, toAll: "Message to the whole team", placeholder: "Your message", send: "Send", over: (count) => `${count} character${s(count)} too many`, me: "You", linesNew: "New messages",
  sending: "sending", waiting: "waiting to be sent", sent: "Sent", notSent: "Message not sent", again: "Send again", copy: "Copy the text", copied: "Text copied.", drop: "Dismiss", see: "See the conversation", writes: (name) => `${name} writes to you.`,
  away: "Offline: what you write leaves as soon as the network is back.",
  failures: { late: "Two minutes without an answer from the server. Your text is kept.", no_such_room: "This room is no longer there. Your text is kept.", too_long: "The message is longer than 4,000 characters.", bad_text: "The message holds characters that are not allowed.", cid_conflict: "The server already has another message of this name.", role: "Your role does not allow it.", other: "The server refused the message. Your text is kept." },
};
