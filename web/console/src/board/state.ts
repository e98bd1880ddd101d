// The board as the server tells it, how old it is, and the time that its timers count by.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { expired, isFailure } from "../actions";
import { call } from "../api";
import { boardOn, onFrame } from "../link";
import { useStore } from "../store";
import { useNow } from "../ui/parts";
import type { Board, BoardAgent } from "./wire";

/** The server tells it every two seconds; after so long without it, it is no longer fresh. */
const LATE_MS = 8_000;

export interface Told { board: Board; got: number }
export interface BoardState { told: Told | null; failed: boolean; again: () => void }

/** The board while it is on the screen. The call tells at once, and tells why when nothing comes. */
export function useBoard(): BoardState {
  const [told, setTold] = useState<Told | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const put = (board: Board): void => setTold((now) => (now && now.board.at > board.at ? now : { board, got: Date.now() }));
    const silence = onFrame((frame) => { if (frame.t === "board") put(frame); });
    boardOn(true);
    call<Board>("GET", "board").then((board) => { put(board); setFailed(false); }, (error: unknown) => {
      if (!isFailure(error)) throw error;
      if (!expired(error)) setFailed(true);
    });
    return () => { silence(); boardOn(false); };
  }, [turn]);
  return { told, failed, again: () => { setFailed(false); setTurn((now) => now + 1); } };
}

/** How long ago the board was told, and whether it still is as it is: not without a socket. Draws again every second. */
export function useAge(told: Told): { age: number; stale: boolean } {
  useNow();
  const link = useStore((state) => state.link);
  const age = Date.now() - told.got;
  return { age, stale: link === "off" || link === "replaced" || age > LATE_MS };
}

/** The time of the server by which everything on the board is counted: it stands still while the board is stale. */
export const Clock = createContext<number>(0);
export const useClock = (): number => useContext(Clock);

export type Level = "calm" | "warm" | "critical";
/** Honey at half of the target, vermilion at the target. */
export const level = (waited: number, target: number): Level => (waited >= target ? "critical" : waited >= target / 2 ? "warm" : "calm");

/** Whether conversations are offered to him now. */
export const isThere = (one: BoardAgent): boolean => one.present && one.status === "available";

/** Who asks for help stands first, then whose visitor waits too long, then who is available, then who is away; by name. */
export function inOrder(agents: readonly BoardAgent[], now: number, target: number): BoardAgent[] {
  const rank = (one: BoardAgent): number => {
    if (one.conversations.some((conv) => conv.assistance_at !== null)) return 0;
    if (one.conversations.some((conv) => conv.waiting_since !== null && now - conv.waiting_since >= target)) return 1;
    return isThere(one) ? 2 : one.present ? 3 : 4;
  };
  return [...agents].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
