"""Who must hear of what: every change of the engine goes from here to the sockets and polls that are concerned.

Nothing in here awaits a socket: frames are put into bounded queues. One task looks after all sockets each second.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import Counter
from math import ceil
from typing import Any, Protocol

from aparte.conversations.model import Conversation, Entry
from aparte.engine.ports import Changed
from aparte.kit.errors import Unavailable
from aparte.web import connection as sockets
from aparte.web import offers, views
from aparte.web.board import Boards
from aparte.web.connection import Connection
from aparte.web.desk import Desk
from aparte.web.inbox import Inbox
from aparte.web.plain import encode
from aparte.web.polls import Polls, Waiting
from aparte.web.presence import Presence
from aparte.web.principal import Principal
from aparte.web.watcher import Watcher
from aparte.web.words import Conv
from aparte.web.writing import Writing

PER_ADDRESS = 50
PER_VISITOR = 5
LIVE_BACKLOG = 16
"""A socket with more frames than this waiting is not sent the live list; the next one will do."""


class Socket(Protocol):
    """A socket as the hub looks after it."""

    connection: Connection

    def authorised(self) -> bool:
        """Whether whoever opened it is still who he was."""
        ...


class Hub:
    """All that is open: sockets, watchers, polls, inboxes."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.epoch = secrets.token_hex(8)
        """Of the inboxes: they begin with the process."""
        self._sockets: set[Socket] = set()
        self._addresses: Counter[str] = Counter()
        self._visitors: dict[tuple[str, str], list[Socket]] = {}
        self._watchers: dict[str, set[Watcher]] = {}
        self.polls = Polls(desk.most_waiting)
        self.writing = Writing(desk, self._watchers, self.polls)
        self._inboxes: dict[str, Inbox] = {}
        self._alone: dict[str, str] = {}
        """Of open conversations: who has it and is alone told of it, as the inboxes have heard."""
        self._live: dict[Socket, str] = {}
        self.boards = Boards(desk, self.look)
        self._keeper: asyncio.Task[None] | None = None
        self._drained_within: int | None = None
        self._resting = False
        self._left = asyncio.Event()
        """The last socket has gone."""
        timing = desk.timing
        self.visitors: Presence[tuple[str, str]] = Presence(timing.away, timing.left, self._visitor_presence)
        self.agents: Presence[tuple[str, str]] = Presence(timing.agent_away, timing.agent_left, self._agent_presence)
        self._unsubscribe = desk.engine.subscribe(self.changed)
        desk.on_sites.append(self.sites_changed)

    # Sockets

    def counts(self) -> dict[str, int]:
        """Sockets and polls that are open, for /metrics."""
        visitors = sum(map(len, self._visitors.values()))
        return {"sockets": len(self._sockets), "visitors": visitors, "polls": len(self.polls)}

    @property
    def draining(self) -> bool:
        """The process is about to end."""
        return self._drained_within is not None

    @property
    def drain_ms(self) -> int | None:
        """Within how many milliseconds everybody is asked to come back; None while nobody is."""
        return self._drained_within

    @property
    def resting(self) -> bool:
        """Nothing is served any more; what is still open waits for its own moment to leave."""
        return self._resting

    def open(self, socket: Socket) -> None:
        """Look after a socket from now on."""
        self._sockets.add(socket)
        address = socket.connection.address
        self._addresses[address] += 1
        if self._addresses[address] > PER_ADDRESS:
            socket.connection.close(sockets.RATE, "too many sockets of this address")
        if self.draining:
            socket.connection.close(sockets.RESTART, "restart")
        self._kept()

    def _kept(self) -> None:
        if (self._keeper is None or self._keeper.done()) and not self._resting:
            self._keeper = asyncio.create_task(self._keep())

    def closed(self, socket: Socket) -> None:
        """It is gone."""
        self._sockets.discard(socket)
        if not self._sockets:
            self._left.set()
        self._live.pop(socket, None)
        self.boards.forget(socket)
        address = socket.connection.address
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]

    def visitor_opened(self, site: str, visitor: str, socket: Socket) -> None:
        """A visitor's socket; of more than five the oldest is closed."""
        mine = self._visitors.setdefault((site, visitor), [])
        mine.append(socket)
        for old in mine[:-PER_VISITOR]:
            old.connection.close(sockets.REPLACED, "replaced")
        self.visitor_here(site, visitor)

    def visitor_closed(self, site: str, visitor: str, socket: Socket) -> None:
        """A visitor's socket is gone."""
        mine = self._visitors[site, visitor]
        mine.remove(socket)
        if not mine:
            del self._visitors[site, visitor]
        self.visitor_gone(site, visitor)

    def visitor_here(self, site: str, visitor: str) -> None:
        """A socket or a waiting poll of a visitor opens."""
        if not self._resting:
            self.desk.engine.visitor_connected(site, visitor, self.visitors.enter((site, visitor)))

    def visitor_gone(self, site: str, visitor: str) -> None:
        """A socket or a waiting poll of a visitor has closed."""
        if not self._resting:
            self.desk.engine.visitor_connected(site, visitor, self.visitors.leave((site, visitor)))

    def agent_opened(self, site: str, staff: str) -> None:
        """A socket of an agent opens."""
        if not self._resting:
            self.desk.engine.connected(staff, self.agents.enter((site, staff)))

    def agent_closed(self, site: str, staff: str) -> None:
        """A socket of an agent has closed."""
        if not self._resting:
            self.desk.engine.connected(staff, self.agents.leave((site, staff)))

    # Conversations

    def watch(self, watcher: Watcher) -> None:
        """Tell this watcher what happens to its conversation."""
        self._watchers.setdefault(watcher.conv, set()).add(watcher)

    def unwatch(self, watcher: Watcher) -> None:
        """Tell it no more."""
        left = self._watchers.get(watcher.conv, set())
        left.discard(watcher)
        if not left:
            self._watchers.pop(watcher.conv, None)

    def wait(self, who: Principal, conv: str) -> Waiting | None:
        """A visitor waits for news over HTTP; None when too many wait already."""
        waiting = self.polls.enter(who, conv, self._offer_of(who, conv))
        self._kept()
        return waiting

    def inbox(self, staff: str) -> Inbox:
        """An agent's inbox; it is kept from the first time somebody asks for it."""
        if staff not in self._inboxes:
            self._inboxes[staff] = Inbox(staff, self.desk, self.look)
        return self._inboxes[staff]

    def look(self, conversation: Conversation) -> Conv:
        """The wire's `Conv`."""
        online = self.visitors.state((conversation.site, conversation.visitor)) == "connected"
        return views.conversation_for_agent(conversation, self.desk, online=online)

    # What the engine tells

    def changed(self, change: Changed) -> None:
        """Something was committed. An entry is followed by its conversation, whose head has moved."""
        if change.what == "entry":
            self._entry(change.conv, change.value)
        elif change.what in ("conversation", "watermark"):
            self._conversation(change.value)
        elif change.what == "queue":
            for conversation in self.desk.engine.open_conversations(change.site):
                if conversation.state == "queued":
                    self._conversation(conversation)
        elif change.what == "request":
            for inbox in tuple(self._inboxes.values()):
                inbox.request(change.site, change.value)
        elif change.what == "colleague":
            for inbox in tuple(self._inboxes.values()):
                inbox.colleague(change.value)
        elif change.what == "agent":
            self.staff_changed(str(change.value))
        else:
            self._visitor(change.site, str(change.value))

    def _entry(self, conv: str, entry: Entry) -> None:
        self.desk.glances.entry(entry)
        self.writing.said(conv, entry.by)
        said = views.Said(entry, self.desk)
        for watcher in tuple(self._watchers.get(conv, ())):
            watcher.entry(said)

    def _conversation(self, conversation: Conversation) -> None:
        self.desk.glances.conversation(conversation)
        for watcher in tuple(self._watchers.get(conversation.id, ())):
            watcher.notice(conversation)
        self.polls.wake(conversation.id)
        self._to_inboxes(conversation)

    def _to_inboxes(self, conversation: Conversation) -> None:
        view: Conv | None = None
        for inbox in self._concerned(conversation):
            view = view or self.look(conversation)
            inbox.conversation(conversation, view)

    def _concerned(self, one: Conversation) -> list[Inbox]:
        """Of what an agent has alone only he is told; once all heard so, no other inbox is asked about a message."""
        alone = one.agent if one.state == "open" and not one.guests and one.assistance_at is None else ""
        if alone and self._alone.get(one.id) == alone:
            return [self._inboxes[alone]] if alone in self._inboxes else []
        if alone:
            self._alone[one.id] = alone
        else:
            self._alone.pop(one.id, None)
        return [box for box in self._inboxes.values() if not alone or alone == box.staff or box.shows(one.id)]

    def _visitor(self, site: str, visitor: str) -> None:
        for conversation in self.desk.engine.open_conversations(site):
            if conversation.visitor == visitor:
                self._to_inboxes(conversation)

    def staff_changed(self, staff: str) -> None:
        """Status, load, language or name of a member of staff."""
        if staff in self._inboxes:
            self._inboxes[staff].me()

    def sites_changed(self) -> None:
        """What visitors and staff are told of their site may be another thing now."""
        for site in self.desk.directory.sites():
            for conversation in self.desk.engine.open_conversations(site.id):
                for watcher in tuple(self._watchers.get(conversation.id, ())):
                    watcher.notice(conversation)
        self.polls.wake_all()
        for inbox in tuple(self._inboxes.values()):
            inbox.me()

    def _visitor_presence(self, who: tuple[str, str], state: str) -> None:
        site, visitor = who
        for conversation in self.desk.engine.open_conversations(site):
            if conversation.visitor == visitor:
                self.tell(conversation.id, "agent", "presence", {"who": "visitor", "state": state})
                self._to_inboxes(conversation)

    def _agent_presence(self, who: tuple[str, str], state: str) -> None:
        site, staff = who
        for conversation in self.desk.engine.open_conversations(site):
            if conversation.agent == staff:
                self.tell(conversation.id, "visitor", "presence", {"who": "agent", "state": state})
                self.polls.wake(conversation.id)

    def tell(self, conv: str, by: str, t: str, frame: dict[str, Any]) -> None:
        """Send something that may be lost to the watchers on one side: `visitor` or `agent`."""
        for watcher in tuple(self._watchers.get(conv, ())):
            if by == watcher.who.by:
                watcher.put(t, frame)

    # Looking after

    def live(self, socket: Socket, site: str | None) -> None:
        """Send the live list of a site to this socket, or no more."""
        if site is None:
            self._live.pop(socket, None)
        else:
            self._live[socket] = site
            self._send_live({socket: site})

    def _send_live(self, wanted: dict[Socket, str]) -> None:
        frames: dict[str, bytes] = {}
        for socket, site in wanted.items():
            if socket.connection.backlog > LIVE_BACKLOG:
                continue
            if site not in frames:
                frames[site] = views.live_frame(site, self.desk)
            socket.connection.put_encoded(frames[site])

    async def _keep(self) -> None:
        loop, timing = asyncio.get_running_loop(), self.desk.timing
        checked = listed = before = loop.time()
        while (self._sockets or len(self.polls) or self.writing) and not self._resting:
            await asyncio.sleep(timing.tick)
            now = loop.time()
            # While this process itself stood still it heard nobody: that is no silence of theirs.
            late, before = max(0.0, now - before - 2 * timing.tick), now
            for socket in tuple(self._sockets):
                socket.connection.excused(late)
                self._look_after(socket.connection, now)
            self._tell_offers()
            self.writing.tick()
            if now - checked >= timing.authority / 2:
                checked = now
                self.check_authority()
            if now - listed >= timing.live:
                listed = now
                with contextlib.suppress(Unavailable):  # memory is made again: the next turn tells
                    self._send_live(dict(self._live))
                await self.boards.send()

    def _tell_offers(self) -> None:
        """Invitations come and go by rules and by hand; whoever has a socket, or waits, hears of his."""
        for watchers in tuple(self._watchers.values()):
            for watcher in tuple(watchers):
                if watcher.who.by == "visitor":
                    self.tell_offer(watcher)
        self.polls.tell_offers(self._offer_of)

    def tell_offer(self, watcher: Watcher) -> None:
        """The visitor's invitation, when it is another one than he was told."""
        watcher.offer(self._offer_of(watcher.who, watcher.conv))

    def _offer_of(self, who: Principal, conv: str) -> dict[str, Any] | None:
        conversation = self.desk.engine.conversation(conv)
        return None if conversation is None else offers.on_now(who, conversation, self.desk)

    def _look_after(self, one: Connection, now: float) -> None:
        timing = self.desk.timing
        if not one.greeted and now - one.opened_at > timing.hello:
            one.close(sockets.AUTH, "no hello")
        elif now - one.heard_at > timing.silence:
            one.close(sockets.SILENT, "silent")
        elif one.greeted and now - one.pinged_at >= timing.ping:
            one.pinged_at = now
            one.put({"t": "ping"})

    def moved(self, staff: str) -> None:
        """A member of staff sits at another desk: his sockets come back there, his inbox begins anew."""
        if staff in self._inboxes:
            self._inboxes[staff].moved()
        for socket in tuple(self._sockets):
            who = getattr(socket, "who", None)
            if who is not None and who.id == staff:
                socket.connection.close(sockets.RESTART, "another desk")

    def check_authority(self) -> None:
        """Close the sockets of those who are no longer signed in."""
        for socket in tuple(self._sockets):
            if socket.connection.greeted and not socket.authorised():
                socket.connection.close(sockets.AUTH, "signed out")

    # The end

    def drain(self) -> int:
        """Ask all sockets to come back elsewhere; returns within how many milliseconds, by how many there are."""
        self._drained_within = within = min(10_000, max(2_000, ceil(len(self._sockets) / 200 * 1_000)))
        frame = encode({"t": "drain", "within_ms": within})
        for socket in tuple(self._sockets):
            socket.connection.put_encoded(frame)
        self.polls.wake_all()
        return within

    def rest(self) -> None:
        """Nothing more is served; sockets stay until their clients leave at a moment of their own, or `close`."""
        self._resting = True
        unsubscribe, self._unsubscribe = self._unsubscribe, lambda: None
        unsubscribe()
        self.visitors.stop()
        self.agents.stop()

    async def emptied(self, until: float) -> None:
        """Until all sockets have left, or until this moment of the loop's clock."""
        self._left.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                while self._sockets:
                    await self._left.wait()

    def close(self) -> None:
        """Close what is still open, and hear no more of the engine."""
        self.rest()
        for socket in tuple(self._sockets):
            socket.connection.close(sockets.RESTART, "restart")
