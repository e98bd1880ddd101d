"""Blocks, guests and the board: their SQL, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from aparte.backends.sqlite.rows import Row
from aparte.conversations.store import Handled
from aparte.engagements.store import Block, LiftBlock, SaveBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from aparte.backends.sqlite.execute import Execution

BLOCK = Block.__struct_fields__
SAVE_BLOCK = f"""INSERT INTO block ({", ".join(BLOCK)}) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (site, visitor) DO UPDATE SET reason = excluded.reason, by = excluded.by, at = excluded.at,
        until = excluded.until"""
BLOCKS = f"SELECT {', '.join(BLOCK)} FROM block WHERE site = ? ORDER BY at DESC, visitor"
HANDLED = """SELECT id, opened_at,
        (SELECT min(ts) FROM entry WHERE conv = conversation.id AND kind = 'join'),
        (SELECT min(ts) FROM entry WHERE conv = conversation.id AND by = 'agent' AND kind = 'text'),
        closed_at, csat, nps, solved, agent
    FROM conversation WHERE id IN (
        SELECT id FROM conversation WHERE site = ?1 AND opened_at >= ?2
        UNION SELECT id FROM conversation WHERE site = ?1 AND closed_at >= ?2
        UNION SELECT id FROM conversation WHERE site = ?1 AND state <> 'closed')
    ORDER BY opened_at, id"""


def save_block(execution: Execution, command: SaveBlock) -> None:
    """Insert or replace a block."""
    execution.run(SAVE_BLOCK, tuple(asdict(command.block).values()))


def lift_block(execution: Execution, command: LiftBlock) -> None:
    """He is blocked no more."""
    execution.run("DELETE FROM block WHERE site = ? AND visitor = ?", (command.site, command.visitor))


HANDLERS: dict[type, Callable[[Execution, Any], Any]] = {
    SaveBlock: save_block,
    LiftBlock: lift_block,
}


class WorkReader:
    """BlockReader, and what the board reads."""

    _rows: Callable[..., list[Row]]
    """Given by the reader that this is a part of."""

    def blocks(self, site: str) -> list[Block]:
        """See BlockReader."""
        return [Block(**dict(zip(BLOCK, row, strict=True))) for row in self._rows(BLOCKS, (site,))]

    def handled(self, site: str, since: int) -> list[Handled]:
        """See ConversationHistory."""
        return [handled_of(row) for row in self._rows(HANDLED, (site, since))]


def handled_of(row: Row) -> Handled:
    """The conversation in this row."""
    found = dict(zip(Handled.__struct_fields__, row, strict=True))
    return Handled(**(found | {"solved": None if found["solved"] is None else bool(found["solved"])}))
