"""Visitors whom nobody invites or answers: the block is a fact of the log and a row, in one transaction."""

from __future__ import annotations

from aparte.engagements.store import Block, LiftBlock, SaveBlock
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.site import LiveSite
from aparte.engine.talks import Talks
from aparte.tracking.model import VisitorBlocked, VisitorUnblocked


class Blocked(Exception):
    """A visitor who is blocked has knocked."""


def blocked(live: LiveSite, visitor: str, now: int) -> Block | None:
    """The visitor's block, if he has one that has not run out."""
    found = live.blocks.get(visitor)
    return found if found is not None and (found.until is None or now < found.until) else None


def refuse_blocked(live: LiveSite, visitor: str, now: int) -> None:
    """Raise Blocked for whom somebody has blocked."""
    if blocked(live, visitor, now) is not None:
        raise Blocked


class Blocking:
    """Blocking, lifting, and what runs out."""

    def __init__(self, core: Core, talks: Talks) -> None:
        self.core, self.talks = core, talks

    def block(self, batch: Batch, live: LiveSite, visitor: str, reason: str, until: int | None, by: str) -> Block:
        """From now on: what is on his screen is taken back, his conversation ends. A second block replaces the first.

        An invitation that was revoked before cannot be accepted any more either: the doors ask for the block first.
        """
        one = live.blocks[visitor] = Block(
            site=live.site.id, visitor=visitor, reason=reason, by=by, at=batch.now, until=until
        )
        self.core.log(batch, live, VisitorBlocked(at=batch.now, visitor=visitor, until=until))
        batch.add(SaveBlock(one))
        talk = self.talks.of.get((live.site.id, visitor))
        if talk is not None:
            self.talks.close(batch, live, talk, "system", "", "blocked")
        return one

    def lift(self, batch: Batch, live: LiveSite, visitor: str) -> bool:
        """From now on he is a visitor like any other; False when he was before."""
        if live.blocks.pop(visitor, None) is None:
            return False
        self.core.log(batch, live, VisitorUnblocked(at=batch.now, visitor=visitor))
        batch.add(LiftBlock(live.site.id, visitor))
        return True

    def lapse(self, batch: Batch, live: LiveSite) -> None:
        """Blocks that have run out leave. No fact is needed: the block itself has said until when."""
        for one in list(live.blocks.values()):
            if one.until is not None and batch.now >= one.until:
                del live.blocks[one.visitor]
                batch.add(LiftBlock(live.site.id, one.visitor))
