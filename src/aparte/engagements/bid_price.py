"""Bid prices: what a free slot is worth, so that a visitor of low value does not take the last one.

Trunk reservation in a loss system with several classes of value (B. L. Miller, "A queueing reward system with several
customer classes", Management Science 16(3), 1969). With x slots busy, accept a value only if it is at least the price
h(x) - h(x + 1), h being the relative value of the average-reward problem. Values are uplift values, not propensities.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from aparte.kit.errors import BadInput

_ROUNDS = 100


class DemandClass(Struct, frozen=True):
    """Visitors of like worth: how many would accept per second, and the value of serving one."""

    per_s: float
    value: float


class BidPrices(Struct, frozen=True):
    """`prices[x]` with x slots busy, x = 0 .. capacity - 1, in the unit of the values; `per_s`: the value earned."""

    prices: tuple[float, ...]
    per_s: float


def bid_prices(capacity: int, mean_s: float, classes: Sequence[DemandClass]) -> BidPrices:
    """The prices that earn the most per second on `capacity` slots with conversations of `mean_s` seconds.

    Policy iteration: from "accept all", prices of the policy, then the policy of the prices, until nothing changes.
    Raises BadInput when there is nothing to price.
    """
    # The earnings settle before the policy does, in levels that are hardly ever reached: compare the policies.
    policy: Sequence[float] = (0.0,) * capacity
    for _ in range(_ROUNDS):
        found = _evaluate(policy, mean_s, classes)
        if _refused(found.prices, classes) == _refused(policy, classes):
            break
        policy = found.prices
    return found


def _refused(prices: Sequence[float], classes: Sequence[DemandClass]) -> list[int]:
    return [sum(one.value < price for one in classes) for price in prices]


def value_per_s(prices: Sequence[float], mean_s: float, classes: Sequence[DemandClass]) -> float:
    """What a policy of `prices`, one for each number of busy slots, earns per second; all zero: first come."""
    return _evaluate(prices, mean_s, classes).per_s


def _evaluate(policy: Sequence[float], mean_s: float, classes: Sequence[DemandClass]) -> BidPrices:
    """The prices h(x) - h(x + 1) and the earnings per second of a policy of prices; raises BadInput without demand."""
    worthwhile = [one for one in classes if one.per_s > 0 and one.value > 0]
    if not (policy and worthwhile and mean_s > 0):
        raise BadInput("nothing to price", hint="needs a slot, a duration and a class with a rate and a value above 0")
    # A price never exceeds the best value; rounding must not shut out everybody.
    best = max(one.value for one in worthwhile)
    accepted = [[one for one in worthwhile if one.value >= min(price, best)] for price in policy]
    rates = [sum(one.per_s for one in some) for some in accepted]
    earnings = [sum(one.per_s * one.value for one in some) for some in accepted] + [0.0]
    gain = sum(p * r for p, r in zip(_stationary(rates, mean_s), earnings, strict=True))
    upward = _upward(rates, earnings, gain, mean_s)
    downward = _downward(rates, earnings, gain, mean_s)
    # Each recursion damps its rounding errors on one side of the level where as many end as begin.
    prices = [
        up if (x + 1) / mean_s <= rate else down
        for x, (up, down, rate) in enumerate(zip(upward, downward, rates, strict=True))
    ]
    return BidPrices(tuple(prices), gain)


def _upward(rates: Sequence[float], earnings: Sequence[float], gain: float, mean_s: float) -> list[float]:
    """Howard's equations, g = r(x) - L(x) price(x) + x price(x - 1) / M, solved from x = 0 up."""
    prices, below = [], 0.0
    for x, rate in enumerate(rates):
        below = (earnings[x] - gain + x / mean_s * below) / rate
        prices.append(below)
    return prices


def _downward(rates: Sequence[float], earnings: Sequence[float], gain: float, mean_s: float) -> list[float]:
    """The same equations, solved from the full system, g = C price(C - 1) / M, down."""
    capacity = len(rates)
    prices = [gain * mean_s / capacity]
    for x in range(capacity - 1, 0, -1):
        prices.append((gain - earnings[x] + rates[x] * prices[-1]) * mean_s / x)
    return prices[::-1]


def _stationary(rates: Sequence[float], mean_s: float) -> list[float]:
    """Probabilities of 0 .. capacity busy slots of a birth-death process; scaled on the way against overflow."""
    weights = [1.0]
    for x, rate in enumerate(rates):
        weights.append(weights[-1] * rate * mean_s / (x + 1))
        if weights[-1] > 1e200:
            weights = [w * 1e-200 for w in weights]
    total = sum(weights)
    return [w / total for w in weights]
