"""Supervising: the board, and what those who lead do in the conversations of others."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from aparte.web import transcript, words
from aparte.web.board import board_of
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.principal import Principal
from aparte.web.words_work import AssistanceBody, Board


@get("/board", summary="The supervisor's board", right="supervise")
async def board(me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]) -> Board:
    """Agents, queue, service level, waits and satisfaction of the day so far; the socket sends it every 2 s."""
    return await board_of(me.site, desk, hub.look)


@post("/conversations/{conv:str}/join", status_code=200, summary="Join an agent", right="supervise", person=True)
async def join(
    conv: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> words.Conv:
    """The visitor reads that somebody has come. 409 `closed`, `not_open`."""
    transcript.conversation_of(me, conv, desk)
    found = transcript.kept(await desk.whole(desk.engine.join(me.site, conv, me.id)))
    await desk.audit(me, "join", conv)
    return hub.look(found)


@post(
    "/conversations/{conv:str}/leave",
    status_code=200,
    summary="Leave a joined conversation",
    right="supervise",
    person=True,
)
async def leave(
    conv: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> words.Conv:
    """Nothing changes for who is not there. 409 `closed`."""
    transcript.conversation_of(me, conv, desk)
    return hub.look(transcript.kept(await desk.whole(desk.engine.leave(me.site, conv, me.id))))


@post(
    "/conversations/{conv:str}/take-over",
    status_code=200,
    summary="Take a conversation over",
    right="supervise",
    person=True,
)
async def take_over(
    conv: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> words.Conv:
    """What its agent still sends is refused `not_assigned`. 409 `closed`, `no_slot`."""
    transcript.conversation_of(me, conv, desk)
    found = transcript.kept(await desk.whole(desk.engine.take_over(me.site, conv, me.id)))
    await desk.audit(me, "take_over", conv)
    return hub.look(found)


@post("/conversations/{conv:str}/assistance", status_code=200, summary="Ask for help", right="converse", person=True)
async def assistance(
    conv: FromPath[str],
    data: JSONBody[AssistanceBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> words.Conv:
    """Its agent asks, with a note perhaps; whoever supervises may say that it is dealt with. 409 `not_assigned`."""
    transcript.changeable(me, conv, desk)
    work = desk.engine.ask_assistance(me.site, conv, me.id, data.note, on=data.on, supervises=me.may("supervise"))
    return hub.look(transcript.kept(await desk.whole(work)))


ROUTER = Router("/api/v1", route_handlers=[board, join, leave, take_over, assistance], tags=["Supervising"])
