"""The judge: what the pages were told and showed, against what the database holds. It reads with plain SQL."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from client import Ledger
from msgspec import Struct
from screen import Row, Screen

from aparte.backends.sqlite.folder import DATABASE


class Kept(NamedTuple):
    """A line of the database."""

    conv: str
    seq: int
    by: str
    kind: str
    body: str
    cid: str

    @property
    def row(self) -> Row:
        """As a screen shows it."""
        return Row(self.seq, self.by, self.kind, self.body)


class Verdict(Struct):
    """Counted violations; all of them nought for a server that keeps its word."""

    lost: int = 0
    """Acknowledged and not there, or never taken although its page waited to the end."""
    double: int = 0
    reordered: int = 0
    """A page's messages in another order than it wrote them, or an acknowledged number that is another's."""
    holes: int = 0
    unequal: int = 0
    """Screens that show something else than the database holds, or that did not come to agree with it."""
    vanished: int = 0
    """Lines that were shown and are not in the database."""
    broken: int = 0
    """Whatever a page complained of: shown twice, refused for good, sent away."""
    messages: int = 0
    kills: int = 0
    screens: int = 0
    seconds: float = 0.0
    complaints: list[str] = []

    @property
    def found(self) -> int:
        """All violations together."""
        return self.lost + self.double + self.reordered + self.holes + self.unequal + self.vanished + self.broken

    def line(self, what: str, disturbed: str = "kills") -> str:
        """The counters, for whoever reads the run."""
        return (
            f"{what}: {self.kills} {disturbed}, {self.messages} messages, {self.screens} screens, {self.seconds:.0f} s:"
            f" lost {self.lost}, double {self.double}, reordered {self.reordered}, holes {self.holes},"
            f" screens unequal {self.unequal}, vanished {self.vanished}, broken {self.broken} {self.complaints[:3]}"
        )


def database(data: Path) -> sqlite3.Connection:
    """A reader of the database, beside a server or without one."""
    return sqlite3.connect(data / DATABASE, timeout=10)


def transcripts(reader: sqlite3.Connection, convs: Iterable[str]) -> dict[str, list[Kept]]:
    """The lines of these conversations."""
    of = "SELECT conv, seq, by, kind, body, cid FROM entry WHERE conv = ? ORDER BY seq"
    return {conv: [Kept(*row) for row in reader.execute(of, (conv,)).fetchall()] for conv in convs}


def heads(reader: sqlite3.Connection) -> dict[str, int]:
    """The number of the last line of each conversation."""
    return dict(reader.execute("SELECT conv, max(seq) FROM entry GROUP BY conv").fetchall())


def judge(kept: dict[str, list[Kept]], ledger: Ledger, screens: dict[str, list[Screen]], verdict: Verdict) -> Verdict:
    """Add what is wrong to the verdict."""
    judge_lines(kept, verdict)
    judge_ledger(kept, ledger, verdict)
    for conv, shown in screens.items():
        for screen in shown:
            judge_screen(kept[conv], screen, verdict)
    verdict.messages = len(ledger.written)
    verdict.complaints += ledger.violations
    verdict.broken += len(ledger.violations)
    return verdict


def judge_lines(kept: dict[str, list[Kept]], verdict: Verdict) -> None:
    """Numbers follow one another; nothing is there twice."""
    for lines in kept.values():
        verdict.holes += [one.seq for one in lines] != list(range(1, len(lines) + 1))
        cids = Counter(one.cid for one in lines if one.cid)
        verdict.double += sum(n - 1 for n in cids.values())


def judge_ledger(kept: dict[str, list[Kept]], ledger: Ledger, verdict: Verdict) -> None:
    """What was written is there, where it was said to be, in the order in which it was written."""
    there: dict[str, Kept] = {}
    for lines in kept.values():
        last: dict[str, int] = {}
        for one in lines:
            known = ledger.written.get(one.cid)
            if known is None or one.cid in there:
                continue
            there[one.cid] = one
            verdict.reordered += known.number < last.get(known.page, 0)
            last[known.page] = known.number
    for cid, known in ledger.written.items():
        found = there.get(cid)
        wrong = found is None or (found.conv, found.body) != (known.item.conv, known.item.body)
        verdict.lost += wrong
        verdict.reordered += found is not None and ledger.acked.get(cid, found.seq) != found.seq


def judge_screen(lines: list[Kept], screen: Screen, verdict: Verdict) -> None:
    """It shows the end of the transcript as it is, and never showed anything else."""
    verdict.screens += 1
    rows = {one.row for one in lines}
    verdict.vanished += sum(row not in rows for row in screen.ever)
    verdict.complaints += screen.violations
    verdict.broken += len(screen.violations)


def agrees(lines: list[Kept], screen: Screen) -> bool:
    """Whether a screen shows what the database holds, from its first line to the last."""
    first = screen.rows[0].seq if screen.rows else 1
    return screen.rows == [one.row for one in lines if one.seq >= first] and bool(screen.rows)
