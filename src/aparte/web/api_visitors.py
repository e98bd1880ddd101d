"""Visitors who are here, and one visitor's journey."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from aparte.web import views, words
from aparte.web.desk import Desk
from aparte.web.journey import Known, journey
from aparte.web.plain import Problem
from aparte.web.principal import Principal


@get("/visitors", summary="Visitors who are here", right="read")
async def visitors(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
) -> words.Visitors:
    """Those who need somebody first, at most `limit`; the sums are of all."""
    return views.visitors(me.site, limit, desk)


@get("/visitors/{visitor:str}", summary="A visitor's journey", right="read")
async def visitor_journey(
    visitor: Annotated[str, PathParameter(max_length=256)], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> words.Journey:
    """What he did, what is in his cart, why he was invited or not."""
    found = journey(known_of(me, visitor, desk))
    if found is None:
        raise Problem(404, "no_such_visitor", "nothing is known of this visitor", where="visitor")
    return found


def known_of(me: Principal, visitor: str, desk: Desk) -> Known:
    """Everything that the stores of one site know of a visitor."""
    site, staff = me.site, desk.directory.staff(me.id)
    return Known(
        visitor=visitor,
        currency=desk.directory.site(site).currency,
        language=staff.language if staff else "fr",
        state=desk.engine.visit(site, visitor),
        log=desk.store.log(site=site, visitor=visitor),
        decisions=desk.store.decisions_of(site, visitor),
        orders=desk.store.orders(site),
        conversations=desk.store.conversations_of(site, visitor),
        campaigns=desk.campaigns(site),
        name_of=desk.directory.name,
    )


ROUTER = Router("/api/v1", route_handlers=[visitors, visitor_journey], tags=["Visitors"])
