/** Where things stand, in words: who is there, which place in the queue, what stands between a visitor and an answer. */
import type { App } from "./app";
import { fill } from "./words";

const help = ({ bridge }: App): string => bridge.config.help || "chat";

/** Who is there. */
export const presence = (app: App): string => {
  const { words } = app;
  return help(app) == "chat" ? words.available : help(app) == "form" ? words.away : words.busy;
};

/** Nobody can answer soon: there are other ways than to wait. */
export const stuck = (app: App): boolean =>
  !app.barred && (app.room ? app.room.state == "queued" && !!app.room.form : help(app) == "form");

/** Who talks with him, or which place in the queue he has and how long it takes. */
export const standing = (app: App): string => {
  const { words, room } = app;
  if (!room) return presence(app);
  if (room.state == "open") return room.bot ? words.machine : words.here;
  const place = room.position ? fill(words.place, room.position) : words.queue;
  const wait = room.wait_s ? fill(words.wait, Math.ceil(room.wait_s / 60)) : room.wait_s === null && words.unsure;
  return wait ? `${place}, ${wait}` : place;
};

/** What is wrong, said plainly. */
export const warning = (app: App): string | false => {
  const { words, room, failed, barred } = app;
  return barred || room?.barred
    ? words.blocked
    : room?.line == "gone"
      ? words.gone
      : failed
        ? words.failed
        : room?.line == "down"
          ? words.offline
          : stuck(app) && (help(app) == "form" || room?.wait_s === null ? words.nobody : words.long);
};
