"""What would another version have done? Asked of the stored log, beside the running server."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from aparte.targeting.campaign import CampaignError, Loader
from aparte.targeting.locate import Positions
from aparte.targeting.model import CampaignFile
from aparte.web.comparisons import Comparison, Comparisons
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.posted import posted_file, refused
from aparte.web.principal import Principal


class CompareBody(Struct, forbid_unknown_fields=True):
    """The version that is not published, and how many days of the log."""

    file: dict[str, Any]
    days: Annotated[float, Meta(gt=0, le=400)] = 14


class Begun(Struct):
    """How to ask for it."""

    id: str


@post(
    "/campaigns/replay",
    status_code=200,
    summary="Compare a version with the published one on the stored log",
    right="analyse",
)
async def begin(data: JSONBody[CompareBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Begun:
    """409 `busy` while a comparison of this site runs. Agents may not: it takes time of the machine."""
    file = posted_file(data.file)
    try:
        await asyncio.to_thread(Loader(file, "file", Positions("")).load)
    except CampaignError as error:
        raise refused(error) from None
    campaigns = desk.campaigns(me.site)
    published = campaigns.file if campaigns is not None else CampaignFile()
    return Begun(comparisons(desk).begin(me.site, published, file, data.days))


@get(
    "/campaigns/replay/{id:str}", summary="How far a comparison is, and its result", sync_to_thread=False, right="read"
)
def look(id: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Comparison:
    """The result is kept until 50 others are done, or the server stops."""
    return comparisons(desk).find(me.site, id)


@delete("/campaigns/replay/{id:str}", status_code=200, summary="Cancel a comparison, or forget it", right="analyse")
async def cancel(id: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> dict[str, Any]:
    """Its process is gone when this is answered."""
    comparisons(desk).find(me.site, id)
    await desk.whole(comparisons(desk).cancel(me.site, id))
    return {}


def comparisons(desk: Desk) -> Comparisons:
    """Of this server; Problem 503 where there is no data folder to read."""
    if desk.comparisons is None:
        raise Problem(503, "unavailable", "this server cannot compare versions")
    return desk.comparisons


ROUTER = Router("/api/v1", route_handlers=[begin, look, cancel], tags=["What if"])
