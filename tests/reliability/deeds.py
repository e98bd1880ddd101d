"""P2: the work that a store does while everything that it writes is written down; and what must be left of each list.

    python deeds.py FOLDER LISTS DEFECT     (with the shim of `disk.c` preloaded)

List n is the same in each run. It is marked when it is handed in, and marked again when it was acknowledged, with the
numbers that its messages were given. A list leaves traces (`traces`), all of them or none.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any

from msgspec import Struct

from aparte.backends.sqlite import schema
from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.conversations.model import Conversation, Request
from aparte.conversations.store import (
    Appended,
    AppendEntry,
    AskRequest,
    AssignConversation,
    CloseConversation,
    OpenConversation,
    TakeSlot,
)
from aparte.engagements.store import RecordDecision
from aparte.kit.errors import Unavailable
from aparte.sessions.store import KeptVisitor, SaveCheckpoint
from aparte.tracking.store import AppendLog, CountMessages, Logged

SITE, NOW = "shop", 1_790_000_000_000
WRITERS = 8
ROUND = 40
"""Lists between two moments at which nothing is on its way."""
Trace = tuple[str, str, str]


class Told(Struct, frozen=True):
    """A mark. `kept`: the numbers of the messages when it was acknowledged; None when it was handed in."""

    n: int
    kept: list[int] | None = None


def texts(n: int) -> list[AppendEntry]:
    """The messages of a list: one to three, short and long ones."""
    dice = random.Random(n)
    conv = conv_of(n)
    return [
        AppendEntry(conv, "visitor", "ann", f"{n}.{part}", "text", "x" * dice.choice((9, 200, 4000)), NOW)
        for part in range(n % 3 + 1)
    ]


def conv_of(n: int) -> str:
    """Where a list writes: in the conversation of its ten."""
    return f"conv{n // 10}"


def commands(n: int, seq: int) -> list[Any]:
    """List n; `seq` is the place in the log that it gets. The first of ten opens a conversation, the last closes it."""
    conv, visitor = conv_of(n), f"v{n // 10}"
    row = Logged(seq, SITE, NOW, NOW, visitor, "track", "Cart Viewed", f"m{n}", b'{"list":%d}' % n)
    decided = RecordDecision(
        seq, 0, SITE, NOW, visitor, 1, f"e{n}", "cart", "twice", "invite", "", True, False, True, b"{}"
    )
    found: list[Any] = [AppendLog([row]), decided, CountMessages(SITE, 1, 1, 0, {}, {})]
    if n % 10 == 0:
        opened = Conversation(id=conv, site=SITE, visitor=visitor, opened_at=NOW)
        found += [OpenConversation(opened), AssignConversation(conv, "camille", NOW), TakeSlot("camille", n + 1, conv)]
    found += texts(n)
    if n % 10 == 5:
        found.append(AskRequest(Request(id=f"r{n}", site=SITE, visitor=visitor, kind="message", body="Is it blue?")))
    if n % 40 == 7:
        kept = [KeptVisitor(SITE, f"{visitor}.{one}", seq, bytes([n % 256]) * 700) for one in range(25)]
        found.append(SaveCheckpoint(seq, {SITE: b"%d" % n * 1000}, kept))
    if n % 10 == 9:
        found.append(CloseConversation(conv, NOW))
    return found


def traces(n: int) -> set[Trace]:
    """What list n leaves."""
    found = {("log", "", f"m{n}"), ("decision", "", f"e{n}")}
    found |= {("entry", conv_of(n), one.cid) for one in texts(n)}
    found |= {("slot", "", conv_of(n))} if n % 10 == 0 else set()
    found |= {("request", "", f"r{n}")} if n % 10 == 5 else set()
    found |= {("visitor", "", f"v{n // 10}.{one}") for one in range(25)} if n % 40 == 7 else set()
    return found | ({("closed", "", conv_of(n))} if n % 10 == 9 else set())


TRACES = """SELECT 'log', '', message_id FROM log
    UNION ALL SELECT 'decision', '', engagement FROM decision
    UNION ALL SELECT 'entry', conv, cid FROM entry WHERE cid <> ''
    UNION ALL SELECT 'request', '', id FROM request
    UNION ALL SELECT 'visitor', '', visitor FROM visitor
    UNION ALL SELECT 'slot', '', id FROM conversation WHERE state = 'closed' OR id IN (SELECT conv FROM slot)
    UNION ALL SELECT 'closed', '', id FROM conversation WHERE state = 'closed' AND id NOT IN (SELECT conv FROM slot)"""


class Doing:
    """Writers who work on lists, ten of one conversation by the same writer, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store = folder, opened(folder)
        self.seq = self.store.last_seq()
        self.mark: Callable[[bytes, int], None] = ctypes.CDLL(None).disk_mark

    def tell(self, told: Told) -> None:
        """Put a mark into the journal."""
        text = json.dumps([told.n, told.kept]).encode()
        self.mark(text, len(text))

    async def one(self, n: int) -> None:
        """Hand in a list until it is acknowledged, or found there after a failure."""
        self.tell(Told(n))
        kept: list[int] = []
        while not kept:
            self.seq += 1
            try:
                results = await self.store.submit(commands(n, self.seq))
            except Unavailable:
                kept = await self.again(n)
            else:
                kept = [one.entry.seq for one in results if isinstance(one, Appended)]
        self.tell(Told(n, kept))

    async def again(self, n: int) -> list[int]:
        """After a failure: the writer goes on, from what is there; the numbers of this list's messages if they are."""
        if self.store.status().failed:
            await self.anew()
        there = {one.cid: one.seq for one in self.store.entries(conv_of(n), limit=1_000)}
        return [there[one.cid] for one in texts(n) if one.cid in there]

    async def some(self, tens: Iterator[int]) -> None:
        """Conversation after conversation."""
        for ten in tens:
            for n in range(ten * 10, ten * 10 + 10):
                await self.one(n)

    async def all(self, lists: int) -> None:
        """Round after round; between them the store is closed and opened again, or its writer begins anew."""
        for first in range(0, lists // 10, ROUND // 4):
            tens = iter(range(first, min(first + ROUND // 4, lists // 10)))
            await asyncio.gather(*(self.some(tens) for _ in range(WRITERS)))
            if first // (ROUND // 4) % 2:
                await self.anew()
            else:
                self.store.close()
                self.store = opened(self.folder)
        self.store.close()

    async def anew(self) -> None:
        """The writer begins anew; again when the disk fails."""
        while True:
            with suppress(Unavailable):
                self.store.recover()
                self.seq = self.store.last_seq()
                return
            await asyncio.sleep(0.002)


def opened(folder: Path) -> SqliteStore:
    """As a start does it; again while the disk fails."""
    while True:
        with suppress(Unavailable):
            return open_store(folder)
        sleep(0.002)


def loosen(synchronous: str) -> None:
    """The planted defect: the writer does not wait for the disk as it should."""
    strict = schema.connect_writer

    def connect_writer(path: Path) -> schema.Connection:
        connection = strict(path)
        connection.execute(f"PRAGMA synchronous={synchronous}")
        return connection

    schema.connect_writer = connect_writer


def by_halves() -> None:
    """The planted defect: no transaction keeps a list together."""
    execute = schema.Connection.execute

    def executing(self: schema.Connection, sql: str, *values: Any) -> Any:
        word = sql.split(" ", 1)[0]
        return None if word in ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE") else execute(self, sql, *values)

    schema.Connection.execute = executing  # type: ignore[method-assign,assignment]


def main(folder: Path, lists: int, defect: str) -> None:
    """Do it all; the defect is `by_halves`, or what `synchronous` is set to."""
    if defect == "by_halves":
        by_halves()
    elif defect:
        loosen(defect)
    asyncio.run(Doing(folder).all(lists))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
