"""A frame to many sockets, ours and the peer's, in one process with one crowd of clients: `_fan_out.py CROWD FRAMES`.

The clients are child processes' bare sockets that read and throw away; CPU is this process's, all of it the sender's.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import sys
import time
from typing import Any

import uvicorn
import uvloop
import websockets
from websockets.asyncio.server import broadcast, serve

from aparte.settings import Limits, Settings
from aparte.web.connection import Connection
from aparte.web.connections import Connections, GuardedHttp
from aparte.web.plain import encode

UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
ENTRY = {"t": "entry", "seq": 1, "id": "ent_0123456789", "by": "agent", "kind": "text", "body": "Yes, in all. " * 6,
         "ts": 1_790_000_000_000, "name": "Camille"}  # fmt: skip
ours: set[Connection] = set()


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Our side: a Connection for each socket."""
    if scope["type"] != "websocket":
        return
    one = Connection(scope, receive, send, frame=1024, grace=1.0)
    ours.add(one)

    async def heard(data: bytes) -> None:
        return

    await one.run(heard)


async def client(port: int) -> None:
    """Reads, and throws away."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(UPGRADE)
    while await reader.read(1 << 20):
        pass


async def crowd(port: int, size: int) -> None:
    """All of them."""
    await asyncio.gather(*(client(port) for _ in range(size)))


def spawn(port: int, size: int) -> int:
    """The crowd in a process of its own; its id."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(crowd(port, size))
        finally:
            os._exit(0)
    return child


async def measured(tell: Any, frames: int) -> float:
    """CPU microseconds a frame and socket."""
    begun = time.process_time()
    for _ in range(frames):
        tell()
        for _ in range(20):
            await asyncio.sleep(0.001)
    return time.process_time() - begun


async def main(ports: list[int], size: int, frames: int, sockets: list[Any]) -> None:
    """Both, turn by turn."""
    connections = Connections(Settings(limits=Limits(sockets_per_address=5_000)))
    connections.start(asyncio.get_running_loop())
    http: Any = functools.partial(GuardedHttp, connections_=connections)
    config = uvicorn.Config(app, http=http, ws="websockets-sansio", log_config=None, ws_ping_interval=None,
                            ws_per_message_deflate=False, lifespan="off")  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[sockets[0]]))

    async def theirs_open(connection: Any) -> None:
        await connection.wait_closed()

    async with serve(theirs_open, sock=sockets[1], compression=None, ping_interval=None) as theirs:
        while len(ours) < size or len(theirs.connections) < size:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        nothing = min([await measured(lambda: None, frames) for _ in range(2)])

        def tell_ours() -> None:
            frame = encode(ENTRY)
            for one in ours:
                one.put_encoded(frame)

        def tell_theirs() -> None:
            broadcast(theirs.connections, encode(ENTRY).decode())

        mine, peer = [], []
        for _ in range(3):
            mine.append(await measured(tell_ours, frames))
            peer.append(await measured(tell_theirs, frames))
        each = 1e6 / frames / size
        print(
            json.dumps({"ours_us": (min(mine) - nothing) * each, "theirs_us": (min(peer) - nothing) * each}), flush=True
        )
        os._exit(0)
    del serving


if __name__ == "__main__":
    import socket

    made = [socket.create_server(("127.0.0.1", 0), backlog=2048) for _ in range(2)]
    known = [one.getsockname()[1] for one in made]
    wanted = int(sys.argv[1])
    children = [spawn(port, wanted) for port in known]
    assert websockets
    uvloop.run(main(known, wanted, int(sys.argv[2]), made))
