"""Agents among themselves: rooms, what is said in them, and how far each has read. Never seen by a visitor.

A room is `site` (everybody of the site), `dm:ID` (two people; each names the other), or `conv:ID` (about one
conversation). Stored, the room of two people has one name: `dm:A|B`, sorted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

SITE_ROOM = "site"


class Message(Struct, frozen=True, kw_only=True):
    """One line of a room; `seq` is 1, 2, 3, ... in it."""

    site: str
    room: str
    seq: int
    author: str
    body: str
    ts: int
    cid: str


class Room(Struct, frozen=True, kw_only=True):
    """A room as one member of staff sees it; `read` is how far he has read, None: he has never been in it."""

    room: str
    head: int
    at: int
    """When something was last said in it."""
    read: int | None
    unread: int
    """Lines of others after that; 99 stands for more."""


class TellColleagues(Struct, frozen=True):
    """Say something in a room; its author has read it thereby up to there. Result: Told, or Refused `cid_conflict`.

    `members` are the two of a `dm` room, empty for any other.
    """

    site: str
    room: str
    members: tuple[str, ...]
    author: str
    cid: str
    body: str
    at: int


class ReadColleagues(Struct, frozen=True):
    """Somebody has read a room up to here; it never goes back, nor beyond the head. Result: how far he has read."""

    site: str
    room: str
    staff: str
    seq: int


class Told(Struct, frozen=True):
    """The line as it stands; `again` when it was there before."""

    message: Message
    again: bool = False


class ColleagueReader(Protocol):
    """Reads as of the last commit."""

    def colleague_rooms(self, site: str, staff: str) -> Sequence[Room]:
        """The rooms in which something was said and which he may enter, the liveliest first; at most 500."""
        ...

    def colleague_messages(
        self, site: str, room: str, before: int | None = None, limit: int = 100
    ) -> Sequence[Message]:
        """The last lines before this number, the oldest first."""
        ...


MOST_UNREAD, MOST_ROOMS = 99, 500


def said(head: int, command: TellColleagues) -> Message:
    """The line that follows the head of its room."""
    return Message(
        site=command.site,
        room=command.room,
        seq=head + 1,
        author=command.author,
        body=command.body,
        ts=command.at,
        cid=command.cid,
    )


def read_to(before: int | None, command: ReadColleagues, head: int) -> int:
    """How far he has read from now on."""
    return max(before or 0, min(command.seq, head))


def stored(wire: str, me: str) -> tuple[str, tuple[str, ...]] | None:
    """The stored name and the members of a room that `me` names so; None for what is no room."""
    kind, _, other = wire.partition(":")
    if wire == SITE_ROOM or (kind == "conv" and other):
        return wire, ()
    if kind != "dm" or not other or other == me:
        return None
    two = tuple(sorted((me, other)))
    return f"dm:{two[0]}|{two[1]}", two


def named(room: str, me: str) -> str | None:
    """How `me` names a stored room; None when it is not his to enter."""
    if not room.startswith("dm:"):
        return room
    first, _, second = room.removeprefix("dm:").partition("|")
    if me not in (first, second):
        return None
    return f"dm:{second if me == first else first}"
