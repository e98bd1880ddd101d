"""What the live engine adds to an event: reading, folding with its decision, encoding, and the rest of the way.

One JSON line a figure, of CPU time within this run; the median of some rounds. The store answers at once and writes
nothing, so what is measured is the engine alone. Beside them: what a copy of the touched visit would cost (decision
0012), and how much memory made-up visitors take.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time
import tracemalloc
from asyncio import Future
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from itertools import islice
from statistics import median
from typing import Any

import msgspec

from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.engine.admission import Admission, Taken
from aparte.engine.batch import Batch
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving
from aparte.replay.read import lines
from aparte.sites.model import Site
from aparte.tracking.model import Message
from aparte.tracking.store import WINDOW
from aparte.tracking.timestamps import iso
from engine import STREAM, campaigns

ROUNDS = 7
EVENTS = 4_000
VISITORS, CAP = 30_000, 2_000
SITE = Site(id="bench", name="Bench", public_key="p", secret_key_hash="s")
RULES = campaigns(50)
encode = msgspec.json.Encoder().encode


class Nothing:
    """A store that says yes."""

    def submit(self, commands: Sequence[Any]) -> Future[list[Any]]:
        """Done at the next turn of the loop."""
        loop = asyncio.get_running_loop()
        future: Future[list[Any]] = loop.create_future()
        loop.call_soon(future.set_result, [None] * len(commands))
        return future

    def checkpoint(self) -> tuple[int, dict[str, bytes]]:
        """Nothing was ever written."""
        return 0, {}

    def nothing(self, *_: Any, **__: Any) -> Iterator[Any]:
        """No rows."""
        return iter(())

    log = recent_ids = open_visitors = open_conversations = slots = staff = nothing

    def last_seq(self) -> int:
        """An empty log."""
        return 0

    def visitor(self, site: str, visitor: str) -> None:
        """Nobody is known."""


def new_engine() -> Engine:
    """A fresh one, at the time of the recording's end."""
    store: Any = Nothing()
    return Engine(store, [(SITE, RULES)], clock=lambda: NOW, seen=lambda: RecentIds(WINDOW))


NOW = 1_470_100_000_000


def retold(line: bytes, number: int) -> bytes:
    """A line of the recording as if it came now: live events are minutes old, not months."""
    moment = iso(NOW - (EVENTS - number) * 50).encode()
    return re.sub(rb'"timestamp":"[^"]*"', b'"timestamp":"%b"' % moment, line, count=1)


RAW = [retold(line, number) for number, line in enumerate(islice(lines(STREAM), EVENTS))]


def arriving(raw: list[bytes], **more: Any) -> Arriving:
    """A body of the recording."""
    return Arriving(site="bench", lines=raw, received_at=NOW, **more)


def spent(work: Callable[[], Any]) -> float:
    """Microseconds of CPU for each event."""
    gc.collect()
    started = time.process_time()
    work()
    return (time.process_time() - started) / EVENTS * 1e6


async def one_round() -> dict[str, float]:
    """Each part by itself, over the same messages."""
    admission, found = Admission(), list[Message]()
    read = spent(lambda: found.extend(admission.events(arriving(RAW), RecentIds(WINDOW), Taken("bench", NOW))))
    engine = new_engine()
    await engine.boot()
    live = engine.core.sites["bench"]
    encoded = spent(lambda: [encode(event) for event in found])
    folded = spent(lambda: [live.fold(event, 1) for event in found])
    visits = [live.meet(event.visitor) for event in found[::10]]
    copied = spent(lambda: [deepcopy(visit.session) for visit in visits]) * 10
    engine = new_engine()
    await engine.boot()
    live = engine.core.sites["bench"]
    whole = spent(lambda: engine.ingest.take(Batch(NOW), live, arriving(RAW)))
    return {"read": read, "fold": folded, "encode": encoded, "copy": copied, "whole": whole}


async def one_by_one() -> float:
    """Each message a body and a transaction of its own, submitted; without the turns of the loop between them."""
    engine = new_engine()
    await engine.boot()
    gc.collect()
    started = time.process_time()
    for number, line in enumerate(RAW):
        body = arriving([line])
        live = engine.core.site(body.site)
        with engine.core.folding() as batch:
            engine.ingest.take(batch, live, body)
        engine.core.submit(batch)
        if number % 100 == 0:
            await asyncio.sleep(0)
    return (time.process_time() - started) / EVENTS * 1e6


async def grown() -> float:
    """Bytes that VISITORS made-up visitors leave in memory when CAP of them may stay."""
    store: Any = Nothing()
    engine = Engine(store, [(SITE, RULES)], clock=lambda: NOW, seen=lambda: SeenIds(WINDOW), most_visitors=CAP)
    await engine.boot()
    tracemalloc.start()
    for start in range(0, VISITORS, 500):
        bodies = [made_up(number) for number in range(start, start + 500)]
        await engine.take(arriving(bodies))
        await engine.sweep()
        future = engine.checkpoints.make()
        if future is not None:
            await future
        if start == 3 * CAP:
            before = tracemalloc.get_traced_memory()[0]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / (VISITORS - 4 * CAP)


def made_up(number: int) -> bytes:
    """A page view of somebody who never comes back."""
    message = {"type": "page", "messageId": f"m{number}", "anonymousId": f"made-up-{number}", "properties": {}}
    return json.dumps({**message, "timestamp": iso(NOW)}).encode()


def report(name: str, value: float, bound: float | str | None, unit: str) -> None:
    """One figure."""
    print(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}))


def main() -> None:
    """All figures."""
    gc.disable()
    rounds = [asyncio.run(one_round()) for _ in range(ROUNDS)]
    loads = median(spent(lambda: [json.loads(line) for line in RAW]) for _ in range(ROUNDS))
    part = {name: median(one[name] for one in rounds) for name in rounds[0]}
    single = median(asyncio.run(one_by_one()) for _ in range(ROUNDS))
    report("live: json.loads of one event", loads, None, "us")
    report("live: read, admit, know copies", part["read"], None, "us")
    report("live: fold and decide, 50 rules", part["fold"], None, "us")
    report("live: encode for the log", part["encode"], None, "us")
    report("live: event in a batch, all of the engine", part["whole"], None, "us")
    report("live: event alone, all of the engine", single, None, "us")
    report("live: event in a batch / json.loads of it", part["whole"] / loads, 5, "ratio")
    report("live: copy of the session / fold", part["copy"] / part["fold"], None, "ratio")
    report("live: bytes a made-up visitor leaves behind", asyncio.run(grown()), 256, "bytes")


if __name__ == "__main__":
    sys.exit(main())
