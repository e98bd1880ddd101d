"""P8: who does not read hurts nobody: others are as fast as before, memory stays bounded, and he is closed 4008."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from statistics import median
from typing import Any

from sizes import FULL, said
from sockets_support import KEY, Chat, Server, conv_id, prepare, quantile, watched_server

from aparte.web.connection import MOST_FRAMES, SLOW, Connection

CROWDS, IN_A_CROWD = (10, 5) if FULL else (2, 5)
"""Conversations, and sockets of each: as many as a visitor may have."""
LINES, SIZE = 500, 3_990
"""Of each conversation, three bytes a letter: more than a queue of 1 MiB, kernel buffers and all can take."""
MORE_BYTES = 64 * 1024 * 1024
SLOWER = 2.0 if FULL else 3.0
NOISE_S = 0.05


def test_sockets_that_are_never_read_slow_nobody_down(tmp_path: Path) -> None:
    data = tmp_path / "data"
    tokens = prepare(data, 2 * CROWDS + 1)
    with watched_server(data) as server:
        usual, stuck, grown, resumed = asyncio.run(story(tokens, server))
    said(
        f"P8: {CROWDS * IN_A_CROWD} sockets that are never read: others' p50 {median(usual):.4f} s before, "
        f"{median(stuck):.4f} s beside them, p99 {quantile(usual, 0.99):.4f} s and {quantile(stuck, 0.99):.4f} s, "
        f"memory +{grown / 2**20:.0f} MiB"
    )
    assert median(stuck) <= SLOWER * median(usual) + NOISE_S
    if FULL:
        assert quantile(stuck, 0.99) <= SLOWER * quantile(usual, 0.99) + NOISE_S
    assert grown <= MORE_BYTES
    assert resumed == LINES


async def story(tokens: list[str], server: Server) -> tuple[list[float], list[float], int, int]:
    good = Chat(2 * CROWDS, tokens[2 * CROWDS], server.port)
    talking = asyncio.create_task(good.run())
    async with asyncio.timeout(30):
        await good.here.wait()
    reading = [asyncio.create_task(reader(await member(n, tokens[n], server))) for n in members(range(CROWDS))]
    usual = await flooded(good, server, range(CROWDS))
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    before = server.resident()
    stuck = [await member(n, tokens[n], server, small=True) for n in members(range(CROWDS, 2 * CROWDS))]
    slowed = await flooded(good, server, range(CROWDS, 2 * CROWDS))
    async with asyncio.timeout(30):
        while (await asyncio.to_thread(server.ask, "/test/open"))["sockets"] > 1:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    grown = server.resident() - before
    for one in stuck:
        one.close()
    again = Chat(CROWDS, tokens[CROWDS], server.port)
    resuming = asyncio.create_task(again.run())
    async with asyncio.timeout(30):
        await again.here.wait()
    for task in (talking, resuming):
        task.cancel()
    await asyncio.gather(talking, resuming, return_exceptions=True)
    return usual, slowed, grown, again.head


def members(crowds: range) -> list[int]:
    return [n for n in crowds for _ in range(IN_A_CROWD)]


async def flooded(good: Chat, server: Server, crowds: range) -> list[float]:
    """Long lines in the crowds' conversations; meanwhile, how long somebody else's message takes to its ack."""
    known = set(good.acked)
    flood = asyncio.create_task(flood_all(server, crowds))
    while not flood.done():
        await good.say("x")
        async with asyncio.timeout(30):
            while good.outbox:  # noqa: ASYNC110 (no event of ours)
                await asyncio.sleep(0.002)
        await asyncio.sleep(0.15)  # five a second are allowed
    await flood
    return [took for cid, took in good.acked.items() if cid not in known]


async def flood_all(server: Server, crowds: range) -> None:
    for n in crowds:
        await asyncio.to_thread(server.ask, f"/test/flood?conv={conv_id(n)}&n={LINES}&size={SIZE}")


async def member(number: int, token: str, server: Server, *, small: bool = False) -> socket.socket:
    """A socket that has said hello."""
    one = socket.socket()
    if small:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # else the kernel reads for it
    one.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(one, ("127.0.0.1", server.port))
    head = (
        f"GET /v1/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Forwarded-For: 10.1.0."
        f"{number}\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await loop.sock_sendall(one, head.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await loop.sock_recv(one, 1024)
    hello = {"t": "hello", "v": 1, "key": KEY, "token": token, "conv": conv_id(number), "epoch": None, "last_seq": 0}
    data = json.dumps(hello).encode()
    await loop.sock_sendall(one, bytes([0x81, 0xFE]) + len(data).to_bytes(2, "big") + b"\0\0\0\0" + data)
    return one


async def reader(one: socket.socket) -> None:
    """Reads, and throws away."""
    loop = asyncio.get_running_loop()
    try:
        while await loop.sock_recv(one, 1 << 20):
            pass
    finally:
        one.close()


def test_a_slow_reader_is_told_why_when_he_reads_on_in_time() -> None:
    told: list[dict[str, Any]] = []

    async def story() -> None:
        reads, never = asyncio.Event(), asyncio.Event()
        incoming = [{"type": "websocket.connect"}]

        async def receive() -> dict[str, Any]:
            if not incoming:
                await never.wait()
            return incoming.pop()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "websocket.send":
                await reads.wait()
            told.append(message)

        scope = {"client": ("127.0.0.1", 1), "headers": []}
        one = Connection(scope, receive, send, frame=1024, grace=5.0)

        async def heard(data: bytes) -> None:
            raise AssertionError(data)

        serving = asyncio.create_task(one.run(heard))
        await asyncio.sleep(0)
        for n in range(MOST_FRAMES + 2):
            one.put({"t": "entry", "seq": n})
        assert one.closing
        reads.set()
        await serving

    asyncio.run(story())
    assert told[-1] == {"type": "websocket.close", "code": SLOW, "reason": "slow"}
    assert len(told) <= 3
