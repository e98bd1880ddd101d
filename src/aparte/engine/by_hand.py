"""Invitations by hand: an agent writes to a visitor who is here; and taking back what is on his screen.

Such an invitation is a fact of the log like everything that decides: it is offered with the visitor's next pulse, and
is answered as any other. No rule and no campaign has made it, so that no comparison counts it; whom a running
comparison holds out it never reaches.
"""

from __future__ import annotations

from aparte.conversations.store import Refused
from aparte.engagements.store import OfferInvitation
from aparte.engine.barred import barred
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.invitations import Invitations
from aparte.engine.site import LiveSite, Pending
from aparte.engine.talks import Talks
from aparte.tracking.model import InvitationOffered, InvitationRevoked

BY_HAND_MS = 60_000
"""How long such an invitation may be answered."""


class ByHand:
    """What agents do with invitations."""

    def __init__(self, core: Core, talks: Talks, invitations: Invitations) -> None:
        self.core, self.talks, self.invitations = core, talks, invitations

    def offer(
        self, batch: Batch, live: LiveSite, visitor: str, text: str, channel: str, skill: str | None, by: str
    ) -> str | Refused:
        """Invite him; the engagement. Refused: the words of `barred`, and `no_slot`."""
        self.invitations.expire(batch, live)
        why = barred(live, live.visits.get(visitor), batch.now, talking=(live.site.id, visitor) in self.talks.of)
        if not why and not live.desk.capacity().covers(skill, channel):
            why = "no_slot"
        if why:
            return Refused(why)
        fact = InvitationOffered(
            at=batch.now,
            visitor=visitor,
            engagement=self.core.new_id(),
            expires_at=batch.now + BY_HAND_MS,
            message=text,
            channel=channel,
            skill=skill,
            by=by,
        )
        self.core.log(batch, live, fact)
        batch.add(written(live, live.pending[fact.engagement]))
        return fact.engagement

    def revoke(self, batch: Batch, live: LiveSite, visitor: str) -> bool:
        """Take back what is open, by hand or of a rule; False when nothing is."""
        mine = [one for one in live.pending.values() if one.visitor == visitor]
        for one in mine:
            fact = InvitationRevoked(at=batch.now, visitor=visitor, engagement=one.engagement)
            self.invitations.moved(batch, live, fact, one.engagement, "revoked")
        return bool(mine)


def written(live: LiveSite, one: Pending) -> OfferInvitation:
    """The row in which its life is told."""
    offer = one.offer
    return OfferInvitation(
        one.engagement, live.site.id, one.visitor, "", "", offer.skill, offer.channel, one.at, one.expires_at
    )
