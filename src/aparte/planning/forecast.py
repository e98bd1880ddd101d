"""Arrivals to expect, by day of the week and half-hour, with an interval in which a single half-hour to come lies.

The interval is of prediction: it holds the chance of the half-hour itself, more than Poisson where the past varied
more, and what so few weeks leave unknown. docs/reference/plan.md has the formula, and what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import ceil, floor, sqrt

import numpy as np
from msgspec import Struct

from aparte.kit.civil import local
from aparte.kit.days import days_between, starts_at
from aparte.kit.errors import BadInput
from aparte.planning.half_hours import MINUTES
from aparte.planning.queue_inputs import share, whole
from aparte.sites.model import WEEK

HALF_HOUR_MS = MINUTES * 60_000
FEWEST = 3
"""Times that each day of the week must have been there: of two weeks nobody knows how much they vary."""
MOST_DAYS = 366
JEFFREYS = 0.5
"""Half an arrival more than were counted: three Mondays without any do not say that none can come."""
FAR = 12.0
"""Standard deviations beyond which no quantile is looked for."""


class History(Struct, frozen=True):
    """What came in the past, of one skill."""

    time_zone: str
    counts: Mapping[int, float]
    """Arrivals by the moment at which their half-hour began, in milliseconds since 1970; where there is none, 0."""
    days: tuple[date, ...]
    """The days that are known whole."""
    skill: str = ""


class Expected(Struct, frozen=True):
    """A half-hour to come."""

    start: str
    """`mon 09:00`, or with its day and offset."""
    arrivals: float
    low: float
    high: float
    observed: int
    """How many such half-hours were counted."""
    skill: str = ""


class DayExpected(Struct, frozen=True):
    """A whole day to come."""

    day: str
    arrivals: float
    low: float
    high: float
    observed: int
    hours: float
    """24, or 23 and 25 where clocks change."""
    skill: str = ""


class Forecast(Struct, frozen=True):
    """What to expect of one skill."""

    skill: str
    time_zone: str
    days_counted: int
    interval: float
    dispersion: float
    """Variance by mean of half-hours of the same day of the week and time; 1 is Poisson."""
    half_hours: tuple[Expected, ...]
    days: tuple[DayExpected, ...]


class Pattern(Struct, frozen=True):
    """The past, by what it is expected to repeat: lists of what was counted."""

    slots: Mapping[tuple[int, int], list[float]]
    """By day of the week and minute of the day."""
    totals: Mapping[int, list[float]]
    """By day of the week."""
    dispersion: float
    day_dispersion: float


def forecast(history: History, interval: float = 0.8, since: date | None = None, days: int = 7) -> Forecast:
    """What to expect: of a week without a date, or of so many days from one on, each as long as it is.

    BadInput when a day of the week was there fewer than three times, with how much is missing.
    """
    share("interval", interval, whole_too=False)
    if interval < 0.01:
        raise BadInput(f"{interval:g} is out of reach", where="interval", hint="a share from 0.01 on, 0.8 is 80 %")
    enough(history.days)
    found = pattern(history)
    return Forecast(
        skill=history.skill,
        time_zone=history.time_zone,
        days_counted=len(history.days),
        interval=interval,
        dispersion=found.dispersion,
        half_hours=tuple(to_come(history, found, interval, since, days)),
        days=tuple(whole_days(history, found, interval, since, days)),
    )


def enough(days: Sequence[date]) -> None:
    """Refuse too short a past, and say how long it must go on."""
    counts = [sum(one.weekday() == weekday for one in days) for weekday in range(7)]
    if min(counts) >= FEWEST:
        return
    last, more = max(days, default=None), 0
    counts_then = list(counts)
    while min(counts_then) < FEWEST:
        more += 1
        counts_then[((last.weekday() if last else -1) + more) % 7] += 1
    short = WEEK[counts.index(min(counts))]
    what = f"{len(days)} whole days of history are too few: {short} was there {min(counts)} times of {FEWEST}"
    raise BadInput(what, where="history", hint=f"{more} more days, or a longer file")


def pattern(history: History) -> Pattern:
    """Count the half-hours of each whole day: 46 or 50 of them where clocks change."""
    slots: dict[tuple[int, int], list[float]] = {}
    totals: dict[int, list[float]] = {}
    for day in history.days:
        counted = 0.0
        for at, minute in half_hours_of(day, history.time_zone):
            count = history.counts.get(at, 0.0)
            slots.setdefault((day.weekday(), minute), []).append(count)
            counted += count
        totals.setdefault(day.weekday(), []).append(counted)
    return Pattern(slots, totals, dispersion(slots.values()), dispersion(totals.values()))


def half_hours_of(day: date, time_zone: str) -> list[tuple[int, int]]:
    """The half-hours of a day: when each begins, and the minute of the day that the clock shows then."""
    begins, ends = starts_at(day, time_zone), starts_at(day + timedelta(days=1), time_zone)
    return [(at, minute_of(at, time_zone)) for at in range(begins, ends, HALF_HOUR_MS)]


def minute_of(at: int, time_zone: str) -> int:
    """The minute of the day on the clock."""
    here = local(at, time_zone)
    return here.hour * 60 + here.minute


def dispersion(groups: Iterable[Sequence[float]]) -> float:
    """Pearson's: the sum of (y - mean)^2 / mean over all groups, by the observations less the groups; at least 1."""
    squares, freedom = 0.0, 0
    for counts in groups:
        mean = sum(counts) / len(counts)
        if mean > 0 and len(counts) > 1:
            squares += sum((one - mean) ** 2 for one in counts) / mean
            freedom += len(counts) - 1
    return max(1.0, squares / freedom) if freedom else 1.0


def to_come(history: History, found: Pattern, interval: float, since: date | None, days: int) -> Iterable[Expected]:
    """Every half-hour of the week, or of the days asked for."""
    known: dict[tuple[int, int], tuple[float, float, float]] = {}
    for start, key in starts(history.time_zone, found, since, days):
        counts = found.slots.get(key, [])
        if not counts:  # no such day had this half-hour: the clocks have only ever left it out
            continue
        if key not in known:
            known[key] = (sum(counts) / len(counts), *predicted(sum(counts), len(counts), found.dispersion, interval))
        yield Expected(start, *known[key], len(counts), history.skill)


def starts(time_zone: str, found: Pattern, since: date | None, days: int) -> Iterable[tuple[str, tuple[int, int]]]:
    """The starts to come, as they are written, each with its day of the week and minute."""
    if since is None:
        yield from ((f"{WEEK[day]} {clock(minute)}", (day, minute)) for day, minute in sorted(found.slots))
        return
    whole("days", days, MOST_DAYS, "days to forecast")
    for day in (since + timedelta(days=n) for n in range(days)):
        for at, minute in half_hours_of(day, time_zone):
            yield local(at, time_zone).isoformat(timespec="minutes"), (day.weekday(), minute)


def whole_days(
    history: History, found: Pattern, interval: float, since: date | None, days: int
) -> Iterable[DayExpected]:
    """Every day of the week, or those asked for."""
    if since is None:
        asked: list[tuple[str, int, float]] = [(WEEK[weekday], weekday, 24.0) for weekday in sorted(found.totals)]
    else:
        last = starts_at(since + timedelta(days=days), history.time_zone) - 1
        laid = days_between(starts_at(since, history.time_zone), last, history.time_zone)
        asked = [(one.day.isoformat(), one.day.weekday(), one.hours) for one in laid]
    for name, weekday, hours in asked:
        counts = found.totals[weekday]
        low, high = predicted(sum(counts), len(counts), found.day_dispersion, interval)
        yield DayExpected(name, sum(counts) / len(counts), low, high, len(counts), hours, history.skill)


def clock(minute: int) -> str:
    """`09:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def predicted(counted: float, times: int, dispersion: float, interval: float) -> tuple[float, float]:
    """The interval of the next count after so many in so many half-hours: quantiles of a negative binomial.

    Its mean is (counted + 1/2) / times, its variance that mean times the dispersion times (1 + 1 / times): what varies
    anyway, and what is not known of the mean.
    """
    mean = (counted + JEFFREYS) / times
    variance = mean * dispersion * (1 + 1 / times)
    below = (1 - interval) / 2
    return quantiles(mean, variance, below, 1 - below)


def quantiles(mean: float, variance: float, *shares: float) -> tuple[float, float]:
    """The smallest counts at or below which these shares of a negative binomial lie; the variance is above the mean."""
    size, each = mean * mean / (variance - mean), 1 - mean / variance
    spread = sqrt(variance)
    first = max(0, floor(mean - FAR * spread))
    counts = np.arange(first, ceil(mean + FAR * spread) + 40)
    logs = np.concatenate([[0.0], np.cumsum(np.log(each * (counts[:-1] + size) / (counts[:-1] + 1)))])
    reached = np.cumsum(np.exp(logs - logs.max()))
    low, high = (float(counts[np.searchsorted(reached, one * reached[-1])]) for one in shares)
    return low, high
