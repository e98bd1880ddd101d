"""Orders: what the thank-you page shows, and what the shop's server tells Aparté with its secret key."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from aparte.kit.ids import stable_id
from aparte.simulation.shop import basket
from aparte.simulation.shop.model import CURRENCY, Language, Line, Totals

MOST_KEPT = 500


class Order(Struct, frozen=True):
    """A paid order. `visitor` is the tag's id of the visitor, when the page knew it; `customer` a hash of the email."""

    id: str
    language: Language
    lines: tuple[Line, ...]
    totals: Totals
    visitor: str
    customer: str
    shipping_method: str

    def properties(self) -> dict[str, Any]:
        """The order as `Order Completed` wants it, amounts in euro."""
        sums = self.totals
        return {
            "order_id": self.id,
            "total": sums.total / 100,
            "revenue": (sums.subtotal - sums.discount) / 100,
            "shipping": sums.shipping / 100,
            "discount": sums.discount / 100,
            "currency": CURRENCY,
            "products": [line.product.properties(self.language, line.quantity, line.size) for line in self.lines],
        }

    def told(self) -> dict[str, Any]:
        """A `track` message for /v1/track: the order of this visitor, or of this customer when none is known."""
        who = {"anonymousId": self.visitor} if self.visitor else {"userId": self.customer}
        message = {"type": "track", "event": "Order Completed", "messageId": f"confirmed-{self.id}"}
        return message | who | {"properties": self.properties()}


def order_of(id_: str, language: Language, lines: tuple[Line, ...], coupon: str, form: Mapping[str, str]) -> Order:
    """The order that a filled-in checkout makes."""
    pickup = form.get("delivery") == "pickup"
    customer = stable_id("customer", form.get("email", "").strip().casefold())
    visitor = form.get("visitor", "")
    known = visitor if len(visitor) <= 64 and visitor.isalnum() else ""
    sums = basket.totals(lines, coupon, pickup=pickup)
    return Order(id_, language, lines, sums, known, customer, "pickup" if pickup else "home")


class Orders:
    """The last orders, so that the thank-you page survives a reload."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Order] = OrderedDict()

    def keep(self, order: Order) -> None:
        """Remember an order; the oldest goes when there are too many."""
        self._kept[order.id] = order
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def get(self, order_id: str) -> Order | None:
        """The order of this id."""
        return self._kept.get(order_id)
