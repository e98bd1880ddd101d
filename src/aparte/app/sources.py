"""What a report reads, over a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from aparte.attribution.store import Lead, LeadReader, Order, OrderReader
from aparte.conversations.store import ConversationHistory, PastConversation
from aparte.engagements.store import EngagementReader, Invitation, InvitationReader, RecordDecision
from aparte.targeting.campaign import Campaigns
from aparte.targeting.model import CampaignFile
from aparte.tracking.store import IdentityReader


class Readers(
    EngagementReader, InvitationReader, ConversationHistory, OrderReader, LeadReader, IdentityReader, Protocol
):
    """The part of a store that is enough."""


class Sources:
    """What a report reads; see ReportSources."""

    def __init__(self, store: Readers, campaigns: Callable[[str], Campaigns]) -> None:
        self._store, self._campaigns = store, campaigns

    def campaigns(self, site: str) -> CampaignFile:
        """What is planned for the site."""
        return self._campaigns(site).file

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        """See EngagementReader."""
        return self._store.decisions(site, after)

    def invitations(self, site: str) -> Iterator[Invitation]:
        """See InvitationReader."""
        return self._store.invitations(site)

    def orders(self, site: str) -> Iterator[Order]:
        """See OrderReader."""
        return self._store.orders(site)

    def leads(self, site: str) -> Iterator[Lead]:
        """See LeadReader."""
        return self._store.leads(site)

    def merges(self, site: str) -> dict[str, str]:
        """See IdentityReader."""
        return self._store.merges(site)

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        """See ConversationHistory."""
        return self._store.past_conversations(site)
