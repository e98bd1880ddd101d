"""What a further telling makes of an order. Pure, so that every back end decides alike."""

from __future__ import annotations

from msgspec.structs import replace

from aparte.attribution.store import Order, RecordOrder
from aparte.kit.money import from_millionths, to_millionths


def exact(amount: float) -> float:
    """The amount as it is kept, in whole millionths."""
    return from_millionths(to_millionths(amount))


def first_told(told: RecordOrder) -> Order:
    """An order of which nobody has spoken before."""
    return Order(
        site=told.site,
        order_id=told.order_id,
        visitor=told.visitor,
        at=told.at,
        confirmed=told.confirmed,
        total=exact(told.total),
        revenue=exact(told.revenue),
        currency=told.currency,
    )


def told_again(order: Order, told: RecordOrder) -> Order:
    """The order after this telling of it; see RecordOrder. An empty visitor is one who is unknown to the tag."""
    visitor = order.visitor or told.visitor
    surer = told.confirmed and not order.confirmed
    fuller = told.confirmed == order.confirmed and not order.total and bool(exact(told.total))
    if not (surer or fuller):
        return replace(order, visitor=visitor)
    total, revenue = exact(told.total), exact(told.revenue)
    return replace(
        order, visitor=visitor, confirmed=told.confirmed, total=total, revenue=revenue, currency=told.currency
    )
