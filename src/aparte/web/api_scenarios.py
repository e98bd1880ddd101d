"""Saved scenarios: kept version by version, and held against what was measured since."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated, Any

from litestar import Request, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from aparte.contracts.scenarios import (
    MOST_SCENARIOS,
    MOST_VERSIONS,
    Retirement,
    RetireScenario,
    SavedScenario,
    SaveScenario,
    checked_scenario,
)
from aparte.conversations.store import Refused
from aparte.kit.errors import BadInput
from aparte.planning.futures import futures
from aparte.planning.measured import with_measured
from aparte.planning.roi import business_case
from aparte.planning.scenario import Scenario, as_data, read_scenario, write_scenario
from aparte.reports.planned import KEY, Measured, rows, triples
from aparte.reports.scope import Scope
from aparte.web.api_plan import counted, read_document, refused, worked
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.words_plan import ComparedWords, Gain, ScenarioBody, ScenarioWords, VersionWords

Number = Annotated[int, QueryParameter(name="version", ge=0, le=10**6)]
REFUSALS = {
    "changed_meanwhile": ("somebody else has saved it meanwhile", "read it again"),
    "retired": ("it has been taken off the list", "save it as a new one"),
}


def told(desk: Desk, one: SavedScenario) -> VersionWords:
    """A version, without its document."""
    author = desk.directory.staff(one.author)
    return VersionWords(
        id=one.id, version=one.version, name=one.name, note=one.note, author=one.author, at=one.at,
        author_name=author.name if author is not None else "",
    )  # fmt: skip


async def written(desk: Desk, me: Principal, command: Any, verb: str, about: str) -> Any:
    """The result of a command, told in the audit log; Problem 404, 409."""
    result = (await desk.store.submit([command, desk.audited(me, verb, about)]))[0]
    if not isinstance(result, Refused):
        return result
    if result.code not in REFUSALS:
        raise gone()
    what, hint = REFUSALS[result.code]
    raise Problem(409, result.code, what, hint=hint)


def gone(where: str = "id") -> Problem:
    """404."""
    return Problem(404, "not_found", "there is no such scenario", where=where)


@get("/plan/scenarios", summary="Saved scenarios", right="plan", sync_to_thread=False)
def scenarios(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[VersionWords]:
    """The last version of each that was not taken off the list, by name."""
    return [told(desk, one) for one in desk.store.scenarios(me.site)]


@post("/plan/scenarios", status_code=201, summary="Save a scenario, or its next version", right="plan")
async def save_scenario(
    data: JSONBody[ScenarioBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> ScenarioWords:
    """400 says which input cannot be; 404 for an unknown id; 409 `changed_meanwhile`, `retired`, `too_many`."""
    known = room(desk, me, data)
    scenario = await worked(lambda: read_document(data.scenario))
    one = SavedScenario(
        id=data.id or secrets.token_hex(8), site=me.site, version=data.version + 1 if known else 1, name=scenario.name,
        body=write_scenario(scenario), note=data.note, author=me.id, at=desk.now(),
    )  # fmt: skip
    try:
        checked_scenario(one)
    except BadInput as error:
        raise refused(error) from None
    saved: SavedScenario = await written(desk, me, SaveScenario(one), "scenario", one.id)
    return whole(desk, [*known, saved], saved)


def room(desk: Desk, me: Principal, data: ScenarioBody) -> list[SavedScenario]:
    """The versions that there are; Problem 404, 409 when there are too many."""
    if data.id is None:
        if len(desk.store.scenarios(me.site)) >= MOST_SCENARIOS:
            raise Problem(409, "too_many", f"a site has {MOST_SCENARIOS} scenarios at most", hint="take some off")
        return []
    known = versions_of(desk, me, data.id)
    if len(known) >= MOST_VERSIONS:
        raise Problem(409, "too_many", f"a scenario has {MOST_VERSIONS} versions at most", hint="save it as a new one")
    return known


def versions_of(desk: Desk, me: Principal, id: str) -> list[SavedScenario]:
    """All versions of a scenario of the site; Problem 404."""
    found = list(desk.store.scenario(me.site, id))
    if not found:
        raise gone()
    return found


def one_of(versions: Sequence[SavedScenario], number: int) -> SavedScenario:
    """The version of this number; 0: the last one. Problem 404."""
    if not number:
        return versions[-1]
    found = next((one for one in versions if one.version == number), None)
    if found is None:
        raise gone("version")
    return found


def document(one: SavedScenario) -> Scenario:
    """What was saved; Problem 409 when this version of Aparté refuses what an earlier one took."""
    try:
        return read_scenario(one.body, "scenario")
    except BadInput as error:
        raise Problem(409, "unreadable", error.what, where=error.where, hint=error.hint) from None


def whole(desk: Desk, versions: Sequence[SavedScenario], one: SavedScenario) -> ScenarioWords:
    """A version with its document."""
    return ScenarioWords(
        saved=told(desk, one), scenario=as_data(document(one)), versions=[told(desk, each) for each in versions],
        retired=desk.store.retirement(one.site, one.id),
    )  # fmt: skip


@get("/plan/scenarios/{id:str}", summary="A saved scenario", right="plan", sync_to_thread=False)
def scenario(
    id: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk], version: Number = 0
) -> ScenarioWords:
    """The last version, or the one asked for; with all versions. One that is off the list can still be read."""
    versions = versions_of(desk, me, id)
    return whole(desk, versions, one_of(versions, version))


@delete("/plan/scenarios/{id:str}", status_code=204, summary="Take a scenario off the list", right="plan")
async def retire(id: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> None:
    """Its versions stay. 404 for one that is not there, 409 `retired` the second time."""
    one = Retirement(id, me.site, me.id, desk.now())
    await written(desk, me, RetireScenario(one), "drop_scenario", id)


@get("/plan/scenarios/{id:str}/compare", summary="A plan against what was measured", right="plan")
async def compare(
    id: FromPath[str],
    request: Request[Any, Any, Any],
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    version: Number = 0,
) -> ComparedWords:
    """Each input with its band beside the measured figure with its interval, and the net gain anew.

    `from` and `to` (the last 28 days), `campaign` and the filters of reports. 503 while facts cannot be asked.
    """
    one = one_of(versions_of(desk, me, id), version)
    plan = document(one)
    scope, found = await counted(request, me, desk)
    site = desk.directory.site(me.site)
    return await worked(lambda: held_against(told(desk, one), plan, scope, site.currency, found))


def held_against(
    saved: VersionWords, plan: Scenario, scope: Scope, currency: str, found: list[Measured]
) -> ComparedWords:
    """The plan beside what was measured."""
    known = {path: one for path, one in triples(found).items() if path in KEY}
    gain, why = anew(plan, known, currency)
    return ComparedWords(
        saved=saved, since=scope.since, until=scope.until, currency=currency, rows=rows(plan, found),
        planned=gain_of(plan), measured=gain, why=why,
    )  # fmt: skip


def anew(plan: Scenario, known: dict[str, Any], currency: str) -> tuple[Gain | None, str]:
    """The gain with what was measured in its place, or why there is none."""
    if not known:
        return None, "nothing_measured"
    if plan.currency != currency:
        return None, "currency"
    try:
        return gain_of(with_measured(plan, known)), ""
    except BadInput as error:
        return None, f"{error.where}: {error.what}"


def gain_of(plan: Scenario) -> Gain:
    """The net gain a year, and where it falls eight times in ten."""
    drawn = futures(plan)
    return Gain(business_case(plan).year.net_gain, drawn.low, drawn.high)


HANDLERS = (scenarios, save_scenario, scenario, retire, compare)
ROUTER = Router("/api/v1", route_handlers=HANDLERS, tags=["Plan"])
