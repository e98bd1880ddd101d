"""Estimates and their intervals: pure arithmetic on sums, with nothing but `math`.

Every function says its formula and where it is from; docs/reference/first-report.md shows them at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, isfinite, sqrt
from typing import Protocol

from msgspec import Struct

from aparte.experiments.distributions import chi2_tail, normal_quantile, normal_reach, t_quantile, t_two_sided
from aparte.kit.errors import BadInput

SRM_ALARM = 0.001
"""P-value of the sample ratio below which the comparison is not to be read."""


class Summary(Protocol):
    """What a comparison needs of one arm: a sample of values, of ratios, of values adjusted by their past."""

    @property
    def n(self) -> int:
        """Visitors."""

    @property
    def mean(self) -> float:
        """The figure that is compared."""

    @property
    def variance(self) -> float:
        """Such that variance / n is the squared standard error of the figure."""


class Sample(Struct, frozen=True):
    """What is kept of the values of one arm: how many, their sum, the sum of their squares.

    `binary` says that each value is 0 or 1; then the variance is p (1 - p), else the unbiased one with n - 1.
    """

    n: int
    sum: float
    sumsq: float
    binary: bool = False

    @property
    def mean(self) -> float:
        """Sum by number."""
        return self.sum / self.n

    @property
    def variance(self) -> float:
        """Of a single value."""
        if self.binary:
            return self.mean * (1 - self.mean)
        return max(self.sumsq - self.sum * self.mean, 0.0) / (self.n - 1)


class Effect(Struct, frozen=True):
    """Treated less control: the estimate, its standard error, its interval, the p-value, degrees of freedom."""

    estimate: float
    se: float
    low: float
    high: float
    p: float
    df: float


def proportion(n: int, successes: int) -> Sample:
    """The sample of `n` visitors of whom `successes` did it."""
    return Sample(n, successes, successes, binary=True)


def welch(control: Summary, treated: Summary, confidence: float = 0.95) -> Effect:
    """The difference of two figures whose variances may differ, on the absolute scale, in the unit of the values.

    se^2 = v0/n0 + v1/n1; the interval is estimate -+ t(df) se with Welch and Satterthwaite's
    df = se^4 / ((v0/n0)^2 / (n0 - 1) + (v1/n1)^2 / (n1 - 1)) (Welch, Biometrika 34, 1947).
    Raises BadInput when an arm has fewer than two values.
    """
    a, b = errors_of(control, treated, "welch")
    return effect(treated.mean - control.mean, sqrt(a + b), freedom(control, treated), confidence)


def relative(control: Summary, treated: Summary, confidence: float = 0.95) -> Effect:
    """The difference as a share of the control's figure: (m1 - m0) / m0, with the control's own error in it.

    By the delta method se^2 = v1 / (n1 m0^2) + v0 m1^2 / (n0 m0^4); degrees of freedom as on the absolute scale.
    Never the absolute interval divided by m0, which takes the control for known and is too narrow.
    Raises BadInput when an arm has fewer than two values, or the control's figure is not above 0 or too near to it.
    """
    a, b = errors_of(control, treated, "relative")
    base = base_of(control.mean)
    times = treated.mean / base
    se = sqrt(b + a * times * times) / base
    if not isfinite(se):
        raise BadInput("the control's figure is too near 0", where="relative", hint="read the absolute difference")
    return effect((treated.mean - base) / base, se, freedom(control, treated), confidence)


def base_of(mean: float) -> float:
    """What a change is relative to. Raises BadInput unless it is above 0."""
    if mean <= 0:
        raise BadInput("the control's figure is not above 0", where="relative", hint="read the absolute difference")
    return mean


def errors_of(control: Summary, treated: Summary, where: str) -> tuple[float, float]:
    """The squared standard error of each arm's figure. Raises BadInput for an arm of fewer than two."""
    if control.n < 2 or treated.n < 2:
        raise BadInput("an arm has fewer than two values", where=where, hint="wait for more visitors")
    return control.variance / control.n, treated.variance / treated.n


def freedom(control: Summary, treated: Summary) -> float:
    """Degrees of freedom of Welch and Satterthwaite."""
    a, b = control.variance / control.n, treated.variance / treated.n
    if not a + b:
        return control.n + treated.n - 2.0
    share = a / (a + b)  # no fourth powers, which would underflow for tiny variances
    return 1 / (share**2 / (control.n - 1) + (1 - share) ** 2 / (treated.n - 1))


def effect(estimate: float, se: float, df: float, confidence: float) -> Effect:
    """An estimate with its interval and p by Student's t; without any spread the interval is a point."""
    if not se:
        return Effect(estimate, 0.0, estimate, estimate, float(not estimate), df)
    reach = t_quantile(1 - (1 - confidence) / 2, df) * se
    return Effect(estimate, se, estimate - reach, estimate + reach, t_two_sided(estimate / se, df), df)


def mean_interval(sample: Summary, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of one mean by Student's t with n - 1 degrees of freedom, as for CES.

    Raises BadInput for fewer than two values.
    """
    if sample.n < 2:
        raise BadInput("fewer than two values", where="mean_interval", hint="wait for more answers")
    reach = t_quantile(1 - (1 - confidence) / 2, sample.n - 1) * sqrt(sample.variance / sample.n)
    return sample.mean - reach, sample.mean + reach


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of one proportion (Wilson, JASA 22, 1927); inside 0..1 also for 0 of n and n of n.

    (p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n). Raises BadInput without observations.
    """
    if n < 1:
        raise BadInput("a proportion of nobody", where="wilson")
    z, p = normal_reach(confidence), successes / n
    middle = p + z * z / (2 * n)
    reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    low = 0.0 if not successes else (middle - reach) / whole
    return low, 1.0 if successes == n else (middle + reach) / whole


def srm(counts: Sequence[int], shares: Sequence[float]) -> float:
    """P-value of a sample ratio mismatch: were the arms dealt in these shares?

    Pearson's chi-squared, sum of (observed - expected)^2 / expected, one degree of freedom fewer than arms, of which
    there may be any number; an alarm below SRM_ALARM.
    Raises BadInput when a share is not above 0 or nobody was counted.
    """
    total, whole = sum(counts), sum(shares)
    if total < 1 or min(shares) <= 0 or len(counts) != len(shares) or len(counts) < 2:
        raise BadInput("nothing to compare with the planned shares", where="srm")
    expected = [total * share / whole for share in shares]
    chi2 = sum((seen - due) ** 2 / due for seen, due in zip(counts, expected, strict=True))
    return chi2_tail(chi2, len(counts) - 1)


def required_sample(
    base: float, target: float, *, power: float = 0.8, alpha: float = 0.05, ratio: float = 1.0
) -> tuple[int, int]:
    """Visitors needed in control and in treated to tell the share `target` from `base`, two-sided.

    Fleiss without continuity correction (Statistical Methods for Rates and Proportions), r = treated / control:
    n0 = (z(1-alpha/2) sqrt((r+1) m (1-m)) + z(power) sqrt(r p0 q0 + p1 q1))^2 / (r (p1-p0)^2), m the weighted mean.
    Raises BadInput for shares outside 0..1 or equal ones.
    """
    if not (0 <= base <= 1 and 0 <= target <= 1) or base == target or ratio <= 0:
        raise BadInput(f"no sample tells {target:g} from {base:g}", where="required_sample")
    control = fleiss(base, target, normal_quantile(1 - alpha / 2), normal_quantile(power), ratio)
    return ceil(control), ceil(control * ratio)


def fleiss(base: float, target: float, reach: float, sure: float, ratio: float) -> float:
    """Visitors of the control, not rounded: `reach` standard errors of the interval, `sure` those of the power."""
    mean = (base + ratio * target) / (1 + ratio)
    chance = reach * sqrt((ratio + 1) * mean * (1 - mean))
    missed = sure * sqrt(ratio * base * (1 - base) + target * (1 - target))
    return (chance + missed) ** 2 / (ratio * (target - base) ** 2)
