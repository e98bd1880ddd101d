"""A what-if from the page: a child process over the stored log, beside the server that writes it."""

from __future__ import annotations

import json
import time
import tomllib
from typing import Any

import httpx
import pytest
from doors_world import CAMPAIGNS, World, vid

from aparte.cli import main

FILE = tomllib.loads(CAMPAIGNS)
WIDER = {**FILE, "campaigns": [{**FILE["campaigns"][0], "rules": [{"name": "twice", "when": "session.pages > 0"}]}]}


def staffed(world: World, role: str) -> httpx.Client:
    """The console of somebody of this role."""
    from msgspec.structs import replace  # noqa: PLC0415

    from aparte.sites.store import SaveStaff  # noqa: PLC0415

    [camille] = [one for one in world.call(lambda: list(world.store.staff("a"))) if one.id == "camille"]
    world.do(submitted(world, SaveStaff(replace(camille, role=role))))
    world.call(world.running.desk.directory.forget)
    return world.console("camille@a.example")


async def submitted(world: World, command: Any) -> None:
    await world.store.submit([command])


def finished(client: httpx.Client, id_: str) -> Any:
    """The comparison once it runs no more."""
    until = time.monotonic() + 60
    while (found := client.get(f"/api/v1/campaigns/replay/{id_}").json())["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


@pytest.mark.covers("S0-54")
def test_a_wider_rule_is_compared_with_the_published_one_on_the_stored_log(world: World) -> None:
    world.available("camille")
    for number in range(3):
        world.hesitates(f"v{number}")
    world.pulse("v9", {"type": "page", "messageId": "p", "properties": {"path": "/shirts"}})
    world.pulse("v9")
    client = staffed(world, "manager")
    id_ = client.post("/api/v1/campaigns/replay", json={"file": WIDER, "days": 1}).json()["id"]
    found = finished(client, id_)
    if world.kind == "memory":  # its log is in no file that a child could read: it says so
        assert found["state"] == "failed"
        assert "aparte:" in found["error"]
        return
    assert (found["state"], found["error"], found["progress"]) == ("done", "", 1.0)
    versions = found["result"]["versions"]
    invited = len([one for one in world.store.decisions("a") if one.decision == "invite"])
    assert versions["old"]["invitations"] == invited > 0
    assert versions["new"]["eligible"] == versions["old"]["eligible"] + 1 == 4
    assert client.delete(f"/api/v1/campaigns/replay/{id_}").status_code == 200
    assert client.get(f"/api/v1/campaigns/replay/{id_}").status_code == 404


def test_one_at_a_time_and_a_cancelled_one_leaves_no_process(world: World) -> None:
    client = staffed(world, "admin")
    id_ = client.post("/api/v1/campaigns/replay", json={"file": FILE}).json()["id"]
    again = client.post("/api/v1/campaigns/replay", json={"file": FILE})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "busy")
    [one] = world.running.comparisons._kept.values()
    assert world.console("bea@b.example").get(f"/api/v1/campaigns/replay/{id_}").status_code == 404
    assert client.delete(f"/api/v1/campaigns/replay/{id_}").status_code == 200
    assert one.task is not None
    assert one.task.done()
    assert one.found.state == "failed"
    assert client.post("/api/v1/campaigns/replay", json={"file": FILE}).status_code == 200


def test_the_command_explains_from_the_log_beside_the_running_server(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    if world.kind == "memory":
        pytest.skip("only a data folder can be read beside the server")
    world.available("camille")
    world.hesitates("v1")
    world.hesitates("v2")
    main(["explain", "--data", str(world.data), "--site", "a", "--visitor", vid("v1"), "--json"])
    told = json.loads(capsys.readouterr().out)
    live = world.console("ana@a.example").get(f"/api/v1/visitors/{vid('v1')}/explain").json()
    assert [one["clauses"] for one in told["rules"]] == [one["clauses"] for one in live["rules"]]
    assert [one["arms"] for one in told["rules"]] == [one["arms"] for one in live["rules"]]
    decided = [one for moment in told["journey"] for one in moment["decisions"]]
    stored = [json.loads(one.line) for one in world.store.decisions("a") if one.visitor == vid("v1")]
    assert decided == stored
    assert decided[-1]["decision"] == "invite"
    with pytest.raises(SystemExit):
        main(["explain", "--data", str(world.data), "--visitor", "x"])
    assert "there are several sites" in capsys.readouterr().err


def test_agents_start_none_and_a_file_with_a_fault_is_refused_at_once(world: World) -> None:
    refused = world.console("alex@a.example").post("/api/v1/campaigns/replay", json={"file": FILE})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role")
    broken = {**FILE, "campaigns": [{"name": "x", "rules": [{"name": "y", "when": "cart.valu > 3"}]}]}
    answer = world.console("ana@a.example").post("/api/v1/campaigns/replay", json={"file": broken})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_campaigns")
