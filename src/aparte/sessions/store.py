"""What this stage needs from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Sized
from typing import Protocol

from msgspec import Struct

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


class KeptVisitor(Struct, frozen=True, array_like=True):
    """A visitor at rest: the summary, and the open session if there is one, each as msgpack."""

    site: str
    visitor: str
    seq: int
    """Place in the log of the last line that is folded in."""
    summary: bytes
    session: bytes | None = None


class SaveCheckpoint(Struct, frozen=True):
    """Everything up to `seq` is folded into what is saved here and before.

    `sites` are states of sites as msgpack, by id. Together with the log after `seq` this is the whole state.
    """

    seq: int
    sites: dict[str, bytes]
    visitors: Sequence[KeptVisitor]


class CheckpointReader(Protocol):
    """Reads as of the last commit."""

    def checkpoint(self) -> tuple[int, dict[str, bytes]]:
        """Place and site states of the last checkpoint; (0, {}) before the first."""
        ...

    def open_visitors(self) -> Iterator[KeptVisitor]:
        """Visitors with an open session in the last checkpoint."""
        ...

    def visitor(self, site: str, visitor: str) -> KeptVisitor | None:
        """One visitor at rest; quick, may be called on the event loop."""
        ...
