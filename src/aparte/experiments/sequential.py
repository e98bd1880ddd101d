"""An interval that may be looked at every day: the asymptotic confidence sequence. Pure.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, arXiv 2103.06476v7, equations 9 and 155; tuned as by gbstats.
"""

from __future__ import annotations

from math import exp, log, sqrt

from msgspec import Struct

from aparte.experiments.statistics import Effect
from aparte.kit.errors import BadInput

TUNED = 5000
"""Visitors in both arms together at which the interval is narrowest for what it promises."""
LEAST_ORDERS = 20
"""In each arm: from here on the simulations in tests/experiments show that the promise holds."""


class AlwaysValid(Struct, frozen=True):
    """Bounds that hold the truth at all looks at once with the confidence asked for, and p for the same promise."""

    low: float
    high: float
    p: float


def always_valid(effect: Effect, n: int, confidence: float = 0.95, tuned: int = TUNED) -> AlwaysValid:
    """The confidence sequence around an estimate from `n` visitors of both arms together, in the estimate's unit.

    The half width is se times `always_reach`, and p = sqrt(t + 1) exp(-t z^2 / (2 (t + 1))), at most 1, with its t and
    z = estimate / se. Asymptotic: not before some 20 orders in each arm. Raises BadInput without visitors or spread.
    """
    if n < 1 or effect.se <= 0 or tuned < 1:
        raise BadInput("no spread to reckon with", where="always_valid", hint="wait for the first orders")
    t = seen_by(n, confidence, tuned)
    reach = effect.se * always_reach(n, confidence, tuned)
    z = effect.estimate / effect.se
    p = exp(min(0.5 * log(t + 1) - t * z * z / (2 * (t + 1)), 0.0))
    return AlwaysValid(effect.estimate - reach, effect.estimate + reach, p)


def always_reach(n: float, confidence: float = 0.95, tuned: int = TUNED) -> float:
    """How many standard errors the interval reaches to each side after `n` visitors of both arms together.

    sqrt(2 (t + 1) / t * ln(sqrt(t + 1) / alpha)) with alpha = 1 - confidence and t = n rho^2; 1.96 of a fixed interval.
    """
    t = seen_by(n, confidence, tuned)
    return sqrt(2 * (t + 1) / t * log(sqrt(t + 1) / (1 - confidence)))


def seen_by(n: float, confidence: float, tuned: int) -> float:
    """t = n rho^2, rho^2 = (-2 ln alpha + ln(1 - 2 ln alpha)) / tuned."""
    alpha = 1 - confidence
    return n * (-2 * log(alpha) + log(1 - 2 * log(alpha))) / tuned
