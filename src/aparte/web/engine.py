"""The live engine, as the doors see it; what it promises is told in `engine/service.py`, who builds it is `app`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol

from aparte.conversations.model import Author, Conversation, Kind
from aparte.conversations.store import Appended, Refused
from aparte.engine.explaining import Explained
from aparte.engine.matching import Matched, Question
from aparte.engine.ports import AgentStatus, Changed, LiveVisitor
from aparte.engine.step import State


class LiveEngine(Protocol):
    """Every change is durable when its call returns; Unavailable when the disk does not take it.

    Listeners are called on the event loop, after the commit, in the order of the commits.
    """

    async def move_invitation(
        self, site: str, visitor: str, engagement: str, move: Literal["shown", "declined", "ignored"]
    ) -> bool:
        """Note what the visitor did with an invitation; False when it is over or not his."""
        ...

    async def accept(self, site: str, visitor: str, engagement: str, language: str) -> Conversation | None:
        """The conversation that an invitation opens; again the same one; None when it is over or not his."""
        ...

    async def open_conversation(self, site: str, visitor: str, language: str) -> Conversation:
        """The visitor's conversation that is not closed, or a new one."""
        ...

    async def send(
        self,
        site: str,
        conv: str,
        by: Author,
        author: str,
        cid: str,
        kind: Kind,
        body: str,
        assign_ver: int | None = None,
    ) -> Appended | Refused:
        """Clean the body and append it; refusals are the wire's codes, and `unknown`."""
        ...

    async def watermark(
        self, site: str, conv: str, by: Author, author: str, delivered: int, read: int
    ) -> Conversation | Refused:
        """Move a participant's marks forward."""
        ...

    async def survey(
        self, site: str, conv: str, visitor: str, csat: int | None, nps: int | None, solved: bool | None, comment: str
    ) -> Conversation | Refused:
        """Keep what the visitor said of it."""
        ...

    async def close(
        self, site: str, conv: str, by: Author, author: str, assign_ver: int | None = None
    ) -> Conversation | Refused:
        """End a conversation."""
        ...

    async def take_conversation(self, site: str, staff: str, conv: str | None) -> Conversation | Refused:
        """Give a waiting conversation, or the one that waits longest, to an agent: `no_slot`, `nobody_waits`."""
        ...

    async def set_status(self, staff: str, status: Literal["available", "away"]) -> None:
        """An agent takes conversations, or does not."""
        ...

    def connected(self, staff: str, sockets: int) -> None:
        """How many sockets of an agent are open now."""
        ...

    def visitor_connected(self, site: str, visitor: str, sockets: int) -> None:
        """How many sockets of a visitor are open now."""
        ...

    def agent(self, staff: str) -> AgentStatus:
        """Status and load of an agent."""
        ...

    def position(self, conv: str) -> tuple[int, int] | None:
        """Place in the queue from 1, and the expected wait in seconds; None when it does not wait."""
        ...

    def conversation(self, conv: str) -> Conversation | None:
        """One conversation, open or closed."""
        ...

    def open_conversations(self, site: str) -> Sequence[Conversation]:
        """Those that are not closed, oldest first."""
        ...

    def agents_available(self, site: str) -> bool:
        """Somebody could answer a chat now."""
        ...

    def live(self, site: str, limit: int) -> tuple[list[LiveVisitor], dict[str, int]]:
        """Visitors who are here, and the sums `online`, `eligible`, `held_out`, `free`."""
        ...

    def visit(self, site: str, visitor: str) -> State | None:
        """What is known of a visitor; None when nothing is."""
        ...

    def explaining(self, site: str, visitor: str) -> Iterator[Explained | None] | None:
        """Every rule for one visitor, step by step, at last the answer; None when nobody knows him."""
        ...

    def matching(self, site: str, asked: Question) -> Iterator[Matched | None]:
        """Whom a condition matches among those who are here, step by step, at last the answer."""
        ...

    def last_seen(self, site: str) -> dict[str, object] | None:
        """The last sign of life of the tag: `at`, `url`, `event`, `tag`."""
        ...

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Be told of every change; the answer ends it."""
        ...

    def ready(self) -> str | None:
        """Why nothing can be taken now; None when all is well."""
        ...
