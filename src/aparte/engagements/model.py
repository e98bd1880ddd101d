"""The words of engagements: decisions, the reasons to refrain, and the state of a site."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeAlias

from msgspec import Struct, field

from aparte.engagements.budget import Spent
from aparte.engagements.learning import Learnt
from aparte.engagements.pricing import Demand
from aparte.kit.civil import local
from aparte.routing.model import Capacity
from aparte.targeting.holidays import holiday_at
from aparte.targeting.model import Hours, Offer, SiteRules

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Reason(StrEnum):
    """Why nobody was invited although a rule held; in the order in which they are asked."""

    CONSENT = "consent"
    """The visitor does not allow proactive help."""
    BOT = "bot"
    """The visitor is a machine."""
    BLOCKED = "blocked"
    """Somebody of the staff has blocked the visitor."""
    ALREADY_ENGAGED = "already_engaged"
    """An invitation is on the screen, or a conversation goes on."""
    FREQUENCY = "frequency"
    """The campaign, or all campaigns together, have addressed this visitor often enough for now."""
    BUDGET = "budget"
    """The campaign has given away what it may in this period."""
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
    merged: bool = False
    """The visitor is a younger identity of a person: the comparison is by the oldest one."""
    values: dict[str, Any] = field(default_factory=dict)
    """What the condition read, by name; null is unknown."""
    worth: float | None = None
    """What the visitor's segments are worth, in the shop's currency, where the offer says no margin of its own."""


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


class UnderWay(Struct, array_like=True):
    """An invitation of which nobody knows yet how it ends."""

    engagement: str
    campaign: str
    """Empty: somebody of the staff has invited by hand."""
    at: int
    expires_at: int
    slot: bool = True
    """Whether accepting it takes an agent's slot."""
    revoked: bool = False
    """Taken back: nothing is expected of it, and if it is accepted all the same, nothing is learnt from that."""


FORGOTTEN_MS = 600_000
"""An invitation of which nothing was heard so long after its end is forgotten: in a foreign recording nobody tells."""


class SiteState(Struct):
    """What is known of the site as a whole: rules of the house, invitations under way, learnt rates, capacity."""

    rules: SiteRules
    under_way: dict[str, dict[str, UnderWay]] = field(default_factory=dict)
    """By skill (`""`: none) and engagement, in the order in which they were sent."""
    learnt: Learnt = field(default_factory=Learnt)
    spent: dict[str, Spent] = field(default_factory=dict)
    """By campaign: what its budget is asked about."""
    demand: dict[str, Demand] = field(default_factory=dict)
    """By skill, while the bid price is `auto`."""
    prices: dict[str, tuple[float, ...]] = field(default_factory=dict)
    """By skill: the price of a slot by number of busy ones; see `PricesUpdated`."""
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
