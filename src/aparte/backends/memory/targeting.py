"""Campaigns in versions, in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.targeting.store import DRAFT, CampaignVersion, DiscardDraft, PublishVersion, SaveDraft
from aparte.targeting.versions import next_draft, published

if TYPE_CHECKING:
    from aparte.backends.memory.store import MemoryStore


class CampaignTable:
    """The table, and what can be read of it."""

    _campaigns: dict[tuple[str, int], CampaignVersion]

    def campaign_draft(self, site: str) -> CampaignVersion | None:
        """See CampaignReader."""
        kept = self._campaigns.get((site, DRAFT))
        return kept if kept is not None and kept.published_at is None else None

    def campaigns_in_force(self, site: str) -> CampaignVersion | None:
        """See CampaignReader."""
        return next((one for one in self.campaign_versions(site) if one.state == "published"), None)

    def campaign_versions(self, site: str) -> list[CampaignVersion]:
        """See CampaignReader."""
        of = [one for (name, number), one in list(self._campaigns.items()) if name == site and number != DRAFT]
        return sorted(of, key=lambda one: -one.version)


def put(store: MemoryStore, version: CampaignVersion) -> None:
    """Keep a version."""
    store._undo.put(store._campaigns, (version.site, version.version), version)


def save_draft(store: MemoryStore, command: SaveDraft) -> CampaignVersion | Refused:
    """The next revision of the draft."""
    draft = next_draft(store._campaigns.get((command.site, DRAFT)), command)
    if draft is None:
        return Refused("changed_meanwhile")
    put(store, draft)
    return draft


def discard_draft(store: MemoryStore, command: DiscardDraft) -> None:
    """There is no draft any more."""
    draft = store.campaign_draft(command.site)
    if draft is not None:
        put(store, replace(draft, published_at=command.at))


def publish_version(store: MemoryStore, command: PublishVersion) -> Refused | None:
    """A new version rules, the one before is archived."""
    versions = store.campaign_versions(command.site)
    if command.version != (versions[0].version if versions else 0) + 1:
        return Refused("version_taken")
    draft = store.campaign_draft(command.site)
    if command.draft is not None and (draft is None or draft.revision != command.draft):
        return Refused("changed_meanwhile")
    before = store.campaigns_in_force(command.site)
    if command.draft is not None:
        discard_draft(store, DiscardDraft(command.site, command.at))
    if before is not None:
        put(store, replace(before, state="archived"))
    put(store, published(command, before))
    return None


HANDLERS: dict[type, Callable[[Any, Any], Any]] = {
    SaveDraft: save_draft,
    DiscardDraft: discard_draft,
    PublishVersion: publish_version,
}
