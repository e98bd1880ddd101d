"""The business case, the chat queue, the staffing and the pilot: each answered at once, nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from aparte.kit.errors import BadInput
from aparte.planning.catalogue import known_inputs
from aparte.planning.channels import channels
from aparte.planning.chat import Talk, chat, level
from aparte.planning.contradictions import contradictions
from aparte.planning.futures import futures
from aparte.planning.phases import Economy, phases
from aparte.planning.pilot import Pilot, pilot
from aparte.planning.roi import business_case
from aparte.planning.scenario import Scenario, as_data, scenario_of
from aparte.planning.strategy import strategy
from aparte.planning.tornado import tornado
from aparte.reports.kpis.asked import Asked
from aparte.reports.kpis.model import Beside
from aparte.reports.kpis.working import paid_hours
from aparte.reports.planned import Measured, measured
from aparte.reports.scope import Scope, read_scope
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.words_plan import (
    ChatBody,
    ChatWords,
    Document,
    InputWords,
    LevelWords,
    MeasuredWords,
    PilotBody,
    PilotWords,
    RoiBody,
    RoiWords,
)

T = TypeVar("T")
PLACE = "scenario"
PILOT = (
    "base_rate", "lift", "uptake", "holdout", "power", "alpha", "per_day", "conversations_per_day", "days", "visitors",
    "answer_share",
)  # fmt: skip
"""Members of the body that are arguments of `pilot`, by the same names."""


def refused(error: BadInput) -> Problem:
    """400; its place is the path of the input, as the body has it."""
    where = error.where.removeprefix(f"{PLACE}: ")
    return Problem(400, "bad_input", error.what, where=where, hint=error.hint)


async def worked(work: Callable[[], T]) -> T:
    """What a worker thread works out; Problem 400 for what cannot be."""
    try:
        return await asyncio.to_thread(work)
    except BadInput as error:
        raise refused(error) from None


def read_document(document: Document) -> Scenario:
    """The scenario; BadInput names the input."""
    return scenario_of(document, PLACE)


@get("/plan/inputs", summary="Every input of a business case", right="plan", sync_to_thread=False)
def all_inputs() -> list[InputWords]:
    """Paths, units and limits."""
    return [
        InputWords(path=one.path, counted=one.unit.counted, least=one.unit.least, most=one.unit.most, needed=one.needed)
        for one in known_inputs()
    ]


@post("/plan/roi", status_code=200, summary="Work out a business case", right="plan")
async def roi(data: JSONBody[RoiBody]) -> RoiWords:
    """Case, futures, tornado, contradictions, channels and strategy. 400 says which input cannot be, and why."""
    return await worked(lambda: answer(read_document(data.scenario), data.seed, data.draws))


def answer(scenario: Scenario, seed: int, draws: int) -> RoiWords:
    """All of it."""
    return RoiWords(
        scenario=as_data(scenario),
        case=business_case(scenario),
        futures=futures(scenario, seed, draws),
        tornado=tornado(scenario),
        contradictions=contradictions(scenario),
        channels=channels(scenario),
        strategy=strategy(scenario),
    )


@post("/plan/chat", status_code=200, summary="Work out a chat queue", right="plan")
async def chat_queue(data: JSONBody[ChatBody]) -> ChatWords:
    """Waiting, leaving and replies of so many agents. 400 says which input cannot be, and why."""
    return await worked(lambda: queue_of(data))


def queue_of(asked: ChatBody) -> ChatWords:
    """The queue, and each concurrency."""
    talk = Talk(asked.agent_seconds, asked.customer_seconds, asked.turns)
    found = chat(
        asked.agents, asked.concurrency, asked.chats_per_hour, talk, asked.patience_seconds, asked.threshold_seconds
    )
    return ChatWords(found, [LevelWords(k, level(talk, k)) for k in range(1, asked.concurrency + 1)])


@post("/plan/pilot", status_code=200, summary="Plan a pilot", right="plan")
async def plan_pilot(data: JSONBody[PilotBody]) -> PilotWords:
    """Visitors of each arm, days, the smallest effect; and phases. 400 says which input cannot be, and why."""
    return await worked(lambda: pilot_of(data))


def pilot_of(asked: PilotBody) -> PilotWords:
    """The pilot, and its phases where enough is told."""
    found = pilot(**{name: getattr(asked, name) for name in PILOT})
    return PilotWords(found, phases_of(asked, found))


def phases_of(asked: PilotBody, found: Pilot) -> Any:
    """The phases; None without agents, what each takes, and traffic."""
    if asked.agents is None or asked.conversations_per_agent_day is None or asked.per_day is None:
        return None
    economy = Economy(
        margin_per_order=asked.margin_per_order, agent_day_cost=asked.agent_day_cost,
        fixed_cost_per_day=asked.fixed_cost_per_day,
    )  # fmt: skip
    return phases(found, asked.agents, asked.conversations_per_agent_day, asked.per_day, economy=economy)


@get("/plan/measured", summary="The inputs that were measured", right="plan")
async def measured_inputs(
    request: Request[Any, Any, Any], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> MeasuredWords:
    """In `from` to `to`, both included (the last 28 days), of `campaign` and the filters of reports."""
    scope, found = await counted(request, me, desk)
    site = desk.directory.site(me.site)
    return MeasuredWords(since=scope.since, until=scope.until, currency=site.currency, inputs=found)


async def counted(request: Request[Any, Any, Any], me: Principal, desk: Desk) -> tuple[Scope, list[Measured]]:
    """The scope that an address asks for, and what was measured in it; Problem 400, 503."""
    site = desk.directory.site(me.site)
    asked = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    if desk.facts is None or desk.compared is None:
        raise Problem(503, "no_facts", "this server has no facts", hint="it was started without a folder")
    try:
        scope = read_scope(site.id, site.time_zone, desk.now(), asked)
    except BadInput as error:
        raise refused(error) from None
    facts, compared = await desk.facts(), desk.compared

    def found() -> list[Measured]:
        beside = Beside(hours=paid_hours(desk.store, site, scope))
        return measured(Asked(facts, scope, site, beside), compared(facts, site, scope))

    return scope, await asyncio.to_thread(found)


HANDLERS = (all_inputs, roi, chat_queue, plan_pilot, measured_inputs)
ROUTER = Router("/api/v1", route_handlers=HANDLERS, tags=["Plan"])
