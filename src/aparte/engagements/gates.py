"""The gates of a decision, in the order of docs/reference/decisions.md; each is asked alike in both arms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec import Struct

from aparte.engagements import budget, frequency
from aparte.engagements.learning import epsilon
from aparte.engagements.model import FORGOTTEN_MS, Reason, SiteState, UnderWay, within_hours
from aparte.engagements.pacing import (
    Distribution,
    freed_slots_distribution,
    may_send_one_more,
    residual_acceptance,
    tail,
)
from aparte.engagements.pacing import exponential_delay as delay_of
from aparte.engagements.pricing import price
from aparte.kit.civil import local
from aparte.routing.model import SLOTLESS_CHANNELS, Capacity
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.model import Campaign, Offer
from aparte.targeting.rules import CompiledRule

REACHABLE_MS = 15_000


class Case(Struct, gc=False):
    """One rule that holds for one visitor at one moment, with all that the gates read."""

    rule: CompiledRule
    session: SessionState
    visitor: VisitorState
    site: SiteState
    capacity: Capacity
    now: int
    invited: bool = False
    """Another rule has invited this visitor at this very moment."""

    @property
    def campaign(self) -> Campaign:
        """The campaign that the rule belongs to."""
        return self.rule.campaign

    @property
    def offer(self) -> Offer:
        """What the rule offers, before any variant."""
        return self.rule.rule.offer


Gate: TypeAlias = Callable[[Case], "Reason | tuple[Reason, str] | None"]


def consent(case: Case) -> Reason | None:
    """Only a visitor who allows proactive help is helped proactively."""
    return None if case.visitor.consent == "full" else Reason.CONSENT


def bot(case: Case) -> Reason | None:
    """Machines are left alone."""
    return Reason.BOT if case.visitor.bot else None


def blocked(case: Case) -> Reason | None:
    """Whom somebody has blocked is not addressed."""
    return Reason.BLOCKED if case.visitor.blocked(case.now) else None


def already_engaged(case: Case) -> Reason | None:
    """One thing at a time."""
    return Reason.ALREADY_ENGAGED if case.visitor.open is not None and not case.invited else None


def often_enough(case: Case) -> tuple[Reason, str] | None:
    """Frequency caps and cool-downs of the campaign, and those of all campaigns together."""
    limit = frequency.refusal(
        case.campaign.frequency, case.offer, case.campaign.name, case.session, case.visitor, case.now
    )
    if not limit and case.site.rules.frequency is not None:
        limit = frequency.site_refusal(case.site.rules.frequency, case.visitor, case.now)
    return (Reason.FREQUENCY, limit) if limit else None


def within_budget(case: Case) -> tuple[Reason, str] | None:
    """What the campaign may give away in this period."""
    wanted, name = case.campaign.budget, case.campaign.name
    spent = case.site.spent.get(name)
    if wanted is None:
        return None
    open_ones = sum(
        one.campaign == name and one.expires_at > case.now
        for sent in case.site.under_way.values()
        for one in sent.values()
    )
    limit = budget.refusal(spent or budget.Spent(), wanted, open_ones, case.now, case.site.rules.time_zone)
    return (Reason.BUDGET, limit) if limit else None


def period(case: Case) -> Reason | None:
    """The campaign's days, both included, in the site's time zone."""
    schedule = case.campaign.schedule
    if schedule.start is None and schedule.end is None:
        return None
    today = local(case.now, case.site.rules.time_zone).date().isoformat()
    inside = (schedule.start or today) <= today <= (schedule.end or today)
    return None if inside else Reason.OUTSIDE_PERIOD


def hours(case: Case) -> Reason | None:
    """The site's business hours and the campaign's own."""
    zone = case.site.rules.time_zone
    open_now = case.site.open(case.now) and within_hours(case.campaign.schedule.hours, case.now, zone)
    return None if open_now else Reason.OUTSIDE_HOURS


def reachable(case: Case) -> Reason | None:
    """A page that has been heard of within 15 seconds and is visible; otherwise nobody would see the invitation."""
    heard = case.visitor.reachable_at
    fresh = heard is not None and case.visitor.visible and case.now <= heard + REACHABLE_MS
    return None if fresh or case.site.everybody_reachable else Reason.NOT_REACHABLE


def covered(case: Case) -> Reason | None:
    """At least one slot free of conversations for the skill."""
    return None if case.capacity.covers(case.offer.skill, case.offer.channel) else Reason.NOT_COVERED


def paced(case: Case) -> Reason | None:
    """One more invitation only if all that are under way leave it a fair chance of a free slot."""
    if case.capacity.unlimited or case.offer.channel in SLOTLESS_CHANNELS:
        return None
    limit = epsilon_of(case.site)
    reserve = case.site.rules.reserve
    for pool in pools(case):
        if not may_send_one_more(pool.under_way, pool.free, pool.freed, limit, reserve=reserve):
            return Reason.PACING
    return None


def worth_a_slot(case: Case) -> Reason | None:
    """When slots are scarce they have a price, for offers that take one."""
    if case.offer.channel in SLOTLESS_CHANNELS:
        return None
    return Reason.BID_PRICE if value_of(case) < price_of(case) else None


class Pool(Struct, frozen=True):
    """Slots, and the invitations that may come to need one of them."""

    under_way: list[float]
    """Residual acceptances, one for each invitation not yet answered."""
    free: int
    freed: Distribution
    """How many more are freed in the time that it takes to accept."""

    def full(self, reserve: int) -> float:
        """The probability that one more acceptance would find no slot."""
        return tail(self.under_way, self.free - reserve, self.freed)


def pools(case: Case) -> Iterator[Pool]:
    """The skill's own slots; and those of all agents, when invitations of other skills may come to need the same."""
    site, capacity, skill = case.site, case.capacity, case.offer.skill
    others = [name for name, sent in site.under_way.items() if sent and name != (skill or "")]
    yield pool(case, skill, [skill or ""])
    if others and capacity.everywhere is None:
        yield pool(case, None, [skill or "", *others])


def pool(case: Case, slots_of: str | None, skills: list[str]) -> Pool:
    """Slots able to serve `slots_of`, against the invitations of these skills."""
    site, capacity, learnt = case.site, case.capacity, case.site.learnt
    lag_s = learnt.of(case.campaign.name).mean_s
    freed = freed_slots_distribution(capacity.busy_slots(slots_of), lag_s, learnt.chat_s(slots_of))
    under_way = [residual(site, one, case.now) for name in skills for one in outstanding(site, name, case.now)]
    return Pool(under_way, capacity.free_slots(slots_of), freed)


def outstanding(site: SiteState, skill: str, now: int) -> Iterator[UnderWay]:
    """Invitations of a skill that may still be accepted, and would then need a slot."""
    for one in site.under_way.get(skill, {}).values():
        if one.slot and not one.revoked and now < one.expires_at:
            yield one


def residual(site: SiteState, one: UnderWay, now: int) -> float:
    """The chance that this invitation is still accepted, by what is known of its campaign now."""
    known = site.learnt.of(one.campaign)
    delay = delay_of(known.mean_s, (one.expires_at - one.at) / 1000)
    return residual_acceptance(known.rate, (now - one.at) / 1000, delay)


def epsilon_of(site: SiteState) -> float:
    """The epsilon that holds now."""
    return epsilon(site.learnt, site.rules.epsilon, site.rules.target_overrun)


def price_of(case: Case) -> float:
    """The least value for which a slot is given away now, in the shop's currency."""
    fixed, skill = case.site.rules.bid_price, case.offer.skill
    if not isinstance(fixed, str):
        return fixed
    if case.capacity.unlimited:
        return 0.0
    return price(case.site.prices.get(skill or "", ()), case.capacity.free_slots(skill))


def worth_of(case: Case) -> float | None:
    """What the visitor's segments are worth, where the offer says no margin of its own; None: nothing is known."""
    if case.offer.margin or not case.rule.worths:
        return None
    return case.rule.worth(case.session, case.visitor, case.site, case.now)


def value_of(case: Case) -> float:
    """Expected incremental margin of an accepted offer less the agent's cost, in the shop's currency."""
    return (case.offer.margin or worth_of(case) or 0.0) - case.offer.cost


def forget_lost(sent: dict[str, UnderWay], now: int) -> None:
    """Invitations of which nothing will be heard any more; they stand in the order in which they were sent."""
    while sent:
        first = next(iter(sent.values()))
        if now < first.expires_at + FORGOTTEN_MS:
            return
        del sent[first.engagement]


BEFORE_ELIGIBLE: tuple[Gate, ...] = (consent, bot, blocked)
BEFORE_COVERED: tuple[Gate, ...] = (
    already_engaged,
    often_enough,
    within_budget,
    period,
    hours,
    reachable,
    covered,
)
BEFORE_CANDIDATE: tuple[Gate, ...] = (paced, worth_a_slot)
