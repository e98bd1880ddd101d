"""The past that a forecast is made of: from a table, or from moments that were counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from aparte.kit.civil import EPOCH, local, zone
from aparte.kit.days import days_between, starts_at
from aparte.kit.errors import BadInput
from aparte.planning.forecast import HALF_HOUR_MS, History
from aparte.planning.half_hours import HalfHour


def written(rows: Sequence[HalfHour], time_zone: str, where: str) -> list[History]:
    """The past of each skill from a table of dated half-hours; a start without an offset is on the clock of the place.

    A day of which there is any row is known whole: half-hours of it without a row had no arrivals. A day without any is
    not known, but for days of the week that have none at all: then it is closed, and nobody came.
    BadInput for starts without a date, and for arrivals in an hour that the clocks left out.
    """
    counts: dict[str, dict[int, float]] = {}
    days: set[date] = set()
    for one in rows:
        if one.at is None:
            raise BadInput(f"{one.start} is no date", where=where, hint="a past has dates, as in 2026-03-02T09:00")
        at = moment(one.at, one.arrivals, time_zone, where)
        own = counts.setdefault(one.skill, {})
        if at is not None:
            own[at] = own.get(at, 0.0) + one.arrivals
            days.add(local(at, time_zone).date())
    known = tuple(sorted(days | closed(days)))
    return [History(time_zone, own, known, skill) for skill, own in sorted(counts.items())]


def closed(days: set[date]) -> set[date]:
    """The days between them of such days of the week as are never among them."""
    if not days:
        return set()
    first, open_on = min(days), {one.weekday() for one in days}
    between = (first + timedelta(days=n) for n in range((max(days) - first).days))
    return {one for one in between if one.weekday() not in open_on}


def moment(at: datetime, arrivals: float, time_zone: str, where: str) -> int | None:
    """The half-hour of the place that holds this start; None for a row of 0 in an hour that the clocks left out."""
    if at.tzinfo is not None:
        return half_hour(round((at - EPOCH) / timedelta(milliseconds=1)), time_zone)
    placed = at.replace(tzinfo=zone(time_zone))
    if at.fold and placed.utcoffset() == placed.replace(fold=0).utcoffset():
        raise BadInput(f"{at:%Y-%m-%dT%H:%M} is there twice", where=where, hint="one row for each half-hour and skill")
    found = round((placed - EPOCH) / timedelta(milliseconds=1))
    if local(found, time_zone).replace(tzinfo=None, fold=0) == at.replace(fold=0):
        return found
    if arrivals:
        what = f"there is no {at:%H:%M} on {at:%Y-%m-%d} in {time_zone}: the clocks go forward"
        raise BadInput(what, where=where, hint="write the offset, as in 2026-03-29T03:30+02:00")
    return None


def half_hour(at: int, time_zone: str) -> int:
    """The beginning of the half-hour, counted from the local midnight, that holds a moment."""
    begins = starts_at(local(at, time_zone).date(), time_zone)
    return begins + (at - begins) // HALF_HOUR_MS * HALF_HOUR_MS


def counted(arrivals: Iterable[tuple[str, int, float]], time_zone: str, first_at: int, last_at: int) -> list[History]:
    """The past of each skill from (skill, moment, how many) in milliseconds since 1970, known from first to last.

    Only days that lie in it from midnight to midnight are taken.
    """
    days = tuple(
        one.day
        for one in days_between(first_at, last_at, time_zone)
        if first_at <= one.starts_at and one.ends_at <= last_at + 1
    )
    counts: dict[str, dict[int, float]] = {}
    for skill, at, n in arrivals:
        own, begins = counts.setdefault(skill, {}), half_hour(at, time_zone)
        own[begins] = own.get(begins, 0.0) + n
    return [History(time_zone, own, days, skill) for skill, own in sorted(counts.items())]


def as_rows(history: History) -> list[HalfHour]:
    """The past itself, half-hour by half-hour of its whole days: to staff what was."""
    found = []
    for day in history.days:
        begins, ends = starts_at(day, history.time_zone), starts_at(day + timedelta(days=1), history.time_zone)
        for at in range(begins, ends, HALF_HOUR_MS):
            here = local(at, history.time_zone)
            minute, count = here.hour * 60 + here.minute, history.counts.get(at, 0.0)
            found.append(
                HalfHour(here.isoformat(timespec="minutes"), count, minute, here.weekday(), here, history.skill)
            )
    return found
