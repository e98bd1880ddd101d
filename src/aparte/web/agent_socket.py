"""The socket of a console: `/api/v1/socket`."""

from __future__ import annotations

import contextlib

from aparte.kit.errors import Unavailable
from aparte.web import connection as sockets
from aparte.web import frames, transcript
from aparte.web.connection import Connection
from aparte.web.hub import Hub
from aparte.web.in_turn import InTurn
from aparte.web.plain import Problem, Receive, Scope, Send, same_origin
from aparte.web.principal import Principal
from aparte.web.sign_in import Doorkeeper
from aparte.web.watcher import Watcher

FRAME = 64 * 1024
MOST_WATCHED = 50


class AgentSocket:
    """One socket of one member of staff: his inbox, and the conversations that he watches."""

    def __init__(self, hub: Hub, doorkeeper: Doorkeeper, scope: Scope, receive: Receive, send: Send) -> None:
        self._hub, self._desk, self._doorkeeper = hub, hub.desk, doorkeeper
        self._scope, self._receive, self._send = scope, receive, send
        self.connection = Connection(scope, receive, send, frame=FRAME, grace=hub.desk.timing.grace)
        self._who = doorkeeper.principal(scope)
        self._watched: dict[str, Watcher] = {}
        self._in_turn = InTurn()

    @property
    def who(self) -> Principal | None:
        """Whose socket it is."""
        return self._who

    def authorised(self) -> bool:
        """The session is still good; what we know of it is at most five seconds old."""
        return self._who is not None and self._doorkeeper.agent_of(self._who.session) == self._who

    async def run(self) -> None:
        """Serve until one side ends it; a page of another origin is refused before the handshake."""
        if not same_origin(self._scope):
            await self._receive()
            await self._send({"type": "websocket.close", "code": sockets.FORBIDDEN})
            return
        if self._who is None:
            self.connection.close(sockets.AUTH, "sign in")
        self._hub.open(self)
        try:
            await self.connection.run(self._on_frame)
        finally:
            self._hub.closed(self)
            self._leave()

    def _leave(self) -> None:
        for watcher in self._watched.values():
            self._hub.unwatch(watcher)
        if self.connection.greeted and self._who is not None:
            self._hub.inbox(self._who.id).listeners.discard(self.connection.put_encoded)
            self._hub.agent_closed(self._who.site, self._who.id)

    async def _on_frame(self, data: bytes) -> None:
        who = self._who
        if self._hub.resting:
            self._put_off(data)
            return
        if who is None or not self.authorised():
            self.connection.close(sockets.AUTH, "signed out")
            return
        try:
            frame = frames.read_frame(data, frames.AGENT)
            if frame is not None and not isinstance(frame, frames.Pong):
                await self._doorkeeper.touch(who.session)
            if self.connection.greeted:
                await self._guarded(who, frame)
            elif isinstance(frame, frames.AgentHello):
                self._hello(who, frame)
            else:
                self.connection.close(sockets.AUTH, "hello comes first")
        except frames.Unreadable as unreadable:
            if unreadable.cid is None or not self.connection.greeted:
                self.connection.close(sockets.UNREADABLE, "unreadable")
            else:
                self._nack(unreadable.conv or "", unreadable.cid, "bad_text")
        except Unavailable:
            self.connection.close(sockets.RESTART, "unavailable")

    def _put_off(self, data: bytes) -> None:
        # Nothing is served here any more; a message is told so, and comes again where the console goes.
        with contextlib.suppress(frames.Unreadable):
            frame = frames.read_frame(data, frames.AGENT)
            if isinstance(frame, frames.Send):
                told = transcript.nack(frame.cid[:64], "unavailable", transcript.AGAIN_S)
                self.connection.put({"conv": frame.conv, **told})

    def _hello(self, who: Principal, hello: frames.AgentHello) -> None:
        self.connection.greeted = True
        self._hub.agent_opened(who.site, who.id)
        inbox = self._hub.inbox(who.id)
        resumes = hello.epoch == self._hub.epoch and hello.pos is not None
        missed = inbox.after(hello.pos) if resumes and hello.pos is not None else None
        if missed is None:
            self.connection.put(inbox.snapshot(self._hub.epoch))
        else:
            self.connection.put({"t": "resumed", "epoch": self._hub.epoch, "pos": hello.pos})
            for event in missed:
                self.connection.put_encoded(event)
        inbox.listeners.add(self.connection.put_encoded)

    async def _guarded(self, who: Principal, frame: frames.AgentFrame | None) -> None:
        try:
            if frame is not None:
                self._allowed(who, frame)
            await self._serve(who, frame)
        except Problem as problem:
            conv, cid = getattr(frame, "conv", ""), getattr(frame, "cid", None)
            self._nack(conv, cid, "forbidden" if problem.status in (403, 404) else problem.code)

    def _allowed(self, who: Principal, frame: frames.AgentFrame) -> None:
        right = frames.AGENT_RIGHTS.get(str(frame.__struct_config__.tag))
        if right is None or not who.may(right):
            raise Problem(403, "role", "this frame is not for him")

    def _nack(self, conv: str, cid: str | None, code: str) -> None:
        self.connection.put({"t": "nack", "conv": conv, "cid": cid, "code": code, "fatal": True})

    async def _serve(self, who: Principal, frame: frames.AgentFrame | None) -> None:
        match frame:
            case frames.Watch():
                await self._watch(who, frame)
            case frames.Unwatch():
                self._unwatch(frame.conv)
            case frames.Send():
                await self._message(who, frame)
            case frames.Read():
                await transcript.mark(who, frame.conv, frame.seq, frame.seq, self._desk)
            case frames.Delivered():
                await transcript.mark(who, frame.conv, frame.seq, 0, self._desk)
            case frames.Typing():
                self._typing(who, frame)
            case frames.Live():
                self._hub.live(self, who.site if frame.on else None)
            case frames.Board():
                await self._hub.boards.send_to(self, who.site if frame.on else None)
            case _:
                pass  # a second hello, a pong, a name of a newer client: it was heard

    async def _watch(self, who: Principal, frame: frames.Watch) -> None:
        conversation = transcript.conversation_of(who, frame.conv, self._desk)
        await transcript.seen(who, conversation, self._desk)
        self._unwatch(frame.conv)
        if len(self._watched) >= MOST_WATCHED:
            self.connection.close(sockets.RATE, "too many watched")
            return
        watcher = self._watched[frame.conv] = Watcher(self.connection, who, frame.conv, self._desk)
        self._hub.watch(watcher)  # subscribe, then read, then flush
        watcher.welcome(frame.epoch, frame.last_seq)
        state = self._hub.visitors.state((conversation.site, conversation.visitor))
        watcher.put("presence", {"who": "visitor", "state": state})
        self._hub.writing.show(watcher)

    def _unwatch(self, conv: str) -> None:
        watcher = self._watched.pop(conv, None)
        if watcher is not None:
            self._hub.unwatch(watcher)

    def _typing(self, who: Principal, frame: frames.Typing) -> None:
        # Only the agent who has the conversation is seen writing, and guests who have joined him.
        conversation = transcript.changeable(who, frame.conv, self._desk)
        if who.id in (conversation.agent, *conversation.guests):
            self._hub.writing.agent(frame.conv, frame.on)

    async def _message(self, who: Principal, frame: frames.Send) -> None:
        if transcript.CID.fullmatch(frame.cid) is None:
            self._nack(frame.conv, frame.cid[:64], "bad_text")
            return
        item = transcript.Item(frame.cid, frame.kind, frame.body)
        told = await self._in_turn.send(who, frame.conv, item, frame.assign_ver, self._desk)
        self.connection.put({"conv": frame.conv, **told})
