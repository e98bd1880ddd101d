"""Estimates and their intervals: pure arithmetic on sums, with nothing but `math`.

Every function says its formula and where it is from; docs/reference/first-report.md shows them at work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, erfc, exp, lgamma, log, log1p, pi, sqrt

from msgspec import Struct

from aparte.kit.errors import BadInput

LARGE = 1e6
"""From so many degrees of freedom on, the normal approximation of Student's t is right to eleven decimals."""


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


def welch(control: Sample, treated: Sample, confidence: float = 0.95) -> Effect:
    """The difference of two means whose variances may differ, on the absolute scale.

    se^2 = v0/n0 + v1/n1; the interval is estimate -+ t(df) se with Welch and Satterthwaite's
    df = se^4 / ((v0/n0)^2 / (n0 - 1) + (v1/n1)^2 / (n1 - 1)) (Welch, Biometrika 34, 1947).
    Raises BadInput when an arm has fewer than two values.
    """
    if control.n < 2 or treated.n < 2:
        raise BadInput("an arm has fewer than two values", where="welch", hint="wait for more visitors")
    a, b = control.variance / control.n, treated.variance / treated.n
    estimate, se = treated.mean - control.mean, sqrt(a + b)
    if not se:
        return Effect(estimate, 0.0, estimate, estimate, float(not estimate), control.n + treated.n - 2.0)
    share = a / (a + b)  # no fourth powers, which would underflow for tiny variances
    df = 1 / (share**2 / (control.n - 1) + (1 - share) ** 2 / (treated.n - 1))
    reach = t_quantile(1 - (1 - confidence) / 2, df) * se
    return Effect(estimate, se, estimate - reach, estimate + reach, t_two_sided(estimate / se, df), df)


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of one proportion (Wilson, JASA 22, 1927); inside 0..1 also for 0 of n and n of n.

    (p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n). Raises BadInput without observations.
    """
    if n < 1:
        raise BadInput("a proportion of nobody", where="wilson")
    z, p = normal_quantile(1 - (1 - confidence) / 2), successes / n
    middle = p + z * z / (2 * n)
    reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    low = 0.0 if not successes else (middle - reach) / whole
    return low, 1.0 if successes == n else (middle + reach) / whole


def srm(counts: Sequence[int], shares: Sequence[float]) -> float:
    """P-value of a sample ratio mismatch: were the arms dealt in these shares?

    Pearson's chi-squared, sum of (observed - expected)^2 / expected, with one degree of freedom fewer than arms.
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
    mean = (base + ratio * target) / (1 + ratio)
    chance = normal_quantile(1 - alpha / 2) * sqrt((ratio + 1) * mean * (1 - mean))
    missed = normal_quantile(power) * sqrt(ratio * base * (1 - base) + target * (1 - target))
    control = (chance + missed) ** 2 / (ratio * (target - base) ** 2)
    return ceil(control), ceil(control * ratio)


def t_two_sided(t: float, df: float) -> float:
    """P(|T| > |t|) of Student's t: the regularised incomplete beta I(df/(df+t^2); df/2, 1/2).

    For very many degrees of freedom the normal approximation of Abramowitz and Stegun 26.7.8.
    """
    if df > LARGE:
        return erfc(abs(t) * (1 - 1 / (4 * df)) / sqrt(1 + t * t / (2 * df)) / sqrt(2))
    return incomplete_beta_half(df / 2, t * t / (df + t * t))


def incomplete_beta_half(a: float, y: float) -> float:
    """I(1-y; a, 1/2), by the continued fraction of DLMF 8.17.22 on the side where it converges fast."""
    if y <= 0:
        return 1.0
    if y >= 1:
        return 0.0
    front = exp(a * log1p(-y) + 0.5 * log(y) + log_gamma_step(a) - 0.5 * log(pi))
    if 1 - y < (a + 1) / (a + 2.5):
        return front / a * beta_fraction(a, 0.5, 1 - y)
    return 1 - front / 0.5 * beta_fraction(0.5, a, y)


def log_gamma_step(a: float) -> float:
    """ln of Gamma(a + 1/2) / Gamma(a); its asymptotic series where a difference of two logarithms would lose digits."""
    if a < 50:
        return lgamma(a + 0.5) - lgamma(a)
    return 0.5 * log(a) - 1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5)


def beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method as Thompson and Barnett amended it."""
    tiny = 1e-300
    c, d = 1.0, 1 / not_zero(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, 100_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / not_zero(1 + term * d, tiny), not_zero(1 + term / c, tiny)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def not_zero(value: float, tiny: float) -> float:
    """The value, or something tiny in the place of zero."""
    return value if abs(value) > tiny else tiny


def t_quantile(probability: float, df: float) -> float:
    """The t below which Student's t falls with this probability (above 1/2)."""
    density = exp(log_gamma_step(df / 2) - 0.5 * log(df * pi))

    def slope(t: float) -> float:
        return density * exp(-(df + 1) / 2 * log1p(t * t / df))

    return descend(lambda t: t_two_sided(t, df) / 2 - (1 - probability), slope, normal_quantile(probability))


def normal_quantile(probability: float) -> float:
    """The z below which a standard normal value falls with this probability; symmetric around 1/2."""
    if not 0 < probability < 1:
        raise BadInput(f"no quantile of {probability:g}", where="normal_quantile")
    if probability < 0.5:
        return -normal_quantile(1 - probability)

    def slope(z: float) -> float:
        return exp(-z * z / 2) / sqrt(2 * pi)

    return descend(lambda z: erfc(z / sqrt(2)) / 2 - (1 - probability), slope, 0.0)


def descend(tail: Callable[[float], float], density: Callable[[float], float], start: float) -> float:
    """The zero of a convex falling tail, by Newton's method from its left, where each step falls short of it."""
    x, step = start, 1.0
    while step > 1e-15 * max(1.0, x):
        step = tail(x) / density(x)
        x += step
    return x


def chi2_tail(chi2: float, df: int) -> float:
    """P(X > chi2) for a whole number of degrees of freedom, by the recurrence Q(a+1, x) = Q(a, x) + x^a e^-x / a!.

    Begins at erfc(sqrt x) for odd and e^-x for even ones (DLMF 8.4, 8.8).
    """
    x, a = chi2 / 2, 1 - (df % 2) / 2
    if x <= 0:
        return 1.0
    tail = erfc(sqrt(x)) if df % 2 else exp(-x)
    while 2 * a < df:
        tail += exp(a * log(x) - x - lgamma(a + 1))
        a += 1
    return min(tail, 1.0)
