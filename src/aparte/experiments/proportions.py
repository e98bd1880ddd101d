"""Shares of two groups, and the shares that surveys give. Pure; one group's own interval is `statistics.wilson`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import acos, ceil, copysign, cos, hypot, pi, sqrt

from msgspec import Struct

from aparte.experiments.distributions import normal_quantile, normal_reach, normal_two_sided
from aparte.experiments.statistics import Sample, wilson
from aparte.kit.errors import BadInput


class Share(Struct, frozen=True):
    """A share with its interval: of how many, both bounds."""

    n: int
    value: float
    low: float
    high: float


def z_test(control: Sample, treated: Sample, *, pooled: bool = True) -> tuple[float, float]:
    """z and two-sided p for two equal shares; the standard error of both together, or of each (Wald).

    z = (p1 - p0) / sqrt(p q (1/n0 + 1/n1)), or / sqrt(p0 q0/n0 + p1 q1/n1). Raises BadInput where nothing varies.
    """
    share = (control.sum + treated.sum) / (control.n + treated.n)
    each = (share * (1 - share),) * 2 if pooled else tuple(s.mean * (1 - s.mean) for s in (control, treated))
    se = sqrt(each[0] / control.n + each[1] / treated.n)
    if not se:
        raise BadInput("all did it, or none", where="z_test", hint="wait for the first order")
    z = (treated.mean - control.mean) / se
    return z, normal_two_sided(z)


def wald(control: Sample, treated: Sample, confidence: float = 0.95) -> tuple[float, float]:
    """Bounds of p1 - p0: -+ z sqrt(p0 q0/n0 + p1 q1/n1); only as a check, Welch and `score` are better."""
    se = sqrt(sum(s.mean * (1 - s.mean) / s.n for s in (control, treated)))
    middle, reach = treated.mean - control.mean, normal_reach(confidence) * se
    return middle - reach, middle + reach


def newcombe(control: Sample, treated: Sample, confidence: float = 0.95) -> tuple[float, float]:
    """Bounds of p1 - p0 from both Wilson intervals (Newcombe, Statistics in Medicine 17, 1998, method 10)."""
    p0, p1 = control.mean, treated.mean
    (l0, u0), (l1, u1) = (wilson(int(s.sum), s.n, confidence) for s in (control, treated))
    return p1 - p0 - hypot(p1 - l1, u0 - p0), p1 - p0 + hypot(u1 - p1, p0 - l0)


def score(
    control: Sample, treated: Sample, confidence: float = 0.95, *, as_statsmodels: bool = False
) -> tuple[float, float]:
    """Bounds of p1 - p0 by turning the score test round (Miettinen and Nurminen, Statistics in Medicine 4, 1985).

    The values d for which |p1 - p0 - d| / sqrt(v(d) N / (N - 1)) <= z, v(d) the variance at the likeliest shares that
    differ by d. Found by halving, to 1e-13. `as_statsmodels` repeats the fault of statsmodels 0.15 (its issue 10269:
    orders instead of visitors in one coefficient), only to compare with it; it moves a bound in the third digit.
    """
    z, seen = normal_reach(confidence), treated.mean - control.mean

    def beyond(d: float) -> bool:
        low = restricted(control, treated, d, slip=as_statsmodels)
        high = low + d
        n = control.n + treated.n
        spread = low * (1 - low) / control.n + high * (1 - high) / treated.n
        return abs(seen - d) > z * sqrt(max(spread, 0.0) * n / (n - 1))

    return edge(beyond, seen, -1.0), edge(beyond, seen, 1.0)


def edge(beyond: Callable[[float], bool], inside: float, outside: float) -> float:
    """Where `beyond` begins to be true, between a value inside and one outside."""
    while abs(outside - inside) > 1e-13:
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
    return inside


def restricted(control: Sample, treated: Sample, d: float, *, slip: bool = False) -> float:
    """The likeliest share of the control when the treated one is higher by `d`: a root of a cubic.

    As Miettinen and Nurminen give it; `slip` puts the orders in the place of the visitors, see `score`.
    """
    n0, n1, x0, x1 = control.n, treated.n, control.sum, treated.sum
    n, x = n0 + n1, x0 + x1
    l2, l0 = (n1 + 2 * n0) * d - n - x, x0 * d * (1 - d)
    l1 = ((x0 if slip else n0) * d - n - 2 * x0) * d + x
    q = l2**3 / (3 * n) ** 3 - l1 * l2 / (6 * n * n) + l0 / (2 * n)
    p = copysign(sqrt(max(l2 * l2 / (3 * n) ** 2 - l1 / (3 * n), 0.0)), q)
    angle = (pi + acos(min(max(q / p**3 if p else 1.0, -1.0), 1.0))) / 3
    return min(max(2 * p * cos(angle) - l2 / (3 * n), 0.0, -d), 1.0, 1 - d)


def top_box(answers: Sequence[int], boxes: int = 2, confidence: float = 0.95) -> Share:
    """CSAT: the share of the best `boxes` answers, with Wilson's interval; `answers[i]` counts the mark i + 1.

    Top 2 of 5 by default; say so beside it when it is another, 3 of 5 is not comparable. Also CES as 5 to 7 of 7
    with `boxes` 3. Raises BadInput without answers.
    """
    if not 0 < boxes < len(answers) or min(answers) < 0:
        raise BadInput("that is no scale", where="top_box", hint="one count for each mark, worst first")
    n, good = sum(answers), sum(answers[-boxes:])
    low, high = wilson(good, n, confidence)
    return Share(n, good / n, low, high)


class Promoters(Struct, frozen=True):
    """NPS in points from -100 to 100: the score, its standard error, both bounds, of how many answers."""

    n: int
    score: float
    se: float
    low: float
    high: float


def nps(promoters: int, detractors: int, n: int, confidence: float = 0.95) -> Promoters:
    """Net promoters: share of 9 and 10 less share of 0 to 6, of all who answered.

    se = sqrt(((P + D) - (P - D)^2) / n). Raises BadInput without answers or for more of them than there are.
    """
    if n < 1 or min(promoters, detractors) < 0 or promoters + detractors > n:
        raise BadInput("promoters and detractors are part of those who answered", where="nps")
    value = 100 * (promoters - detractors) / n
    se = 100 * sqrt(nps_variance(promoters / n, detractors / n) / n)
    reach = normal_reach(confidence) * se
    return Promoters(n, value, se, max(value - reach, -100.0), min(value + reach, 100.0))


def nps_variance(promoters: float, detractors: float) -> float:
    """Of one answer, as -1, 0 or 1; of shares between 0 and 1."""
    return promoters + detractors - (promoters - detractors) ** 2


def nps_answers(promoters: float, detractors: float, reach: float, confidence: float = 0.95) -> int:
    """Answers needed for an interval of -+ `reach` points, for these shares."""
    return ceil(nps_variance(promoters, detractors) * (100 * normal_reach(confidence) / reach) ** 2)


def nps_wave(
    before: tuple[float, float], after: tuple[float, float], *, power: float = 0.8, alpha: float = 0.05
) -> int:
    """Answers needed in each of two waves to tell their shares (promoters, detractors) apart, two-sided.

    n = (z(1 - alpha/2) + z(power))^2 (v0 + v1) / (s1 - s0)^2. Raises BadInput for equal scores.
    """
    gap = (after[0] - after[1]) - (before[0] - before[1])
    if not gap:
        raise BadInput("no number of answers tells equal scores apart", where="nps_wave")
    z = normal_quantile(1 - alpha / 2) + normal_quantile(power)
    return ceil(z * z * (nps_variance(*before) + nps_variance(*after)) / gap**2)
