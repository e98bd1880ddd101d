"""Who leads looks after others: their sessions, one-time links, and when somebody leaves or comes back."""

from __future__ import annotations

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec.structs import replace

from aparte.sites.model import Staff
from aparte.sites.rights import rank_of
from aparte.sites.store import EndOneTimes, EndSignIns, SaveStaff
from aparte.web.api_me import session_of
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.links import Links
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.sign_in import Doorkeeper
from aparte.web.words_staff import Left, Link, SessionWords, session_words


def under(me: Principal, staff: str, desk: Desk) -> Staff:
    """A member of staff of this very site whom the caller may change; Problem 404, or 403 `role` for one above him.

    Who serves the site but belongs to another is changed there.
    """
    one = desk.directory.staff(staff)
    if one is None or one.site != me.site:
        raise Problem(404, "no_such_staff", "there is no such member of staff", where="staff")
    within_rank(me, one.role)
    return one


def within_rank(me: Principal, role: str) -> None:
    """Problem 403 `role`: nobody changes or makes somebody above himself."""
    if rank_of(role) > me.rank:
        raise Problem(403, "role", f"your role does not reach as far as {role}", where="role")


def not_the_last_admin(one: Staff, desk: Desk) -> None:
    """Problem 409 `last_admin` when nobody else could do what he can. Called with `desk.staffing` held."""
    of = (other for other in desk.directory.all_staff() if other.site == one.site and other.id != one.id)
    if one.role == "admin" and one.left_at is None and not any(o.role == "admin" and o.left_at is None for o in of):
        raise Problem(409, "last_admin", "he is the last administrator", hint="make somebody else an admin first")


@get("/staff/{staff:str}/sessions", summary="Where somebody is signed in", right="staff", sync_to_thread=False)
def sessions(
    staff: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> list[SessionWords]:
    """The one used last first."""
    one = under(me, staff, desk)
    return [session_words(session, me.session) for session in doorkeeper.sessions_of(one.id)]


@delete("/staff/{staff:str}/sessions", status_code=204, summary="End all sessions of somebody", right="staff")
async def end_sessions(
    staff: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
) -> None:
    """His sockets close at once."""
    one = under(me, staff, desk)
    await desk.store.submit([EndSignIns(one.id), desk.audited(me, "end_sessions", one.id)])
    doorkeeper.ended(one.id)
    hub.check_authority()


@delete("/staff/{staff:str}/sessions/{session:str}", status_code=204, summary="End a session", right="staff")
async def end_session(
    staff: FromPath[str],
    session: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
) -> None:
    """Its sockets close at once. 404 for one that is not his."""
    one = under(me, staff, desk)
    found = session_of(one.id, session, doorkeeper)
    try:
        await doorkeeper.end(found.token_hash, desk.audited(me, "end_session", one.id))
    finally:
        hub.check_authority()


@post("/staff/{staff:str}/link", status_code=200, summary="A one-time link to set a password", right="staff")
async def link(
    staff: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk], links: NamedDependency[Links]
) -> Link:
    """72 h for somebody who never had a password, 30 minutes for others; mailed to him too.

    Whoever has the link can be him: only for those below one's own rank, or by an admin. 409 `left`.
    """
    one = under(me, staff, desk)
    if me.rank < rank_of("admin") and rank_of(one.role) >= me.rank:
        raise Problem(403, "role", "a link for somebody of your own rank is an administrator's to make", where="staff")
    if one.left_at is not None:
        raise Problem(409, "left", "he has left", hint="take him back first")
    return Link(await links.mailed(me, one, "reset" if one.password_hash else "invite"))


@post("/staff/{staff:str}/leave", status_code=200, summary="Somebody leaves", right="staff")
async def leave(
    staff: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
) -> Left:
    """He cannot sign in any more, his sessions and sockets end, his conversations wait for others; what he wrote keeps
    his name. Tokens that he has made still open: they are named. 409 `last_admin`. Again changes nothing."""
    async with desk.staffing:
        one = under(me, staff, desk)
        not_the_last_admin(one, desk)
        had = sum(1 for conv in desk.engine.open_conversations(one.at) if conv.agent == one.id)
        if one.left_at is None:
            await keep(me, replace(one, left_at=desk.now()), "leave", desk, hub)
    doorkeeper.ended(one.id)
    hub.check_authority()
    return Left([token.name for token in desk.store.api_tokens() if token.made_by == one.id], had)


@post("/staff/{staff:str}/back", status_code=204, summary="Somebody comes back", right="staff")
async def back(
    staff: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> None:
    """With the password that he had."""
    async with desk.staffing:
        one = under(me, staff, desk)
        if one.left_at is not None:
            await keep(me, replace(one, left_at=None), "back", desk, hub)


async def keep(me: Principal, one: Staff, verb: str, desk: Desk, hub: Hub) -> None:
    """Write that somebody leaves or comes back; his sessions and links end either way."""
    told = desk.audited(me, verb, one.id)
    await desk.store.submit([SaveStaff(one), EndSignIns(one.id), EndOneTimes(one.id), told])
    desk.directory.forget()
    await desk.whole(desk.engine.staff_changed(one))
    hub.staff_changed(one.id)


ROUTER = Router("/api/v1", route_handlers=[sessions, end_sessions, end_session, link, leave, back], tags=["Desk"])
