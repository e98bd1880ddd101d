"""Saved scenarios by HTTP: version by version, off the list but still read, and held against what was measured.

Mutants seen to fail here: a version is appended whatever its author has read; a scenario of another site is read.
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


def leading(world: World, staff: str, site: str) -> httpx.Client:
    """Somebody who plans from now on."""
    one = next(one for one in world.call(lambda: world.store.staff(site)) if one.id == staff)

    async def promote() -> None:
        await world.store.submit([SaveStaff(replace(one, role="manager"))])

    world.do(promote())
    world.call(world.running.doors.desk.directory.forget)
    return world.console(f"{staff}@{site}.example")


def told(client: httpx.Client, verb: str, path: str, body: Any = None, status: int = 200) -> Any:
    answer = client.request(verb, f"/api/v1/plan/scenarios{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


@pytest.mark.covers("S0-22", "S1-53")
def test_a_scenario_is_saved_version_by_version_compared_and_taken_off_the_list(world: World) -> None:
    lead = leading(world, "camille", "a")
    first = told(lead, "POST", "", {"scenario": CASE, "note": "before the pilot"}, 201)
    saved = first["saved"]
    assert (saved["name"], saved["version"], saved["author_name"]) == ("Plan 2027", 1, "Camille")
    bolder = CASE | {"name": "Plan 2027, bolder"}
    again = {"id": saved["id"], "version": 1, "scenario": bolder}
    second = told(lead, "POST", "", again, 201)
    assert [one["version"] for one in second["versions"]] == [1, 2]
    assert told(lead, "POST", "", again, 409)["error"]["code"] == "changed_meanwhile"
    assert [one["name"] for one in told(lead, "GET", "")] == ["Plan 2027, bolder"]
    old = told(lead, "GET", f"/{saved['id']}?version=1")
    assert (old["scenario"], old["saved"]["note"]) == (first["scenario"], "before the pilot")
    held_against_nothing(world, lead, saved["id"])
    told(lead, "DELETE", f"/{saved['id']}", status=204)
    assert told(lead, "DELETE", f"/{saved['id']}", status=409)["error"]["code"] == "retired"
    assert told(lead, "GET", "") == []
    assert told(lead, "GET", f"/{saved['id']}")["retired"]["by"] == "camille"
    assert told(lead, "POST", "", again | {"version": 2}, 409)["error"]["code"] == "retired"
    verbs = [one.verb for one in world.call(lambda: list(world.store.audit())) if "scenario" in one.verb]
    assert sorted(verbs) == ["drop_scenario", "scenario", "scenario"]


def held_against_nothing(world: World, lead: httpx.Client, scenario: str) -> None:
    """A visit of today alone: every row of the plan is there, and none is said to agree."""
    world.hesitates("ann")
    found = told(lead, "GET", f"/{scenario}/compare?version=1")
    rows = {one["input"]: one for one in found["rows"]}
    assert rows["orders.basket"]["planned"]["value"] == 84.4
    assert (rows["orders.basket"]["measured"]["why"], rows["orders.basket"]["inside"]) == ("no_orders", None)
    assert found["planned"]["low"] < found["planned"]["value"] < found["planned"]["high"]
    assert told(lead, "GET", f"/{scenario}/compare?from=soon", status=400)["error"]["where"] == "from"
    assert told(lead, "GET", f"/{scenario}/compare?version=9", status=404)["error"]["where"] == "version"


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_another_site_has_nothing_of_it_and_what_cannot_be_is_not_kept(world: World) -> None:
    lead, other = leading(world, "camille", "a"), leading(world, "bea", "b")
    one = told(lead, "POST", "", {"scenario": CASE}, 201)["saved"]["id"]
    for verb, path, body in (
        ("GET", f"/{one}", None), ("GET", f"/{one}/compare", None), ("DELETE", f"/{one}", None),
        ("POST", "", {"id": one, "version": 1, "scenario": CASE}),
    ):  # fmt: skip
        told(other, verb, path, body, 404)
    assert told(other, "GET", "") == []
    broken = CASE | {"orders": CASE["orders"] | {"gross_margin": 2}}
    assert told(lead, "POST", "", {"scenario": broken}, 400)["error"]["where"] == "orders.gross_margin"
    for name in ("", "x" * 300):
        assert told(lead, "POST", "", {"scenario": CASE | {"name": name}}, 400)["error"]["where"].endswith("name")
    assert [saved["id"] for saved in told(lead, "GET", "")] == [one]
