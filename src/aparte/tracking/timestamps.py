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
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?\s?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?",
    re.ASCII,
)
NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{1,17})?", re.ASCII)


def milliseconds(moment: datetime) -> int:
    """The milliseconds of a moment; one without a zone is one in UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // MILLISECOND


def parse(text: str) -> tuple[int, Repair | None] | None:
    """The milliseconds of any time that can be read without guessing, and what had to be put right; None: unreadable."""
    text = text.strip()
    if NUMBER.fullmatch(text):
        number = float(text)
        return round(number * SECOND if abs(number) < SECONDS_BELOW else number), Repair.EPOCH_TIME
    found = ISO.fullmatch(text)
    if found is None:
        return None
    return _milliseconds(*found.groups())


def _milliseconds(
    year: str, month: str, day: str, hour: str, minute: str, second: str | None, fraction: str | None, zulu: str | None,
    sign: str | None, zone_hour: str | None, zone_minute: str | None,
) -> tuple[int, Repair | None] | None:  # fmt: skip
    # 60 is a leap second: POSIX time counts it as the first second of the next minute.
    if (
        int(hour) > 23
        or int(minute) > 59
        or int(second or 0) > 60
        or int(zone_hour or 0) > 23
        or int(zone_minute or 0) > 59
    ):
        return None
    try:
        days = date(int(year), int(month), int(day)).toordinal() - EPOCH.toordinal()
    except ValueError:
        return None
    clock = (
        int(hour) * HOUR + int(minute) * MINUTE + int(second or 0) * SECOND + int((fraction or "0")[:3].ljust(3, "0"))
    )
    offset = int(zone_hour or 0) * HOUR + int(zone_minute or 0) * MINUTE
    at = days * DAY + clock - (-offset if sign == "-" else offset)
    return at, None if zulu or sign else Repair.TIME_WITHOUT_ZONE


def moment_of(at: int) -> datetime:
    """The moment of a number of milliseconds; OverflowError beyond the years 1 to 9999."""
    return EPOCH + timedelta(milliseconds=at)


def iso(at: int) -> str:
    """`2016-08-01T10:10:45.000Z`."""
    moment = moment_of(at)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % SECOND:03}Z"
