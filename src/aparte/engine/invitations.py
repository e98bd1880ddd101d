"""Invitations at the door: what a visitor's page is shown, and what he answers."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import structs

from aparte.conversations.model import Channel, Request
from aparte.engagements.by_hand import held_out
from aparte.engagements.store import InvitationState, MoveInvitation
from aparte.engine.asking import Asking
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.ports import OfferShown
from aparte.engine.presence import staffed
from aparte.engine.site import LiveSite, Pending
from aparte.engine.talks import Talk, Talks, new_conversation
from aparte.engine.view import in_hold_out
from aparte.experiments.model import HOLDOUT, campaign_seed, site_seed
from aparte.routing.model import SLOTLESS_CHANNELS, WHOLE_CHANNELS
from aparte.targeting.model import Text
from aparte.tracking.model import (
    ConversationOpened,
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    InvitationRevoked,
    InvitationShown,
    VisitorFact,
)

ON_ITS_WAY_MS = 60_000
"""How long after its own end a revoked invitation may still be accepted: a page that slept may come late with it."""

UNANSWERED = ("expired", "ignored", "revoked")
"""How an invitation ends that its visitor has not answered."""
Move: TypeAlias = Literal["shown", "declined", "ignored"]
CHANNELS: dict[str, Channel] = {"call": "call", "video": "video"}
"""Of conversations; all others are chats."""


def alive(live: LiveSite, visitor: str, engagement: str, now: int) -> Pending | None:
    """The invitation, while it is this visitor's and may be answered."""
    found = live.pending.get(engagement)
    return found if found is not None and found.visitor == visitor and now < found.expires_at else None


def taken_back(live: LiveSite, visitor: str, engagement: str, now: int) -> Pending | None:
    """A revoked invitation that this visitor may have had before him when he accepted."""
    found = live.revoked.get(engagement)
    if found is None or found.visitor != visitor or now >= found.expires_at + ON_ITS_WAY_MS:
        return None
    return found


def shown_now(live: LiveSite, visitor: str, language: str, now: int) -> OfferShown | None:
    """What belongs on the visitor's screen now."""
    visit = live.visits.get(visitor)
    engaged = visit.visitor.open if visit is not None else None
    found = alive(live, visitor, engaged.id, now) if engaged is not None else None
    if found is None:
        return None
    message = in_language(found.offer.message, language, live.site.language)
    offer = structs.replace(found.offer, message=message)
    return OfferShown(
        engagement=found.engagement,
        offer=offer,
        expires_at=found.expires_at,
        state=found.state,
        variant=found.variant,
        appearance=live.campaigns.appearance(offer.appearance),
    )


def in_language(text: Text, wanted: str, otherwise: str) -> str:
    """The text in the wanted language, else in the site's, else in any."""
    if isinstance(text, str):
        return text
    for language in (wanted, wanted.partition("-")[0], otherwise):
        if language in text:
            return text[language]
    return next(iter(text.values()), "")


class Invitations:
    """Answers to invitations, each a fact and a command in one transaction."""

    def __init__(self, core: Core, talks: Talks, asking: Asking) -> None:
        self.core, self.talks, self.asking = core, talks, asking

    def move(self, batch: Batch, live: LiveSite, visitor: str, engagement: str, move: Move) -> bool:
        """Shown, declined or ignored; the same answer again changes nothing. False when it is over, or not his.

        To decline or ignore what was his and is over already, as its time is, is what he wants: nothing is wrong.
        """
        found = alive(live, visitor, engagement, batch.now)
        if found is None:
            ended, late = live.ended.get(engagement, ""), live.pending.get(engagement)
            timed_out = late is not None and late.visitor == visitor  # and nobody has looked since
            return move != "shown" and (timed_out or ended in {f"{how} {visitor}" for how in (move, *UNANSWERED)})
        if move == "shown" and found.state == "shown":
            return True
        fact: VisitorFact
        if move == "shown":
            fact = InvitationShown(at=batch.now, visitor=visitor, engagement=engagement)
        elif move == "declined":
            fact = InvitationDeclined(at=batch.now, visitor=visitor, engagement=engagement)
        else:
            fact = InvitationExpired(at=batch.now, visitor=visitor, engagement=engagement)
        self.moved(batch, live, fact, engagement, move)
        return True

    def moved(self, batch: Batch, live: LiveSite, fact: VisitorFact, engagement: str, state: InvitationState) -> None:
        """Write the fact and the state."""
        self.core.log(batch, live, fact)
        batch.add(MoveInvitation(engagement, state, batch.now))
        if state != "shown":
            live.end(engagement, f"{state} {fact.visitor}")

    def expire(self, batch: Batch, live: LiveSite, visitor: str | None = None) -> None:
        """Invitations whose time is over; with a visitor all of his, whatever their time."""
        for one in list(live.pending.values()):
            if one.visitor == visitor or (visitor is None and batch.now >= one.expires_at):
                fact = InvitationExpired(at=batch.now, visitor=one.visitor, engagement=one.engagement)
                self.moved(batch, live, fact, one.engagement, "expired")
        for one in list(live.revoked.values()):
            if batch.now >= one.expires_at + ON_ITS_WAY_MS:
                del live.revoked[one.engagement]

    def revoke(self, batch: Batch, live: LiveSite) -> None:
        """Take back what nobody could answer any more: the last agent of the skill has left."""
        alone: dict[str | None, bool] = {}
        for one in list(live.pending.values()):
            skill = one.offer.skill
            if one.offer.channel in SLOTLESS_CHANNELS:
                continue
            if skill not in alone:
                alone[skill] = not staffed(live, skill, batch.now)
            if alone[skill]:
                fact = InvitationRevoked(at=batch.now, visitor=one.visitor, engagement=one.engagement)
                self.moved(batch, live, fact, one.engagement, "revoked")

    def withhold(self, batch: Batch, live: LiveSite, visitor: str) -> None:
        """Take back what is open on a device of somebody whose earlier arm, on another device, is a hold-out."""
        visit = live.visits.get(visitor) or live.resting.get(visitor)
        engaged = visit.visitor.open if visit is not None else None
        found = live.pending.get(engaged.id) if engaged is not None else None
        if visit is None or found is None:
            return
        arms = visit.visitor.arms or {}
        mine = (arms.get(seed) for seed in (site_seed(live.state.rules.id), campaign_seed(found.campaign)))
        by_hand = not found.campaign and held_out(live.campaigns.file, visit.visitor)
        if by_hand or any(one is not None and one.arm == HOLDOUT for one in mine):
            fact = InvitationRevoked(at=batch.now, visitor=visitor, engagement=found.engagement)
            self.moved(batch, live, fact, found.engagement, "revoked")

    def accept(
        self, batch: Batch, live: LiveSite, visitor: str, engagement: str, language: str
    ) -> Talk | Request | None:
        """Open the conversation, with a slot or the best place in the queue; None when it is over, or not his.

        Nobody who accepts what was on his screen is turned away: a revoked invitation still opens one, which waits. An
        offer to be called back becomes a request: it needs no agent now.
        """
        found = alive(live, visitor, engagement, batch.now) or taken_back(live, visitor, engagement, batch.now)
        talk = self.talks.of.get((live.site.id, visitor))
        if found is None:
            return talk if talk is not None and talk.engagement == engagement else None
        later = found.offer.channel == "callback"
        channel: Channel = CHANNELS.get(found.offer.channel, "chat")
        whole = channel in WHOLE_CHANNELS
        queued = talk is None and not later and live.desk.choose(found.offer.skill, whole=whole) is None
        fact = InvitationAccepted(
            at=batch.now, visitor=visitor, engagement=engagement, campaign=found.campaign, queued=queued
        )
        self.moved(batch, live, fact, engagement, "accepted")
        if later:
            return self.asking.accepted(batch, live, found, language)
        if talk is not None:
            return talk
        of = {"engagement": engagement, "campaign": found.campaign, "skill": found.offer.skill, "channel": channel}
        conversation = new_conversation(live, self.core.new_id(), visitor, language, batch.now, **of)
        text = in_language(found.offer.message, conversation.language, live.site.language)
        return self.talks.open(batch, live, conversation, offered=text)

    def reactive(self, batch: Batch, live: LiveSite, visitor: str, language: str) -> Talk:
        """The visitor's own conversation: the open one, or a new one. An invitation that was on is over."""
        talk = self.talks.of.get((live.site.id, visitor))
        if talk is not None:
            return talk
        self.expire(batch, live, visitor)
        visit = live.visits.get(visitor) or live.resting.get(visitor) or live.at_rest(visitor)
        crossover = visit is not None and in_hold_out(visit)
        conversation = new_conversation(live, self.core.new_id(), visitor, language, batch.now, crossover=crossover)
        fact = ConversationOpened(at=batch.now, visitor=visitor, engagement=conversation.id)
        self.core.log(batch, live, fact)
        return self.talks.open(batch, live, conversation)
