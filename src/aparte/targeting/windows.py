"""Measures over a moving window (t - d, t]: what is exactly d old is out.

Each keeps at most `KEEP` entries, the youngest, so that no visitor can make a session grow without end.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from msgspec import Struct, field

KEEP = 1000


class Window(Struct, gc=False):
    """Times, oldest first, and a value beside each."""

    span_ms: int
    times: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, now: int, value: Any) -> None:
        """Take one entry in and let go what is too old."""
        gone = max(bisect_right(self.times, now - self.span_ms), len(self.times) + 1 - KEEP)
        if gone > 0:
            del self.times[:gone], self.values[:gone]
        self.times.append(now)
        self.values.append(value)

    def live(self, now: int) -> list[Any]:
        """The values still inside the window."""
        return self.values[bisect_right(self.times, now - self.span_ms) :]

    def count(self, now: int) -> int:
        """How many entries are inside."""
        return len(self.times) - bisect_right(self.times, now - self.span_ms)

    def sum(self, now: int) -> float:
        """Sum of the values inside; millionths are cut off."""
        return round(float(sum(self.live(now))), 6)

    def distinct(self, now: int) -> int:
        """How many different values are inside."""
        return len(set(self.live(now)))

    def changes_at(self, now: int) -> int | None:
        """When the oldest entry inside leaves; none when nothing is inside."""
        first = bisect_right(self.times, now - self.span_ms)
        return self.times[first] + self.span_ms if first < len(self.times) else None


class Progress(Struct, gc=False):
    """How far a sequence has come: for each step, the latest possible start of a run that has reached it."""

    starts: list[int | None]
    completed: int = 0
