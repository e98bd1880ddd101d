"""The facts as other stages ask for them, and what they are fed with; what is in them: docs/reference/facts.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct, field

from aparte.attribution.rates import Rate
from aparte.attribution.store import Lead
from aparte.conversations.model import Conversation, Entry, Request
from aparte.engagements.store import Invitation, RecordDecision
from aparte.kit.days import HOUR
from aparte.routing.model import Team
from aparte.sites.model import Site, Staff
from aparte.tracking.store import Logged

HORIZONS: Mapping[str, int] = {
    "30m": HOUR // 2, "24h": 24 * HOUR, "48h": 48 * HOUR, "7d": 7 * 24 * HOUR, "31d": 31 * 24 * HOUR,
}  # fmt: skip
"""Suffix of a column -> milliseconds."""
SEALED_AFTER_MS = 31 * 24 * HOUR
"""A day is sealed so long after its end."""


class Fed(Struct, frozen=True):
    """How far the facts have come: the last line of the log, and the last line whose decisions they have."""

    log: int = 0
    decisions: int = 0


class Records(Struct, frozen=True, kw_only=True):
    """What a site's records say now; they take the place of what they said."""

    site: Site
    teams: Sequence[Team] = ()
    staff: Sequence[Staff] = ()
    merges: Mapping[str, str] = field(default_factory=dict)
    invitations: Iterable[Invitation] = ()
    conversations: Iterable[Conversation] = ()
    leads: Iterable[Lead] = ()
    requests: Iterable[Request] = ()
    rates: Sequence[Rate] = ()


class Answer(Struct, frozen=True):
    """Rows of a question, and the names of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """Each row by the names of its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class Total(Struct, frozen=True):
    """What a part of a day adds up to."""

    day: str
    """YYYY-MM-DD."""
    what: str
    """`session`, `engagement`, `order`, `refund` or `conversation`."""
    cut: dict[str, Any]
    """Which part: `{"campaign": "cart", "arm": "treated", ...}`."""
    sums: dict[str, int]


class Step(Struct, frozen=True):
    """A step of a funnel: an event by its name, a page by how its path begins; empty is any."""

    name: str = ""
    path: str = ""


class Export(Protocol):
    """Rows put aside: whoever reads them slowly holds up nobody. Closed, it is gone."""

    def parquet(self) -> Iterator[bytes]:
        """A Parquet file, piece by piece."""
        ...

    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        ...

    def rows(self) -> Iterator[Sequence[tuple[Any, ...]]]:
        """The rows, some thousand at a time."""
        ...

    def close(self) -> None:
        """Nobody reads it any more."""
        ...


class Facts(Protocol):
    """Tables that reports ask. Every call may take a while and is made in a worker thread, never on the event loop.

    Guarantees: what `take` is given is in the facts with its place in the log, or neither is; the same line taken twice
    counts once; the order in which lines come changes nothing. `ask` sees what the last `derive` has made.
    """

    def ask(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, seconds: float = 30.0) -> Answer:
        """The rows of one SELECT. Unavailable when it takes longer than so many seconds; BadInput for what is no
        SELECT."""
        ...

    def arrays(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, seconds: float = 30.0
    ) -> dict[str, Any]:
        """The columns of one SELECT as numpy arrays, masked where they may be NULL."""
        ...

    def funnel(self, site: str, steps: Sequence[Step], since: str, until: str, *, seconds: float = 30.0) -> list[int]:
        """The sessions that reached each step, in this order, of days `YYYY-MM-DD`, both included; no robots."""
        ...

    def export(self, sql: str, values: Sequence[Any] = (), *, seconds: float = 600.0) -> Export:
        """The rows of one SELECT put aside, as many as there are; Unavailable for facts that are in memory."""
        ...

    def fed(self) -> Fed:
        """How far the facts have come."""
        ...

    def describe(self, sites: Sequence[Site]) -> None:
        """The sites there are. When a currency or a time zone has changed, everything is taken anew."""
        ...

    def take(self, lines: Sequence[Logged], decisions: Sequence[RecordDecision], fed: Fed) -> None:
        """These lines and decisions, in one transaction with the place up to which they go."""
        ...

    def replace(self, records: Records) -> Mapping[str, int]:
        """What the records of a site say now. Conversation -> the entry after which its entries are missing."""
        ...

    def add_entries(self, entries: Iterable[Entry]) -> None:
        """Entries that were missing."""
        ...

    def derive(self) -> None:
        """Make all facts out of what was taken; nothing to do when nothing has changed."""
        ...

    def forget(self, site: str, visitor: str, stand_in: str) -> None:
        """A visitor is erased: his facts become those of a stand-in, an id of nobody; sums stay. In the log his lines
        have to become the stand-in's too, or a rebuild would bring him back."""
        ...

    def totals(self, site: str, since: str, until: str) -> list[Total]:
        """What the days from one to another, both included, add up to, without any id; by day."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...
