"""An agent's conversations: lists, taking, reading, writing, closing."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter
from msgspec import Meta, Struct, to_builtins

from aparte.conversations.model import Conversation
from aparte.conversations.store import Refused
from aparte.conversations.wrapping import Wrap
from aparte.web import transcript, words
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.in_turn import InTurn
from aparte.web.plain import Problem
from aparte.web.principal import Principal

MOST_ENTRIES = 50
OWN_KEY = r"^[A-Za-z0-9_-]{0,59}$"
"""A key of the caller's own for what he asks; the line that keeps it has a word of ours before."""


class EntriesBody(Struct, forbid_unknown_fields=True):
    """Messages on their way, with the number of the assignment."""

    entries: Annotated[list[transcript.Item], Meta(max_length=MOST_ENTRIES)]
    assign_ver: transcript.Version


class Target(Struct, forbid_unknown_fields=True):
    """Who shall have it: one of the two."""

    agent: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    skill: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class TransferBody(Struct, forbid_unknown_fields=True):
    """The number of the assignment, to whom, and what he should know."""

    assign_ver: transcript.Version
    to: Target
    note: Annotated[str, Meta(max_length=4000)] = ""


class CloseBody(Struct, forbid_unknown_fields=True):
    """The number of the assignment, and how it ended: a code is needed where the site wants it."""

    assign_ver: transcript.Version
    code: Annotated[str, Meta(min_length=1, max_length=40)] | None = None
    reason: Annotated[str, Meta(max_length=40)] = ""
    note: Annotated[str, Meta(max_length=4000)] = ""


@get("/conversations", summary="Own conversations, and those that wait", right="read")
async def conversations(me: NamedDependency[Principal], hub: NamedDependency[Hub]) -> words.Lists:
    """The same lists as the socket's snapshot."""
    return words.Lists(**hub.inbox(me.id).lists())


@post(
    "/conversations/{conv:str}/take",
    status_code=200,
    summary="Take a conversation that waits",
    right="converse",
    person=True,
)
async def take(
    conv: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
    cid: Annotated[str, HeaderParameter(name="Idempotency-Key", pattern=OWN_KEY)] = "",
) -> words.Conv:
    """`next` takes the one that waits longest; again with the same `Idempotency-Key`: that one, and no other.

    409 `no_slot`, 404 `nobody_waits`.
    """
    if conv != "next":
        transcript.conversation_of(me, conv, desk)
    wanted = None if conv == "next" else conv
    result = await desk.whole(desk.engine.take_conversation(me.site, me.id, wanted, cid))
    return hub.look(taken(result))


def taken(result: Conversation | Refused) -> Conversation:
    """The conversation, or the Problem that a refusal is."""
    if isinstance(result, Conversation):
        return result
    if result.code == "nobody_waits":
        raise Problem(404, "nobody_waits", "nobody waits")
    return transcript.kept(result)


@get("/conversations/{conv:str}/entries", summary="Read a transcript", right="read")
async def read_entries(
    conv: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    before: Annotated[int | None, QueryParameter(ge=1, le=2**53)] = None,
) -> words.Page:
    """The last 200 entries before a number."""
    conversation = transcript.conversation_of(me, conv, desk)
    await transcript.seen(me, conversation, desk)
    page = transcript.last_page(conv, before, desk)
    return words.Page(desk.store.epoch(), conversation.head, to_builtins(transcript.shown(me, page, desk)), page.more)


@post("/conversations/{conv:str}/entries", status_code=200, summary="Write", right="converse")
async def write_entries(
    conv: FromPath[str], data: JSONBody[EntriesBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> words.Results:
    """One ack or nack for each, in their order."""
    transcript.changeable(me, conv, desk)
    in_turn = InTurn()
    return words.Results([await in_turn.send(me, conv, item, data.assign_ver, desk) for item in data.entries])


@post("/conversations/{conv:str}/close", status_code=200, summary="Close a conversation", right="converse")
async def close(
    conv: FromPath[str],
    data: JSONBody[CloseBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> words.Conv:
    """Who leads may close what others have. 409 `not_assigned` when it is somebody else's, `code_needed` when a code is
    wanted: nothing is closed then."""
    wrap = None if data.code is None else Wrap(data.code, data.reason, data.note)
    return hub.look(await transcript.close(me, conv, data.assign_ver, desk, wrap))


@post("/conversations/{conv:str}/transfer", status_code=200, summary="Hand a conversation on", right="converse")
async def transfer(
    conv: FromPath[str],
    data: JSONBody[TransferBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    hub: NamedDependency[Hub],
) -> words.Conv:
    """To an agent or a skill; who leads may hand on what others have. 409 `no_slot`, `agent_away`, `not_assigned`."""
    transcript.changeable(me, conv, desk)
    if (data.to.agent is None) == (data.to.skill is None):
        raise Problem(400, "bad_input", "name an agent or a skill", where="to")
    work = desk.engine.transfer(
        me.site,
        conv,
        me.id,
        data.assign_ver,
        data.note,
        agent=data.to.agent or "",
        skill=data.to.skill or "",
        any_agents=me.may("supervise"),
    )
    return hub.look(transcript.kept(await desk.whole(work)))


ROUTER = Router(
    "/api/v1",
    route_handlers=[conversations, take, read_entries, write_entries, close, transfer],
    tags=["Conversations"],
)
