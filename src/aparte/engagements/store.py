"""What this stage writes and reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

InvitationState: TypeAlias = Literal["offered", "shown", "accepted", "declined", "ignored", "expired", "revoked"]
GOING_ON = frozenset({"offered", "shown"})
"""States in which an invitation may still be answered."""


def may_move(before: str, after: str) -> bool:
    """Whether an invitation may go from one state to the other: on, never back; who accepts is never turned away."""
    if before == "revoked":
        return after == "accepted"
    return before in GOING_ON and after not in {before, "offered"}


class RecordDecision(Struct, frozen=True):
    """A decision, beside the line of the log (`seq`) that led to it; `n` counts the decisions of one line from 0."""

    seq: int
    n: int
    site: str
    at: int
    visitor: str
    session: int
    engagement: str
    campaign: str
    rule: str
    decision: str
    """`invite`, `hold_out` or `refrain`."""
    detail: str
    """The variant of an invitation, the level of a hold-out, the reason to refrain."""
    newly_eligible: bool
    newly_covered: bool
    newly_candidate: bool
    line: bytes
    """The Decision as JSON, as `aparte replay --decisions-out` writes it."""


class OfferInvitation(Struct, frozen=True):
    """An invitation begins its life, `offered`."""

    engagement: str
    site: str
    visitor: str
    campaign: str
    rule: str
    skill: str | None
    channel: str
    at: int
    expires_at: int


class MoveInvitation(Struct, frozen=True):
    """An invitation goes on: shown, then one of the others.

    One that has ended does not change any more, but that a revoked one may still be accepted.
    """

    engagement: str
    state: InvitationState
    at: int


class Block(Struct, frozen=True, kw_only=True):
    """A visitor whom nobody invites or answers."""

    site: str
    visitor: str
    reason: str = ""
    by: str = ""
    """A staff id."""
    at: int = 0
    until: int | None = None
    """In ms since 1970; None: until somebody lifts it."""


class SaveBlock(Struct, frozen=True):
    """Insert or replace the block of a visitor."""

    block: Block


class LiftBlock(Struct, frozen=True):
    """The visitor is blocked no more; nothing when he was not."""

    site: str
    visitor: str


class BlockReader(Protocol):
    """Reads as of the last commit."""

    def blocks(self, site: str) -> Sequence[Block]:
        """All blocks of a site, the youngest first; also those that have run out and are not yet lifted."""
        ...


class Invitation(Struct, frozen=True, kw_only=True):
    """An invitation as the reports read it: what it was, and what has become of it so far."""

    engagement: str
    visitor: str
    campaign: str
    rule: str
    at: int
    """When it was offered."""
    state: InvitationState = "offered"
    """The last one."""
    shown_at: int | None = None
    """When it was seen on a screen, whatever came after; None: not yet, or never."""
    ended_at: int | None = None
    """When it was accepted, declined, ignored, expired or revoked."""


class InvitationReader(Protocol):
    """Reads as of the last commit."""

    def invitations(self, site: str) -> Iterator[Invitation]:
        """All invitations of a site, one for each engagement, in the order in which they were offered."""
        ...


class EngagementReader(Protocol):
    """Reads as of the last commit."""

    def decisions(self, site: str | None = None, after: int = 0) -> Iterator[RecordDecision]:
        """All decisions after this place in the log, in their order."""
        ...

    def decisions_of(self, site: str, visitor: str, limit: int = 50) -> list[RecordDecision]:
        """The last decisions about one visitor, the youngest first."""
        ...
