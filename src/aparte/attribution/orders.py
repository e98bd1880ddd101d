"""What an event says of an order, and what a further telling makes of it. Pure, for all back ends."""

from __future__ import annotations

from msgspec.structs import replace

from aparte.attribution.store import Order, RecordOrder, RecordRefund
from aparte.kit.money import from_millionths, to_millionths
from aparte.sessions import typed
from aparte.tracking.model import Track


def sums_of(site: str, currency: str, event: Track) -> RecordOrder | RecordRefund | None:
    """What an event says of an order, in `currency` unless it says another; None when it does not name one."""
    read = event.properties.get
    found = read("order_id")
    order_id = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    if not order_id:
        return None
    sums = [typed.number(read(name)) for name in ("total", "value", "revenue")]
    amount = next((abs(float(one)) for one in sums if one is not None), None)
    if event.event != "Order Completed":
        amount = None if event.event == "Order Cancelled" else amount
        return RecordRefund(site, order_id, event.message_id, event.at, amount, event.trusted)
    total = float(read("total") or read("revenue") or 0.0)
    revenue = typed.number(read("revenue"))
    worth = total if revenue is None else float(revenue)
    return RecordOrder(
        site, order_id, event.visitor, event.at, event.trusted, total, worth, typed.text(read("currency")) or currency
    )


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
