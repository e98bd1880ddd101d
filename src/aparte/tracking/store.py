"""What tracking needs to remember."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from msgspec import Struct

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


class Logged(Struct, frozen=True, array_like=True):
    """One line of the log, the truth from which everything can be made again. `seq` is its place in the one order."""

    seq: int
    site: str
    received_at: int
    at: int
    visitor: str
    """Empty for a fact of the site."""
    kind: str
    """`page`, `track`, ... or the name of a fact."""
    name: str
    """The event of a track, else empty."""
    message_id: str
    """Empty for a fact."""
    line: bytes
    """JSON, as `Normaliser(trusted=True)` reads it and `aparte export events` writes it."""


class AppendLog(Struct, frozen=True):
    """Append these lines; their `seq` follow one another and are greater than all before."""

    rows: Sequence[Logged]


class CountMessages(Struct, frozen=True):
    """Add to a site's counters: received = accepted + duplicate + quarantined + refused."""

    site: str
    received: int
    accepted: int
    duplicate: int
    quarantined: dict[str, int]
    refused: dict[str, int]


class KeepQuarantined(Struct, frozen=True):
    """Keep an excerpt of a message that was not accepted, at most 100 a site and reason; older ones go."""

    site: str
    received_at: int
    reason: str
    detail: str
    excerpt: str


class SaveTraits(Struct, frozen=True):
    """What the shop says of a customer; it takes the place of what was kept."""

    site: str
    user_id: str
    traits: dict[str, Any]
    at: int


class LinkIdentity(Struct, frozen=True):
    """A visitor is proven to be this customer; kept once."""

    site: str
    user_id: str
    visitor: str
    at: int


class RecordMerge(Struct, frozen=True):
    """A visitor has turned out to be the person whose oldest identity is `root`; the last word counts."""

    site: str
    visitor: str
    root: str
    at: int


class IdentityReader(Protocol):
    """Reads as of the last commit; quick, may be called on the event loop."""

    def traits(self, site: str, user_id: str) -> dict[str, Any] | None:
        """What the shop says of a customer; None when it has said nothing."""
        ...

    def identities(self, site: str, user_id: str) -> list[str]:
        """The visitors who are proven to be this customer, the first first."""
        ...

    def merges(self, site: str) -> dict[str, str]:
        """Visitor -> oldest identity of the person; for visitors who are part of a merge."""
        ...


class LogReader(Protocol):
    """Reads as of the last commit."""

    def last_seq(self) -> int:
        """The place of the last line; 0 in an empty log."""
        ...

    def log(self, after: int = 0, site: str | None = None, visitor: str | None = None) -> Iterator[Logged]:
        """The lines after this place, in their order; of one site, of one visitor."""
        ...

    def recent_ids(self, since: int) -> Iterator[tuple[str, str, int]]:
        """(site, message id, received at) of the events that arrived after `since`, oldest first."""
        ...

    def counts(self, site: str) -> CountMessages:
        """A site's counters."""
        ...
