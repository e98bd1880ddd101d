"""Visitors at rest: the youngest in memory, the others in a temporary SQLite file that the system removes."""

from __future__ import annotations

import sqlite3

import msgspec

from aparte.sessions.model import VisitorState

IN_MEMORY = 20_000


class SpillingVisitors:
    """A VisitorStore for one process: memory stays flat however many visitors there are.

    It holds at most `in_memory` summaries; beyond that the older half moves to disk. Nothing survives the process.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._young: dict[str, VisitorState] = {}
        self._most = in_memory
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(VisitorState).decode
        # The empty name is a temporary database on disk; nothing in it has to survive, so nothing is synced.
        self._disk = sqlite3.connect("", isolation_level=None)
        self._disk.execute("PRAGMA journal_mode=OFF")
        self._disk.execute("PRAGMA synchronous=OFF")
        self._disk.execute("CREATE TABLE visitors (id TEXT PRIMARY KEY, summary BLOB NOT NULL) WITHOUT ROWID")

    def load(self, visitor_id: str) -> VisitorState | None:
        """See VisitorStore."""
        young = self._young.pop(visitor_id, None)
        if young is not None:
            return young
        row = self._disk.execute("SELECT summary FROM visitors WHERE id = ?", (visitor_id,)).fetchone()
        return None if row is None else self._decode(row[0])

    def save(self, visitor: VisitorState) -> None:
        """See VisitorStore."""
        self._young[visitor.id] = visitor
        if len(self._young) > self._most:
            self._spill(len(self._young) // 2)

    def close(self) -> None:
        """Let the temporary file go."""
        self._disk.close()

    def _spill(self, count: int) -> None:
        oldest = [self._young.pop(visitor_id) for visitor_id in list(self._young)[:count]]
        rows = sorted((visitor.id, self._encode(visitor)) for visitor in oldest)
        self._disk.execute("BEGIN")
        self._disk.executemany("INSERT OR REPLACE INTO visitors VALUES (?, ?)", rows)
        self._disk.execute("COMMIT")
