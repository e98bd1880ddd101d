"""Goals, contracts and statements by HTTP: who plans makes them, another site sees nothing, nothing stated changes.

Mutants seen to fail here: contracts are read without their site; a body may bring figures of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from doors_world import World
from msgspec.structs import replace

from aparte.contracts.estimate import bought
from aparte.contracts.goals import Actual
from aparte.contracts.statements import Found
from aparte.contracts.terms import Contract
from aparte.contracts.windows import Period, last_closed, window_of
from aparte.sites.model import Site
from aparte.sites.store import SaveStaff

TODAY = datetime.now(UTC).date()
CSAT = Actual(0.85, 0.82, 0.88, 400)


class Counted:
    """A server that has counted the worked case in every window."""

    def __init__(self) -> None:
        self.orders, self.csat = 540, CSAT

    def actual(self, site: Site, kpi: str, about: str, period: Period) -> Actual | None:
        return self.csat if (kpi, about) == ("csat", "") else None

    def found(self, site: Site, contract: Contract, period: Period) -> Found:
        kpis = {"csat": self.csat}
        return Found(control=bought(1_000, 50), treated=bought(9_000, self.orders), kpis=kpis, attributed=180)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def world(worlds: Callable[..., World], counted: Counted) -> World:
    return worlds(measures=counted)


def leading(world: World, staff: str, site: str) -> httpx.Client:
    """Somebody who plans from now on."""
    one = next(one for one in world.call(lambda: world.store.staff(site)) if one.id == staff)

    async def promote() -> None:
        await world.store.submit([SaveStaff(replace(one, role="manager"))])

    world.do(promote())
    world.call(world.running.doors.desk.directory.forget)
    return world.console(f"{staff}@{site}.example")


@pytest.fixture
def lead(world: World) -> httpx.Client:
    return leading(world, "camille", "a")


def told(client: httpx.Client, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = client.request(verb, f"/api/v1{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def months_ago(n: int) -> date:
    """The first day of a month; a day more, so that no midnight comes in between."""
    day = window_of(TODAY - timedelta(days=1), "month").since
    for _ in range(n):
        day = last_closed(day, "month").since
    return day


GOAL = {"kpi": "csat", "name": "Happy", "target": 0.8, "floor": 0.7, "min_n": 100}


def terms(**more: Any) -> dict[str, Any]:
    known = {"name": "Pay for performance", "currency": "EUR", "first_day": months_ago(3).isoformat(),
             "clauses": [{"kpi": "csat", "target": 0.8}], "fee_rate": 1_000}  # fmt: skip
    return known | more


@pytest.mark.covers("S0-22", "S1-53")
def test_a_goal_says_who_agreed_on_it_who_owns_it_and_who_stands_behind_it(lead: httpx.Client) -> None:
    people = {"agreed_by": ["Marketing", "Sales", "Accounting"], "owner": "Camille", "sponsor": "The board"}
    told(lead, "PUT", "/goals", GOAL | people)
    [shown] = told(lead, "GET", "/goals")
    assert {name: shown["goal"][name] for name in people} == people


@pytest.mark.covers("S0-24", "S1-64", "S1-137")
def test_a_goal_says_where_it_stands_and_sounds_when_its_floor_is_broken(lead: httpx.Client, counted: Counted) -> None:
    goal = told(lead, "PUT", "/goals", GOAL)
    other = told(lead, "PUT", "/goals", GOAL | {"kpi": "roi", "definition": "margin less wages", "floor": None})
    [first, second] = told(lead, "GET", "/goals")
    assert (first["standing"]["state"], first["standing"]["floor"], first["alarm"]) == ("proven", "holds", False)
    assert second["standing"]["state"] == "unknown"
    counted.csat = Actual(0.6, 0.55, 0.65, 400)
    assert [one["alarm"] for one in told(lead, "GET", "/goals")] == [True, False]
    told(lead, "PUT", "/goals", GOAL | {"id": goal["id"], "target": 0.9})
    told(lead, "DELETE", f"/goals/{other['id']}", status=204)
    assert [one["goal"]["target"] for one in told(lead, "GET", "/goals")] == [0.9]


def test_what_cannot_be_judged_or_settled_is_refused_with_its_place(lead: httpx.Client) -> None:
    cases = [
        ("PUT", "/goals", GOAL | {"measure": "times"}, 400, "base"),
        ("PUT", "/goals", GOAL | {"id": "gone"}, 404, "id"),
        ("DELETE", "/goals/gone", None, 404, "id"), ("POST", "/contracts", terms(fee_rate=0), 400, "fee_rate"),
        ("POST", "/contracts", terms(first_day="2026-01-02"), 400, "first_day"),
        ("POST", "/contracts", terms(id="gone"), 404, "contract"),
        ("POST", "/statements", {"contract": "gone"}, 404, "contract"),
        ("GET", "/statements?contract=gone", None, 404, "contract"),
    ]  # fmt: skip
    for verb, path, body, status, where in cases:
        error = told(lead, verb, path, body, status)["error"]
        assert error["where"] == where, (path, error)
    forged = {"contract": "x", "found": {"treated": {"n": 9, "sum": 9}}}
    assert told(lead, "POST", "/statements", forged, 400)["error"]["code"] == "bad_input"


@pytest.mark.covers("S1-122", "S1-124")
def test_statements_follow_one_another_and_take_back_what_was_refunded(lead: httpx.Client, counted: Counted) -> None:
    contract = told(lead, "POST", "/contracts", terms(mature_days=300), 201)
    first = told(lead, "POST", "/statements", {"contract": contract["id"]}, 201)
    windows = len(first["lines"])
    assert windows >= 2
    assert (first["due"], first["lines"][0]["attributed"]) == (windows * 900_00, 1_800_00)
    counted.orders = 500
    second = told(lead, "POST", "/statements", {"contract": contract["id"]}, 201)
    assert second["due"] == windows * (500_00 - 900_00)
    found = told(lead, "GET", f"/statements?contract={contract['id']}")
    assert ([one["n"] for one in found["statements"]], found["fault"]) == ([1, 2], "")
    [shown] = told(lead, "GET", "/contracts")
    assert (shown["statements"], shown["total"]) == (2, second["total"])


def test_no_version_changes_what_was_stated_and_closed_windows_are_not_due_again(lead: httpx.Client) -> None:
    contract = told(lead, "POST", "/contracts", terms(horizon_days=0, mature_days=0), 201)
    id_ = contract["id"]
    told(lead, "POST", "/statements", {"contract": id_}, 201)
    again = told(lead, "POST", "/statements", {"contract": id_}, 409)
    assert again["error"]["code"] == "nothing_due"
    cases = [
        (terms(id=id_, version=1), "already_stated"), (terms(id=id_, version=0), "changed_meanwhile"),
        (terms(id=id_, version=1, currency="USD"), "currency"),
    ]  # fmt: skip
    for body, code in cases:
        assert told(lead, "POST", "/contracts", body, 409)["error"]["code"] == code
    later = (TODAY + timedelta(days=40)).replace(day=1).isoformat()
    assert told(lead, "POST", "/contracts", terms(id=id_, version=1, first_day=later), 201)["version"] == 2


def test_another_site_and_those_who_do_not_plan_see_and_change_nothing(world: World, lead: httpx.Client) -> None:
    goal, contract = told(lead, "PUT", "/goals", GOAL), told(lead, "POST", "/contracts", terms(), 201)
    other = leading(world, "bea", "b")
    assert (told(other, "GET", "/goals"), told(other, "GET", "/contracts")) == ([], [])
    told(other, "PUT", "/goals", GOAL | {"id": goal["id"]}, 404)
    told(other, "DELETE", f"/goals/{goal['id']}", status=404)
    told(other, "POST", "/contracts", terms(id=contract["id"], version=1), 404)
    told(other, "POST", "/statements", {"contract": contract["id"]}, 404)
    told(other, "GET", f"/statements?contract={contract['id']}", status=404)
    alex = world.console("alex@a.example")
    for path in ("/goals", "/contracts", "/statements?contract=x"):
        assert told(alex, "GET", path, status=403)["error"]["code"] == "role"
