"""Customers and their visitors: proven identities, what the shop says of them, several devices of one person.

The tables of identities and traits say where to look; what a decision reads is in the facts that are logged here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from typing import Any

from msgspec import structs

from aparte.engagements.facts import join
from aparte.engine.batch import Batch
from aparte.engine.core import Core
from aparte.engine.invitations import Invitations
from aparte.engine.site import Customer, LiveSite
from aparte.sessions.model import VisitorState
from aparte.tracking.model import Alias, ClientEvent, Identify, MergedArm, TraitsSet, VisitorsMerged
from aparte.tracking.store import LinkIdentity, RecordMerge, SaveTraits

MOST_IDENTITIES = 10
"""Visitors that are taken for one person; a device that a whole village uses is nobody's."""
MOST_TRAITS = 100
LATE = 1 << 62


class Identities:
    """Folds what trusted events prove; the caller commits."""

    def __init__(self, core: Core, invitations: Invitations) -> None:
        self.core, self.invitations = core, invitations
        core.addressed = self.spread

    def before(self, live: LiveSite, event: ClientEvent) -> str | None:
        """Whom the visitor was proven to be before this event."""
        visitor = state_of(live, event.visitor) if event.trusted and isinstance(event, Identify) else None
        return visitor.proven_id if visitor is not None else None

    def took(self, batch: Batch, live: LiveSite, event: ClientEvent, before: str | None) -> None:
        """What a trusted event leads to, once it is folded."""
        if not event.trusted:
            return
        if isinstance(event, Identify) and event.user_id:
            self.proven(batch, live, event, event.user_id, before)
        elif isinstance(event, Alias):
            self.merge(batch, live, [event.visitor, event.previous_id])

    def proven(self, batch: Batch, live: LiveSite, event: Identify, user_id: str, before: str | None) -> None:
        """A visitor is this customer: he has his traits, and his other devices are his."""
        customer = live.customer(user_id)
        if event.visitor not in customer.visitors:
            customer.visitors.append(event.visitor)
            batch.add(LinkIdentity(live.site.id, user_id, event.visitor, batch.now))
        if event.traits:
            self.say(batch, live, user_id, {**(customer.traits or {}), **event.traits})
        self.tell(batch, live, user_id, customer)
        # A device on which another customer was before is shared: it makes no person of the two.
        if before in (None, user_id):
            alone = [one for one in customer.visitors if self.is_only(live, one, user_id)]
            self.merge(batch, live, alone)

    def is_only(self, live: LiveSite, visitor: str, user_id: str) -> bool:
        """Whether the visitor's last proof names this customer."""
        state = state_of(live, visitor)
        return state is not None and state.proven_id == user_id

    def imported(self, batch: Batch, live: LiveSite, user_id: str, traits: Mapping[str, Any]) -> int:
        """The shop says this of a customer; how many of his visitors are known already."""
        customer = live.customer(user_id)
        self.say(batch, live, user_id, {**(customer.traits or {}), **traits})
        self.tell(batch, live, user_id, customer)
        return len(customer.visitors)

    def say(self, batch: Batch, live: LiveSite, user_id: str, traits: dict[str, Any]) -> None:
        """Keep what is said of a customer; nothing said of a member takes it away."""
        kept = {name: value for name, value in list(traits.items())[:MOST_TRAITS] if value is not None}
        customer = live.customer(user_id)
        if kept != customer.traits:
            customer.traits = kept
            batch.add(SaveTraits(live.site.id, user_id, kept, batch.now))

    def tell(self, batch: Batch, live: LiveSite, user_id: str, customer: Customer) -> None:
        """His visitors have his traits, those that are proven to be him now."""
        if customer.traits is None:
            return
        for one in customer.visitors:
            visitor = state_of(live, one)
            if visitor is not None and visitor.proven_id == user_id and visitor.traits != customer.traits:
                self.core.log(batch, live, TraitsSet(at=batch.now, visitor=one, traits=customer.traits))

    def merge(self, batch: Batch, live: LiveSite, visitors: list[str]) -> None:
        """These visitors are one person, with all who are that person already; again, when either has something new."""
        known = {one: state_of(live, one) or VisitorState(one) for one in dict.fromkeys(visitors)}
        for other in [other for one in list(known.values()) for other in one.others or {}]:
            known.setdefault(other, state_of(live, other) or VisitorState(other))
        oldest = sorted(known.values(), key=lambda one: (one.first_visit_at or LATE, one.id))[:MOST_IDENTITIES]
        if len(oldest) < 2:
            return
        facts = [told(one, other, oldest[0].id, batch.now) for one, other in permutations(oldest, 2)]
        for fact in facts:
            if says_something(known[fact.visitor], fact):
                self.core.log(batch, live, fact)
                batch.add(RecordMerge(live.site.id, fact.visitor, fact.root, batch.now))
        for one in oldest:
            self.invitations.withhold(batch, live, one.id)

    def spread(self, batch: Batch, live: LiveSite, visitor: VisitorState) -> None:
        """A person has had an invitation, or the ghost of one: his other devices have the arms that were drawn for it.

        Drawn again on each device they could differ, when new shares are published between the two.
        """
        for other in visitor.others or {}:
            known = state_of(live, other)
            if known is None or known.root is None:
                continue
            fact = told(known, visitor, known.root, batch.now)
            if says_something(known, fact):
                self.core.log(batch, live, fact)
                self.invitations.withhold(batch, live, other)


def state_of(live: LiveSite, visitor: str) -> VisitorState | None:
    """A visitor's summary, wherever it is."""
    visit = live.visits.get(visitor) or live.resting.get(visitor) or live.at_rest(visitor)
    return visit.visitor if visit is not None else None


def told(visitor: VisitorState, other: VisitorState, root: str, now: int) -> VisitorsMerged:
    """What a visitor learns of the other one."""
    arms = sorted((other.arms or {}).values(), key=lambda one: one.seed)
    return VisitorsMerged(
        at=now,
        visitor=visitor.id,
        other=other.id,
        root=root,
        arms=[MergedArm(one.seed, one.version, one.arm, one.at) for one in arms if not one.merged],
        contacts={name: list(times) for name, times in (other.contacts or {}).items()},
        last_decline_at=other.last_decline_at,
        last_chat_at=other.last_chat_at,
        orders=other.orders,
        spend=other.spend,
        leads=other.leads,
        sessions=other.sessions,
    )


def says_something(visitor: VisitorState, fact: VisitorsMerged) -> bool:
    """Whether the fact changes more than how often the other one came, which changes with every visit."""
    after = structs.replace(visitor)
    join(after, fact)
    before = (visitor.others or {}).get(fact.other)
    if before is None:
        return True
    now = (after.others or {})[fact.other]
    now.sessions = before.sessions
    return after != visitor
