"""Who receives the dashboard by mail, how often, at which hour of the site; and which period is due now. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

Every: TypeAlias = Literal["daily", "weekly", "fortnightly", "monthly"]
EVERY: tuple[Every, ...] = get_args(Every)
FIRST_MONDAY = date(1970, 1, 5)
"""Fortnights are counted from here, the same for everybody."""


class ReportMail(Struct, frozen=True, kw_only=True):
    """A member of staff receives the dashboard of a site."""

    site: str
    staff: str
    every: Every
    hour: int = 8
    """Of the site's clock: 0 to 23."""
    since: int
    """When it was asked for, ms: periods that were due before are not sent."""
    sent: str = ""
    """First day of the last period that was sent."""


class Period(Struct, frozen=True):
    """Days, both included, and the moment at which they are sent."""

    first: date
    last: date
    due_at: int


def due(mail: ReportMail, now: int, time_zone: str) -> Period | None:
    """The last period whose moment has come and that was not sent; None when there is none.

    Only the last: whoever was away for weeks, server or mail, is not sent all of them.
    """
    zone, today = local_day(now, time_zone)
    period = before(mail.every, today, mail.hour, zone)
    if period.due_at > now:
        period = before(mail.every, period.first, mail.hour, zone)
    fresh = period.due_at >= mail.since and period.first.isoformat() > mail.sent
    return period if fresh and period.due_at <= now else None


def before(every: Every, day: date, hour: int, zone: ZoneInfo) -> Period:
    """The last period that is over before a day begins."""
    ends = {"daily": day, "weekly": monday(day), "fortnightly": monday(day), "monthly": day.replace(day=1)}[every]
    if every == "fortnightly" and (ends - FIRST_MONDAY).days % 14:
        ends -= timedelta(days=7)
    first = {
        "daily": ends - timedelta(days=1),
        "weekly": ends - timedelta(days=7),
        "fortnightly": ends - timedelta(days=14),
        "monthly": (ends - timedelta(days=1)).replace(day=1),
    }[every]
    return Period(first, ends - timedelta(days=1), moment(ends, hour, zone))


def local_day(now: int, time_zone: str) -> tuple[ZoneInfo, date]:
    """The zone, and the day that it is there."""
    zone = ZoneInfo(time_zone)
    return zone, datetime.fromtimestamp(now / 1000, zone).date()


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def moment(day: date, hour: int, zone: ZoneInfo) -> int:
    """The hour of a day at the site, in ms.

    One that the clocks leave out is an hour later, of one that comes twice it is the first.
    """
    return round(datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp() * 1000)
