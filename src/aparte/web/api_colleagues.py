"""Agents among themselves: who is there, and what they say to one another. No visitor ever sees it."""

from __future__ import annotations

import time
from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from aparte.conversations.colleagues import Room, Told, named, stored
from aparte.web.api_desk import of_site
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.transcript import require_role
from aparte.web.words_care import (
    Colleague,
    Colleagues,
    Messages,
    MessageWords,
    ReadBody,
    RoomWords,
    TellBody,
    message_words,
)

PAGE = 100
BAD = {
    "too_long": "at most 4,000 characters",
    "empty": "there is nothing in it",
    "bad_text": "it holds characters that are not taken",
    "bad_cid": "this is no number of a message",
}


def room_of(me: Principal, wire: str, desk: Desk) -> tuple[str, tuple[str, ...]]:
    """The stored name and the two members of a room; Problem 404 `no_such_room` for one that is not his to enter."""
    require_role(me)
    found = stored(wire, me.id)
    others = {one.id for one in of_site(me, desk)} if wire.startswith("dm:") else set()
    known = found is not None and all(one == me.id or one in others for one in found[1])
    if wire.startswith("conv:"):
        known = me.may_see(desk.engine.conversation(wire.removeprefix("conv:")))
    if found is None or not known:
        raise Problem(404, "no_such_room", "there is no such room", where="room", hint="site, dm:ID or conv:ID")
    return found


@get("/colleagues", summary="Colleagues, and their rooms", right="converse", person=True)
async def colleagues(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Colleagues:
    """Who is at his desk comes first; rooms with what is unread in them."""
    require_role(me)
    staff = [colleague(one.id, one.name, one.role, desk) for one in of_site(me, desk) if one.id != me.id]
    rooms = [one for one in desk.store.colleague_rooms(me.site, me.id) if concerns(me, one, desk)]
    return Colleagues(
        sorted(staff, key=lambda one: (not one.present, one.name, one.id)),
        [RoomWords(named(one.room, me.id) or one.room, one.head, one.at, one.read or 0, one.unread) for one in rooms],
    )


def colleague(id: str, name: str, role: str, desk: Desk) -> Colleague:
    """How somebody stands."""
    agent = desk.engine.agent(id)
    return Colleague(
        id=id, name=name, role=role, status=agent.status, reason=agent.reason, present=agent.present, load=agent.load
    )


def concerns(me: Principal, room: Room, desk: Desk) -> bool:
    """A conversation's room is told to its agent, his guests, and whoever has been in it; others always."""
    if not room.room.startswith("conv:") or room.read is not None:
        return True
    found = desk.engine.conversation(room.room.removeprefix("conv:"))
    return found is not None and (found.agent == me.id or me.id in found.guests)


@get("/colleagues/messages", summary="What was said in a room", right="converse", person=True)
async def messages(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    room: Annotated[str, QueryParameter(max_length=100)] = "site",
    before: Annotated[int | None, QueryParameter(ge=1, le=2**53)] = None,
) -> Messages:
    """The last 100 lines before a number; 404 `no_such_room`."""
    place, _ = room_of(me, room, desk)
    found = desk.store.colleague_messages(me.site, place, before, PAGE)
    lines = [message_words(one, me.id, room, desk.directory.name(one.author)) for one in found]
    return Messages(lines, bool(found) and found[0].seq > 1)


@post("/colleagues/messages", status_code=200, summary="Say something to colleagues", right="converse", person=True)
async def tell(data: JSONBody[TellBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> MessageWords:
    """Once for each `cid`. 404 `no_such_room`; 400 of the text; 409 `cid_conflict`; 429 `rate`."""
    room, members = room_of(me, data.room, desk)
    wait = desk.messages.take(f"colleague:{me.id}", time.monotonic())
    if wait:
        raise Problem(429, "rate", "too much at once", retry_after=wait)
    result = await desk.whole(desk.engine.tell_colleagues(me.site, room, members, me.id, data.cid, data.body))
    if isinstance(result, Told):
        return message_words(result.message, me.id, data.room, desk.directory.name(me.id))
    if result.code in BAD:
        raise Problem(400, result.code, BAD[result.code], where="body")
    raise Problem(409, result.code, "something else was sent with this cid", where="cid")


@post("/colleagues/read", status_code=200, summary="Read up to here", right="converse", person=True)
async def read(data: JSONBody[ReadBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> ReadBody:
    """How far it is read now; it never goes back."""
    room, _ = room_of(me, data.room, desk)
    return ReadBody(data.room, await desk.whole(desk.engine.read_colleagues(me.site, room, me.id, data.seq)))


ROUTER = Router("/api/v1", route_handlers=[colleagues, messages, tell, read], tags=["Colleagues"])
