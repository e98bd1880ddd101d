"""Whatever kills the process: what was acknowledged is there, nothing is there by halves.

Mutants seen to fail here: futures settled before COMMIT; no UNIQUE for cid; `synchronous=NORMAL`,
which a kill cannot show, since the system's cache survives the process: the pragma itself is asked for.
"""

import multiprocessing
import os
import random
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest
import writing_child
from store_worlds import SITE

from aparte.backends.sqlite import schema
from aparte.backends.sqlite.store import open_store

KILLS = 60


@pytest.fixture(scope="module")
def processes() -> Iterator[Any]:
    """Processes forked from one that has imported everything: a fresh interpreter takes half a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["writing_child"])
    yield context
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


def written_until_killed(processes: Any, directory: Path, turn: int, milliseconds: float) -> str:
    """What a child acknowledged within this time after its start, to the last byte."""
    reading, writing = processes.Pipe(duplex=False)
    child = processes.Process(target=writing_child.write, args=(directory, writing, f"r{turn}"))
    child.start()
    writing.close()
    told = b""
    while b"ready\n" not in told:
        part = os.read(reading.fileno(), 65536)
        assert part, "the child ended by itself"
        told += part
    threading.Timer(milliseconds / 1000, child.kill).start()
    while part := os.read(reading.fileno(), 65536):
        told += part
    child.join()
    assert child.exitcode == -signal.SIGKILL
    child.close()
    reading.close()
    return told.decode().partition("ready\n")[2]


def test_a_kill_loses_nothing_that_was_acknowledged_and_leaves_no_half_list(processes: Any, tmp_path: Path) -> None:
    dice = random.Random(5)
    acknowledged: Counter[str] = Counter()
    for turn in range(KILLS):
        told = written_until_killed(processes, tmp_path / "data", turn, dice.uniform(0, 60))
        for one in told.splitlines():
            conv, name, size = one.split()
            acknowledged[f"{conv} {name}"] = int(size)
    assert len(acknowledged) > KILLS
    store = open_store(tmp_path / "data")
    try:
        stored: Counter[str] = Counter()
        for conv in (f"conv{n}" for n in range(8)):
            entries = store.entries(conv, limit=1_000_000)
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
            assert store.conversation(conv).head == len(entries)
            stored.update(f"{conv} {entry.cid.rpartition('.')[0]}" for entry in entries)
        assert not {name: size for name, size in acknowledged.items() if stored[name] != size}
        assert {size for name, size in stored.items() if int(name[4]) % 3 + 1 != size} == set()
        log = list(store.log())
        assert [line.seq for line in log] == list(range(1, len(log) + 1))
        assert len(log) == sum(stored.values()) == store.counts(SITE).accepted
        assert len(list(store.decisions())) == len(stored)
    finally:
        store.close()


@pytest.mark.parametrize(("name", "value"), [("synchronous", 2), ("journal_mode", "wal"), ("secure_delete", 1)])
def test_the_writer_waits_for_the_disk_and_wipes_what_it_deletes(tmp_path: Path, name: str, value: object) -> None:
    open_store(tmp_path).close()
    writer = schema.connect_writer(tmp_path / "aparte.db")
    try:
        assert writer.execute(f"PRAGMA {name}").fetchall() == [(value,)]
    finally:
        writer.close()


def test_the_database_itself_takes_no_second_copy(tmp_path: Path) -> None:
    """The tables hold it, whatever the code above them does."""
    open_store(tmp_path).close()
    database = sqlite3.connect(tmp_path / "aparte.db")
    row = "('conv', {seq}, 'id', 'visitor', 'ann', 'text', 'Hello', 1, '{cid}')"
    database.execute(f"INSERT INTO entry VALUES {row.format(seq=1, cid='c')}")
    for seq, cid in ((2, "c"), (1, "d")):
        with pytest.raises(sqlite3.IntegrityError):
            database.execute(f"INSERT INTO entry VALUES {row.format(seq=seq, cid=cid)}")
    database.execute(f"INSERT INTO entry VALUES {row.format(seq=2, cid='')}")
    database.execute(f"INSERT INTO entry VALUES {row.format(seq=3, cid='')}")
    database.close()


def test_everything_is_there_after_a_restart_and_the_epoch_is_the_same(processes: Any, tmp_path: Path) -> None:
    told = written_until_killed(processes, tmp_path, 0, 40)
    assert told
    first = open_store(tmp_path)
    epoch, log = first.epoch(), list(first.log())
    first.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["aparte.db", "lock"]
    second = open_store(tmp_path)
    assert (second.epoch(), list(second.log())) == (epoch, log)
    second.close()
