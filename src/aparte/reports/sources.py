"""What the first report reads; a store gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from aparte.attribution.store import Lead, Order
from aparte.conversations.store import PastConversation
from aparte.engagements.store import Invitation, RecordDecision
from aparte.targeting.model import CampaignFile


class ReportSources(Protocol):
    """Iterators as of the last commit; read once each for a report, in a worker thread."""

    def campaigns(self, site: str) -> CampaignFile:
        """What is planned for the site: names and shares of its hold-outs."""
        ...

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        """See `EngagementReader`."""
        ...

    def invitations(self, site: str) -> Iterator[Invitation]:
        """See `InvitationReader`."""
        ...

    def orders(self, site: str) -> Iterator[Order]:
        """See `OrderReader`."""
        ...

    def leads(self, site: str) -> Iterator[Lead]:
        """See `LeadReader`."""
        ...

    def merges(self, site: str) -> dict[str, str]:
        """See `IdentityReader`."""
        ...

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        """See `ConversationHistory`."""
        ...
