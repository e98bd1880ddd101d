"""What mail and webhooks are delivered to in tests: receivers on loopback, and a canary that must hear nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP

from aparte.app.post import Post
from aparte.backends.memory.store import MemoryStore
from aparte.engine.leaving import Leaving
from aparte.outbox.model import Webhook, envelope, event_id
from aparte.outbox.store import Leave, SaveWebhook
from aparte.settings import Settings

NOW = 1_790_000_000_000


class Receiver:
    """Answers every POST; remembers what came. `status` may be a function of the number of the request."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.status: Callable[[int], int] = lambda number: 204
        self.headers = ""
        self.gate = asyncio.Event()
        self.gate.set()
        self.connections = 0

    @property
    def ids(self) -> list[str]:
        return [one["headers"]["aparte-event-id"] for one in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
            first, *lines = head.split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            body = await reader.readexactly(int(headers["content-length"]))
            self.got.append({"first": first, "headers": headers, "body": body, "json": json.loads(body)})
            status = self.status(len(self.got))
            await self.gate.wait()
            writer.write(f"HTTP/1.1 {status} X\r\n{self.headers}Content-Length: 3\r\n\r\nyes".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(host: str = "127.0.0.1") -> AsyncIterator[tuple[Receiver, int]]:
    """A receiver and its port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host, 0)
    async with server:
        yield receiver, server.sockets[0].getsockname()[1]
        receiver.gate.set()


class Mailbox:
    """What a mail server has taken; `refuse` answers instead of 250."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.refuse = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        self.got.append(envelope)
        return "250 taken"


@asynccontextmanager
async def mailing(**more: Any) -> AsyncIterator[tuple[Mailbox, int]]:
    """A mail server on loopback and its port."""
    box, loop = Mailbox(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, hostname="mail.test", loop=loop, **more), "127.0.0.1", 0)
    async with server:
        yield box, server.sockets[0].getsockname()[1]


class NoCore:
    """As much of a core as `Leaving` needs while nothing of the engine happens."""

    trouble = None
    leaving: Any = None

    def __init__(self, store: MemoryStore) -> None:
        self.store = store


class Office:
    """A store, its webhooks, and the task that delivers; `clock` is moved by hand, jitter is always whole."""

    def __init__(self, store: Any = None, **settings: Any) -> None:
        self.store = store or MemoryStore()
        self.clock = NOW
        self.leaving = Leaving(NoCore(self.store), None)  # type: ignore[arg-type]
        self.settings = Settings(**settings)
        self.number = 0
        self.task: asyncio.Task[None] | None = None

    def start(self, **more: Any) -> Post:
        self.leaving.hooks = {}
        for one in self.store.webhooks():
            self.leaving.keep(one)
        self.post = Post(self.store, self.leaving, self.settings, lambda: self.clock, dice=lambda: 1.0, **more)
        self.post.look_s = 0.02
        self.task = asyncio.create_task(self.post.run())
        return self.post

    async def stop(self) -> None:
        """As when the process is killed: nothing is tidied up."""
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def webhook(self, url: str, id: str = "w1", site: str = "a") -> Webhook:
        one = Webhook(id=id, site=site, url=url, events=("message.created",), secret=f"secret of {id}")
        await self.store.submit([SaveWebhook(one)])
        self.leaving.keep(one)
        return one

    async def happens(self, *lanes: str, site: str = "a") -> str:
        """A message is written that these webhooks hear of; the event's id."""
        self.number += 1
        id = event_id("message", str(self.number))
        data = envelope(id, "message.created", site, self.clock, {"n": self.number})
        await self.store.submit(
            [Leave(site, "webhook", lane, id, "message.created", data, self.clock) for lane in lanes]
        )
        return id

    async def until(self, done: Callable[[], Any], seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while not done():  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    def states(self, lane: str = "w1") -> list[str]:
        """Of a lane, the oldest first."""
        return [one.state for one in reversed(self.store.deliveries(lane, 1000))]
