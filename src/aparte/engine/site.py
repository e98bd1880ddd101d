"""A site in memory: its states, its visits, and how one line of the log is folded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from heapq import heapify, heappush
from typing import Any, Literal, Protocol

from msgspec import Struct, convert

from aparte.catalogue.model import Product
from aparte.catalogue.store import CatalogueReader
from aparte.engagements.facts import apply_site_fact
from aparte.engagements.model import Decision, Invite, SiteState
from aparte.engagements.store import Block, BlockReader
from aparte.engine.carry import Moved, carry_over
from aparte.engine.orders import OrdersAtRest
from aparte.engine.step import State, on_client_event, step
from aparte.routing.desk import Desk
from aparte.sessions.model import VisitorState
from aparte.sessions.saved import unpack_session, unpack_visitor
from aparte.sessions.store import CheckpointReader, KeptVisitor
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns, load
from aparte.targeting.model import Offer
from aparte.targeting.windows import Progress, Window
from aparte.tracking.model import (
    CampaignPublished,
    CapacityChanged,
    Event,
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    InvitationOffered,
    InvitationRevoked,
    InvitationShown,
    Message,
    PacingUpdated,
    PricesUpdated,
    VisitorFact,
)
from aparte.tracking.store import IdentityReader, SeenIds

NEVER = 1 << 62
NO_DECISIONS: list[Decision] = []
SITE_FACTS = (CapacityChanged, CampaignPublished, PacingUpdated, PricesUpdated)
OF_INVITATIONS = (InvitationShown, InvitationAccepted, InvitationDeclined, InvitationExpired, InvitationRevoked)
MOST_ENDED = 10_000
MOST_CUSTOMERS = 20_000


class Visit(State, gc=False):
    """A visitor in memory, with what the shell knows of him beside the state."""

    due: int = NEVER
    """When the shell will look at him again."""
    seq: int = 0
    """The last line of the log that is folded in."""
    heard: int = 0
    """When his page pulsed last; 0 for a visitor who never did. Not part of any state: a decision does not read it."""
    told: Decision | None = None
    """The last decision about him in this process."""


class Pending(Struct):
    """An invitation that has not ended; one by hand is of no campaign and no rule."""

    engagement: str
    visitor: str
    campaign: str
    rule: str
    offer: Offer
    at: int
    expires_at: int
    variant: str | None = None
    state: Literal["offered", "shown"] = "offered"


def published_text(text: str) -> Campaigns:
    """Campaigns from a line of the log."""
    return load(text, "published campaigns")


def by_hand(fact: InvitationOffered) -> Pending:
    """The invitation that somebody of the staff has made."""
    seconds = (fact.expires_at - fact.at) // 1000
    channel: Any = fact.channel
    offer = Offer(channel=channel, skill=fact.skill, message=fact.message, expires=f"{seconds}s")
    return Pending(fact.engagement, fact.visitor, "", "", offer, fact.at, fact.expires_at)


class Customer(Struct):
    """Somebody whom the shop knows: the visitors who are proven to be him, and what it says of him."""

    visitors: list[str]
    traits: dict[str, Any] | None


class SiteReaders(CheckpointReader, CatalogueReader, IdentityReader, BlockReader, Protocol):
    """What a site reads of the store."""


class LiveSite:
    """All that is known of a site. Changed by `fold` only, line by line in the order of the log; see `Core.log`."""

    def __init__(
        self,
        site: Site,
        campaigns: Campaigns,
        store: SiteReaders,
        seen: SeenIds,
        compiled: Callable[[str], Campaigns] = published_text,
    ) -> None:
        self.site, self.campaigns, self.store, self.seen, self.compiled = site, campaigns, store, seen, compiled
        self.state = SiteState(campaigns.file.site)
        self.orders = OrdersAtRest(store, site.id)
        self.visits: OrderedDict[str, Visit] = OrderedDict()
        """Visitors with an open session, the one longest silent first."""
        self.fresh: OrderedDict[str, None] = OrderedDict()
        """Those of them who have never pulsed: ids of other trackers, made-up ids, or a first moment."""
        self.resting: dict[str, Visit] = {}
        """Visitors without a session whose summary is not on the disk yet."""
        self.dirty: dict[str, Visit] = {}
        """Whoever has changed since the last checkpoint."""
        self.pending: dict[str, Pending] = {}
        self.revoked: dict[str, Pending] = {}
        """Taken back while they may still have been on a screen: whoever accepts one is not turned away."""
        self.ended: OrderedDict[str, str] = OrderedDict()
        """How the last invitations ended, so that a repeated answer is answered alike; forgotten with the process."""
        self.agenda: list[tuple[int, str]] = []
        self.last_seen: dict[str, Any] | None = None
        self.desk = Desk()
        self.priced_at = 0
        """When prices were made last; they are made again soon after a start."""
        self.catalogue: dict[str, Product] = {one.id: one for one in store.products(site.id)}
        """Products by id; what an event does not say of them is added before its line is written."""
        self.blocks: dict[str, Block] = {one.visitor: one for one in store.blocks(site.id)}
        """By visitor; those that have run out leave with a sweep."""
        self.customers: OrderedDict[str, Customer] = OrderedDict()
        """Those heard of last."""

    def meet(self, visitor: str) -> Visit:
        """A visitor: from memory, from the disk, or new."""
        visit = self.visits.get(visitor)
        if visit is not None:
            self.visits.move_to_end(visitor)
            return visit
        visit = self.resting.pop(visitor, None)
        if visit is None:
            visit = self.at_rest(visitor) or Visit(self.state, VisitorState(visitor), self.orders)
        self.visits[visitor] = visit
        if not visit.heard:
            self.fresh[visitor] = None
        return visit

    def at_rest(self, visitor: str) -> Visit | None:
        """A visitor as the disk knows him; None when it does not."""
        kept = self.store.visitor(self.site.id, visitor)
        return None if kept is None else self.woken(kept)

    def customer(self, user_id: str) -> Customer:
        """A customer as of now: from memory, else from the disk."""
        found = self.customers.get(user_id)
        if found is None:
            site, store = self.site.id, self.store
            found = self.customers[user_id] = Customer(store.identities(site, user_id), store.traits(site, user_id))
            if len(self.customers) > MOST_CUSTOMERS:
                self.customers.popitem(last=False)
        self.customers.move_to_end(user_id)
        return found

    def woken(self, kept: KeptVisitor) -> Visit:
        """What was kept of a visitor, as a state again."""
        visit = Visit(self.state, unpack_visitor(kept.summary), self.orders, seq=kept.seq)
        if kept.session is not None:
            visit.session = unpack_session(kept.session, self.revived)
        return visit

    def revived(self, measures: list[Any]) -> list[Any]:
        """Behaviours as they were, from plain values: windows and sequences come back from the disk as maps."""
        for name, one in self.campaigns.measures.items():
            state = measures[one.slot]
            if one.kind == "sequence" and state is not None:
                measures[one.slot] = convert(state, Progress)
            elif self.campaigns.file.behaviours[name].within and state is not None:
                measures[one.slot] = convert(state, Window)
        return measures

    def fold(self, event: Event, seq: int) -> list[Decision]:
        """One line of the log into the states; the decisions that it leads to."""
        if isinstance(event, SITE_FACTS):
            apply_site_fact(self.state, event)
            if isinstance(event, CampaignPublished) and event.text:
                self.adopt(self.compiled(event.text), event.at)
            return NO_DECISIONS
        visit = self.meet(event.visitor)
        if isinstance(event, Message):
            _, decisions, wake_at = on_client_event(visit, event, self.campaigns, self.state.capacity)
        else:
            _, decisions, wake_at = step(visit, event, self.campaigns, self.state.capacity)
            self.follow(event)
        visit.seq = seq
        self.dirty[event.visitor] = visit
        for decision in decisions:
            self.note(visit, decision)
        if visit.session is None:
            self.rest(event.visitor, visit)
        elif visit.due == NEVER:
            self.schedule(visit, min(visit.session.ends_at() + 1, NEVER if wake_at is None else wake_at))
        elif wake_at is not None and wake_at < visit.due:
            self.schedule(visit, wake_at)
        return decisions

    def adopt(self, campaigns: Campaigns, at: int) -> None:
        """From this moment on these campaigns rule; open sessions go on under them."""
        moved = Moved(self.campaigns, campaigns)
        self.campaigns, self.state.rules = campaigns, campaigns.file.site
        for visitor, visit in self.visits.items():
            carry_over(visit, moved, at)
            self.dirty[visitor] = visit
            if visit.session is not None:
                self.schedule(visit, min((*(visit.session.deadlines or {}).values(), visit.session.ends_at() + 1)))

    def note(self, visit: Visit, decision: Decision) -> None:
        """What a decision leaves to remember."""
        visit.told = decision
        if isinstance(decision, Invite):
            self.pending[decision.engagement] = Pending(
                decision.engagement,
                decision.visitor,
                decision.campaign,
                decision.rule,
                decision.offer,
                decision.at,
                decision.expires_at,
                decision.variant,
            )

    def follow(self, fact: VisitorFact) -> None:
        """An invitation begins by hand, goes on, or ends."""
        if isinstance(fact, InvitationOffered):
            self.pending[fact.engagement] = by_hand(fact)
        if not isinstance(fact, OF_INVITATIONS):
            return
        if isinstance(fact, InvitationRevoked) and fact.engagement in self.pending:
            self.revoked[fact.engagement] = self.pending.pop(fact.engagement)
        elif not isinstance(fact, InvitationShown):
            self.pending.pop(fact.engagement, None)
            self.revoked.pop(fact.engagement, None)
        elif fact.engagement in self.pending:
            self.pending[fact.engagement].state = "shown"

    def end(self, engagement: str, how: str) -> None:
        """Remember how an invitation ended."""
        self.ended[engagement] = how
        if len(self.ended) > MOST_ENDED:
            self.ended.popitem(last=False)

    def rest(self, visitor: str, visit: Visit) -> None:
        """Without a session a visitor leaves the memory with the next checkpoint."""
        self.visits.pop(visitor, None)
        self.fresh.pop(visitor, None)
        visit.due = NEVER
        self.resting[visitor] = visit

    def schedule(self, visit: Visit, due: int) -> None:
        """Look at this visit then; an entry that is not the visit's own any more is passed over."""
        visit.due = due
        if len(self.agenda) > 1_000 + 2 * len(self.visits):
            self.agenda = [(one.due, name) for name, one in self.visits.items() if one.due != NEVER]
            heapify(self.agenda)
        heappush(self.agenda, (due, visit.visitor.id))

    def pulsed(self, visitor: str, now: int) -> None:
        """A page of this visitor is alive: he is none of the made-up ones."""
        visit = self.visits.get(visitor) or self.resting.get(visitor)
        if visit is not None:
            visit.heard = now
            self.fresh.pop(visitor, None)

    def victim(self) -> str | None:
        """Who is forgotten first when memory is full: who never pulsed, then who has been silent longest.

        Nobody with an invitation or a conversation; None when there is nobody else.
        """
        for names in (self.fresh, self.visits):
            found = next((name for name in names if self.visits[name].visitor.open is None), None)
            if found is not None:
                return found
        return None
