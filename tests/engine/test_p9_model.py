"""P9: a model of the desk, in whatever order things happen, also when the process dies in between."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from live_world import World, track

from aparte.conversations.model import Conversation
from aparte.conversations.store import Refused
from aparte.routing.desk import Waiting
from aparte.sites.model import Staff
from aparte.targeting.campaign import load

LONG = os.environ.get("APARTE_LONG") == "1"
OFFERS = """
[site]
holdout = 0.0
epsilon = 1.0
[[campaigns]]
name = "{name}"
holdout = 0.0
[campaigns.frequency]
once_per_session = false
[[campaigns.rules]]
name = "r"
when = 'cart.items > 0'
offer = {{ skill = "sales", channel = "{channel}", message = "?", expires = "60s" }}
"""
STAFF = {
    "kim": Staff(
        id="kim", site="shop", email="k", name="Kim", maximum=3, skills=("sales", "support"), caps={"sales": 2}
    ),
    "lea": Staff(id="lea", site="shop", email="l", name="Lea", maximum=1, skills=("sales", "support")),
    "max": Staff(id="max", site="shop", email="m", name="Max", maximum=2, skills=("support",), caps={"support": 1}),
}
VISITORS = [f"v{number}" for number in range(8)]
visitor, agent = st.sampled_from(VISITORS), st.sampled_from(sorted(STAFF))


class DeskModel(RuleBasedStateMachine):
    """Visitors and agents at one shop; what is on the disk is compared with memory, and with what was promised."""

    channel = "chat"

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.accepted: dict[str, str] = {}
        """Engagement to visitor, of everybody who accepted."""
        self.shop = World(load(OFFERS.format(name="eager", channel=self.channel), "eager.toml"))
        self.play(self.shop.started(*STAFF.values()))

    def play(self, scene: Coroutine[Any, Any, Any]) -> Any:
        found = self.runner.run(scene)
        self.runner.run(self.quiet())
        self.shop.now += 100
        return found

    async def quiet(self) -> None:
        """Everything is on the disk."""
        while self.shop.engine.core.unfinished:  # noqa: ASYNC110  # no event of ours
            await asyncio.sleep(0)

    def teardown(self) -> None:
        recorded, replayed = self.shop.recorded(), self.shop.replayed()
        self.runner.close()
        assert recorded == replayed

    def of(self, name: str) -> list[Conversation]:
        return [one for one in self.shop.engine.open_conversations("shop") if name in (one.visitor, one.agent)]

    @rule(name=visitor)
    def offer(self, name: str) -> None:
        self.play(self.shop.pulses(name, track("Product Added", product_id="a", price=1, quantity=1)))

    @rule(names=st.lists(visitor, min_size=1, max_size=8))
    def accept(self, names: list[str]) -> None:
        """All of these at once, some of them twice."""

        async def at_once() -> None:
            offers = {name: (await self.shop.pulses(name)).offer for name in names}
            alive = [(name, offers[name]) for name in names if offers[name] is not None]
            engine = self.shop.engine
            found = await asyncio.gather(
                *[engine.accept("shop", name, one.engagement, "fr") for name, one in alive if one]
            )
            for (name, one), opened in zip(alive, found, strict=True):
                assert one is not None
                assert isinstance(opened, Conversation)
                assert opened.visitor == name
                self.accepted[one.engagement] = name

        self.play(at_once())

    @rule(name=visitor)
    def decline(self, name: str) -> None:
        async def declines() -> None:
            found = (await self.shop.pulses(name)).offer
            if found is not None:
                assert await self.shop.engine.move_invitation("shop", name, found.engagement, "declined")

        self.play(declines())

    @rule(name=visitor)
    def begin(self, name: str) -> None:
        self.play(self.shop.engine.open_conversation("shop", name, "fr"))

    @rule(seconds=st.integers(1, 70))
    def expire(self, seconds: int) -> None:
        """Time passes: invitations expire, agents do not answer, visitors are gone."""
        self.play(self.shop.passes(seconds * 1_000, step=5_000))

    @rule(name=visitor, sockets=st.integers(0, 1))
    def visitor_comes_or_leaves(self, name: str, sockets: int) -> None:
        self.shop.engine.visitor_connected("shop", name, sockets)

    @rule(name=visitor)
    def close(self, name: str) -> None:
        for one in self.of(name):
            self.play(self.shop.engine.close("shop", one.id, "visitor", name))

    @rule(name=agent)
    def answer(self, name: str) -> None:
        for one in self.of(name):
            sending = self.shop.engine.send(
                "shop", one.id, "agent", name, f"c{self.shop.now}", "text", "Hello", one.assign_ver
            )
            self.play(sending)

    @rule(name=agent)
    def take(self, name: str) -> None:
        self.play(self.shop.engine.take_conversation("shop", name, None))

    @rule(name=agent, other=agent, stale=st.integers(0, 1))
    def transfer_to_agent(self, name: str, other: str, stale: int) -> None:
        for one in self.of(name)[:1]:
            ver = one.assign_ver - stale
            found = self.play(self.shop.engine.transfer("shop", one.id, name, ver, "he knows", agent=other))
            assert not (stale and not isinstance(found, Refused))

    @rule(name=agent, skill=st.sampled_from(["sales", "support", "law"]))
    def transfer_to_skill(self, name: str, skill: str) -> None:
        for one in self.of(name)[:1]:
            found = self.play(self.shop.engine.transfer("shop", one.id, name, one.assign_ver, "", skill=skill))
            assert isinstance(found, Refused) == (skill == "law")

    @rule(name=agent, there=st.booleans())
    def agent_connects(self, name: str, there: bool) -> None:
        async def connects() -> None:
            self.shop.engine.connected(name, int(there))

        self.play(connects())

    @rule(name=agent, status=st.sampled_from(["available", "available", "away"]))
    def status(self, name: str, status: Any) -> None:
        self.play(self.shop.engine.set_status(name, status, "lunch" if status == "away" else ""))

    @rule(there=st.sets(agent))
    def crash(self, there: set[str]) -> None:
        """The process dies; some agents find the next one."""

        async def again() -> None:
            await self.shop.killed()
            for name in there:
                self.shop.engine.connected(name, 1)

        self.play(again())

    # What must hold

    @invariant()
    def nobody_has_more_than_he_may(self) -> None:
        disk = self.shop.store.disk
        taken = Counter(name for name, _ in disk.slots)
        assert all(taken[name] <= one.maximum for name, one in STAFF.items()), taken
        assert all(1 <= n <= STAFF[name].maximum for name, n in disk.slots)
        skills = Counter(
            (name, disk.conversations[conv].skill) for conv, name in {(c, a) for (a, _), c in disk.slots.items()}
        )
        for name, one in STAFF.items():
            assert all(skills[name, skill] <= cap for skill, cap in one.caps.items()), skills
        calls = {conv for conv in disk.slots.values() if disk.conversations[conv].channel != "chat"}
        for (name, _), conv in disk.slots.items():
            assert conv not in calls or taken[name] == STAFF[name].maximum

    @invariant()
    def memory_is_the_disk(self) -> None:
        disk, engine = self.shop.store.disk, self.shop.engine
        desk = engine.core.sites["shop"].desk
        assert desk.slots == disk.slots
        still = {one.id: one for one in disk.conversations.values() if one.state != "closed"}
        assert still == {one.id: one for one in engine.open_conversations("shop")}
        assert {one.id: one.agent for one in still.values() if one.agent} == {
            conv: name for (name, _), conv in disk.slots.items()
        }
        assert {one.id for one in still.values() if not one.agent} == {one.conv for one in desk.queue}
        assert desk.capacity() == engine.core.sites["shop"].state.capacity

    @invariant()
    def a_visitor_has_one_conversation_and_nobody_who_accepted_is_lost(self) -> None:
        found = self.shop.store.disk.conversations.values()
        still = Counter(one.visitor for one in found if one.state != "closed")
        assert set(still.values()) <= {1}
        closings = {
            conv: entry
            for conv, entries in self.shop.store.disk.entries.items()
            for entry in entries
            if entry.kind == "close"
        }
        for one in found:
            # It ends by its visitor, by its agent, or because its visitor has left the queue: never otherwise.
            assert (one.state == "closed") == (one.id in closings)
            if one.id in closings and closings[one.id].by == "system":
                assert closings[one.id].body == "left"
        opened = {one.visitor for one in found}
        assert set(self.accepted.values()) <= opened

    @invariant()
    def the_queue_is_in_order_and_nobody_waits_without_need(self) -> None:
        desk = self.shop.engine.core.sites["shop"].desk
        assert desk.queue == sorted(desk.queue)
        assert [one for one in desk.queue if desk.seat_for(one) is not None] == []
        for skill in {one.skill for one in desk.queue}:
            waiting: list[Waiting] = [one for one in desk.queue if one.skill == skill]
            places = [(desk.position(one.conv) or (0, None))[0] for one in waiting]
            assert places == list(range(1, len(waiting) + 1))


class CallModel(DeskModel):
    """The same shop, whose invitations are to calls."""

    channel = "call"


SIZE = settings(
    max_examples=50 if LONG else 6,
    stateful_step_count=100 if LONG else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestDeskModel = DeskModel.TestCase
TestDeskModel.settings = SIZE
TestCallModel = CallModel.TestCase
TestCallModel.settings = SIZE
