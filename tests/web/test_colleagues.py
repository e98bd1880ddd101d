"""Agents among themselves, through the HTTP API and the console's socket.

Planted defects seen to fail here: a room of two told to a third; a line told twice by a resend; a site's talk told to
another site.
"""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from doors_world import World, hear, say
from msgspec.structs import replace

from aparte.sites.store import SaveStaff

HERE = "/api/v1/colleagues"


def staff(world: World, *ids: str) -> None:
    """Further agents of site a."""
    camille = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == "camille")

    async def save() -> None:
        await world.store.submit(
            [SaveStaff(replace(camille, id=id, email=f"{id}@a.example", name=id.title())) for id in ids]
        )
        world.doors.desk.directory.forget()

    world.do(save())


def tell(client: httpx.Client, room: str, cid: str, body: str = "Bonjour") -> httpx.Response:
    return client.post(f"{HERE}/messages", json={"room": room, "cid": cid, "body": body})


def rooms(client: httpx.Client) -> dict[str, Any]:
    return {one["room"]: one for one in client.get(HERE).json()["rooms"]}


async def greeted(ws: Any) -> dict[str, Any]:
    await say(ws, "hello", v=1, epoch=None, pos=None, tab="t")
    return await hear(ws, "snapshot")


@pytest.mark.covers("S1-47")
def test_two_talk_and_a_third_hears_nothing_of_it(world: World) -> None:
    staff(world, "noor")
    camille, alex, noor = (world.console(f"{one}@a.example") for one in ("camille", "alex", "noor"))
    bea = world.console("bea@b.example")

    async def scene() -> None:
        async with (
            world.agent_socket(camille) as hers,
            world.agent_socket(alex) as his,
            world.agent_socket(noor) as third,
            world.agent_socket(bea) as other,
            world.agent_socket(world.console("ana@a.example")) as analyst,
        ):
            for ws in (hers, his, third, other, analyst):
                await greeted(ws)
            sent = (await asyncio.to_thread(tell, camille, "dm:alex", "c1", "psst")).json()
            again = (await asyncio.to_thread(tell, camille, "dm:alex", "c1", "psst")).json()
            assert again == sent
            await asyncio.to_thread(tell, camille, "site", "c2", "everybody")
            mine, yours = await hear(hers, "colleague"), await hear(his, "colleague")
            assert mine["message"] == {
                "room": "dm:alex", "seq": 1, "by": {"id": "camille", "name": "Camille"}, "body": "psst",
                "ts": sent["ts"], "cid": "c1",
            }  # fmt: skip
            assert (yours["message"]["room"], yours["message"].get("cid")) == ("dm:camille", None)
            for ws in (hers, his, third):
                heard = (await hear(ws, "colleague"))["message"]
                assert (heard["room"], heard["body"]) == ("site", "everybody")
            await asyncio.to_thread(tell, bea, "site", "c1", "site b")
            assert (await hear(other, "colleague"))["message"]["body"] == "site b"
            await asyncio.to_thread(world.conversation, "v1")
            assert (await hear(analyst, "colleague", "conv"))["t"] == "conv"  # the first that an analyst hears of

    asyncio.run(scene())
    assert set(rooms(noor)) == {"site"}
    for room in ("dm:alex", "dm:camille"):
        assert noor.get(f"{HERE}/messages?room={room}").json() == {"messages": [], "more": False}
    for room in ("dm:alex|camille", "dm:bea", "dm:noor", "dm:", "nowhere", "conv:nothing"):
        answer = noor.get(f"{HERE}/messages", params={"room": room})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_such_room"), room
        assert tell(noor, room, "c9").status_code == 404
    told = alex.get(f"{HERE}/messages?room=dm:camille").json()["messages"]
    assert [(one["by"]["name"], one["body"]) for one in told] == [("Camille", "psst")]


def test_what_is_unread_is_counted_until_it_is_read(world: World) -> None:
    camille, alex, ana = (world.console(f"{one}@a.example") for one in ("camille", "alex", "ana"))
    for n in range(3):
        assert tell(camille, "dm:alex", f"c{n}", f"line {n}").status_code == 200
    assert (rooms(alex)["dm:camille"]["unread"], rooms(camille)["dm:alex"]["unread"]) == (3, 0)
    read = {"room": "dm:camille", "seq": 2}
    assert alex.post(f"{HERE}/read", json=read).json() == read
    assert alex.post(f"{HERE}/read", json={**read, "seq": 1}).json()["seq"] == 2
    assert alex.post(f"{HERE}/read", json={**read, "seq": 2**53}).json()["seq"] == 3
    assert rooms(alex)["dm:camille"] == {**rooms(alex)["dm:camille"], "read": 3, "unread": 0}
    page = alex.get(f"{HERE}/messages?room=dm:camille&before=3").json()
    assert ([one["seq"] for one in page["messages"]], page["more"]) == ([1, 2], False)
    world.available("alex")
    people = camille.get(HERE).json()["colleagues"]
    assert (people[0]["id"], people[0]["present"], people[0]["status"]) == ("alex", True, "available")
    assert {one["id"] for one in people} == {"alex", "ana"}
    assert ana.get(HERE).status_code == 403
    assert tell(ana, "site", "c1").status_code == 403


def test_a_conversation_has_a_room_that_its_visitor_never_sees(world: World) -> None:
    camille, alex = world.console("camille@a.example"), world.console("alex@a.example")
    conv = world.conversation("v1", agent="camille")
    room = f"conv:{conv}"
    assert tell(alex, room, "c1", "offer him the belt").status_code == 200
    assert rooms(camille)[room]["unread"] == 1
    staff(world, "noor")
    noor = world.console("noor@a.example")
    assert room not in rooms(noor)
    assert noor.get(f"{HERE}/messages?room={room}").json()["messages"][0]["body"] == "offer him the belt"
    assert tell(world.console("bea@b.example"), room, "c1").status_code == 404
    assert all("belt" not in one.body for one in world.transcript(conv))


def test_what_cannot_be_said_is_refused_and_nothing_is_lost(world: World) -> None:
    camille = world.console("camille@a.example")
    for body, code in (("", "empty"), ("x" * 4001, "too_long"), ("a\u202eb", "bad_text"), ("\x00", "bad_text")):
        answer = tell(camille, "site", "c1", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert tell(camille, "site", "c1", "pay 4242 4242 4242 4242").json()["body"] == "pay •••• •••• •••• 4242"
    other = tell(camille, "site", "c1", "else")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "cid_conflict")
    assert tell(camille, "site", "a b", "x").status_code == 400
    codes = [tell(camille, "site", f"many{n}").status_code for n in range(30)]
    assert 429 in codes
    assert set(codes) == {200, 429}
    lines = camille.get(f"{HERE}/messages").json()["messages"]
    assert [one["seq"] for one in lines] == list(range(1, len(lines) + 1))
