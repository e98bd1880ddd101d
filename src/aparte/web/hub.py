"""Who must hear of what: every change of the engine goes from here to the sockets and polls that are concerned.

Nothing in here awaits a socket: frames are put into bounded queues. One task looks after all sockets each second.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from math import ceil
from typing import Any, Protocol

from aparte.conversations.model import Conversation, Entry, Request
from aparte.engine.ports import Changed
from aparte.web import connection as sockets
from aparte.web import views
from aparte.web.board import Boards
from aparte.web.connection import Connection
from aparte.web.desk import Desk
from aparte.web.inbox import Inbox
from aparte.web.plain import encode
from aparte.web.presence import Presence
from aparte.web.watcher import Watcher
from aparte.web.words import Conv

PER_ADDRESS = 50
PER_VISITOR = 5
LIVE_LIMIT = 200
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
        self._polls: dict[str, set[asyncio.Event]] = {}
        self._inboxes: dict[str, Inbox] = {}
        self._live: dict[Socket, str] = {}
        self.boards = Boards(desk, self.look)
        self._keeper: asyncio.Task[None] | None = None
        self._drained_within: int | None = None
        timing = desk.timing
        self.visitors: Presence[tuple[str, str]] = Presence(timing.away, timing.left, self._visitor_presence)
        self.agents: Presence[tuple[str, str]] = Presence(timing.agent_away, timing.agent_left, self._agent_presence)
        self._unsubscribe = desk.engine.subscribe(self.changed)

    # Sockets

    def counts(self) -> dict[str, int]:
        """Sockets and polls that are open, for /metrics."""
        polls = sum(map(len, self._polls.values()))
        visitors = sum(map(len, self._visitors.values()))
        return {"sockets": len(self._sockets), "visitors": visitors, "polls": polls}

    @property
    def draining(self) -> bool:
        """The process is about to end."""
        return self._drained_within is not None

    def open(self, socket: Socket) -> None:
        """Look after a socket from now on."""
        self._sockets.add(socket)
        address = socket.connection.address
        self._addresses[address] += 1
        if self._addresses[address] > PER_ADDRESS:
            socket.connection.close(sockets.RATE, "too many sockets of this address")
        if self.draining:
            socket.connection.close(sockets.RESTART, "restart")
        if self._keeper is None or self._keeper.done():
            self._keeper = asyncio.create_task(self._keep())

    def closed(self, socket: Socket) -> None:
        """It is gone."""
        self._sockets.discard(socket)
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
        self.desk.engine.visitor_connected(site, visitor, self.visitors.enter((site, visitor)))

    def visitor_gone(self, site: str, visitor: str) -> None:
        """A socket or a waiting poll of a visitor has closed."""
        self.desk.engine.visitor_connected(site, visitor, self.visitors.leave((site, visitor)))

    def agent_opened(self, site: str, staff: str) -> None:
        """A socket of an agent opens."""
        self.desk.engine.connected(staff, self.agents.enter((site, staff)))

    def agent_closed(self, site: str, staff: str) -> None:
        """A socket of an agent has closed."""
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

    def poll(self, conv: str) -> asyncio.Event | None:
        """An event that is set at the next change of a conversation; None when too many wait already."""
        if sum(map(len, self._polls.values())) >= self.desk.most_waiting:
            return None
        event = asyncio.Event()
        self._polls.setdefault(conv, set()).add(event)
        return event

    def unpoll(self, conv: str, event: asyncio.Event) -> None:
        """Nobody waits for it any more."""
        left = self._polls.get(conv, set())
        left.discard(event)
        if not left:
            self._polls.pop(conv, None)

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
            self._request(change.site, change.value)
        elif change.what == "colleague":
            for inbox in tuple(self._inboxes.values()):
                inbox.colleague(change.value)
        elif change.what == "agent":
            self.staff_changed(str(change.value))
        else:
            self._visitor(change.site, str(change.value))

    def _entry(self, conv: str, entry: Entry) -> None:
        for watcher in tuple(self._watchers.get(conv, ())):
            watcher.entry(entry)

    def _conversation(self, conversation: Conversation) -> None:
        for watcher in tuple(self._watchers.get(conversation.id, ())):
            watcher.notice(conversation)
        for event in self._polls.get(conversation.id, ()):
            event.set()
        self._to_inboxes(conversation)

    def _to_inboxes(self, conversation: Conversation) -> None:
        if self._inboxes:
            view = self.look(conversation)
            for inbox in tuple(self._inboxes.values()):
                inbox.conversation(conversation, view)

    def _request(self, site: str, request: Request) -> None:
        for inbox in tuple(self._inboxes.values()):
            inbox.request(site, request)

    def _visitor(self, site: str, visitor: str) -> None:
        for conversation in self.desk.engine.open_conversations(site):
            if conversation.visitor == visitor:
                self._to_inboxes(conversation)

    def staff_changed(self, staff: str) -> None:
        """Status, load, language or name of a member of staff."""
        if staff in self._inboxes:
            self._inboxes[staff].me()

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

    def tell(self, conv: str, by: str, t: str, frame: dict[str, Any], but: Connection | None = None) -> None:
        """Send something that may be lost to the watchers on one side (`visitor`, `agent`), or on both (``)."""
        for watcher in tuple(self._watchers.get(conv, ())):
            if by in ("", watcher.who.by) and watcher.connection is not but:
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
                frames[site] = live_frame(site, self.desk)
            socket.connection.put_encoded(frames[site])

    async def _keep(self) -> None:
        loop, timing = asyncio.get_running_loop(), self.desk.timing
        checked = listed = loop.time()
        while self._sockets:
            await asyncio.sleep(timing.tick)
            now = loop.time()
            for socket in tuple(self._sockets):
                self._look_after(socket.connection, now)
            if now - checked >= timing.authority / 2:
                checked = now
                self.check_authority()
            if now - listed >= timing.live:
                listed = now
                self._send_live(dict(self._live))
                await self.boards.send()

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
        within = min(10_000, max(2_000, ceil(len(self._sockets) / 200 * 1_000)))
        self._drained_within = within
        frame = encode({"t": "drain", "within_ms": within})
        for socket in tuple(self._sockets):
            socket.connection.put_encoded(frame)
        for waiting in self._polls.values():
            for event in waiting:
                event.set()
        return within

    def close(self) -> None:
        """Close what is still open, and hear no more of the engine."""
        unsubscribe, self._unsubscribe = self._unsubscribe, lambda: None
        unsubscribe()
        self.visitors.stop()
        self.agents.stop()
        for socket in tuple(self._sockets):
            socket.connection.close(sockets.RESTART, "restart")


def live_frame(site: str, desk: Desk) -> bytes:
    """The live list as a frame."""
    found = views.visitors(site, LIVE_LIMIT, desk)
    members = {name: getattr(found, name) for name in found.__struct_fields__}
    return encode({"t": "live", **members})
