"""Tags, wrap-up codes and transcripts that are looked through, of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import SaveCodes, SaveTags
from aparte.conversations.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.memory.store import MemoryStore


class WrappingTables:
    """VocabularyReader and what ConversationReader tells of these; a part of MemoryReader."""

    _conversations: dict[str, Conversation]
    _cids: dict[tuple[str, str, str], Entry]

    def __init__(self) -> None:
        super().__init__()
        self._vocabularies: dict[str, Vocabulary] = {}

    def vocabulary(self, site: str) -> Vocabulary:
        """See VocabularyReader."""
        return self._vocabularies.get(site) or Vocabulary()

    def wraps_due(self, site: str) -> list[Conversation]:
        """See ConversationReader."""
        of = (one for one in list(self._conversations.values()) if one.site == site)
        due = [one for one in of if one.wrap_agent and one.wrapped_at is None]
        return sorted(due, key=lambda one: (one.opened_at, one.id))

    def entry_with(self, conv: str, author: str, cid: str) -> Entry | None:
        """See ConversationReader."""
        return self._cids.get((conv, author, cid))

    def conversation_with(self, site: str, author: str, cid: str, since: int) -> str | None:
        """See ConversationReader."""
        of = [one for one in list(self._conversations.values()) if one.site == site]
        lately = (one.id for one in of if one.closed_at is None or one.closed_at >= since)
        return next((conv for conv in lately if cid and (conv, author, cid) in self._cids), None)

    def conversations_before(
        self, site: str, opened_at: int | None = None, conv: str = "", limit: int = 50
    ) -> list[Conversation]:
        """See ConversationReader."""
        of = [one for one in list(self._conversations.values()) if one.site == site]
        earlier = [one for one in of if opened_at is None or (one.opened_at, one.id) < (opened_at, conv)]
        return sorted(earlier, key=lambda one: (one.opened_at, one.id), reverse=True)[:limit]


def save_tags(store: MemoryStore, command: SaveTags) -> None:
    """The tags of a site."""
    known = store.vocabulary(command.site)
    store._undo.put(store._vocabularies, command.site, replace(known, tags=command.tags, free_tags=command.free))


def save_codes(store: MemoryStore, command: SaveCodes) -> None:
    """The codes of a site."""
    known = store.vocabulary(command.site)
    store._undo.put(store._vocabularies, command.site, replace(known, codes=command.codes))


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    SaveTags: save_tags,
    SaveCodes: save_codes,
}
