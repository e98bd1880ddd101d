// What colleagues say to one another; see docs/reference/agents-work.md.
import type { Reason, Status } from "../wire";

/** A line of a room; the `cid` comes to its author only. */
export interface Message { room: string; seq: number; by: { id: string; name: string }; body: string; ts: number; cid?: string }
export interface Colleague { id: string; name: string; role: string; status: Status; reason: Reason; present: boolean; load: number }
/** A room in which something was said: `head` is its last line, `read` how far it is read, 99 unread stand for more. */
export interface Room { room: string; head: number; at: number; read: number; unread: number }
export interface Colleagues { colleagues: Colleague[]; rooms: Room[] }
export interface Messages { messages: Message[]; more: boolean }
