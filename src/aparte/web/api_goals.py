"""Goals with where they stand, contracts that pay by result, and their statements, which are only ever added."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from litestar import Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec.structs import asdict

from aparte.contracts.goals import Actual, Goal, checked_goal, judged
from aparte.contracts.measures import Measures
from aparte.contracts.statements import Stated, Statement, closed_windows, first_fault, next_statement
from aparte.contracts.store import (
    MOST_CONTRACTS,
    MOST_GOALS,
    DropGoal,
    IssueStatement,
    SaveContract,
    SaveGoal,
)
from aparte.contracts.terms import Contract, Due, checked_contract, due_windows
from aparte.contracts.windows import last_closed, window_of
from aparte.conversations.store import Refused
from aparte.kit.civil import local
from aparte.kit.errors import BadInput
from aparte.sites.model import Site
from aparte.web.desk import Desk
from aparte.web.plain import Problem
from aparte.web.principal import Principal
from aparte.web.words_goals import ContractBody, ContractWords, GoalBody, GoalWords, StatementBody, Statements

T = TypeVar("T")
REFUSALS = {
    "changed_meanwhile": ("somebody else was quicker", "read it again"),
    "already_stated": ("a window has been stated that this would change", "let it begin after the last statement"),
    "no_boundary": ("it would cut a window in two", "let it begin with one"),
    "currency": ("the currency of a contract stays", "make another contract"),
}


def bad(error: BadInput) -> Problem:
    """400, with its place."""
    return Problem(400, "bad_input", error.what, where=error.where, hint=error.hint)


def gone(what: str, where: str = "id") -> Problem:
    """404."""
    return Problem(404, "not_found", f"there is no such {what}", where=where)


def today_of(desk: Desk, site: Site) -> date:
    """The day at the site."""
    return local(desk.now(), site.time_zone).date()


async def written(desk: Desk, me: Principal, command: Any, verb: str, about: str) -> Any:
    """The result of a command, told in the audit log; Problem for a refusal."""
    result = (await desk.store.submit([command, desk.audited(me, verb, about)]))[0]
    if not isinstance(result, Refused):
        return result
    if result.code not in REFUSALS:
        raise gone("thing")
    what, hint = REFUSALS[result.code]
    raise Problem(409, result.code, what, hint=hint)


@get("/goals", summary="Goals, and where they stand", right="plan")
async def goals(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[GoalWords]:
    """In the last window that has ended and in the one that has begun; `unknown` where nothing is counted."""
    site, found = desk.directory.site(me.site), desk.store.goals(me.site)
    today = today_of(desk, site)
    return await asyncio.to_thread(lambda: [goal_words(one, site, today, desk.measures) for one in found])


def goal_words(goal: Goal, site: Site, today: date, measures: Measures | None) -> GoalWords:
    """A goal with where it stands."""

    def actual(period: Any) -> Actual | None:
        return None if measures is None else measures.actual(site, goal.kpi, goal.about, period)

    ended = last_closed(today, goal.window)
    standing, running = judged(goal, actual(ended)), judged(goal, actual(window_of(today, goal.window)))
    alarm = standing.alarm or running.alarm
    return GoalWords(goal=goal, period=ended, standing=standing, running=running, alarm=alarm)


@put("/goals", summary="Make or change a goal", right="plan")
async def save_goal(data: JSONBody[GoalBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> Goal:
    """400 says which member cannot be judged; 404 for an id that is not there."""
    known = desk.store.goals(me.site)
    if data.id is not None and all(one.id != data.id for one in known):
        raise gone("goal")
    if data.id is None and len(known) >= MOST_GOALS:
        raise Problem(409, "too_many", f"a site has {MOST_GOALS} goals at most", hint="take some out")
    told = asdict(data) | {"id": data.id or secrets.token_hex(8)}
    try:
        goal = checked_goal(Goal(**told, site=me.site, changed_at=desk.now(), changed_by=me.id))
    except BadInput as error:
        raise bad(error) from None
    saved: Goal = await written(desk, me, SaveGoal(goal), "goal", goal.id)
    return saved


@delete("/goals/{id:str}", status_code=204, summary="Erase a goal", right="plan")
async def drop_goal(id: FromPath[str], me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> None:
    """404 for one that is not there."""
    await written(desk, me, DropGoal(me.site, id), "drop_goal", id)


@get("/contracts", summary="Contracts that pay by result", right="plan", sync_to_thread=False)
def contracts(me: NamedDependency[Principal], desk: NamedDependency[Desk]) -> list[ContractWords]:
    """With all their versions."""
    by_id: dict[str, list[Contract]] = {}
    for one in desk.store.contracts(me.site):
        by_id.setdefault(one.id, []).append(one)
    return [contract_words(versions, desk.store.statements(me.site, id)) for id, versions in by_id.items()]


def contract_words(versions: list[Contract], statements: Sequence[Statement]) -> ContractWords:
    """A contract, and what its statements come to."""
    total = statements[-1].total if statements else 0
    return ContractWords(id=versions[0].id, versions=versions, statements=len(statements), total=total)


@post("/contracts", status_code=201, summary="Make a contract, or its next version", right="plan")
async def save_contract(
    data: JSONBody[ContractBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Contract:
    """409 `changed_meanwhile`, `already_stated`, `no_boundary`, `currency`: what was agreed and stated stays."""
    if data.id is not None:
        versions_of(me, data.id, desk)
    elif len({one.id for one in desk.store.contracts(me.site)}) >= MOST_CONTRACTS:
        raise Problem(409, "too_many", f"a site has {MOST_CONTRACTS} contracts at most")
    told = asdict(data) | {"id": data.id or secrets.token_hex(8), "version": data.version + 1 if data.id else 1}
    told["clauses"] = tuple(data.clauses)
    try:
        contract = checked_contract(Contract(**told, site=me.site, changed_at=desk.now(), changed_by=me.id))
    except BadInput as error:
        raise bad(error) from None
    saved: Contract = await written(desk, me, SaveContract(contract), "contract", contract.id)
    return saved


def versions_of(me: Principal, contract: str, desk: Desk) -> list[Contract]:
    """All versions of a contract of the site; Problem 404."""
    found = [one for one in desk.store.contracts(me.site) if one.id == contract]
    if not found:
        raise gone("contract", "contract")
    return found


@get("/statements", summary="The statements of a contract", right="plan")
async def statements(
    me: NamedDependency[Principal],
    desk: NamedDependency[Desk],
    contract: Annotated[str, QueryParameter(max_length=64)] = "",
) -> Statements:
    """All, checked again: each bound to the one before, and its amounts made anew of its sums."""
    versions = versions_of(me, contract, desk)
    issued = list(desk.store.statements(me.site, contract))
    return Statements(contract, issued, await asyncio.to_thread(first_fault, versions, issued))


@post("/statements", status_code=201, summary="Make the next statement", right="plan")
async def issue(
    data: JSONBody[StatementBody], me: NamedDependency[Principal], desk: NamedDependency[Desk]
) -> Statement:
    """What is owed for all windows that can be stated. 409 `nothing_due`, `changed_meanwhile`; 503 `not_counted`."""
    site, versions = desk.directory.site(me.site), versions_of(me, data.contract, desk)
    if desk.measures is None:
        raise Problem(503, "not_counted", "this server counts nothing that could be stated")
    last = next(reversed(desk.store.statements(me.site, data.contract)), None)
    today = today_of(desk, site)
    try:
        due = due_windows(versions, [one.period for one in closed_windows(last)], today)
        if not due:
            raise Problem(
                409, "nothing_due", "no window has ended that is not closed yet", hint="wait for the next one"
            )
        found = await asyncio.to_thread(counted, site, versions, due, desk.measures)
        made = next_statement(versions, last, found, at=desk.now(), by=me.id, today=today)
    except BadInput as error:
        raise bad(error) from None
    issued: Statement = await written(desk, me, IssueStatement(made), "statement", made.contract)
    return issued


def counted(site: Site, versions: Sequence[Contract], due: Sequence[Due], measures: Measures) -> list[Stated]:
    """What is found for these windows; BadInput."""
    terms = {one.version: one for one in versions}
    return [
        Stated(
            period=one.period,
            version=one.version,
            mature=one.mature,
            found=measures.found(site, terms[one.version], one.period),
        )
        for one in due
    ]


HANDLERS = (goals, save_goal, drop_goal, contracts, save_contract, statements, issue)
ROUTER = Router("/api/v1", route_handlers=HANDLERS, tags=["Goals"])
