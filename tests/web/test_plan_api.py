"""The business case, the staffing and the pilot by HTTP: worked out at once, refused with their place, for who plans.

Mutants seen to fail here: the place of an input is the file's and not the path's; draws without an end.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from doors_world import World
from msgspec.structs import replace

from aparte.sites.store import SaveStaff

CASE = tomllib.loads((Path(__file__).parents[2] / "examples/business-case.toml").read_text("utf-8"))
CHAT = {"agents": 10, "concurrency": 3, "chats_per_hour": 90, "agent_seconds": 20, "customer_seconds": 40, "turns": 8,
        "patience_seconds": 180}  # fmt: skip
PILOT = {"base_rate": 0.02, "lift": 0.1, "uptake": 0.2, "holdout": 0.5, "per_day": 4000}
DAY = "start,arrivals\n09:00,40\n09:30,0\n10:00,55\n"
STAFF = {"arrivals": DAY, "teams": [{"name": "own", "wage_per_hour": 22, "shrinkage": 0.3}]}


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
    answer = client.request(verb, f"/api/v1/plan/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def changed(group: str, **inputs: Any) -> dict[str, Any]:
    return CASE | {group: CASE[group] | inputs}


pytestmark = pytest.mark.parametrize("worlds", ["memory"], indirect=True)


@pytest.mark.covers("S0-22", "S1-04", "S1-103")
def test_a_case_is_worked_out_at_once_with_its_futures_and_what_moves_it(lead: httpx.Client) -> None:
    found = told(lead, "POST", "roi", {"scenario": CASE})
    treated = 420_000 * 0.115 * 0.9
    month = treated * 0.0091 * 84.40 * 0.48 - treated * 0.704 * 0.096 * 3.10 - 1_500
    assert found["case"]["year"]["net_gain"] == pytest.approx(12 * month)
    assert len(found["futures"]["dots"]) == 50
    assert found["futures"]["low"] < found["futures"]["expected"] < found["futures"]["high"]
    assert found["tornado"][0]["input"] == "help.lift_per_eligible"
    assert found["scenario"]["orders"]["basket"]["source"] == "measured"
    again = told(lead, "POST", "roi", {"scenario": found["scenario"]})
    assert again == found, "what was read is read again, and the same seed draws the same futures"
    other = told(lead, "POST", "roi", {"scenario": CASE, "seed": 2})
    assert (other["case"], other["futures"] == found["futures"]) == (found["case"], False)


REFUSED: list[tuple[Any, str]] = [
    ({"scenario": changed("orders", gross_margin=1.2)}, "orders.gross_margin"),
    ({"scenario": changed("orders", basket={"low": 90, "value": 80, "high": 92})}, "orders.basket"),
    ({"scenario": changed("visitors", visits_per_month=-1)}, "visitors.visits_per_month"),
    ({"scenario": changed("visitors", visits_per_month="many")}, "visitors.visits_per_month"),
    ({"scenario": changed("visitors", visitors_per_month=1)}, "visitors"),
    ({"scenario": {"name": "x"}}, "visitors"),
    ({"scenario": CASE, "draws": 50_000}, "draws"),
    ({"scenario": CASE, "seed": -1}, "seed"),
    ({"scenario": []}, "scenario"),
]


def test_an_input_that_cannot_be_is_refused_with_its_place(lead: httpx.Client) -> None:
    for body, where in REFUSED:
        error = told(lead, "POST", "roi", body, 400)["error"]
        assert error["code"] == "bad_input"
        assert error["where"].endswith(where)


def test_every_input_of_a_scenario_has_a_path_a_unit_and_limits(lead: httpx.Client) -> None:
    found = {one["path"]: one for one in told(lead, "GET", "inputs")}
    assert found["visitors.visits_per_month"]["needed"] is True
    assert (found["help.lift_per_eligible"]["counted"], found["help.lift_per_eligible"]["needed"]) == ("points", False)
    assert found["teams.*.wage_per_hour"]["counted"] == "money"
    scenario = told(lead, "POST", "roi", {"scenario": CASE})["scenario"]
    given = {f"{group}.{name}" for group, table in scenario.items() if isinstance(table, dict) for name in table}
    assert given <= set(found)


def test_a_chat_queue_and_what_each_concurrency_does(lead: httpx.Client) -> None:
    found = told(lead, "POST", "chat", CHAT)
    assert 0 <= found["chats"]["p_abandon"] < 1
    assert [one["concurrency"] for one in found["levels"]] == [1, 2, 3]
    assert found["levels"][0]["level"]["gain"] == 1
    assert told(lead, "POST", "chat", CHAT | {"agents": 0}, 400)["error"]["where"] == "agents"


def test_the_staffing_of_a_day_by_half_hour_with_paid_staff_and_cost(lead: httpx.Client) -> None:
    found = told(lead, "POST", "staff", STAFF)
    assert [one["start"] for one in found["half_hours"]] == ["09:00", "09:30", "10:00"]
    first, none, _ = found["half_hours"]
    assert (none["agents"], none["paid"]) == (0, 0)
    assert first["paid"] > first["agents"] > 0
    assert found["cost"] == pytest.approx(found["paid_hours"] * 22)
    for change, where in (
        ({"arrivals": "start,arrivals\n9h,4"}, "arrivals:2"), ({"service_level": 1.5}, "service_level"),
        ({"teams": [{"name": "own", "shrinkage": 1}]}, "shrinkage"), ({"teams": []}, "teams"),
    ):  # fmt: skip
        assert told(lead, "POST", "staff", STAFF | change, 400)["error"]["where"].endswith(where)


@pytest.mark.covers("S0-52")
def test_a_pilot_says_how_many_visitors_and_days_and_its_phases(lead: httpx.Client) -> None:
    found = told(lead, "POST", "pilot", PILOT)
    assert found["pilot"]["visitors"] == found["pilot"]["control"] + found["pilot"]["treated"]
    assert found["pilot"]["days"] > 0
    assert found["phases"] is None
    phased = told(lead, "POST", "pilot", PILOT | {"agents": 4, "conversations_per_agent_day": 40})
    assert phased["phases"]["phases"][0]["name"] == "pilot"
    assert told(lead, "POST", "pilot", PILOT | {"uptake": 1.5}, 400)["error"]["where"] == "uptake"


def test_only_who_plans_may_ask(world: World) -> None:
    analyst = world.console("ana@a.example")
    for verb, path in (("POST", "roi"), ("POST", "chat"), ("POST", "staff"), ("POST", "pilot"), ("GET", "inputs"),
                       ("GET", "measured"), ("GET", "arrivals"), ("GET", "scenarios")):  # fmt: skip
        assert analyst.request(verb, f"/api/v1/plan/{path}", json={}).status_code == 403, path


def test_what_was_measured_says_what_is_missing_and_invents_nothing(world: World, lead: httpx.Client) -> None:
    world.hesitates("ann")
    found = told(lead, "GET", "measured")
    by = {one["input"]: one for one in found["inputs"]}
    assert (by["visitors.visits_per_month"]["value"], by["visitors.visits_per_month"]["why"]) == (None, "no_whole_day")
    assert by["orders.basket"]["why"] == "no_orders"
    assert by["help.lift_per_eligible"]["value"] is None
    assert told(lead, "GET", "measured?from=soon", status=400)["error"]["where"] == "from"
    assert told(lead, "GET", "arrivals", status=400)["error"]["where"]
