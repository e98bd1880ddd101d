"""A visitor's socket: nothing lost, nothing twice, nothing that is not his."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import Callable
from typing import Any

from doors_world import QUICK, World, closed, hear, hello, say, token_of, until_closed
from msgspec.structs import replace


def test_a_message_is_acknowledged_after_the_commit_and_shown_on_every_tab(world: World) -> None:
    conv = world.conversation(agent="camille")

    async def story() -> None:
        async with world.visitor_socket() as tab, world.visitor_socket() as other:
            welcome = await hello(tab, conv)
            await hello(other, conv)
            assert (welcome["state"], welcome["agent"]) == ("open", {"name": "Camille"})
            world.hold()
            await say(tab, "send", cid="c1", kind="text", body="Bonjour")
            await hear(tab, "ping")  # the disk is held: time passes, and nothing is said
            assert world.transcript(conv)[-1].kind == "join"
            world.release()
            first = await hear(tab, "ack", "entry")
            second = await hear(tab, "ack", "entry")
            seen = {first["t"]: first, second["t"]: second}
            assert seen["ack"] | {"ts": 0} == {"t": "ack", "cid": "c1", "seq": 2, "ts": 0}
            assert (seen["entry"]["seq"], seen["entry"]["cid"], seen["entry"]["by"]) == (2, "c1", "visitor")
            assert (await hear(other, "entry"))["body"] == "Bonjour"

    asyncio.run(story())


def test_before_the_commit_nobody_sees_the_message(world: World) -> None:
    conv = world.conversation()
    world.fill_disk()

    async def story() -> None:
        async with world.visitor_socket() as tab, world.visitor_socket() as other:
            await hello(tab, conv)
            await hello(other, conv)
            await say(tab, "send", cid="c1", kind="text", body="lost")
            nack = await hear(tab, "ack", "nack", "entry")
            assert (nack["t"], nack["code"], nack["retry_after"]) == ("nack", "unavailable", 2)
            assert (await hear(other, "ping", "entry"))["t"] == "ping"
            world.free_disk()
            while True:
                await say(tab, "send", cid="c1", kind="text", body="found")
                if (await hear(tab, "ack", "nack"))["t"] == "ack":
                    break
                await hear(tab, "ping")
            assert (await hear(other, "entry"))["body"] == "found"
        assert [one.body for one in world.transcript(conv)] == ["found"]

    asyncio.run(story())


def test_a_resent_message_whose_ack_was_lost_is_stored_once(world: World) -> None:
    conv = world.conversation()

    async def story() -> None:
        async with world.visitor_socket() as tab:
            await hello(tab, conv)
            await say(tab, "send", cid="c1", kind="text", body="once")
            first = await hear(tab, "ack")
        async with world.visitor_socket() as tab:
            welcome = await hello(tab, conv)
            assert [one["body"] for one in welcome["entries"]] == ["once"]
            await say(tab, "send", cid="c1", kind="text", body="once")
            assert await hear(tab, "ack") == first
            await say(tab, "send", cid="c1", kind="text", body="another")
            nack = await hear(tab, "nack", "ack")
            assert (nack["code"], nack["fatal"]) == ("cid_conflict", True)
        assert len(world.transcript(conv)) == 1

    asyncio.run(story())


def test_a_message_that_comes_while_the_store_is_read_is_not_missed(world: World) -> None:
    conv = world.conversation(agent="camille")
    lines = [f"{n}" for n in range(150)]

    async def reader() -> list[int]:
        async with world.visitor_socket() as tab:
            seqs = [one["seq"] for one in (await hello(tab, conv))["entries"]]
            while seqs[-1] < len(lines) + 1:
                seqs.append((await hear(tab, "entry"))["seq"])
            return seqs

    async def story() -> None:
        writing = asyncio.to_thread(lambda: [world.says(conv, "camille", line) for line in lines])
        _, *read = await asyncio.gather(writing, *(late(n) for n in range(5)))
        assert read == [list(range(1, len(lines) + 2))] * 5

    async def late(n: int) -> list[int]:
        while len(world.transcript(conv)) < 20 * n:  # noqa: ASYNC110 (no event of ours)
            await asyncio.sleep(0.005)
        return await reader()

    asyncio.run(story())


def test_a_reconnecting_tab_gets_exactly_what_it_lacks(world: World) -> None:
    conv = world.conversation(agent="camille")
    world.says(conv, "camille", *"01234")
    epoch = world.store.epoch()

    async def story() -> None:
        async with world.visitor_socket() as tab:
            welcome = await hello(tab, conv, epoch=epoch, last_seq=3)
            assert [one["seq"] for one in welcome["entries"]] == [4, 5, 6]
        async with world.visitor_socket() as tab:
            assert (await hello(tab, conv, epoch=epoch, last_seq=6))["entries"] == []
        for wrong, reason in ((("elsewhere", 3), "epoch"), ((epoch, 7), "position")):
            async with world.visitor_socket() as tab:
                reset = await hello(tab, conv, epoch=wrong[0], last_seq=wrong[1])
                assert (reset["t"], reset["reason"]) == ("reset", reason)
                assert [one["seq"] for one in (await hear(tab, "welcome"))["entries"]] == [1, 2, 3, 4, 5, 6]

    asyncio.run(story())


def test_whoever_was_away_too_long_begins_again_with_the_last_page(world: World) -> None:
    conv = world.conversation(agent="camille")
    world.says(conv, "camille", *(f"{n}" + "x" * (3_990 if n > 200 else 1) for n in range(250)))

    async def story() -> None:
        async with world.visitor_socket() as tab:
            reset = await hello(tab, conv, epoch=world.store.epoch(), last_seq=2)
            assert reset["reason"] == "too_far"
            welcome = await hear(tab, "welcome")
            seqs = [one["seq"] for one in welcome["entries"]]
            assert seqs == list(range(seqs[0], 252))
            assert welcome["more"] is True
            assert welcome["head"] == 251
            assert 50 < len(seqs) <= 200

    asyncio.run(story())


def test_a_note_of_the_agents_is_a_gap_without_words(world: World) -> None:
    conv = world.conversation(agent="camille")

    async def story() -> None:
        async with world.visitor_socket() as tab:
            await hello(tab, conv)
            world.says(conv, "camille", "he haggles", kind="note")
            assert await hear(tab, "entry") == {"t": "entry", "seq": 2, "kind": "hidden"}
        async with world.visitor_socket() as tab:
            assert (await hello(tab, conv))["entries"][1] == {"seq": 2, "kind": "hidden"}

    asyncio.run(story())


def test_a_conversation_of_somebody_else_is_refused(world: World) -> None:
    conv = world.conversation("v1")
    foreign = world.conversation("v1", site="b")

    async def story() -> None:
        tries: list[tuple[dict[str, Any], int]] = [
            ({"conv": conv, "visitor": "v2"}, 4003),
            ({"conv": foreign, "visitor": "v1"}, 4003),
            ({"conv": "0" * 32, "visitor": "v1"}, 4003),
            ({"conv": conv, "visitor": "v1", "token": "forged"}, 4001),
            ({"conv": conv, "visitor": "v1", "key": "no-key"}, 4001),
        ]
        for members, code in tries:
            async with world.visitor_socket() as ws:
                visitor = members.pop("visitor")
                frame = {"v": 1, "key": "key-a", "token": token_of(visitor), "epoch": None, "last_seq": 0, **members}
                await say(ws, "hello", **frame)
                assert await closed(ws) == code, members

    asyncio.run(story())


def test_marks_state_and_queue_are_told(world: World) -> None:
    before = world.conversation("v0")
    world.clock_ms += 1_000  # within one millisecond nobody is first
    conv = world.conversation("v1")

    async def story() -> None:
        async with world.visitor_socket() as tab:
            welcome = await hello(tab, conv)
            assert (welcome["state"], welcome["position"], welcome["agent"]) == ("queued", 2, None)
            world.assign(before, "camille")
            told = await hear(tab, "queue")
            assert (told["position"], told["wait_s"]) == (1, None)  # nobody is there: no wait that one could name
            world.assign(conv, "alex")
            told = {"t": "state", "state": "open", "agent": {"name": "Alex"}, "bot": False, "preview": False}
            assert await hear(tab, "state") == told
            await say(tab, "send", cid="c", kind="text", body="hello")
            await hear(tab, "ack")
            world.read(conv, "alex", 2, 1)
            assert await hear(tab, "wm") == {"t": "wm", "who": "agent", "dlv": 2, "read": 1}
            await say(tab, "read", seq=1)
            assert await hear(tab, "wm") == {"t": "wm", "who": "visitor", "dlv": 1, "read": 1}
            await say(tab, "survey", csat=5, nps=None, solved=True, comment="merci")
            await say(tab, "close")
            assert (await hear(tab, "state"))["state"] == "closed"
            assert world.found(conv).csat == 5

    asyncio.run(story())


def test_a_missing_hello_ends_a_socket(worlds: Callable[..., World]) -> None:
    world = worlds(timing=replace(QUICK, hello=0.5))

    async def story() -> None:
        async with world.visitor_socket() as mute:
            assert await closed(mute) == 4001

    asyncio.run(story())


def test_silence_ends_a_socket(worlds: Callable[..., World]) -> None:
    world = worlds(timing=replace(QUICK, silence=1.5))
    conv = world.conversation()

    async def story() -> None:
        async with world.visitor_socket() as silent:
            await hello(silent, conv)
            heard = [json.loads(frame)["t"] async for frame in until_closed(silent)]
            assert silent.close_code == 1001
            assert heard.count("ping") >= 2

    asyncio.run(story())


def test_frames_that_are_too_big_or_too_many_end_the_socket(world: World) -> None:
    conv = world.conversation()

    async def story() -> None:
        async with world.visitor_socket() as ws:
            await hello(ws, conv)
            await say(ws, "send", cid="c", kind="text", body="x" * 16_384)
            assert await closed(ws) == 1009
        async with world.visitor_socket() as ws:
            await hello(ws, conv)
            for _ in range(400):
                await say(ws, "pong")
            assert await closed(ws) == 4029

    asyncio.run(story())


def test_more_than_five_sockets_of_a_visitor_replace_the_oldest(world: World) -> None:
    conv = world.conversation()

    async def story() -> None:
        tabs: list[Any] = []
        for _ in range(6):
            tabs.append(await world.visitor_socket().__aenter__())
            await hello(tabs[-1], conv)
        assert await closed(tabs[0]) == 4009
        await say(tabs[1], "send", cid="c", kind="text", body="still here")
        assert (await hear(tabs[1], "ack"))["seq"] == 1
        for tab in tabs:
            await tab.close()

    asyncio.run(story())


def test_more_than_twenty_messages_at_once_are_told_to_wait(world: World) -> None:
    conv = world.conversation()

    async def story() -> None:
        async with world.visitor_socket() as ws:
            await hello(ws, conv)
            for n in range(30):
                await say(ws, "send", cid=f"c{n}", kind="text", body="spam")
            told = [await hear(ws, "ack", "nack") for _ in range(30)]
            refused = [one for one in told if one["t"] == "nack"]
            assert 20 <= 30 - len(refused) < 30
            assert {(one["code"], one["retry_after"]) for one in refused} == {("rate", 1)}
            assert len(world.transcript(conv)) == 30 - len(refused)

    asyncio.run(story())


def test_who_does_not_read_is_closed_and_delays_nobody(worlds: Callable[..., World]) -> None:
    world = worlds(timing=replace(QUICK, grace=0.3))
    conv = world.conversation(agent="camille")
    world.call(lambda: world.engine.connected("camille", 1))  # else she is thought to have left after a minute

    async def story() -> None:
        async with world.visitor_socket() as good:
            await hello(good, conv)
            stuck = [await stuck_reader(world, conv) for _ in range(3)]
            body = "漢" * 3_990
            loop = asyncio.get_running_loop()
            slowest = 0.0
            for n in range(900):
                began = loop.time()
                world.says(conv, "camille", f"{n}{body}")
                while (await hear(good, "entry"))["seq"] < n + 2:
                    pass
                slowest = max(slowest, loop.time() - began)
            assert slowest < 5.0
            async with asyncio.timeout(30):
                while world.doors.hub.counts()["sockets"] > 1:  # noqa: ASYNC110 (no event of ours)
                    await asyncio.sleep(0.02)
            assert world.running.connections.sockets == {"127.0.0.1": 1}
            for writer in stuck:
                writer.transport.abort()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()

    asyncio.run(story())


async def stuck_reader(world: World, conv: str) -> asyncio.StreamWriter:
    """A client that says hello and never reads a byte again."""
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # else the kernel reads for it
    small.connect(("127.0.0.1", world.port))
    reader, writer = await asyncio.open_connection(sock=small, limit=1024)
    writer.write(
        b"GET /v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    hello = {"t": "hello", "v": 1, "key": "key-a", "token": token_of("v1"), "conv": conv, "epoch": None, "last_seq": 0}
    data = json.dumps(hello).encode()
    writer.write(bytes([0x81, 0xFE]) + len(data).to_bytes(2, "big") + b"\0\0\0\0" + data)
    await writer.drain()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    return writer


def test_before_the_process_ends_everybody_is_asked_to_come_back(worlds: Callable[..., World]) -> None:
    world = worlds()
    conv = world.conversation()

    async def story() -> None:
        async with world.visitor_socket() as ws:
            await hello(ws, conv)
            assert world.call(world.doors.hub.drain) == 2000
            assert await hear(ws, "drain") == {"t": "drain", "within_ms": 2000}
            await say(ws, "send", cid="c", kind="text", body="the last word")
            assert (await hear(ws, "ack"))["seq"] == 1
            world.call(world.doors.hub.close)
            assert await closed(ws) == 1012

    asyncio.run(story())
