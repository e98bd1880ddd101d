"""What tracking needs to remember."""

from __future__ import annotations

from typing import Protocol

WINDOW = 72 * 3_600_000


class SeenIds(Protocol):
    """The message ids of the last 72 hours of one site.

    Guarantees: within one process two calls with the same id never both answer True; a durable store answers as of the
    last committed transaction plus the current one. It may forget an id once 72 h of newer ids have come, never before.
    """

    def add(self, id: str, at: int) -> bool:
        """Remember the id; True when it was not seen within the 72 h before `at` (exactly 72 h ago is outside)."""
        ...

    def __len__(self) -> int:
        """How many ids are remembered."""
        ...
