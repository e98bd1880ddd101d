"""P2: one recorded run, and many moments at which its power is cut; then the judge."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from time import monotonic

from deeds import TRACES, conv_of, texts, traces
from disk import CREATE, MARK, SYNC, WRITE, Faults, Record, built, preloaded, records
from msgspec import Struct
from platter import Platter
from verdict import database

from aparte.backends.sqlite.folder import DATABASE
from aparte.backends.sqlite.store import open_store
from aparte.kit.errors import Unavailable

MAKING = 20
"""The first changes, by which there comes to be a database."""


class Verdict(Struct):
    """Counted violations; all of them nought for a store that keeps its word."""

    lost: int = 0
    """Lists that were acknowledged and are not there, or not under the numbers that were acknowledged."""
    double: int = 0
    half: int = 0
    """Lists of which some is there and some is not."""
    holes: int = 0
    damaged: int = 0
    """Folders that cannot be opened, or whose database is not whole."""
    cuts: int = 0
    acknowledged: int = 0
    """Looked for, over all cuts."""
    seconds: float = 0.0
    complaints: list[str] = []

    @property
    def found(self) -> int:
        """All violations together."""
        return self.lost + self.double + self.half + self.holes + self.damaged

    def line(self, what: str) -> str:
        """The counters, for whoever reads the run."""
        return (
            f"{what}: {self.cuts} cuts, {self.acknowledged} acknowledged lists looked for, {self.seconds:.0f} s: lost"
            f" {self.lost}, double {self.double}, half {self.half}, holes {self.holes}, damaged {self.damaged}"
            f" {self.complaints[:3]}"
        )


def recorded(folder: Path, lists: int, defect: str = "", failing: int = 0) -> list[Record]:
    """Everything that a store wrote while it took so many lists; an error when the shim has not seen it.

    `failing`: single calls fail, one of so many.
    """
    data, journal = folder / "recorded", folder / "journal"
    data.mkdir()
    library = built(folder)
    faults = Faults.shared(folder / "faults") if failing else None
    where = preloaded(library, data, journal=journal, faults=folder / "faults" if failing else None)
    script = str(Path(__file__).with_name("deeds.py"))
    command = [sys.executable, script, str(data), str(lists), defect]
    with subprocess.Popen(command, env=where) as doing:
        fail_now_and_then(doing, faults, failing)
    assert doing.returncode == 0
    assert not faults or faults.failed > 0, "no call has failed"
    found = list(records(journal))
    journal.unlink()
    demand_seen(found, lists, defect)
    return found


def fail_now_and_then(doing: subprocess.Popen[bytes], faults: Faults | None, every: int) -> None:
    """Let single calls fail until the work is done."""
    dice = random.Random(every)
    while doing.poll() is None:
        if faults is not None and faults.left == 0:
            faults.arm(dice.randint(1, every), 5, lasting=False)
        try:
            doing.wait(0.005)
        except subprocess.TimeoutExpired:
            continue


def demand_seen(found: list[Record], lists: int, defect: str) -> None:
    """The shim has seen the database being written: a static library, or calls it does not know, would show nothing."""
    kinds = Counter(one.what for one in found)
    names = {one.data for one in found if one.what == CREATE}
    assert names >= {DATABASE.encode(), f"{DATABASE}-wal".encode()}, f"the shim has not seen the database: {names}"
    assert kinds[MARK] >= 2 * lists, kinds
    assert kinds[WRITE] > lists, f"the shim has seen no writes: {kinds}"
    assert defect or kinds[SYNC] > lists // 20, f"the shim has seen no syncs: {kinds}"


def moments(found: list[Record], cuts: int, dice: random.Random) -> list[int]:
    """Before which records the power is cut.

    Any; while the database is made; while it is written itself; after acknowledgements.
    """
    main = next(one.file for one in found if one.what == CREATE and one.data == DATABASE.encode())
    marks = [at for at, one in enumerate(found) if one.what == MARK and b"null" not in one.data]
    checkpoints = [at for at, one in enumerate(found) if one.file == main and one.what in (WRITE, SYNC)]
    chosen = [dice.randrange(len(found)) for _ in range(cuts - 2 * (cuts // 4) - cuts // 6)]
    chosen += [dice.randrange(MAKING) for _ in range(cuts // 6)]
    chosen += [dice.choice(marks) + dice.randint(1, 3) for _ in range(cuts // 4)]
    chosen += [dice.choice(checkpoints) + dice.randint(0, 1) for _ in range(cuts // 4)]
    return sorted(chosen)


def cut(folder: Path, found: list[Record], cuts: int, *, seed: int = 1, making: bool = False) -> Verdict:
    """Cut the power so many times; `making`: only while the database is made, at each change in turn."""
    dice, platter, verdict, begun = random.Random(seed), Platter(), Verdict(), monotonic()
    acked: dict[int, list[int]] = {}
    done = 0
    for moment in sorted(n % MAKING for n in range(cuts)) if making else moments(found, cuts, dice):
        for one in found[done:moment]:
            platter.take(one)
            if one.what == MARK:
                n, kept = json.loads(one.data)
                acked |= {n: kept} if kept is not None else {}
        done = moment
        look(folder / "cut", platter, dice, acked, verdict)
    verdict.seconds = monotonic() - begun
    return verdict


def look(data: Path, platter: Platter, dice: random.Random, acked: dict[int, list[int]], verdict: Verdict) -> None:
    """One cut: the product opens what is left, and writes in it; then it is judged."""
    data.mkdir()
    platter.after_cut(data, dice)
    verdict.cuts += 1
    verdict.acknowledged += len(acked)
    try:
        store = open_store(data)
        store.recover()
        with closing(database(data)) as reader:
            judge(reader, acked, verdict)
        store.close()
    except (Unavailable, sqlite3.Error) as error:
        verdict.damaged += 1
        verdict.complaints.append(str(error))
        verdict.lost += len(acked)
    shutil.rmtree(data)


def judge(reader: sqlite3.Connection, acked: dict[int, list[int]], verdict: Verdict) -> None:
    """Everything acknowledged is there, nothing twice, nothing by halves, and SQLite finds no fault."""
    fault = reader.execute("PRAGMA integrity_check").fetchall() + reader.execute("PRAGMA foreign_key_check").fetchall()
    if fault != [("ok",)]:
        verdict.damaged += 1
        verdict.complaints.append(str(fault[:3]))
    there = Counter(reader.execute(TRACES).fetchall())
    seqs = {(conv, cid): seq for conv, cid, seq in reader.execute("SELECT conv, cid, seq FROM entry").fetchall()}
    verdict.double += sum(times - 1 for times in there.values())
    verdict.holes += holes(reader)
    last = max((int(name[1:]) for what, _, name in there if what == "log"), default=0)
    for n in range(max([last, *acked]) + 1):
        left = [one in there for one in traces(n)]
        verdict.half += any(left) and not all(left)
        numbers = [seqs.get((conv_of(n), one.cid)) for one in texts(n)]
        verdict.lost += n in acked and (not all(left) or numbers != acked[n])


def holes(reader: sqlite3.Connection) -> int:
    """Conversations whose numbers do not follow one another, or whose head is another; a log that is not counted."""
    of = """SELECT count(*) FROM conversation WHERE
        head <> (SELECT count(*) FROM entry WHERE conv = conversation.id)
        OR head <> (SELECT coalesce(max(seq), 0) FROM entry WHERE conv = conversation.id)"""
    counted = (
        "SELECT (SELECT count(*) FROM log) <> (SELECT coalesce(sum(n), 0) FROM message_count WHERE what = 'accepted')"
    )
    return sum(int(reader.execute(one).fetchone()[0]) for one in (of, counted))
