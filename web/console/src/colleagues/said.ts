// What this agent has said to colleagues and the server has not taken yet. Written down before it is sent, as messages to visitors are.
import { newCid, persist, restore } from "../outbox";

export interface Said {
  /** Who has written it: whoever signs in next in this tab neither sees nor sends it. */
  by: string; room: string; cid: string; body: string; at: number;
  /** Set once it is given up: the code of the refusal, or `late`. */
  failed: string | null;
}

const KEY = "aparte.colleagues";

export const said = (by: string, room: string, body: string): Said => ({ by, room, cid: newCid(), body: body.normalize("NFC"), at: Date.now(), failed: null });
export const restoreSaid = (): Said[] => restore<Said>(Date.now(), KEY);
export const keepSaid = (items: readonly Said[]): void => persist(items, KEY);
