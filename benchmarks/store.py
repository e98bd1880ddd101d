"""What durability costs; one JSON line per figure. FULL and NORMAL, and the disk's own fdatasync, in one run.

    python benchmarks/store.py [DIRECTORY]

The directory decides which disk is measured; a folder of its own is made in it and removed. Rounds are interleaved, and
the median of each counts, because machines are shared.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import secrets
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from aparte.backends.sqlite import schema
from aparte.backends.sqlite.execute import ADD_LOG, Execution
from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.tracking.store import AppendLog, CountMessages, Logged

SITE = "shop"
LINE = json.dumps(
    {"type": "track", "event": "Product Added", "properties": {"name": "shirt", "note": "x" * 360}}
).encode()
VISITORS = [secrets.token_hex(16) for _ in range(20_000)]
ROUNDS = 9


def figure(name: str, value: float, bound: float | str | None, unit: str) -> None:
    print(json.dumps({"name": f"store.{name}", "value": round(value, 3), "bound": bound, "unit": unit}), flush=True)


def rows(first: int, count: int) -> list[Logged]:
    """Lines of visitors without any order, the worst case for whatever is sorted by visitor."""
    at = 1_790_000_000_000
    return [
        Logged(n, SITE, at + n, at + n, VISITORS[n * 7919 % 20_000], "track", "Product Added", f"{n:032x}", LINE)
        for n in range(first, first + count)
    ]


class Bare:
    """The writer's own transaction, without thread and loop: what the disk and SQLite take."""

    def __init__(self, directory: Path, synchronous: str) -> None:
        open_store(directory).close()
        self.connection = schema.connect_writer(directory / "aparte.db")
        self.connection.execute(f"PRAGMA synchronous={synchronous}")
        self.seq = 0

    def commit(self, batch: int) -> float:
        """Seconds of a commit of so many lines."""
        command = AppendLog(rows(self.seq + 1, batch))
        self.seq += batch
        begun = time.perf_counter()
        self.connection.execute("BEGIN IMMEDIATE")
        execution = Execution(self.connection)
        execution.one(command)
        execution.count([CountMessages(SITE, batch, batch, 0, {}, {})])
        execution.finish()
        self.connection.execute("COMMIT")
        return time.perf_counter() - begun


def synced(descriptor: int, n: int) -> float:
    """Seconds of an fdatasync after 4 KiB were written at the file's end."""
    os.pwrite(descriptor, os.urandom(4096), 4096 * n)
    begun = time.perf_counter()
    os.fdatasync(descriptor)
    return time.perf_counter() - begun


def group_commits(directory: Path) -> None:
    """FULL against NORMAL, and a single commit against the disk."""
    full, normal = Bare(directory / "full", "FULL"), Bare(directory / "normal", "NORMAL")
    times: dict[str, list[float]] = {"full": [], "normal": [], "one": [], "disk": []}
    descriptor = os.open(directory / "plain", os.O_RDWR | os.O_CREAT)
    for turn in range(ROUNDS):
        for _ in range(12):
            times["full"].append(full.commit(500))
            times["normal"].append(normal.commit(500))
        for n in range(40):
            times["one"].append(full.commit(1))
            times["disk"].append(synced(descriptor, turn * 40 + n))
    os.close(descriptor)
    halves = {name: statistics.median(found) for name, found in times.items()}
    figure("group.full", halves["normal"] / halves["full"], ">= 0.7", "x NORMAL, 500 lines a commit")
    figure("commit.one", halves["one"] / halves["disk"], 2, "x fdatasync of 4 KiB, median")
    figure("commit.one.time", halves["one"] * 1e6, None, "us")
    figure("group.full.rate", 500 / statistics.mean(times["full"]), None, "lines/s")


def index_by_visitor(directory: Path) -> None:
    """What an ordinary index of the log by visitor would cost in the place of the trail."""
    trail, index = Bare(directory / "trail", "FULL"), Bare(directory / "index", "FULL")
    index.connection.execute("CREATE INDEX log_by_visitor ON log (site, visitor, seq)")
    index.connection.execute("CREATE TRIGGER no_trail BEFORE INSERT ON trail BEGIN SELECT RAISE(IGNORE); END")
    spent = {"trail": 0.0, "index": 0.0}
    for _ in range(250):
        spent["trail"] += trail.commit(100)
        spent["index"] += index.commit(100)
    figure("trail.cost", spent["trail"] / spent["index"], "<= 0.7", "x an index by visitor, 100 lines a commit")


async def through_the_store(store: SqliteStore, clients: int, seconds: float) -> tuple[float, float, float]:
    """Lists a second, CPU microseconds a list, and lists a commit of clients that wait for each answer."""
    done, seq, until = 0, store.last_seq(), time.perf_counter() + seconds

    async def client() -> None:
        nonlocal done, seq
        while time.perf_counter() < until:
            seq += 1
            await store.submit([AppendLog(rows(seq, 1)), CountMessages(SITE, 1, 1, 0, {}, {})])
            done += 1

    before, begun, cpu = store.status(), time.perf_counter(), time.process_time()
    await asyncio.gather(*(client() for _ in range(clients)))
    spent, used, after = time.perf_counter() - begun, time.process_time() - cpu, store.status()
    return done / spent, used / done * 1e6, (after.lists - before.lists) / (after.groups - before.groups)


def concurrent(directory: Path) -> None:
    """The whole way: loop, thread, commit, loop."""
    store = open_store(directory / "store")
    try:
        for clients in (1, 8, 64, 512):
            rate, cpu, size = asyncio.run(through_the_store(store, clients, 1.0))
            figure(f"clients.{clients}.rate", rate, None, "lists/s, each durable before its answer")
            figure(f"clients.{clients}.cpu", cpu, None, "us CPU a list")
            figure(f"clients.{clients}.group", size, None, "lists a commit")
    finally:
        store.close()


def executemany(directory: Path) -> None:
    """The limit: the same lines into a bare table of the same columns, in one transaction that nothing waits for."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(schema.migrations()[0].sql)
    data = [tuple(getattr(row, name) for name in Logged.__struct_fields__) for row in rows(1, 20_000)]
    begun = time.process_time()
    connection.executemany(ADD_LOG, data)
    limit = (time.process_time() - begun) / len(data)
    ours = Bare(directory / "cpu", "FULL")
    begun = time.process_time()
    for _ in range(40):
        ours.commit(500)
    figure("line.cpu", (time.process_time() - begun) / 20_000 * 1e6, None, "us CPU a line, made, written and committed")
    figure("line.cpu.limit", limit * 1e6, None, "us CPU a line, executemany in memory")
    connection.close()


def main(parent: str | None) -> None:
    gc.disable()
    parts: tuple[Callable[[Path], None], ...] = (group_commits, index_by_visitor, executemany, concurrent)
    with tempfile.TemporaryDirectory(dir=parent) as directory:
        for part in parts:
            part(Path(directory))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
