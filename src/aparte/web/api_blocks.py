"""What an agent does with a visitor: invite him by hand, take an invitation back, block him."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from aparte.conversations.store import Refused
from aparte.engagements.store import Block
from aparte.kit.labels import visitor_label
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.transcript import require_role
from aparte.web.words import AgentName
from aparte.web.words_work import BlockBody, BlockWords, InviteBody, Invited

Visitor: TypeAlias = Annotated[str, PathParameter(max_length=256)]
NOT_NOW = {
    "held_out": ("a comparison needs this visitor without an invitation", "he may still open a chat himself"),
    "blocked": ("this visitor is blocked", "lift the block first"),
    "talking": ("a conversation with this visitor is open", ""),
    "invited": ("an invitation is open already", "revoke it first"),
    "unreachable": ("nobody would see it: the page is hidden or gone, or the visitor wants no help", ""),
    "no_slot": ("no agent has room for the conversation that could follow", "try again when one is free"),
}


@post("/visitors/{visitor:str}/invitation", status_code=200, summary="Invite by hand", right="converse")
async def invite(
    visitor: Visitor, data: JSONBody[InviteBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Invited:
    """His next pulse offers it. 409 `held_out`, `blocked`, `talking`, `invited`, `unreachable`, `no_slot`."""
    known(visitor, me, desk)
    work = desk.engine.invite(me.site, visitor, data.text, me.id, channel=data.channel, skill=data.skill)
    found = await desk.whole(work)
    if isinstance(found, Refused):
        raise refusal(found)
    return Invited(found)


def refusal(refused: Refused) -> Problem:
    """Why an invitation by hand is not made."""
    if refused.code in NOT_NOW:
        what, hint = NOT_NOW[refused.code]
        return Problem(409, refused.code, what, where="visitor", hint=hint)
    return Problem(400, refused.code, "this text cannot be sent", where="text")


@delete("/visitors/{visitor:str}/invitation", status_code=204, summary="Take an invitation back", right="converse")
async def revoke(visitor: Visitor, me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> None:
    """What is open, by hand or of a rule; his next pulse takes it off the screen. Nothing when nothing is open."""
    known(visitor, me, desk)
    await desk.whole(desk.engine.revoke_invitation(me.site, visitor))


@put("/visitors/{visitor:str}/block", summary="Block a visitor", right="converse")
async def block(
    visitor: Visitor, data: JSONBody[BlockBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> BlockWords:
    """His conversation ends, nothing he sends is taken, nobody invites him. A second block replaces the first."""
    known(visitor, me, desk)
    found = await desk.whole(desk.engine.block(me.site, visitor, data.reason, me.id, data.hours))
    await desk.audit(me, "block", visitor, data.reason)
    return block_words(found, desk)


@delete("/visitors/{visitor:str}/block", status_code=204, summary="Lift a block", right="converse")
async def unblock(visitor: Visitor, me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> None:
    """Nothing when he was not blocked."""
    known(visitor, me, desk)
    await desk.whole(desk.engine.unblock(me.site, visitor))
    await desk.audit(me, "unblock", visitor)


@get("/blocks", summary="Blocked visitors", right="read")
async def blocks(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[BlockWords]:
    """The youngest first; those that have run out are not among them."""
    return [block_words(one, desk) for one in desk.engine.blocks(me.site)]


def known(visitor: str, me: Principal, desk: Desk) -> None:
    """Problem 404 for somebody of whom this site has never heard, 403 `role` for whoever only reads."""
    if desk.engine.visit(me.site, visitor) is None:
        raise Problem(404, "no_such_visitor", "nothing is known of this visitor", where="visitor")
    require_role(me)


def block_words(one: Block, desk: Desk) -> BlockWords:
    """The wire's form."""
    return BlockWords(
        visitor=one.visitor,
        label=visitor_label(one.visitor),
        reason=one.reason,
        by=AgentName(one.by, desk.directory.name(one.by)) if one.by else None,
        at=one.at,
        until=one.until,
    )


ROUTER = Router("/api/v1", route_handlers=[invite, revoke, block, unblock, blocks], tags=["Visitors"])
