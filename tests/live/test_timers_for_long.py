"""A thousand timers over two hundred kills, in another time zone after each, under a date that is set by an hour now
and then: each fires once, at its own moment, at most a second late.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from bisect import bisect_left
from collections import Counter
from pathlib import Path

import pytest
from running import LONG, NotNow, Server, Shopper, figure, running

from aparte.backends.sqlite.store import open_reader
from aparte.tracking.store import Logged

VISITORS, KILLS, DWELL_MS = 1_000, 200, 20_000
MOST_LATE_MS = 1_000
ZONES = ("UTC", "Europe/Paris", "America/St_Johns", "Pacific/Apia")
STEPS = ("+0", "+3600", "-3600")
"""Of the machine's date, in seconds."""
LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)

pytestmark = pytest.mark.skipif(not LONG, reason="minutes: make long")


async def hesitates(server: Server, number: int, over: asyncio.Event) -> None:
    """A visitor with a filled cart, whose page was opened a while ago."""
    shopper = Shopper(server, number)
    opened = DWELL_MS - random.Random(number).randrange(1_000, 6_000)
    added = shopper.event("track", "Product Added", ago_ms=opened + 4000, product_id="p1", price=80, quantity=1)
    views = [shopper.event("track", "Cart Viewed", ago_ms=opened + after) for after in (3000, 2000)]
    events = [added, *views, shopper.event("page", ago_ms=opened, path="/cart", url="https://shop.example/cart")]
    pulses = 0
    while pulses < 5 and not over.is_set():
        with contextlib.suppress(OSError, EOFError, NotNow):
            await shopper.pulse(*events)
            events, pulses = [], pulses + 1
        await asyncio.sleep(0.1 if events else 2)
    shopper.line.drop()


async def dies_often(server: Server, data: Path, date: Path) -> list[int]:
    """Killed again and again; the date is set while the server runs, and it comes back in another zone.

    The last line of the log at each kill.
    """
    dice, lasts = random.Random(11), []
    for number in range(KILLS):
        await asyncio.sleep(dice.uniform(0.5, 2.5))
        await asyncio.to_thread(date.write_text, dice.choice(STEPS), "ascii")
        await asyncio.sleep(dice.uniform(0.2, 1.5))
        await asyncio.to_thread(server.kill)
        lasts.append(await asyncio.to_thread(last_line, data))
        server.environment["TZ"] = ZONES[number % len(ZONES)]
        await asyncio.to_thread(server.start)
    return lasts


def last_line(data: Path) -> int:
    """The place of the last line of the log."""
    reader = open_reader(data)
    try:
        return reader.last_seq()
    finally:
        reader.close()


async def crowd(server: Server, data: Path, date: Path) -> list[int]:
    """Visitors come all the while; the last line at each kill."""
    over = asyncio.Event()
    dying = asyncio.create_task(dies_often(server, data, date))
    coming = []
    for number in range(VISITORS):
        coming.append(asyncio.create_task(hesitates(server, number, over)))
        await asyncio.sleep(0 if dying.done() else 0.6)
    kills = await dying
    await asyncio.gather(*coming)
    await asyncio.sleep(DWELL_MS / 1000)
    return kills


def worst(log: list[Logged], kills: list[int]) -> int:
    """For how long one life of the server left a timer overdue, at the most, in milliseconds; `kills`: its last lines.

    A timer is overdue a second after its moment; one of a page that told of itself late, a second after that.
    """
    late = 0
    pages = {one.visitor: one.received_at for one in log if one.kind == "page"}
    for place, timer in enumerate(log):
        if timer.kind == "TimerElapsed":
            due = max(timer.at, pages[timer.visitor]) + MOST_LATE_MS
            lives: dict[int, list[int]] = {}
            for one in log[max(0, place - 2_000) : place + 1]:
                if one.received_at > due:
                    lives.setdefault(bisect_left(kills, one.seq), []).append(one.received_at)
            late = max(late, *(max(life) - min(life) for life in lives.values()), 0)
    return late


def test_a_thousand_timers_over_two_hundred_kills_and_a_date_that_is_set(tmp_path: Path) -> None:
    assert LIBRARY is not None, "install the package faketime"
    date = tmp_path / "date"
    date.write_text("+0", encoding="ascii")
    data = tmp_path / "data"
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        server.kill()
        server.environment |= {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(date),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        server.start()
        kills = asyncio.run(crowd(server, data, date))
        assert server.stop() == 0
    reader = open_reader(data)
    log = list(reader.log())
    reader.close()
    opened = {one.visitor: one.at for one in log if one.kind == "page"}
    fired = [one for one in log if one.kind == "TimerElapsed"]
    assert len(opened) == VISITORS  # some under an id that they never heard of: the answer died with the server
    assert Counter(one.visitor for one in fired) == dict.fromkeys(opened, 1)
    assert {one.visitor: one.at for one in fired} == {visitor: at + DWELL_MS for visitor, at in opened.items()}
    dead = sum(one.received_at - one.at > MOST_LATE_MS for one in fired)
    figure(f"{len(fired)} timers over {KILLS} kills, {dead} due while nobody was there, worst {worst(log, kills)} ms")
    assert dead > VISITORS // 20
    assert worst(log, kills) <= MOST_LATE_MS
