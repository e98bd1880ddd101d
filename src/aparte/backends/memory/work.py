"""Blocks, guests and the board of the store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import Handled
from aparte.engagements.store import Block, LiftBlock, SaveBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.memory.store import MemoryStore


class WorkTables:
    """BlockReader and what the board reads, and their tables."""

    _conversations: dict[str, Conversation]
    _entries: dict[str, tuple[Entry, ...]]

    def __init__(self) -> None:
        super().__init__()
        self._blocks: dict[tuple[str, str], Block] = {}

    def blocks(self, site: str) -> list[Block]:
        """See BlockReader."""
        return sorted(
            (one for one in self._blocks.values() if one.site == site), key=lambda one: (-one.at, one.visitor)
        )

    def handled(self, site: str, since: int) -> list[Handled]:
        """See ConversationHistory."""
        of = [one for one in list(self._conversations.values()) if one.site == site]
        found = [one for one in of if one.opened_at >= since or one.closed_at is None or one.closed_at >= since]
        ordered = sorted(found, key=lambda one: (one.opened_at, one.id))
        return [handled_of(one, self._entries.get(one.id, ())) for one in ordered]


def handled_of(one: Conversation, entries: tuple[Entry, ...]) -> Handled:
    """What the board reads of a conversation and its lines."""
    return Handled(
        id=one.id,
        opened_at=one.opened_at,
        assigned_at=min((entry.ts for entry in entries if entry.kind == "join"), default=None),
        answered_at=min((entry.ts for entry in entries if (entry.by, entry.kind) == ("agent", "text")), default=None),
        closed_at=one.closed_at,
        csat=one.csat,
        nps=one.nps,
        solved=one.solved,
        agent=one.agent,
    )


def save_block(store: MemoryStore, command: SaveBlock) -> None:
    """Insert or replace a block."""
    store._undo.put(store._blocks, (command.block.site, command.block.visitor), command.block)


def lift_block(store: MemoryStore, command: LiftBlock) -> None:
    """He is blocked no more."""
    store._undo.drop(store._blocks, (command.site, command.visitor))


HANDLERS: dict[type, Callable[[MemoryStore, Any], Any]] = {
    SaveBlock: save_block,
    LiftBlock: lift_block,
}
