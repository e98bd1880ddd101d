"""What the log says of invitations, conversations, agents and campaigns, folded into visitor and site."""

from __future__ import annotations

from typing import assert_never

from aparte.engagements.model import SiteState
from aparte.experiments.assign import merge
from aparte.experiments.model import Assignment
from aparte.routing.model import Capacity
from aparte.sessions.model import OpenEngagement, Other, VisitorState
from aparte.tracking.model import (
    CampaignPublished,
    CapacityChanged,
    ConsentChanged,
    ConversationEnded,
    ConversationOpened,
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    InvitationShown,
    PacingUpdated,
    ScoreComputed,
    SessionEnded,
    SiteFact,
    TimerElapsed,
    TraitsSet,
    VisitorFact,
    VisitorReachable,
    VisitorsMerged,
)


def apply_site_fact(site: SiteState, fact: SiteFact) -> None:
    """Fold a fact of the site."""
    match fact:
        case CapacityChanged():
            site.capacity = Capacity(fact.free, fact.busy, fact.queue)
        case CampaignPublished():
            site.campaigns_version = fact.version
        case PacingUpdated():
            site.acceptance[fact.campaign] = fact.a / (fact.a + fact.b)
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
        case InvitationAccepted():
            settle(site, fact.engagement)
            if concerns(visitor, fact.engagement) and visitor.open is not None:
                visitor.open.accepted = True
        case InvitationDeclined():
            settle(site, fact.engagement)
            visitor.last_decline_at = fact.at
            close(visitor, fact.engagement)
        case InvitationExpired():
            settle(site, fact.engagement)
            close(visitor, fact.engagement)
        case ConversationOpened():
            visitor.open = OpenEngagement(fact.engagement, "", None, fact.at, fact.at, accepted=True)
        case ConversationEnded():
            visitor.last_chat_at = fact.at
            close(visitor, fact.engagement)
        case InvitationShown() | TimerElapsed() | SessionEnded():
            pass  # an invitation counts as shown from its decision on; a timer changes nothing but the time
        case _:
            assert_never(fact)


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


def settle(site: SiteState, engagement: str) -> None:
    """The invitation is answered: pacing expects nothing more of it."""
    for skill, sent in site.outstanding.items():
        site.outstanding[skill] = [one for one in sent if one.engagement != engagement]


def expire(visitor: VisitorState, now: int) -> None:
    """An invitation that nobody answered in time is over, whether or not its page has said so."""
    if visitor.open is not None and not visitor.open.accepted and now >= visitor.open.expires_at:
        visitor.open = None
