"""The orders of a site, counted in memory: 16 bytes for each order, however many there are."""

from __future__ import annotations

from aparte.backends.memory.seen import SeenIds

MILLIONTHS = 1_000_000


class MemoryOrders:
    """An OrderBook. Amounts are summed in whole millionths, so the order of the orders does not change the sum."""

    def __init__(self) -> None:
        self._with_total = SeenIds(None)
        self._without = SeenIds(None)
        self._revenue = 0
        self._count = 0

    def claim(self, order_id: str, total: float) -> tuple[bool, float]:
        """See OrderLedger."""
        if total:
            if not self._with_total.add(order_id, 0):
                return False, 0.0
            self._revenue += round(total * MILLIONTHS)
            new = order_id not in self._without
        else:
            new = order_id not in self._with_total and self._without.add(order_id, 0)
        self._count += new
        return new, total

    @property
    def count(self) -> int:
        """Different orders so far."""
        return self._count

    @property
    def revenue(self) -> float:
        """Sum of their totals, in the shop's currency."""
        return self._revenue / MILLIONTHS
