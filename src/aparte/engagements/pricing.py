"""What a free slot is worth now, from the demand that was seen: `[site] bid_price = "auto"`.

Demand is folded from the moments at which a visitor first could have been invited, whether or not a slot was free and
whatever the price was: otherwise a price would erase the demand that it was made of. The prices themselves are facts
(`PricesUpdated`), at most one a minute for each skill, so that a decision reads only what the log holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, expm1, floor, log, log10

from msgspec import Struct, field

from aparte.engagements.bid_price import DemandClass, bid_prices
from aparte.routing.model import Capacity

HALF_LIFE_MS = 3_600_000
"""Demand changes with the hour of the day."""
LEAST_MS = 300_000
"""Demand of the first minutes counts as if it had come over five: one visitor is no rush."""
MOST_CLASSES = 24
MOST_SLOTS = 500
"""Prices of more slots than these are those of these."""
LEAST_PRICE = 0.01


class Wanted(Struct, array_like=True):
    """Visitors of like value: how many would have accepted, forgotten by half in an hour, and their value together."""

    n: float = 0.0
    value: float = 0.0


class Demand(Struct):
    """The demand for one skill."""

    since: int
    at: int
    classes: dict[str, Wanted] = field(default_factory=dict)
    """By value to two digits."""


def wanted(demands: dict[str, Demand], skill: str | None, value: float, chance: float, now: int) -> None:
    """A visitor worth `value` could have been invited, and would accept with this chance."""
    demand = demands.setdefault(skill or "", Demand(now, now))
    fade(demand, now)
    if value <= 0 or chance <= 0:
        return
    one = demand.classes.setdefault(class_of(value), Wanted())
    one.n, one.value = one.n + chance, one.value + chance * value
    if len(demand.classes) > MOST_CLASSES:
        del demand.classes[min(demand.classes, key=lambda name: demand.classes[name].n)]


def fade(demand: Demand, now: int) -> None:
    """Let time pass."""
    left = 0.5 ** (max(now - demand.at, 0) / HALF_LIFE_MS)
    demand.at = max(demand.at, now)
    for one in demand.classes.values():
        one.n, one.value = one.n * left, one.value * left


def class_of(value: float) -> str:
    """The value to two digits: 12.34 and 12.1 are of one class."""
    digits = 1 - floor(log10(value))
    return f"{round(value, digits):g}"


def demand_classes(demand: Demand, now: int) -> list[DemandClass]:
    """Classes of value with how many would accept per second, the dearest first; changes nothing."""
    decay = log(2) / HALF_LIFE_MS
    left = exp(-decay * max(now - demand.at, 0))
    # A stream of rate r, forgotten at rate d for the time t, weighs r (1 - exp(-d t)) / d.
    whole_s = -expm1(-decay * max(now - demand.since, LEAST_MS)) / decay / 1000
    found = [DemandClass(one.n * left / whole_s, one.value / one.n) for one in demand.classes.values() if one.n > 1e-9]
    return sorted(found, key=lambda one: -one.value)


def prices(demand: Demand, slots: int, chat_s: float, now: int) -> tuple[float, ...]:
    """The price by number of busy slots, 0 .. slots - 1, to six digits; none without slots or demand."""
    classes = demand_classes(demand, now)
    slots = min(slots, MOST_SLOTS)
    if slots <= 0 or not classes:
        return ()
    return tuple(round(price, 6) for price in bid_prices(slots, chat_s, classes).prices)


def price(table: Sequence[float], free: int) -> float:
    """The price of one of `free` slots. Counted from the full end: agents may have come or gone since it was made.

    Less than a cent is no scarcity, and counts as no price.
    """
    if not table or free <= 0:
        return 0.0
    found = table[max(len(table) - free, 0)]
    return found if found >= LEAST_PRICE else 0.0


def slots_of(capacity: Capacity, skill: str | None) -> int:
    """All slots of a skill, free and busy."""
    return capacity.free_slots(skill) + capacity.busy_slots(skill)
