"""What somebody does for his own safety: second factor, password, sessions; and which site he sits at."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import structs
from msgspec.structs import replace

from aparte.conversations.store import Refused
from aparte.sites import second_factor
from aparte.sites.model import Security, SignIn, Staff
from aparte.sites.store import DropSecurity, EndOneTimes, EndSignIns, SaveSecurity, SaveStaff, UseCode
from aparte.web import views
from aparte.web.api_session import change_self, staff_of
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.links import Links
from aparte.web.plain import Problem, address_of
from aparte.web.principal import Principal
from aparte.web.sign_in import Doorkeeper, judge_password
from aparte.web.words import Me
from aparte.web.words_staff import (
    SESSION_ID,
    CodeBody,
    ConfirmBody,
    Factor,
    MeBody,
    NewPasswordBody,
    PasswordBody,
    Proposed,
    Recovery,
    ResetBody,
    SessionWords,
    SiteChoice,
    session_words,
)

ISSUER = "Aparté"


def of(request: Request[Any, Any, Any]) -> str:
    """The address that asks."""
    return address_of(request.scope)  # type: ignore[arg-type]


# Name and language


@put("/me", summary="Change one's name or language", right="self")
async def change_me(
    data: JSONBody[MeBody], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> Me:
    """`name` is what visitors see. What is not told stays as it is."""
    told = {name: value.strip() for name, value in structs.asdict(data).items() if value is not None}
    if told.get("name") == "":
        raise Problem(400, "bad_input", "a name is no blank", where="name", hint="write the name that visitors see")
    return views.me(await change_self(me, desk, hub, **told), desk)


# The second factor


@get("/me/totp", summary="Whether there is a second factor", right="self", sync_to_thread=False)
def factor(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Factor:
    """And how many recovery codes are left."""
    known = desk.store.security(me.id)
    on = known is not None and known.confirmed
    return Factor(on, len(known.recovery) if known is not None and on else 0)


@post("/me/totp", status_code=200, summary="Propose a second factor", right="self")
async def propose(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Proposed:
    """A secret for an app (TOTP). It is asked for nowhere until it is confirmed. 409 `totp_on` when there is one."""
    staff, known = staff_of(me, desk), desk.store.security(me.id)
    if known is not None and known.confirmed:
        raise Problem(409, "totp_on", "there is a second factor already", hint="take it off first")
    secret = second_factor.new_secret()
    await desk.store.submit([SaveSecurity(Security(staff=me.id, secret=secret))])
    return Proposed(secret, second_factor.uri_of(secret, staff.email, ISSUER))


@post("/me/totp/confirm", status_code=200, summary="Confirm the second factor", right="self")
async def confirm_factor(
    data: JSONBody[CodeBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Recovery:
    """With a code of the app; ten recovery codes, shown this once. 400 `wrong_code`, 409 `totp_on`, `not_proposed`."""
    known = desk.store.security(me.id)
    if known is None or known.confirmed:
        code = "not_proposed" if known is None else "totp_on"
        raise Problem(409, code, "there is nothing to confirm", hint="POST /api/v1/me/totp first")
    step = second_factor.step_of(known.secret, data.code.replace(" ", ""), desk.now())
    if step is None:
        raise wrong_code()
    codes = second_factor.recovery_codes()
    hashes = tuple(map(second_factor.recovery_hash, codes))
    confirmed = SaveSecurity(replace(known, confirmed=True, recovery=hashes))
    results = await desk.store.submit([confirmed, UseCode(me.id, step), desk.audited(me, "totp_on", me.id)])
    if any(isinstance(one, Refused) for one in results):
        raise wrong_code()
    return Recovery(codes)


def wrong_code() -> Problem:
    """400."""
    return Problem(
        400, "wrong_code", "this is not the code of now", where="code", hint="is the telephone's clock right?"
    )


@delete("/me/totp", status_code=204, summary="Take the second factor off", right="self")
async def drop_factor(
    request: Request[Any, Any, Any],
    data: JSONBody[PasswordBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> None:
    """With the password: 403 `wrong_password`, 429 after ten failures."""
    await doorkeeper.known_password(staff_of(me, desk), data.password, of(request))
    await desk.store.submit([DropSecurity(me.id), desk.audited(me, "totp_off", me.id)])


# The password


@put("/me/password", status_code=204, summary="Change the password", right="self")
async def change_password(
    request: Request[Any, Any, Any],
    data: JSONBody[NewPasswordBody],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
) -> None:
    """All other sessions end. 403 `wrong_password`, 400 `weak_password`."""
    staff = staff_of(me, desk)
    await doorkeeper.known_password(staff, data.password, of(request))
    judge_password(data.new, staff.email)
    hashed = await doorkeeper.hashing.hashed(data.new)
    async with desk.staffing:
        changed = SaveStaff(replace(staff_of(me, desk), password_hash=hashed))
        told = desk.audited(me, "password", me.id)
        await desk.store.submit([changed, EndSignIns(me.id, me.session), EndOneTimes(me.id), told])
        desk.directory.forget()
    doorkeeper.ended(me.id, me.session)
    hub.check_authority()


@post("/session/reset", status_code=202, summary="Ask for a link to set a new password", right="open")
async def ask_reset(
    request: Request[Any, Any, Any], data: JSONBody[ResetBody], links: NamedDependency[Links]
) -> dict[str, str]:
    """By mail, good for 30 minutes. The answer is the same whether anybody has this e-mail; 429 after ten."""
    links.asked_for(data.email, of(request))
    return {}


@post("/session/reset/confirm", status_code=204, summary="Set the password by a one-time link", right="open")
async def confirm_reset(
    request: Request[Any, Any, Any],
    data: JSONBody[ConfirmBody],
    links: NamedDependency[Links],
    hub: NamedDependency[Hub],
) -> None:
    """Of a reset or an invitation; all sessions end, and nobody is signed in by it. 401 `wrong_token`, 429 `busy`."""
    await links.confirm(data.token, data.password, of(request))
    hub.check_authority()


# Sessions


@get("/me/sessions", summary="Where one is signed in", right="self", sync_to_thread=False)
def sessions(me: NamedDependency[Principal], doorkeeper: NamedDependency[Doorkeeper]) -> list[SessionWords]:
    """The one used last first; `current` is the one that asks."""
    return [session_words(one, me.session) for one in doorkeeper.sessions_of(me.id)]


@delete("/me/sessions/{session:str}", status_code=204, summary="End one of one's sessions", right="self")
async def end_session(
    session: FromPath[str],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
) -> None:
    """Its sockets close at once. 404 for one that is not his."""
    one = session_of(me.id, session, doorkeeper)
    try:
        await doorkeeper.end(one.token_hash, desk.audited(me, "end_session", me.id))
    finally:
        hub.check_authority()


def session_of(staff: str, session: str, doorkeeper: Doorkeeper) -> SignIn:
    """A session of somebody by its id; Problem 404."""
    of_staff = doorkeeper.sessions_of(staff)
    found = next((one for one in of_staff if one.token_hash[:SESSION_ID] == session), None)
    if found is None:
        raise Problem(404, "no_such_session", "there is no such session", where="session")
    return found


# Several sites


@put("/session/site", summary="Sit at the desk of another site", right="self")
async def choose_site(
    data: JSONBody[SiteChoice], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> Me:
    """One of those that he serves: 404 else. 409 `has_conversations` while he has open ones at the site he leaves."""
    async with desk.staffing:
        staff = staff_of(me, desk)
        if data.site not in staff.serves or all(one.id != data.site for one in desk.directory.sites()):
            raise Problem(404, "no_such_site", "you do not serve such a site", where="site")
        if data.site != staff.at:
            staff = await moved(me, staff, data.site, desk, hub)
    return views.me(staff, desk)


async def moved(me: Principal, staff: Staff, site: str, desk: Desk, hub: Hub) -> Staff:
    """He sits at the desk of this site from now on."""
    if any(one.agent == staff.id for one in desk.engine.open_conversations(staff.at)):
        raise Problem(409, "has_conversations", "you have open conversations here", hint="close them or hand them on")
    changed = replace(staff, desk=site)
    await desk.store.submit([SaveStaff(changed), desk.audited(me, "desk", staff.id, site)])
    desk.directory.forget()
    await desk.whole(desk.engine.staff_changed(changed))
    hub.moved(staff.id)
    return changed


ROUTER = Router(
    "/api/v1",
    route_handlers=[
        change_me, factor, propose, confirm_factor, drop_factor, change_password, ask_reset, confirm_reset, sessions,
        end_session, choose_site,
    ],
    tags=["Session"],
)  # fmt: skip
