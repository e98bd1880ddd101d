"""Money as whole millionths of the currency's unit, so that sums are exact whatever their order."""

from __future__ import annotations

MILLIONTHS = 1_000_000
MOST = 10**10
"""Units; what claims to be more is no money, and must not break a sum of 64-bit numbers."""


def to_millionths(amount: float) -> int:
    """The nearest whole number of millionths; at most `MOST` units to either side, 0 for what is no number."""
    if amount != amount:  # noqa: PLR0124  only NaN differs from itself
        return 0
    return round(max(-MOST, min(MOST, amount)) * MILLIONTHS)


def from_millionths(millionths: int) -> float:
    """The amount in units of the currency."""
    return millionths / MILLIONTHS
