"""What inviting has added, as the comparison with the hold-out says it: the numbers that costs are set against."""

from __future__ import annotations

from typing import Protocol

from aparte.reports.kpis.model import Bound, Incremental


class Range(Protocol):
    """An estimate with its bounds."""

    @property
    def estimate(self) -> float:
        """The number."""

    @property
    def low(self) -> float:
        """Of 95 %."""

    @property
    def high(self) -> float:
        """Of 95 %."""


class Earned(Protocol):
    """What the treated of a comparison have brought more than they would have without it; amounts in minor units."""

    @property
    def orders(self) -> Range:
        """Orders."""

    @property
    def revenue(self) -> Range:
        """Revenue."""

    @property
    def margin(self) -> Range | None:
        """Margin, where the catalogue knows it."""


def incremental(earned: Earned | None) -> Incremental | None:
    """The numbers of a comparison; None where it cannot be read."""
    if earned is None:
        return None
    return Incremental(bound(earned.orders), bound(earned.revenue), bound(earned.margin))


def bound(of: Range | None) -> Bound | None:
    """One number with its bounds."""
    return None if of is None else Bound(of.estimate, of.low, of.high)
