"""Who speaks: the same object whether he came by HTTP or by a socket."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aparte.conversations.model import Conversation
from aparte.sites.rights import RANKS, Right, rank_of, rights_of

COMMAND = "command line"
"""Who acts when a command on the server's machine does."""
OF_VISITORS: frozenset[Right] = frozenset({"open"})


class Principal(Struct, frozen=True):
    """A visitor with a token that verifies, a member of staff who is signed in, or a program with a token."""

    site: str
    id: str
    """Of the visitor, or of the member of staff; `token:ID` of a program."""
    by: Literal["visitor", "agent"]
    session: str = ""
    """Of staff: the hash of the session's token."""
    role: str = ""
    """Of staff."""
    scopes: frozenset[Right] | None = None
    """Of a program: its rights, in the place of those of a role."""

    def may(self, right: Right) -> bool:
        """Whether he has this right at his site; whether the thing is his is asked beside it."""
        if self.by == "visitor":
            return right in OF_VISITORS
        return right == "open" or right in (rights_of(self.role) if self.scopes is None else self.scopes)

    @property
    def rank(self) -> int:
        """Of staff; a program stands as high as an admin when it may change sites, else as a manager."""
        if self.scopes is None:
            return rank_of(self.role)
        return RANKS["admin"] if "sites" in self.scopes else RANKS["manager"]

    def may_see(self, conversation: Conversation | None) -> bool:
        """A visitor sees his own conversations, staff those of their site."""
        if conversation is None or conversation.site != self.site:
            return False
        return self.by == "agent" or conversation.visitor == self.id
