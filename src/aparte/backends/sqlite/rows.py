"""How the words of the stages lie in rows."""

from __future__ import annotations

from typing import Any

import msgspec

from aparte.attribution.store import Order
from aparte.conversations.model import Conversation, Entry
from aparte.engagements.store import GOING_ON, Invitation, RecordDecision
from aparte.kit.money import from_millionths, to_millionths

Row = tuple[Any, ...]

CONVERSATION = Conversation.__struct_fields__
FLAGS = ("crossover", "sticky", "bot")
IN_JSON: dict[str, Any] = {"guests": tuple[str, ...], "tags": tuple[str, ...], "form": dict[str, str]}
READ: dict[int, Any] = {
    **{CONVERSATION.index(name): bool for name in FLAGS},
    **{CONVERSATION.index(name): msgspec.json.Decoder(kind).decode for name, kind in IN_JSON.items()},
    CONVERSATION.index("solved"): lambda solved: None if solved is None else bool(solved),
}
ENTRY = Entry.__struct_fields__
ORDER = ("site", "order_id", "visitor", "at", "confirmed", "total", "revenue", "currency")
DECISION = ("place", *RecordDecision.__struct_fields__[2:])
MOST_OF_A_LINE = 1 << 16


def place(seq: int, n: int) -> int:
    """The key of a decision: its line's place in the log, then its number there."""
    if not 0 <= n < MOST_OF_A_LINE:
        raise OverflowError(f"decision {n} of one line")
    return seq * MOST_OF_A_LINE + n


def decision_row(decision: RecordDecision) -> Row:
    """The values of DECISION."""
    seq, n, *rest = msgspec.structs.astuple(decision)
    return (place(seq, n), *rest)


def decision_of(row: Row) -> RecordDecision:
    """The decision in this row."""
    seq, n = divmod(row[0], MOST_OF_A_LINE)
    eligible, covered, candidate = map(bool, row[10:13])
    values: Row = (seq, n, *row[1:10], eligible, covered, candidate, row[13])
    return RecordDecision(*values)


def conversation_of(row: Row) -> Conversation:
    """The conversation in this row."""
    values = list(row)
    for column, read in READ.items():
        values[column] = read(values[column])
    return Conversation(**dict(zip(CONVERSATION, values, strict=True)))


def in_column(name: str, value: Any) -> Any:
    """A member of a conversation as it lies in its column."""
    return msgspec.json.encode(value).decode() if name in IN_JSON else value


def conversation_row(conversation: Conversation) -> Row:
    """The values of CONVERSATION."""
    return tuple(in_column(name, getattr(conversation, name)) for name in CONVERSATION)


def conversation_changes(before: Conversation, after: Conversation) -> dict[str, Any]:
    """The columns in which they differ, with the values of the later one."""
    differing = (name for name in CONVERSATION if getattr(before, name) != getattr(after, name))
    return {name: in_column(name, getattr(after, name)) for name in differing}


def entry_of(row: Row) -> Entry:
    """The line of a transcript in this row."""
    return Entry(**dict(zip(ENTRY, row, strict=True)))


def order_row(order: Order) -> Row:
    """The values of ORDER."""
    values = msgspec.structs.astuple(order)
    return (*values[:5], to_millionths(order.total), to_millionths(order.revenue), order.currency)


def order_of(row: Row) -> Order:
    """The order in a row of ORDER and, after it, what was given back."""
    total, revenue, refunded = (from_millionths(row[column]) for column in (5, 6, 8))
    values: Row = (*row[:4], bool(row[4]), total, revenue, row[7], refunded)
    return Order(*values)


def invitation_of(
    engagement: str, visitor: str, campaign: str, rule: str, at: int, state: Any, shown_at: int | None, moved_at: int
) -> Invitation:
    """A row of `invitation`."""
    return Invitation(
        engagement=engagement,
        visitor=visitor,
        campaign=campaign,
        rule=rule,
        at=at,
        state=state,
        shown_at=shown_at,
        ended_at=None if state in GOING_ON else moved_at,
    )
