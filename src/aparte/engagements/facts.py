"""What the log says of invitations, conversations, agents and campaigns, folded into visitor and site."""

from __future__ import annotations

from typing import assert_never

from aparte.engagements import budget, frequency, learning
from aparte.engagements.decide import send
from aparte.engagements.model import SiteState, UnderWay
from aparte.experiments.assign import merge
from aparte.experiments.model import Assignment
from aparte.routing.model import SLOTLESS_CHANNELS, Capacity
from aparte.sessions.model import FOR_EVER, OpenEngagement, Other, VisitorState
from aparte.targeting.model import Offer
from aparte.tracking.model import (
    CampaignPublished,
    CapacityChanged,
    ConsentChanged,
    ConversationEnded,
    ConversationOpened,
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    InvitationOffered,
    InvitationRevoked,
    InvitationShown,
    PacingUpdated,
    PricesUpdated,
    ScoreComputed,
    SessionEnded,
    SiteFact,
    TimerElapsed,
    TraitsSet,
    VisitorBlocked,
    VisitorFact,
    VisitorReachable,
    VisitorsMerged,
    VisitorUnblocked,
)


def apply_site_fact(site: SiteState, fact: SiteFact) -> None:
    """Fold a fact of the site."""
    match fact:
        case CapacityChanged():
            site.capacity = Capacity(fact.free, fact.busy, fact.queue, whole=fact.whole)
        case CampaignPublished():
            site.campaigns_version = fact.version
        case PacingUpdated():
            learning.told(site.learnt, fact.campaign, fact.a, fact.b, fact.delay_s, fact.at)
        case PricesUpdated():
            site.prices[fact.skill] = fact.prices
        case _:
            assert_never(fact)


def apply_visitor_fact(site: SiteState, visitor: VisitorState, fact: VisitorFact) -> None:
    """Fold a fact of one visitor; a fact about an engagement that is over changes nothing."""
    match fact:
        case VisitorReachable():
            visitor.reachable_at, visitor.visible = max(fact.at, visitor.reachable_at or 0), fact.visible
        case ConsentChanged():
            visitor.consent = fact.level
        case ScoreComputed():
            visitor.scores = {**(visitor.scores or {}), **fact.scores}
        case TraitsSet():
            visitor.traits = fact.traits
        case VisitorsMerged():
            join(visitor, fact)
        case InvitationOffered():
            offered_by_hand(site, visitor, fact)
        case VisitorBlocked():
            visitor.blocked_until = FOR_EVER if fact.until is None else fact.until
        case VisitorUnblocked():
            visitor.blocked_until = None
        case InvitationAccepted():
            accept(site, visitor, fact)
        case InvitationDeclined():
            settle(site, fact.engagement, fact.at)
            visitor.last_decline_at = fact.at
            close(visitor, fact.engagement)
        case InvitationExpired():
            settle(site, fact.engagement, fact.at)
            close(visitor, fact.engagement)
        case InvitationRevoked():
            revoke(site, fact.engagement)
            close(visitor, fact.engagement)
        case ConversationOpened():
            visitor.open = OpenEngagement(fact.engagement, "", None, fact.at, fact.at, accepted=True)
        case ConversationEnded():
            if fact.served_ms is not None:
                learning.ended(site.learnt, fact.skill, fact.served_ms / 1000, fact.at)
            visitor.last_chat_at = fact.at
            close(visitor, fact.engagement)
        case InvitationShown() | TimerElapsed() | SessionEnded():
            pass  # an invitation counts as shown from its decision on; a timer changes nothing but the time
        case _:
            assert_never(fact)


def offered_by_hand(site: SiteState, visitor: VisitorState, fact: InvitationOffered) -> None:
    """Somebody has invited him by hand: pacing and the limits of the house count it, no campaign and no arm does."""
    visitor.open = OpenEngagement(fact.engagement, "", fact.skill, fact.at, fact.expires_at)
    needs_slot = fact.channel not in SLOTLESS_CHANNELS
    send(site, Offer(skill=fact.skill), UnderWay(fact.engagement, "", fact.at, fact.expires_at, needs_slot))
    frequency.remember(visitor, "", fact.at, site.rules.frequency.at_most if site.rules.frequency else None)


def join(visitor: VisitorState, fact: VisitorsMerged) -> None:
    """The visitor is the same person as another one: the older assignments rule, and what either has had counts.

    Doing it again changes nothing, and the order of several merges does not matter.
    """
    theirs = {one.seed: Assignment(one.seed, one.version, one.arm, one.at) for one in fact.arms}
    visitor.arms = dict(merge(visitor.arms or {}, theirs).ruling) or None
    contacts = dict(visitor.contacts or {})
    for campaign, times in fact.contacts.items():
        contacts[campaign] = sorted({*contacts.get(campaign, ()), *times})
    visitor.contacts = contacts or None
    visitor.last_decline_at = latest(visitor.last_decline_at, fact.last_decline_at)
    visitor.last_chat_at = latest(visitor.last_chat_at, fact.last_chat_at)
    visitor.root = fact.root
    told = Other(fact.orders, fact.spend, fact.leads, fact.sessions)
    visitor.others = {**(visitor.others or {}), fact.other: told}


def latest(mine: int | None, theirs: int | None) -> int | None:
    """The later of two moments, either of which may not have been."""
    return max((one for one in (mine, theirs) if one is not None), default=None)


def concerns(visitor: VisitorState, engagement: str) -> bool:
    """Whether this engagement is the one that is open; a fact without an id means whichever is."""
    return visitor.open is not None and engagement in ("", visitor.open.id)


def close(visitor: VisitorState, engagement: str) -> None:
    """The visitor is free again."""
    if concerns(visitor, engagement):
        visitor.open = None


def accept(site: SiteState, visitor: VisitorState, fact: InvitationAccepted) -> None:
    """He accepted: what that tells, and what it needs. Also of an invitation that was revoked at that moment."""
    campaign = visitor.open.campaign if visitor.open is not None and concerns(visitor, fact.engagement) else ""
    skill, one = settle(site, fact.engagement, fact.at, accepted=True)
    campaign = fact.campaign or (one.campaign if one is not None else campaign)
    if one is not None and one.slot:
        needs_a_slot(site, skill, one, queued=fact.queued)
    if campaign:
        budget.accepted(site.spent.setdefault(campaign, budget.Spent()), fact.at, site.rules.time_zone)
    if visitor.open is None and one is not None:
        visitor.open = OpenEngagement(fact.engagement, campaign, skill, one.at, one.expires_at, accepted=True)
    elif concerns(visitor, fact.engagement) and visitor.open is not None:
        visitor.open.accepted = True


def needs_a_slot(site: SiteState, skill: str | None, one: UnderWay, *, queued: bool) -> None:
    """Whether there is one, by the desk and by the capacity of before; that is what the feedback goes by."""
    overrun = queued or (not site.capacity.unlimited and site.capacity.free_slots(skill) <= 0)
    learning.took_a_slot(site.learnt, overrun=overrun)
    target = site.rules.target_overrun
    # That an agent left, or has invited by hand, is no mistake of epsilon's.
    if target is not None and not one.revoked and one.campaign:
        learning.corrected(site.learnt, site.rules.epsilon, target, overrun=overrun)


def settle(site: SiteState, engagement: str, at: int, *, accepted: bool = False) -> tuple[str | None, UnderWay | None]:
    """The invitation is answered, or its time is over: nothing more is expected of it, and something is learnt.

    Returns its skill and what was known of it; None when it was not under way.
    """
    for skill, sent in site.under_way.items():
        one = sent.pop(engagement, None)
        if one is not None:
            if one.slot and not one.revoked and one.campaign:  # of those by hand no campaign's rate is learnt
                delay_s, cut_s = (at - one.at) / 1000, (one.expires_at - one.at) / 1000
                learning.answered(site.learnt, one.campaign, at, accepted=accepted, delay_s=delay_s, cut_s=cut_s)
            return skill or None, one
    return None, None


def revoke(site: SiteState, engagement: str) -> None:
    """Nothing is expected of it any more; it may still be on its way to be accepted."""
    for sent in site.under_way.values():
        if engagement in sent:
            sent[engagement].revoked = True


def expire(visitor: VisitorState, now: int) -> None:
    """An invitation that nobody answered in time is over, whether or not its page has said so."""
    if visitor.open is not None and not visitor.open.accepted and now >= visitor.open.expires_at:
        visitor.open = None
