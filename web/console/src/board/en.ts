// English words of the supervisor's board, of exactly the shape of the French ones.
import type { Widen } from "../i18n/fr";
import type { fr } from "./fr";

const s = (count: number): string => (count === 1 ? "" : "s");
const COUNT = ["Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

export const en: Widen<typeof fr> = {
  loading: "The board is coming", failed: "The board did not arrive. Nothing is lost.", retry: "Try again", closed: "This board is for those who supervise.", closedNext: "Supervisors, managers and administrators see it.",
  waiting: (count, time) => (count === 0 ? "Nobody is waiting." : count === 1 ? `One visitor has been waiting for ${time}.` : `${COUNT[count] ?? count} visitors are waiting; the first for ${time}.`),
  where: (queue, agents) => `${queue} in the queue, ${agents} with an agent.`, fresh: (time) => `updated ${time} ago`, now: "live", stale: (time) => `frozen for ${time}`, staleLead: "The connection is lost: these are the figures from before.",
  seconds: (count) => `${count} s`, of: (part, whole) => `${part} of ${whole}`, figures: "Figures of the day",
  slots: "slots taken of the agents available", queue: (time) => `in the queue, the first ${time}`, queueNone: "in the queue", first: (time) => `first answer, median of the day; 9 of 10 within ${time}`, firstNone: "first answer, none today",
  level: (time, within, all) => `answered within ${time}, ${within} of ${all}`, levelNone: "service level, nothing to count", csat: (count) => `satisfaction of 5, ${count} answer${s(count)}`, csatNone: "satisfaction, no answer today",
  agents: "Agents", agent: "Agent", load: "Load", talks: "Chats under way, length then the visitor’s wait", since: (time) => `for ${time}`, free: "free", frees: (count) => `${count} free`, noTalk: "no chat", waits: (time) => `waits ${time}`, calm: (time) => `under way for ${time}`,
  offline: "console closed", listen: (label, name) => `Read the chat of visitor ${label} with ${name}`, asks: "asks for help", late: "over the target", away: (names) => `Console closed: ${names}.`, nobody: "Nobody is at the desk.", nobodyNext: "Agents appear here when they open their console.",
  help: (name, time) => `${name} has asked for help for ${time}`, quote: (text) => `“${text}”`, read: "Read the chat", open: "Open in Chats", openHint: "To join, whisper, take over or close.", visitor: (label) => `Visitor ${label}`,
  lateTitle: (label, time) => `Visitor ${label} has been waiting for ${time}`, lateBy: (name, load, maximum) => `With ${name}, ${load} of ${maximum}.`, room: (count) => (count === 0 ? "Nobody else has a free slot." : `${count} other agent${s(count)} ${count === 1 ? "has" : "have"} a free slot.`), more: (count) => `and ${count} more over the target`,
  queueTitle: "Wait by skill", mark: (time) => `The stroke marks the target, ${time}.`, anySkill: "Any", queued: (count) => `${count} in the queue`, expected: (time) => `the next would wait ${time}`, unknown: "the next: nobody can say", queueEmpty: "Nobody in the queue.", longest: (time) => `the first ${time}`,
  levelTitle: "Service level", define: (within, all, time) => `${within} of ${all} conversation${s(all)} had their first answer within ${time} of their opening.`, defineNext: "Counts those that were given to an agent today. Those still in time do not count.", defineNone: "No conversation given to an agent today has been answered or is late yet.",
  agentCsat: (mean, count) => `${mean} of 5 today, ${count} answer${s(count)}`,
  today: "Today", opened: "Conversations opened", ended: "Conversations closed", nps: (count) => `Recommendation, ${count} answer${s(count)}`, solved: (count) => `Problem solved, ${count} answer${s(count)}`, csatRow: (count) => `Satisfaction of 5, ${count} answer${s(count)}`, todayNote: "Answers about conversations closed today.",
  monitor: (label) => `Chat of visitor ${label}`, with: (name, time) => `with ${name}, for ${time}`, secret: "Read only: neither the visitor nor the agent sees you.", close: "Close", gone: "This conversation is no longer under way.", paused: "Reading is interrupted: the connection is lost.", opening: "The chat is coming",
};
