"""Slow clients, bombs, made-up visitors and an abuser, against the real server, while honest traffic goes on.

P17 to P20 of the promises. `APARTE_LONG=1` asks for their whole figures, on a machine that does nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import time
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from running import LONG, Line, Server, Shopper, call, figure, instant, metric, post, running, standstill
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

MIB = 1024 * 1024
SLOWEST_S = 15
"""How long a client may take for what it has begun."""
NOTICED_S = 1.5
STALL_S = 1.0
"""A disk that others use too stalls now and then for part of a second, and with it everybody who waits for a commit."""
BASIC = f"Authorization: Basic {b64encode(b'demo:').decode()}\r\nContent-Type: application/json\r\n"
HEAD = b"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\n" + BASIC.encode()
WIDE = {"limits_site_rate": 1_000_000, "limits_site_burst": 1_000_000}


@pytest.fixture
def demo(tmp_path: Path) -> list[str]:
    """The demo without anybody in it."""
    return ["demo", "--data", str(tmp_path), "--no-simulation", "--no-history"]


class Honest:
    """Visitors who pulse with a page each second; what they are answered, and how quickly."""

    def __init__(self, server: Server, count: int) -> None:
        self.shoppers = [Shopper(server, number) for number in range(count)]
        self.took: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.failed: list[str] = []

    async def browse(self, shopper: Shopper) -> None:
        """One visitor, until cancelled."""
        while True:
            begun = time.perf_counter()
            said = {"key": "demo", "token": shopper.token, "consent": "full", "visible": True, "sentAt": instant(0)}
            body = json.dumps(said | {"events": [shopper.event("page", path="/shop")]}).encode()
            try:
                async with asyncio.timeout(20):
                    status, text = await shopper.line.call("POST", "/v1/pulse", body)
            except EOFError:
                continue  # the server closed the idle connection at the very moment: browsers send it again
            except (OSError, TimeoutError) as error:
                self.failed.append(repr(error))
                continue
            self.statuses[status] += 1
            shopper.token = json.loads(text).get("token") or shopper.token
            self.took.append(time.perf_counter() - begun)
            await asyncio.sleep(1)

    @asynccontextmanager
    async def there(self) -> AsyncIterator[Honest]:
        """They browse meanwhile."""
        tasks = []
        for shopper in self.shoppers:
            tasks.append(asyncio.create_task(self.browse(shopper)))
            await asyncio.sleep(1 / len(self.shoppers))
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for shopper in self.shoppers:
                shopper.line.drop()

    def slowest(self) -> float:
        """The 99th percentile of what was measured since the last call, in seconds."""
        took, self.took = sorted(self.took), []
        return took[len(took) * 99 // 100]

    def all_well(self) -> None:
        """Nobody was refused, nothing failed."""
        assert self.failed == []
        assert self.statuses.keys() == {200}, self.statuses


# Slow and idle clients


async def drip(server: Server, first: bytes, more: bytes) -> float:
    """Send a beginning, then a byte a second; after how many seconds the server has enough."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    begun = time.monotonic()
    reading = asyncio.create_task(reader.read())
    try:
        writer.write(first)
        for at in range(60):
            done, _ = await asyncio.wait({reading}, timeout=1)
            if done:
                break
            writer.write(more[at : at + 1])
        return time.monotonic() - begun
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await reading


async def beside_slow(server: Server, each: int) -> tuple[float, list[float], float, Honest]:
    """Slow clients of every kind beside honest ones: p99 before, when the slow ones were cut off, and how long this
    machine stood still."""
    slow = [
        (HEAD, b"X-Slow: " + b"x" * 60),
        (HEAD + b"Content-Length: 1000\r\n\r\n", b" " * 60),
        (b"", b""),
        (b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
    ]
    async with Honest(server, 100).there() as honest:
        await asyncio.sleep(4)
        before = honest.slowest()
        async with standstill() as stood:
            lasted = await asyncio.gather(*(drip(server, *one) for one in slow for _ in range(each)))
        return before, lasted, stood[0], honest


def test_slow_and_idle_clients_are_cut_off_and_starve_nobody(demo: list[str]) -> None:
    with running(*demo) as server:
        before, lasted, stood, honest = asyncio.run(beside_slow(server, 500 if LONG else 125))
        during = honest.slowest()
    honest.all_well()
    figure(f"slow: cut off after {max(lasted):.1f} s at most; p99 {before * 1000:.0f} -> {during * 1000:.0f} ms")
    assert max(lasted) <= SLOWEST_S + NOTICED_S + stood
    if LONG:
        assert during <= max(2 * before, STALL_S)


# Bombs


def bombs() -> dict[str, tuple[bytes, str]]:
    """Small bodies that want to become large, and what a parser chokes on."""
    huge = gzip.compress(b" " * (200 * MIB), 9)
    twice = gzip.compress(gzip.compress(b"\0" * (100 * MIB), 9), 9)
    deep = b'{"batch":' + b"[" * 200_000
    wide = b'{"batch":[{"type":"track","event":"x","properties":{' + b'"a":1,' * 80_000 + b'"b":1}}]}'
    form = b"data=" + b64encode(huge).replace(b"+", b"%2B")
    return {
        "gzip": (huge, "Content-Encoding: gzip\r\n"),
        "gzip without the header": (huge, ""),
        "gzip in gzip": (twice, "Content-Encoding: gzip\r\n"),
        "gzip in a form": (form, ""),
        "a hundred members": (gzip.compress(b"x" * 400_000) * 800, "Content-Encoding: gzip\r\n"),
        "deflate": (b"x\x9c" + b"\0" * 10_000, "Content-Encoding: deflate\r\n"),
        "deep": (deep, ""),
        "wide": (wide, ""),
        "headers": (b"{}", "X: y\r\n" * 10_000),
        "cookie": (b"{}", f"Cookie: {'c' * MIB}\r\n"),
    }


async def thrown(server: Server, body: bytes, headers: str) -> int:
    """The status of the answer; 0 when the server hung up before we had sent everything."""
    try:
        async with asyncio.timeout(30):
            return (await post(server.port, "/v1/batch", body, BASIC + headers))[0]
    except (OSError, EOFError):
        return 0


async def frame_of(server: Server, size: int) -> int:
    """The code with which a socket is closed that sends such a frame."""
    async with connect(f"ws://127.0.0.1:{server.port}/v1/socket", proxy=None) as socket:
        with contextlib.suppress(ConnectionClosed):
            await socket.send("x" * size)
            await socket.recv()
        return socket.close_code or 0


def test_bombs_are_refused_in_little_memory_while_honest_visitors_go_on(demo: list[str]) -> None:
    statuses: dict[str, set[int]] = {}
    made = bombs()

    async def story(server: Server) -> tuple[int, Honest]:
        async with Honest(server, 20).there() as honest:
            await asyncio.sleep(3)
            before = most = server.memory
            for name, bomb in made.items():
                throwing = [asyncio.create_task(thrown(server, *bomb)) for _ in range(10)]
                while not all(one.done() for one in throwing):
                    most = max(most, server.memory)
                    await asyncio.sleep(0.01)
                statuses[name] = {one.result() for one in throwing}
            assert await frame_of(server, MIB) == 1009
        while await metric(server, "aparte_body_bytes"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return most - before, honest

    with running(*demo) as server:
        grown, honest = asyncio.run(asyncio.wait_for(story(server), 120))
    honest.all_well()
    figure(f"bombs: {statuses}; memory +{grown / MIB:.0f} MiB")
    for name in ("gzip", "gzip without the header", "gzip in a form", "a hundred members"):
        assert statuses[name] == {413}, name
    assert statuses["gzip in gzip"] == {400}  # unpacked once
    assert statuses["deflate"] == {415}
    assert statuses["deep"] == {400}
    assert statuses["headers"] | statuses["cookie"] <= {431, 0}
    assert statuses["wide"] <= {200, 400, 413}
    assert grown <= 64 * MIB


# Made-up visitors


def crowd(first: int, count: int) -> bytes:
    """As many messages, each of a visitor who was never heard of."""
    now = instant(0)
    made = [
        {"type": "page", "messageId": f"m{n}", "anonymousId": f"made-up-{n:032x}", "timestamp": now}
        for n in range(first, first + count)
    ]
    return json.dumps({"batch": made}).encode()


async def invade(server: Server, whole: int, at_a_time: int) -> int:
    """Send them, four bodies at a time; the most memory that the server had."""
    todo, most = iter(range(0, whole, at_a_time)), [0]

    async def sends(worker: int) -> None:
        line = Line(server)
        for first in todo:
            line.address = f"10.{100 + worker}.{first // at_a_time >> 8 & 255}.{first // at_a_time & 255}"
            while True:
                with contextlib.suppress(EOFError):
                    status, text = await line.call("POST", "/v1/batch", crowd(first, at_a_time), BASIC)
                    if status == 200:
                        break
                    assert status in (429, 503), text
                await asyncio.sleep(0.1)
            most[0] = max(most[0], server.memory)
        line.drop()

    await asyncio.gather(*(sends(worker) for worker in range(4)))
    return most[0]


async def chat(server: Server, took: list[float]) -> int:
    """A visitor who writes on and on; how many of his messages are there in the end, each once and in order."""
    begun = await call(
        server, "POST", "/v1/conversations", {"key": "demo", "token": None, "language": "fr", "url": "/"}
    )
    conv, said = begun["conversation"]["id"], {"key": "demo", "token": begun["token"]}
    path, sent = f"/v1/conv/{conv}/entries", 0
    line = Line(server, "10.9.9.9")
    try:
        while True:
            before = time.perf_counter()
            entry = {"cid": f"c{sent}", "kind": "text", "body": f"line {sent}"}
            with contextlib.suppress(EOFError):
                found: Any = await line.json("POST", path, said | {"entries": [entry]})
                assert found["results"][0]["t"] == "ack", found
                took.append(time.perf_counter() - before)
                sent += 1
                await asyncio.sleep(0.5)
    except asyncio.CancelledError:
        headers = f"Authorization: Bearer {said['token']}\r\nAparte-Key: demo\r\n"
        found = await call(server, "GET", f"{path}?after={max(0, sent - 150)}", headers=headers)
        bodies = [one["body"] for one in found["entries"]]
        assert bodies[-1] in (f"line {sent - 1}", f"line {sent}")
        assert bodies == [f"line {int(bodies[0].split()[1]) + n}" for n in range(len(bodies))]
        return sent
    finally:
        line.drop()


def test_made_up_visitors_cost_little_memory_and_disturb_no_chat(demo: list[str]) -> None:
    whole = 1_000_000 if LONG else 20_000
    took: list[float] = []

    async def story(server: Server) -> tuple[int, int, float]:
        chatting = asyncio.create_task(chat(server, took))
        await asyncio.sleep(2)
        before, begun = server.memory, time.monotonic()
        most = await invade(server, whole, 500)
        seconds = time.monotonic() - begun
        chatting.cancel()
        assert await chatting > 3
        return before, most, seconds

    with running(*demo, **WIDE) as server:
        before, most, seconds = asyncio.run(story(server))
        took.sort()
    each = (most - before) / min(whole, 200_000)
    figure(f"{whole:,} made-up visitors in {seconds:.0f} s: {most / MIB:.0f} MiB at most, {each:.0f} B each")
    figure(f"chat meanwhile: {len(took)} messages, slowest {took[-1] * 1000:.0f} ms")
    assert most <= 1024 * MIB
    assert each <= 6_000
    if LONG:
        assert took[-1] <= 5


# One abuser


def test_one_abuser_at_ten_times_the_allowance_drowns_nobody(demo: list[str]) -> None:
    """The allowance of an address is 200 messages a second; the abuser tries 2,000."""
    refused: Counter[int] = Counter()

    async def abuse(server: Server, seconds: float) -> float:
        line, started, sent = Line(server, "203.0.113.66"), time.monotonic(), 10_000_000
        while time.monotonic() < started + seconds:
            begun = time.monotonic()
            with contextlib.suppress(EOFError):
                status, _ = await line.call("POST", "/v1/batch", crowd(sent, 50), BASIC)
                refused[status] += 50
            sent += 50
            await asyncio.sleep(max(0.0, 0.025 - (time.monotonic() - begun)))
        line.drop()
        return time.monotonic() - started

    async def story(server: Server) -> tuple[float, float, float, Honest]:
        async with Honest(server, 100).there() as honest:
            await asyncio.sleep(4)
            before = honest.slowest()
            lasted = await abuse(server, 6)
            return lasted, before, honest.slowest(), honest

    with running(*demo) as server:
        lasted, before, during, honest = asyncio.run(story(server))
    honest.all_well()
    figure(f"abuser: {dict(refused)} messages by status; p99 {before * 1000:.0f} -> {during * 1000:.0f} ms")
    assert refused.keys() == {200, 429}
    assert refused[200] <= 1_000 + 200 * lasted + 200  # what an address may do, and no more
    if LONG:
        assert refused[429] > 3 * refused[200]  # a machine that is busy cannot send so much
        assert during <= max(2 * before, STALL_S)
