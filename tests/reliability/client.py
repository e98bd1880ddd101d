"""Clients that follow the delivery protocol to the letter (C1 to C4, C6): a visitor's page by WebSocket or long poll.

A page may die at any time (`leave`); the next one with the same outbox file goes on. What it is told by the server and
what was shown is kept in `Screen`; what was written and acknowledged, for the judge, in `Ledger`.
"""

from __future__ import annotations

import asyncio
import json
import random
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from http_line import GONE, HttpLine
from msgspec import Struct
from screen import Screen
from unacknowledged import Item, Outbox
from websockets.asyncio.client import ClientConnection, connect

Told = dict[str, Any]
KEY = "key-of-the-shop"
STOPPED = (4001, 4003)
"""Close codes after which nobody comes back (C4)."""


class Pace(Struct, frozen=True):
    """Seconds; those of the protocol are 1, 1, 30, 10, 35 and 25."""

    first: float = 0.02
    base: float = 0.01
    cap: float = 0.15
    ack: float = 2.0
    silent: float = 35.0
    wait: float = 25.0


class Written(NamedTuple):
    """A message as its page knows it."""

    item: Item
    page: str
    number: int


class Ledger:
    """What was ever written and what was ever acknowledged, beyond the lives of pages."""

    def __init__(self) -> None:
        self.written: dict[str, Written] = {}
        self.acked: dict[str, int] = {}
        self.violations: list[str] = []
        self.put_off = 0
        """Refusals for now (`retry_after`)."""
        self._numbers: dict[str, int] = {}

    def write(self, page: str, conv: str, random_: random.Random) -> Item:
        """A new message of this page."""
        number = self._numbers[page] = self._numbers.get(page, 0) + 1
        item = Item(f"{random_.getrandbits(128):032x}", conv, f"{page} says {number} in {conv[:6]}")
        self.written[item.cid] = Written(item, page, number)
        return item

    def ack(self, cid: str, seq: int) -> None:
        """The server says that it has it; it must never say anything else afterwards."""
        if self.acked.setdefault(cid, seq) != seq:
            self.violations.append(f"{cid} was acknowledged as {self.acked[cid]}, then as {seq}")


class Page(ABC):
    """What both transports share: outbox, screens, coming back. `port` is the server's, or a proxy's."""

    def __init__(self, name: str, port: int, convs: list[str], folder: Path, ledger: Ledger, pace: Pace) -> None:
        self.name, self.port, self.ledger, self.pace = name, port, ledger, pace
        self.random = random.Random(f"{name} {len(ledger.written)}")
        self.outbox = Outbox(folder / f"{name}.outbox")
        self.screens = {conv: Screen(name) for conv in convs}
        for item in self.outbox.waiting.values():
            self.screens[item.conv].echoes[item.cid] = item.body
        self.live: set[str] = set()
        """Conversations that were welcomed on this connection."""
        self.lines = 0
        """Connections that were made."""
        self.clears_on_send = False
        """The planted defect of P4."""
        self._sent: dict[str, float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Live."""
        self._task = asyncio.create_task(self.run())

    async def leave(self) -> None:
        """Die: nothing is said, nothing is saved."""
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self.outbox.close()

    def failed(self) -> None:
        """Raise what has ended the page, which nothing may do."""
        if self._task is not None and self._task.done():
            self._task.result()

    async def run(self) -> None:
        """Come back for ever: the first time soon, then with full jitter (C4)."""
        attempt = 0
        while True:
            before = self.lines
            with suppress(*GONE):
                await self.connection()
            self.live.clear()
            self._sent.clear()
            attempt = 0 if self.lines > before else attempt + 1
            most = self.pace.first if attempt == 0 else min(self.pace.cap, self.pace.base * 2**attempt)
            await asyncio.sleep(self.random.uniform(0, most))

    @abstractmethod
    async def connection(self) -> None:
        """One connection, from its first byte to its end; `lines` grows when it was of use."""

    def write(self, conv: str) -> None:
        """The human presses Enter: kept, shown as an echo, sent."""
        item = self.ledger.write(self.name, conv, self.random)
        self.outbox.add(item)
        self.screens[conv].echoes[item.cid] = item.body
        self.post(item)

    @abstractmethod
    def post(self, item: Item) -> None:
        """Send it if that can be done now; otherwise it waits for the next welcome."""

    def sent(self, cid: str) -> None:
        """It is on its way."""
        self._sent.setdefault(cid, monotonic())
        if self.clears_on_send:
            self.outbox.done(cid)

    def answered(self, told: Told) -> bool:
        """An `ack` or `nack`; False when the message has to be sent again later."""
        cid = told["cid"]
        self._sent.pop(cid, None)
        if told["t"] == "ack":
            self.outbox.done(cid)
            self.ledger.ack(cid, told["seq"])
            return True
        return self.refused(told)

    def refused(self, told: Told) -> bool:
        """A `nack`: for now, or for good, which nothing that is written here deserves."""
        if "retry_after" in told:
            self.ledger.put_off += 1
            return False
        self.ledger.violations.append(f"{self.name}: {told}")
        return True

    @property
    def overdue(self) -> bool:
        """A message waits longer for its acknowledgement than it should (C1)."""
        return any(monotonic() - at > self.pace.ack for at in self._sent.values())

    @property
    def quiet(self) -> bool:
        """Nothing waits, and every echo has become a line."""
        return not self.outbox.waiting and not any(screen.echoes for screen in self.screens.values())


class SocketPage(Page):
    """A page with a WebSocket."""

    path = ""
    headers: dict[str, str] = {}  # noqa: RUF012  (replaced, never changed)

    def __init__(self, *words: Any) -> None:
        super().__init__(*words)
        self._socket: ClientConnection | None = None
        self._heard = 0.0
        self._puts: set[asyncio.Task[None]] = set()

    async def connection(self) -> None:
        """Connect, greet, listen."""
        uri = f"ws://127.0.0.1:{self.port}{self.path}"
        more: Any = {"additional_headers": self.headers, "compression": None, "proxy": None, "ping_interval": None}
        async with asyncio.timeout(self.pace.ack):
            socket = await connect(uri, close_timeout=0.05, **more)
        self._socket, self._heard = socket, monotonic()
        watching = asyncio.create_task(self.watch(socket))
        try:
            await self.greet(socket)
            async for text in socket:
                self._heard = monotonic()
                await self.heard(socket, json.loads(text))
        finally:
            self._socket = None
            watching.cancel()
            socket.transport.abort()
        if socket.close_code in STOPPED:
            self.ledger.violations.append(f"{self.name}: sent away with {socket.close_code}")

    async def watch(self, socket: ClientConnection) -> None:
        """No acknowledgement, or nothing at all, for too long: come back."""
        while True:
            await asyncio.sleep(self.pace.ack / 8)
            if self.overdue or monotonic() - self._heard > self.pace.silent:
                socket.transport.abort()

    @abstractmethod
    async def greet(self, socket: ClientConnection) -> None:
        """Say who it is, and what it has."""

    @abstractmethod
    def conv_of(self, frame: Told) -> str:
        """Of which conversation a frame speaks."""

    def frame(self, item: Item) -> Told:
        """A message as a frame."""
        return {"t": "send", **item.wire()}

    async def heard(self, socket: ClientConnection, frame: Told) -> None:
        """One frame."""
        match frame["t"]:
            case "welcome":
                self.welcomed(self.conv_of(frame), frame)
            case "entry":
                if not self.screens[self.conv_of(frame)].entry(frame):
                    socket.transport.abort()  # C2: a hole is not shown
            case "reset":
                self.screens[self.conv_of(frame)].epoch = None
            case "ack" | "nack" if frame.get("cid"):
                if not self.answered(frame):
                    socket.transport.abort()
            case "ping":
                await socket.send('{"t":"pong"}')
            case _:
                pass

    def welcomed(self, conv: str, frame: Told) -> None:
        """What was missed; then everything that waits is sent again, in its order."""
        screen = self.screens[conv]
        again = bool(screen.rows) and screen.epoch is None
        screen.epoch = frame["epoch"]
        if not screen.page(frame["entries"], again=again) and self._socket is not None:
            self._socket.transport.abort()
            return
        self.lines += 1
        self.live.add(conv)
        for item in self.outbox.of(conv):
            self.post(item)

    def post(self, item: Item) -> None:
        """Send it on a connection that is welcome."""
        if self._socket is not None and item.conv in self.live:
            self.sent(item.cid)
            task = asyncio.ensure_future(self._put(self._socket, self.frame(item)))
            self._puts.add(task)
            task.add_done_callback(self._puts.discard)

    async def _put(self, socket: ClientConnection, frame: Told) -> None:
        with suppress(*GONE):
            await socket.send(json.dumps(frame))


class VisitorSocket(SocketPage):
    """A visitor's tab."""

    path = "/v1/socket"

    def __init__(self, token: str, *words: Any) -> None:
        super().__init__(*words)
        self.token = token
        (self.conv,) = self.screens

    async def greet(self, socket: ClientConnection) -> None:
        """`hello`."""
        screen = self.screens[self.conv]
        said = {"t": "hello", "v": 1, "key": KEY, "token": self.token, "conv": self.conv, "tab": self.name}
        await socket.send(json.dumps({**said, "epoch": screen.epoch, "last_seq": screen.last}))

    def conv_of(self, frame: Told) -> str:
        """The only one."""
        return self.conv


class VisitorPoll(Page):
    """A visitor's tab where sockets do not come through (C6): it reads by long poll and writes by POST."""

    def __init__(self, token: str, *words: Any) -> None:
        super().__init__(*words)
        self.token = token
        (self.conv,) = self.screens
        self._ready = asyncio.Event()

    async def connection(self) -> None:
        """Read and write until one of the two fails."""
        reading, writing = HttpLine(self.port, self.pace.ack), HttpLine(self.port, self.pace.ack)
        tasks = [asyncio.create_task(self.read(reading)), asyncio.create_task(self.deliver(writing))]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await next(task for task in tasks if task.done())
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            reading.drop()
            writing.drop()

    async def read(self, line: HttpLine) -> None:
        """The long poll; the first answer is at once, as a welcome is."""
        headers, wait = f"Authorization: Bearer {self.token}\r\nAparte-Key: {KEY}\r\n", 0.0
        while True:
            screen = self.screens[self.conv]
            path = f"/v1/conv/{self.conv}/entries?after={screen.last}&wait={wait:.0f}"
            status, found = await line.call("GET", path, headers=headers, wait=wait)
            demand(status, found)
            again = bool(screen.rows) and (screen.epoch != found["epoch"] or found["head"] < screen.last)
            again |= bool(found["entries"]) and bool(screen.rows) and found["entries"][0]["seq"] > screen.last + 1
            screen.epoch = found["epoch"]
            demand(200 if screen.page(found["entries"], again=again) else 0, "a hole")
            self.lines, wait = self.lines + 1, self.pace.wait
            if not self.live:
                self.live.add(self.conv)
                self._ready.set()

    async def deliver(self, line: HttpLine) -> None:
        """Everything that waits, in its order, until it is acknowledged."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            while items := self.outbox.of(self.conv)[:50] if self.live else []:
                for item in items:
                    self.sent(item.cid)
                said = {"key": KEY, "token": self.token, "entries": [one.wire() for one in items]}
                headers = f"Idempotency-Key: {items[0].cid}\r\n" if len(items) == 1 else ""
                status, found = await line.call("POST", f"/v1/conv/{self.conv}/entries", said, headers)
                demand(status, found)
                if False in [self.answered(one) for one in found["results"]]:
                    await asyncio.sleep(self.pace.cap)

    def post(self, item: Item) -> None:
        """The writer takes it."""
        self._ready.set()


def demand(status: int, found: Any) -> None:
    """Anything else than 200 is a reason to come again."""
    if status != 200:
        raise ConnectionError(status, found)
