"""What this stage needs from outside."""

from __future__ import annotations

from collections.abc import Sized
from typing import Protocol

from aparte.sessions.model import VisitorState
from aparte.tracking.store import SeenIds


class IdSet(SeenIds, Sized, Protocol):
    """Ids that have been seen, and how many."""


class OrderLedger(Protocol):
    """Remembers which orders a site has had."""

    def claim(self, order_id: str, total: float) -> tuple[bool, float]:
        """Tell whether the order is new, and the amount that this event adds to the revenue.

        An order counts once; its total is the first one that is not zero.
        """
        ...


class OrderBook(OrderLedger, Protocol):
    """A ledger that also adds up."""

    @property
    def count(self) -> int:
        """Different orders so far."""
        ...

    @property
    def revenue(self) -> float:
        """Sum of their totals, in the shop's currency."""
        ...


class VisitorStore(Protocol):
    """Keeps the summaries of visitors without an open session."""

    def load(self, visitor_id: str) -> VisitorState | None:
        """The summary that was saved last; a state of its own that the caller may change."""
        ...

    def save(self, visitor: VisitorState) -> None:
        """Keep this summary in the place of the one before; the caller gives it away."""
        ...
