// In which lists a conversation stands that is not (or no longer) mine to answer.
import { get, isLead, update } from "./store";
import type { Conv } from "./wire";

export const replaced = (list: readonly Conv[], conv: Conv): readonly Conv[] =>
  list.some((one) => one.id === conv.id) ? list.map((one) => (one.id === conv.id ? conv : one)) : [...list, conv];
export const without = (list: readonly Conv[], id: string): readonly Conv[] => list.filter((one) => one.id !== id);

/** Where a conversation that is not (or no longer) mine to answer stands: owed a code, joined, asking for help, looked into. */
export function beside(conv: Conv): void {
  const { me, wrap, wanting, guest, observed } = get();
  const own = conv.agent?.id === me?.id;
  const open = conv.state === "open" && !own;
  const owed = conv.state === "closed" && conv.wrap === "due" && own;
  const joined = open && conv.guests.some((one) => one.id === me?.id);
  const put = (list: readonly Conv[], stays: boolean): readonly Conv[] => (stays ? replaced(list, conv) : without(list, conv.id));
  update({
    wrap: put(wrap, owed), guest: put(guest, joined), wanting: put(wanting, open && !joined && conv.assistance_at !== null && isLead(get())),
    observed: observed?.id === conv.id ? (open ? conv : null) : observed,
  });
}

/** The server tells of it no longer: it leaves every list, but not the screen of who looks into it, as one does who has just left it. */
export function leaveLists(id: string): void {
  const { wrap, wanting, guest, observed, selected } = get();
  const looking = observed?.id === id && selected === id && isLead(get());
  update({ wrap: without(wrap, id), wanting: without(wanting, id), guest: without(guest, id), observed: observed?.id === id && !looking ? null : observed });
}
