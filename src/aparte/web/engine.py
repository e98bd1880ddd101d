"""The live engine, as the doors see it; what it promises is told in `engine/service.py`, who builds it is `app`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from aparte.catalogue.model import Changes, Product
from aparte.conversations.model import Author, Conversation, Kind, Request
from aparte.conversations.store import Appended, Refused
from aparte.engine.asking import Asked
from aparte.engine.explaining import Explained
from aparte.engine.matching import Matched, Question
from aparte.engine.ports import AgentStatus, Changed, LiveVisitor
from aparte.engine.step import State
from aparte.routing.model import Help, Reason, Status
from aparte.sites.model import Site, Staff
from aparte.targeting.campaign import Campaigns


class LiveEngine(Protocol):
    """Every change is durable when its call returns; Unavailable when the disk does not take it.

    Listeners are called on the event loop, after the commit, in the order of the commits.
    """

    async def move_invitation(
        self, site: str, visitor: str, engagement: str, move: Literal["shown", "declined", "ignored"]
    ) -> bool:
        """Note what the visitor did with an invitation; False when it is over or not his."""
        ...

    async def accept(self, site: str, visitor: str, engagement: str, language: str) -> Conversation | Request | None:
        """The conversation or request that an invitation opens; again the same one; None when it is over or not his."""
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

    async def fill_form(self, site: str, conv: str, visitor: str, form: dict[str, str]) -> Conversation | Refused:
        """Keep what the visitor says before his conversation begins."""
        ...

    async def call_person(self, site: str, conv: str, visitor: str) -> Conversation | Refused:
        """The visitor of a bot wants a person."""
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

    async def transfer(
        self,
        site: str,
        conv: str,
        staff: str,
        assign_ver: int,
        note: str,
        *,
        agent: str = "",
        skill: str = "",
        any_agents: bool = False,
    ) -> Conversation | Refused:
        """Hand a conversation to another agent or to a skill."""
        ...

    async def ask(self, site: str, visitor: str, asked: Asked) -> Request | Refused:
        """Keep what a visitor leaves when nobody answers."""
        ...

    async def finish_request(self, site: str, request: str, staff: str, note: str) -> Request | Refused:
        """A request is dealt with."""
        ...

    def help(self, site: str) -> Help:
        """What a visitor can have now."""
        ...

    def may_ask(self, conv: str) -> bool:
        """Whether the visitor of a waiting conversation is offered to leave a request."""
        ...

    async def set_status(self, staff: str, status: Status, reason: Reason = "") -> None:
        """An agent takes conversations, or does not, and why."""
        ...

    async def staff_changed(self, staff: Staff) -> None:
        """Somebody has other skills, slots or a new name."""
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

    def position(self, conv: str) -> tuple[int, int | None] | None:
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

    async def import_catalogue(self, site: str, products: Sequence[Product], *, keep: bool) -> Changes:
        """Take a catalogue in the place of the one before."""
        ...

    async def import_traits(self, site: str, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> int:
        """What the shop says of its customers; how many visitors have it at once."""
        ...

    async def save_site(self, site: Site) -> None:
        """A site has other keys or settings."""
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

    def campaigns(self, site: str) -> Campaigns:
        """The campaigns in force."""
        ...

    async def publish(
        self, site: str, campaigns: Campaigns, text: str, by: str, note: str = "", draft: int | None = None
    ) -> int:
        """Other campaigns rule from now on; the number of the version."""
        ...

    def ready(self) -> str | None:
        """Why nothing can be taken now; None when all is well."""
        ...
