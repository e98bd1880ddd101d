"""Times as text, numbers of milliseconds, and back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from aparte.tracking.quarantine import Repair

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
EARLIEST = 0
LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // MILLISECOND
# A number below this counts seconds (up to the year 5138), above it milliseconds (from March 1973).
SECONDS_BELOW = 100_000_000_000

ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[Tt ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?"
    r"\s?(?:(?P<utc>[Zz])|(?P<sign>[+-])(?P<zone_hour>\d\d):?(?P<zone_minute>\d\d)?)?",
    re.ASCII,
)
NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{1,17})?", re.ASCII)


def milliseconds(moment: datetime) -> int:
    """The milliseconds of a moment; one without a zone is one in UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // MILLISECOND


def parse(text: str) -> tuple[int, Repair | None] | None:
    """The milliseconds of a time that can be read without guessing, and what had to be put right; None: unreadable."""
    text = text.strip()
    if NUMBER.fullmatch(text):
        number = float(text)
        return round(number * SECOND if abs(number) < SECONDS_BELOW else number), Repair.EPOCH_TIME
    found = ISO.fullmatch(text)
    if found is None:
        return None
    return _milliseconds(found)


def _milliseconds(found: re.Match[str]) -> tuple[int, Repair | None] | None:
    names = ("year", "month", "day", "hour", "minute", "second", "zone_hour", "zone_minute")
    year, month, day, hour, minute, second, zone_hour, zone_minute = (int(found[name] or 0) for name in names)
    # 60 is a leap second: POSIX time counts it as the first second of the next minute.
    if hour > 23 or minute > 59 or second > 60 or zone_hour > 23 or zone_minute > 59:
        return None
    try:
        days = date(year, month, day).toordinal() - EPOCH.toordinal()
    except ValueError:
        return None
    fraction = int((found["fraction"] or "0")[:3].ljust(3, "0"))
    offset = (zone_hour * HOUR + zone_minute * MINUTE) * (-1 if found["sign"] == "-" else 1)
    at = days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction - offset
    return at, None if found["utc"] or found["sign"] else Repair.TIME_WITHOUT_ZONE


def moment_of(at: int) -> datetime:
    """The moment of a number of milliseconds; OverflowError beyond the years 1 to 9999."""
    return EPOCH + timedelta(milliseconds=at)


def iso(at: int) -> str:
    """`2016-08-01T10:10:45.000Z`."""
    moment = moment_of(at)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % SECOND:03}Z"
