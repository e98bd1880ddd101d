"""Two shops with their staff behind the whole server on loopback: doors, engine and store, none of them pretended."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import websockets
from api_pool import lent
from argon2 import PasswordHasher

from aparte.app import open_store
from aparte.app.clock import wall_ms as now
from aparte.app.serve import Running
from aparte.backends.memory.store import MemoryStore
from aparte.backends.sqlite import schema
from aparte.conversations.model import Conversation, Entry
from aparte.conversations.store import Appended
from aparte.settings import Limits, Settings
from aparte.sites.model import Site, Staff
from aparte.sites.store import SaveSite, SaveStaff
from aparte.sites.tokens import make, token_keys
from aparte.web import api, server
from aparte.web.desk import Timing

HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PASSWORD = "a long enough one"
SECRET = b"the secret of all of these tests"
KEYS = token_keys(SECRET)
QUICK = Timing(
    hello=30.0, ping=0.3, silence=60.0, authority=0.2, live=0.1, tick=0.05, poll=30.0, grace=2.0,
    away=0.2, left=0.6, agent_away=0.2, agent_left=0.6, typing=60.0,
)  # fmt: skip
"""What a test waits for comes soon; what would end its story comes late, however busy the machine is."""
CAMPAIGNS = """
[site]
id = "a"
holdout = 0.0
[[campaigns]]
name = "cart-hesitation"
version = 3
holdout = 0.0
[[campaigns.rules]]
name = "twice"
when = "cart.value > 50"
offer = { channel = "chat", skill = "sales", message = { fr = "Une question ?" }, expires = "60s" }
"""
SITES = [
    Site(id="a", name="Maison A", public_key="key-a", secret_key_hash=hashlib.sha256(b"secret of a").hexdigest(),
         secret_key_hint="of a"),
    Site(id="b", name="Maison B", public_key="key-b", secret_key_hash=hashlib.sha256(b"secret of b").hexdigest(),
         origins=("https://b.example",)),
]  # fmt: skip
WRITING = ("COMMIT", "INSERT", "UPDATE", "DELETE")
STAFF = [
    ("camille", "a", "Camille", "agent"), ("alex", "a", "Alex", "agent"), ("ana", "a", "Ana", "analyst"),
    ("bea", "b", "Bea", "agent"),
]  # fmt: skip


def vid(name: str) -> str:
    """The id of a visitor whom the stories call so."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def token_of(name: str) -> str:
    """The token of this visitor's browser."""
    return make(KEYS, vid(name), now())


class Disk(schema.Connection):
    """The writer's connection: a commit can be held, and can fail as on a full disk."""

    held = threading.Event()
    held.set()
    full = False

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        """Run a statement; a commit as the test wants it."""
        if sql == "COMMIT":
            assert Disk.held.wait(30)
        if Disk.full and sql.startswith(WRITING):
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *values)


class Memory(MemoryStore):
    """The store in memory with the same two handles."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[Sequence[object], asyncio.Future[list[Any]]]] | None = None

    def submit(self, commands: Sequence[object]) -> asyncio.Future[list[Any]]:
        """At once, unless it is held."""
        if self.waiting is None:
            return super().submit(commands)
        future: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self.waiting.append((commands, future))
        return future

    def go_on(self) -> None:
        """Do what has waited."""
        waiting, self.waiting = self.waiting or [], None
        for commands, future in waiting:
            done = super().submit(commands)
            if (error := done.exception()) is None:
                future.set_result(done.result())
            else:
                future.set_exception(error)


class World:
    """A server that a test may look into. Its coroutines run on the server's loop; visitors have short names."""

    def __init__(
        self, data: Path, kind: str, *, timing: Timing = QUICK, settings: dict[str, Any] | None = None, **of_desk: Any
    ) -> None:
        self.data, self.kind, self.of_desk = data, kind, {"timing": timing, **of_desk}
        self.settings = settings or {}
        self.humans: list[str] = []
        self.browsers: list[httpx.Client] = []
        self.clock_ms = 0
        self.numbers = count()
        data.mkdir(parents=True)
        (data / "secret.key").write_text(SECRET.hex(), encoding="ascii")
        (data / "campaigns").mkdir()
        (data / "campaigns" / "a.toml").write_text(CAMPAIGNS, encoding="utf-8")

    async def serve(self, ready: threading.Event) -> None:
        """Serve until `stop`."""
        self.loop = asyncio.get_running_loop()
        self.store: Any = open_store(self.data) if self.kind == "sqlite" else Memory()
        password = HASHER.hash(PASSWORD)
        staff = [
            Staff(
                id=id, site=site, email=f"{id}@{site}.example", name=name, role=role, password_hash=password, maximum=2
            )
            for id, site, name, role in STAFF
        ]  # fmt: skip
        await self.store.submit([*map(SaveSite, SITES), *map(SaveStaff, staff)])
        await self.prepare()
        limits = Limits(connections_per_address=2_000)
        settings = Settings(**{"port": 0, "trusted_proxies": ("127.0.0.1",), "limits": limits, **self.settings})
        with lent() as filled:
            with patch.object(api, "console_api", filled):
                self.running = Running(
                    self.data, self.store, settings, clock=lambda: now() + self.clock_ms, hasher=HASHER,
                    on_human=self.humans.append, **self.of_desk,
                )  # fmt: skip
            self.engine, self.doors = self.running.engine, self.running.doors
            try:
                await self.running.run(self.doors, server.bind(settings), lambda url: ready.set())
            finally:
                self.store.close()

    async def prepare(self) -> None:
        """Write more into the store before the server is there."""

    def stop(self) -> None:
        """Ask it to end, and let the disk go on."""
        for browser in self.browsers:
            browser.close()
        Disk.full = False
        self.release()
        self.loop.call_soon_threadsafe(self.running.ending.set)

    @property
    def port(self) -> int:
        return self.running.port

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # The disk

    def hold(self) -> None:
        """No commit is done until `release`."""
        if self.kind == "sqlite":
            Disk.held.clear()
        else:
            self.call(lambda: setattr(self.store, "waiting", []))

    def release(self) -> None:
        """Commits go on."""
        if self.kind == "sqlite":
            Disk.held.set()
        else:
            self.call(self.store.go_on)

    def fill_disk(self) -> None:
        """From now on nothing can be written."""
        if self.kind == "sqlite":
            Disk.full = True
        else:
            self.store.recover_really, self.store.recover = self.store.recover, self.store.fail
            self.call(self.store.fail)

    def free_disk(self) -> None:
        """There is room again."""
        Disk.full = False
        if self.kind == "memory":
            self.store.recover = self.store.recover_really

    # Doing and looking

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run a coroutine on the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def call(self, function: Callable[[], Any]) -> Any:
        """Run a function on the server's loop."""

        async def work() -> Any:
            return function()

        return self.do(work())

    def found(self, conv: str) -> Conversation:
        """A conversation as it is on the disk."""
        found: Conversation = self.call(lambda: self.store.conversation(conv))
        return found

    def transcript(self, conv: str) -> list[Entry]:
        """All its entries."""
        return list(self.call(lambda: self.store.entries(conv, 0, 10_000)))

    def conversation(self, visitor: str = "v1", site: str = "a", agent: str = "") -> str:
        """An open conversation, in the queue unless an agent takes it; its id."""
        opened = self.do(self.engine.open_conversation(site, vid(visitor), "fr"))
        if agent:
            self.assign(opened.id, agent)
        return str(opened.id)

    def assign(self, conv: str, agent: str) -> Conversation:
        """An agent takes a conversation of site a."""
        taken = self.do(self.engine.take_conversation("a", agent, conv))
        assert isinstance(taken, Conversation), taken
        return taken

    def says(self, conv: str, who: str, *bodies: str, kind: str = "text") -> None:
        """A visitor (`v...`), or the agent who has it, writes these lines; all are committed."""
        self.do(self._says(conv, who, bodies, kind))

    async def _says(self, conv: str, who: str, bodies: Sequence[str], kind: Any) -> None:
        by: Any = "visitor" if who.startswith("v") else "agent"
        author, version = (vid(who), None) if by == "visitor" else (who, self.store.conversation(conv).assign_ver)
        work = [
            self.engine.send("a", conv, by, author, f"{by}-{next(self.numbers)}", kind, body, version)
            for body in bodies
        ]  # fmt: skip
        assert all(isinstance(one, Appended) for one in await asyncio.gather(*work))

    def read(self, conv: str, agent: str, delivered: int, read: int) -> None:
        """How far an agent has received and read."""
        self.do(self.engine.watermark("a", conv, "agent", agent, delivered, read))

    def available(self, agent: str) -> None:
        """He is at his desk and takes conversations."""
        self.call(lambda: self.engine.connected(agent, 1))
        self.do(self.engine.set_status(agent, "available"))

    def pulse(self, visitor: str, *events: dict[str, Any], key: str = "key-a") -> Any:
        """What a visitor's tag sends; the answer."""
        body = {"key": key, "token": token_of(visitor), "consent": "full", "visible": True, "events": list(events)}
        headers = {"User-Agent": BROWSER, "Origin": "https://a.example", "Content-Type": "text/plain"}
        answer = httpx.post(f"{self.http}/v1/pulse", content=json.dumps(body), headers=headers, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def hesitates(self, visitor: str) -> Any:
        """A visitor puts something dear into his cart; the answer to his pulse."""
        line = {"product_id": "p1", "name": "Linen shirt", "price": 60, "quantity": 1}
        page = {"url": "https://a.example/cart", "path": "/cart", "title": "Cart"}
        about = {"context": {"page": page}}
        return self.pulse(
            visitor,
            {"type": "page", "messageId": f"{visitor}-1", "properties": page, **about},
            {"type": "track", "event": "Product Added", "messageId": f"{visitor}-2", "properties": line, **about},
        )

    def remove_staff(self, *ids: str) -> None:
        """They are not staff any more."""
        if self.kind == "memory":
            self.call(lambda: [self.store._staff.pop(id) for id in ids])
            return
        with contextlib.closing(sqlite3.connect(self.data / "aparte.db", isolation_level=None, timeout=10)) as database:
            database.executemany("DELETE FROM staff WHERE id = ?", [(id,) for id in ids])

    # Who knocks

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
    async with asyncio.timeout(30):
        while True:
            frame: dict[str, Any] = json.loads(await ws.recv())
            if frame["t"] == "ping" and "ping" not in kinds:
                await pong(ws)
            elif frame["t"] in kinds:
                return frame


async def pong(ws: Any) -> None:
    """The answer to a ping; what closes the socket may have come with it."""
    with contextlib.suppress(websockets.ConnectionClosed):
        await say(ws, "pong")


async def closed(ws: Any) -> int:
    """The code with which the server closes."""
    async with asyncio.timeout(30):
        while True:
            try:
                frame = json.loads(await ws.recv())
            except websockets.ConnectionClosed as end:
                return int(end.rcvd.code) if end.rcvd else 1006
            if frame["t"] == "ping":
                await pong(ws)


async def hello(ws: Any, conv: str, visitor: str = "v1", key: str = "key-a", **more: Any) -> dict[str, Any]:
    """Say who one is; the welcome."""
    members = {"epoch": None, "last_seq": 0, **more}
    await say(ws, "hello", v=1, key=key, token=token_of(visitor), conv=conv, **members)
    return await hear(ws, "welcome", "reset")


async def until_closed(ws: Any) -> AsyncIterator[str]:
    """All frames, none answered."""
    with contextlib.suppress(websockets.ConnectionClosed):
        while True:
            yield await ws.recv()
