"""The live engine: everything that a server's doors call.

All times are integer milliseconds since 1970-01-01 UTC. Every method that changes something answers after the commit,
and raises Unavailable (503 at the door) when the store has lost it: then nothing was decided. KeyError: no such site.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from heapq import heappop
from typing import Any

from aparte.conversations.model import Author, Conversation, Kind, Request
from aparte.conversations.store import Appended, Refused
from aparte.conversations.wrapping import Wrap
from aparte.engine.asking import Asked, Asking, request_id
from aparte.engine.batch import Batch
from aparte.engine.blocking import Blocking, blocked, refuse_blocked
from aparte.engine.boot import publish, restore
from aparte.engine.by_hand import ByHand
from aparte.engine.chats import Chats
from aparte.engine.checkpoint import EVERY_MS as CHECKPOINT_MS
from aparte.engine.checkpoint import Checkpoints
from aparte.engine.core import Core
from aparte.engine.ingest import Ingest, button_shown, wake_in
from aparte.engine.invitations import Invitations, Move, shown_now
from aparte.engine.leaving import Leaving
from aparte.engine.ports import (
    Arriving,
    Command,
    Counts,
    OfferShown,
    Pulse,
    PulseAnswer,
    Store,
)
from aparte.engine.presence import KeptDesk, Presences
from aparte.engine.prices import reprice
from aparte.engine.site import NEVER, LiveSite, Visit
from aparte.engine.supervising import Supervising
from aparte.engine.talks import Talk, Talks
from aparte.engine.turns import Turns
from aparte.engine.view import Row
from aparte.engine.working import Working
from aparte.routing.model import Reason, Status
from aparte.sessions.apply import over
from aparte.sites.model import Site, Staff
from aparte.targeting.campaign import Campaigns
from aparte.tracking.model import SessionEnded
from aparte.tracking.store import SeenIds

MOST_VISITORS = 200_000
MOST_AT_ONCE = 500
"""Visits looked at in one transaction of a sweep."""
new_id = partial(secrets.token_hex, 16)


class Engine(Working):
    """The engine of a running server."""

    def __init__(
        self,
        store: Store,
        sites: Sequence[tuple[Site, Campaigns]],
        *,
        clock: Callable[[], int],
        seen: Callable[[], SeenIds],
        most_visitors: int = MOST_VISITORS,
        new_id: Callable[[], str] = new_id,
        checkpoint_ms: int = CHECKPOINT_MS,
    ) -> None:
        """`clock`: now; `seen`: makes an empty memory of message ids over 72 h; `most_visitors` in memory at a time.

        `new_id`: ids that nothing else gives, of conversations and surveys; a simulation deals them from its seed.
        `checkpoint_ms`: the time between two checkpoints.
        """
        self.core = Core(store, sites, clock=clock, seen=seen, most_visitors=most_visitors, new_id=new_id)
        self.talks = Talks(self.core)
        self.asking = Asking(self.core, self.talks)
        self.invitations = Invitations(self.core, self.talks, self.asking)
        self.ingest = Ingest(self.core, self.invitations)
        self.chats = Chats(self.core, self.talks)
        self.presences = Presences(self.core, self.talks)
        self.turns = Turns(self.core, self.talks, self.presences)
        self.by_hand = ByHand(self.core, self.talks, self.invitations)
        self.blocking = Blocking(self.core, self.talks)
        self.supervising = Supervising(self.core, self.talks)
        self.leaving = Leaving(self.core, self.talks)
        self.checkpoints = Checkpoints(self.core, checkpoint_ms)
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
            self.presences.restore(found.batch, live, found.desks.get(live.site.id) or KeptDesk())
        self.talks.restore()
        self.leaving.restore()
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
                self.turns.sweep(batch)
                for live in self.core.sites.values():
                    self.invitations.expire(batch, live)
                    self.invitations.revoke(batch, live)
                    self.blocking.lapse(batch, live)
                    reprice(self.core, batch, live)
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

    # Campaigns

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
        """A new version of a site's campaigns rules from now on, also over sessions that are open; its number.

        `campaigns` are those of `text`, checked; `by` is who publishes; `draft` the revision that is published, which
        is no draft any more; `beside` is written in the same transaction. Unavailable, and nothing is changed, when the
        store refuses: somebody else was faster.
        """
        self.core.site(site)
        self.core.texts[text] = campaigns
        with self.core.folding() as batch:
            version = publish(self.core, batch, self.core.site(site), text, by, note, draft)
            batch.add(*beside)
            self.checkpoints.join(batch)  # so that no start folds sessions under two versions
        self._rows.pop(site, None)
        await self.core.commit(batch)
        return version

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
            button=button_shown(live, visitor, now) and not blocked(live, visitor, now),
            help=self.turns.help(live, now),
            wake_in_ms=wake_in(live, visitor, now) if pulse.visible else None,
        )

    def offer(self, site: str, visitor: str, language: str) -> OfferShown | None:
        """The invitation that belongs on a visitor's screen now; none while memory is made again."""
        live = self.core.sites.get(site)
        return None if live is None else shown_now(live, visitor, language, self.core.clock())

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

    async def accept(self, site: str, visitor: str, engagement: str, language: str) -> Conversation | Request | None:
        """The conversation, or the request, that an accepted invitation opens; None when it is over, or not his.

        Raises Blocked, as `open_conversation` and `ask` do.
        """
        live = self.core.site(site)
        refuse_blocked(live, visitor, self.core.clock())
        with self.core.folding() as batch:
            opened = self.invitations.accept(batch, live, visitor, engagement, language)
        if isinstance(opened, Talk):
            return await self._opened(batch, opened)
        if opened is not None:
            await self.core.commit(batch)
            return opened
        await self.core.caught_up()  # a second click may be faster than the disk is with the first
        request = self.core.store.request(request_id(site, visitor, engagement, ""))
        return request or self.chats.earlier(site, visitor, engagement)

    async def open_conversation(self, site: str, visitor: str, language: str) -> Conversation:
        """The visitor's open conversation, or a new one that he begins himself."""
        live = self.core.site(site)
        refuse_blocked(live, visitor, self.core.clock())
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

    def send(
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
    ) -> Coroutine[Any, Any, Appended | Refused]:
        """A line of a conversation, by its visitor or by an agent of its site (see `Chats.send` for the codes)."""
        return self.chats.send(site, conv, by, author, cid, kind, body, assign_ver, supervises=supervises)

    async def fill_form(self, site: str, conv: str, visitor: str, form: dict[str, str]) -> Conversation | Refused:
        """What the visitor says before his conversation begins; it is kept once."""
        return await self.chats.fill_form(site, conv, visitor, form)

    async def call_person(self, site: str, conv: str, visitor: str) -> Conversation | Refused:
        """The visitor of a bot wants a person."""
        return await self.chats.call_person(site, conv, visitor)

    async def watermark(
        self, site: str, conv: str, by: Author, author: str, delivered: int, read: int
    ) -> Conversation | Refused:
        """How far one side has received and read."""
        return await self.chats.watermark(site, conv, by, author, delivered, read)

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
        """What the visitor says of the conversation; the last answer counts."""
        return await self.chats.survey(site, conv, visitor, csat, nps, solved, comment, number, ces)

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
        """End a conversation, and say how it ended; one that is closed stays so."""
        return await self.chats.close(site, conv, by, author, assign_ver, wrap, any_agents=any_agents)

    async def ask(self, site: str, visitor: str, asked: Asked) -> Request | Refused:
        """Keep what a visitor leaves when nobody answers; see `Asking.read` for what is refused, and `cid_conflict`."""
        live = self.core.site(site)
        refuse_blocked(live, visitor, self.core.clock())
        return await self.asking.ask(live, visitor, asked)

    # Who is there

    async def staff_changed(self, staff: Staff) -> None:
        """Somebody was hired, or has other skills, slots or a new name; he is in the store already."""
        self.core.site(staff.at)
        with self.core.folding() as batch:
            self.presences.changed(batch, staff)
        await self._told(batch)

    async def set_status(self, staff: str, status: Status, reason: Reason = "") -> None:
        """An agent takes conversations, or none for now, and why."""
        self._expected(staff)
        with self.core.folding() as batch:
            self.presences.status(batch, staff, status, reason)
            for live in self.core.sites.values():
                self.invitations.revoke(batch, live)
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
