"""Agents compared fairly: for what came to them, for chance, and never in a league table. Pure.

See docs/reference/scorecards.md. Cards stand in the order of names: a rank is mostly noise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import exp, lgamma, log, log1p, sqrt
from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.experiments.distributions import beta_fraction
from aparte.experiments.shrinkage import Limits, Prior, beta_binomial, limits_of
from aparte.experiments.statistics import wilson
from aparte.reports.case_mix import Case, expected

MIN_N = 50
"""Conversations, below which nobody is called best."""
SURE = 0.8
TOP = 0.75
Place: TypeAlias = Literal["within", "above95", "above998", "below95", "below998"]
"""Where an agent lies to the limits of the funnel: outside 95 % is worth a look, outside 99.8 % is hardly chance."""


class Tally(Struct):
    """One agent's conversations: how many, how many were good, how many would have been, and the variance of that."""

    n: int = 0
    good: int = 0
    expected: float = 0.0
    variance: float = 0.0


class Card(Struct, frozen=True, kw_only=True):
    """One agent. Shares are of conversations; `adjusted` is what they would be with everybody's mix of cases."""

    agent: str
    name: str
    n: int
    good: int
    expected: float
    ratio: float
    """Good by expected; 1 is as anybody."""
    adjusted: float
    low: float
    high: float
    """Of `adjusted`, Wilson's at 95 %."""
    size: float
    """Conversations that would tell as much without adjusting: where the agent stands on the axis of the funnel."""
    shrunk: float
    """`adjusted`, drawn towards all the others' as far as few conversations make it doubtful."""
    z: float
    limits: Limits
    place: Place
    top: float | None
    """How likely the agent truly is among the best quarter; None where agents do not differ more than by chance."""
    best: bool


class Scorecards(Struct, frozen=True, kw_only=True):
    """All agents by name, and what they have in common."""

    cards: tuple[Card, ...]
    center: float
    phi: float
    q: float
    tau2: float
    """Variance between agents beyond chance: limits are that much wider."""
    alike: bool
    """Agents do not differ more than by chance."""


def scorecards(cases: Sequence[Case], names: Mapping[str, str], *, min_n: int = MIN_N) -> Scorecards:
    """The cards of all agents who had a case; `names` by id. Raises BadInput without cases."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for case, due in zip(cases, expected(cases), strict=True):
        one = tallies[case.agent]
        one.n, one.good = one.n + 1, one.good + case.good
        one.expected, one.variance = one.expected + due, one.variance + due * (1 - due)
    named = sorted(tallies, key=lambda agent: (names.get(agent, agent).casefold(), agent))
    return compared({agent: tallies[agent] for agent in named}, names, min_n)


def compared(tallies: Mapping[str, Tally], names: Mapping[str, str], min_n: int) -> Scorecards:
    """The same from tallies, in their order."""
    center = sum(one.good for one in tallies.values()) / sum(one.n for one in tallies.values())
    spreads = {agent: spread_of(one, center) for agent, one in tallies.items()}
    zs = [z_of(one) for one in tallies.values()]
    q, tau2 = overdispersion(zs, list(spreads.values()))
    prior = prior_of(tallies, spreads, center)
    quarter = None if prior.strength is None else beta_quantile(TOP, *shape(prior.mean, prior.strength))
    cards = tuple(
        card(agent, names.get(agent, agent), one, center, spreads[agent], tau2, prior, quarter, min_n)
        for agent, one in tallies.items()
    )
    return Scorecards(
        cards=cards, center=center, phi=q / len(zs), q=q, tau2=tau2, alike=prior.strength is None
    )  # fmt: skip


def spread_of(one: Tally, center: float) -> float:
    """The variance of the adjusted share: (center / expected)^2 times that of the good ones."""
    return (center / one.expected) ** 2 * one.variance if one.expected else 0.0


def z_of(one: Tally) -> float:
    """(good - expected) by its standard error."""
    return (one.good - one.expected) / sqrt(one.variance) if one.variance > 0 else 0.0


def overdispersion(zs: Sequence[float], spreads: Sequence[float]) -> tuple[float, float]:
    """Q = sum z^2 and tau2 = max(0, (Q - k + 1) / (W - sum w^2 / W)), w = 1 / spread (Spiegelhalter 2005)."""
    q = sum(z * z for z in zs)
    weights = [1 / spread for spread in spreads if spread > 0]
    whole = sum(weights)
    free = whole - sum(w * w for w in weights) / whole if whole else 0.0
    return q, max(0.0, (q - len(zs) + 1) / free) if free > 1e-9 else 0.0


def effective(one: Tally, center: float, spread: float) -> tuple[int, int]:
    """Good ones and conversations that have the same share and tell as much, in whole numbers."""
    n = max(1, round(size_of(one, center, spread)))
    return min(n, round(n * share_of(one, center))), n


def size_of(one: Tally, center: float, spread: float) -> float:
    """center (1 - center) / spread; without adjusting the number of conversations."""
    return center * (1 - center) / spread if spread > 0 else float(one.n)


def share_of(one: Tally, center: float) -> float:
    """The adjusted share: everybody's times good by expected, at most 1."""
    return min(1.0, center * one.good / one.expected) if one.expected else center


def prior_of(tallies: Mapping[str, Tally], spreads: Mapping[str, float], center: float) -> Prior:
    """What all agents tell about one."""
    pairs = [effective(one, center, spreads[agent]) for agent, one in tallies.items()]
    return beta_binomial([good for good, _ in pairs], [n for _, n in pairs])


def card(
    agent: str, name: str, one: Tally, center: float, spread: float, tau2: float, prior: Prior,
    quarter: float | None, min_n: int,
) -> Card:  # fmt: skip
    """One agent's card."""
    good, n = effective(one, center, spread)
    adjusted, limits = share_of(one, center), limits_of(center, sqrt(spread + tau2))
    low, high = wilson(good, n)
    top = None if quarter is None or prior.strength is None else top_of(good, n, prior.mean, prior.strength, quarter)
    return Card(
        agent=agent, name=name, n=one.n, good=one.good, expected=one.expected,
        ratio=one.good / one.expected if one.expected else 1.0, adjusted=adjusted, low=low, high=high,
        size=size_of(one, center, spread), shrunk=prior.shrunk(good, n), z=z_of(one), limits=limits,
        place=place_of(adjusted, limits), top=top, best=top is not None and top > SURE and one.n >= min_n,
    )  # fmt: skip


def place_of(share: float, limits: Limits) -> Place:
    """Where a share lies to its limits."""
    if share > limits.high95:
        return "above998" if share > limits.high998 else "above95"
    if share < limits.low95:
        return "below998" if share < limits.low998 else "below95"
    return "within"


def shape(mean: float, strength: float) -> tuple[float, float]:
    """The two parameters of a beta."""
    return mean * strength, (1 - mean) * strength


def top_of(good: int, n: int, mean: float, strength: float, quarter: float) -> float:
    """The posterior probability that an agent's true share is beyond the best quarter's lower bound."""
    a, b = shape(mean, strength)
    return 1 - beta_below(quarter, a + good, b + n - good)


def beta_below(x: float, a: float, b: float) -> float:
    """P(X < x) of a beta, by the continued fraction on the side where it converges fast (DLMF 8.17.22)."""
    if not 0 < x < 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front / a * beta_fraction(a, b, x)
    return 1 - front / b * beta_fraction(b, a, 1 - x)


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x below which a beta falls with this probability, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_below(middle, a, b) < probability else (low, middle)
    return (low + high) / 2
