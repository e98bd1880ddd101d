"""A callback that an agent books during a conversation: when, and what its visitor reads of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONGEST_AHEAD_MS = 366 * 86_400_000
"""Nobody remembers a promise of more than a year."""
STEP_MS = 900_000
LOOKED_MS = 31 * 86_400_000
"""So far ahead the next opening is looked for, quarter of an hour by quarter of an hour."""
LOCAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}", re.ASCII)

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
TOLD = {
    "fr": "Nous vous appellerons le {day} {date} {month} {year} à {clock} ({zone}), au numéro qui finit par {end}.",
    "en": "We will call you on {day} {date} {month} {year} at {clock} ({zone}), at the number that ends in {end}.",
}


def moment_of(at: int | str, zone: ZoneInfo) -> int | None:
    """The moment as milliseconds since 1970: told as such, or as `2026-11-24T10:00` of the site's clock.

    None for what is no time. Of an hour that the clock shows twice the first counts; one that it leaps over is told as
    if it had not leapt.
    """
    if isinstance(at, int):
        return at
    if not LOCAL.fullmatch(at):
        return None
    try:
        return int(datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def local(at: int, zone: ZoneInfo) -> datetime:
    """This moment on the site's clock."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)


def wish(at: int, zone: ZoneInfo) -> str:
    """The moment as staff read it in a request and in a mail."""
    return f"{local(at, zone):%Y-%m-%d %H:%M} ({zone.key})"


def told(at: int, zone: ZoneInfo, phone: str, language: str) -> str:
    """What the visitor reads: when, and of the number only its end, because transcripts are mailed and exported."""
    tongue = language if language in TOLD else "en"
    here = local(at, zone)
    return TOLD[tongue].format(
        day=DAYS[tongue][here.weekday()],
        date=here.day,
        month=MONTHS[tongue][here.month - 1],
        year=here.year,
        clock=f"{here:%H:%M}",
        zone=zone.key,
        end=phone[-2:],
    )


def next_open(after: int, open_at: Callable[[int], bool]) -> int | None:
    """The first quarter of an hour at which somebody works; None when there is none within a month."""
    first = -(-after // STEP_MS) * STEP_MS
    return next((at for at in range(first, after + LOOKED_MS, STEP_MS) if open_at(at)), None)
