"""The figures of a supervisor's board, of one day of the site. Pure: what was handled goes in, figures come out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import fmean, median

from msgspec import Struct

from aparte.conversations.store import Handled

PROMOTER, DETRACTOR = 9, 6
"""An answer to the NPS question from 9 on is a promoter's, up to 6 a detractor's."""


class ServiceLevel(Struct, frozen=True, kw_only=True):
    """Of the conversations that an agent was first given today: who was answered in time, counted from their opening.

    One that is not answered and still in time is in none of these figures.
    """

    target_s: int
    answered: int
    within: int
    late: int
    """Answered too late, or not at all although the time is over."""
    share: float | None
    """within / (within + late); None while there is nobody."""


class Waits(Struct, frozen=True):
    """From the opening to the first answer, in seconds, of those answered today; None while there is nobody."""

    median_s: float | None
    p90_s: float | None
    """Nine of ten waited at most so long."""


class Today(Struct, frozen=True, kw_only=True):
    """Conversations opened and closed today; what the visitors said of those that were closed today."""

    conversations: int
    closed: int
    csat_mean: float | None
    csat_n: int
    nps: float | None
    """Share of promoters less share of detractors, -100 to 100."""
    nps_n: int
    solved_share: float | None
    solved_n: int


class Satisfaction(Struct, frozen=True):
    """What visitors said today of whom they talked with last: the mean of 1 to 5, of so many answers."""

    csat_mean: float | None = None
    csat_n: int = 0


class Day(Struct, frozen=True):
    """All figures of the day so far."""

    service_level: ServiceLevel
    waits: Waits
    today: Today
    of_agents: dict[str, Satisfaction] = {}
    """By the id of the agent; nothing of who has no answer."""


def day(handled: Iterable[Handled], since: int, until: int, target_s: int) -> Day:
    """The figures of [since, until), in ms since 1970; `until` is now, or the end of the day when it is over."""
    known = list(handled)
    given = [one for one in known if inside(one.assigned_at, since, until)]
    return Day(
        service_level(given, until, target_s),
        waits(
            [one.answered_at - one.opened_at for one in known if one.answered_at and since <= one.answered_at < until]
        ),
        today(known, since, until),
        of_agents(one for one in known if inside(one.closed_at, since, until)),
    )


def of_agents(closed: Iterable[Handled]) -> dict[str, Satisfaction]:
    """Of each agent, the answers about the conversations that he had at their end."""
    told: dict[str, list[int]] = {}
    for one in closed:
        if one.csat is not None and one.agent:
            told.setdefault(one.agent, []).append(one.csat)
    return {agent: Satisfaction(fmean(csat), len(csat)) for agent, csat in told.items()}


def inside(at: int | None, since: int, until: int) -> bool:
    """Whether it happened, and then."""
    return at is not None and since <= at < until


def service_level(given: Sequence[Handled], now: int, target_s: int) -> ServiceLevel:
    """Of these conversations."""
    target = target_s * 1000
    took = [one.answered_at - one.opened_at for one in given if one.answered_at is not None]
    within = sum(1 for one in took if one <= target)
    silent = [one for one in given if one.answered_at is None]
    overdue = sum(1 for one in silent if (one.closed_at or now) - one.opened_at > target)
    late = len(took) - within + overdue
    share = within / (within + late) if within + late else None
    return ServiceLevel(target_s=target_s, answered=len(took), within=within, late=late, share=share)


def waits(took: Sequence[int]) -> Waits:
    """Median and nine tenths of these times in ms; the nine tenths are one of them, the nearest rank."""
    if not took:
        return Waits(None, None)
    ordered = sorted(took)
    return Waits(median(ordered) / 1000, ordered[ceil(0.9 * len(ordered)) - 1] / 1000)


def today(known: Sequence[Handled], since: int, until: int) -> Today:
    """How many, and what was said of them."""
    closed = [one for one in known if inside(one.closed_at, since, until)]
    csat = [one.csat for one in closed if one.csat is not None]
    nps = [one.nps for one in closed if one.nps is not None]
    solved = [one.solved for one in closed if one.solved is not None]
    return Today(
        conversations=sum(1 for one in known if inside(one.opened_at, since, until)),
        closed=len(closed),
        csat_mean=fmean(csat) if csat else None,
        csat_n=len(csat),
        nps=100 * sum((one >= PROMOTER) - (one <= DETRACTOR) for one in nps) / len(nps) if nps else None,
        nps_n=len(nps),
        solved_share=fmean(solved) if solved else None,
        solved_n=len(solved),
    )
