"""The days of a place, as its wall clock has them: of 23, 24 or 25 hours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from aparte.kit.civil import EPOCH, local, zone

HOUR = 3_600_000


class Day(Struct, frozen=True):
    """A day of a place; milliseconds since 1970, the end is not included."""

    day: date
    starts_at: int
    ends_at: int

    @property
    def hours(self) -> float:
        """How long it is: 24 but where clocks are changed."""
        return (self.ends_at - self.starts_at) / HOUR

    @property
    def week(self) -> str:
        """Its ISO week, `2026-W08`; weeks begin on Monday."""
        year, week, _ = self.day.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def month(self) -> str:
        """`2026-02`."""
        return f"{self.day:%Y-%m}"


def starts_at(day: date, time_zone: str) -> int:
    """The moment at which a day begins; where clocks leave midnight out, the moment of their change."""
    return round((datetime(day.year, day.month, day.day, tzinfo=zone(time_zone)) - EPOCH) / timedelta(milliseconds=1))


def days_between(since: int, until: int, time_zone: str) -> Iterator[Day]:
    """All days that hold a moment from `since` to `until`, both included; a day that a place has left out is none."""
    day, last = local(since, time_zone).date(), local(until, time_zone).date()
    start = starts_at(day, time_zone)
    while day <= last:
        end = starts_at(day + timedelta(days=1), time_zone)
        if end > start:
            yield Day(day, start, end)
        day, start = day + timedelta(days=1), end


class Calendar:
    """The days of a place, looked up many times: years are laid out when they are first asked for."""

    def __init__(self, time_zone: str) -> None:
        self.time_zone = time_zone
        self._years: dict[int, tuple[list[int], list[date]]] = {}

    def day_of(self, at: int) -> date:
        """The day that holds a moment; milliseconds since 1970, of the years 2 to 9998."""
        starts, days = self._year(local_year(at))
        return days[bisect_right(starts, at) - 1]

    def _year(self, year: int) -> tuple[list[int], list[date]]:
        """The days of a year and of a week around it: a year in UTC is not quite one of the place."""
        found = self._years.get(year)
        if found is None:
            first, last = starts_at(date(year - 1, 12, 25), "UTC"), starts_at(date(year + 1, 1, 7), "UTC")
            days = list(days_between(first, last, self.time_zone))
            found = self._years[year] = [one.starts_at for one in days], [one.day for one in days]
        return found


def local_year(at: int) -> int:
    """The year of a moment in UTC."""
    return (EPOCH + timedelta(milliseconds=at)).year
