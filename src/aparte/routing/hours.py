"""Paid hours: what was planned, what was worked, day by day in the site's time. Pure.

A local day is as long as its clock says: 23 or 25 hours when summer time begins or ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aparte.kit.errors import BadInput
from aparte.routing.model import Team, Work
from aparte.sites.model import WEEK, Day, Shift, Staff

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", re.ASCII)
DAYS: tuple[Day, ...] = get_args(Day)
HOW = 'write it like "mon-fri 09:00-17:00" or "sat,sun 22:00-06:00"'


class DayOfWork(Struct, kw_only=True):
    """One agent on one day; seconds."""

    staff: str
    day: str
    """YYYY-MM-DD in the site's time."""
    planned_s: int = 0
    logged_s: int = 0
    """Connected, whatever his status."""
    available_s: int = 0
    away_s: dict[str, int] = field(default_factory=dict)
    """By reason; of those connected."""

    @property
    def paid_s(self) -> int:
        """The planned hours of a day with a shift; the logged-in hours of one without."""
        return self.planned_s or self.logged_s


class Paid(Struct, kw_only=True):
    """The hours of an agent, or of a team, over a period."""

    id: str
    paid_h: float = 0.0
    logged_h: float = 0.0
    available_h: float = 0.0
    cost: float = 0.0
    """In the site's currency."""


def read_shift(text: str) -> Shift:
    """`mon-fri 09:00-17:00`; without days every day. BadInput for anything else."""
    *before, hours = text.lower().split() or [""]
    start, _, end = hours.partition("-")
    return checked(Shift(start, end, read_days(",".join(before), text)))


def read_days(text: str, whole: str) -> tuple[Day, ...]:
    """`mon-fri,sun` as days; none: all of them."""
    found: set[Day] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise BadInput(f"{part!r} is no day of the week", where=repr(whole)[:80], hint=HOW)
        a, b = DAYS.index(first), DAYS.index(last or first)
        found |= {DAYS[n % 7] for n in range(a, (b if b >= a else b + 7) + 1)}
    return tuple(day for day in WEEK if day in found) or WEEK


def checked(shift: Shift) -> Shift:
    """The shift; BadInput when its times are none."""
    for clock in (shift.start, shift.end):
        if not CLOCK.fullmatch(clock) or shift.start == "24:00":
            raise BadInput(f"{clock!r} is no time of the day", where=f"{shift.start}-{shift.end}", hint=HOW)
    if not shift.days or shift.start == shift.end:
        raise BadInput(
            "a shift has days and an end that is not its start", where=f"{shift.start}-{shift.end}", hint=HOW
        )
    return shift


def days_of(since: date, until: date) -> Iterator[date]:
    """The days from one to another, both included."""
    while since <= until:
        yield since
        since += timedelta(days=1)


def moment(day: date, clock: str, zone: ZoneInfo) -> int:
    """A local time as milliseconds since 1970; 24:00 is the midnight that follows."""
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    return int(local.astimezone(UTC).timestamp() * 1000)


def bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Beginning and end of a local day, in milliseconds since 1970."""
    return moment(day, "00:00", zone), moment(day, "24:00", zone)


def planned(shifts: Sequence[Shift], day: date, zone: ZoneInfo) -> int:
    """Milliseconds that are planned on a day; where shifts overlap they count once.

    A shift over midnight belongs to both of its days, to each with its part.
    """
    low, high = bounds(day, zone)
    spans = []
    for on in (day - timedelta(days=1), day):
        for shift in shifts:
            if WEEK[on.weekday()] in shift.days:
                last = on if shift.end > shift.start else on + timedelta(days=1)
                spans.append((max(moment(on, shift.start, zone), low), min(moment(last, shift.end, zone), high)))
    return covered(spans)


def covered(spans: Sequence[tuple[int, int]]) -> int:
    """The length of what these intervals cover together."""
    total = reached = 0
    for low, high in sorted(span for span in spans if span[1] > span[0]):
        total += max(high - max(low, reached), 0)
        reached = max(reached, high)
    return total


def on_shift(shifts: Sequence[Shift], at: int, zone: ZoneInfo) -> bool:
    """Whether this moment lies in one of these shifts; the end of a shift is not in it."""
    here = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone).date()
    for day in (here - timedelta(days=1), here):
        for shift in shifts:
            last = day if shift.end > shift.start else day + timedelta(days=1)
            if WEEK[day.weekday()] in shift.days and moment(day, shift.start, zone) <= at < moment(
                last, shift.end, zone
            ):
                return True
    return False


def days_of_work(
    staff: Sequence[Staff], work: Sequence[Work], since: date, until: date, time_zone: str, now: int
) -> list[DayOfWork]:
    """Each agent's days that were planned or worked, both days included; what goes on counts up to now."""
    zone = ZoneInfo(time_zone)
    found = []
    for one in staff:
        mine = [part for part in work if part.staff == one.id]
        for day in days_of(since, until):
            row = day_of_work(one, mine, day, zone, now)
            if row.planned_s or row.logged_s:
                found.append(row)
    return found


def day_of_work(staff: Staff, work: Sequence[Work], day: date, zone: ZoneInfo, now: int) -> DayOfWork:
    """One agent's day."""
    low, high = bounds(day, zone)
    row = DayOfWork(staff=staff.id, day=day.isoformat(), planned_s=planned(staff.shifts, day, zone) // 1000)
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for one in work:
        end = now if one.until is None else one.until
        spans.setdefault((one.status, one.reason), []).append((max(one.since, low), min(end, high)))
    for (status, reason), parts in spans.items():
        seconds = covered(parts) // 1000
        row.logged_s += seconds
        if status == "available":
            row.available_s += seconds
        elif seconds:
            row.away_s[reason] = row.away_s.get(reason, 0) + seconds
    return row


def paid(
    days: Sequence[DayOfWork], staff: Sequence[Staff], teams: Sequence[Team]
) -> tuple[dict[str, Paid], dict[str, Paid]]:
    """Sums by agent and by team; who has no team, or one that is gone, is in team '' and costs nothing known."""
    rates = {team.id: team.cost_per_hour for team in teams}
    team_of = {one.id: one.team if one.team in rates else "" for one in staff}
    agents = {one.id: Paid(id=one.id) for one in staff}
    sums = {team: Paid(id=team) for team in (*rates, "")}
    for row in days:
        team = team_of[row.staff]
        for total in (agents[row.staff], sums[team]):
            total.paid_h += row.paid_s / 3600
            total.logged_h += row.logged_s / 3600
            total.available_h += row.available_s / 3600
            total.cost += row.paid_s / 3600 * rates.get(team, 0.0)
    return agents, sums
