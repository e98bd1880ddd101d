"""Agents among themselves, of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aparte.conversations.colleagues import (
    MOST_ROOMS,
    MOST_UNREAD,
    Message,
    ReadColleagues,
    Room,
    TellColleagues,
    Told,
    named,
    read_to,
    said,
)
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.memory.store import MemoryStore


class ColleagueTables:
    """ColleagueReader and its tables; a part of MemoryReader."""

    def __init__(self) -> None:
        super().__init__()
        self._rooms: dict[tuple[str, str], tuple[Message, ...]] = {}
        self._room_marks: dict[tuple[str, str, str], int] = {}
        """Site, room and member of staff."""

    def colleague_rooms(self, site: str, staff: str) -> list[Room]:
        """See ColleagueReader."""
        of = [(room, lines) for (at, room), lines in self._rooms.items() if at == site and named(room, staff)]
        rooms = [self._room(site, staff, room, lines) for room, lines in of]
        return sorted(rooms, key=lambda one: (-one.at, one.room))[:MOST_ROOMS]

    def _room(self, site: str, staff: str, room: str, lines: tuple[Message, ...]) -> Room:
        read = self._room_marks.get((site, room, staff))
        unread = sum(1 for one in lines if one.seq > (read or 0) and one.author != staff)
        return Room(room=room, head=lines[-1].seq, at=lines[-1].ts, read=read, unread=min(unread, MOST_UNREAD))

    def colleague_messages(self, site: str, room: str, before: int | None = None, limit: int = 100) -> list[Message]:
        """See ColleagueReader."""
        of = [one for one in self._rooms.get((site, room), ()) if before is None or one.seq < before]
        return of[max(0, len(of) - limit) :]


def tell(store: MemoryStore, command: TellColleagues) -> Told | Refused:
    """A line of a room."""
    key = command.site, command.room
    lines = store._rooms.get(key, ())
    first = next((one for one in lines if (one.author, one.cid) == (command.author, command.cid)), None)
    if first is not None:
        return Told(first, again=True) if first.body == command.body else Refused("cid_conflict")
    message = said(lines[-1].seq if lines else 0, command)
    store._undo.put(store._rooms, key, (*lines, message))
    read(store, ReadColleagues(message.site, message.room, message.author, message.seq))
    return Told(message)


def read(store: MemoryStore, command: ReadColleagues) -> int:
    """How far somebody has read."""
    lines = store._rooms.get((command.site, command.room), ())
    key = command.site, command.room, command.staff
    to = read_to(store._room_marks.get(key), command, lines[-1].seq if lines else 0)
    store._undo.put(store._room_marks, key, to)
    return to


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {TellColleagues: tell, ReadColleagues: read}
