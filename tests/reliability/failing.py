"""P3: a server whose disk fails, or is full, while clients send; it is healed, and the server goes on by itself."""

from __future__ import annotations

import asyncio
import errno
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from bystander import Bystander
from client import Pace
from disk import Faults, built, preloaded
from http_line import SEEN
from killing import PEACE_S, Writing, conversing, looked_at
from life import Plan
from msgspec import Struct, field
from nursery import nursery
from shop import Crowd, Transport, founded
from verdict import Verdict, database

SOON_S = 5.0
"""So long may it take until everything is taken again."""
HAPPENS_S = 20.0
"""By then the call has been made that is to fail, and readiness has turned red."""


class Failure(NamedTuple):
    """How a call fails."""

    error: int
    half: bool = False
    lasting: bool = True


FAILURES = (
    Failure(errno.EIO),
    Failure(errno.ENOSPC),
    Failure(errno.ENOSPC, half=True),
    Failure(errno.EIO, lasting=False),
    Failure(errno.ENOSPC, lasting=False),
    Failure(errno.EIO, half=True, lasting=False),
)


class Failed(Struct):
    """What was seen. All of it is nought for a server that keeps its word but the last lines."""

    judged: Verdict = field(default_factory=Verdict)
    lies: int = 0
    """Things that were answered with 200 and are not in the database."""
    errors: int = 0
    """Answers of 5xx that are not 503."""
    green: int = 0
    """Failures that lasted, and readiness said nothing."""
    slow: int = 0
    """Failures after which it took longer than `SOON_S` until everything was taken again."""
    points: int = 0
    put_off: int = 0
    refused: int = 0
    """Answers 503."""
    longest_s: float = 0.0
    """From healing to readiness and an acknowledged message."""

    @property
    def found(self) -> int:
        """All violations together."""
        return self.judged.found + self.lies + self.errors + self.green + self.slow

    def line(self, what: str) -> str:
        """The counters, for whoever reads the run."""
        return (
            f"{self.judged.line(what, 'failing calls')}; lies {self.lies}, 5xx but 503 {self.errors},"
            f" not red {self.green}, slow {self.slow}; put off {self.put_off} times, 503 {self.refused} times,"
            f" whole again within {self.longest_s:.2f} s"
        )


class Scene(NamedTuple):
    """A server with its people and its disk."""

    crowd: Crowd
    writing: Writing
    bystander: Bystander
    reader: sqlite3.Connection
    faults: Faults
    failed: Failed
    patience: float

    async def until(self, holds: Callable[[], Awaitable[bool]], within_s: float) -> float | None:
        """Seconds until it holds; None when it does not in time. Pages must live."""
        begun = monotonic()
        while not await holds():
            for page in self.crowd.pages:
                page.failed()
            if monotonic() - begun > within_s:
                return None
            await asyncio.sleep(0.003)
        return monotonic() - begun

    async def met(self, before: int) -> None:
        """Wait until a call has failed."""

        async def struck() -> bool:
            return self.faults.failed > before

        assert await self.until(struck, HAPPENS_S) is not None, "no call has failed: the shim has seen nothing"

    async def red(self) -> None:
        """Readiness must say it while nothing can be written."""

        async def not_ready() -> bool:
            return not await self.bystander.ready()

        self.failed.green += await self.until(not_ready, self.patience) is None

    async def whole(self) -> None:
        """After healing: ready, and a message of somebody is acknowledged."""
        acked = len(self.crowd.ledger.acked)

        async def works() -> bool:
            return await self.bystander.ready() and len(self.crowd.ledger.acked) > acked

        took = await self.until(works, 3 * SOON_S)
        self.failed.longest_s = max(self.failed.longest_s, took or 3 * SOON_S)
        self.failed.slow += took is None or took > SOON_S

    async def judge(self) -> None:
        """People pause; what was told and shown is compared with the database."""
        before = Verdict(kills=self.failed.points)
        self.bystander.pausing = True
        self.failed.judged = await looked_at(self.crowd, self.writing, self.reader, before, self.patience)
        self.failed.lies = await self.bystander.lies(self.reader)
        self.bystander.pausing = False
        self.failed.errors = sum(n for status, n in SEEN.items() if status >= 500 and status != 503)
        self.failed.refused, self.failed.put_off = SEEN[503], self.crowd.ledger.put_off


@asynccontextmanager
async def serving(
    folder: Path, transport: Transport, *, data: Path | None = None, defect: str = "", patience: float = PEACE_S
) -> AsyncIterator[Scene]:
    """A server with the shim in it, people who write, and a bystander who asks for everything else."""
    data, given = data or folder / "data", folder / "faults"
    faults, library = Faults.shared(given), built(folder)
    await asyncio.to_thread(founded, data)
    SEEN.clear()
    async with nursery(data, preloaded(library, data, faults=given)) as one:
        await one.born(Plan(defect=defect))
        assert min(faults.writes, faults.syncs) > 0, "the shim has seen no calls"
        async with conversing(one, folder, transport, Pace(), 1) as (crowd, writing):
            bystander = Bystander(one.port)
            asking = asyncio.create_task(bystander.run())
            try:
                with closing(database(data)) as reader:
                    yield Scene(crowd, writing, bystander, reader, faults, Failed(), patience)
                if asking.done():
                    asking.result()
            finally:
                faults.heal()
                asking.cancel()
                with suppress(asyncio.CancelledError):
                    await asking
                bystander.leave()


async def failed_at(
    folder: Path,
    transport: Transport,
    points: int,
    *,
    defect: str = "",
    sought: str = "found",
    farthest: int = 300,
    looks: int = 25,
    patience: float = PEACE_S,
) -> Failed:
    """So many failing calls, spread over the first `farthest`; every `looks` of them the judge looks."""
    dice = random.Random(points)
    async with serving(folder, transport, defect=defect, patience=patience) as scene:
        failed = scene.failed
        while failed.points < points and not getattr(failed.judged, sought):
            for _ in range(min(looks, points - failed.points)):
                nth = 1 + failed.points * farthest // points if points < farthest else 1 + failed.points % farthest
                await one_failure(scene, nth, FAILURES[failed.points % len(FAILURES)], dice)
                failed.points += 1
            await scene.judge()
        return failed


async def one_failure(scene: Scene, nth: int, failure: Failure, dice: random.Random) -> None:
    """The n-th call from now fails; then the disk is healed."""
    before = scene.faults.failed
    scene.faults.arm(nth, failure.error, half=failure.half, lasting=failure.lasting)
    await scene.met(before)
    if failure.lasting:
        await scene.red()
        await asyncio.sleep(dice.uniform(0, 0.1))
    scene.faults.heal()
    await scene.whole()


async def failed_long(folder: Path, seconds: float) -> Failed:
    """A disk that fails for so long, and is healed just after the server has tried again in vain."""
    async with serving(folder, "socket") as scene:
        scene.faults.arm(1, errno.EIO)
        await scene.red()
        await asyncio.sleep(seconds)
        await scene.met(scene.faults.failed)
        scene.faults.heal()
        await scene.whole()
        scene.failed.points = 1
        await scene.judge()
        return scene.failed


async def filled(
    folder: Path,
    rounds: int,
    fill: Callable[[Scene, int], None],
    empty: Callable[[Scene], None],
    data: Path | None = None,
) -> Failed:
    """A disk that is filled and emptied, so many times; `fill` is given the bytes that it may leave."""
    dice = random.Random(rounds)
    async with serving(folder, "socket", data=data) as scene:
        for _ in range(rounds):
            fill(scene, dice.randint(0, 200_000))
            await scene.red()
            await asyncio.sleep(dice.uniform(0, 0.1))
            empty(scene)
            await scene.whole()
            scene.failed.points += 1
        await scene.judge()
        return scene.failed
