"""The console's socket: the inbox, watched conversations, who may open it and how long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import websockets
from doors_world import QUICK, World, closed, hear, hello, say, until_closed
from msgspec.structs import replace


async def greeted(ws: Any, **more: Any) -> dict[str, Any]:
    await say(ws, "hello", v=1, **{"epoch": None, "pos": None, "tab": "t", **more})
    return await hear(ws, "snapshot", "resumed")


def test_the_snapshot_and_the_events_after_it_tell_the_same_as_a_fresh_look(world: World) -> None:
    camille = world.console("camille@a.example")
    conv = world.conversation("v1")

    async def story() -> None:
        async with world.agent_socket(camille) as ws:
            snapshot = await greeted(ws)
            assert [one["id"] for one in snapshot["queue"]] == [conv]
            assert snapshot["me"]["name"] == "Camille"
            world.says(conv, "v1", "Bonjour")
            event = await hear(ws, "conv")
            assert (event["conv"]["unread"], event["conv"]["last"]["body"]) == (1, "Bonjour")
            assert event["pos"] > snapshot["pos"]
            taken = camille.post(f"/api/v1/conversations/{conv}/take").json()
            assert taken["agent"] == {"id": "camille", "name": "Camille"}
            while (event := await hear(ws, "conv", "me")).get("me", {}).get("load") != 1:
                pass
            pos = event["pos"]
        lists = camille.get("/api/v1/conversations").json()
        assert [one["id"] for one in lists["mine"]] == [conv]
        async with world.agent_socket(camille) as ws:
            resumed = await greeted(ws, epoch=snapshot["epoch"], pos=snapshot["pos"])
            assert resumed["t"] == "resumed"
            first = await hear(ws, "conv", "me")
            assert first["pos"] == snapshot["pos"] + 1
            assert pos >= first["pos"]
        for epoch, at in (("another", 0), (snapshot["epoch"], pos + 100)):
            async with world.agent_socket(camille) as ws:
                again = await greeted(ws, epoch=epoch, pos=at)
                assert [one["id"] for one in again["mine"]] == [conv]
                assert again["queue"] == []

    asyncio.run(story())


def test_who_was_away_for_more_than_a_thousand_events_gets_a_snapshot(world: World) -> None:
    camille = world.console("camille@a.example")
    conv = world.conversation("v1")

    async def story() -> None:
        async with world.agent_socket(camille) as ws:
            snapshot = await greeted(ws)
        world.says(conv, "v1", *map(str, range(1_100)))
        async with world.agent_socket(camille) as ws:
            assert (await greeted(ws, epoch=snapshot["epoch"], pos=snapshot["pos"]))["t"] == "snapshot"

    asyncio.run(story())


def test_a_watched_conversation_is_answered_and_noted(world: World) -> None:
    camille, conv = world.console("camille@a.example"), world.conversation("v1", agent="camille")

    async def story() -> None:
        async with world.agent_socket(camille) as ws, world.visitor_socket() as visitor:
            await greeted(ws)
            await hello(visitor, conv)
            await say(ws, "watch", conv=conv, epoch=None, last_seq=0)
            welcome = await hear(ws, "welcome")
            assert (welcome["conv"], [one["kind"] for one in welcome["entries"]]) == (conv, ["join"])
            assert (await hear(ws, "presence"))["state"] == "connected"
            await say(visitor, "typing", on=True)
            assert await hear(ws, "typing") == {"t": "typing", "conv": conv, "who": "visitor", "on": True}
            await say(ws, "send", conv=conv, cid="n", kind="note", body="he haggles", assign_ver=1)
            assert await hear(ws, "ack") | {"ts": 0} == {"t": "ack", "conv": conv, "cid": "n", "seq": 2, "ts": 0}
            assert await hear(visitor, "entry") == {"t": "entry", "seq": 2, "kind": "hidden"}
            await say(ws, "typing", conv=conv, on=True)
            assert await hear(visitor, "typing") == {"t": "typing", "who": "agent", "on": True}
            await say(ws, "send", conv=conv, cid="t", kind="text", body="Bonjour", assign_ver=1)
            entry = await hear(visitor, "entry")
            assert (entry["name"], "cid" in entry) == ("Camille", False)
            await say(ws, "send", conv=conv, cid="u", kind="text", body="late", assign_ver=0)
            assert (await hear(ws, "nack"))["code"] == "not_assigned"

    asyncio.run(story())


def test_a_conversation_of_another_site_is_refused_in_every_frame(world: World) -> None:
    bea, conv = world.console("bea@b.example"), world.conversation("v1", agent="camille")

    async def story() -> None:
        async with world.agent_socket(bea) as ws:
            snapshot = await greeted(ws)
            assert (snapshot["mine"], snapshot["queue"]) == ([], [])
            frames: list[dict[str, Any]] = [
                {"t": "watch", "last_seq": 0},
                {"t": "send", "cid": "x", "kind": "text", "body": "x", "assign_ver": 1},
                {"t": "read", "seq": 1},
                {"t": "dlv", "seq": 1},
                {"t": "typing", "on": True},
            ]
            for frame in frames:
                await say(ws, frame.pop("t"), conv=conv, **frame)
                nack = await hear(ws, "nack", "ack", "welcome", "entry")
                assert (nack["t"], nack["code"]) == ("nack", "forbidden")
            world.says(conv, "v1", "secret")
            assert (await hear(ws, "ping", "conv", "entry", "gone"))["t"] == "ping"
        assert len(world.transcript(conv)) == 2

    asyncio.run(story())


def test_signing_out_closes_the_sockets_at_once(worlds: Callable[..., World]) -> None:
    world = worlds(timing=replace(QUICK, authority=60.0))
    camille = world.console("camille@a.example")

    async def story() -> None:
        async with world.agent_socket(camille) as ws:
            await greeted(ws)
            await asyncio.to_thread(camille.delete, "/api/v1/session")
            async with asyncio.timeout(20):
                assert [frame async for frame in until_closed(ws) if "entry" in frame] == []
            assert ws.close_code == 4001

    asyncio.run(story())


def test_who_is_no_longer_staff_loses_his_socket(world: World) -> None:
    second = world.console("alex@a.example")

    async def story() -> None:
        async with world.agent_socket(second) as ws:
            await greeted(ws)
            world.remove_staff("alex")
            assert await closed(ws) == 4001
        async with world.agent_socket(None) as ws:
            assert await closed(ws) == 4001

    asyncio.run(story())


def test_a_page_of_another_origin_cannot_open_a_socket(world: World) -> None:
    camille = world.console("camille@a.example")

    async def story() -> None:
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with world.agent_socket(camille, origin="https://evil.example"):
                pass
        assert refused.value.response.status_code == 403

    asyncio.run(story())


def test_while_memory_is_made_again_sockets_are_looked_after_and_then_the_live_list_comes_back(world: World) -> None:
    camille, core = world.console("camille@a.example"), world.engine.core

    async def story() -> None:
        async with world.agent_socket(camille) as ws:
            await greeted(ws)
            await say(ws, "live", on=True)
            await hear(ws, "live")
            world.call(lambda: setattr(core, "trouble", "a test"))
            for _ in range(3):
                await hear(ws, "ping")
            world.call(lambda: setattr(core, "trouble", None))
            assert (await hear(ws, "live"))["free"] == 0

    asyncio.run(story())


def test_the_live_list_goes_only_to_those_who_asked(world: World) -> None:
    camille, alex = world.console("camille@a.example"), world.console("alex@a.example")

    async def story() -> None:
        async with world.agent_socket(camille) as asks, world.agent_socket(alex) as silent:
            await greeted(asks)
            await greeted(silent)
            await say(asks, "live", on=True)
            for _ in range(3):
                assert (await hear(asks, "live"))["free"] == 0
            assert (await hear(silent, "ping", "live"))["t"] == "ping"

    asyncio.run(story())
