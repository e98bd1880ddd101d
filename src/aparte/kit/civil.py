"""Moments on a wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of this name; whoever takes a name in has made sure that there is one."""
    return ZoneInfo(name)


def local(now: int, time_zone: str) -> datetime:
    """This moment, in milliseconds since 1970, on the wall clock of a time zone."""
    return (EPOCH + timedelta(milliseconds=now)).astimezone(zone(time_zone))
