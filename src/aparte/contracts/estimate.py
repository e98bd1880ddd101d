"""What is additional in a window, from the sums of both arms. Pure.

The point is exact, in fractions of whole numbers; only the interval is statistics. Everything is of all treated
visitors together: difference of the means times the treated, (T - C nT / nC).
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from msgspec import Struct

from aparte.contracts.terms import PPM, Contract
from aparte.experiments.distributions import normal_quantile
from aparte.experiments.sequential import always_valid
from aparte.experiments.statistics import Effect, Sample, welch
from aparte.kit.errors import BadInput

FEWEST = 2
"""Visitors of an arm, below which there is no interval."""


class Sums(Struct, frozen=True):
    """One arm of a window: how many visitors, the sum of their sales or of their money in minor units, of its squares.

    `binary` says that each value is 0 or 1.
    """

    n: int
    sum: int
    sumsq: float
    binary: bool = False


class Additional(Struct, frozen=True):
    """What is additional among the treated, in sales or minor units, as fractions of whole numbers."""

    point: Fraction
    low: Fraction
    high: Fraction


NOTHING = Additional(Fraction(0), Fraction(0), Fraction(0))


def bought(n: int, buyers: int) -> Sums:
    """The arm of `n` visitors of whom so many bought."""
    return Sums(n, buyers, float(buyers), binary=True)


def additional(contract: Contract, control: Sums, treated: Sums) -> Additional | None:
    """What is additional by the contract's estimator; None while an arm has fewer than two visitors."""
    if min(control.n, treated.n) < FEWEST:
        return None
    point = Fraction(treated.sum) - Fraction(control.sum) * treated.n / control.n
    effect = difference(contract, sample(control), sample(treated))
    below, above = (Fraction(end - effect.estimate) * treated.n for end in (effect.low, effect.high))
    return Additional(point, point + below, point + above)


def sample(arm: Sums) -> Sample:
    """The arm as the statistics take it; BadInput for sums that no visitors have."""
    least = arm.sum * arm.sum / arm.n
    if arm.n < 0 or not isfinite(arm.sumsq) or arm.sumsq < least * (1 - 1e-9) or (arm.binary and arm.sum > arm.n):
        raise BadInput("these sums contradict one another", where="sums", hint="sumsq is at least sum * sum / n")
    return Sample(arm.n, float(arm.sum), arm.sumsq, arm.binary)


def difference(contract: Contract, control: Sample, treated: Sample) -> Effect:
    """The mean of the treated less that of the hold-out.

    `itt_welch`: Welch's interval. `itt_normal`: the same standard error with the normal quantile. `itt_always_valid`:
    the confidence sequence, for parties who look at the figures before a window is over.
    """
    effect = welch(control, treated, contract.confidence)
    if contract.estimator == "itt_welch" or not effect.se:
        return effect
    if contract.estimator == "itt_always_valid":
        ends = always_valid(effect, control.n + treated.n, contract.confidence)
        return Effect(effect.estimate, effect.se, ends.low, ends.high, ends.p, effect.df)
    reach = normal_quantile(1 - (1 - contract.confidence) / 2) * effect.se
    return Effect(effect.estimate, effect.se, effect.estimate - reach, effect.estimate + reach, effect.p, effect.df)


def priced(contract: Contract, amount: Fraction) -> Fraction:
    """The fee for so many sales, or so much money, in minor units and not rounded yet."""
    return amount * contract.fee_rate / (1 if contract.base == "sales" else PPM)
