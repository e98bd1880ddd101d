"""What this stage writes and reads: orders, what was given back, leads, rates, sealed days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from msgspec import Struct

from aparte.attribution.rates import Rate


class RecordOrder(Struct, frozen=True):
    """An order, once per (site, order id).

    Told again it only becomes more certain: a confirmed telling (secret key) makes the order confirmed and its amounts
    rule; of two of the same kind the first total that is not zero stays. The visitor that was told first stays, unless
    he was unknown to the tag and the other telling knows him.
    """

    site: str
    order_id: str
    visitor: str
    at: int
    confirmed: bool
    total: float
    """Tax and shipping included, in `currency`."""
    revenue: float
    """Without tax and shipping, as far as the shop says so."""
    currency: str


class RecordRefund(Struct, frozen=True):
    """Money given back for an order, once per (site, message id); the whole total when `amount` is None (cancelled)."""

    site: str
    order_id: str
    message_id: str
    at: int
    amount: float | None
    confirmed: bool


class Order(Struct, frozen=True):
    """An order as the reports read it; `refunded` at most `total`."""

    site: str
    order_id: str
    visitor: str
    at: int
    confirmed: bool
    total: float
    revenue: float
    currency: str
    refunded: float = 0.0


class RecordLead(Struct, frozen=True):
    """A lead, once per (site, lead id). Told again it only becomes more certain, as an order does."""

    site: str
    lead_id: str
    visitor: str
    at: int
    confirmed: bool
    point_of_sale: str
    data: dict[str, Any]


class Lead(Struct, frozen=True):
    """A lead as staff and reports read it. `point_of_sale` is empty when none of them serves it."""

    site: str
    lead_id: str
    visitor: str
    at: int
    confirmed: bool
    point_of_sale: str
    data: dict[str, Any]


class LeadReader(Protocol):
    """Reads as of the last commit."""

    def leads(self, site: str) -> Iterator[Lead]:
        """All leads of a site, in the order of their time."""
        ...


class OrderReader(Protocol):
    """Reads as of the last commit."""

    def orders(self, site: str) -> Iterator[Order]:
        """All orders of a site, in the order of their time."""
        ...


class SaveRates(Struct, frozen=True):
    """Rates of exchange of a site; one of a day and currency that is known takes its place."""

    site: str
    rates: Sequence[Rate]


class SealedDay(Struct, frozen=True):
    """The totals of a site's day, without any id, kept when its events are gone."""

    site: str
    day: str
    """YYYY-MM-DD."""
    sealed_at: int
    totals: str
    """JSON: a list of [what, cut, sums]; see docs/reference/facts.md."""


class SealDay(Struct, frozen=True):
    """Seal a day. Result: whether it was not sealed before; a sealed one stays as it is."""

    day: SealedDay


class LedgerReader(Protocol):
    """Reads as of the last commit."""

    def rates(self, site: str) -> Sequence[Rate]:
        """All rates of a site, by day and currency."""
        ...

    def sealed_days(self, site: str, since: str = "", until: str = "9999") -> Sequence[SealedDay]:
        """The sealed days of a site from one day to another, both included, in their order."""
        ...
