"""Checkpoints: what boot need not fold again."""

from __future__ import annotations

from asyncio import Future
from typing import Any

from aparte.engine.batch import Batch
from aparte.engine.boot import pack_site
from aparte.engine.core import Core
from aparte.engine.ports import Command
from aparte.engine.site import LiveSite
from aparte.sessions.saved import pack_session, pack_visitor
from aparte.sessions.store import KeptVisitor, SaveCheckpoint

EVERY_MS = 10_000
MOST_DIRTY = 5_000


class Checkpoints:
    """When the last one was, and whether one is on its way."""

    def __init__(self, core: Core, every_ms: int = EVERY_MS) -> None:
        self.core, self.every_ms = core, every_ms
        self.last_at = 0
        self.under_way: int | None = None
        """The generation of memory whose checkpoint is being written."""

    def due(self, now: int) -> bool:
        """Whether enough has changed, or enough time has passed."""
        if self.under_way == self.core.generation:
            return False
        dirty = sum(len(one.dirty) for one in self.core.sites.values())
        return dirty >= MOST_DIRTY or now - self.last_at >= self.every_ms

    def make(self) -> Future[list[Any]] | None:
        """Encode, at one moment, all that has changed, and submit it; the future tells when it is on the disk."""
        batch = Batch(self.core.clock())
        self.join(batch)
        return self.core.submit(batch)

    def join(self, batch: Batch) -> None:
        """Add a checkpoint to a batch: it covers the lines of the batch itself too."""
        core = self.core
        self.last_at, self.under_way = batch.now, core.generation
        sites = list(core.sites.values())
        orders = {one.site.id: one.orders.rows(core.seq) for one in sites}
        visitors = [row for one in sites for row in rows_of(one)]
        states = {one.site.id: pack_site(one, batch.now) for one in sites}
        rows = visitors + [row for found in orders.values() for row in found]
        batch.add(SaveCheckpoint(core.seq, states, rows))

        def saved(commands: list[Command], results: list[Any]) -> None:
            self.under_way = None
            for one in sites:
                one.orders.saved(orders[one.site.id])
            forget(core, visitors)

        batch.then.append(saved)


def rows_of(live: LiveSite) -> list[KeptVisitor]:
    """Whoever has changed, as bytes; from now on nobody has."""
    dirty, live.dirty = live.dirty, {}
    return [
        KeptVisitor(
            live.site.id,
            name,
            visit.seq,
            pack_visitor(visit.visitor),
            None if visit.session is None else pack_session(visit.session),
        )
        for name, visit in dirty.items()
    ]


def forget(core: Core, rows: list[KeptVisitor]) -> None:
    """Visitors at rest who are on the disk as they are in memory leave the memory."""
    for row in rows:
        live = core.sites.get(row.site)
        if live is not None and row.visitor not in live.dirty:
            live.resting.pop(row.visitor, None)
