"""The live engine, as the doors see it; what it promises is told in `engine/service.py`, who builds it is `app`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from aparte.catalogue.model import Changes, Product
from aparte.conversations.colleagues import Told
from aparte.conversations.coupons import Coupon, CouponCode, CouponCount, RedeemCoupon
from aparte.conversations.model import Author, Conversation, Kind, Request
from aparte.conversations.store import Appended, Refused
from aparte.conversations.vocabulary import Code, Vocabulary
from aparte.conversations.wrapping import Wrap
from aparte.engagements.store import Block
from aparte.engine.asking import Asked
from aparte.engine.explaining import Explained
from aparte.engine.leaving import Leaving
from aparte.engine.matching import Matched, Question
from aparte.engine.ports import AgentStatus, Changed, Command, LiveVisitor, OfferShown, QueueOf
from aparte.engine.promising import Wish
from aparte.engine.step import State
from aparte.routing.model import Help, Reason, Status
from aparte.sites.model import Site, Staff
from aparte.targeting.campaign import Campaigns


class LiveEngine(Protocol):
    """Every change is durable when its call returns; Unavailable when the disk does not take it.

    Listeners are called on the event loop, after the commit, in the order of the commits.
    """

    leaving: Leaving
    """Webhooks: which there are, and what they hear of."""

    async def move_invitation(
        self, site: str, visitor: str, engagement: str, move: Literal["shown", "declined", "ignored"]
    ) -> bool:
        """Note what the visitor did with an invitation; False when it is over or not his."""
        ...

    async def accept(self, site: str, visitor: str, engagement: str, language: str) -> Conversation | Request | None:
        """The conversation or request that an invitation opens; again the same one; None when it is over or not his."""
        ...

    def offer(self, site: str, visitor: str, language: str) -> OfferShown | None:
        """The invitation that belongs on a visitor's screen now."""
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
        *,
        supervises: bool = False,
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
        self,
        site: str,
        conv: str,
        visitor: str,
        csat: int | None,
        nps: int | None,
        solved: bool | None,
        comment: str,
        number: int = 0,
        ces: int | None = None,
    ) -> Conversation | Refused:
        """Keep what the visitor said of it."""
        ...

    async def close(
        self,
        site: str,
        conv: str,
        by: Author,
        author: str,
        assign_ver: int | None = None,
        wrap: Wrap | None = None,
        *,
        any_agents: bool = False,
    ) -> Conversation | Refused:
        """End a conversation, and say how it ended."""
        ...

    async def wrap_up(
        self, site: str, conv: str, staff: str, wrap: Wrap, *, any_agents: bool = False
    ) -> Conversation | Refused:
        """How a closed conversation ended."""
        ...

    async def tag(self, site: str, conv: str, tags: Sequence[str]) -> Conversation | Refused:
        """The tags of a conversation from now on."""
        ...

    def vocabulary(self, site: str) -> Vocabulary:
        """Tags and wrap-up codes of a site."""
        ...

    async def save_vocabulary(
        self, site: str, *, tags: Sequence[str] | None = None, free: bool = True, codes: Sequence[Code] | None = None
    ) -> Vocabulary:
        """Other tags or codes."""
        ...

    def catalogue(self, site: str) -> Mapping[str, Product]:
        """The products of a site."""
        ...

    def own_origins(self, site: str, visitor: str) -> tuple[str, ...]:
        """The origins whose pages an agent may propose to this visitor."""
        ...

    async def send_card(
        self, site: str, conv: str, staff: str, cid: str, products: Sequence[str], assign_ver: int
    ) -> Appended | Refused:
        """Show products to a visitor."""
        ...

    async def send_page(
        self, site: str, conv: str, staff: str, cid: str, url: str, title: str, assign_ver: int
    ) -> Appended | Refused:
        """Propose a page to a visitor."""
        ...

    async def tell_colleagues(
        self, site: str, room: str, members: tuple[str, ...], staff: str, cid: str, body: str
    ) -> Told | Refused:
        """Say something to colleagues."""
        ...

    async def read_colleagues(self, site: str, room: str, staff: str, seq: int) -> int:
        """How far somebody has read what colleagues say."""
        ...

    async def take_conversation(self, site: str, staff: str, conv: str | None, cid: str = "") -> Conversation | Refused:
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

    async def invite(
        self, site: str, visitor: str, text: str, by: str, *, channel: str = "chat", skill: str | None = None
    ) -> str | Refused:
        """Invite a visitor by hand; the engagement, or why not."""
        ...

    async def revoke_invitation(self, site: str, visitor: str) -> bool:
        """Take back what is on the visitor's screen; False when nothing was."""
        ...

    async def block(self, site: str, visitor: str, reason: str, by: str, hours: float | None = None) -> Block:
        """Nobody invites or answers this visitor."""
        ...

    async def unblock(self, site: str, visitor: str) -> bool:
        """He is a visitor like any other; False when he was before."""
        ...

    def blocks(self, site: str) -> Sequence[Block]:
        """Those that hold now, the youngest first."""
        ...

    async def join(self, site: str, conv: str, staff: str) -> Conversation | Refused:
        """A supervisor writes beside the agent from now on."""
        ...

    async def leave(self, site: str, conv: str, staff: str) -> Conversation | Refused:
        """He does no more."""
        ...

    async def take_over(self, site: str, conv: str, staff: str) -> Conversation | Refused:
        """It is a supervisor's own from now on."""
        ...

    async def ask_assistance(
        self, site: str, conv: str, staff: str, note: str = "", *, on: bool = True, supervises: bool = False
    ) -> Conversation | Refused:
        """Its agent asks those who lead for help, or needs none any more."""
        ...

    def waits(self, site: str) -> list[QueueOf]:
        """Who waits, by skill."""
        ...

    async def ask(self, site: str, visitor: str, asked: Asked) -> Request | Refused:
        """Keep what a visitor leaves when nobody answers."""
        ...

    async def finish_request(self, site: str, request: str, staff: str, note: str) -> Request | Refused:
        """A request is dealt with."""
        ...

    async def book_callback(
        self, site: str, conv: str, staff: str, assign_ver: int, wished: Wish, *, supervises: bool = False
    ) -> Request | Refused:
        """Promise a visitor to call him, and tell him when."""
        ...

    def coupons(self, site: str) -> Sequence[CouponCount]:
        """What a site offers, and what became of it."""
        ...

    async def save_coupons(
        self, site: str, told: Sequence[Coupon], beside: Sequence[Command] = ()
    ) -> Sequence[CouponCount]:
        """Other coupons."""
        ...

    async def give_coupon(
        self,
        site: str,
        conv: str,
        staff: str,
        assign_ver: int,
        cid: str,
        coupon: str,
        code: str,
        beside: Sequence[Command] = (),
    ) -> Appended | Refused:
        """Mint a code for the visitor, and show it to him."""
        ...

    async def redeem_coupon(self, told: RedeemCoupon) -> CouponCode | Refused:
        """Use a code, once."""
        ...

    def check_coupon(self, told: RedeemCoupon) -> CouponCode | Refused:
        """What redeeming would answer; nothing is used."""
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

    async def save_site(self, site: Site, beside: Sequence[Command] = ()) -> None:
        """A site has other keys or settings; `beside` is written in the same transaction."""
        ...

    def here(self, site: str, visitor: str) -> State | None:
        """A visitor whose session is open; None for anybody else."""
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
        self,
        site: str,
        campaigns: Campaigns,
        text: str,
        by: str,
        note: str = "",
        draft: int | None = None,
        beside: Sequence[Command] = (),
    ) -> int:
        """Other campaigns rule from now on; the number of the version. `beside`: as with `save_site`."""
        ...

    def ready(self) -> str | None:
        """Why nothing can be taken now; None when all is well."""
        ...
