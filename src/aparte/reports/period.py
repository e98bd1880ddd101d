"""The period of a report, from two days of an address or a command."""

from __future__ import annotations

from datetime import date, timedelta

from aparte.kit.errors import BadInput
from aparte.reports.numbers import day_of, start_of

DEFAULT_DAYS = 28
LONGEST_DAYS = 3660


def period_of(since: str | None, until: str | None, time_zone: str, now: int) -> tuple[int, int]:
    """The period of two days `YYYY-MM-DD`, both included, at the site; without them the last 28 days with today.

    Returns milliseconds, the second not included. Raises BadInput for what is no day, and for a last day before the
    first.
    """
    last = day_from(until, "until") if until else day_of(now, time_zone)
    first = day_from(since, "since") if since else last - timedelta(days=DEFAULT_DAYS - 1)
    if last < first:
        raise BadInput(f"{last} is before {first}", where="until", hint="swap the two days")
    if (last - first).days > LONGEST_DAYS:
        raise BadInput("this is more than ten years", where="since", hint="choose a shorter period")
    return start_of(first, time_zone), start_of(last + timedelta(days=1), time_zone)


def day_from(text: str, where: str) -> date:
    """A day of an address or a command."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text[:40]!r} is no day", where=where, hint="write YYYY-MM-DD") from None
    if not 1971 <= day.year <= 9000:
        raise BadInput(f"the year {day.year} is out of reach", where=where, hint="choose another day")
    return day
