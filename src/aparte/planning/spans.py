"""Figures with their ranges, worked with as a whole: what follows from ranges, and whether two of them can agree."""

from __future__ import annotations

from itertools import product
from operator import mul, sub, truediv
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.planning.inputs import Estimate

SLACK = 0.01
"""How far two figures may differ, relatively, by having been rounded."""


class Span(Struct, frozen=True):
    """A figure from low to high; what is worked out of several is as wide as all of them together allow."""

    low: float
    value: float
    high: float

    def __mul__(self, other: Span) -> Span:
        return spanned(mul, self, other)

    def __sub__(self, other: Span) -> Span:
        return spanned(sub, self, other)

    def __truediv__(self, other: Span) -> Span:
        return spanned(truediv, self, other)

    def above(self, other: Span) -> bool:
        """Whether it lies wholly above the other, more than rounding explains."""
        return self.low > other.high + SLACK * max(abs(self.value), abs(other.value))

    def apart(self, other: Span) -> bool:
        """Whether the two cannot be the same figure."""
        return self.above(other) or other.above(self)

    def above_nothing(self) -> bool:
        """Whether it can be divided by."""
        return self.low > 0


def spanned(operation: Callable[[float, float], float], one: Span, other: Span) -> Span:
    """The operation over all corners of the two."""
    corners = [
        operation(a, b) for a, b in product((one.low, one.value, one.high), (other.low, other.value, other.high))
    ]
    return Span(min(corners), operation(one.value, other.value), max(corners))


def span_of(estimate: Estimate) -> Span:
    """An input as a span."""
    return Span(estimate.low, estimate.value, estimate.high)


def exact(value: float) -> Span:
    """A figure without a range."""
    return Span(value, value, value)


def percent(share: float) -> str:
    """`11.5%`."""
    return f"{100 * share:.3g}%"


def pp(difference: float) -> str:
    """`+0.91 pp`."""
    return f"{100 * difference:+.3g} pp"


def whole(count: float) -> str:
    """`20,000`."""
    return f"{count:,.0f}"
