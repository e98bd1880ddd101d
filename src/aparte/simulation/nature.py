"""What a simulated visitor would do in both worlds, helped and not helped: drawn before anything happens to him.

`luck` decides whether he buys, `fate` what he does with an invitation, `intent` ties the two together: who accepts
would have bought more often anyway, which is why a comparison of those who talked with those who did not is wrong. One
draw of luck serves both worlds, so what a conversation changes is known person by person.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf, pi, sqrt
from random import Random

from msgspec import Struct

from aparte.simulation import figures
from aparte.simulation.effects import ACCEPTED, BASE, LIFT, SHOWN, TRUTH
from aparte.simulation.visitors import Persona

ON_BUYING, ON_ACCEPTING = figures.number("buying.intent_on_buying"), figures.number("buying.intent_on_accepting")
LIFT_ASKED = figures.number("buying.lift_asked")
ACCEPTED_OTHERWISE = figures.number("invitations.accepted_otherwise")
PATIENCE_S = figures.number("chats.patience_seconds")
STEPS, REACH = 121, 6.0
"""Points, and how far in standard deviations, of the mean over all intents."""


class Nature(Struct, frozen=True):
    """What is settled about a visitor from the beginning."""

    luck: float
    """He buys iff this is below the probability to buy."""
    fate: float
    """What he does with an invitation."""
    intent: float | None = None
    """Standard normal; None: neither buying nor accepting depends on it, as in the demo."""
    patience_s: float = inf
    """How long he waits for an agent."""
    effect: float | None = None
    """What a conversation adds to the probability to buy; None: the demo's figures."""

    def chance(self, persona: Persona, *, talked: bool) -> float:
        """The probability that a visit ends with an order, in one of the two worlds."""
        base = tied(BASE[persona], self.intent, ON_BUYING)
        if not talked:
            return base
        return base + (self.effect if self.effect is not None else LIFT.get(persona, LIFT_ASKED))

    def buys(self, persona: Persona, *, talked: bool) -> bool:
        """Whether it does."""
        return self.luck < self.chance(persona, talked=talked)

    def acceptance(self, persona: Persona, campaign: str) -> float:
        """The probability that he accepts an invitation of this campaign that he sees."""
        mean = TRUTH[campaign].acceptance if campaign in TRUTH else ACCEPTED.get(persona, ACCEPTED_OTHERWISE)
        return tied(mean, self.intent, ON_ACCEPTING)

    def sees(self) -> bool:
        """Whether an invitation reaches his screen."""
        return self.fate < SHOWN

    def accepts(self, persona: Persona, campaign: str) -> bool:
        """Whether he says yes."""
        return self.fate < SHOWN * self.acceptance(persona, campaign)


def drawn(rng: Random, effect: float | None) -> Nature:
    """Somebody's nature, with intent and patience."""
    return Nature(rng.random(), rng.random(), rng.gauss(0, 1), rng.expovariate(1 / PATIENCE_S), effect)


def tied(mean: float, intent: float | None, slope: float) -> float:
    """A probability that is `mean` over all visitors, for one of this intent."""
    if intent is None or not 0 < mean < 1:
        return mean
    return logistic(intercept(mean, slope) + slope * intent)


def logistic(x: float) -> float:
    """From log odds to a probability."""
    return 1 / (1 + exp(-x))


@lru_cache(maxsize=256)
def intercept(mean: float, slope: float) -> float:
    """The log odds of somebody in the middle, such that the mean over all intents is this; by halving."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mean_of(middle, slope) < mean else (low, middle)
    return (low + high) / 2


def mean_of(middle: float, slope: float) -> float:
    """The mean of the probability over a standard normal intent."""
    width = 2 * REACH / (STEPS - 1)
    points = (-REACH + n * width for n in range(STEPS))
    return sum(logistic(middle + slope * u) * exp(-u * u / 2) * width / sqrt(2 * pi) for u in points)
