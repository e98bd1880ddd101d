"""Rates of exchange through the API, and the facts of a running server.

Mutants seen to fail here: rates of all sites in one answer; half of a list taken when one of it cannot be read.
"""

from __future__ import annotations

from typing import Any

from doors_world import World, vid
from msgspec.structs import replace

from aparte.sites.model import Staff
from aparte.sites.store import SaveStaff

DOLLAR = {"day": "2026-02-02", "currency": "usd", "rate": "0,92"}


def admin(world: World) -> Any:
    """Camille, who administers site a from now on."""
    camille: Staff = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == "camille")

    async def promote() -> None:
        await world.store.submit([SaveStaff(replace(camille, role="admin"))])

    world.do(promote())
    world.call(world.running.doors.desk.directory.forget)
    return world.console("camille@a.example")


def test_rates_are_set_by_an_admin_and_are_of_one_site(world: World) -> None:
    client = admin(world)
    answer = client.put("/api/v1/rates", json={"rates": [DOLLAR, {**DOLLAR, "day": "2026-02-03"}]})
    assert answer.status_code == 200, answer.text
    known = {"day": "2026-02-02", "currency": "USD", "rate": "0.92"}
    assert client.get("/api/v1/rates").json() == {"currency": "EUR", "rates": [known, {**known, "day": "2026-02-03"}]}
    bea = world.console("bea@b.example")
    assert bea.get("/api/v1/rates").json() == {"currency": "EUR", "rates": []}
    assert bea.put("/api/v1/rates", json={"rates": [DOLLAR]}).status_code == 403


def test_a_list_with_a_fault_is_refused_whole_and_says_which(world: World) -> None:
    client = admin(world)
    for bad in ({"day": "02/02/2026"}, {"currency": "dollar"}, {"rate": "0"}, {"rate": "-1"}, {"rate": "1e9"}):
        answer = client.put("/api/v1/rates", json={"rates": [DOLLAR, DOLLAR | bad]})
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "rates[1]")
    assert client.get("/api/v1/rates").json()["rates"] == []


def test_a_running_server_has_the_facts_of_now(world: World) -> None:
    desk = world.running.doors.desk
    assert desk.facts is not None
    world.hesitates("ann")
    facts = world.do(desk.facts())
    sql = "SELECT count(*) AS n FROM engagement JOIN visitor USING (site, visitor) WHERE visitor.id = ?"
    assert facts.ask(sql, [vid("ann")]).rows == [(1,)]
    world.hesitates("bob")
    assert world.do(desk.facts()).ask(sql, [vid("bob")]).rows == [(1,)]
    assert world.do(world.running.analytics.seal(0)) == 0
