"""Agents among themselves, in rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aparte.backends.sqlite.rows import Row
from aparte.conversations.colleagues import (
    MOST_ROOMS,
    MOST_UNREAD,
    Message,
    ReadColleagues,
    Room,
    TellColleagues,
    Told,
    read_to,
    said,
)
from aparte.conversations.store import Refused

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

MESSAGE = Message.__struct_fields__
MESSAGES = f"SELECT {', '.join(MESSAGE)} FROM colleague_message"
ADD = f"INSERT INTO colleague_message ({', '.join(MESSAGE)}) VALUES ({', '.join('?' * len(MESSAGE))})"
SAVE_ROOM = """INSERT INTO colleague_room (site, room, first, second, head, at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (site, room) DO UPDATE SET head = excluded.head, at = excluded.at"""
SAVE_READ = """INSERT INTO colleague_read (site, staff, room, seq) VALUES (?, ?, ?, ?)
    ON CONFLICT (site, staff, room) DO UPDATE SET seq = excluded.seq"""
ROOMS = f"""SELECT room.room, room.head, room.at, mark.seq, (SELECT count(*) FROM (
        SELECT 1 FROM colleague_message AS one WHERE one.site = room.site AND one.room = room.room
        AND one.seq > coalesce(mark.seq, 0) AND one.author <> :staff LIMIT {MOST_UNREAD}))
    FROM colleague_room AS room
    LEFT JOIN colleague_read AS mark ON mark.site = room.site AND mark.room = room.room AND mark.staff = :staff
    WHERE room.site = :site AND (room.first = '' OR :staff IN (room.first, room.second))
    ORDER BY room.at DESC, room.room LIMIT {MOST_ROOMS}"""


def tell(execution: Execution, command: TellColleagues) -> Told | Refused:
    """A line of a room."""
    once = (command.site, command.room, command.author, command.cid)
    found = execution.run(f"{MESSAGES} WHERE site = ? AND room = ? AND author = ? AND cid = ?", once).fetchall()
    if found:
        first = message_of(found[0])
        return Told(first, again=True) if first.body == command.body else Refused("cid_conflict")
    message = said(head_of(execution, command.site, command.room), command)
    first_of_two, second = command.members or ("", "")
    execution.run(ADD, tuple(getattr(message, name) for name in MESSAGE))
    execution.run(SAVE_ROOM, (message.site, message.room, first_of_two, second, message.seq, message.ts))
    read(execution, ReadColleagues(message.site, message.room, message.author, message.seq))
    return Told(message)


def head_of(execution: Execution, site: str, room: str) -> int:
    """The number of its last line; 0 for a room in which nothing was said."""
    found = execution.run("SELECT head FROM colleague_room WHERE site = ? AND room = ?", (site, room)).fetchall()
    return int(found[0][0]) if found else 0


def read(execution: Execution, command: ReadColleagues) -> int:
    """How far somebody has read."""
    key = (command.site, command.staff, command.room)
    found = execution.run("SELECT seq FROM colleague_read WHERE site = ? AND staff = ? AND room = ?", key).fetchall()
    to = read_to(found[0][0] if found else None, command, head_of(execution, command.site, command.room))
    execution.run(SAVE_READ, (*key, to))
    return to


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {TellColleagues: tell, ReadColleagues: read}


def message_of(row: Row) -> Message:
    """The line in this row."""
    return Message(**dict(zip(MESSAGE, row, strict=True)))


class ColleagueRows:
    """ColleagueReader; a part of SqliteReader."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def colleague_rooms(self, site: str, staff: str) -> list[Room]:
        """See ColleagueReader."""
        rows = self._rows(ROOMS, {"site": site, "staff": staff})
        return [Room(room=room, head=head, at=at, read=to, unread=n) for room, head, at, to, n in rows]

    def colleague_messages(self, site: str, room: str, before: int | None = None, limit: int = 100) -> list[Message]:
        """See ColleagueReader."""
        sql = f"{MESSAGES} WHERE site = ?1 AND room = ?2 AND (?3 IS NULL OR seq < ?3) ORDER BY seq DESC LIMIT ?4"
        return [message_of(row) for row in reversed(self._rows(sql, (site, room, before, limit)))]
