"""P1: a server that is killed again and again under conversations that go on; then the judge."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from time import monotonic

from client import Pace, Page
from http_line import all_left
from life import Plan
from nursery import Nursery, nursery
from shop import Crowd, Transport, founded, opened_talks
from verdict import Verdict, agrees, database, heads, judge, transcripts

TALKS = 4
IN_FLIGHT = 3
EVERY_S = 0.01
PEACE_S = 20.0
STRIKES = ("written", "committed", "told")
RELOADS = 0.02
"""Of the lives: in which a page dies too."""


class Writing:
    """People who write all the time, unless told to pause."""

    def __init__(self, crowd: Crowd, seed: int) -> None:
        self.crowd, self.random = crowd, random.Random(seed)
        self.pausing, self.every_s = False, EVERY_S

    async def run(self) -> None:
        """Somebody writes something, every few milliseconds, who does not wait for too much yet."""
        while True:
            await asyncio.sleep(self.random.expovariate(1 / self.every_s))
            page: Page = self.random.choice(self.crowd.pages)
            page.failed()
            if not self.pausing and len(page.outbox.waiting) < IN_FLIGHT:
                page.write(self.random.choice(tuple(page.screens)))


async def in_peace(crowd: Crowd, reader: sqlite3.Connection, within_s: float) -> int:
    """Wait until nothing is on its way and all screens are at the end; how many never got there."""
    until = monotonic() + within_s
    while True:
        there = heads(reader)
        behind = [one for conv, shown in crowd.screens().items() for one in shown if one.last != there.get(conv)]
        busy = [page for page in crowd.pages if not page.quiet]
        for page in crowd.pages:
            page.failed()
        if not behind and not busy:
            return 0
        if monotonic() > until:
            return max(1, len(behind))
        await asyncio.sleep(0.01)


@asynccontextmanager
async def conversing(
    one: Nursery, data: Path, transport: Transport, pace: Pace, seed: int, port: int = 0
) -> AsyncIterator[tuple[Crowd, Writing]]:
    """Four conversations, each with two tabs on both sides, in which people write; the server lives."""
    talks = await opened_talks(one.port, TALKS)
    crowd = Crowd(talks, (port or one.port, port or one.port), data, transport, pace)
    writing = Writing(crowd, seed)
    crowd.start()
    task = asyncio.create_task(writing.run())
    try:
        yield crowd, writing
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await crowd.leave()
        await all_left()


def plan(dice: random.Random, defect: str) -> Plan:
    """How the next life ends: three of four by their own hand at a chosen moment, the others from outside."""
    strike = dice.choice((*STRIKES, ""))
    return Plan(defect=defect, strike=strike, strike_at=dice.randint(1, 6))


async def one_life(one: Nursery, dice: random.Random, chosen: Plan) -> None:
    """A life and its end. One of twenty ends while it begins."""
    await one.conceive(chosen)
    if dice.random() < 0.05:
        await one.die(dice.uniform(0, 0.05))
    elif await one.ready():
        await one.die(2.0 if chosen.strike else dice.expovariate(1 / 0.06))
    else:
        await one.die()


async def killed(
    data: Path,
    transport: Transport,
    kills: int,
    *,
    defect: str = "",
    sought: str = "found",
    seed: int = 1,
    looks: int = 25,
    patience: float = PEACE_S,
) -> Verdict:
    """So many kills. Every `looks` kills people pause, and all screens must come to agree; what is `sought` ends it."""
    dice, verdict, begun = random.Random(seed), Verdict(), monotonic()
    await asyncio.to_thread(founded, data)
    async with nursery(data) as one:
        await one.born(Plan(defect=defect))
        with closing(database(data)) as reader:
            async with conversing(one, data, transport, Pace(), seed) as (crowd, writing):
                while verdict.kills < kills and not getattr(verdict, sought):
                    await one.die()
                    for _ in range(min(looks, kills - verdict.kills)):
                        await one_life(one, dice, plan(dice, defect))
                        verdict.kills += 1
                        if dice.random() < RELOADS:
                            await crowd.reload(dice.randrange(len(crowd.pages)))
                    await one.born(Plan(defect=defect))
                    await asyncio.sleep(dice.uniform(0.05, 0.15))
                    verdict = await looked_at(crowd, writing, reader, verdict, patience)
    verdict.seconds = monotonic() - begun
    return verdict


async def looked_at(
    crowd: Crowd, writing: Writing, reader: sqlite3.Connection, before: Verdict, patience: float
) -> Verdict:
    """People pause, screens come to agree with the database, and the judge looks at everything."""
    writing.pausing = True
    unequal = await in_peace(crowd, reader, patience)
    kept = transcripts(reader, crowd.screens())
    verdict = judge(kept, crowd.ledger, crowd.everything(), Verdict(kills=before.kills))
    shown = crowd.screens().items()
    verdict.unequal = max(unequal, sum(not agrees(kept[conv], screen) for conv, of in shown for screen in of))
    writing.pausing = False
    return verdict
