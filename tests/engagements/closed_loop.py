"""A shop in a closed loop: visitors become eligible, the real decision invites them, they accept after a while, agents
are busy for a while, and what happened comes back as facts. Seeded; the policy is a gate, the engine's own or another.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from heapq import heappop, heappush
from math import exp, log
from unittest.mock import patch

from msgspec import Struct

from aparte.engagements import decide as decisions
from aparte.engagements import gates
from aparte.engagements.facts import apply_site_fact, apply_visitor_fact
from aparte.engagements.gates import Case, pools
from aparte.engagements.model import Invite, Reason, SiteState
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.model import (
    CapacityChanged,
    ConversationEnded,
    InvitationAccepted,
    InvitationExpired,
    PacingUpdated,
)

CUT_S, LAG_S, CHAT_S = 30.0, 8.0, 600.0
FILE = """
[site]
holdout = 0.0
{rules}
[[campaigns]]
name = "c"
holdout = 0.0
rules = [{{ name = "r", when = "has(page.path)", offer = {{ skill = "sales", expires = "30s" }} }}]
"""

Policy = Callable[[Case], "Reason | None"]


def progressive(case: Case) -> Reason | None:
    """One invitation for each free slot."""
    (pool,) = pools(case)
    return None if len(pool.under_way) < pool.free else Reason.PACING


def any_free(case: Case) -> Reason | None:
    """As long as a slot is free; the gate before has seen to that."""
    return None


def naive(case: Case) -> Reason | None:
    """Outstanding invitations are at most the free slots over the acceptance."""
    (pool,) = pools(case)
    return None if len(pool.under_way) < pool.free / 0.1 else Reason.PACING


def beyond(case: Case) -> Reason | None:
    """P(A > S + F) <= epsilon after one more was sent: the slots, not the next one, run out."""
    (pool,) = pools(case)
    full = gates.tail([*pool.under_way, 0.1], pool.free + 1, pool.freed)
    return None if full <= case.site.rules.epsilon else Reason.PACING


class Loop(Struct):
    """What came of it; the first tenth of the time is not counted."""

    accepted: int = 0
    overruns: int = 0
    waited_s: float = 0.0
    slot_s: float = 0.0
    counted_s: float = 0.0
    slots: int = 0
    site: SiteState | None = None
    rates: list[float] = []

    @property
    def use(self) -> float:
        """Share of the slots' time in which they were taken."""
        return self.slot_s / (self.counted_s * self.slots)

    @property
    def overrun(self) -> float:
        """Share of the accepted invitations that found no free slot."""
        return self.overruns / max(self.accepted, 1)

    @property
    def wait_s(self) -> float:
        """Mean wait of all who accepted."""
        return self.waited_s / max(self.accepted, 1)


class Shop:
    """The loop itself. Seconds outside, milliseconds where the engine is asked."""

    def __init__(self, *, slots: int, seed: int, rules: str, accept: float, told: PacingUpdated | None) -> None:
        self.campaigns: Campaigns = load(FILE.format(rules=rules), "loop.toml")
        self.site = SiteState(self.campaigns.file.site, everybody_reachable=True)
        self.dice, self.slots, self.accept = random.Random(seed), slots, accept
        self.busy, self.queue, self.now = 0, deque[tuple[float, str]](), 0.0
        self.agenda: list[tuple[float, int, Callable[[], None]]] = []
        self.number = 0
        self.found = Loop(slots=slots, site=self.site)
        if told is not None:
            apply_site_fact(self.site, told)
        self.capacity()

    def capacity(self) -> None:
        free = {"": self.slots - self.busy, "sales": self.slots - self.busy}
        apply_site_fact(self.site, CapacityChanged(at=self.ms, free=free, busy={"sales": self.busy}))

    @property
    def ms(self) -> int:
        return round(self.now * 1000)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.number += 1
        heappush(self.agenda, (self.now + seconds, self.number, act))

    def run(self, horizon_s: float, per_s: float) -> Loop:
        self.begin_s = horizon_s / 10
        self.later(self.dice.expovariate(per_s), lambda: self.arrives(per_s))
        while self.agenda and self.agenda[0][0] <= horizon_s:
            at, _, act = heappop(self.agenda)
            if at > self.begin_s:
                passed = at - max(self.now, self.begin_s)
                self.found.slot_s += self.busy * passed
                self.found.counted_s += passed
            self.now = at
            act()
        return self.found

    def arrives(self, per_s: float) -> None:
        self.later(self.dice.expovariate(per_s), lambda: self.arrives(per_s))
        self.number += 1
        visitor = VisitorState(f"v{self.number}")
        session = SessionState(started_at=self.ms, at=self.ms, event_at=self.ms)
        rules = list(self.campaigns.rules)
        for one in decisions.decide(rules, session, visitor, self.site, self.site.capacity, self.ms):
            if isinstance(one, Invite):
                self.invited(visitor, one)

    def invited(self, visitor: VisitorState, invite: Invite) -> None:
        engagement = invite.engagement
        if self.dice.random() < self.accept:
            # Exponential, cut at the offer's time: the inverse of its cdf.
            delay = -LAG_S * log(1 - self.dice.random() * (1 - exp(-CUT_S / LAG_S)))
            self.later(delay, lambda: self.accepts(visitor, engagement))
        else:
            fact = InvitationExpired(at=invite.expires_at, visitor=visitor.id, engagement=engagement)
            self.later(CUT_S, lambda: apply_visitor_fact(self.site, visitor, fact))

    def accepts(self, visitor: VisitorState, engagement: str) -> None:
        fact = InvitationAccepted(at=self.ms, visitor=visitor.id, engagement=engagement)
        apply_visitor_fact(self.site, visitor, fact)
        counts = self.now > self.begin_s
        self.found.accepted += counts
        self.found.rates.append(self.site.learnt.of("c").rate)
        if self.busy < self.slots:
            self.serve(visitor)
        else:
            self.found.overruns += counts
            self.queue.append((self.now, visitor.id))

    def serve(self, visitor: VisitorState) -> None:
        self.busy += 1
        self.capacity()
        length = self.dice.expovariate(1 / CHAT_S)
        self.later(length, lambda: self.ends(visitor, length))

    def ends(self, visitor: VisitorState, length: float) -> None:
        fact = ConversationEnded(at=self.ms, visitor=visitor.id, skill="sales", served_ms=round(length * 1000))
        apply_visitor_fact(self.site, visitor, fact)
        self.busy -= 1
        self.capacity()
        if self.queue:
            since, name = self.queue.popleft()
            self.found.waited_s += self.now - since
            self.serve(VisitorState(name))


def closed_loop(
    horizon_s: float,
    policy: Policy | None = None,
    *,
    rules: str = "",
    slots: int = 15,
    per_s: float = 1.0,
    accept: float = 0.1,
    seed: int = 1,
    known: tuple[float, float] | None = None,
    weight: float = 1.0,
) -> Loop:
    """Let the shop run; without a policy the engine's own gate decides.

    `known`: the acceptance and the delay that somebody tells it at the start, to weigh like so many answers.
    """
    told = None
    if known is not None:
        p, delay_s = known
        told = PacingUpdated(at=0, campaign="c", a=p * weight, b=(1 - p) * weight, delay_s=delay_s)
    with replaced(policy):
        shop = Shop(slots=slots, seed=seed, rules=rules, accept=accept, told=told)
        return shop.run(horizon_s, per_s)


def replaced(policy: Policy | None) -> AbstractContextManager[object]:
    """Another policy in the place of the engine's own; everything else stays as it is."""
    asked = gates.BEFORE_CANDIDATE
    if policy is not None:
        asked = tuple(policy if gate is gates.paced else gate for gate in asked)
    return patch.object(decisions, "BEFORE_CANDIDATE", asked)
