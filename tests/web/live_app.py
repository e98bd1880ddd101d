"""A server with an engine in memory, for tests in another process: `python live_app.py SETTINGS_AS_JSON`.

Prints one line, `ready PORT`. Within: /big a large answer, /wait an answer after the drain, a WebSocket that echoes.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
from door import TOKENS, MemoryEngine, site

from aparte.settings import Settings
from aparte.web.connections import Connections
from aparte.web.health import Health
from aparte.web.ingest import Ingest
from aparte.web.keys import Keys
from aparte.web.main import Main
from aparte.web.server import run, serve

BIG = 30_000_000


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """What is no event."""
    if scope["type"] == "websocket":
        await _echo(receive, send)
    elif scope["type"] == "http":
        await _page(scope, send)
    else:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})


async def _page(scope: Any, send: Any) -> None:
    if scope["path"] == "/wait":
        await asyncio.sleep(1)
    size = BIG if scope["path"] == "/big" else 2
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(size).encode())]})
    for _ in range(size // 1_000_000):
        await send({"type": "http.response.body", "body": b"x" * 1_000_000, "more_body": True})
    await send({"type": "http.response.body", "body": b"" if size == BIG else b"ok"})


async def _echo(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message.get("text") or message["bytes"].decode()})


async def main(settings: Settings, drained: Path) -> None:
    """Serve until SIGTERM."""
    engine = MemoryEngine()
    clock = lambda: time.time_ns() // 1_000_000  # noqa: E731
    ingest = Ingest(
        engine, Keys(lambda: [site()], clock), settings, clock=clock, ticks=time.monotonic, counts=engine.counts,
        tokens=TOKENS, new_id=lambda: secrets.token_hex(16),
    )  # fmt: skip
    connections = Connections(settings)
    app = Main(ingest, Health(engine.ready, ingest, connections, settings), inner, settings)

    async def on_drain() -> None:
        await asyncio.sleep(0.05)
        drained.write_text("drained", encoding="utf-8")  # noqa: ASYNC240  # nobody else waits by now

    def on_started(host: str, port: int) -> None:
        sys.stdout.write(f"ready {port}\n")
        sys.stdout.flush()

    await serve(app, settings, connections, on_started=on_started, on_drain=on_drain)


if __name__ == "__main__":
    run(main(msgspec.json.decode(sys.argv[1], type=Settings), Path(sys.argv[2])))
