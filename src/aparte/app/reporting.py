"""The report of a site over what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from aparte.attribution.store import Order
from aparte.conversations.store import PastConversation
from aparte.engagements.store import Invitation, RecordDecision
from aparte.engine.ports import Store
from aparte.reports.page import report_page
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns
from aparte.targeting.model import CampaignFile


class Sources:
    """What a report reads; see ReportSources."""

    def __init__(self, store: Store, campaigns: Mapping[str, Campaigns]) -> None:
        self._store, self._campaigns = store, campaigns

    def campaigns(self, site: str) -> CampaignFile:
        """What is planned for the site."""
        return self._campaigns[site].file

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        """See EngagementReader."""
        return self._store.decisions(site, after)

    def invitations(self, site: str) -> Iterator[Invitation]:
        """See InvitationReader."""
        return self._store.invitations(site)

    def orders(self, site: str) -> Iterator[Order]:
        """See OrderReader."""
        return self._store.orders(site)

    def past_conversations(self, site: str) -> Iterator[PastConversation]:
        """See ConversationHistory."""
        return self._store.past_conversations(site)


class Reporting:
    """Makes a report's page; called in a worker thread."""

    def __init__(self, store: Store, campaigns: Mapping[str, Campaigns], clock: Callable[[], int]) -> None:
        self._sources, self._clock = Sources(store, campaigns), clock

    def __call__(self, site: Site, language: str, since: int, until: int) -> bytes:
        """HTML in UTF-8, of the days from `since` to before `until` (ms)."""
        return report_page(site, language, since, until, self._clock(), self._sources).encode()
