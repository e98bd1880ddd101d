"""The live engine: everything that a server's doors call.

All times are integer milliseconds since 1970-01-01 UTC. Every method that changes something answers after the commit,
and raises Unavailable (503 at the door) when the store has lost it: then nothing was decided. KeyError: no such site.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop
from typing import Literal

from aparte.conversations.model import Author, Conversation, Kind
from aparte.conversations.store import Appended, Refused
from aparte.engine.batch import Batch
from aparte.engine.boot import restore
from aparte.engine.chats import Chats
from aparte.engine.checkpoint import Checkpoints
from aparte.engine.core import Core
from aparte.engine.explaining import Explained, explaining
from aparte.engine.ingest import Ingest, wake_in
from aparte.engine.invitations import Invitations, Move, shown_now
from aparte.engine.matching import Matched, Matching, Question
from aparte.engine.ports import (
    AgentStatus,
    Arriving,
    Changed,
    Counts,
    Gauges,
    LiveVisitor,
    Pulse,
    PulseAnswer,
    Store,
)
from aparte.engine.presence import Presence, Presences
from aparte.engine.site import NEVER, LiveSite, Visit
from aparte.engine.step import State
from aparte.engine.talks import Talk, Talks
from aparte.engine.view import Row, listed, online, standing, totals
from aparte.sessions.apply import over
from aparte.sites.model import Site
from aparte.targeting.campaign import Campaigns
from aparte.tracking.model import SessionEnded
from aparte.tracking.store import Logged, SeenIds

MOST_VISITORS = 200_000
MOST_AT_ONCE = 500
"""Visits looked at in one transaction of a sweep."""
LIVE_LIST_MS = 1_000
"""The rows of the live list are made again after this time, however many ask."""


class Engine:
    """The engine of a running server."""

    def __init__(
        self,
        store: Store,
        sites: Sequence[tuple[Site, Campaigns]],
        *,
        clock: Callable[[], int],
        seen: Callable[[], SeenIds],
        most_visitors: int = MOST_VISITORS,
    ) -> None:
        """`clock`: now; `seen`: makes an empty memory of message ids over 72 h; `most_visitors` in memory at a time."""
        self.core = Core(store, sites, clock=clock, seen=seen, most_visitors=most_visitors)
        self.talks = Talks(self.core)
        self.invitations = Invitations(self.core, self.talks)
        self.ingest = Ingest(self.core, self.invitations)
        self.chats = Chats(self.core, self.talks)
        self.presences = Presences(self.core, self.talks)
        self.checkpoints = Checkpoints(self.core)
        self.core.restore, self.core.published = self._restore, self.talks.committed
        self._rows: dict[str, tuple[int, list[tuple[Visit, Row]]]] = {}
        self._events: dict[str, dict[str, int]] = {}

    # Life

    async def boot(self) -> None:
        """Make memory from the store; Unavailable when that cannot be."""
        await self.core.start()

    def _restore(self) -> Batch:
        found = restore(self.core)
        for live in self.core.sites.values():
            self.presences.restore(live, found.statuses.get(live.site.id, {}), found.batch.now)
        self.talks.restore()
        for live in self.core.sites.values():
            self.talks.settle(found.batch, live)
        if found.changed:
            self.checkpoints.join(found.batch)
        self._rows = {}
        return found.batch

    async def sweep(self) -> None:
        """What time brings: timers, ends of invitations and sessions, absences; a checkpoint when one is due."""
        if self.core.trouble is not None:
            return
        more = True
        while more:
            with self.core.folding() as batch:
                self.presences.sweep(batch)
                for live in self.core.sites.values():
                    self.invitations.expire(batch, live)
                unfinished = [self._look_around(batch, live) for live in self.core.sites.values()]
                more = any(unfinished)
            await self.core.commit(batch)
        if self.checkpoints.due(self.core.clock()):
            future = self.checkpoints.make()
            if future is not None:
                await asyncio.shield(future)

    def _look_around(self, batch: Batch, live: LiveSite) -> bool:
        """Visits whose time has come; True when there are more of them than go into one transaction."""
        for _ in range(MOST_AT_ONCE):
            if not live.agenda or live.agenda[0][0] > batch.now:
                return False
            due, visitor = heappop(live.agenda)
            visit = live.visits.get(visitor)
            if visit is None or visit.due != due:
                continue
            visit.due = NEVER
            self.core.fire(batch, live, visitor, batch.now)
            session = visit.session
            if session is not None and over(session, batch.now):
                self.core.log(batch, live, SessionEnded(at=batch.now, visitor=visitor))
            elif session is not None and visit.due == NEVER:
                live.schedule(visit, min((*(session.deadlines or {}).values(), session.ends_at() + 1)))
        return True

    async def stop(self) -> None:
        """Write down what is in memory, and wait for the disk."""
        core = self.core
        if core.recovery is not None:
            core.recovery.cancel()
        if core.trouble is None:
            future = self.checkpoints.make()
            core.trouble = "stopping"
            if future is not None:
                await asyncio.shield(future)
        if core.unfinished:
            await asyncio.wait(core.unfinished)
        core.trouble = "stopped"

    def ready(self) -> str | None:
        """None while events are taken, else why not."""
        return self.core.trouble

    # Events

    async def take(self, arriving: Arriving) -> Counts:
        """Take a body of messages."""
        live = self.core.site(arriving.site)
        with self.core.folding() as batch:
            taken = self.ingest.take(batch, live, arriving)
        await self.core.commit(batch)
        return self._counted(arriving.site, taken.counts())

    async def pulse(self, pulse: Pulse) -> PulseAnswer:
        """Take what happened on a visitor's page, and tell it what to show."""
        site, visitor = pulse.messages.site, pulse.visitor
        live = self.core.site(site)
        with self.core.folding() as batch:
            taken = self.ingest.pulse(batch, live, pulse)
        await self.core.commit(batch)
        counts = self._counted(site, taken.counts())
        if pulse.withdrawn:
            return PulseAnswer(counts=counts)
        live, now = self.core.site(site), self.core.clock()
        talk = self.talks.of.get((site, visitor))
        return PulseAnswer(
            counts=counts,
            offer=shown_now(live, visitor, pulse.language, now),
            conversation=None if talk is None else await self.talks.of_visitor(talk),
            agents=self.agents_available(site),
            wake_in_ms=wake_in(live, visitor, now) if pulse.visible else None,
        )

    def _counted(self, site: str, counts: Counts) -> Counts:
        sums = self._events.get(site)
        if sums is None:
            sums = self._events[site] = dict.fromkeys(counts.__struct_fields__, 0)
        sums["received"] += counts.received
        sums["accepted"] += counts.accepted
        sums["duplicate"] += counts.duplicate
        sums["quarantined"] += counts.quarantined
        return counts

    # Invitations and conversations

    async def move_invitation(self, site: str, visitor: str, engagement: str, move: Move) -> bool:
        """Shown, declined or ignored; False when it is over, or not his."""
        live = self.core.site(site)
        with self.core.folding() as batch:
            known = self.invitations.move(batch, live, visitor, engagement, move)
        await self.core.commit(batch)
        return known

    async def accept(self, site: str, visitor: str, engagement: str, language: str) -> Conversation | None:
        """The conversation that an accepted invitation opens; None when it is over, or not his."""
        live = self.core.site(site)
        with self.core.folding() as batch:
            talk = self.invitations.accept(batch, live, visitor, engagement, language)
        if talk is None:
            return self.chats.earlier(site, visitor, engagement)
        return await self._opened(batch, talk)

    async def open_conversation(self, site: str, visitor: str, language: str) -> Conversation:
        """The visitor's open conversation, or a new one that he begins himself."""
        live = self.core.site(site)
        with self.core.folding() as batch:
            talk = self.invitations.reactive(batch, live, visitor, language)
        return await self._opened(batch, talk)

    async def _opened(self, batch: Batch, talk: Talk) -> Conversation:
        future = self.core.submit(batch)
        if future is not None and talk.opened is None:
            talk.opened = future
        if future is not None and batch.lost(await self.core.settled(future)):
            self.core.site(talk.site)
        return await self.talks.of_visitor(talk)

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
        """A line of a conversation, by its visitor or by an agent of its site (see `Chats.send` for the codes)."""
        return await self.chats.send(site, conv, by, author, cid, kind, body, assign_ver)

    async def watermark(
        self, site: str, conv: str, by: Author, author: str, delivered: int, read: int
    ) -> Conversation | Refused:
        """How far one side has received and read."""
        return await self.chats.watermark(site, conv, by, author, delivered, read)

    async def survey(
        self, site: str, conv: str, visitor: str, csat: int | None, nps: int | None, solved: bool | None, comment: str
    ) -> Conversation | Refused:
        """What the visitor says of the conversation; the last answer counts."""
        return await self.chats.survey(site, conv, visitor, csat, nps, solved, comment)

    async def close(
        self, site: str, conv: str, by: Author, author: str, assign_ver: int | None = None
    ) -> Conversation | Refused:
        """End a conversation; one that is closed stays so."""
        return await self.chats.close(site, conv, by, author, assign_ver)

    async def take_conversation(self, site: str, staff: str, conv: str | None) -> Conversation | Refused:
        """An agent takes a waiting conversation, or the next one (None); Refused `no_slot`, `nobody_waits`."""
        live, seat = self.core.site(site), self.presences.seat(staff)[1]
        return await self.chats.take(live, seat, conv)

    def conversation(self, conv: str) -> Conversation | None:
        """A conversation as of the last commit."""
        return self.talks.find(conv)

    def open_conversations(self, site: str) -> list[Conversation]:
        """Those that are not closed, oldest first, as of the last commit."""
        found = [one for one in self.talks.published.values() if one.site == site]
        return sorted(found, key=lambda one: (one.opened_at, one.id))

    def position(self, conv: str) -> tuple[int, int] | None:
        """Place in the queue, and the expected wait in seconds; None when it does not wait."""
        places = (live.desk.position(conv) for live in self.core.sites.values())
        return next((one for one in places if one is not None), None)

    # Who is there

    async def set_status(self, staff: str, status: Literal["available", "away"]) -> None:
        """An agent takes conversations, or none for now."""
        self._expected(staff)
        with self.core.folding() as batch:
            self.presences.status(batch, staff, status)
            self.checkpoints.join(batch)  # which is where statuses live
        await self._told(batch)

    def _expected(self, staff: str) -> None:
        """KeyError for somebody who is no agent, before anything is touched; Unavailable when nothing is ready."""
        if self.core.trouble is None:
            self.presences.seat(staff)

    async def _told(self, batch: Batch) -> None:
        """Commit; when nothing is to be written, those who listen are told at once."""
        if not batch.written():
            for then in batch.then:
                then([], [])
        await self.core.commit(batch)

    def connected(self, staff: str, sockets: int) -> None:
        """An agent has so many sockets now."""
        self.presences.sockets[staff] = sockets
        if self.core.trouble is not None:
            return  # memory finds him there when it is made again
        self._expected(staff)
        with self.core.folding() as batch:
            self.presences.agent(batch, staff, sockets)
        if self.core.submit(batch) is None:
            for then in batch.then:
                then([], [])

    def visitor_connected(self, site: str, visitor: str, sockets: int) -> None:
        """A visitor has so many sockets now."""
        self.presences.visitor(site, visitor, sockets, self.core.clock())

    def visitor_presence(self, site: str, visitor: str) -> Presence:
        """`connected`, `away` after 15 s without a socket, `left` after 120 s."""
        return self.presences.state(site, visitor)

    def agent(self, staff: str) -> AgentStatus:
        """An agent's status and load."""
        live, seat = self.presences.seat(staff)
        return AgentStatus(staff=staff, status=seat.status, load=live.desk.load(staff), maximum=seat.maximum)

    def agents_available(self, site: str) -> bool:
        """Whether an agent is there who takes conversations, busy or not."""
        seats = self.core.site(site).desk.seats.values()
        return any(seat.present and seat.status == "available" and seat.maximum for seat in seats)

    def live(self, site: str, limit: int) -> tuple[list[LiveVisitor], dict[str, int]]:
        """The live list, whoever is nearest to a conversation first, and its totals."""
        live, now = self.core.site(site), self.core.clock()
        made_at, rows = self._rows.get(site, (0, []))
        if not made_at <= now < made_at + LIVE_LIST_MS:
            rows = [
                (visit, standing(live, visit, self.talks.of.get((site, visit.visitor.id)), now))
                for visit in online(live, now)
            ]
            self._rows[site] = now, rows
        rows = [one for one in rows if one[0].session is not None]
        return listed(rows, limit, now), totals(rows, live.desk.capacity().free[""])

    def visit(self, site: str, visitor: str) -> State | None:
        """A visitor's state, to be read only; None when nobody knows him."""
        live = self.core.site(site)
        return live.visits.get(visitor) or live.resting.get(visitor) or live.at_rest(visitor)

    def explaining(self, site: str, visitor: str) -> Iterator[Explained | None] | None:
        """Every rule for one visitor, step by step, at last the answer; None when nobody knows him."""
        state = self.visit(site, visitor)
        return None if state is None else explaining(self.core.site(site), state, self.core.clock())

    def matching(self, site: str, asked: Question) -> Iterator[Matched | None]:
        """Whom a condition matches among those who are here, step by step, at last the answer."""
        live, now, talks = self.core.site(site), self.core.clock(), self.talks.of

        def stands(visit: Visit) -> Row:
            return standing(live, visit, talks.get((site, visit.visitor.id)), now)

        def log(visitor: str) -> Iterator[Logged]:
            return self.core.store.log(site=site, visitor=visitor)

        return Matching(live, asked, now, stands, log).steps()

    def last_seen(self, site: str) -> dict[str, object] | None:
        """The last event of a person: {at, url, event, tag}; `tag` tells whether it came by our own tag."""
        return self.core.site(site).last_seen

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Be told of changes, after their commit, in its order; the answer ends it. A listener never blocks."""
        self.core.listeners.append(listener)
        return lambda: self.core.listeners.remove(listener)

    def gauges(self, site: str) -> Gauges:
        """Figures for /metrics."""
        live = self.core.site(site)
        return Gauges(
            visitors=len(live.visits),
            conversations=sum(1 for one in self.talks.talks.values() if one.site == site),
            queued=len(live.desk.queue),
            agents=sum(1 for seat in live.desk.seats.values() if seat.present and seat.status == "available"),
            events=dict(self._events.get(site, {})),
        )
