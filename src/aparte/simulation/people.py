"""Who comes in a simulation, and when: all of it is settled by the seed, before anything happens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from random import Random

from msgspec import Struct, field

from aparte.kit.civil import local
from aparte.simulation import figures
from aparte.simulation.nature import Nature, drawn
from aparte.simulation.visitors import Person, Persona, person, persona
from aparte.simulation.walk import HOUR_MS, HOURS, WEEK

DAY_MS = 24 * HOUR_MS
RETURNS = figures.number("visits.returns")
RETURNS_AFTER_MS = figures.number("visits.returns_after_days") * DAY_MS


class Plan(Struct, frozen=True, kw_only=True):
    """What a simulation is asked for; times in milliseconds since 1970 (UTC)."""

    seed: int
    visitors: int
    days: int
    start: int
    effect: float | None
    """What a conversation adds to the probability to buy; None: the demo's figures."""

    @property
    def end(self) -> int:
        """The last moment at which somebody may come."""
        return self.start + self.days * DAY_MS


class Somebody(Struct):
    """A visitor: who he is, what he would do, and what became of it."""

    number: int
    person: Person
    persona: Persona
    nature: Nature
    forks: list[tuple[int, int]] = field(default_factory=list)
    """Of each visit, when it was settled whether he buys, and when it was over."""
    helped: set[str] = field(default_factory=set)
    """Campaigns that led to a conversation with him in time; "" for his own."""
    visits: int = 0


def somebody(plan: Plan, number: int) -> Somebody:
    """The visitor of this number; the same one in every run of the same seed."""
    rng = Random(f"{plan.seed}/{number}")
    who = person(rng)
    return Somebody(number, who, persona(rng), drawn(rng, plan.effect))


def comings(plan: Plan, time_zone: str) -> Iterator[tuple[int, int]]:
    """When each visitor comes, for the first time and again: (moment, number), in no order."""
    rng = Random(f"{plan.seed}/comings")
    hours = range(plan.start, plan.end, HOUR_MS)
    moments = [local(hour, time_zone) for hour in hours]
    sums = list(accumulate(WEEK[one.weekday()] * HOURS[one.hour] for one in moments))
    for number in range(plan.visitors):
        hour = hours[min(bisect_right(sums, rng.random() * sums[-1]), len(hours) - 1)]
        at = hour + rng.randrange(HOUR_MS)
        yield at, number
        while rng.random() < RETURNS:
            at += DAY_MS + int(rng.expovariate(1 / RETURNS_AFTER_MS))
            if at >= plan.end:
                break
            yield at, number
