"""Shares of several agents: is one really different, and how far to believe a small number? Pure; no league table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, lgamma, log, sqrt

from msgspec import Struct

from aparte.experiments.distributions import normal_reach
from aparte.kit.errors import BadInput

STRONGEST = 1e7
"""Sum of a prior's counts from which on nobody can be told from the mean."""
GOLDEN = (sqrt(5) - 1) / 2


class Limits(Struct, frozen=True):
    """One agent's limits around the common share, at 95 % and at 99.8 %."""

    low95: float
    high95: float
    low998: float
    high998: float


class Funnel(Struct, frozen=True):
    """The common share, each agent's z, the overdispersion phi and tau2 with Q, and limits for each agent."""

    center: float
    z: tuple[float, ...]
    phi: float
    q: float
    tau2: float
    limits: tuple[Limits, ...]


def funnel(events: Sequence[int], trials: Sequence[int], *, winsor: float = 0.0) -> Funnel:
    """Funnel plot of shares with overdispersion (Spiegelhalter, Statistics in Medicine 24, 2005).

    z = (p - c) / sqrt(c (1 - c) / n) with c the share of all; phi = mean z^2; Q = sum z^2; tau2 = max(0, (Q - k + 1) /
    (W - sum w^2 / W)) with w = n / (c (1 - c)). Limits are c -+ z sqrt(c (1 - c) / n + tau2), inside 0..1. `winsor`
    draws this share of the z at each end to the next before phi, Q and tau2. Raises BadInput for impossible counts.
    """
    center = common(events, trials)
    spread = center * (1 - center)
    z = [(x / n - center) / sqrt(spread / n) if spread else 0.0 for x, n in zip(events, trials, strict=True)]
    drawn = drawn_in(z, winsor)
    q = sum(value * value for value in drawn)
    weights = [n / spread for n in trials] if spread else [0.0]
    whole = sum(weights)
    free = whole - sum(w * w for w in weights) / whole if whole else 0.0
    tau2 = max(0.0, (q - len(z) + 1) / free) if free > 0 else 0.0
    limits = tuple(limits_of(center, sqrt(spread / n + tau2)) for n in trials)
    return Funnel(center, tuple(z), q / len(z), q, tau2, limits)


def common(events: Sequence[int], trials: Sequence[int]) -> float:
    """The share of all together. Raises BadInput for impossible counts, or none."""
    if not trials or len(events) != len(trials):
        raise BadInput("one count of events for each count of trials", where="funnel")
    if not all(0 <= x <= n and n for x, n in zip(events, trials, strict=True)):
        raise BadInput("events are part of the trials, and there is a trial", where="funnel")
    return sum(events) / sum(trials)


def limits_of(center: float, se: float) -> Limits:
    """Both pairs of limits."""
    near, far = normal_reach(0.95) * se, normal_reach(0.998) * se
    return Limits(max(center - near, 0.0), min(center + near, 1.0), max(center - far, 0.0), min(center + far, 1.0))


def drawn_in(z: Sequence[float], share: float) -> list[float]:
    """The values with this share at each end drawn to the next one."""
    ranked = sorted(z)
    cut = int(share * len(ranked))
    low, high = ranked[cut], ranked[-1 - cut]
    return [min(max(value, low), high) for value in z]


class Prior(Struct, frozen=True):
    """What all agents tell about one: a beta with this mean, worth `strength` trials; None: all are alike."""

    mean: float
    strength: float | None

    def shrunk(self, events: int, trials: int) -> float:
        """An agent's share, drawn towards all the others'."""
        if self.strength is None:
            return self.mean
        return (self.mean * self.strength + events) / (self.strength + trials)


def beta_binomial(events: Sequence[int], trials: Sequence[int]) -> Prior:
    """Empirical Bayes: the prior that makes these counts likeliest, and None for its strength where there is none.

    Without more variance than chance gives (Tarone, Biometrika 66, 1979: sum (x - n c)^2 <= c (1 - c) sum n) the
    likelihood rises for ever with the strength; then all are drawn wholly to the common share c.
    Raises BadInput for impossible counts.
    """
    center = common(events, trials)
    extra = sum((x - n * center) ** 2 for x, n in zip(events, trials, strict=True))
    if extra <= center * (1 - center) * sum(trials) or len(trials) < 2:
        return Prior(center, None)

    def best_mean(strength: float) -> float:
        return highest(lambda mean: likelihood(events, trials, mean, strength), 1e-9, 1 - 1e-9)

    def at(logarithm: float) -> float:
        return likelihood(events, trials, best_mean(exp(logarithm)), exp(logarithm))

    strength = exp(highest(at, log(1e-3), log(STRONGEST)))
    return Prior(center, None) if strength > 0.9 * STRONGEST else Prior(best_mean(strength), strength)


def likelihood(events: Sequence[int], trials: Sequence[int], mean: float, strength: float) -> float:
    """The logarithm of the beta-binomial one, but for what does not depend on the prior."""
    a, b = mean * strength, (1 - mean) * strength
    fixed = lgamma(a + b) - lgamma(a) - lgamma(b)
    return sum(
        fixed + lgamma(x + a) + lgamma(n - x + b) - lgamma(n + a + b) for x, n in zip(events, trials, strict=True)
    )


def highest(curve: Callable[[float], float], low: float, high: float) -> float:
    """Where a curve with one summit is highest, by the golden section, to a millionth of the span."""
    inner, outer = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    left, right, least = curve(inner), curve(outer), 1e-7 * (high - low)
    while high - low > least:
        if left > right:
            high, outer, right = outer, inner, left
            inner = high - GOLDEN * (high - low)
            left = curve(inner)
        else:
            low, inner, left = inner, outer, right
            outer = low + GOLDEN * (high - low)
            right = curve(outer)
    return (low + high) / 2
