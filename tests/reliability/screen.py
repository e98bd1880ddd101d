"""What one person has before him of one conversation, and what has gone wrong with it."""

from __future__ import annotations

from typing import Any, NamedTuple

Told = dict[str, Any]


class Row(NamedTuple):
    """A line as it was shown."""

    seq: int
    by: str
    kind: str
    body: str


class Screen:
    """The lines in the order of their numbers (C2), echoes of what was written here and is not yet among them (C3)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[Row] = []
        self.echoes: dict[str, str] = {}
        self.epoch: str | None = None
        self.ever: dict[Row, None] = {}
        """All that was ever shown; whatever is not in the database has vanished."""
        self.resets = 0
        self.violations: list[str] = []

    @property
    def last(self) -> int:
        """The number of the last line."""
        return self.rows[-1].seq if self.rows else 0

    def page(self, entries: list[Told], *, again: bool = False) -> bool:
        """A page of lines; with `again` what was shown before is forgotten. False when there is a hole before it."""
        if again:
            self.resets += 1
            self.rows = []
        if not self.rows and entries:
            self._add(entries[0])
        return all(self.entry(one) for one in entries)

    def entry(self, entry: Told) -> bool:
        """One line: shown when it is the next; an older one is ignored. False for a hole, which must not be shown."""
        if entry["seq"] == self.last + 1:
            self._add(entry)
        return bool(entry["seq"] <= self.last)

    def _add(self, entry: Told) -> None:
        row = Row(entry["seq"], entry["by"], entry["kind"], entry["body"])
        if row.kind == "text" and any(one.body == row.body and one != row for one in self.rows[-200:]):
            self.violations.append(f"{self.name}: shown twice: {row}")
        cid = entry.get("cid")
        if cid in self.echoes and self.echoes.pop(cid) != row.body:
            self.violations.append(f"{self.name}: an echo became something else: {row}")
        self.rows.append(row)
        self.ever[row] = None
