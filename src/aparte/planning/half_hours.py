"""Arrivals by half-hour: `start,arrivals` as people write them, one row for each half-hour.

A start is a moment (`2026-03-02T09:00`, with or without an offset), a time of a day of the week (`mon 09:00`) or a
time of any day (`09:00`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, field

from aparte.kit.errors import BadInput
from aparte.kit.tables import cells_of, heading
from aparte.planning.queue_inputs import MOST_PER_HOUR
from aparte.sites.model import WEEK

MINUTES = 30
DAYS: tuple[str, ...] = WEEK
DAY_MINUTES = 1440
CLOCK = re.compile(r"(?:(mon|tue|wed|thu|fri|sat|sun) )?([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
HOW = "2026-03-02T09:00, mon 09:00 or 09:00, always at :00 or :30"
MOST_ROWS = 400_000
"""Ten years and more, for two skills."""
COLUMNS = "the first row names the columns: start,arrivals and, where there are several skills, skill"
TWICE = "one row for each half-hour and skill; where clocks go back, with offsets: 2026-10-25T02:00+01:00"
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]*)?(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)


class HalfHour(Struct, frozen=True):
    """How many come in half an hour."""

    start: str
    """As it was written."""
    arrivals: float
    minute: int
    """Of the day, where it begins."""
    weekday: int | None = None
    """0 is Monday; None: any day."""
    at: datetime | None = None
    """The moment, where one was written; with an offset only if it was."""
    skill: str = ""


class Seen(Struct):
    """The rows so far."""

    times: dict[tuple[str, str], int] = field(default_factory=dict)
    twice: bool = False


def half_hours(text: str, where: str, column: str = "arrivals", *, twice: bool = False) -> list[HalfHour]:
    """The rows of a CSV text, or of what `aparte plan forecast --json` printed; BadInput with the line that is wrong.

    `column`: which of the numbers of a forecast: `arrivals`, `low` or `high`. `twice`: a start without an offset may be
    there twice, as it is where clocks go back; the second row is the second time.
    """
    seen = Seen(twice=twice)
    read = from_json if text.lstrip()[:1] == "{" else from_csv
    found = list(read(text, where, column, seen))
    if not found:
        raise BadInput("there are no arrivals", where=where, hint=COLUMNS)
    return found


def from_csv(text: str, where: str, column: str, seen: Seen) -> Iterator[HalfHour]:
    """A table with the headings `start` and `arrivals`; others are passed over, but for `skill`."""
    rows = cells_of(text, where)
    heads = [heading(one) for one in next(rows, (0, []))[1]]
    for name in ("start", column):
        if heads.count(name) != 1:
            raise BadInput(f"there is no column {name!r}" if name not in heads else f"two columns are {name!r}",
                           where=f"{where}:1", hint=COLUMNS)  # fmt: skip
    for number, (line, cells) in enumerate(rows):
        place = f"{where}:{line}"
        if number >= MOST_ROWS:
            raise BadInput(f"there are more than {MOST_ROWS:,} rows", where=where, hint="leave the oldest out")
        row = dict(zip(heads, (one.strip() for one in cells), strict=False))
        if len(cells) < len(heads):
            raise BadInput(f"{len(cells)} cells where {len(heads)} columns are named", where=place)
        yield told(row["start"], counted(row[column], place), row.get("skill", ""), place, seen)


def from_json(text: str, where: str, column: str, seen: Seen) -> Iterator[HalfHour]:
    """What a forecast has printed as JSON."""
    try:
        rows = msgspec.json.decode(text, type=dict[str, Any])["half_hours"]
        for number, row in enumerate(rows, 1):
            place = f"{where}: half-hour {number}"
            yield told(str(row["start"]), counted(str(row[column]), place), str(row.get("skill", "")), place, seen)
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        hint = "give what `aparte plan forecast --json` or --csv printed"
        raise BadInput(f"this is no forecast: {error}", where=where, hint=hint) from None


def told(start: str, arrivals: float, skill: str, place: str, seen: Seen) -> HalfHour:
    """One row; a second one of the same half-hour is refused, but for the hour that clocks tell twice."""
    found = begun(start, place)
    times = seen.times[start, skill] = seen.times.get((start, skill), 0) + 1
    again = seen.twice and found.at is not None and found.at.tzinfo is None and times == 2
    if times > 1 and not again:
        raise BadInput(f"{start} is there twice", where=place, hint=TWICE)
    at = found.at.replace(fold=1) if found.at is not None and again else found.at
    return HalfHour(start, arrivals, found.minute, found.weekday, at, skill)


def begun(start: str, place: str) -> HalfHour:
    """When it begins; without arrivals yet."""
    clock = CLOCK.fullmatch(start.strip().lower())
    if clock:
        day, hour, minutes = clock.groups()
        found = HalfHour(start, 0.0, int(hour) * 60 + int(minutes), DAYS.index(day) if day else None)
    else:
        found = dated(start, place)
    if found.minute % MINUTES:
        raise BadInput(f"{start} is no beginning of a half-hour", where=place, hint=HOW)
    return found


def dated(start: str, place: str) -> HalfHour:
    """A moment, to the minute."""
    try:
        at = datetime.fromisoformat(start.strip())
    except ValueError:
        raise BadInput(f"{start[:40]!r} is no start of a half-hour", where=place, hint=HOW) from None
    if ":" not in start or at.second or at.microsecond:
        raise BadInput(f"{start} is no beginning of a half-hour", where=place, hint=HOW)
    return HalfHour(start, 0.0, at.hour * 60 + at.minute, at.weekday(), at)


def counted(text: str, place: str) -> float:
    """How many came: a number from 0, with a point or a comma."""
    most = MOST_PER_HOUR / 2
    if not NUMBER.fullmatch(text) or float(text.replace(",", ".")) > most:
        raise BadInput(f"{text[:40]!r} is no number of arrivals", where=place, hint=f"0 to {most:,.0f} in half an hour")
    return float(text.replace(",", "."))


def by_start(rows: Sequence[HalfHour]) -> dict[str, list[HalfHour]]:
    """Rows of the same half-hour together, in the order in which they came."""
    found: dict[str, list[HalfHour]] = {}
    for one in rows:
        found.setdefault(one.start, []).append(one)
    return found
