"""Two shops with their staff behind a real server on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import uvicorn
import websockets
from argon2 import PasswordHasher
from fake_engine import FakeEngine, FakeStore

from aparte.sites.model import Site, Staff
from aparte.web.api import Doors
from aparte.web.desk import Desk, Timing, wall_clock
from aparte.web.pages import read_file

HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a long enough one"
QUICK = Timing(
    hello=0.4, ping=0.3, silence=1.5, authority=0.2, live=0.1, tick=0.05, poll=2.0, grace=0.3,
    away=0.2, left=0.6, agent_away=0.2, agent_left=0.6,
)  # fmt: skip


class Tokens:
    """Stands in for `sites/tokens.py`."""

    def verify(self, token: str, now_ms: int) -> str | None:
        kind, _, visitor = token.partition(".")
        return visitor if kind == "good" and visitor else None

    def make(self, visitor: str, now_ms: int) -> str:
        return f"good.{visitor}"


class World:
    """A server with an engine and a store that a test may look into. Its coroutines run on the server's loop."""

    def __init__(self, *, demo: bool = False, timing: Timing = QUICK) -> None:
        secret = hashlib.sha256(b"secret of a").hexdigest()
        other = hashlib.sha256(b"secret of b").hexdigest()
        sites = [
            Site(id="a", name="A", public_key="key-a", secret_key_hash=secret, secret_key_hint="of a"),
            Site(id="b", name="B", public_key="key-b", secret_key_hash=other, origins=("https://b.example",)),
        ]
        hash = HASHER.hash(PASSWORD)
        staff = [
            Staff(id="camille", site="a", email="camille@a.example", name="Camille", password_hash=hash),
            Staff(id="alex", site="a", email="alex@a.example", name="Alex", password_hash=hash),
            Staff(id="bea", site="b", email="bea@b.example", name="Bea", password_hash=hash),
        ]
        self.demo, self.timing = demo, timing
        self.store = FakeStore(sites, staff)
        self.humans: list[str] = []
        self.browsers: list[httpx.Client] = []
        self.clock_ms = 0
        self.static = {"console.html": read_file("console.html", b"<!doctype html>" + b"<p>" * 400),
                       "aparte.js": read_file("aparte.js", b"/* tag */" * 200)}  # fmt: skip

    async def serve(self, ready: threading.Event) -> None:
        now = lambda: wall_clock() + self.clock_ms  # noqa: E731
        self.engine = FakeEngine(self.store, now)
        engine: Any = self.engine
        store: Any = self.store
        desk = Desk(
            engine, store, Tokens(), demo=self.demo, on_human=self.humans.append, now=now, timing=self.timing,
            report=lambda site, language, *days: (200, f"<p>{site.id} {language} {days}</p>".encode()),
        )  # fmt: skip
        self.doors = Doors(desk, static=self.static, hasher=HASHER)
        config = uvicorn.Config(
            self.doors, log_level="critical", ws="websockets-sansio", ws_per_message_deflate=False, ws_max_size=2**17,
            ws_ping_interval=None, lifespan="off", timeout_graceful_shutdown=1,
        )  # fmt: skip
        self.server = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port = listening.getsockname()[1]
            self.loop = asyncio.get_running_loop()
            self.loop.call_soon(ready.set)
            await self.server.serve([listening])
        self.doors.hub.close()

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def call(self, function: Callable[[], Any]) -> Any:
        """Run a function on the server's loop."""

        async def work() -> Any:
            return function()

        return self.do(work())

    def console(self, email: str | None = None) -> httpx.Client:
        """A browser with the console open, signed in as somebody."""
        headers = {"Aparte-Console": "1", "Origin": self.http}
        client = httpx.Client(base_url=self.http, headers=headers, timeout=20)
        self.browsers.append(client)
        if email:
            answer = client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        return client

    def cookie(self, client: httpx.Client) -> dict[str, str]:
        return {"Cookie": f"aparte={client.cookies['aparte']}"}

    def conversation(self, visitor: str = "v1", site: str = "a", agent: str = "") -> str:
        """An open conversation; its id."""
        opened = self.do(self.engine.open_conversation(site, visitor, "fr"))
        if agent:
            self.call(lambda: self.engine.assign(opened.id, agent))
        return str(opened.id)

    def visitor_socket(self) -> AbstractAsyncContextManager[Any]:
        return websockets.connect(f"ws://127.0.0.1:{self.port}/v1/socket", compression=None, ping_interval=None)

    def agent_socket(self, client: httpx.Client | None, origin: str | None = None) -> AbstractAsyncContextManager[Any]:
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}/api/v1/socket", compression=None, ping_interval=None,
            additional_headers=self.cookie(client) if client else {}, origin=origin or self.http,  # type: ignore[arg-type]
        )  # fmt: skip


async def say(ws: Any, t: str, **members: Any) -> None:
    """Send a frame."""
    await ws.send(json.dumps({"t": t, **members}))


async def hear(ws: Any, *kinds: str) -> dict[str, Any]:
    """The next frame of one of these kinds; others are passed over, pings answered."""
    async with asyncio.timeout(10):
        while True:
            frame: dict[str, Any] = json.loads(await ws.recv())
            if frame["t"] == "ping" and "ping" not in kinds:
                await say(ws, "pong")
            elif frame["t"] in kinds:
                return frame


async def closed(ws: Any) -> int:
    """The code with which the server closes."""
    async with asyncio.timeout(15):
        while True:
            try:
                frame = json.loads(await ws.recv())
            except websockets.ConnectionClosed as end:
                return int(end.rcvd.code) if end.rcvd else 1006
            if frame["t"] == "ping":
                await say(ws, "pong")


async def hello(ws: Any, conv: str, visitor: str = "v1", key: str = "key-a", **more: Any) -> dict[str, Any]:
    """Say who one is; the welcome."""
    await say(ws, "hello", v=1, key=key, token=f"good.{visitor}", conv=conv, **{"epoch": None, "last_seq": 0, **more})
    return await hear(ws, "welcome", "reset")


async def until_closed(ws: Any) -> AsyncIterator[str]:
    """All frames, none answered."""
    with contextlib.suppress(websockets.ConnectionClosed):
        while True:
            yield await ws.recv()
