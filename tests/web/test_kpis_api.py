"""KPIs, costs and the formula of return through the API.

Defects seen to fail here: a member misspelt taken in silence; a change without its row in the audit log; a formula
stored that cannot be read.
"""

from __future__ import annotations

from typing import Any

import pytest
from doors_world import World
from msgspec.structs import replace

from aparte.reports.kpis.registry import KPIS
from aparte.sites.costs import DEFAULT_FORMULA
from aparte.sites.model import Staff
from aparte.sites.store import SaveStaff

BAD_QUERIES = (
    ("from=soon", "from"), ("from=2026-02-02&to=2026-02-01", "to"), ("kpi=nonsense", "kpi"), ("window=9d", "window"),
    ("language=de", "language"), ("horizon=1y", "horizon"),
)  # fmt: skip
BAD_COSTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"software": -1}, "software"), ({"shrinkage": 1}, "shrinkage"), ({"would_have_called": 1.5}, "would_have_called"),
    ({"call": 10**15}, "call"), ({"return_window_days": 400}, "return_window_days"), ({"sofware": 1}, ""),
    ({"call": "six"}, ""), ({"call_event": "x" * 101}, "call_event"), ({"software": -(10**400)}, "software"),
    ({"return_window_days": 10**4_000}, "return_window_days"),
)  # fmt: skip


def manager(world: World) -> Any:
    """Camille, who plans at site a from now on."""
    camille: Staff = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == "camille")

    async def promote() -> None:
        await world.store.submit([SaveStaff(replace(camille, role="manager"))])

    world.do(promote())
    world.call(world.running.doors.desk.directory.forget)
    return world.console("camille@a.example")


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_definitions_are_told_in_both_languages(world: World) -> None:
    told = world.console("ana@a.example").get("/api/v1/kpis").json()
    assert [one["id"] for one in told] == list(KPIS)
    [csat] = [one for one in told if one["id"] == "csat"]
    assert csat["name"] == {"en": "Satisfaction (CSAT)", "fr": "Satisfaction (CSAT)"}
    assert (csat["unit"], csat["better"], csat["interval"]) == ("share", "up", "wilson")


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
@pytest.mark.covers("S0-61")
def test_figures_are_those_of_the_running_server(world: World) -> None:
    world.hesitates("ann")
    client = world.console("ana@a.example")
    told = client.get("/api/v1/kpis/figures?language=fr&kpi=conversion,chat_conversion,roi").json()
    assert [one["kpi"] for one in told["figures"]] == ["conversion", "chat_conversion", "roi"]
    visitors = {one["name"]: one["value"] for one in told["figures"][0]["parts"]}
    assert visitors == {"buyers": 0, "visitors": 1}
    assert (told["empty"], told["currency"], told["orders"]) == (False, "EUR", "all")
    assert told["figures"][1]["why_text"] == "rien par quoi diviser : visiteurs ayant chatté vaut 0"
    assert len(client.get("/api/v1/kpis/figures").json()["figures"]) == len(KPIS)
    other = world.console("bea@b.example").get("/api/v1/kpis/figures?kpi=conversion").json()
    assert (other["site"], other["empty"]) == ("b", True)
    for query, where in BAD_QUERIES:
        answer = client.get(f"/api/v1/kpis/figures?{query}")
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, where)


@pytest.mark.covers("S1-06")
def test_costs_are_set_whole_by_who_plans_and_told_in_the_audit_log(world: World) -> None:
    client = manager(world)
    answer = client.put("/api/v1/costs", json={"software": 29_900, "call": 650, "shrinkage": 0.3})
    assert answer.status_code == 200, answer.text
    told = client.get("/api/v1/costs").json()
    assert told["currency"] == "EUR"
    assert {name: told["costs"][name] for name in ("software", "call", "mail", "shrinkage")} == {
        "software": 29_900, "call": 650, "mail": None, "shrinkage": 0.3}  # fmt: skip
    assert client.put("/api/v1/costs", json={"mail": 300}).json()["costs"]["call"] is None
    bea = world.console("bea@b.example")
    assert bea.get("/api/v1/costs").json()["costs"]["mail"] is None
    assert bea.put("/api/v1/costs", json={"mail": 1}).status_code == 403
    rows = world.call(lambda: [one.detail for one in world.store.audit() if one.verb == "costs"])
    assert rows[0] == "software 0 > 29900, call None > 650, shrinkage 0.0 > 0.3"
    for said, where in BAD_COSTS:
        answer = client.put("/api/v1/costs", json=said)
        assert answer.status_code == 400, answer.text
        assert where in answer.json()["error"].get("where", "")
    assert client.get("/api/v1/costs").json()["costs"]["mail"] == 300


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
@pytest.mark.covers("S0-68")
def test_the_firm_writes_its_own_formula(world: World) -> None:
    client = manager(world)
    first = client.get("/api/v1/roi-formula").json()
    assert first["formula"] == DEFAULT_FORMULA
    assert {"total_cost", "incremental_margin", "csat"} <= set(first["names"])
    assert client.put("/api/v1/roi-formula", json={"formula": "orders / (1 - 1)"}).status_code == 200
    [found] = client.get("/api/v1/kpis/figures?kpi=roi_custom").json()["figures"]
    assert found["why_text"] == "the formula divides by (1 - 1), which is 0"
    bad = client.put("/api/v1/roi-formula", json={"formula": "orders / total_costs"})
    assert (bad.status_code, bad.json()["error"]["where"]) == (400, "character 10")
    assert bad.json()["error"]["hint"] == "do you mean total_cost?"
    assert client.get("/api/v1/roi-formula").json()["formula"] == "orders / (1 - 1)"
    assert world.console("bea@b.example").get("/api/v1/roi-formula").json()["formula"] == DEFAULT_FORMULA
