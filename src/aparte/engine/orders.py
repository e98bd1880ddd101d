"""The orders of a site that have been told, exactly as of one place in the log."""

from __future__ import annotations

from aparte.sessions.store import CheckpointReader, KeptVisitor

SUFFIX = "/orders"
"""Orders rest beside the visitors, as rows of this site of their own: they belong to the same checkpoint.

The table of orders would not do: it knows every order that was ever told, also those of the lines after the checkpoint,
which are folded once more after a restart and have to find the ledger as it was.
"""
WITH_TOTAL, WITHOUT = b"1", b"0"


class OrdersAtRest:
    """An OrderLedger: in memory what was told since the last checkpoint, the others on the disk."""

    def __init__(self, store: CheckpointReader, site: str) -> None:
        self.store, self.site = store, site + SUFFIX
        self.told: dict[str, bool] = {}
        """Whether an order has had a total."""
        self.changed: set[str] = set()

    def claim(self, order_id: str, total: float) -> tuple[bool, float]:
        """See OrderLedger."""
        known = self.known(order_id)
        if known or (known is not None and not total):
            return False, total if not total else 0.0
        self.told[order_id] = bool(total)
        self.changed.add(order_id)
        return known is None, total

    def known(self, order_id: str) -> bool | None:
        """Whether the order has had a total; None when nobody has told of it."""
        if order_id in self.told:
            return self.told[order_id]
        kept = self.store.visitor(self.site, order_id)
        return None if kept is None else kept.summary == WITH_TOTAL

    def rows(self, seq: int) -> list[KeptVisitor]:
        """What has changed since this was asked last, for the checkpoint."""
        changed, self.changed = self.changed, set()
        return [KeptVisitor(self.site, one, seq, WITH_TOTAL if self.told[one] else WITHOUT) for one in changed]

    def saved(self, rows: list[KeptVisitor]) -> None:
        """These are on the disk now."""
        for row in rows:
            if row.visitor not in self.changed:
                self.told.pop(row.visitor, None)
