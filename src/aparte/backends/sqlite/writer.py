"""The one writer: a thread that executes lists of commands in groups, one transaction a group."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future as Answer
from contextlib import suppress
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from aparte.backends.sqlite.execute import REFUSED, Execution, refusal
from aparte.conversations.store import AppendEntry, Refused
from aparte.engagements.store import RecordDecision
from aparte.kit.errors import Unavailable
from aparte.kit.status import WriterStatus
from aparte.tracking.store import AppendLog, CountMessages

MOST_LISTS = 256
"""Of a group: whoever comes first does not wait for all who come later."""
MOST_ROWS = 8192
PLAIN = frozenset({AppendLog, CountMessages, RecordDecision})
"""Commands without a result, which several lists can share statements for."""

Outcome: TypeAlias = "list[Any] | Exception"
Way: TypeAlias = Callable[[Execution, Sequence[object]], "list[Any]"]


class Waiting(NamedTuple):
    """A list and who waits for it."""

    commands: tuple[object, ...]
    future: asyncio.Future[list[Any]]


class Errand(NamedTuple):
    """Something else that the thread shall do, between groups; the last one ends it."""

    action: Callable[[], None]
    answer: Answer[None]
    last: bool = False


class Writer:
    """Executes lists in the order of `submit`; see the guarantees of aparte.engine.ports.Store.

    `connect` opens the connection; `probe` writes something small and durable with it.
    """

    def __init__(
        self, connect: Callable[[], sqlite3.Connection], probe: Callable[[sqlite3.Connection], None], where: str
    ) -> None:
        self._connect, self._probe, self._where = connect, probe, where
        self._connection: sqlite3.Connection | None = connect()
        self._queue: queue.SimpleQueue[Waiting | Errand] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._failed = ""
        self._ended = False
        self._taken: list[Waiting] = []
        self._groups = self._lists = self._rows = self._refused = self._failures = 0
        self._thread = threading.Thread(target=self._serve, name="aparte-writer", daemon=True)
        self._thread.start()

    def submit(self, commands: Sequence[object]) -> asyncio.Future[list[Any]]:
        """Execute these in one transaction. To be called where an event loop runs."""
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        with self._gate:
            if self._failed:
                future.set_exception(self._unavailable())
            else:
                self._queue.put(Waiting(tuple(commands), future))
        return future

    def recover(self) -> None:
        """Take lists again; Unavailable when a small write still fails."""
        self._send(self._reopen)

    def close(self) -> None:
        """Finish what is queued; nothing is taken afterwards."""
        with suppress(Unavailable):  # it has ended before
            self._send(self._let_go, last=True)
        self._thread.join()

    def status(self) -> WriterStatus:
        """How it is doing."""
        return WriterStatus(
            queued=self._queue.qsize(),
            groups=self._groups,
            lists=self._lists,
            rows=self._rows,
            refused=self._refused,
            failures=self._failures,
            failed=self._failed,
        )

    def _send(self, action: Callable[[], None], *, last: bool = False) -> None:
        answer: Answer[None] = Answer()
        with self._gate:
            if self._ended:
                raise self._stopped()
            self._queue.put(Errand(action, answer, last))
        answer.result()

    def _stopped(self) -> Unavailable:
        return Unavailable("the writer has stopped", where=self._where, hint="start aparte again")

    def _unavailable(self) -> Unavailable:
        return Unavailable(self._failed, where=self._where, hint="nothing was written; try again later")

    # Below here everything runs in the thread.

    def _serve(self) -> None:
        ended = False
        try:
            while self._turn():
                pass
            ended = True
        finally:
            if not ended:
                self._fail("the writer has stopped")
            self._end()

    def _end(self) -> None:
        """Nothing is done from now on: who came while the thread was ending is told so, and does not wait for ever."""
        with self._gate:
            self._ended = True
        while (one := self._next()) is not None:
            if isinstance(one, Errand):
                one.answer.set_exception(self._stopped())
            else:
                settle([(one.future, self._unavailable())])

    def _turn(self) -> bool:
        """Do what is there: a group, then at most one errand. False after the last one."""
        errand = self._take()
        if self._taken:
            self._group()
        if errand is None:
            return True
        self._do(errand)
        return not errand.last

    def _take(self) -> Errand | None:
        """Take what is queued, up to an errand; wait for the first.

        Never for more: while one group is being committed the next one gathers by itself, and lingering on top of that
        was measured to cost latency and to save nothing.
        """
        self._taken = []
        one: Waiting | Errand | None = self._queue.get()
        rows = 0
        while one is not None and not isinstance(one, Errand):
            self._taken.append(one)
            for command in one.commands:
                if type(command) is AppendLog:
                    rows += len(command.rows)
            if len(self._taken) >= MOST_LISTS or rows >= MOST_ROWS:
                return None
            one = self._next()
        return one

    def _next(self) -> Waiting | Errand | None:
        try:
            return self._queue.get_nowait()
        except queue.Empty:
            return None

    def _do(self, errand: Errand) -> None:
        try:
            errand.action()
        except BaseException as error:
            errand.answer.set_exception(error)
            if not isinstance(error, Unavailable):
                raise
        else:
            errand.answer.set_result(None)

    def _group(self) -> None:
        """One transaction for all that was taken; nobody is answered before it is on the disk."""
        try:
            outcomes = self._commit(self._taken)
        except (sqlite3.Error, OSError, MemoryError) as error:
            self._fail(f"the database cannot be written: {error}")
        else:
            self._groups += 1
            settle(list(zip((one.future for one in self._taken), outcomes, strict=True)))

    def _commit(self, taken: list[Waiting]) -> list[Outcome]:
        if self._connection is None:
            raise sqlite3.OperationalError("there is no connection")
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        execution = Execution(self._connection)
        together = list(runs(taken))
        outcomes = [outcome for lists in together for outcome in executed(execution, lists, len(together) == 1)]
        execution.finish()
        run("COMMIT")
        refused = sum(map(is_refused, outcomes))
        self._refused += refused
        self._lists += len(outcomes) - refused
        self._rows += execution.rows
        return outcomes

    def _fail(self, why: str) -> None:
        """Undo the group and refuse everything until `recover`: what waits was computed on top of what is lost."""
        self._drop()
        errands = []
        with self._gate:
            self._failures += 1
            self._failed = why
            lost = self._taken
            while (one := self._next()) is not None:
                if isinstance(one, Errand):
                    errands.append(one)
                else:
                    lost.append(one)
        self._taken = []
        settle([(one.future, self._unavailable()) for one in lost])
        for errand in errands:
            self._queue.put(errand)

    def _drop(self) -> None:
        """Let a connection go that cannot be trusted any more; closing it undoes its transaction."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _reopen(self) -> None:
        self._drop()
        try:
            self._connection = self._connect()
            self._probe(self._connection)
        except (sqlite3.Error, OSError) as error:
            self._drop()
            raise Unavailable(f"the database cannot be written: {error}", where=self._where) from None
        with self._gate:
            self._failed = ""

    def _let_go(self) -> None:
        with self._gate:
            self._failed = self._failed or "the store is closed"
        self._drop()


def settle(results: list[tuple[asyncio.Future[list[Any]], Outcome]]) -> None:
    """Tell each loop its results in one call."""
    by_loop = defaultdict(list)
    for future, outcome in results:
        by_loop[future.get_loop()].append((future, outcome))
    for loop, told in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, told)


def tell(results: list[tuple[asyncio.Future[list[Any]], Outcome]]) -> None:
    """Settle futures; on their loop. Who has given up waiting is left alone."""
    for future, outcome in results:
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def is_refused(outcome: Outcome) -> bool:
    """Whether nothing of this list was kept."""
    return isinstance(outcome, Exception) or (bool(outcome) and isinstance(outcome[-1], Refused))


def runs(taken: list[Waiting]) -> Iterator[list[tuple[object, ...]]]:
    """The lists in their order; plain ones that follow one another are put together, and so are single lines."""
    for way, together in groupby(taken, way_of):
        if way is None:
            yield from ([one.commands] for one in together)
        else:
            yield [one.commands for one in together]


def way_of(one: Waiting) -> Way | None:
    """How this list shares statements with others of its kind; None when it does not."""
    if len(one.commands) == 1 and type(one.commands[0]) is AppendEntry:
        return all_lines
    return all_plain if all(type(command) in PLAIN for command in one.commands) else None


def executed(execution: Execution, lists: list[tuple[object, ...]], alone: bool) -> list[Outcome]:
    """The outcomes of these lists: all at once when they share statements, one by one when that is refused.

    `alone`: they are all of the transaction.
    """
    if len(lists) > 1:
        lines = type(lists[0][0]) is AppendEntry if lists[0] else False
        together = [command for commands in lists for command in commands]
        outcome = guarded(execution, together, all_lines if lines else all_plain, alone)
        if not is_refused(outcome) and not isinstance(outcome, Exception):
            return [[one] for one in outcome[0]] if lines else [[None] * len(commands) for commands in lists]
    return [guarded(execution, commands, each) for commands in lists]


def guarded(execution: Execution, commands: Sequence[object], way: Way, alone: bool = False) -> Outcome:
    """Execute commands wholly or not at all; of what is `alone` in its transaction that is undone, and begun again.

    A value that no database holds is refused like a broken constraint. A mistake in the code is its caller's. A failing
    disk is not caught: it concerns the whole group.
    """
    rows = execution.rows
    if not alone:
        execution.run("SAVEPOINT list")
    outcome: Outcome
    try:
        outcome = way(execution, commands)
    except REFUSED as error:
        outcome = [refusal(error)]
    except (
        TypeError,
        AttributeError,
        ValueError,
        LookupError,
        sqlite3.ProgrammingError,
        sqlite3.InterfaceError,
    ) as error:
        outcome = error
    if is_refused(outcome):
        undo(execution, alone)
        execution.rows = rows
    else:
        execution.count(commands)
    if not alone:
        execution.run("RELEASE list")
    return outcome


def undo(execution: Execution, alone: bool) -> None:
    """As before these commands, within a transaction."""
    for statement in ("ROLLBACK", "BEGIN IMMEDIATE") if alone else ("ROLLBACK TO list",):
        execution.run(statement)


def each(execution: Execution, commands: Sequence[object]) -> list[Any]:
    """One command after the other, up to the first that is refused."""
    results: list[Any] = []
    for command in commands:
        try:
            results.append(execution.one(command))
        except REFUSED as error:
            results.append(refusal(error))
        if isinstance(results[-1], Refused):
            break
    return results


def all_plain(execution: Execution, commands: Sequence[object]) -> list[Any]:
    """Plain commands of several lists, a statement for each kind."""
    refused = execution.append_lines([command for command in commands if type(command) is AppendLog])
    execution.record_decisions([command for command in commands if type(command) is RecordDecision])
    execution.rows += len(commands)
    return [refused] if refused else []


def all_lines(execution: Execution, commands: Sequence[object]) -> list[Any]:
    """Lines of transcripts, each of a list of its own; one result: theirs."""
    return [execution.append_entries(commands)]  # type: ignore[arg-type]
