"""Signing in and out, the first member of staff, and what somebody sets for himself."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Request, Router, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.response import Response
from msgspec import Meta, Struct
from msgspec.structs import replace

from aparte.routing.model import Reason
from aparte.sites.model import Staff
from aparte.sites.store import SaveStaff
from aparte.web import views
from aparte.web.desk import Desk
from aparte.web.hub import Hub
from aparte.web.plain import Problem, address_of
from aparte.web.principal import Principal
from aparte.web.sign_in import ABSOLUTE_MS, Doorkeeper
from aparte.web.words import Me

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Email = Annotated[str, Meta(min_length=3, max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")]


class SignInBody(Struct, forbid_unknown_fields=True):
    """E-mail and password, or `demo`."""

    email: Annotated[str, Meta(max_length=254)] = ""
    password: Annotated[str, Meta(max_length=4096)] = ""
    code: Annotated[str, Meta(max_length=64)] = ""
    """Of the second factor, or a recovery code."""
    demo: bool = False


class SetupBody(Struct, forbid_unknown_fields=True):
    """The first member of staff."""

    token: Annotated[str, Meta(max_length=200)]
    email: Email
    name: Line
    password: Annotated[str, Meta(max_length=4096)]


class StatusBody(Struct, forbid_unknown_fields=True):
    """Whether conversations may come, and why not."""

    status: Literal["available", "away"]
    reason: Literal["break", "lunch", "meeting", "training", "wrap_up", "other", ""] = ""


class LanguageBody(Struct, forbid_unknown_fields=True):
    """The console's language."""

    language: Literal["fr", "en"]


def secure(request: Request[Any, Any, Any], desk: Desk) -> bool:
    """Whether cookies are for https only."""
    return request.scope["scheme"] == "https" if desk.secure is None else desk.secure


def cookie_name(request: Request[Any, Any, Any], desk: Desk) -> str:
    """`__Host-aparte`, plain `aparte` on http."""
    return "__Host-aparte" if secure(request, desk) else "aparte"


def session_cookie(request: Request[Any, Any, Any], desk: Desk, token: str, max_age: int) -> Cookie:
    """The cookie of a session; no script reads it, no other site sends it."""
    return Cookie(
        key=cookie_name(request, desk),
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure(request, desk),
        max_age=max_age,
    )


async def signed_in(request: Request[Any, Any, Any], staff: Staff, desk: Desk, doorkeeper: Doorkeeper) -> Response[Me]:
    """Begin a session; the browser's session of before ends."""
    before = request.cookies.get(cookie_name(request, desk), "")
    token = await doorkeeper.begin(staff, before, request.headers.get("user-agent", ""))
    cookie = session_cookie(request, desk, token, ABSOLUTE_MS // 1000)
    return Response(views.me(staff, desk), status_code=200, cookies=[cookie])


@post("/session", status_code=200, summary="Sign in", right="open")
async def sign_in(
    request: Request[Any, Any, Any],
    data: JSONBody[SignInBody],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> Response[Me]:
    """With e-mail and password, or with one click in the demo. 401 `wrong_credentials`, or `totp_needed`.

    429 after ten failures.
    """
    if data.demo:
        staff = doorkeeper.demo_staff()
    else:
        address = address_of(request.scope)  # type: ignore[arg-type]
        staff = await doorkeeper.password(data.email, data.password, address, data.code)
    return await signed_in(request, staff, desk, doorkeeper)


@get("/session", summary="Who is signed in", right="self")
async def session(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Me:
    """`Me`; 401 with `demo` and `setup` beside the error."""
    return views.me(staff_of(me, desk), desk)


@delete("/session", status_code=204, summary="Sign out", right="self")
async def sign_out(
    request: Request[Any, Any, Any],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
    hub: NamedDependency[Hub],
) -> Response[None]:
    """The session ends; its sockets close."""
    try:
        await doorkeeper.end(me.session, desk.audited(me, "sign_out", me.id))
    finally:
        hub.check_authority()
    return Response(None, status_code=204, cookies=[session_cookie(request, desk, "", 0)])


@post("/setup", status_code=200, summary="Make the first member of staff", right="open")
async def set_up(
    request: Request[Any, Any, Any],
    data: JSONBody[SetupBody],
    desk: NamedDependency[Desk],
    doorkeeper: NamedDependency[Doorkeeper],
) -> Response[Me]:
    """With the token of the one-time link; 404 once done."""
    address = address_of(request.scope)  # type: ignore[arg-type]
    staff = await doorkeeper.set_up(data.token, data.email, data.name, data.password, address)
    return await signed_in(request, staff, desk, doorkeeper)


@put("/me/status", summary="Be available, or away", right="converse", person=True)
async def set_status(
    data: JSONBody[StatusBody], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> Me:
    """Away: no new conversations come."""
    reason: Reason = data.reason if data.status == "away" else ""
    await desk.whole(desk.engine.set_status(me.id, data.status, reason))
    hub.staff_changed(me.id)
    return views.me(staff_of(me, desk), desk)


@put("/me/language", summary="Choose the console's language", right="self")
async def set_language(
    data: JSONBody[LanguageBody], me: NamedDependency[Principal], desk: NamedDependency[Desk], hub: NamedDependency[Hub]
) -> Me:
    """French or English."""
    return views.me(await change_self(me, desk, hub, language=data.language), desk)


async def change_self(me: Principal, desk: Desk, hub: Hub, **members: Any) -> Staff:
    """Somebody with other members that are his to set; a row of the audit log when visitors see it: name, picture."""
    async with desk.staffing:
        before = staff_of(me, desk)
        after = replace(before, **members)
        if after != before:
            seen = ", ".join(name for name in ("name", "picture") if getattr(before, name) != getattr(after, name))
            told = [desk.audited(me, "change_staff", me.id, seen)] if seen else []
            await desk.store.submit([SaveStaff(after), *told])
            desk.directory.forget()
            if before.name != after.name:
                await desk.whole(desk.engine.staff_changed(after))
            hub.staff_changed(me.id)
    return after


def staff_of(me: Principal, desk: Desk) -> Staff:
    """The member of staff who is signed in."""
    staff = desk.directory.staff(me.id)
    if staff is None:
        raise Problem(401, "signed_out", "you are not signed in any more")
    return staff


ROUTER = Router(
    "/api/v1", route_handlers=[sign_in, session, sign_out, set_up, set_status, set_language], tags=["Session"]
)
