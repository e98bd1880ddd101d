"""What agents promise a visitor: a call at a time, and coupons."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from litestar import Router, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from aparte.conversations import coupons
from aparte.conversations.store import Refused
from aparte.engine.promising import ClosedThen, Wish
from aparte.web import transcript
from aparte.web.api_products import Sent, admitted, sent
from aparte.web.desk import Desk
from aparte.web.plain import Problem, unknown_conversation
from aparte.web.principal import Principal
from aparte.web.words_coupons import CouponsBody, CouponWords, GiveBody, coupon_of, coupon_words
from aparte.web.words_desk import CallbackBody, RequestWords, request_words


@post("/conversations/{conv:str}/callback", status_code=200, summary="Promise a call", right="converse", person=True)
async def book(
    conv: FromPath[str], data: JSONBody[CallbackBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> RequestWords:
    """A request, and a line that tells the visitor when. 400 `bad_phone`, `past`, `closed_then` with `next`."""
    admitted(me, conv, desk)
    wished = Wish(cid=data.cid, phone=data.phone, at=data.at, note=data.note, name=data.name)
    supervises = me.may("supervise")
    work = desk.engine.book_callback(me.site, conv, me.id, data.assign_ver, wished, supervises=supervises)
    result = await desk.whole(work)
    if isinstance(result, Refused):
        raise problem_of(result, ZoneInfo(desk.directory.site(me.site).time_zone))
    return request_words(result, desk.directory.name)


def problem_of(refused: Refused, zone: ZoneInfo) -> Problem:
    """The answer that a refusal is; of a closed hour with the next opening."""
    if refused.code == "unknown":
        return unknown_conversation()
    if isinstance(refused, ClosedThen):
        return closed_then(refused.next, zone)
    if refused.code in WRONG:
        what, where, hint = WRONG[refused.code]
        return Problem(400, refused.code, what, where=where, hint=hint)
    what = "this cid was used for another call" if refused.code == "cid_conflict" else "this cannot be done now"
    return Problem(409, refused.code, transcript.REFUSALS.get(refused.code, what), where="conversation")


def closed_then(opening: int | None, zone: ZoneInfo) -> Problem:
    """Nobody works then. `next`: the next opening in ms since 1970, null when none is known."""
    local = opening and datetime.fromtimestamp(opening / 1000, UTC).astimezone(zone)
    hint = f"somebody works again from {local:%Y-%m-%d %H:%M} ({zone.key})" if local else "choose another day"
    return Problem(400, "closed_then", "nobody works at that time", where="at", hint=hint, beside={"next": opening})


WRONG = {
    "bad_phone": ("this is no telephone number", "phone", "6 to 15 digits, + before the country's"),
    "bad_time": ("this is no time within a year", "at", "milliseconds since 1970, or 2026-11-24T10:00"),
    "past": ("this time is over", "at", "choose a later one"),
    "bad_text": ("the text holds characters that are not taken", "note", "write it anew"),
    "too_long": ("the text is too long", "note", "4,000 characters at most; a name has 200"),
    "bad_cid": ("this is no number of a message", "cid", "1 to 64 letters, digits, - and _"),
}


@get("/coupons", summary="Coupons that agents may give", right="read")
async def coupons_of(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[CouponWords]:
    """In the site's order, with what became of their codes; those out of use last."""
    return [coupon_words(one) for one in desk.engine.coupons(me.site)]


@put("/coupons", summary="Change the coupons", right="library")
async def save_coupons(
    data: JSONBody[CouponsBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> list[CouponWords]:
    """The whole list; a coupon that is left out goes out of use, and its codes hold as they were promised."""
    currency = desk.directory.site(me.site).currency
    told = [coupon_of(one, currency) for one in data.coupons]
    if len({one.id for one in told}) != len(told):
        raise Problem(400, "bad_input", "two coupons have the same id", where="coupons", hint="give each its own")
    kept = coupons.saved(told, [one.coupon for one in desk.engine.coupons(me.site)])
    if len(kept) > coupons.MOST_COUPONS:
        what = f"{len(kept)} coupons with those out of use, {coupons.MOST_COUPONS} at most"
        raise Problem(400, "bad_input", what, where="coupons", hint="change one that is there")
    audit = desk.audited(me, "coupons", me.site, ", ".join(f"{one.id}: {one.budget}" for one in told))
    return [coupon_words(one) for one in await desk.whole(desk.engine.save_coupons(me.site, told, [audit]))]


@post("/conversations/{conv:str}/coupon", status_code=200, summary="Give a coupon", right="converse", person=True)
async def give(
    conv: FromPath[str], data: JSONBody[GiveBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Sent:
    """A code of this visitor alone. 409 `held_out`, `has_one`, `no_budget`, `no_coupon`; else as for cards."""
    admitted(me, conv, desk)
    code, told = coupons.code_of(secrets.randbits(80)), [desk.audited(me, "coupon", conv, data.coupon)]
    work = desk.engine.give_coupon(me.site, conv, me.id, data.assign_ver, data.cid, data.coupon, code, told)
    return await sent(work, desk)


ROUTER = Router("/api/v1", route_handlers=[book, coupons_of, save_coupons, give], tags=["Promises"])
