"""P9: however many accept at once, no agent has more than his slots and nobody who accepted is turned away."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from live_world import T0, World, run, track

from aparte.backends.memory.recent import RecentIds
from aparte.backends.sqlite.store import SqliteStore, open_store
from aparte.engine.live import Engine
from aparte.sites.model import Staff
from aparte.sites.store import SaveSite, SaveStaff
from aparte.targeting.campaign import load
from aparte.tracking.store import WINDOW

LONG = os.environ.get("APARTE_LONG") == "1"
ROUNDS = 100 if LONG else 3
VISITORS = 1_000
EAGER = load(
    """
[site]
holdout = 0.0
epsilon = 1.0
[[campaigns]]
name = "eager"
holdout = 0.0
[[campaigns.rules]]
name = "r"
when = 'cart.items > 0'
offer = { skill = "sales", message = "?", expires = "600s" }
""",
    "eager.toml",
)
AGENTS = [Staff(id=f"a{n}", site="shop", email=f"{n}", name="A", maximum=2, skills=("sales",)) for n in range(5)]


class Shop(World):
    """The same engine over the database on the disk."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        super().__init__(EAGER)
        self.disk_store: SqliteStore = open_store(directory)
        self.store = self.disk_store  # type: ignore[assignment]
        self.new_engine()

    def new_engine(self) -> None:
        self.engine = Engine(
            self.store, [(self.site, self.campaigns)], clock=lambda: self.now, seen=lambda: RecentIds(WINDOW)
        )

    async def opened(self, *staff: Staff) -> None:
        await self.store.submit([SaveSite(self.site), *map(SaveStaff, staff)])
        await self.engine.boot()
        for one in staff:
            self.engine.connected(one.id, 1)
            await self.engine.set_status(one.id, "available")

    async def invited(self, names: list[str]) -> list[tuple[str, str]]:
        """Each visitor with his invitation."""
        await asyncio.gather(
            *[self.pulses(name, track("Product Added", product_id="a", price=1, quantity=1)) for name in names]
        )
        visits = self.engine.core.sites["shop"].visits
        found = [(name, visits[name].visitor.open) for name in names]
        return [(name, one.id) for name, one in found if one is not None]

    def taken(self) -> dict[tuple[str, int], str]:
        """The rows of the table."""
        return {(one.agent, one.n): one.conv for one in self.store.slots("shop")}


async def assert_a_round(directory: Path, names: list[str]) -> None:
    shop = Shop(directory)
    try:
        await shop.opened(*AGENTS)
        offers = await shop.invited(names)
        assert len(offers) == len(names)
        accepting = [
            shop.engine.accept("shop", *one, "fr") for one in offers for _ in range(2)
        ]  # everybody clicks twice
        found: list[Any] = await asyncio.gather(*accepting)
        desk = shop.engine.core.sites["shop"].desk
        convs = {one.id: one for one in found if one is not None}
        assert len(convs) == len(names)  # nobody was turned away, nobody has two
        given = Counter(one.agent for one in convs.values() if one.agent)
        assert given == {one.id: 2 for one in AGENTS}
        waiting = [one.id for one in convs.values() if not one.agent]
        assert sorted(shop.engine.position(one)[0] for one in waiting) == list(range(1, len(names) - 9))  # type: ignore[index]
        assert shop.taken() == desk.slots
        assert len(shop.taken()) == 10
        gauges = shop.engine.gauges("shop")
        assert (gauges.accepted, gauges.overruns) == (len(names), len(names) - 10)
        shop.new_engine()
        await shop.engine.boot()
        assert shop.engine.core.sites["shop"].desk.slots == shop.taken()
        assert len(shop.engine.core.sites["shop"].desk.queue) == len(names) - 10
    finally:
        await shop.engine.stop()
        shop.disk_store.close()


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_thousand_accepts_at_once_take_ten_slots_and_all_others_wait(number: int, tmp_path: Path) -> None:
    names = [f"v{number}-{one}" for one in range(VISITORS)]
    asyncio.run(assert_a_round(tmp_path / "data", names))


def test_twenty_four_chats_on_two_agents_with_three_slots_are_three_and_three() -> None:
    async def tell() -> None:
        with tempfile.TemporaryDirectory() as directory:
            shop = Shop(Path(directory) / "data")
            two = [structs_of(one, 3) for one in AGENTS[:2]]
            await shop.opened(*two)
            names = [f"v{number}" for number in range(24)]

            async def poller(mine: list[str]) -> None:
                for name in mine:
                    await shop.engine.open_conversation("shop", name, "fr")
                    for one in two:
                        await shop.engine.take_conversation("shop", one.id, None)

            await asyncio.gather(*[poller(names[number::8]) for number in range(8)])
            found = shop.engine.open_conversations("shop")
            assert Counter(one.agent for one in found) == {"a0": 3, "a1": 3, "": 18}
            assert sorted(Counter(agent for agent, _ in shop.taken()).values()) == [3, 3]
            await shop.engine.stop()
            shop.disk_store.close()

    run(tell)


def structs_of(one: Staff, maximum: int) -> Staff:
    return Staff(id=one.id, site=one.site, email=one.email, name=one.name, maximum=maximum, skills=one.skills)


assert T0
