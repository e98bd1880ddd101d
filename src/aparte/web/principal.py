"""Who speaks: the same object whether he came by HTTP or by a socket."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aparte.conversations.model import Conversation

READERS = ("analyst",)
LEADS = ("supervisor", "manager", "admin")
"""Roles that supervise: they may change what somebody else has."""
PLANNERS = ("admin", "manager", "supervisor")


class Principal(Struct, frozen=True):
    """A visitor with a token that verifies, or a member of staff who is signed in."""

    site: str
    id: str
    """Of the visitor, or of the member of staff."""
    by: Literal["visitor", "agent"]
    session: str = ""
    """Of staff: the hash of the session's token."""
    role: str = ""
    """Of staff."""

    @property
    def may_change(self) -> bool:
        """Analysts read only."""
        return self.role not in READERS

    @property
    def may_plan(self) -> bool:
        """Campaigns are changed by those who lead."""
        return self.role in PLANNERS

    @property
    def may_supervise(self) -> bool:
        """Whether he leads."""
        return self.role in LEADS

    def may_see(self, conversation: Conversation | None) -> bool:
        """A visitor sees his own conversations, staff those of their site."""
        if conversation is None or conversation.site != self.site:
            return False
        return self.by == "agent" or conversation.visitor == self.id
