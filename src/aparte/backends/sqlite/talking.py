"""Lines of transcripts, many at a time: in a group most lists are one message, and they share their statements."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from aparte.backends.sqlite.rows import ENTRY, entry_of
from aparte.conversations.apply import append
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import Appended, AppendEntry, Refused

MOST = 64
"""Rows of one statement; SQLite keeps one read for each number of them."""
guests_of = msgspec.json.Decoder(tuple[str, ...]).decode
Key = tuple[str, str, str]


@lru_cache(maxsize=MOST)
def asking(count: int) -> str:
    """What a line asks of so many conversations."""
    columns = "id, state, assign_ver, head, waiting_since, guests"
    return f"SELECT {columns} FROM conversation WHERE id IN ({', '.join('?' * count)})"


@lru_cache(maxsize=MOST)
def finding(count: int) -> str:
    """Lines by conversation, author and cid."""
    wanted = ", ".join(["(?, ?, ?)"] * count)
    columns = ", ".join(f"e.{name}" for name in ENTRY)
    return (
        f"WITH wanted(conv, author, cid) AS (VALUES {wanted}) SELECT {columns} FROM wanted AS w CROSS JOIN entry AS e "
        "ON e.conv = w.conv AND e.author = w.author AND e.cid = w.cid AND e.cid <> ''"
    )


@lru_cache(maxsize=MOST)
def growing(count: int) -> str:
    """How far so many conversations have grown."""
    grown = ", ".join(["(?, ?, ?)"] * count)
    return (
        f"WITH grown(id, head, since) AS (VALUES {grown}) UPDATE conversation SET (head, waiting_since) = "
        "(SELECT head, since FROM grown WHERE grown.id = conversation.id) WHERE id IN (SELECT id FROM grown)"
    )


def parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The rows, as many together as one statement takes.

    Around each statement the interpreter's lock is let go and fought for: one that is long costs less than three.
    """
    return (rows[start : start + MOST] for start in range(0, len(rows), MOST))


class Lines:
    """Lines that follow one another in a group, before they are written: each sees those before it."""

    def __init__(self, connection: sqlite3.Connection, commands: Sequence[AppendEntry]) -> None:
        self.run = connection.execute
        self.conversations = self.known(list(dict.fromkeys(one.conv for one in commands)))
        self.firsts = self.written(list(dict.fromkeys(key_of(one) for one in commands if one.cid)))
        self.grown: dict[str, None] = {}
        self.entries: list[Entry] = []

    def known(self, convs: list[str]) -> dict[str, Conversation]:
        """Of each conversation what a line asks for, and no more."""
        rows = [row for part in parts(convs) for row in self.run(asking(len(part)), part).fetchall()]
        return {
            id: Conversation(
                id=id, site="", visitor="", state=state, assign_ver=ver, head=head, waiting_since=since,
                guests=guests_of(guests),
            )
            for id, state, ver, head, since, guests in rows
        }  # fmt: skip

    def written(self, keys: list[Key]) -> dict[Key, Entry]:
        """What the same authors have already written with the same cids."""
        found: dict[Key, Entry] = {}
        for part in parts(keys):
            for row in self.run(finding(len(part)), [value for key in part for value in key]).fetchall():
                entry = entry_of(row)
                found[entry.conv, entry.author, entry.cid] = entry
        return found

    def add(self, command: AppendEntry) -> Appended | Refused:
        """One line more."""
        conversation = self.conversations.get(command.conv)
        if conversation is None:
            return Refused("unknown")
        grown = append(conversation, command, self.firsts.get(key_of(command)))
        if isinstance(grown, Appended | Refused):
            return grown
        self.conversations[command.conv], entry = grown
        self.grown[command.conv] = None
        self.entries.append(entry)
        if command.cid:
            self.firsts[key_of(command)] = entry
        return Appended(entry)

    def heads(self) -> Iterator[tuple[str, list[Any]]]:
        """Statements that write how far the conversations have grown."""
        for part in parts([self.conversations[conv] for conv in self.grown]):
            yield growing(len(part)), [value for one in part for value in (one.id, one.head, one.waiting_since)]


def key_of(command: AppendEntry) -> Key:
    """What a line is known by."""
    return command.conv, command.author, command.cid
