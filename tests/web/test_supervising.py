"""Supervising over the wire: who watches, whispers, joins, takes over, is asked for help; what a visitor sees of it.

Mutants seen to fail here: a whisper that the visitor reads; a guest who came counts as the agent's silence; whoever
supervises closes what nobody has; what he closes is not noted.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from doors_world import HASHER, PASSWORD, World, hear, hello, say, token_of, vid

from aparte.sites.model import Staff
from aparte.sites.store import SaveStaff

pytestmark = pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)
"""What is kept is promised of both stores in tests/backends/test_store_work.py."""
SECRET_WORDS = "offer him the delivery"


def hired(world: World, name: str, role: Any = "supervisor", maximum: int = 2) -> httpx.Client:
    """Somebody new at site a, signed in."""
    email = f"{name}@a.example"
    staff = Staff(
        id=name, site="a", email=email, name=name.title(), role=role, password_hash=HASHER.hash(PASSWORD),
        maximum=maximum,
    )  # fmt: skip

    async def begins() -> None:
        await world.store.submit([SaveStaff(staff)])
        world.doors.desk.directory.forget()
        await world.engine.staff_changed(staff)

    world.do(begins())
    return world.console(email)


def call(client: httpx.Client, method: str, path: str, body: Any = None) -> Any:
    """What the console's API answers with 200."""
    answer = client.request(method, f"/api/v1{path}", json=body)
    assert answer.status_code in (200, 201, 204), answer.text
    return answer.json() if answer.content else None


def refused(client: httpx.Client, method: str, path: str, body: Any = None) -> tuple[int, str]:
    """Status and code of a refusal."""
    answer = client.request(method, f"/api/v1{path}", json=body)
    return answer.status_code, answer.json()["error"]["code"]


def polled(world: World, conv: str, visitor: str = "v1") -> str:
    """Everything that a visitor's page reads without a socket."""
    headers = {"Authorization": f"Bearer {token_of(visitor)}", "Aparte-Key": "key-a", "Origin": "https://a.example"}
    answer = httpx.get(f"{world.http}/v1/conv/{conv}/entries?after=0&wait=0", headers=headers, timeout=20)
    assert answer.status_code == 200, answer.text
    return answer.text


async def inbox(ws: Any) -> dict[str, Any]:
    """The snapshot of a console that begins."""
    await say(ws, "hello", v=1, epoch=None, pos=None, tab="t")
    return await hear(ws, "snapshot")


def test_a_supervisor_watches_and_whispers_and_the_visitor_sees_nothing_of_it(world: World) -> None:
    sam, camille = hired(world, "sam"), world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Bonjour")

    async def story() -> None:
        async with (
            world.visitor_socket() as visitor,
            world.agent_socket(sam) as lead,
            world.agent_socket(camille) as agent,
        ):
            before = await hello(visitor, conv)
            for ws in (lead, agent):
                await inbox(ws)
                await say(ws, "watch", conv=conv, epoch=None, last_seq=0)
                await hear(ws, "welcome")
            await say(lead, "send", conv=conv, cid="w1", kind="whisper", body=SECRET_WORDS)
            assert (await hear(lead, "ack", "nack"))["t"] == "ack"
            heard = await hear(agent, "entry")
            assert (heard["kind"], heard["body"], heard["name"]) == ("whisper", SECRET_WORDS, "Sam")
            hidden = await hear(visitor, "entry", "presence", "state", "typing")
            while hidden["t"] != "entry":
                hidden = await hear(visitor, "entry", "presence", "state", "typing")
            assert hidden == {"t": "entry", "seq": heard["seq"], "kind": "hidden"}
            await say(lead, "send", conv=conv, cid="t1", kind="text", body="I may not")
            assert (await hear(lead, "nack"))["code"] == "not_assigned"
            assert "Sam" not in json.dumps(before)

    asyncio.run(story())
    assert "hidden" in polled(world, conv)
    for seen in (polled(world, conv), call(camille, "GET", f"/visitors/{vid('v1')}")):
        assert SECRET_WORDS not in json.dumps(seen)
    pulsed = world.pulse("v1")
    assert SECRET_WORDS not in json.dumps(pulsed)

    async def reloaded() -> None:
        async with world.visitor_socket() as visitor:
            again = await hello(visitor, conv)
            assert SECRET_WORDS not in json.dumps(again)
            assert "Sam" not in json.dumps(again)

    asyncio.run(reloaded())
    assert world.found(conv).waiting_since is not None  # the visitor waits for an answer as before
    lines = call(camille, "GET", f"/conversations/{conv}/entries")["entries"]
    assert [one["body"] for one in lines if one["kind"] == "whisper"] == [SECRET_WORDS]


def test_an_agent_who_does_not_supervise_whispers_only_where_he_takes_part(world: World) -> None:
    alex, camille = world.console("alex@a.example"), world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    path = f"/conversations/{conv}/entries"
    body = {"entries": [{"cid": "w1", "kind": "whisper", "body": "psst"}], "assign_ver": world.found(conv).assign_ver}
    assert call(alex, "POST", path, body)["results"][0]["code"] == "not_assigned"
    assert call(camille, "POST", path, body)["results"][0]["t"] == "ack"
    for what in ("join", "leave", "take-over"):
        assert refused(alex, "POST", f"/conversations/{conv}/{what}") == (403, "role")
    assert refused(alex, "GET", "/board") == (403, "role")
    assert refused(alex, "POST", f"/conversations/{conv}/assistance", {"on": True}) == (409, "not_assigned")


def test_who_joins_is_read_by_the_visitor_and_writes_beside_the_agent(world: World) -> None:
    sam, camille = hired(world, "sam"), world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Bonjour")
    joined = call(sam, "POST", f"/conversations/{conv}/join")
    assert joined["guests"] == [{"id": "sam", "name": "Sam"}]
    assert call(sam, "POST", f"/conversations/{conv}/join")["guests"] == joined["guests"]
    assert [one["id"] for one in call(sam, "GET", "/conversations")["guest"]] == [conv]
    send = {"entries": [{"cid": "g1", "kind": "text", "body": "Sam speaks"}], "assign_ver": 0}
    assert call(sam, "POST", f"/conversations/{conv}/entries", send)["results"][0]["t"] == "ack"
    seen = json.loads(polled(world, conv))
    assert [(one["kind"], one["body"]) for one in seen["entries"] if one["kind"] in ("join", "text")] == [
        ("join", "Camille"), ("text", "Bonjour"), ("join", "Sam"), ("text", "Sam speaks"),
    ]  # fmt: skip
    assert seen["agent"] == {"name": "Camille"}
    world.says(conv, "camille", "So do I")
    left = call(sam, "POST", f"/conversations/{conv}/leave")
    assert (left["guests"], left["agent"]["id"]) == ([], "camille")
    send["entries"][0]["cid"] = "g2"
    assert call(sam, "POST", f"/conversations/{conv}/entries", send)["results"][0]["code"] == "not_assigned"
    assert json.loads(polled(world, conv))["entries"][-1]["kind"] == "leave"
    assert refused(camille, "POST", f"/conversations/{conv}/join")[1] == "role"


def test_who_takes_over_has_it_and_the_agent_before_is_told_that_it_is_not_his(world: World) -> None:
    sam, camille = hired(world, "sam", maximum=1), world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    version = world.found(conv).assign_ver

    async def story() -> None:
        async with world.agent_socket(camille) as ws:
            assert [one["id"] for one in (await inbox(ws))["mine"]] == [conv]
            taken = await asyncio.to_thread(call, sam, "POST", f"/conversations/{conv}/take-over")
            assert (taken["agent"]["id"], taken["assign_ver"]) == ("sam", version + 1)
            assert (await hear(ws, "gone"))["id"] == conv
            await say(ws, "send", conv=conv, cid="late", kind="text", body="I was writing", assign_ver=version)
            assert (await hear(ws, "nack"))["code"] == "not_assigned"

    asyncio.run(story())
    assert {key: held for key, held in slots(world).items() if held == conv} == {("sam", 1): conv}
    assert call(sam, "POST", f"/conversations/{conv}/take-over")["assign_ver"] == version + 1
    other = world.conversation("v2", agent="camille")
    assert refused(sam, "POST", f"/conversations/{other}/take-over") == (409, "no_slot")
    assert world.found(other).agent == "camille"
    assert refused(sam, "POST", f"/conversations/{'0' * 32}/take-over")[0] == 404
    world.says(conv, "sam", "Hello")
    assert [one.body for one in world.transcript(conv) if one.kind in ("join", "leave")] == [
        "Camille",
        "Camille",
        "Sam",
    ]


def slots(world: World) -> dict[tuple[str, int], str]:
    """Slots as they are on the disk."""
    return {(one.agent, one.n): one.conv for one in world.call(lambda: list(world.store.slots("a")))}


def test_who_asks_for_help_is_seen_by_those_who_lead_until_somebody_comes(world: World) -> None:
    sam, camille, alex = hired(world, "sam"), world.console("camille@a.example"), world.console("alex@a.example")
    conv = world.conversation("v1", agent="camille")

    async def story() -> None:
        async with world.agent_socket(sam) as lead, world.agent_socket(alex) as other:
            assert (await inbox(lead))["help"] == (await inbox(other))["help"] == []
            body = {"on": True, "note": "he wants a refund"}
            asked = await asyncio.to_thread(call, camille, "POST", f"/conversations/{conv}/assistance", body)
            told = await hear(lead, "conv")
            assert told["conv"]["assistance_at"] == asked["assistance_at"] is not None

    asyncio.run(story())
    assert [one["id"] for one in call(sam, "GET", "/conversations")["help"]] == [conv]
    assert call(alex, "GET", "/conversations")["help"] == []
    assert [one["id"] for one in call(camille, "GET", "/conversations")["mine"]] == [conv]
    assert [one["id"] for one in call(sam, "GET", "/board")["assistance"]] == [conv]
    assert [one.body for one in world.transcript(conv) if one.kind == "note"] == ["he wants a refund"]
    assert "refund" not in polled(world, conv)
    assert call(sam, "POST", f"/conversations/{conv}/assistance", {"on": False})["assistance_at"] is None
    assert call(camille, "POST", f"/conversations/{conv}/assistance", {"on": True})["assistance_at"] is not None
    assert call(sam, "POST", f"/conversations/{conv}/join")["assistance_at"] is None
    assert call(sam, "GET", "/conversations")["help"] == []


def test_a_restart_brings_guests_and_calls_for_help_back_and_takes_nothing_from_the_agent(world: World) -> None:
    sam, camille = hired(world, "sam"), world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "camille", "Hello")
    call(sam, "POST", f"/conversations/{conv}/join")
    call(camille, "POST", f"/conversations/{conv}/assistance", {"on": True})

    world.call(lambda: world.engine.core.fail("a test"))
    until = time.monotonic() + 20
    while world.call(world.engine.ready) is not None and time.monotonic() < until:
        time.sleep(0.01)
    one = world.call(lambda: world.engine.conversation(conv))
    assert (one.agent, one.guests, one.assistance_at is not None) == ("camille", ("sam",), True)
    assert world.call(lambda: world.engine.talks.talks[conv].asked_at) is None  # he has answered, whoever came after


def test_an_invitation_by_hand_over_the_wire(world: World) -> None:
    camille, ana = world.console("camille@a.example"), world.console("ana@a.example")
    world.available("camille")
    world.pulse("v1", {"type": "page", "messageId": "p1", "properties": {"url": "https://a.example/", "path": "/"}})
    path = f"/visitors/{vid('v1')}/invitation"
    assert refused(ana, "POST", path, {"text": "?"}) == (403, "role")
    assert refused(camille, "POST", path, {"text": "a\u202eb"})[0] == 400
    assert refused(camille, "POST", f"/visitors/{vid('v9')}/invitation", {"text": "?"})[0] == 404
    engagement = call(camille, "POST", path, {"text": "Une question ?"})["engagement"]
    assert refused(camille, "POST", path, {"text": "Une question ?"}) == (409, "invited")
    offer = world.pulse("v1")["offer"]
    assert (offer["engagement"], offer["message"], offer["state"]) == (engagement, "Une question ?", "offered")
    call(camille, "DELETE", path)
    assert world.pulse("v1")["offer"] is None
    call(camille, "DELETE", path)
    engagement = call(camille, "POST", path, {"text": "Encore ?"})["engagement"]
    said = {"key": "key-a", "token": token_of("v1"), "language": "fr"}
    opened = httpx.post(f"{world.http}/v1/offers/{engagement}/accept", json=said, timeout=20).json()["conversation"]
    assert (opened["state"], opened["agent"]) == ("open", {"name": "Camille"})
    assert [one["kind"] for one in json.loads(polled(world, opened["id"]))["entries"]] == ["offer", "join"]
    names = [one["name"] for one in call(camille, "GET", f"/visitors/{vid('v1')}")["steps"]]
    assert names.count("Invitation Offered") == 2
    row = call(camille, "GET", "/visitors")["visitors"][0]
    assert (row["state"], row["barred"], row["locked"]) == ("chatting", "talking", False)


def test_a_block_over_the_wire(world: World) -> None:
    camille, bea = world.console("camille@a.example"), world.console("bea@b.example")
    conv = world.conversation("v1", agent="camille")
    path = f"/visitors/{vid('v1')}/block"

    async def story() -> None:
        async with world.visitor_socket() as visitor:
            await hello(visitor, conv)
            told = await asyncio.to_thread(call, camille, "PUT", path, {"reason": "insults", "hours": 2})
            assert (told["reason"], told["until"] - told["at"], told["by"]["name"]) == ("insults", 7_200_000, "Camille")
            assert (await hear(visitor, "state"))["state"] == "closed"
            await say(visitor, "send", cid="c1", kind="text", body="And?")
            nack = await hear(visitor, "nack")
            assert (nack["code"], nack["fatal"]) == ("blocked", True)

    asyncio.run(story())
    said = {"key": "key-a", "token": token_of("v1"), "language": "fr"}
    for door in ("/v1/conversations", "/v1/offers/e1/accept"):
        answer = httpx.post(f"{world.http}{door}", json=said, timeout=20)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "blocked")
    asks = {**said, "cid": "r1", "kind": "message", "email": "a@b.example", "body": "?"}
    assert httpx.post(f"{world.http}/v1/requests", json=asks, timeout=20).status_code == 403
    assert [one["visitor"] for one in call(camille, "GET", "/blocks")] == [vid("v1")]
    assert call(bea, "GET", "/blocks") == []
    assert refused(bea, "PUT", path, {"reason": ""})[0] == 404
    assert (
        refused(camille, "PUT", path, {"reason": "a\nb"})[0] == refused(camille, "PUT", path, {"hours": -1})[0] == 400
    )
    call(camille, "DELETE", path)
    assert call(camille, "GET", "/blocks") == []
    assert httpx.post(f"{world.http}/v1/conversations", json=said, timeout=20).status_code == 200


def test_the_board_shows_agents_queue_and_the_day_and_the_socket_sends_it_again(world: World) -> None:
    sam, alex = hired(world, "sam"), world.console("alex@a.example")
    world.available("camille")
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Bonjour")
    world.says(conv, "camille", "Bonjour")
    world.says(conv, "v1", "Une question")
    for name in ("v2", "v3"):
        world.conversation(name)
    world.clock_ms += 5_000
    board = call(sam, "GET", "/board")
    agents = {one["id"]: one for one in board["agents"]}
    assert set(agents) == {"camille", "alex", "sam"}
    camille = agents["camille"]
    assert (camille["status"], camille["load"], camille["maximum"]) == ("available", 2, 2)
    assert camille["conversations"][0]["id"] == conv
    assert camille["waiting_longest_s"] == 5
    assert agents["alex"]["waiting_longest_s"] is None
    assert [(one["skill"], one["n"], one["longest_s"]) for one in board["queue"]] == [("", 1, 5)]
    level = board["service_level"]
    assert (level["target_s"], level["answered"], level["within"], level["late"], level["share"]) == (60, 1, 1, 0, 1.0)
    assert (board["today"]["conversations"], board["today"]["closed"], board["today"]["csat_n"]) == (3, 0, 0)
    assert (camille["csat_mean"], camille["csat_n"]) == (None, 0)
    world.do(world.engine.survey("a", conv, vid("v1"), 4, None, None, ""))
    world.do(world.engine.close("a", conv, "visitor", vid("v1")))
    said = {one["id"]: (one["csat_mean"], one["csat_n"]) for one in call(sam, "GET", "/board")["agents"]}
    assert said == {"camille": (4.0, 1), "alex": (None, 0), "sam": (None, 0)}

    async def story() -> None:
        async with world.agent_socket(sam) as ws, world.agent_socket(alex) as other:
            await inbox(ws)
            await inbox(other)
            await say(other, "board", on=True)
            assert (await hear(other, "nack", "board"))["code"] == "forbidden"
            await say(ws, "board", on=True)
            first = await hear(ws, "board")
            assert {one["id"] for one in first["agents"]} == set(agents)
            assert (await hear(ws, "board"))["at"] > first["at"]
            await say(ws, "board", on=False)

    asyncio.run(story())
    assert call(sam, "GET", "/session")["site"]["critical_s"] == 60


def test_who_leads_closes_what_another_agent_has_with_a_code_and_it_is_noted(world: World) -> None:
    lead, alex = hired(world, "lead"), world.console("alex@a.example")
    codes = call(lead, "GET", "/wrap-up-codes")["codes"]
    call(lead, "PUT", "/wrap-up-codes", {"codes": codes, "wrap_up": "required"})
    conv = world.conversation("v1", agent="camille")
    camille = world.console("camille@a.example")
    path, closing = f"/conversations/{conv}/close", {"assign_ver": 1, "code": "sold"}

    async def story() -> None:
        async with world.agent_socket(camille) as console:
            await inbox(console)
            ask = asyncio.to_thread
            assert await ask(refused, alex, "POST", path, closing) == (409, "not_assigned")
            assert await ask(refused, lead, "POST", path, {"assign_ver": 1}) == (409, "code_needed")
            assert await ask(refused, lead, "POST", path, {**closing, "assign_ver": 0}) == (409, "not_assigned")
            closed = await ask(call, lead, "POST", path, closing)
            assert (closed["state"], closed["wrap"]) == ("closed", "done")
            assert (await hear(console, "gone"))["id"] == conv

    asyncio.run(story())
    call(lead, "POST", path, closing)  # again: nothing happens
    found = world.found(conv)
    assert (found.state, found.wrap_code, world.transcript(conv)[-1].author) == ("closed", "sold", "lead")
    rows = world.call(lambda: world.store.audit_page("a", verb="close"))
    assert [(one.who, one.object, one.detail) for one in rows] == [("lead", conv, "camille")]
    waiting = world.conversation("v2")
    assert refused(lead, "POST", f"/conversations/{waiting}/close", {**closing, "assign_ver": 0}) == (
        409,
        "not_assigned",
    )
