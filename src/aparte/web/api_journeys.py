"""Journeys through the shop: funnels, drop-off, losses, ways out, abandoners against buyers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath

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

Part: TypeAlias = Funnel | Leaving | Losses | Ways | Abandoners
PARTS: Mapping[str, Callable[[Facts, Scope, Asked], Part]] = {
    "funnel": lambda facts, scope, asked: funnel(facts, scope, asked.steps, asked.unit),
    "leaving": lambda facts, scope, asked: leaving(facts, scope, asked.page),
    "losses": lambda facts, scope, asked: losses(facts, scope),
    "ways": lambda facts, scope, asked: ways(facts, scope, asked.who, asked.last),
    "abandoners": lambda facts, scope, asked: abandoners(facts, scope),
}
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


@get("/journeys/{part:str}", summary="One part of it", right="read")
async def one_part(
    part: FromPath[str],
    request: Request[Any, Any, Any],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
) -> Part:
    """`funnel`, `leaving`, `losses`, `ways`, `abandoners`; 404 for another word."""
    if part not in PARTS:
        raise Problem(404, "not_found", "there is no such part", where="part", hint=f"one of {', '.join(PARTS)}")
    return await told(request, me, desk, PARTS[part])


ROUTER = Router("/api/v1", route_handlers=[whole, one_part], tags=["Reports"])
