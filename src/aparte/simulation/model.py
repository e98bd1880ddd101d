"""The words of the past: what `history` yields, ready to be loaded into a store. Times in ms since 1970 (UTC)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from aparte.engagements.model import Decision


class Recorded(Struct, frozen=True):
    """One line of the log: an event or a fact as JSON. `seq` begins at 1, without a gap, over the whole history."""

    seq: int
    at: int
    visitor: str | None
    """None for a fact of the site, such as CapacityChanged."""
    line: bytes


class PastInvitation(Struct, frozen=True):
    """An invitation and what became of it. `outcome_at` is when; `language` that of `message`."""

    engagement: str
    campaign: str
    rule: str
    message: str
    language: str
    offered_at: int
    shown_at: int | None
    outcome: Literal["accepted", "declined", "expired"]
    outcome_at: int
    conversation: str | None


class PastEntry(Struct, frozen=True):
    """One entry of a conversation; `seq` begins at 1. Bodies as in the wire: of `join` the agent's name."""

    seq: int
    id: str
    by: Literal["visitor", "agent", "system"]
    kind: Literal["offer", "join", "text", "close"]
    body: str
    at: int
    name: str = ""


class PastSurvey(Struct, frozen=True):
    """What the visitor thought: `csat` 1 to 5, `nps` 0 to 10 or None, `ces` 1 to 7."""

    at: int
    csat: int
    nps: int | None
    solved: bool
    comment: str
    ces: int | None = None


class PastConversation(Struct, frozen=True):
    """A whole conversation. Without an `engagement` the visitor has opened it himself."""

    id: str
    visitor: str
    session: int
    engagement: str | None
    campaign: str | None
    skill: str
    language: str
    agent: str
    opened_at: int
    taken_at: int
    closed_at: int
    entries: tuple[PastEntry, ...]
    survey: PastSurvey | None


class PastOrder(Struct, frozen=True):
    """An order: claimed by the page at `at`, confirmed by the shop's server at `confirmed_at`. Amounts in euro."""

    order_id: str
    visitor: str
    session: int
    at: int
    confirmed_at: int
    total: float
    revenue: float
    shipping: float
    currency: str


class PastVisit(Struct, frozen=True):
    """One visit, whole. `summary` is the VisitorState at its end, as JSON; the last visit of a visitor has the last."""

    visitor: str
    session: int
    persona: str
    language: str
    started_at: int
    ended_at: int
    lines: tuple[Recorded, ...]
    decisions: tuple[Decision, ...]
    decided_at: tuple[int, ...]
    """Beside each decision the `seq` of the line that led to it."""
    invitations: tuple[PastInvitation, ...]
    conversations: tuple[PastConversation, ...]
    orders: tuple[PastOrder, ...]
    summary: bytes


class PastSite(Struct, frozen=True):
    """Facts of the site, in between visits."""

    lines: tuple[Recorded, ...]


Past: TypeAlias = PastVisit | PastSite
