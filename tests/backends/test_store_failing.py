"""A disk that fails produces refusals, not lies: nobody is told that something is kept when it is not.

Mutants seen to fail here: futures settled before COMMIT; the error swallowed and results handed out; the queue not
refused after a failure.
"""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from store_worlds import SITE, conversation, counted, line, lines, opened, run, says

from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite import schema
from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.conversations.store import OpenConversation
from aparte.kit.errors import Unavailable
from aparte.sessions.store import KeptVisitor, SaveCheckpoint
from aparte.tracking.store import AppendLog


class Faulty(schema.Connection):
    """A connection whose disk fails when `fault` says so. `fault(sql)` runs before each statement of the writer."""

    fault: Callable[["Faulty", str], None] | None = None

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if Faulty.fault:
            Faulty.fault(self, sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        rows = list(rows)
        if Faulty.fault:
            super().executemany(sql, rows[: len(rows) // 2])  # half of it is in when the disk fails
            Faulty.fault(self, sql)
            rows = rows[len(rows) // 2 :]
        return super().executemany(sql, rows)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SqliteStore:
    monkeypatch.setattr(schema, "Connection", Faulty)
    monkeypatch.setattr(Faulty, "fault", None)
    return open_store(tmp_path / "data")


def failing_at(part: str, *, rolled_back: bool = False) -> Callable[[Faulty, str], None]:
    def fault(connection: Faulty, sql: str) -> None:
        if part in sql:
            if rolled_back:  # as SQLite does by itself after some errors
                sqlite3.Connection.execute(connection, "ROLLBACK")
            raise sqlite3.OperationalError("disk I/O error")

    return fault


MOMENTS = ["BEGIN", "SAVEPOINT", "INTO log", "INTO entry", "INTO message_count", "RELEASE", "COMMIT"]


@pytest.mark.parametrize("rolled_back", [False, True])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_failure_at_any_moment_refuses_the_group_and_keeps_what_was_before(store, moment: str, rolled_back: bool):
    async def scene() -> None:
        await store.submit([lines(1, 4), opened(), counted(4)])
        before = store.counts(SITE), store.conversation("conv1")
        Faulty.fault = failing_at(moment, rolled_back=rolled_back and moment != "BEGIN")
        futures = [
            store.submit([lines(5, 9), counted(5)]),
            store.submit([says("lost", "c1"), counted(1)]),
            store.submit([lines(10, 19)]),
        ]
        for future in futures:
            with pytest.raises(Unavailable, match="disk I/O error"):
                await future
        Faulty.fault = None  # the disk is well again, but nobody has looked after the lost lists yet
        with pytest.raises(Unavailable):
            await store.submit([lines(20, 29)])
        assert "disk I/O error" in store.status().failed
        assert (store.counts(SITE), store.conversation("conv1")) == before
        store.recover()
        assert store.last_seq() == 4
        assert await store.submit([lines(5, 6)]) == [None]
        assert [one.seq for one in store.log()] == [1, 2, 3, 4, 5, 6]
        assert store.status().failed == ""
        assert store.status().failures == 1

    run(scene())
    store.close()


def test_what_waits_while_the_disk_fails_is_refused_too(store):
    """Lists that were computed on top of a lost one must not be written, whenever they came."""
    entered, go_on = threading.Event(), threading.Event()

    def fault(connection: Faulty, sql: str) -> None:
        if sql == "COMMIT":
            entered.set()
            go_on.wait(30)
            raise sqlite3.OperationalError("database or disk is full")

    async def scene() -> None:
        Faulty.fault = fault
        futures = [store.submit([lines(1, 1)])]
        await asyncio.to_thread(entered.wait, 30)
        futures += [store.submit([lines(n, n)]) for n in range(2, 400)]
        assert store.status().queued == 398
        go_on.set()
        results = await asyncio.gather(*futures, return_exceptions=True)
        assert {str(result) for result in results} == {str(results[0])}
        assert "disk is full" in str(results[0])
        assert store.last_seq() == 0

    run(scene())
    store.close()


def test_recovery_is_refused_while_the_disk_still_fails(store):
    async def scene() -> None:
        Faulty.fault = failing_at("COMMIT")
        with pytest.raises(Unavailable):
            await store.submit([lines(1, 1)])
        Faulty.fault = failing_at("UPDATE meta")
        for _ in range(3):
            with pytest.raises(Unavailable, match="disk I/O error"):
                store.recover()
            with pytest.raises(Unavailable):
                await store.submit([lines(1, 1)])
        Faulty.fault = None
        store.recover()
        await store.submit([lines(1, 1)])

    run(scene())
    store.close()


def test_a_database_that_may_not_grow_refuses_and_takes_writes_again_when_it_may(tmp_path, monkeypatch):
    """`max_page_count` gives the very error of a full disk, from SQLite itself."""
    real, pages = schema.connect_writer, {"most": 160}

    def limited(path: Path) -> schema.Connection:
        connection = real(path)
        connection.execute(f"PRAGMA max_page_count={pages['most']}")
        return connection

    monkeypatch.setattr(schema, "connect_writer", limited)
    store = open_store(tmp_path / "data")

    async def scene() -> None:
        await store.submit([OpenConversation(conversation())])
        kept, error = 0, None
        for n in range(1000):
            try:
                await store.submit([says("x" * 4000, f"c{n}"), lines(2 * n + 1, 2 * n + 2)])
                kept += 1
            except Unavailable as raised:
                error = str(raised)
                break
        assert error is not None
        assert "full" in error
        assert len(store.entries("conv1", limit=9999)) == kept > 5
        assert store.last_seq() == 2 * kept
        pages["most"] = 100_000
        store.recover()
        await store.submit([says("x", "again")])
        assert store.conversation("conv1").head == kept + 1

    run(scene())
    store.close()


FULL_DISK = """
import asyncio, resource, signal, sys
from pathlib import Path
from store_worlds import *
from aparte.backends.sqlite.store import open_store
from aparte.conversations.store import OpenConversation
from aparte.kit.errors import Unavailable

async def main():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    store = open_store(Path(sys.argv[1]))
    await store.submit([OpenConversation(conversation())])
    kept = []
    for limit in (400_000, 900_000, 1_700_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        store.recover()
        failed = 0
        while not failed:
            names = [f"c{len(kept)}.{n}" for n in range(6)]
            futures = [store.submit([says("x" * 3000, name)]) for name in names]
            for name, result in zip(names, await asyncio.gather(*futures, return_exceptions=True)):
                if isinstance(result, Unavailable):
                    failed += 1
                else:
                    kept.append(name)
        assert [entry.cid for entry in store.entries("conv1", limit=99999)] == kept, "not what was acknowledged"
        assert store.status().failed
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.recover()
    await store.submit([says("y", "last")])
    print(len(kept), [entry.cid for entry in store.entries("conv1", limit=99999)] == [*kept, "last"])
    store.close()

asyncio.run(main())
"""


def test_files_that_may_not_grow_lose_nothing_acknowledged_and_show_nothing_else(tmp_path: Path) -> None:
    """Real errors of the system (EFBIG), met by the log of SQLite in the middle of commits."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path / "data")]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert answer.returncode == 0, answer.stderr
    kept, whole = answer.stdout.split()
    assert int(kept) > 100
    assert whole == "True"


def test_a_writer_that_dies_of_a_mistake_of_ours_leaves_nobody_waiting(store, monkeypatch):
    def mistake(connection: Faulty, sql: str) -> None:
        if "INTO log" in sql:
            raise AssertionError("a mistake")

    hooked, asked = [], threading.Event()

    def dies_slowly(how: threading.ExceptHookArgs) -> None:
        hooked.append(type(how.exc_value))
        asked.wait(20)

    monkeypatch.setattr(threading, "excepthook", dies_slowly)

    async def scene() -> None:
        Faulty.fault = mistake
        futures = [store.submit([lines(n, n)]) for n in range(1, 10)]
        for future in futures:
            with pytest.raises(Unavailable, match="the writer has stopped"):
                await future
        with pytest.raises(Unavailable, match="stopped"):
            await store.submit([lines(1, 1)])
        with pytest.raises(Unavailable, match="start aparte again"):
            await asyncio.wait_for(asyncio.to_thread(store.recover), 10)
        asked.set()

    run(scene())
    store.close()
    assert hooked == [AssertionError]


def test_a_list_that_comes_while_the_store_is_closed_is_refused_and_does_not_wait(store, monkeypatch):
    let_go, late = store._writer._let_go, []

    async def scene() -> None:
        loop, put = asyncio.get_running_loop(), threading.Event()

        def one_comes() -> None:
            late.append(store.submit([lines(1, 1)]))
            put.set()

        def one_comes_first() -> None:
            loop.call_soon_threadsafe(one_comes)
            assert put.wait(20)
            let_go()

        monkeypatch.setattr(store._writer, "_let_go", one_comes_first)
        await asyncio.to_thread(store.close)
        with pytest.raises(Unavailable, match="the store is closed"):
            await asyncio.wait_for(late[0], 10)

    run(scene())


@pytest.mark.parametrize("value", ["a\ud800b", 1 << 70])
def test_a_value_that_no_database_holds_is_refused_alone(store, value: Any):
    async def scene() -> None:
        bad = AppendLog([line(2, visitor=value) if isinstance(value, str) else line(2, at=value)])
        good = store.submit([lines(1, 1)])
        refused, later = store.submit([bad, counted(1)]), store.submit([lines(2, 2)])
        assert await good == [None] == await later
        assert [one.code for one in await refused] == ["unstorable"]
        assert store.counts(SITE).received == 0

    run(scene())
    store.close()


def test_a_checkpoint_that_fails_in_its_middle_leaves_the_one_before(store):
    kept = [KeptVisitor(SITE, f"v{n}", 1, b"old", b"open") for n in range(50)]

    async def scene() -> None:
        await store.submit([SaveCheckpoint(1, {SITE: b"old"}, kept)])
        Faulty.fault = failing_at("INTO site_state")
        with pytest.raises(Unavailable):
            await store.submit([SaveCheckpoint(2, {SITE: b"new"}, [KeptVisitor(SITE, "v1", 2, b"new")])])
        Faulty.fault = None
        store.recover()
        assert store.checkpoint() == (1, {SITE: b"old"})
        assert {one.summary for one in store.open_visitors()} == {b"old"}

    run(scene())
    store.close()


def test_the_store_in_memory_can_behave_like_one_whose_disk_fails():
    async def scene() -> None:
        store = MemoryStore()
        await store.submit([lines(1, 1)])
        store.fail()
        with pytest.raises(Unavailable, match="full"):
            await store.submit([lines(2, 2)])
        assert store.last_seq() == 1
        store.recover()
        await store.submit([lines(2, 2)])

    run(scene())
