"""The socket of a visitor who is engaged: `/v1/socket`."""

from __future__ import annotations

from typing import Any

from aparte.kit.errors import Unavailable
from aparte.web import connection as sockets
from aparte.web import frames, offers, transcript
from aparte.web.connection import Connection
from aparte.web.hub import Hub
from aparte.web.in_turn import InTurn
from aparte.web.plain import Problem, Receive, Scope, Send, header
from aparte.web.principal import Principal
from aparte.web.visitors import allowed_origin, visitor_of
from aparte.web.watcher import Watcher

FRAME = 16 * 1024


class VisitorSocket:
    """One socket, of one conversation."""

    def __init__(self, hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
        self._hub, self._desk, self._origin = hub, hub.desk, header(scope, b"origin")
        self.connection = Connection(scope, receive, send, frame=FRAME, grace=hub.desk.timing.grace)
        self._who: Principal | None = None
        self._watcher: Watcher | None = None
        self._in_turn = InTurn()

    def authorised(self) -> bool:
        """The conversation is still his; the frames ask again, each for itself."""
        watcher = self._watcher
        return watcher is None or watcher.who.may_see(self._desk.engine.conversation(watcher.conv))

    async def run(self) -> None:
        """Serve until one side ends it."""
        self._hub.open(self)
        try:
            await self.connection.run(self._on_frame)
        finally:
            self._hub.closed(self)
            if self._watcher is not None and self._who is not None:
                self._hub.unwatch(self._watcher)
                self._hub.visitor_closed(self._who.site, self._who.id, self)

    async def _on_frame(self, data: bytes) -> None:
        try:
            frame = frames.read_frame(data, frames.VISITOR)
            if self._hub.resting and not isinstance(frame, frames.Send):
                return  # nothing is served here any more; a message is told so
            if self._watcher is not None and isinstance(frame, frames.Send):
                await self._send(self._watcher, frame)
            elif self._watcher is not None:
                await self._serve(self._watcher, frame)
            elif isinstance(frame, frames.VisitorHello):
                self._hello(frame)
            else:
                self.connection.close(sockets.AUTH, "hello comes first")
        except frames.Unreadable as unreadable:
            if unreadable.cid is None or self._watcher is None:
                self.connection.close(sockets.UNREADABLE, "unreadable")
            else:
                self.connection.put(transcript.nack(unreadable.cid, "bad_text"))
        except Unavailable:
            self.connection.close(sockets.RESTART, "unavailable")
        except Problem as problem:
            self._refuse(problem)

    def _refuse(self, problem: Problem) -> None:
        # What cannot be done now is no reason to leave; what is not his is.
        if problem.status == 401:
            self.connection.close(sockets.AUTH, problem.code)
        elif problem.status != 409:
            self.connection.close(sockets.FORBIDDEN, problem.code)

    def _hello(self, hello: frames.VisitorHello) -> None:
        site = self._desk.site_of(hello.key)
        if not allowed_origin(site, self._origin):
            raise Problem(403, "origin", "this page may not use the key")
        who = self._who = visitor_of(site, hello.token, self._desk)
        transcript.conversation_of(who, hello.conv, self._desk)
        self.connection.greeted = True
        watcher = self._watcher = Watcher(self.connection, who, hello.conv, self._desk)
        self._hub.visitor_opened(who.site, who.id, self)
        self._hub.watch(watcher)  # subscribe, then read, then flush
        watcher.welcome(hello.epoch, hello.last_seq)
        self._agent_presence(watcher)
        self._hub.tell_offer(watcher)

    def _agent_presence(self, watcher: Watcher) -> None:
        conversation = transcript.conversation_of(watcher.who, watcher.conv, self._desk)
        if conversation.agent:
            state = self._hub.agents.state((conversation.site, conversation.agent))
            watcher.put("presence", {"who": "agent", "state": state})

    async def _serve(self, watcher: Watcher, frame: frames.VisitorFrame | None) -> None:
        who, conv, desk = watcher.who, watcher.conv, self._desk
        match frame:
            case frames.Read():
                await transcript.mark(who, conv, frame.seq, frame.seq, desk)
            case frames.Delivered():
                await transcript.mark(who, conv, frame.seq, 0, desk)
            case frames.Typing():
                found = transcript.conversation_of(who, conv, desk)
                self._hub.writing.visitor(found, frame.on, frame.text)
            case frames.Close():
                await transcript.close(who, conv, None, desk)
            case frames.Survey():
                await transcript.survey(who, conv, frame, desk)
            case frames.OfferShown() | frames.OfferAccept() | frames.OfferDecline():
                await self._offer(watcher, frame)
            case _:
                pass  # a second hello, a pong, a name of a newer client: it was heard

    async def _offer(self, watcher: Watcher, frame: frames.Offered) -> None:
        who, engagement = watcher.who, frame.engagement_id
        try:
            if isinstance(frame, frames.OfferAccept):
                found = transcript.conversation_of(who, watcher.conv, self._desk)
                opened = await offers.accept(who, engagement, found.language, self._desk)
                self.connection.put({"t": "accepted", "engagement_id": engagement, **opened})
            else:
                move = "shown" if isinstance(frame, frames.OfferShown) else "decline"
                await offers.move(who, engagement, move, self._desk)
        except Unavailable:
            self._nack_offer(transcript.nack("", "unavailable", transcript.AGAIN_S), engagement)
        except Problem as problem:
            self._nack_offer(transcript.nack("", problem.code), engagement)
        self._hub.tell_offer(watcher)

    def _nack_offer(self, nack: dict[str, Any], engagement: str) -> None:
        self.connection.put({**nack, "cid": None, "engagement_id": engagement})

    async def _send(self, watcher: Watcher, frame: frames.Send) -> None:
        if transcript.CID.fullmatch(frame.cid) is None:
            self.connection.put(transcript.nack(frame.cid[:64], "bad_text"))
            return
        item = transcript.Item(frame.cid, frame.kind, frame.body)
        self.connection.put(await self._in_turn.send(watcher.who, watcher.conv, item, None, self._desk))
