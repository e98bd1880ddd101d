"""What targeting needs to remember: the campaigns of each site, in versions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

DRAFT = 0
"""The version that is being worked on."""


class CampaignVersion(Struct, frozen=True, kw_only=True):
    """One document: the whole campaign file of a site. Version 0 is the draft; of the others one at most is published."""

    site: str
    version: int
    state: Literal["draft", "published", "archived"]
    text: str
    """TOML, as it was given."""
    based_on: int
    """The version that was published when this one was begun; 0: there was none."""
    revision: int
    """Of the draft, where it grows with each save; of a published version the revision that was published, else 0."""
    made_at: int
    made_by: str
    """Id of a member of staff, or what else made it."""
    published_at: int | None = None
    """Of the draft: when it was published or thrown away; such a draft is only kept for its revision."""
    note: str = ""


class SaveDraft(Struct, frozen=True):
    """Keep a draft. Its result is the CampaignVersion, or Refused `changed_meanwhile`.

    `revision` is the one that its author has read, 0 for none. Revisions of a site never come again, so nobody writes
    over what he has not seen.
    """

    site: str
    revision: int
    text: str
    based_on: int
    at: int
    by: str


class DiscardDraft(Struct, frozen=True):
    """Throw the draft away, if there is one."""

    site: str
    at: int


class PublishVersion(Struct, frozen=True):
    """From now on this text rules; the version before is archived.

    Refused `version_taken` unless `version` is one more than the greatest there is; with a `draft`, the revision that
    is published and so is no draft any more, Refused `changed_meanwhile` unless that is the draft.
    """

    site: str
    version: int
    text: str
    at: int
    by: str
    note: str = ""
    draft: int | None = None


class CampaignReader(Protocol):
    """Reads as of the last commit."""

    def campaign_draft(self, site: str) -> CampaignVersion | None:
        """The draft, if somebody has one."""
        ...

    def campaigns_in_force(self, site: str) -> CampaignVersion | None:
        """The published version."""
        ...

    def campaign_versions(self, site: str) -> Sequence[CampaignVersion]:
        """All but the draft, the newest first."""
        ...
