"""Calendar windows in which goals are judged and contracts are settled. Pure; days are those of the site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from aparte.contracts.goals import Window

FIRST_MONDAY = date(1970, 1, 5)
"""Fortnights are counted from here, so that they are the same for everybody."""


class Period(Struct, frozen=True, order=True):
    """From the first day until the day after the last."""

    since: date
    until: date


def window_of(day: date, window: Window) -> Period:
    """The window that holds a day: a calendar day, an ISO week, two of them, a month, a quarter."""
    if window == "day":
        return Period(day, day + timedelta(days=1))
    if window in ("week", "fortnight"):
        length = 7 if window == "week" else 14
        since = day - timedelta(days=(day - FIRST_MONDAY).days % length)
        return Period(since, since + timedelta(days=length))
    months = 1 if window == "month" else 3
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    after = first.month - 1 + months
    return Period(first, date(first.year + after // 12, after % 12 + 1, 1))


def last_closed(today: date, window: Window) -> Period:
    """The last window that has ended by this day."""
    return window_of(window_of(today, window).since - timedelta(days=1), window)


def windows_between(since: date, until: date, window: Window) -> Iterator[Period]:
    """All windows from the one that begins on `since` that have ended by `until`."""
    one = window_of(since, window)
    while one.until <= until:
        yield one
        one = window_of(one.until, window)
