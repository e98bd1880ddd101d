"""A running engine with a clock of its own, and visits told as stories: `await shop.pulses("ann", page("/cart"))`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from memory_store import Disk, MemoryStore

from aparte.backends.memory.orders import MemoryOrders
from aparte.backends.memory.recent import RecentIds
from aparte.backends.memory.seen import SeenIds
from aparte.backends.sqlite.visitors import SpillingVisitors
from aparte.engine.live import Engine
from aparte.engine.ports import Arriving, Changed, Counts, Pulse, PulseAnswer
from aparte.engine.step import State
from aparte.replay.run import Replay
from aparte.routing.model import NOBODY
from aparte.sessions.saved import pack_session, pack_visitor
from aparte.sites.model import Site, Staff
from aparte.targeting.campaign import Campaigns, load
from aparte.targeting.store import PublishVersion
from aparte.tracking.normalise import Normaliser
from aparte.tracking.store import WINDOW
from aparte.tracking.timestamps import iso

T0 = 1_705_320_000_000  # Monday, 15 January 2024, 12:00 UTC
SITE = Site(id="shop", name="Shop", public_key="p", secret_key_hash="s")
AGENT_STAFF = Staff(id="kim", site="shop", email="kim@shop.example", name="Kim", maximum=2, skills=("sales",))

CART = """
[site]
holdout = 0.0
[behaviours.cart_views]
count = "Cart Viewed"
since = "Product Added"
[[campaigns]]
name = "hesitation"
holdout = 0.0
[[campaigns.rules]]
name = "two-views"
when = 'cart_views >= 2 && page.dwell >= duration("20s")'
offer = { channel = "chat", skill = "sales", message = { fr = "Une question ?", en = "A question?" }, expires = "30s" }
"""


def page(path: str, **properties: Any) -> dict[str, Any]:
    return {"type": "page", "properties": {"path": path, "url": f"https://shop.example{path}", **properties}}


def track(event: str, **properties: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "properties": properties}


class World:
    """An engine, its disk and its clock."""

    def __init__(self, campaigns: str | Campaigns = CART, disk: Disk | None = None, **more: Any) -> None:
        self.campaigns = load(campaigns, "live.toml") if isinstance(campaigns, str) else campaigns
        self.now, self.sent, self.more = T0, 0, more
        self.store = MemoryStore(disk)
        self.told: list[Changed] = []
        self.site = SITE
        self.new_engine()

    def new_engine(self) -> None:
        self.engine = Engine(
            self.store,
            [(self.site, self.campaigns)],
            clock=lambda: self.now,
            seen=lambda: RecentIds(WINDOW),
            **self.more,
        )
        self.engine.subscribe(self.told.append)

    async def started(self, *staff: Staff) -> World:
        for one in staff:
            self.store.disk.staff[one.id] = one
        await self.engine.boot()
        for one in staff:
            self.engine.connected(one.id, 1)
            await self.engine.set_status(one.id, "available")
        return self

    async def killed(self, campaigns: str | Campaigns | None = None) -> None:
        """The process dies; the next one starts from what was committed, and from what `aparte apply` wrote between."""
        if campaigns is not None:
            self.campaigns = load(campaigns, "live.toml") if isinstance(campaigns, str) else campaigns
            versions = self.store.disk.versions
            versions.append(PublishVersion("shop", len(versions) + 1, self.campaigns.text, self.now, "test"))
        self.store = MemoryStore(self.store.disk)
        self.new_engine()
        await self.engine.boot()

    async def publishes(self, text: str) -> int:
        """Somebody publishes other campaigns while the server runs."""
        self.campaigns = load(text, "live.toml")
        return await self.engine.publish("shop", self.campaigns, text, "kim")

    async def passes(self, ms: int, step: int = 250) -> None:
        """Time passes, with the server's sweeps."""
        end = self.now + ms
        while self.now < end:
            self.now = min(self.now + step, end)
            await self.engine.sweep()

    def lines(self, visitor: str | None, messages: tuple[dict[str, Any], ...]) -> list[bytes]:
        found = []
        for message in messages:
            self.sent += 1
            whole = {"messageId": f"m{self.sent}", "timestamp": iso(self.now), **message}
            found.append(json.dumps(whole if visitor is None else {"anonymousId": visitor, **whole}).encode())
        return found

    def arriving(self, visitor: str, *messages: dict[str, Any], **more: Any) -> Arriving:
        return Arriving(site="shop", lines=self.lines(visitor, messages), received_at=self.now, **more)

    async def sends(self, visitor: str, *messages: dict[str, Any], **more: Any) -> Counts:
        """Messages by somebody else's tracker, or by the shop's server."""
        return await self.engine.take(self.arriving(visitor, *messages, **more))

    async def pulses(
        self,
        visitor: str,
        *messages: dict[str, Any],
        visible: bool = True,
        language: str = "en",
        withdrawn: bool = False,
    ) -> PulseAnswer:
        """Our own tag asks for news."""
        arriving = Arriving(site="shop", lines=self.lines(None, messages), received_at=self.now, visitor=visitor)
        pulse = Pulse(messages=arriving, visitor=visitor, visible=visible, language=language, withdrawn=withdrawn)
        return await self.engine.pulse(pulse)

    async def hesitates(self, visitor: str) -> PulseAnswer:
        """A product in the cart, two looks at the cart, and 20 seconds of pulses, as the tag sends them."""
        await self.pulses(visitor, page("/"), track("Product Added", product_id="lamp", price=49, quantity=1))
        await self.pulses(visitor, page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        await self.passes(10_000)
        await self.pulses(visitor)
        await self.passes(10_000)
        return await self.pulses(visitor)

    # What was decided

    def decisions(self) -> list[tuple[str, str, str]]:
        """(visitor, decision, detail) of all, in their order."""
        return [(one.visitor, one.decision, one.detail) for one in self.store.disk.decisions]

    def recorded(self) -> bytes:
        """All decisions as JSON lines."""
        return b"\n".join(one.line for one in self.store.disk.decisions)

    def replayed(self) -> bytes:
        """The decisions of a replay of the exported log, under the versions that it names."""
        found: list[bytes] = []
        visitors = SpillingVisitors(in_memory=1)
        run = Replay(
            None,
            NOBODY,
            seen=RecentIds(WINDOW),
            visitors_seen=SeenIds(None),
            orders=MemoryOrders(),
            visitors=visitors,
            recorded=True,
            on_decision=lambda one: found.append(msgspec.json.encode(one)),
        )
        run.run(map(Normaliser(trusted=True).read, [row.line for row in self.store.disk.log]))
        visitors.close()
        return b"\n".join(found)

    def facts(self) -> list[str]:
        """The kinds of all lines of the log."""
        return [row.kind for row in self.store.disk.log]

    def state(self) -> dict[str, Any]:
        """All that memory knows, in a form to compare."""
        live = self.engine.core.sites["shop"]
        names = {row.visitor for row in self.store.disk.log if row.visitor}
        return {
            "site": msgspec.json.encode(live.state),
            "pending": msgspec.json.encode(live.pending),
            "visitors": {name: packed(self.engine.visit("shop", name)) for name in sorted(names)},
            "slots": dict(live.desk.slots),
            "queue": list(live.desk.queue),
        }


def packed(state: State | None) -> Any:
    if state is None:
        return None
    return pack_visitor(state.visitor), None if state.session is None else pack_session(state.session)


def run(story: Callable[[], Awaitable[None]]) -> None:
    """Tell a story in a loop of its own."""
    asyncio.run(told(story))


async def told(story: Callable[[], Awaitable[None]]) -> None:
    await story()
