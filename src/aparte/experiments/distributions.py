"""Tails and quantiles of Student's t, of the normal and of chi-squared, with nothing but `math`.

Formulas from Abramowitz and Stegun and from the DLMF; the tests hold them to SciPy within 1e-9.
"""

from __future__ import annotations

from collections.abc import Callable
from math import erfc, exp, lgamma, log, log1p, pi, sqrt

from aparte.kit.errors import BadInput

LARGE = 1e6
"""From so many degrees of freedom on, the normal approximation of Student's t is right to eleven decimals."""


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


def normal_reach(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to each side: 1.96 for 0.95."""
    return normal_quantile(1 - (1 - confidence) / 2)


def normal_two_sided(z: float) -> float:
    """P(|Z| > |z|) of a standard normal value."""
    return erfc(abs(z) / sqrt(2))


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
