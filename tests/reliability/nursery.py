"""Lives of a server, one after the other, and their ends; see `life.py`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from life import Birth, Plan

PATIENCE_S = 30


class Nursery:
    """The mother, and the child that lives now."""

    def __init__(self, mother: asyncio.subprocess.Process, port: int) -> None:
        self.mother, self.port = mother, port
        self.pid = 0
        self._died = asyncio.Event()
        self._watched = -1

    async def conceive(self, plan: Plan = Plan()) -> None:  # noqa: B008  (it is frozen)
        """Begin a life; returns as soon as there is a process."""
        assert self.mother.stdin is not None
        self.mother.stdin.write(msgspec.json.encode(plan) + b"\n")
        while (birth := await self._told()).ready:
            pass  # what the one before said with its last breath
        self.pid = birth.pid
        self._died = asyncio.Event()
        self._watched = os.pidfd_open(self.pid)
        asyncio.get_running_loop().add_reader(self._watched, self._ended)

    async def ready(self) -> bool:
        """Wait until it takes connections; False when it has died before."""
        telling = asyncio.ensure_future(self._told())
        dying = asyncio.ensure_future(self._died.wait())
        await asyncio.wait({telling, dying}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
        dying.cancel()
        if not telling.done():
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            return False
        return telling.result().ready

    async def born(self, plan: Plan = Plan()) -> None:  # noqa: B008
        """A life that takes connections."""
        await self.conceive(plan)
        assert await self.ready(), "the server did not start"

    async def die(self, after_s: float = 0.0) -> bool:
        """Wait so long whether it dies by itself, and kill it; True when it did."""
        by_itself = True
        try:
            await asyncio.wait_for(self._died.wait(), after_s)
        except TimeoutError:
            by_itself = False
            os.kill(self.pid, signal.SIGKILL)
            await asyncio.wait_for(self._died.wait(), PATIENCE_S)
        return by_itself

    async def _told(self) -> Birth:
        assert self.mother.stdout is not None
        line = await asyncio.wait_for(self.mother.stdout.readline(), PATIENCE_S)
        return msgspec.json.decode(line, type=Birth)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._watched)
        os.close(self._watched)
        self._died.set()


@asynccontextmanager
async def nursery(data: Path, environment: dict[str, str] | None = None) -> AsyncIterator[Nursery]:
    """A mother without a child; she and whatever lives of her are gone afterwards."""
    script = str(Path(__file__).with_name("life.py"))
    mother = await asyncio.create_subprocess_exec(
        sys.executable, script, str(data), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env=environment,
    )  # fmt: skip
    assert mother.stdin is not None
    assert mother.stdout is not None
    one = Nursery(mother, int(await mother.stdout.readline()))
    try:
        yield one
    finally:
        if one.pid and not one._died.is_set():
            await one.die()
        mother.stdin.close()
        await mother.wait()
