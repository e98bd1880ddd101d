"""What all tellings of an order make of it, whatever their order. Pure.

A telling by the shop's server rules over those of browsers; of two of a kind the first by its own time with a total
that is not zero. Refunds count on their own day and take from the order they belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.attribution.rates import RateTable, rate_on
from aparte.kit.days import HOUR
from aparte.kit.money import converted, to_minor

MOST = 100_000_000.0
"""Units of a currency; an order of more is no order of a shop."""
EARLIEST = 946_684_800_000
"""2000-01-01: no shop of ours had orders before."""
AHEAD = 24 * HOUR

Flag: TypeAlias = Literal["", "no_rate", "negative", "absurd", "clock"]
RefundFlag: TypeAlias = Literal["", "unknown_order", "unconfirmed", "more_than_order", "no_rate", "clock", "absurd"]


class Line(Struct, frozen=True):
    """A line of an order; `price` and `margin` of one piece, in units of the order's currency."""

    product: str
    quantity: int
    price: float | None = None
    margin: float | None = None
    category: str = ""


class Telling(Struct, frozen=True, kw_only=True):
    """An order as one event tells it; amounts in units of `currency`. `key` knows the event again."""

    order_id: str
    key: int
    visitor: int | None
    at: int
    received_at: int
    confirmed: bool
    total: float
    revenue: float
    currency: str
    discount: float | None = None
    lines: tuple[Line, ...] = ()


class Return(Struct, frozen=True, kw_only=True):
    """Money given back, as one event tells it; all of the order when `amount` is None."""

    order_id: str
    key: int
    at: int
    received_at: int
    confirmed: bool
    amount: float | None = None


class OrderFact(Struct, frozen=True, kw_only=True):
    """A row of `orders`, as far as tellings alone make it; see docs/reference/facts.md."""

    order_id: str
    visitor: int | None
    at: int
    day: date
    confirmed: bool
    currency: str
    own_total: int
    own_revenue: int
    own_refunded: int
    rate: Decimal | None
    total: int | None
    revenue: int | None
    refunded: int | None
    amount: int | None
    margin: int | None
    discount: int | None
    items: int
    cancelled: bool
    flag: Flag
    lines: tuple[Line, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it counts as an order."""
        return not self.cancelled and self.flag in ("", "no_rate")


class RefundFact(Struct, frozen=True, kw_only=True):
    """A row of `refund`; amounts are above 0."""

    key: int
    order_id: str
    at: int
    day: date
    own_amount: int
    amount: int | None
    confirmed: bool
    flag: RefundFlag


class Books(Struct, frozen=True):
    """By what the orders of a site are kept."""

    currency: str
    rates: RateTable
    day_of: Callable[[int], date]
    """The day of a moment at the site."""


def ruling(tellings: Iterable[Telling]) -> Telling:
    """The telling whose amounts count."""
    return min(tellings, key=lambda one: (not one.confirmed, not one.total, one.at, one.key))


def flag_of(told: Telling, rate: Decimal | None) -> Flag:
    """Why an order is in no sum; empty when it is in."""
    sums = (told.total, told.revenue)
    if not all(-MOST <= one <= MOST for one in sums):  # also of what is no number
        return "absurd"
    if told.total < 0 or told.revenue < 0:
        return "negative"
    if not EARLIEST <= told.at <= told.received_at + AHEAD:
        return "clock"
    return "" if rate is not None else "no_rate"


def settled(
    tellings: Sequence[Telling], returns: Iterable[Return], books: Books
) -> tuple[OrderFact | None, list[RefundFact]]:
    """An order after all that was told of it, and its refunds; no order when there are only refunds."""
    if not tellings:
        return None, [unknown(one, books) for one in in_order(returns)]
    first, told = min(tellings, key=lambda one: (one.at, one.key)), ruling(tellings)
    day = books.day_of(first.at)
    rate = rate_on(day, told.currency, books.currency, books.rates)
    flag = flag_of(told, rate)
    own_total = 0 if flag == "absurd" else to_minor(told.total, told.currency)
    refunds = refunds_of(told, own_total, rate if not flag else None, returns, books)
    back = sum(one.own_amount for one in refunds if one.flag in COUNTED)
    return order_fact(
        told, tellings, (first.at, day), rate if not flag else None, flag, own_total, back, books
    ), refunds


COUNTED = ("", "more_than_order", "no_rate")
"""Flags of refunds that take from their order."""


def order_fact(
    told: Telling,
    tellings: Sequence[Telling],
    when: tuple[int, date],
    rate: Decimal | None,
    flag: Flag,
    own_total: int,
    back: int,
    books: Books,
) -> OrderFact:
    """The row, from the telling that rules."""
    own_revenue = 0 if flag == "absurd" else to_minor(told.revenue, told.currency)
    ours = Exchange(told.currency, books.currency, rate)
    total, refunded = ours(own_total), ours(back)
    return OrderFact(
        order_id=told.order_id,
        visitor=known_visitor(tellings),
        at=when[0],
        day=when[1],
        confirmed=told.confirmed,
        currency=told.currency,
        own_total=own_total,
        own_revenue=own_revenue,
        own_refunded=back,
        rate=rate,
        total=total,
        revenue=ours(own_revenue),
        refunded=refunded,
        amount=None if total is None or refunded is None else total - refunded,
        margin=margin_of(told, own_total, back, ours),
        discount=None if told.discount is None else ours(to_minor(abs(told.discount), told.currency)),
        items=sum(one.quantity for one in told.lines),
        cancelled=0 < own_total <= back,
        flag=flag,
        lines=told.lines,
    )


class Exchange(Struct, frozen=True):
    """Own minor units into those of the report; None without a rate."""

    own: str
    report: str
    rate: Decimal | None

    def __call__(self, minor: int) -> int | None:
        """The amount in the report currency."""
        return None if self.rate is None else converted(minor, self.own, self.report, self.rate)


def known_visitor(tellings: Iterable[Telling]) -> int | None:
    """Whose order it is: the visitor of the first telling that knows one."""
    known = [(one.at, one.key, one.visitor) for one in tellings if one.visitor is not None]
    return min(known)[2] if known else None


def margin_of(told: Telling, own_total: int, back: int, ours: Exchange) -> int | None:
    """What its lines earn, in the share that was not given back; None unless the margin of each is known."""
    if not told.lines or any(one.margin is None for one in told.lines):
        return None
    whole = sum((Decimal(repr(one.margin or 0)) * one.quantity for one in told.lines), Decimal(0))
    kept = Decimal(own_total - back) / own_total if own_total else Decimal(1)
    return ours(to_minor(float(whole * kept), told.currency)) if abs(whole) <= MOST else None


def in_order(returns: Iterable[Return]) -> list[Return]:
    """Refunds by their own time."""
    return sorted(returns, key=lambda one: (one.at, one.key))


def refunds_of(
    told: Telling, own_total: int, rate: Decimal | None, returns: Iterable[Return], books: Books
) -> list[RefundFact]:
    """The refunds of an order, the first first: together they never give back more than its total."""
    left, found = own_total, []
    ours = Exchange(told.currency, books.currency, rate)
    for one in in_order(returns):
        wanted = own_total if one.amount is None else to_minor(min(abs(one.amount), MOST), told.currency)
        flag = refund_flag(one, told, wanted, left, rate)
        taken = min(wanted, left)
        counts = flag in COUNTED
        left -= taken if counts else 0
        amount = taken if counts else wanted
        found.append(
            RefundFact(
                key=one.key, order_id=one.order_id, at=one.at, day=books.day_of(one.at), own_amount=amount,
                amount=ours(amount) if counts else None, confirmed=one.confirmed, flag=flag,
            )
        )  # fmt: skip
    return found


def refund_flag(one: Return, told: Telling, wanted: int, left: int, rate: Decimal | None) -> RefundFlag:
    """Why a refund is in no sum, or not whole."""
    if one.amount is not None and abs(one.amount) > MOST:
        return "absurd"
    if not EARLIEST <= one.at <= one.received_at + AHEAD:
        return "clock"
    if told.confirmed and not one.confirmed:
        return "unconfirmed"
    if rate is None:
        return "no_rate"
    return "more_than_order" if wanted > left else ""


def unknown(one: Return, books: Books) -> RefundFact:
    """A refund of an order that nobody has told of: kept, in no sum, and found again when the order is told."""
    own = 0 if one.amount is None or not abs(one.amount) <= MOST else to_minor(abs(one.amount), books.currency)
    day = books.day_of(one.at)
    return RefundFact(
        key=one.key, order_id=one.order_id, at=one.at, day=day, own_amount=own, amount=None, confirmed=one.confirmed,
        flag="unknown_order",
    )  # fmt: skip
