"""Four weeks of the past: simulated visits through the real engine, moment by moment, at recorded time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

import msgspec

from aparte.catalogue.enrich import ENRICHED, enrich
from aparte.catalogue.model import Catalogue
from aparte.engagements.model import Invite, SiteState
from aparte.engine import State, step
from aparte.kit.civil import local
from aparte.kit.ids import stable_id
from aparte.replay.run import quiet_collector
from aparte.sessions.model import VisitorState
from aparte.simulation import figures
from aparte.simulation.acts import Act
from aparte.simulation.model import Past, PastInvitation, PastOrder, PastSite, PastVisit, Recorded
from aparte.simulation.staff import SKILL, Desk, on_duty
from aparte.simulation.talk import Talk, talk
from aparte.simulation.twin import Visit
from aparte.simulation.visitors import Person, person, persona
from aparte.simulation.walk import EPOCH, Ledger, Walk, arrivals, context, message, number
from aparte.targeting.campaign import Campaigns
from aparte.tracking.model import (
    CampaignPublished,
    CapacityChanged,
    ConversationEnded,
    Event,
    InvitationAccepted,
    InvitationDeclined,
    InvitationExpired,
    InvitationShown,
    TimerElapsed,
    Track,
    VisitorReachable,
)

DAY_MS, MINUTE_MS = 86_400_000, 60_000
VISITS_A_DAY: int = figures.value("visits.a_day")
RETURNS = figures.number("visits.returns")
"""Share of the visits that somebody makes who has been there before."""
DRAWN_MS: int = figures.value("invitations.drawn_ms")
PULSE_MS = 8_000
"""A page that was heard of within this time is not noted again."""
GONE_MS = 61_000
CONFIRMED_MS = 1_200

encode = msgspec.json.Encoder().encode


def history(
    seed: int, now_ms: int, campaigns: Campaigns, days: int = 28, visits_a_day: int = VISITS_A_DAY,
    catalogue: Catalogue | None = None,
) -> Iterator[Past]:  # fmt: skip
    """The last `days` days before `now_ms`, the same bytes for the same arguments; `catalogue`: the shop's, if any.

    Visits are yielded as they end, facts of the site in between; `Recorded.seq` is the one order of the log. Nothing is
    later than `now_ms`. Every line was folded by `aparte.engine.step`, every decision is the engine's own.
    """
    with quiet_collector():
        yield from World(seed, now_ms, campaigns, catalogue or {}).run(days, visits_a_day)


class World:
    """The shop, its visitors and its agents during one run. An agenda of moments; a moment calls one method."""

    def __init__(self, seed: int, now_ms: int, campaigns: Campaigns, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.rng, self.now_ms, self.campaigns = Random(seed), now_ms, campaigns
        self.site = SiteState(campaigns.file.site)
        self.ledger, self.desk = Ledger(), Desk()
        self.agenda: list[tuple[int, int, int, Any, tuple[Any, ...]]] = []
        self.turn, self.seq = count(), 0
        self.site_lines: list[Recorded] = []
        self.ended: list[PastVisit] = []
        self.people: list[tuple[Person, State]] = []
        self.busy: set[str] = set()
        self.talks: dict[str, tuple[Walk, Talk, str | None]] = {}

    def run(self, days: int, visits_a_day: int) -> Iterator[Past]:
        """Everything, from the first visit to now."""
        start = self.now_ms - days * DAY_MS
        self.log(CampaignPublished(at=start, version=1, text=self.campaigns.text), None, self.site_lines)
        self.site.campaigns_version = 1
        for at in range(start - start % (15 * MINUTE_MS), self.now_ms, 15 * MINUTE_MS):
            self.plan(max(at, start), -1, self.change_shifts)
        for at in arrivals(
            self.rng, start, self.now_ms - 30 * MINUTE_MS, visits_a_day, self.campaigns.file.site.time_zone
        ):
            self.plan(at, 2, self.arrive)
        while self.agenda:
            at, _, _, what, given = heappop(self.agenda)
            if at > self.now_ms:
                break
            what(at, *given)
            yield from self.told()
        yield from self.told()

    def told(self) -> Iterator[Past]:
        """What has ended since the last look."""
        if self.site_lines:
            lines, self.site_lines = tuple(self.site_lines), []
            yield PastSite(lines)
        if self.ended:
            ended, self.ended = self.ended, []
            yield from ended

    def plan(self, at: int, rank: int, what: Any, *given: Any) -> None:
        """Put a moment on the agenda; of one time the lower rank comes first: timers fire before events."""
        heappush(self.agenda, (at, rank, next(self.turn), what, given))

    # Visits

    def arrive(self, at: int) -> None:
        """Somebody comes: new, or back again."""
        who = self.met(at)
        kind = persona(self.rng)
        visit = Visit(self.rng, who[0], kind, f"ML-{self.rng.getrandbits(32):08X}")
        walk = Walk(visit, who[0], who[1], at, at)
        self.busy.add(who[0].id)
        self.go_on(walk, at)

    def met(self, at: int) -> tuple[Person, State]:
        """Who it is; those who come back do so a day later at the earliest."""
        if self.people and self.rng.random() < RETURNS:
            known = self.rng.choice(self.people)
            session = known[1].session
            if known[0].id not in self.busy and session is not None and at - session.event_at > DAY_MS:
                return known
        who = person(self.rng)
        known = who, State(self.site, VisitorState(who.id), self.ledger)
        self.people.append(known)
        return known

    def go_on(self, walk: Walk, at: int) -> None:
        """Plan the next act, or the end."""
        act = walk.visit.next()
        if act is None:
            self.plan(at, 2, self.leave, walk)
            return
        walk.pending = act
        self.plan(at + act.wait_ms, 2, self.act, walk)

    def act(self, at: int, walk: Walk) -> None:
        """The next act, unless the visitor is still busy with an invitation or a conversation."""
        if at < walk.busy_until:
            self.plan(walk.busy_until, 2, self.act, walk)
            return
        act, walk.pending = walk.pending, None
        if act is not None and act.kind:
            self.send(walk, at, act)
            if act.name == "Order Completed":
                self.ordered(walk, at, act)
        walk.acts += 1
        if walk.acts == walk.visit.asks_at and self.desk.present:
            self.open(at, walk, None)
        self.go_on(walk, at)

    def send(self, walk: Walk, at: int, act: Act) -> None:
        """An act as the message that the tag sends."""
        self.pulse(walk, at)
        if act.path != walk.path or walk.context is None:
            walk.path, walk.context = act.path, context(walk, act)
        self.fold(walk, message(walk, at, act))

    def ordered(self, walk: Walk, at: int, act: Act) -> None:
        """The shop's server confirms the order a moment later."""
        told = act.properties
        sums = told["total"], told["revenue"], told["shipping"], told["currency"]
        confirmed = at + CONFIRMED_MS
        walk.orders.append(PastOrder(told["order_id"], walk.person.id, number(walk), at, confirmed, *sums))
        self.plan(confirmed, 1, self.confirm, walk, act)

    def confirm(self, at: int, walk: Walk, act: Act) -> None:
        """The second message about an order, from the server: the same order id, so it counts once."""
        order_id = act.properties["order_id"]
        stamp = EPOCH + timedelta(milliseconds=at)
        who = walk.person.id
        told: dict[str, Any] = {"properties": act.properties, "at": at, "visitor": who, "timestamp": stamp}
        event = Track(event=act.name, message_id=f"confirmed-{order_id}", anonymous_id=who, trusted=True, **told)
        self.fold(walk, event)

    def leave(self, at: int, walk: Walk) -> None:
        """The page is closed; what the timers still find is found a little later."""
        if at < walk.busy_until:
            self.plan(walk.busy_until, 2, self.leave, walk)
            return
        walk.left = True
        self.fold(walk, VisitorReachable(at=at, visitor=walk.person.id, visible=False))
        self.plan(at + GONE_MS, 3, self.finish, walk)

    def finish(self, at: int, walk: Walk) -> None:
        """Hand the visit over."""
        if walk.offer is not None or any(one[0] is walk for one in self.talks.values()):
            self.plan(at + GONE_MS, 3, self.finish, walk)
            return
        self.busy.discard(walk.person.id)
        self.ended.append(
            PastVisit(
                walk.person.id,
                number(walk),
                walk.visit.persona,
                walk.person.language,
                walk.started_at,
                at,
                tuple(walk.lines),
                tuple(walk.decisions),
                tuple(walk.decided_at),
                tuple(walk.invitations),
                tuple(walk.conversations),
                tuple(walk.orders),
                encode(walk.state.visitor),
            )
        )

    # The engine

    def log(self, event: Event, visitor: str | None, lines: list[Recorded]) -> None:
        """One more line, with what the catalogue says of it."""
        if isinstance(event, Track) and event.event in ENRICHED and self.catalogue:
            enrich(event.properties, self.catalogue)
        self.seq += 1
        lines.append(Recorded(self.seq, event.at, visitor, encode(event)))

    def fold(self, walk: Walk, event: Event) -> None:
        """Log an event, let the engine decide, and do what it says."""
        self.log(event, walk.person.id, walk.lines)
        _, decisions, wake = step(walk.state, event, self.campaigns, self.site.capacity)
        if wake is not None and wake != walk.wake:
            self.plan(wake, 0, self.timer, walk, wake)
        walk.wake = wake
        walk.decisions.extend(decisions)
        walk.decided_at.extend([self.seq] * len(decisions))
        for decision in decisions:
            if isinstance(decision, Invite):
                self.invite(walk, decision)

    def pulse(self, walk: Walk, at: int) -> None:
        """The page asks for news; noted when it has not been heard of for a while."""
        if at - walk.heard_at >= PULSE_MS:
            walk.heard_at = at
            self.fold(walk, VisitorReachable(at=at, visitor=walk.person.id))

    def timer(self, at: int, walk: Walk, wake: int) -> None:
        """A deadline has come, if it still holds; a page that is open pulses at that very moment."""
        if walk.wake != wake:
            return
        if not walk.left:
            walk.heard_at = at
            self.fold(walk, VisitorReachable(at=at, visitor=walk.person.id))
        session = walk.state.session
        if session is not None and session.deadlines and min(session.deadlines.values()) <= at:
            walk.wake = None
            self.fold(walk, TimerElapsed(at=at, visitor=walk.person.id))

    # Invitations and conversations

    def invite(self, walk: Walk, offer: Invite) -> None:
        """Show it, and plan what the visitor does with it."""
        reaction = walk.visit.react(offer.campaign)
        walk.offer, walk.shown_at = offer, None
        if reaction.kind != "missed":
            self.plan(offer.at + DRAWN_MS, 1, self.shown, walk, offer)
        answered = offer.at + DRAWN_MS + reaction.after_ms
        match reaction.kind:
            case "accept":
                self.plan(answered, 1, self.accept, walk, offer)
                walk.busy_until = max(walk.busy_until, answered + 1)
            case "decline":
                self.plan(answered, 1, self.decline, walk, offer)
                walk.busy_until = max(walk.busy_until, answered + 800)
            case _:
                self.plan(offer.expires_at, 1, self.expire, walk, offer)

    def shown(self, at: int, walk: Walk, offer: Invite) -> None:
        """It is on the screen."""
        walk.shown_at = at
        self.fold(walk, InvitationShown(at=at, visitor=walk.person.id, engagement=offer.engagement))

    def outcome(self, walk: Walk, offer: Invite, kind: Any, at: int, conversation: str | None = None) -> None:
        """What became of it."""
        walk.offer = None
        text = offer.offer.message
        said = text if isinstance(text, str) else text.get(walk.person.language, "")
        told = offer.engagement, offer.campaign, offer.rule, said, walk.person.language, offer.at, walk.shown_at
        walk.invitations.append(PastInvitation(*told, kind, at, conversation))

    def decline(self, at: int, walk: Walk, offer: Invite) -> None:
        """No, thank you."""
        self.fold(walk, InvitationDeclined(at=at, visitor=walk.person.id, engagement=offer.engagement))
        self.outcome(walk, offer, "declined", at)

    def expire(self, at: int, walk: Walk, offer: Invite) -> None:
        """No answer."""
        self.fold(walk, InvitationExpired(at=at, visitor=walk.person.id, engagement=offer.engagement))
        self.outcome(walk, offer, "expired", at)

    def accept(self, at: int, walk: Walk, offer: Invite) -> None:
        """Yes: a conversation, with an agent or first in the queue."""
        self.fold(walk, InvitationAccepted(at=at, visitor=walk.person.id, engagement=offer.engagement))
        self.outcome(walk, offer, "accepted", at, self.open(at, walk, offer))

    def open(self, at: int, walk: Walk, offer: Invite | None) -> str:
        """A conversation begins."""
        conversation = stable_id("conv", walk.person.id, str(at))
        said = ""
        if offer is not None and not isinstance(offer.offer.message, str):
            said = offer.offer.message.get(walk.person.language, "")
        plan = talk(self.rng, walk.visit, conversation, at, said)
        self.talks[conversation] = walk, plan, offer.campaign if offer is not None else None
        walk.busy_until = 1 << 60
        agent = self.desk.take(conversation)
        if agent is not None:
            self.begin(at, conversation, agent, offer.engagement if offer else None)
        else:
            plan.engagement = offer.engagement if offer else None
        self.capacity(at)
        return conversation

    def begin(self, at: int, conversation: str, agent: str, engagement: str | None) -> None:
        """An agent takes it; how long it lasts is known then."""
        _, plan, _ = self.talks[conversation]
        plan.engagement = engagement
        plan.held(at, agent)
        self.plan(plan.closed_at, 1, self.close, conversation)

    def close(self, at: int, conversation: str) -> None:
        """It is over: the visitor goes on, the next in the queue has his turn."""
        walk, plan, campaign = self.talks.pop(conversation)
        self.desk.talking.pop(conversation, None)
        walk.visit.talked = True
        walk.busy_until = at + 1500
        walk.conversations.append(plan.past(walk.person, number(walk), campaign, SKILL))
        engagement, served = plan.engagement or "", at - plan.taken_at
        fact = ConversationEnded(at=at, visitor=walk.person.id, engagement=engagement, skill=SKILL, served_ms=served)
        self.fold(walk, fact)
        if walk.pending is not None:
            self.plan(walk.busy_until, 2, self.act, walk)
        elif not walk.left:
            self.plan(walk.busy_until, 2, self.leave, walk)
        self.serve(at)
        self.capacity(at)

    def serve(self, at: int) -> None:
        """Those who wait, as far as there are slots."""
        while self.desk.waiting and self.desk.free() > 0:
            conversation = self.desk.waiting.pop(0)
            agent = self.desk.take(conversation)
            if agent is not None:
                self.begin(at, conversation, agent, self.talks[conversation][1].engagement)

    def change_shifts(self, at: int) -> None:
        """Every quarter of an hour: who is there."""
        present = on_duty(local(at, self.campaigns.file.site.time_zone))
        if present != self.desk.present:
            self.desk.present = present
            self.serve(at)
            self.capacity(at)

    def capacity(self, at: int) -> None:
        """Tell the log how many slots are free and taken."""
        free, busy, queue = self.desk.free(), len(self.desk.talking), len(self.desk.waiting)
        fact = CapacityChanged(at=at, free={SKILL: free}, busy={SKILL: busy}, queue={SKILL: queue})
        self.log(fact, None, self.site_lines)
        step(State(self.site, VisitorState(""), self.ledger), fact, self.campaigns, self.site.capacity)
