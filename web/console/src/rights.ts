// What who is signed in may do, of the rights that decide what stands on the screen.
import type { Me } from "./wire";

type Told = Me & { rights?: readonly string[] };
const LEADS: readonly string[] = ["supervisor", "manager", "admin"];

/** As the server tells it; one that tells no rights is asked for the role. */
const may = (me: Told, right: string, byRole: boolean): boolean => me.rights?.includes(right) ?? byRole;

/** Whether he may see the board and look into the conversations of others. */
export const supervises = (me: Me | null): boolean => me !== null && may(me, "supervise", LEADS.includes(me.role));

/** Whether he writes campaigns and goals. */
export const plans = (me: Me | null): boolean => me !== null && may(me, "plan", LEADS.includes(me.role));

/** Whether he answers visitors, and so talks with colleagues. */
export const converses = (me: Me | null): boolean => me !== null && may(me, "converse", me.role !== "analyst");
