"""A visitor who browses holds no socket: those that are open are the engaged visitors' and the agents'."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

from running import Line, Server, Shopper, metric, running, signed_in, standstill
from websockets.asyncio.client import connect

BROWSING, ENGAGED, AGENTS = 100, 3, 2
IDLE_S = 5
"""`deadlines.idle`."""


async def chats(server: Server, held: AsyncExitStack, shopper: Shopper) -> None:
    """A visitor opens a conversation and stays in it."""
    said = {"key": "demo", "token": shopper.token, "language": "fr", "url": "/shop"}
    found = await shopper.line.json("POST", "/v1/conversations", said)
    socket = await held.enter_async_context(
        connect(f"ws://127.0.0.1:{server.port}/v1/socket", compression=None, proxy=None)
    )
    hello = {"t": "hello", "v": 1, "key": "demo", "token": shopper.token, "conv": found["conversation"]["id"]}
    await socket.send(json.dumps(hello | {"epoch": None, "last_seq": 0}))
    assert json.loads(await socket.recv())["t"] == "welcome"


async def works(server: Server, held: AsyncExitStack) -> None:
    """An agent opens the console."""
    headers = {"Cookie": await signed_in(server), "Origin": server.url}
    uri = f"ws://127.0.0.1:{server.port}/api/v1/socket"
    socket = await held.enter_async_context(connect(uri, additional_headers=headers, compression=None, proxy=None))
    await socket.send('{"t":"hello","v":1}')
    assert json.loads(await socket.recv())["t"] == "snapshot"


async def until_left(server: Server, most: int, seconds: float) -> int:
    """How many connections are open, as soon as they are no more than this; or after so many seconds."""
    for _ in range(int(seconds / 0.1)):
        if server.connections() <= most:
            break
        await asyncio.sleep(0.1)
    return server.connections()


def test_open_sockets_are_engaged_visitors_and_agents_however_many_browse(tmp_path: Path) -> None:
    async def story(server: Server) -> None:
        shoppers = [Shopper(server, number) for number in range(BROWSING)]
        for _ in range(3):
            pages = [one.event("page", path="/shop") for one in shoppers]
            await asyncio.gather(*(one.pulse(page) for one, page in zip(shoppers, pages, strict=True)))
        assert await metric(server, "aparte_visitors") == BROWSING
        assert await metric(server, "aparte_sockets") == 0
        assert server.connections() >= BROWSING  # kept alive, not sockets: gone when nothing is asked of them
        async with AsyncExitStack() as held:
            for _ in range(AGENTS):
                await works(server, held)
            await asyncio.gather(*(chats(server, held, one) for one in shoppers[:ENGAGED]))
            await asyncio.gather(*(one.pulse() for one in shoppers))
            assert await metric(server, "aparte_sockets") == ENGAGED + AGENTS
            assert await until_left(server, ENGAGED + AGENTS, IDLE_S + 25) == ENGAGED + AGENTS
            assert all(one.line.reader is not None and one.line.reader.at_eof() for one in shoppers)
            await asyncio.gather(*(one.pulse() for one in shoppers))  # they come again as if nothing had been
            assert await metric(server, "aparte_sockets") == ENGAGED + AGENTS
        for one in shoppers:
            one.line.drop()
        assert await until_left(server, 0, 30) == 0
        assert await metric(server, "aparte_sockets") == 0

    with running("demo", "--data", str(tmp_path), "--no-simulation", "--no-history") as server:
        asyncio.run(story(server))


def test_a_connection_that_is_kept_but_not_used_is_closed(tmp_path: Path) -> None:
    async def story(server: Server) -> tuple[float, float]:
        line, clock = Line(server), asyncio.get_running_loop().time
        async with standstill() as stood:
            await line.call("GET", "/healthz")
            begun = clock()
            assert line.reader is not None
            async with asyncio.timeout(30):
                assert await line.reader.read() == b""
            lasted = clock() - begun
        line.drop()
        return lasted, stood[0]

    with running("serve", "--data", str(tmp_path)) as server:
        lasted, stood = asyncio.run(story(server))
        assert IDLE_S - 0.5 - stood <= lasted <= IDLE_S + 1.5 + stood
