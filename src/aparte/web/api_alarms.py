"""Alarms: what the hourly watch has found wrong at the site, and who has seen it."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from aparte.contracts.alarm_store import SeeAlarm
from aparte.contracts.alarms import Alarm
from aparte.conversations.store import Refused
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal

MOST = 200


@get("/alarms", summary="What has gone wrong", right="supervise", sync_to_thread=False)
def alarms(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    open_only: Annotated[bool, QueryParameter(name="open")] = False,
) -> list[Alarm]:
    """Open ones first, then those that are over, the youngest first; `open=true`: only those that are open."""
    return list(desk.store.alarms(me.site, open_only=open_only, limit=MOST))


@post("/alarms/{id:str}/seen", status_code=200, summary="An alarm was seen", right="supervise")
async def seen(id: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Alarm:
    """It stays open until it is well again; who saw it first stays. 404 for one that is not there."""
    audit = desk.audited(me, "see_alarm", id)
    result = (await desk.store.submit([SeeAlarm(me.site, id, desk.now(), me.id), audit]))[0]
    if isinstance(result, Refused):
        raise Problem(404, "not_found", "there is no such alarm", where="id")
    alarm: Alarm = result
    return alarm


ROUTER = Router("/api/v1", route_handlers=(alarms, seen), tags=["Goals"])
