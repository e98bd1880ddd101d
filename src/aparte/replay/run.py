"""The shell of a replay: keeps the states of open sessions, fires timers at recorded time, counts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from heapq import heappop, heappush

from aparte.engagements.facts import apply_site_fact
from aparte.engagements.model import Decision, SiteState
from aparte.engine import State, on_client_event, step
from aparte.replay.model import RuleCounts, Summary
from aparte.replay.read import Read
from aparte.routing.model import Capacity
from aparte.sessions.apply import end
from aparte.sessions.model import SESSION_GAP_MS, VisitorState
from aparte.sessions.store import IdSet, OrderBook, VisitorStore
from aparte.targeting.campaign import Campaigns
from aparte.tracking.counters import Conservation
from aparte.tracking.dedupe import is_duplicate
from aparte.tracking.model import (
    CampaignPublished,
    CapacityChanged,
    ClientEvent,
    Event,
    Message,
    PacingUpdated,
    SiteFact,
    TimerElapsed,
    VisitorFact,
)
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.store import SeenIds

NEVER = 1 << 62
JUMP_MS = 60_000
"""An event that is further ahead of all others has to be witnessed."""
MOST_DOUBTED = 1000


class Visit(State, gc=False):
    """A state under replay, and when the shell will look at it again."""

    due: int = NEVER


class Replay:
    """One run: feed it the recording, whole or piece by piece, then finish.

    `recorded` is for the engine's own log: capacity, timers and ends of sessions are in it, so none are made up, and no
    message is in it twice; otherwise everybody counts as reachable, and `capacity` is a what-if. With `own_timers` other
    campaigns than the recorded ones are asked what they would have done: capacity, reachability and consent are those of
    the log, but its timers are those of its own campaigns, so each fires its own. With `own_capacity` too, `capacity` takes
    the place of the recorded one.
    """

    def __init__(
        self,
        campaigns: Campaigns,
        capacity: Capacity,
        *,
        seen: SeenIds,
        visitors_seen: IdSet,
        orders: OrderBook,
        visitors: VisitorStore,
        recorded: bool = False,
        own_timers: bool = False,
        own_capacity: bool = False,
        on_decision: Callable[[Decision], None] | None = None,
        on_step: Callable[[State, Event, list[Decision], Capacity], None] | None = None,
    ) -> None:
        self.campaigns, self.capacity, self.recorded = campaigns, capacity, recorded
        self.follow = recorded and not own_capacity
        self.timed = not recorded or own_timers
        """Whether timers and ends of sessions are made here, because the recording does not tell them."""
        self.seen, self.visitors_seen, self.orders, self.visitors = seen, visitors_seen, orders, visitors
        self.on_decision, self.on_step = on_decision, on_step
        self.site = SiteState(campaigns.file.site, everybody_reachable=not recorded)
        self.site.capacity = capacity
        self.summary = Summary(rules={rule.key: RuleCounts() for rule in campaigns.rules})
        self.open: dict[str, Visit] = {}
        self.agenda: list[tuple[int, int, Visit]] = []
        self.entries = 0
        self.clock = 0
        """How far the recording as a whole has come."""
        self.doubted: list[ClientEvent] = []
        self.conserved = Conservation()

    def run(self, stream: Iterable[Read]) -> Summary:
        """Everything, to the last timer."""
        with quiet_collector():
            self.feed(stream)
            return self.finish()

    def feed(self, stream: Iterable[Read]) -> None:
        """Some more of the recording: events, and what was quarantined in their place."""
        for read in stream:
            self.conserved.received += 1
            if not isinstance(read, Message):  # the base of every client event; a union would be asked type by type
                self.aside(read)
            elif self.doubted or (read.at > self.clock + JUMP_MS and not self.recorded):
                self.doubt(read)
            else:
                self.event(read, read.at)

    def doubt(self, event: ClientEvent) -> None:
        """An event that jumps ahead waits for another visitor's, which tells how far time has really come.

        So one visitor with a wrong clock cannot let everybody's timers fire; his own he may.
        """
        if self.doubted and self.doubted[0].visitor != event.visitor:
            self.believe(event.at)
        if self.doubted or event.at > self.clock + JUMP_MS:
            self.doubted.append(event)
            if len(self.doubted) > MOST_DOUBTED:
                self.believe(NEVER)
        else:
            self.event(event, event.at)

    def believe(self, witnessed: int) -> None:
        """Take the doubted events; the common clock goes no further than what was witnessed."""
        doubted, self.doubted = self.doubted, []
        for event in doubted:
            self.event(event, min(event.at, witnessed))

    def event(self, event: ClientEvent, clock: int) -> None:
        """One event; everybody's timers up to `clock` and the visitor's own up to the event fire before."""
        at, conserved = event.at, self.conserved
        self.clock = max(self.clock, clock)
        if self.agenda and self.agenda[0][0] <= clock:
            self.fire(clock)
        if not self.recorded and is_duplicate(event, self.seen, self.clock):
            conserved.duplicate += 1
            return
        conserved.accepted += 1
        visit = self.open.get(event.visitor)
        while visit is not None and visit.due <= at:
            due, visit.due = visit.due, NEVER
            self.look_again(visit, due)
            visit = self.open.get(event.visitor)
        if visit is None:
            visit = self.arrive(event.visitor, at)
        before = visit.session
        _, decisions, wake_at = on_client_event(visit, event, self.campaigns, self.capacity)
        if before is not None and visit.session is not before:  # only where the log itself ends sessions
            self.summary.bot_sessions += visit.visitor.bot
            self.summary.begin_session(at)
        if decisions or self.on_step is not None:
            self.tell(visit, event, decisions)
        if wake_at is not None and wake_at < visit.due and self.timed:
            self.schedule(visit, wake_at)

    def aside(self, read: Quarantined | VisitorFact | SiteFact) -> None:
        """What is no event of a client."""
        if isinstance(read, Quarantined):
            self.conserved.quarantined[read.reason] += 1
        else:
            self.fact(read)

    def take(self, visit: Visit, event: Event) -> None:
        """One step, and what it leaves to do."""
        _, decisions, wake_at = step(visit, event, self.campaigns, self.capacity)
        self.tell(visit, event, decisions)
        if wake_at is not None and wake_at < visit.due and self.timed:
            self.schedule(visit, wake_at)

    def tell(self, visit: Visit, event: Event, decisions: list[Decision]) -> None:
        """Count decisions and hand them on."""
        for decision in decisions:
            self.summary.decisions += 1
            self.summary.rules[f"{decision.campaign}/{decision.rule}"].count(decision)
            if self.on_decision is not None:
                self.on_decision(decision)
        if self.on_step is not None:
            self.on_step(visit, event, decisions, self.capacity)

    def fact(self, fact: VisitorFact | SiteFact) -> None:
        """What the engine itself wrote into its log."""
        self.conserved.accepted += 1
        self.summary.facts += 1
        if isinstance(fact, CapacityChanged | CampaignPublished | PacingUpdated):
            self.fire(fact.at)
            if self.follow or not isinstance(fact, CapacityChanged):
                apply_site_fact(self.site, fact)
            self.capacity = self.site.capacity if self.follow else self.capacity
            return
        self.fire(fact.at)
        if self.timed and isinstance(fact, TimerElapsed):
            return  # of other campaigns
        visit = self.open.get(fact.visitor) or self.arrive(fact.visitor, fact.at, opens=False)
        had_session = visit.session is not None
        self.take(visit, fact)
        if visit.session is None:
            self.summary.bot_sessions += had_session and visit.visitor.bot
            self.leave(visit)

    def arrive(self, visitor_id: str, at: int, *, opens: bool = True) -> Visit:
        """Bring a visitor back to mind, or meet him."""
        known = not self.visitors_seen.add(visitor_id, at)
        visitor = self.visitors.load(visitor_id) if known else None
        visit = Visit(self.site, visitor or VisitorState(visitor_id), self.orders)
        self.open[visitor_id] = visit
        if opens:
            self.summary.begin_session(at)
        if opens and self.timed:
            self.schedule(visit, at + SESSION_GAP_MS + 1)
        return visit

    def leave(self, visit: Visit) -> None:
        """The session is over: only the visitor's summary stays."""
        if visit.session is not None:
            self.summary.bot_sessions += visit.visitor.bot
            end(visit.visitor, visit.session)
            visit.session = None
        self.visitors.save(visit.visitor)
        del self.open[visit.visitor.id]

    def schedule(self, visit: Visit, due: int) -> None:
        """Look at this visit at that time; an entry that is no longer the visit's own is passed over."""
        visit.due = due
        self.entries += 1
        heappush(self.agenda, (due, self.entries, visit))

    def fire(self, until: int) -> None:
        """Everything that is due at or before this time, in the order of time."""
        while self.agenda and self.agenda[0][0] <= until:
            due, _, visit = heappop(self.agenda)
            if due == visit.due:
                visit.due = NEVER
                self.look_again(visit, due)

    def look_again(self, visit: Visit, due: int) -> None:
        """Close the session, or fire its timer, or find that it was too early."""
        session = visit.session
        if session is None or due > session.ends_at():
            self.leave(visit)
            return
        deadlines = session.deadlines
        if deadlines and min(deadlines.values()) <= due:
            self.summary.timers += 1
            self.take(visit, TimerElapsed(at=due, visitor=visit.visitor.id))
        wake_at = min(session.deadlines.values(), default=NEVER) if session.deadlines else NEVER
        self.schedule(visit, min(wake_at, session.ends_at() + 1))

    def finish(self) -> Summary:
        """Let all timers run out and add up; NotConserved when a message has disappeared."""
        self.believe(NEVER)
        self.fire(NEVER)
        for visit in list(self.open.values()):  # none but of a recording, whose sessions nobody else ends
            self.leave(visit)
        self.conserved.check()
        self.summary.take_messages(self.conserved)
        self.summary.last_at = self.clock or None
        self.summary.visitors = len(self.visitors_seen)
        self.summary.orders, self.summary.revenue = self.orders.count, self.orders.revenue
        return self.summary


@contextmanager
def quiet_collector() -> Iterator[None]:
    """No cyclic collection while events stream by: nothing here makes cycles, and looking for them doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
