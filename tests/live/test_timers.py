"""Timers that come due while the server is dead fire once when it is back, at their own time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from pathlib import Path

from running import LONG, NotNow, Server, Shopper, exported, lines, running

from aparte.backends.sqlite.store import open_reader

VISITORS, DWELL_MS = 80, 20_000
MOST_LATE_MS = 1_000 if LONG else 3_000  # a machine that is busy with other tests is late
KILLS = (2.0, 1.0, 2.5)
"""How long the server stays dead each time."""


async def hesitates(server: Server, number: int, spread_ms: int) -> Shopper:
    """A visitor with a filled cart who has looked at it twice; his page has been open for a while."""
    shopper = Shopper(server, number)
    opened = DWELL_MS - 5_000 - spread_ms
    added = shopper.event("track", "Product Added", ago_ms=opened + 4000, product_id="p1", price=80, quantity=1)
    views = [shopper.event("track", "Cart Viewed", ago_ms=opened + after) for after in (3000, 2000)]
    page = shopper.event("page", ago_ms=opened, path="/cart", url="https://shop.example/cart")
    while True:
        try:
            await shopper.pulse(added, *views, page)
            return shopper
        except (OSError, EOFError, NotNow):
            shopper.line.drop()
            await asyncio.sleep(0.1)


async def stays(shopper: Shopper, until: float) -> None:
    """The page pulses on, when it can."""
    while time.monotonic() < until:
        with contextlib.suppress(OSError, EOFError, NotNow):
            await shopper.pulse()
        await asyncio.sleep(2)
    shopper.line.drop()


async def dies_often(server: Server) -> list[tuple[int, int]]:
    """Killed again and again while the timers run out; from when to when nobody was there, in ms since 1970."""
    dead = []
    for seconds in KILLS:
        await asyncio.sleep(2)
        since = time.time_ns() // 1_000_000
        await asyncio.to_thread(server.kill)
        await asyncio.sleep(seconds)
        await asyncio.to_thread(server.start)
        dead.append((since, time.time_ns() // 1_000_000))
    return dead


def lateness(due: int, fired: int, dead: list[tuple[int, int]]) -> int:
    """Milliseconds that it was late, counted from the return of a server that was not there."""
    return fired - max(due, max((back for since, back in dead if since - MOST_LATE_MS <= due <= back), default=0))


def test_a_timer_that_came_due_while_the_server_was_dead_fires_exactly_once(tmp_path: Path) -> None:
    async def story(server: Server) -> tuple[list[Shopper], list[tuple[int, int]]]:
        shoppers = [await hesitates(server, number, 100 * number) for number in range(VISITORS)]
        until = time.monotonic() + 16
        dying = asyncio.create_task(dies_often(server))
        await asyncio.gather(dying, *(stays(shopper, until) for shopper in shoppers))
        await asyncio.sleep(1)
        return shoppers, dying.result()

    with running("demo", "--data", str(tmp_path), "--no-simulation", "--no-history") as server:
        shoppers, dead = asyncio.run(story(server))
        assert server.stop() == 0
    reader = open_reader(tmp_path)
    log = list(reader.log())
    reader.close()
    opened = {one.visitor: one.at for one in log if one.kind == "page"}
    fired = [one for one in log if one.kind == "TimerElapsed"]
    assert opened.keys() == {shopper.id for shopper in shoppers}
    assert Counter(one.visitor for one in fired) == dict.fromkeys(opened, 1)
    assert {one.visitor: one.at for one in fired} == {visitor: at + DWELL_MS for visitor, at in opened.items()}
    decided = Counter(one["visitor"] for one in lines(exported(tmp_path, "decisions")) if one.get("newly_eligible"))
    assert decided == dict.fromkeys(opened, 1)
    missed = [one for one in fired if any(since <= one.at <= back for since, back in dead)]
    assert len(missed) > VISITORS // 4  # due while nobody was there: what this is about
    assert max(lateness(one.at, one.received_at, dead) for one in fired) <= MOST_LATE_MS
