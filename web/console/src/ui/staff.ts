// The staff as the server tells it, kept fresh while somebody looks; and how a status is said.
import { useEffect, useState } from "preact/hooks";
import { api } from "../api";
import { expired, isFailure } from "../actions";
import type { Words } from "../i18n/fr";
import type { Reason, Staff, Status } from "../wire";

const FRESH_MS = 5000;

export interface StaffState { list: readonly Staff[] | null; failed: boolean; again: () => void; put: (one: Staff) => void }

/** Everybody of the site, asked anew every five seconds; the list that is there stays when an answer does not come. */
export function useStaff(): StaffState {
  const [list, setList] = useState<readonly Staff[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let over = false;
    const fetch = async (): Promise<void> => {
      try {
        const found = await api.staff();
        if (!over) { setList(found); setFailed(false); }
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (!expired(error) && !over) setFailed(true);
      }
    };
    void fetch();
    const timer = setInterval(() => { if (document.visibilityState === "visible") void fetch(); }, FRESH_MS);
    return () => { over = true; clearInterval(timer); };
  }, [turn]);
  const put = (one: Staff): void => {
    setList((known) => (known ?? []).filter((other) => other.id !== one.id).concat(one).sort((a, b) => a.name.localeCompare(b.name)));
    setTurn((now) => now + 1);
  };
  return { list, failed, again: () => setTurn((now) => now + 1), put };
}

/** « Disponible », « Absent » or, better, the reason. */
export function statusName(words: Words, status: Status, reason: Reason): string {
  if (status === "available") return words.head.available;
  return reason === "" ? words.head.away : words.head.reasons[reason];
}

/** Whether conversations are offered to him now. */
export const isThere = (one: Staff): boolean => one.status === "available" && one.present;

/** Two letters for a face. */
export const initials = (name: string): string => name.split(/\s+/).map((part) => part[0] ?? "").join("").slice(0, 2).toUpperCase();
