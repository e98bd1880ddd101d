"""The words of engagements: decisions, the reasons to refrain, and the state of a site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from aparte.routing.model import Capacity
from aparte.targeting.holidays import holiday_at
from aparte.targeting.model import Hours, Offer, SiteRules

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Reason(StrEnum):
    """Why nobody was invited although a rule held; in the order in which they are asked."""

    CONSENT = "consent"
    """The visitor does not allow proactive help."""
    BOT = "bot"
    """The visitor is a machine."""
    ALREADY_ENGAGED = "already_engaged"
    """An invitation is on the screen, or a conversation goes on."""
    FREQUENCY = "frequency"
    """The campaign has addressed this visitor often enough for now."""
    OUTSIDE_PERIOD = "outside_period"
    """The campaign has not begun, or is over."""
    OUTSIDE_HOURS = "outside_hours"
    """Nobody works at this hour."""
    NOT_REACHABLE = "not_reachable"
    """The page is hidden, or has not been heard of for 15 seconds."""
    NOT_COVERED = "not_covered"
    """No agent with the skill has a free slot."""
    PACING = "pacing"
    """One more invitation would bring more acceptances than agents can answer."""
    BID_PRICE = "bid_price"
    """Slots are scarce and worth more than what this visitor is expected to bring."""
    VARIANT_DELAY = "variant_delay"
    """A candidate, whose variant waits longer than the shortest one."""
    OUTBID = "outbid"
    """Another rule made the better offer at this moment."""


class Decided(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="decision"):
    """What every decision carries; `engagement` joins it to all that follows."""

    at: int
    visitor: str
    session: int
    campaign: str
    rule: str
    engagement: str
    newly_eligible: bool = False
    """The first time in this session that the rule was eligible."""
    newly_candidate: bool = False
    """The first time in this session that the visitor was a candidate of this rule."""
    covered: bool = False
    """A slot able to serve the visitor was free, whatever else was asked."""
    newly_covered: bool = False
    """The first time in this session that the rule was eligible and a slot was free."""
    values: dict[str, Any] = field(default_factory=dict)
    """What the condition read, by name; null is unknown."""


class Invite(Decided, frozen=True, kw_only=True, omit_defaults=True, tag="invite"):
    """Show this offer."""

    offer: Offer
    expires_at: int
    variant: str | None = None


class HoldOut(Decided, frozen=True, kw_only=True, omit_defaults=True, tag="hold_out"):
    """Show nothing, so that we learn what happens without us: a ghost invitation."""

    level: str
    """`site` or `campaign`."""


class Refrain(Decided, frozen=True, kw_only=True, omit_defaults=True, tag="refrain"):
    """Show nothing, for this reason."""

    reason: Reason
    detail: str = ""


Decision: TypeAlias = Invite | HoldOut | Refrain


class Outstanding(Struct, frozen=True, array_like=True):
    """An invitation that may still be accepted."""

    engagement: str
    at: int
    acceptance: float


class SiteState(Struct):
    """What is known of the site as a whole: rules of the house, invitations under way, learnt rates, capacity."""

    rules: SiteRules
    outstanding: dict[str, list[Outstanding]] = field(default_factory=dict)
    acceptance: dict[str, float] = field(default_factory=dict)
    """Per campaign: the probability that an invitation is accepted; see `PacingUpdated`."""
    capacity: Capacity = field(default_factory=Capacity)
    campaigns_version: int = 0
    everybody_reachable: bool = False
    """In a foreign recording nobody pulses, so everybody counts as reachable."""

    def hour(self, now: int) -> int:
        """Hour of the day at the site, 0 to 23."""
        return local(now, self.rules.time_zone).hour

    def weekday(self, now: int) -> str:
        """Day of the week at the site, `mon` to `sun`."""
        return WEEKDAYS[local(now, self.rules.time_zone).weekday()]

    def holiday(self, now: int) -> bool:
        """Whether today, on the calendar of the site's time zone, is one of its holidays."""
        rules = self.rules
        if not rules.holidays and rules.holiday_calendar is None:
            return False
        return holiday_at(rules, local(now, rules.time_zone).date())

    def open(self, now: int) -> bool:
        """Whether somebody works now: no holiday, and within the site's hours; without hours any time is."""
        return not self.holiday(now) and within_hours(self.rules.hours, now, self.rules.time_zone)


def within_hours(hours: tuple[Hours, ...], now: int, time_zone: str) -> bool:
    """Whether this moment lies in one of the intervals, in local time; the end is not included. No hours: always."""
    if not hours:
        return True
    moment = local(now, time_zone)
    day, clock = WEEKDAYS[moment.weekday()], moment.strftime("%H:%M")
    return any(day in span.days and span.start <= clock < span.end for span in hours)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of this name; `check` has made sure that there is one."""
    return ZoneInfo(name)


def local(now: int, time_zone: str) -> datetime:
    """This moment on the wall clock of a time zone."""
    return (EPOCH + timedelta(milliseconds=now)).astimezone(zone(time_zone))
