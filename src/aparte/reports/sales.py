"""Orders as the report counts them: which ones, for how much, and after which conversation. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct, field

from aparte.attribution.store import Lead, Order
from aparte.conversations.store import PastConversation
from aparte.reports.model import Attributed, OrderCounts


class Sale(Struct, frozen=True):
    """An order that stands, for what was not given back."""

    at: int
    amount: float


class Sales(Struct):
    """The orders that stand, by visitor, and the counts of all."""

    by_visitor: dict[str, list[Sale]] = field(default_factory=lambda: defaultdict(list))
    counts: OrderCounts = OrderCounts()

    def within(self, visitor: str, at: int, horizon: int) -> float | None:
        """What a visitor spent from a moment on for so long; None when he ordered nothing."""
        found = [sale.amount for sale in self.by_visitor.get(visitor, ()) if at <= sale.at < at + horizon]
        return sum(found) if found else None


def sales_of(orders: Iterable[Order], since: int, until: int, currency: str) -> Sales:
    """The orders of a stretch of time; once the shop's server confirms any of them, claims no longer count.

    A cancelled order (all given back) is none. An amount in another currency is left out, the order counts.
    """
    told = [order for order in orders if since <= order.at < until]
    confirmed = sum(order.confirmed for order in told)
    counted = [order for order in told if order.confirmed or not confirmed]
    standing = [order for order in counted if not cancelled(order)]
    sales = Sales()
    for order in standing:
        sales.by_visitor[order.visitor].append(Sale(order.at, net(order, currency)))
    sales.counts = OrderCounts(
        confirmed_only=bool(confirmed),
        confirmed=confirmed,
        claimed=len(told) - confirmed,
        cancelled=len(counted) - len(standing),
        foreign=sum(is_foreign(order, currency) for order in standing),
    )
    return sales


def sales_of_leads(leads: Iterable[Lead], since: int, until: int) -> Sales:
    """The leads of a stretch of time, as if they were orders of nothing: whoever became one has reached the goal.

    Once the shop's server confirms any of them, those that only a browser has told no longer count.
    """
    told = [lead for lead in leads if since <= lead.at < until]
    sure = any(lead.confirmed for lead in told)
    sales = Sales()
    for lead in told:
        if lead.confirmed or not sure:
            sales.by_visitor[lead.visitor].append(Sale(lead.at, 0.0))
    return sales


def cancelled(order: Order) -> bool:
    """Everything was given back."""
    return order.total > 0 and order.refunded >= order.total


def is_foreign(order: Order, currency: str) -> bool:
    """Its amount is in another currency than the site's."""
    return bool(order.currency) and order.currency != currency


def net(order: Order, currency: str) -> float:
    """Tax and shipping included, refunds taken off."""
    return 0.0 if is_foreign(order, currency) else order.total - order.refunded


def attributed(
    sales: Sales, conversations: Sequence[PastConversation], since: int, until: int, window: int
) -> Attributed:
    """Orders of the period from an agent's first answer until `window` after the conversation; each counts once."""
    talks: dict[str, list[PastConversation]] = defaultdict(list)
    for one in conversations:
        if one.answered_at is not None:
            talks[one.visitor].append(one)
    found = [
        sale.amount
        for visitor, mine in talks.items()
        for sale in sales.by_visitor.get(visitor, ())
        if since <= sale.at < until and any(follows(sale, one, window) for one in mine)
    ]
    answered = sum(since <= (one.answered_at or 0) < until for mine in talks.values() for one in mine)
    return Attributed(orders=len(found), revenue=sum(found), conversations=answered)


def follows(sale: Sale, talk: PastConversation, window: int) -> bool:
    """Whether an order comes after an agent's answer, and soon enough after the end."""
    return talk.answered_at is not None and talk.answered_at <= sale.at < max(talk.last_at, talk.answered_at) + window
