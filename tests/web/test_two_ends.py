"""What the console and the widget take for granted of the server, seen through its doors."""

from __future__ import annotations

import asyncio
import json
import time
from itertools import pairwise
from typing import Any

import httpx
from doors_world import World, hear, hello, say, token_of

from aparte.kit.labels import visitor_label

PAGE = {"Origin": "https://a.example"}
EXPOSED = {"aparte-counts", "retry-after"}


def poll(world: World, conv: str, **headers: str) -> httpx.Response:
    given = {"Authorization": f"Bearer {token_of('v1')}", "Aparte-Key": "key-a", **PAGE, **headers}
    return httpx.get(f"{world.http}/v1/conv/{conv}/entries?after=0&wait=0", headers=given)


def exposed(answer: httpx.Response) -> set[str]:
    return {one.strip().lower() for one in answer.headers["access-control-expose-headers"].split(",")}


async def greeted(ws: Any) -> dict[str, Any]:
    await say(ws, "hello", v=1, epoch=None, pos=None, tab="t")
    return await hear(ws, "snapshot")


# The console


def test_the_last_page_comes_first_and_names_who_wrote(world: World) -> None:
    conv, camille = world.conversation(agent="camille"), world.console("camille@a.example")
    world.says(conv, "camille", *map(str, range(250)))
    world.says(conv, "camille", "he haggles", kind="note")
    world.says(conv, "v1", "Bonjour")
    page = camille.get(f"/api/v1/conversations/{conv}/entries").json()
    seqs = [one["seq"] for one in page["entries"]]
    assert (page["head"], page["more"], seqs) == (253, True, list(range(54, 254)))
    before = camille.get(f"/api/v1/conversations/{conv}/entries?before=54").json()
    assert [one["seq"] for one in before["entries"]] == list(range(1, 54))
    assert before["more"] is False
    note, text = page["entries"][-2:]
    assert (note["kind"], note["name"], note["body"]) == ("note", "Camille", "he haggles")
    assert (text["by"], text["name"], "cid" in text) == ("visitor", "", False)
    assert all("cid" in one and one["name"] == "Camille" for one in page["entries"][:-2])
    assert "date" in camille.get("/api/v1/session").headers


def test_positions_rise_and_what_somebody_else_has_is_gone(world: World) -> None:
    camille, alex = world.console("camille@a.example"), world.console("alex@a.example")

    async def story() -> None:
        async with world.agent_socket(camille) as hers, world.agent_socket(alex) as his:
            mine = await greeted(hers)
            theirs = await greeted(his)
            conv = world.conversation("v1")
            frames = [await hear(hers, "conv")]
            assert frames[0]["conv"]["label"] == visitor_label(frames[0]["conv"]["visitor"])
            assert frames[0]["conv"]["position"] == 1
            taken = await asyncio.to_thread(alex.post, f"/api/v1/conversations/{conv}/take")
            assert taken.json()["agent"]["id"] == theirs["me"]["id"] == alex.get("/api/v1/session").json()["id"]
            while frames[-1]["t"] != "gone":
                frames.append(await hear(hers, "conv", "gone", "me"))
            assert frames[-1]["id"] == conv
            places = [mine["pos"], *(one["pos"] for one in frames)]
            assert all(before < after for before, after in pairwise(places))
            refused = await asyncio.to_thread(camille.post, f"/api/v1/conversations/{conv}/take")
            assert refused.status_code in (404, 409)

    asyncio.run(story())


def test_an_agent_who_is_there_is_given_who_waits_and_read_marks_empty_the_unread(world: World) -> None:
    camille = world.console("camille@a.example")

    async def story() -> None:
        async with world.agent_socket(camille) as ws, world.visitor_socket() as visitor:
            await greeted(ws)
            conv = world.conversation("v1")
            await hello(visitor, conv)
            await asyncio.to_thread(camille.put, "/api/v1/me/status", json={"status": "available"})
            assert (await hear(visitor, "state"))["agent"] == {"name": "Camille"}
            await say(visitor, "send", cid="c", kind="text", body="Bonjour")
            told = await hear(ws, "conv")
            while told["conv"]["unread"] != 1:
                told = await hear(ws, "conv")
            assert (told["conv"]["last"]["by"], told["conv"]["visitor_online"]) == ("visitor", True)
            await say(ws, "read", conv=conv, seq=told["conv"]["head"])
            while told["conv"]["unread"]:
                told = await hear(ws, "conv")
            assert (await hear(visitor, "wm"))["who"] == "agent"
            await visitor.close()
            while told["conv"]["visitor_online"]:
                told = await hear(ws, "conv")

    asyncio.run(story())


def test_the_reason_tells_what_the_rule_read(world: World) -> None:
    world.available("camille")
    engagement = world.hesitates("v1")["offer"]["engagement"]
    client = world.console("camille@a.example")
    row = client.get("/api/v1/visitors").json()["visitors"][0]
    assert (row["state"], row["rule"], row["label"]) == (
        "invited",
        "cart-hesitation/twice",
        visitor_label(row["visitor"]),
    )
    found = client.get(f"/api/v1/visitors/{row['visitor']}").json()
    assert found["label"] == row["label"]
    assert [one["name"] for one in found["steps"]] == ["Cart", "Product Added", "Invitation Offered"]
    why = found["why"]
    assert (why["decision"], why["when"], why["version"]) == ("invite", "cart.value > 50", 3)
    assert why["values"] == {"cart.value": 60}
    assert engagement


# The widget


def test_nothing_comes_before_the_welcome_and_what_is_mine_has_my_number(world: World) -> None:
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "camille", "Bonjour")

    async def story() -> None:
        async with world.visitor_socket() as tab:
            world.says(conv, "camille", "before hello")
            await say(tab, "hello", v=1, key="key-a", token=token_of("v1"), conv=conv, epoch="old", last_seq=9)
            heard = [json.loads(await tab.recv())["t"] for _ in range(2)]
            assert heard == ["reset", "welcome"]
            await say(tab, "send", cid="mine", kind="text", body="oui")
            assert (await hear(tab, "entry"))["cid"] == "mine"
        async with world.visitor_socket() as tab:
            again = await hello(tab, conv)
            assert [one.get("cid") for one in again["entries"]] == [None, None, None, "mine"]
            assert [one["name"] for one in again["entries"]] == ["", "Camille", "Camille", ""]

    asyncio.run(story())
    assert poll(world, conv).json()["entries"][-1]["cid"] == "mine"


def test_a_page_of_the_shop_may_ask_and_may_read_every_answer(world: World) -> None:
    conv = world.conversation("v1")
    asks = {
        **PAGE,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "aparte-key,authorization",
    }
    preflight = httpx.options(f"{world.http}/v1/conv/{conv}/entries", headers={**PAGE, **asks})
    assert preflight.status_code == 204
    assert {"authorization", "aparte-key"} <= {
        one.strip().lower() for one in preflight.headers["access-control-allow-headers"].split(",")
    }
    for answer in (
        poll(world, conv),
        poll(world, conv, Authorization="Bearer x"),
        httpx.post(f"{world.http}/v1/conversations", content=b"{", headers=PAGE),
        httpx.post(f"{world.http}/v1/batch", content=b'{"batch":[]}', headers=PAGE, auth=("key-a", "")),
        httpx.post(f"{world.http}/v1/batch", content=b"{", headers=PAGE, auth=("key-a", "")),
    ):
        assert answer.headers["access-control-allow-origin"] == PAGE["Origin"]
        assert exposed(answer) == EXPOSED


def test_what_is_refused_for_now_says_when_to_come_again(world: World) -> None:
    conv = world.conversation("v1")
    entries = [{"cid": "c", "kind": "text", "body": "x"}]
    body = json.dumps({"key": "key-a", "token": token_of("v1"), "entries": entries})
    world.fill_disk()
    first = httpx.post(f"{world.http}/v1/conv/{conv}/entries", content=body, headers=PAGE)
    assert first.json()["results"][0] == {"t": "nack", "cid": "c", "code": "unavailable", "retry_after": 2}
    for path, said in (("/v1/conversations", {"key": "key-a", "token": token_of("v2")}),
                       ("/v1/pulse", {"key": "key-a", "token": token_of("v2"), "consent": "full", "events": [{}]}),
                       ("/v1/track?writeKey=key-a", {"type": "track", "event": "x", "anonymousId": "a"})):  # fmt: skip
        answer = httpx.post(f"{world.http}{path}", content=json.dumps(said), headers=PAGE)
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0, exposed(answer)) == (503, True, EXPOSED), (
            path
        )
    assert httpx.get(f"{world.http}/readyz").status_code == 503
    assert httpx.get(f"{world.http}/healthz").status_code == 200
    world.free_disk()
    while httpx.get(f"{world.http}/readyz").status_code != 200:
        time.sleep(0.05)
    again = httpx.post(f"{world.http}/v1/conv/{conv}/entries", content=body, headers=PAGE)
    assert again.json()["results"][0]["t"] == "ack"
    assert (
        httpx.get(f"{world.http}/api/v1/ingest", auth=("secret of a", "")).json()["reasons"]["refused"]["unavailable"]
        >= 1
    )


def test_a_token_that_proves_nothing_is_refused_and_does_no_harm(world: World) -> None:
    told = {"type": "identify", "messageId": "i1", "jwt": "e30.e30.x", "timestamp": "2026-01-01T00:00:00.000Z"}
    seen = {"type": "page", "messageId": "p1", "timestamp": "2026-01-01T00:00:00.000Z"}
    counts = world.pulse("v1", seen, told)["counts"]
    assert (counts["accepted"], counts["quarantined"]) == (1, 1)
    found = world.console("camille@a.example").get(f"/api/v1/visitors/{world.pulse('v1')['visitor']}").json()
    assert (found["verified"], found["traits"], found["claimed"]) == (False, {}, {})


# Roles


def test_an_analyst_reads_and_changes_nothing(world: World) -> None:
    conv, ana = world.conversation("v1"), world.console("ana@a.example")
    world.says(conv, "v1", "Bonjour")
    assert ana.get("/api/v1/visitors").status_code == 200
    assert ana.get(f"/api/v1/conversations/{conv}/entries").status_code == 200
    entries = [{"cid": "x", "kind": "note", "body": "x"}]
    for method, path, body in (
        ("POST", "next/take", None), ("POST", f"{conv}/take", None), ("POST", f"{conv}/close", {"assign_ver": 0}),
        ("POST", f"{conv}/entries", {"entries": entries, "assign_ver": 0}),
    ):  # fmt: skip
        answer = ana.request(method, f"/api/v1/conversations/{path}", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "role"), path
    assert ana.put("/api/v1/me/status", json={"status": "available"}).status_code == 403
    assert ana.put("/api/v1/me/language", json={"language": "en"}).status_code == 200

    async def story() -> None:
        async with world.agent_socket(ana) as ws:
            await greeted(ws)
            await say(ws, "watch", conv=conv, epoch=None, last_seq=0)
            assert (await hear(ws, "welcome"))["head"] == 1
            await say(ws, "send", conv=conv, cid="c", kind="note", body="x", assign_ver=0)
            assert (await hear(ws, "nack", "ack"))["code"] == "forbidden"
            await say(ws, "read", conv=conv, seq=1)
            assert (await hear(ws, "nack"))["code"] == "forbidden"

    asyncio.run(story())
    assert world.call(lambda: world.engine.agents_available("a")) is False
    assert (len(world.transcript(conv)), world.found(conv).agent_read, world.found(conv).agent) == (1, 0, "")


def test_nobody_waits_for_an_analyst(world: World) -> None:
    conv = world.conversation("v1")
    world.call(lambda: world.engine.connected("ana", 1))
    world.do(world.engine.set_status("ana", "available"))
    assert world.found(conv).state == "queued"
    assert world.call(lambda: world.engine.agents_available("a")) is False
