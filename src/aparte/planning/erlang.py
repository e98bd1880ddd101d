"""The Erlang formulas: without a queue (B), with one (C), with customers who leave it (A).

Everything is scalar, in seconds, and per stationary queue; docs/reference/plan.md has the formulas.
"""

from __future__ import annotations

from math import exp, floor

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.patience import patient
from aparte.planning.queue_inputs import MOST_ERLANGS, agents_of, number, per_hour, seconds

HOUR_S = 3600.0


class Queue(Struct, frozen=True):
    """A queue whose customers wait however long it takes (Erlang C)."""

    p_wait: float
    service_level: float
    """Share of all that is answered within the threshold."""
    asa_s: float
    """Mean wait of all, those who do not wait included: average speed of answer."""
    occupancy: float
    """Share of their time at work in which agents serve somebody."""


class Abandoning(Struct, frozen=True):
    """A queue that customers leave when their patience ends (Erlang A)."""

    p_wait: float
    p_abandon: float
    mean_wait_s: float
    """Of all, whether they are served, give up or need not wait."""
    asa_s: float
    """Of those who are answered."""
    occupancy: float
    served_in_time: float
    """Share of all that is answered within the threshold; the three shares add up to 1."""
    waited_longer: float
    """Share of all that still waits when the threshold passes."""
    abandoned_in_time: float
    """Share of all that has left within the threshold."""
    service_level: float
    """The same as `served_in_time`: who has left was not served, however soon."""


def erlang_b(agents: int, erlangs: float) -> float:
    """The share that finds all agents busy when nobody may wait; BadInput for what cannot be."""
    return blocked(agents_of(agents), number("erlangs", erlangs, MOST_ERLANGS, LOAD))


LOAD = "load in erlangs, arrivals an hour times seconds each takes, by 3600"


def blocked(servers: int, erlangs: float) -> float:
    """Erlang's B by its recursion: every term lies between 0 and 1, so nothing overflows."""
    b = 1.0
    for n in range(1, servers + 1):
        b = erlangs * b / (n + erlangs * b)
    return b


def erlang_c(agents: int, erlangs: float, aht_seconds: float, threshold_seconds: float) -> Queue:
    """The queue M/M/n: `erlangs` offered, each served in `aht_seconds` on average. BadInput for what cannot be.

    A load of as many erlangs as agents, or more, is refused: without abandonment its queue grows without end.
    """
    n = agents_of(agents)
    load = number("erlangs", erlangs, MOST_ERLANGS, LOAD)
    aht = seconds("aht_seconds", aht_seconds, "mean handling time")
    threshold = seconds("threshold_seconds", threshold_seconds, "time to answer in", above_zero=False)
    if load >= n:
        hint = f"at least {floor(load) + 1} agents, or with patience: erlang-a"
        raise BadInput(f"{load:g} erlangs are more than {n} agents can ever serve", where="erlangs", hint=hint)
    b = blocked(n, load)
    p_wait = b / (1 - load / n * (1 - b))
    late = p_wait * exp(-(n - load) * threshold / aht)
    return Queue(p_wait, 1 - late, p_wait * aht / (n - load), load / n)


def erlang_a(
    agents: int, arrivals_per_hour: float, aht_seconds: float, patience_seconds: float, threshold_seconds: float
) -> Abandoning:
    """The queue M/M/n+M: patience is exponential with mean `patience_seconds`. BadInput for what cannot be."""
    n = agents_of(agents)
    rate = per_hour("arrivals_per_hour", arrivals_per_hour) / HOUR_S
    aht = seconds("aht_seconds", aht_seconds, "mean handling time")
    patience = seconds("patience_seconds", patience_seconds, "mean time until somebody gives up waiting")
    threshold = seconds("threshold_seconds", threshold_seconds, "time to answer in", above_zero=False)
    if rate * aht > MOST_ERLANGS:
        raise BadInput(f"{rate * aht:g} erlangs are out of reach", where="arrivals_per_hour", hint="up to 100,000")
    return abandoning(n, rate, aht, patience, threshold)


def abandoning(n: int, rate: float, aht: float, patience: float, threshold: float) -> Abandoning:
    """Erlang A of what was looked at; arrivals a second."""
    waits = patient(n / aht, rate, patience, blocked(n, rate * aht))
    within = waits.within(threshold)
    return Abandoning(
        p_wait=waits.p_wait,
        p_abandon=waits.p_abandon,
        mean_wait_s=waits.p_abandon * patience,
        asa_s=waits.asa_s,
        occupancy=rate * aht * (1 - waits.p_abandon) / n,
        served_in_time=within.served,
        waited_longer=within.waiting,
        abandoned_in_time=within.left,
        service_level=within.served,
    )
