"""Products that an agent looks for and shows, and pages of the shop that he proposes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Annotated, Any

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter
from msgspec import Struct

from aparte.catalogue import find
from aparte.catalogue.model import Product
from aparte.conversations import cards
from aparte.conversations.store import Appended, Refused
from aparte.web import transcript
from aparte.web.desk import Desk
from aparte.web.plain import Problem, unknown_conversation
from aparte.web.principal import Principal
from aparte.web.words_care import CardBody, PageBody


class Products(Struct, frozen=True):
    """As a card would show them now."""

    products: list[cards.Shown]


class Related(Struct, frozen=True):
    """What may be bought in its place, and what goes with it."""

    substitutes: list[cards.Shown]
    complements: list[cards.Shown]


class Sent(Struct, frozen=True):
    """The line as it stands; `again` when it was there before."""

    seq: int
    id: str
    ts: int
    kind: str
    body: str
    cid: str
    again: bool


@get("/products", summary="Look for products", right="read")
async def products(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    q: Annotated[str, QueryParameter(max_length=200)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=find.MOST)] = 20,
) -> Products:
    """Those that are sold and have all words in id, name or category, the best first."""
    catalogue = desk.engine.catalogue(me.site)
    found = await asyncio.to_thread(find.search, list(catalogue.values()), q, limit)
    return Products(as_shown(found, me, desk))


@get("/products/{product:str}/related", summary="What goes with a product", right="read")
async def related(
    product: Annotated[str, PathParameter(max_length=256)], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Related:
    """Also of a product that is no longer sold; 404 `no_such_product`."""
    catalogue = desk.engine.catalogue(me.site)
    known = catalogue.get(product)
    if known is None:
        raise Problem(404, "no_such_product", "the catalogue has no such product", where="product")
    near = await asyncio.to_thread(find.substitutes, known, catalogue)
    return Related(as_shown(near, me, desk), as_shown(find.complements(known, catalogue), me, desk))


def as_shown(found: list[Product], me: Principal, desk: Desk) -> list[cards.Shown]:
    """As a card would show them."""
    site = desk.directory.site(me.site)
    return [cards.shown(one, site.currency, site.origins) for one in found]


@post("/conversations/{conv:str}/cards", status_code=200, summary="Show products", right="converse", person=True)
async def send_card(
    conv: FromPath[str], data: JSONBody[CardBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Sent:
    """A copy of what the catalogue says now. 409 `gone`, `closed`, `not_assigned`, `cid_conflict`; 429 `rate`."""
    admitted(me, conv, desk)
    work = desk.engine.send_card(me.site, conv, me.id, data.cid, data.products, data.assign_ver)
    return await sent(work, desk)


@post("/conversations/{conv:str}/page", status_code=200, summary="Propose a page", right="converse", person=True)
async def send_page(
    conv: FromPath[str], data: JSONBody[PageBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Sent:
    """A page of the shop itself: 400 `foreign_page` for any other. 409 as above."""
    admitted(me, conv, desk)
    work = desk.engine.send_page(me.site, conv, me.id, data.cid, data.url, data.title, data.assign_ver)
    return await sent(work, desk)


def admitted(me: Principal, conv: str, desk: Desk) -> None:
    """He may write there, and not too fast; Problem 403, 404, 429."""
    transcript.changeable(me, conv, desk)
    wait = desk.messages.take(f"agent:{me.id}", time.monotonic())
    if wait:
        raise Problem(429, "rate", "too much at once", retry_after=wait)


async def sent(work: Coroutine[Any, Any, Appended | Refused], desk: Desk) -> Sent:
    """The line, or the Problem that a refusal is."""
    result = await desk.whole(work)
    if isinstance(result, Appended):
        one = result.entry
        return Sent(one.seq, one.id, one.ts, one.kind, one.body, one.cid, result.again)
    if result.code == "unknown":
        raise unknown_conversation()
    status, what = REFUSED.get(result.code, (409, transcript.REFUSALS.get(result.code, "this cannot be sent now")))
    raise Problem(status, result.code, what)


REFUSED = {
    "foreign_page": (400, "this is no page of the shop"),
    "empty": (400, "there is no product to show"),
    "too_many_products": (400, "a card shows four products at most"),
    "gone": (409, "a product is no longer sold"),
    "held_out": (409, "he is held out: he gets no coupon, so that what coupons do can be measured"),
    "has_one": (409, "he has a code of this coupon that still holds"),
    "no_budget": (409, "all codes of this coupon are given"),
    "no_coupon": (409, "the site has no such coupon, or gives it no more"),
    "cid_conflict": (409, "something else was sent with this cid"),
}

ROUTER = Router("/api/v1", route_handlers=[products, related, send_card, send_page], tags=["Products"])
