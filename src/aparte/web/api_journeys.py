"""Journeys through the shop: funnels, drop-off, losses, ways out, abandoners against buyers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request, Router, get
from litestar.di import NamedDependency

from aparte.attribution.facts import Facts
from aparte.kit.errors import BadInput, Unavailable
from aparte.reports.journeys.abandoners import abandoners
from aparte.reports.journeys.asked import Asked
from aparte.reports.journeys.funnel import funnel
from aparte.reports.journeys.journey import journey
from aparte.reports.journeys.leaving import leaving
from aparte.reports.journeys.losses import losses
from aparte.reports.journeys.model import Abandoners, Funnel, Journey, Leaving, Losses, Ways
from aparte.reports.journeys.ways import ways
from aparte.reports.scope import Scope
from aparte.web.desk import Desk
from aparte.web.journey_report import fresh, pairs_of, read
from aparte.web.plain import Problem
from aparte.web.principal import Principal

T = TypeVar("T")


async def told(
    request: Request[Any, Any, Any], me: Principal, desk: Desk, part: Callable[[Facts, Scope, Asked], T]
) -> T:
    """A part of the report, made in a worker thread; Problem 400 names the member that cannot be read."""
    address: Any = request.scope
    try:
        scope, asked = read(desk.directory.site(me.site), desk.now(), pairs_of(address))
        facts = await fresh(desk)
        return await asyncio.to_thread(part, facts, scope, asked)
    except Unavailable as error:
        raise Problem(503, "unavailable", error.what, hint=error.hint, retry_after=5) from None
    except BadInput as error:
        raise Problem(400, "bad_input", error.what, where=error.where, hint=error.hint) from None


@get("/journeys", summary="How visitors get through the shop", right="read")
async def whole(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Journey:
    """All parts, of `from`, `to`, filters, and what the parts are asked for: docs/reference/journeys.md."""
    return await told(request, me, desk, journey)


@get("/journeys/funnel", summary="An ordered funnel", right="read")
async def of_steps(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Funnel:
    """`step1`, `path1`, `step2`, `within2`, ...; `unit` session or person."""
    return await told(request, me, desk, lambda facts, scope, asked: funnel(facts, scope, asked.steps, asked.unit))


@get("/journeys/leaving", summary="Drop-off by page, carts and checkouts given up", right="read")
async def of_pages(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Leaving:
    """`page` narrows the pages: `/cart*`."""
    return await told(request, me, desk, lambda facts, scope, asked: leaving(facts, scope, asked.page))


@get("/journeys/losses", summary="What goes wrong before visitors leave", right="read")
async def of_losses(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Losses:
    """404, empty searches, errors, fields of forms by their names."""
    return await told(request, me, desk, lambda facts, scope, asked: losses(facts, scope))


@get("/journeys/ways", summary="The last pages before leaving", right="read")
async def of_ways(request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Ways:
    """`who` cart, checkout or any; `last` from 1 to 5."""
    return await told(request, me, desk, lambda facts, scope, asked: ways(facts, scope, asked.who, asked.last))


@get("/journeys/abandoners", summary="Those who gave up a cart against those who bought", right="read")
async def of_abandoners(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Abandoners:
    """Differences with intervals, p adjusted over all rows; they describe, and name no cause."""
    return await told(request, me, desk, lambda facts, scope, asked: abandoners(facts, scope))


HANDLERS = (whole, of_steps, of_pages, of_losses, of_ways, of_abandoners)
ROUTER = Router("/api/v1", route_handlers=HANDLERS, tags=["Reports"])
