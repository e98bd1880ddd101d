"""How many agents each half-hour takes, and how many conversations to expect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from aparte.attribution.facts import Facts
from aparte.kit.errors import BadInput
from aparte.planning.chat import Talk
from aparte.planning.forecast import Forecast, forecast
from aparte.planning.half_hours import HalfHour, half_hours
from aparte.planning.past_arrivals import counted
from aparte.planning.shrinkage import read_share
from aparte.planning.staff_plan import StaffPlan, staff_plan
from aparte.planning.staffing import Calls, Talks, Targets, Work, concurrency_for
from aparte.planning.teams import TeamTerms
from aparte.reports.numbers import day_of, start_of
from aparte.reports.scope import Scope, read_scope
from aparte.sites.model import Site
from aparte.web.api_plan import refused, worked
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.words_plan import ArrivalsWords, StaffBody, TeamBody

MOST_HALF_HOURS = 2_100
"""Six weeks: what somebody looks at."""
TALKS = "SELECT opened_at AS at FROM conversation WHERE site = ? AND day BETWEEN ? AND ?"


@post("/plan/staff", status_code=200, summary="Work out the staffing", right="plan")
async def staff(data: JSONBody[StaffBody]) -> StaffPlan:
    """Agents by half-hour, from which team, and the cost. 400 says which input cannot be, and why."""
    return await worked(lambda: plan_of(data))


def plan_of(asked: StaffBody) -> StaffPlan:
    """The plan; BadInput."""
    targets = Targets(
        service_level=asked.service_level, threshold_seconds=asked.threshold_seconds, occupancy=asked.occupancy,
        abandoned=asked.abandoned, least_agents=asked.least_agents,
    )  # fmt: skip
    return staff_plan(rows_of(asked.arrivals), {"": work_of(asked)}, targets, [team_of(one) for one in asked.teams])


def rows_of(text: str) -> list[HalfHour]:
    """The half-hours; BadInput with the line that cannot be read, or when there are too many to look at."""
    found = half_hours(text, "arrivals", twice=True)
    if len(found) > MOST_HALF_HOURS:
        hint = f"at most {MOST_HALF_HOURS:,}; `aparte plan staff` takes more"
        raise BadInput(f"{len(found):,} half-hours are too many here", where="arrivals", hint=hint)
    return found


def work_of(asked: StaffBody) -> Work:
    """One at a time on the phone; in a chat as many as were said, or as the reply time allows."""
    if asked.channel == "phone":
        return Calls(aht_seconds=asked.aht_seconds, patience_seconds=asked.patience_seconds)
    talk = Talk(asked.agent_seconds, asked.customer_seconds, asked.turns)
    at_once = concurrency_for(talk, asked.reply_seconds) if asked.concurrency is None else asked.concurrency
    return Talks(talk=talk, concurrency=at_once, patience_seconds=asked.patience_seconds)


def team_of(told: TeamBody) -> TeamTerms:
    """A team as the plan takes it; its shares exact, as they were written."""
    return TeamTerms(
        name=told.name, wage_per_hour=told.wage_per_hour, agents=told.agents,
        share=None if told.share is None else read_share(told.share, "share", one_too=True),
        shrinkage=read_share(told.shrinkage, "shrinkage"),
    )  # fmt: skip


@get("/plan/arrivals", summary="Conversations to expect", right="plan")
async def arrivals(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> ArrivalsWords:
    """By weekday and half-hour, from the conversations of `from` to `to` (the last 28 days); whole days alone count."""
    site = desk.directory.site(me.site)
    asked = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    if desk.facts is None:
        raise Problem(503, "no_facts", "this server has no facts", hint="it was started without a folder")
    try:
        scope = read_scope(site.id, site.time_zone, desk.now(), asked)
    except BadInput as error:
        raise refused(error) from None
    facts = await desk.facts()
    found = await worked(lambda: to_come(facts, site, scope))
    return ArrivalsWords(scope.since, scope.until, found)


def to_come(facts: Facts, site: Site, scope: Scope) -> Forecast:
    """A week to come, all skills together; BadInput where the past is too short."""
    last = min(scope.until, day_of(scope.now, site.time_zone) - timedelta(days=1))
    found = [row["at"] for row in facts.ask(TALKS, [scope.site, scope.since, last]).dicts()]
    since, until = start_of(scope.since, site.time_zone), start_of(last + timedelta(days=1), site.time_zone)
    if not found:
        raise BadInput("there were no conversations", where="from", hint="choose days with conversations")
    [history] = counted((("", at, 1.0) for at in found), site.time_zone, since, until - 1)
    return forecast(history)


ROUTER = Router("/api/v1", route_handlers=(staff, arrivals), tags=["Plan"])
