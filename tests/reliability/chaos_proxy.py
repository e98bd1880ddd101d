"""A TCP proxy between pages and server that has bad days: each connection may be given a misfortune."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import count, cycle
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["cut", "stall", "deaf", "twice", "ended"]
Way: TypeAlias = Literal["up", "down"]


class Misfortune(NamedTuple):
    """What happens to a connection once `after` bytes have gone this way.

    `cut`: both sides are reset. `stall`: nothing goes this way for a while. `deaf`: nothing goes this way any more, and
    nobody is told (half-open). `twice`: all that goes up goes to a second connection of the server too, from the start.
    Who has been stalled or doubled is `ended` after as many bytes more, which counts for nothing: a connection that
    nothing can befall any more would be kept by its page to the end of the run.
    """

    kind: Kind
    way: Way
    after: int


STALL_S = 0.4
STEP = 617
"""Has no divisor in common with 2,000, nor with 100."""
CHUNK = 65_536


class Proxy:
    """Takes misfortunes one after the other, a connection each, until it is calm."""

    def __init__(self, target: int, misfortunes: Iterator[Misfortune]) -> None:
        self.target, self.misfortunes = target, misfortunes
        self.port = 0
        self.struck: list[Misfortune] = []
        """What has happened."""
        self.calm = False
        """The network is a good one from now on."""
        self._tasks: set[asyncio.Task[None]] = set()

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a page."""
        task = asyncio.create_task(self.live(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def live(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection from its first byte to its end."""
        writers = [writer]
        try:
            with suppress(OSError, EOFError):
                await self.carry(reader, writer, writers)
        finally:
            for one in writers:
                one.transport.abort()

    async def carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, all_: list[asyncio.StreamWriter]
    ) -> None:
        """Carry bytes both ways until one side ends."""
        mishap = None if self.calm else next(self.misfortunes)
        back, onward = await asyncio.open_connection("127.0.0.1", self.target)
        all_.append(onward)
        others = []
        if mishap is not None and mishap.kind == "twice":
            self.struck.append(mishap)
            unheard, second = await asyncio.open_connection("127.0.0.1", self.target)
            all_.append(second)
            others = [asyncio.create_task(drained(unheard))]
        up = asyncio.create_task(self.pump("up", reader, all_[1:], mishap))
        down = asyncio.create_task(self.pump("down", back, [writer], mishap))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (up, down, *others):
                task.cancel()
            await asyncio.gather(up, down, *others, return_exceptions=True)

    async def pump(
        self, way: Way, reader: asyncio.StreamReader, writers: list[asyncio.StreamWriter], mishap: Misfortune | None
    ) -> None:
        """Carry bytes one way; the end of this is the end of the connection."""
        left = mishap.after if mishap is not None and mishap.way == way else None
        while data := await reader.read(CHUNK):
            if left is None or len(data) < left or self.calm:
                left = None if left is None else left - len(data)
                await put(writers, data)
                continue
            assert mishap is not None
            await put(writers, data[:left])
            if mishap.kind in ("ended", "twice"):
                return
            self.struck.append(mishap)
            if not await self.befall(mishap, reader):
                return
            await put(writers, data[left:])
            mishap = mishap._replace(kind="ended")
            left = mishap.after

    async def befall(self, mishap: Misfortune, reader: asyncio.StreamReader) -> bool:
        """The misfortune; True when the connection goes on afterwards."""
        if mishap.kind == "deaf":
            await drained(reader)
        if mishap.kind == "stall":
            await asyncio.sleep(STALL_S)
        return mishap.kind == "stall"

    async def stop(self) -> None:
        """All connections end."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def put(writers: list[asyncio.StreamWriter], data: bytes) -> None:
    """Write to all; only the first one's patience counts."""
    for one in writers:
        one.write(data)
    await writers[0].drain()


async def drained(reader: asyncio.StreamReader) -> None:
    """Read what nobody will see."""
    while await reader.read(CHUNK):
        pass


def misfortunes(farthest: int) -> Iterator[Misfortune]:
    """Without end: cuts after byte k, each k of 1..`farthest` and each way once before one comes again; others between.

    Connections that meet theirs late are overtaken: the order in which they happen is another one.
    """
    ways: tuple[Way, Way] = ("up", "down")
    others: Iterator[Kind] = cycle(("stall", "deaf", "twice"))
    for n in count():
        way, k = ways[n % 2], 1 + (n // 2) * STEP % farthest
        yield Misfortune("cut", way, k)
        if n % 10 == 9:
            yield Misfortune(next(others), ways[n // 10 % 2], k)


@asynccontextmanager
async def proxied(target: int, mishaps: Iterator[Misfortune]) -> AsyncIterator[Proxy]:
    """A proxy on loopback."""
    one = Proxy(target, mishaps)
    server = await asyncio.start_server(one.accept, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        await one.stop()
