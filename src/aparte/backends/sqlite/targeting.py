"""Campaigns in versions: what the commands do, and what can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import astuple

from aparte.conversations.store import Refused
from aparte.targeting.store import CampaignVersion, DiscardDraft, PublishVersion, SaveDraft
from aparte.targeting.versions import next_draft, published

if TYPE_CHECKING:
    from aparte.backends.sqlite.execute import Execution

COLUMNS = CampaignVersion.__struct_fields__
SELECT = f"SELECT {', '.join(COLUMNS)} FROM campaign_version WHERE site = ?"
SAVE = (
    f"INSERT INTO campaign_version ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "
    f"ON CONFLICT (site, version) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in COLUMNS[2:])}"
)
ARCHIVE = "UPDATE campaign_version SET state = 'archived' WHERE site = ? AND state = 'published'"
CLOSE_DRAFT = "UPDATE campaign_version SET published_at = ? WHERE site = ? AND version = 0 AND published_at IS NULL"


def version_of(row: tuple[Any, ...]) -> CampaignVersion:
    """The version in this row."""
    return CampaignVersion(**dict(zip(COLUMNS, row, strict=True)))


def found(execution: Execution, sql: str, site: str) -> CampaignVersion | None:
    """The first version that a query finds, as it stands in this transaction."""
    rows = execution.run(sql, (site,)).fetchall()
    return version_of(rows[0]) if rows else None


def save_draft(execution: Execution, command: SaveDraft) -> CampaignVersion | Refused:
    """The next revision of the draft."""
    before = found(execution, f"{SELECT} AND version = 0", command.site)
    draft = next_draft(before, command)
    if draft is None:
        return Refused("changed_meanwhile")
    execution.run(SAVE, astuple(draft))
    return draft


def discard_draft(execution: Execution, command: DiscardDraft) -> None:
    """There is no draft any more."""
    execution.run(CLOSE_DRAFT, (command.at, command.site))


def publish_version(execution: Execution, command: PublishVersion) -> Refused | None:
    """A new version rules, the one before is archived."""
    site = command.site
    latest = found(execution, f"{SELECT} ORDER BY version DESC LIMIT 1", site)
    if command.version != (latest.version if latest else 0) + 1:
        return Refused("version_taken")
    if command.draft is not None:
        draft = found(execution, f"{SELECT} AND version = 0 AND published_at IS NULL", site)
        if draft is None or draft.revision != command.draft:
            return Refused("changed_meanwhile")
        execution.run(CLOSE_DRAFT, (command.at, site))
    before = found(execution, f"{SELECT} AND state = 'published'", site)
    execution.run(ARCHIVE, (site,))
    execution.run(SAVE, astuple(published(command, before)))
    return None


HANDLERS: dict[type, Callable[[Any, Any], Any]] = {
    SaveDraft: save_draft,
    DiscardDraft: discard_draft,
    PublishVersion: publish_version,
}


class CampaignRows:
    """The part of the reader that knows campaigns."""

    _rows: Callable[..., list[tuple[Any, ...]]]
    """Given by the reader that this is a part of."""

    def campaign_draft(self, site: str) -> CampaignVersion | None:
        """See CampaignReader."""
        rows = self._rows(f"{SELECT} AND version = 0 AND published_at IS NULL", (site,))
        return version_of(rows[0]) if rows else None

    def campaigns_in_force(self, site: str) -> CampaignVersion | None:
        """See CampaignReader."""
        rows = self._rows(f"{SELECT} AND state = 'published'", (site,))
        return version_of(rows[0]) if rows else None

    def campaign_versions(self, site: str) -> list[CampaignVersion]:
        """See CampaignReader."""
        return [version_of(row) for row in self._rows(f"{SELECT} AND version > 0 ORDER BY version DESC", (site,))]
