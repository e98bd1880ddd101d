"""What is planted in the test's own child of a server: the moment of its death, and the defects that must be caught."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from aparte.backends.sqlite.execute import Execution
from aparte.backends.sqlite.schema import Connection
from aparte.backends.sqlite.writer import Writer
from aparte.conversations.apply import entry_of
from aparte.conversations.model import Entry
from aparte.conversations.store import AppendEntry
from aparte.engine.core import Core
from aparte.engine.ports import Changed
from aparte.web import transcript
from aparte.web.hub import Hub
from aparte.web.watcher import Watcher

WRITING_S = 0.004
"""How long a group lies written and not committed before the child strikes: a slow disk's commit."""
GAP_S = 0.03


def die() -> None:
    """As `kill -9` does it."""
    os.kill(os.getpid(), signal.SIGKILL)


def holds_message(taken: Any) -> bool:
    """Whether a line of a transcript is among what was taken."""
    return any(isinstance(command, AppendEntry) for waiting in taken for command in waiting.commands)


def arm(strike: str, at: int) -> None:
    """Die at this group of messages: `written`, `committed` or `told`."""
    if not strike:
        return
    left = [at]
    commit, group = Writer._commit, Writer._group

    def due(taken: Any) -> bool:
        left[0] -= holds_message(taken)
        return left[0] <= 0 and holds_message(taken)

    def finish(execution: Execution) -> None:
        time.sleep(WRITING_S)
        die()

    def committing(self: Writer, taken: Any) -> Any:
        now = due(taken)
        if now and strike == "written":
            Execution.finish = finish  # type: ignore[method-assign]
        outcomes = commit(self, taken)
        if now and strike == "committed":
            die()
        return outcomes

    def grouping(self: Writer) -> None:
        group(self)
        if left[0] <= 0 and strike == "told":
            time.sleep(WRITING_S / 4 * (at % 5))
            die()

    Writer._commit = committing  # type: ignore[method-assign]
    Writer._group = grouping  # type: ignore[method-assign]


def plant(defect: str) -> None:
    """Plant a defect; '' plants none."""
    if defect:
        DEFECTS[defect]()


def ack_before_commit() -> None:
    """The acknowledgement does not wait for the disk."""

    async def send(who: Any, conv: str, item: Any, assign_ver: int | None, desk: Any) -> dict[str, Any]:
        found = transcript.changeable(who, conv, desk)
        version = assign_ver if who.by == "agent" else None
        work = desk.engine.send(who.site, conv, who.by, who.id, item.cid, item.kind, item.body, version)
        desk._running.add(asyncio.ensure_future(work))
        return {"t": "ack", "cid": item.cid, "seq": found.head + 1, "ts": 0}

    transcript.send = send


def no_unique_key() -> None:
    """Nobody looks whether a message is there already."""
    first_group = Writer._group

    def group(self: Writer) -> None:
        if self._connection is not None:
            self._connection.execute("DROP INDEX IF EXISTS entry_once")
        first_group(self)

    Writer._group = group  # type: ignore[method-assign]
    Execution.first_entry = lambda self, command: None  # type: ignore[method-assign]


def memory_dedupe() -> None:
    """What is there already is remembered by the process only."""
    known: dict[tuple[str, str, str], Entry] = {}
    append = Execution.append_entry

    def appended(self: Execution, command: AppendEntry) -> Any:
        result = append(self, command)
        if hasattr(result, "entry") and command.cid:
            known[command.conv, command.author, command.cid] = result.entry
        return result

    no_unique_key()
    Execution.append_entry = appended  # type: ignore[method-assign]
    Execution.first_entry = lambda self, one: known.get((one.conv, one.author, one.cid))  # type: ignore[method-assign]


def broadcast_before_commit() -> None:
    """Whoever watches sees a message that may never be there."""
    commit = Core.commit

    async def committing(self: Core, batch: Any) -> Any:
        for command in batch.commands:
            found = self.store.conversation(command.conv) if isinstance(command, AppendEntry) else None
            if found is not None and isinstance(command, AppendEntry):
                entry = entry_of(command, found.head + 1)
                self.tell(Changed(found.site, "entry", command.conv, entry))
        return await commit(self, batch)

    Core.commit = committing  # type: ignore[method-assign]


def read_then_subscribe() -> None:
    """Who comes back is sent what he lacks, and is told of what comes only some time later."""
    watch: Callable[[Hub, Watcher], None] = Hub.watch

    def later(self: Hub, watcher: Watcher) -> None:
        asyncio.get_running_loop().call_later(GAP_S, watch, self, watcher)

    Hub.watch = later  # type: ignore[method-assign]


def swallow_errors() -> None:
    """A commit that fails is taken for one that has not."""
    execute = Connection.execute

    def executing(self: Connection, sql: str, *values: Any) -> Any:
        try:
            return execute(self, sql, *values)
        except sqlite3.Error:
            if sql != "COMMIT":
                raise
            return execute(self, "ROLLBACK") if self.in_transaction else None

    Connection.execute = executing  # type: ignore[method-assign,assignment]


DEFECTS: dict[str, Callable[[], None]] = {
    one.__name__: one
    for one in (
        ack_before_commit,
        no_unique_key,
        memory_dedupe,
        broadcast_before_commit,
        read_then_subscribe,
        swallow_errors,
    )
}
