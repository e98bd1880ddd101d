"""Whether events still come in: how busy the site is at each half-hour of its week, from the facts. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from aparte.attribution.facts import Facts
from aparte.contracts.alarms import SLOT, Look, of_silence
from aparte.kit.civil import local

WEEK = 7 * 24 * 3_600_000
HISTORY = 4 * WEEK
LONGEST = WEEK
"""Of a longer silence only so much is counted: it is an alarm already."""
SPAN = "SELECT min(happened_at), max(happened_at) FROM event WHERE site = ? AND NOT bot AND happened_at <= ?"
SLOTS = """SELECT happened_at // ? AS slot, count(DISTINCT visitor) FROM event
    WHERE site = ? AND NOT bot AND happened_at >= ? AND happened_at <= ? GROUP BY slot"""
Place: TypeAlias = tuple[int, int, int]
"""A half-hour of the week at the site: weekday, hour, minute."""


def silence(facts: Facts, site: str, time_zone: str, now: int) -> Look:
    """Whether ingest has stopped: how long nobody came, by how many would have come."""
    first, last = facts.ask(SPAN, [site, now]).rows[0]
    if last is None:
        return of_silence({}, 0, None, now)
    weeks = min(HISTORY, last - first) / WEEK
    rows = facts.ask(SLOTS, [SLOT, site, last - HISTORY, last]).rows
    return of_silence(usual(dict(rows), weeks, last, now, time_zone), weeks, last, now)


def usual(visitors: Mapping[int, int], weeks: float, last: int, now: int, time_zone: str) -> dict[int, float]:
    """The half-hours since `last` -> how many visitors one of this place in the week has had on average."""
    by_place: Counter[Place] = Counter()
    for slot, n in visitors.items():
        by_place[place_of(slot * SLOT, time_zone)] += n
    starts = range(last // SLOT * SLOT, min(now, last + LONGEST), SLOT)
    return {start: by_place[place_of(start, time_zone)] / max(weeks, 1.0) for start in starts}


def place_of(at: int, time_zone: str) -> Place:
    """Where in the week of the site a moment lies."""
    then = local(at, time_zone)
    return then.weekday(), then.hour, then.minute // 30
