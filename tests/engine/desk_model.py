"""Visitors and agents at one shop whose slots are nearly always full, and what must hold whatever they do.

`DeskModel` plays; `Watch` looks at the disk, at the desk in memory and at the log after every step. What it compares
with is reckoned here anew from the rows on the disk, never asked of the desk.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from live_world import World, page

from aparte.conversations.model import Conversation, Request
from aparte.conversations.store import Refused
from aparte.engine.asking import Asked
from aparte.engine.presence import LEFT_MS
from aparte.routing.model import WHOLE_CHANNELS, Capacity
from aparte.sites.model import Staff
from aparte.targeting.campaign import load

PATIENCE_S = 20
"""Whatever takes longer than this hangs; a step takes some milliseconds."""
CAMPAIGN = """
[[campaigns]]
name = "{channel}-{skill}"
holdout = 0.0
[campaigns.frequency]
once_per_session = false
[[campaigns.rules]]
name = "r"
when = 'page.path == "/{channel}/{skill}"'
offer = {{ skill = "{skill}", channel = "{channel}", message = "?", expires = "60s" }}
"""
CAMPAIGNS = [("chat", "sales"), ("chat", "support"), ("call", "sales"), ("callback", "sales")]
PATHS = [f"/{channel}/{skill}" for channel, skill in CAMPAIGNS]
OFFERS = load(
    "[site]\nholdout = 0.0\nepsilon = 1.0\n"
    + "".join(CAMPAIGN.format(channel=channel, skill=skill) for channel, skill in CAMPAIGNS),
    "eager.toml",
)
STAFF = {
    "kim": Staff(
        id="kim", site="shop", email="k", name="Kim", maximum=3, skills=("sales", "support"), caps={"sales": 2}
    ),
    "lea": Staff(id="lea", site="shop", email="l", name="Lea", maximum=1, skills=("sales", "support")),
    "max": Staff(id="max", site="shop", email="m", name="Max", maximum=2, skills=("support",), caps={"support": 1}),
}
VISITORS = [f"v{number}" for number in range(12)]
visitor, agent = st.sampled_from(VISITORS), st.sampled_from(sorted(STAFF))
some = st.lists(visitor, min_size=1, max_size=12, unique=True)
path = st.sampled_from([PATHS[0], PATHS[2], *PATHS])
SEEN: Counter[str] = Counter()
"""How often each interesting situation was there, over all runs of this process."""


class Hung(BaseException):
    """A step that does not end. Not an Exception: nothing in between may take it for a failure and try again."""


@contextmanager
def patience(seconds: int = PATIENCE_S) -> Iterator[None]:
    """Hung when the block takes longer, also in a loop that never awaits."""

    def ring(*_: object) -> None:
        raise Hung(f"no end after {seconds} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def saw(what: str, times: int = 1) -> None:
    """An interesting situation."""
    if times:
        SEEN[what] += times
        event(what)


class Watch:
    """What must hold, from the rows of the disk and from what the model itself has seen."""

    def __init__(self, shop: World) -> None:
        self.shop = shop
        self.accepted: dict[str, tuple[str, str]] = {}
        """Engagement of everybody who accepted: visitor and the id of the conversation or request."""
        self.needed_slot = self.overruns = 0
        self.ended: dict[str, str] = {}
        """Conversation to why it is over, of those that somebody ended."""
        self.sockets: Counter[str] = Counter()
        """Of visitors."""
        self.before: dict[str, Conversation] = {}

    # The rows, read plainly

    def open(self) -> dict[str, Conversation]:
        return {one.id: one for one in self.shop.store.disk.conversations.values() if one.state != "closed"}

    def line(self) -> list[Conversation]:
        """Who waits, in the order of the promise."""
        return sorted((one for one in self.open().values() if not one.agent), key=rank)

    def load(self, staff: str, skill: str | None = None) -> int:
        return sum(1 for one in self.open().values() if one.agent == staff and skill in (None, one.skill))

    def there(self, staff: str) -> bool:
        seat = self.shop.engine.core.sites["shop"].desk.seats[staff]
        return seat.present and seat.status == "available"

    def taken(self, staff: str) -> int:
        return sum(1 for name, _ in self.shop.store.disk.slots if name == staff)

    def free(self, staff: str, skill: str = "") -> int:
        one = STAFF[staff]
        if not self.there(staff):
            return 0
        left = one.maximum - self.taken(staff)
        return min(left, one.caps[skill] - self.load(staff, skill)) if skill in one.caps else left

    def could(self, staff: str, waiting: Conversation) -> bool:
        """Whether this agent could answer this one now."""
        skill, whole = waiting.skill or "", waiting.channel in WHOLE_CHANNELS
        skilled = not skill or skill in STAFF[staff].skills
        return skilled and self.free(staff, skill) > 0 and not (whole and self.taken(staff))

    def could_take(self, staff: str, one: Conversation) -> bool:
        """Whether it could be handed to him: his skills are not asked, his slots and caps are."""
        whole = one.channel in WHOLE_CHANNELS
        return self.free(staff, one.skill or "") > 0 and not (whole and self.taken(staff))

    # What must hold

    def all_of_it(self) -> None:
        assert self.shop.engine.core.trouble is None
        self.slots_are_kept()
        self.memory_is_the_disk()
        self.nobody_is_lost()
        self.the_queue_is_in_order()
        self.what_decisions_read_is_true()
        self.remember()

    def slots_are_kept(self) -> None:
        disk, still = self.shop.store.disk, self.open()
        for name, one in STAFF.items():
            mine = [(n, conv) for (agent, n), conv in disk.slots.items() if agent == name]
            assert len(mine) <= one.maximum
            assert all(1 <= n <= one.maximum for n, _ in mine)
            convs = {conv for _, conv in mine}
            assert all(still[conv].agent == name for conv in convs)
            for skill, cap in one.caps.items():
                assert sum(1 for conv in convs if still[conv].skill == skill) <= cap
            if any(still[conv].channel in WHOLE_CHANNELS for conv in convs):
                assert len(convs) == 1
                assert len(mine) == one.maximum
            else:
                assert len(convs) == len(mine)
        assert {one.id for one in still.values() if one.agent} == set(disk.slots.values())
        assert all(disk.most_taken[name] <= one.maximum for name, one in STAFF.items())

    def memory_is_the_disk(self) -> None:
        disk, engine = self.shop.store.disk, self.shop.engine
        desk, talks = engine.core.sites["shop"].desk, engine.talks.talks
        assert desk.slots == disk.slots
        assert {(one.staff, n): conv for conv, one in desk.held.items() for n in one.n} == disk.slots
        still = self.open()
        assert still == {one.id: one for one in engine.open_conversations("shop")}
        led = {conv: (one.visitor, one.agent, one.assign_ver, one.skill) for conv, one in talks.items()}
        assert led == {conv: (one.visitor, one.agent, one.assign_ver, one.skill) for conv, one in still.items()}
        assert {talk.visitor: talk.conv for talk in engine.talks.of.values()} == {
            one.visitor: conv for conv, one in still.items()
        }

    def nobody_is_lost(self) -> None:
        disk, still = self.shop.store.disk, self.open()
        assert max(Counter(one.visitor for one in still.values()).values(), default=0) <= 1
        for name, found in self.accepted.values():
            one: Conversation | Request = disk.conversations.get(found) or disk.requests[found]
            assert one.visitor == name
        for conv in self.before.keys() - still.keys():
            self.ended_rightly(conv)

    def ended_rightly(self, conv: str) -> None:
        """By somebody, or because its visitor left the queue long ago: never otherwise."""
        last = self.shop.store.disk.entries[conv][-1]
        assert last.kind == "close"
        why = self.ended.get(conv)
        if why is None:
            assert (last.by, last.body, self.sockets[self.before[conv].visitor]) == ("system", "left", 0)
            since = max([one.ts for one in self.shop.store.disk.entries[conv] if one.kind in ("join", "leave")] or [0])
            assert last.ts - max(since, self.before[conv].opened_at) >= LEFT_MS - 100
            saw("left the queue")
        else:
            assert (last.by, last.body) == (why.partition(" ")[0], why.partition(" ")[2])

    def the_queue_is_in_order(self) -> None:
        desk, line = self.shop.engine.core.sites["shop"].desk, self.line()
        assert [one.conv for one in desk.queue] == [one.id for one in line]
        place: Counter[str | None] = Counter()
        for one in line:
            place[one.skill] += 1
            told = self.shop.engine.position(one.id)
            assert told is not None
            assert told[0] == place[one.skill]
            skilled = [name for name, who in STAFF.items() if not one.skill or one.skill in who.skills]
            assert (told[1] is None) == (not any(map(self.there, skilled)))
        for waiting in desk.queue:
            able = [name for name in STAFF if self.could(name, self.open()[waiting.conv])]
            others = [name for name in STAFF if name != waiting.but and self.there(name)]
            skilled = [name for name in others if not waiting.skill or waiting.skill in STAFF[name].skills]
            assert not able or (able == [waiting.but] and skilled), "somebody waits without need"
            saw("it does not come back to whoever handed it on", len(able))
        self.served_in_order()

    def served_in_order(self) -> None:
        """Nobody was answered while somebody like him waited longer."""
        still = self.open()
        waited = [one for one in self.before.values() if not one.agent]
        served = [one for one in waited if one.id in still and still[one.id].agent and one.skill == still[one.id].skill]
        passed = [one for one in waited if one.id in still and still[one.id].assign_ver == one.assign_ver]
        but = {one.conv: one.but for one in self.shop.engine.core.sites["shop"].desk.queue}
        for late in served:
            for one in passed:
                if (one.skill, one.channel) == (late.skill, late.channel) and not but[one.id]:
                    assert rank(late) < rank(one), "somebody was passed over"
        saw("served in order", len(served) * len(passed))

    def what_decisions_read_is_true(self) -> None:
        live, still = self.shop.engine.core.sites["shop"], self.open().values()
        told = live.state.capacity
        free = {skill: sum(self.free(name, skill) for name in able(skill)) for skill in ("", "sales", "support")}
        whole = {
            skill: sum(1 for name in able(skill) if self.free(name, skill) and not self.taken(name)) for skill in free
        }
        busy = dict(Counter(one.skill or "" for one in still if one.agent))
        queue = dict(Counter(one.skill or "" for one in still if not one.agent))
        assert told == Capacity(free=free, busy=busy, queue=queue, whole=whole)
        gauges = self.shop.engine.gauges("shop")
        assert (gauges.accepted, gauges.overruns) == (self.needed_slot, self.overruns)

    def remember(self) -> None:
        """What was interesting."""
        SEEN["steps"] += 1
        self.before = self.open()
        line = self.line()
        here = [name for name in STAFF if self.there(name)]
        saw("all slots full", bool(here) and all(self.taken(name) == STAFF[name].maximum for name in here))
        saw("three wait", len(line) >= 3)
        saw("lost, accepted and reactive wait", len({rank(one)[0] for one in line}) == 3)
        saw("a call waits while somebody has a slot", any(self.calls_wait(one) for one in line))
        saw("a call", any(one.agent and one.channel == "call" for one in self.before.values()))
        saw("cap reached, slots free", any(self.free(name) and not self.free(name, "sales") for name in ("kim",)))

    def calls_wait(self, one: Conversation) -> bool:
        return one.channel == "call" and any(self.free(name, one.skill or "") > 0 for name in able(one.skill or ""))


def rank(one: Conversation) -> tuple[int, int, str]:
    """Who has lost his agent, who accepted, who began himself; the oldest first."""
    return (0 if one.assign_ver else 1 if one.engagement else 2), one.opened_at, one.id


def able(skill: str) -> list[str]:
    """Who has a skill; everybody has none."""
    return [name for name, one in STAFF.items() if not skill or skill in one.skills]


class DeskModel(RuleBasedStateMachine):
    """All that visitors, agents, time and power cuts do."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        numbers = count()
        self.shop = World(OFFERS, new_id=lambda: f"c{next(numbers) * 7_919 % 10_007:05}")  # in no order, as ids are
        self.watch = Watch(self.shop)
        self.play(self.shop.started(*STAFF.values()))

    def play(self, scene: Coroutine[Any, Any, Any]) -> Any:
        """One thing that happens, until it is on the disk."""

        async def whole() -> Any:
            found = await scene
            while self.shop.engine.core.unfinished:  # noqa: ASYNC110  # no event of ours
                await asyncio.sleep(0)
            return found

        with patience():
            found = self.runner.run(whole())
        self.shop.now += 100
        return found

    def teardown(self) -> None:
        """What was decided is what a replay of the log decides."""
        try:
            recorded, replayed = self.shop.recorded(), self.shop.replayed()
        finally:
            self.runner.close()
        assert recorded == replayed

    def of(self, name: str) -> list[Conversation]:
        return [one for one in self.watch.open().values() if name in (one.visitor, one.agent)]

    # Visitors

    @initialize(names=some)
    def a_busy_day(self, names: list[str]) -> None:
        """It begins with visitors who write by themselves, on pages that are open."""
        self.visitors_come_or_leave(VISITORS, 1)
        self.begin(names)

    @rule(names=some, where=path)
    def offer(self, names: list[str], where: str) -> None:
        """These look at a page whose rule holds; whoever can be answered is invited."""

        async def looks() -> None:
            for name in names:
                await self.shop.pulses(name, page("/"))  # the clause is false first, so that it can come true again
                await self.shop.pulses(name, page(where))

        self.play(looks())

    @rule(names=some, where=path, twice=st.booleans())
    def offer_and_accept(self, names: list[str], where: str, twice: bool) -> None:
        """All of these are invited, and all who are accept at once."""
        self.offer(names, where)
        self.accept(names, twice)

    @rule(name=agent, names=some, where=path, twice=st.booleans())
    def rush(self, name: str, names: list[str], where: str, twice: bool) -> None:
        """He has room for a moment, which is offered to all of these, who all want it."""
        self.agent_connects(name, there=True)
        self.status(name, "available")
        self.agent_closes(name, 0)
        self.offer_and_accept(names, where, twice)

    @rule(names=some, others=some, where=path, also=path)
    def a_quiet_hour_and_a_rush(self, names: list[str], others: list[str], where: str, also: str) -> None:
        """Everybody goes; then two offers go out, all accept at once, and the others write by themselves too."""
        self.close(VISITORS)
        self.everybody_works()
        self.offer(names, where)
        self.offer(others, also)
        self.accept([*names, *(one for one in others if one not in names)], twice=False)
        self.begin(others)

    @rule(name=visitor, names=some)
    def one_chats_and_others_want_to_call(self, name: str, names: list[str]) -> None:
        """A call needs somebody who has nobody: a free slot beside a chat is none for it."""
        self.close(VISITORS)
        self.everybody_works()
        self.offer([name], PATHS[0])
        callers = [one for one in names if one != name]
        self.offer(callers, PATHS[2])
        self.accept([name, *callers], twice=False)

    @rule(names=some, twice=st.booleans())
    def accept(self, names: list[str], twice: bool) -> None:
        """All of these at once, or each of them twice."""
        offers = self.play(self.shown(names))
        had = {one.visitor for one in self.watch.open().values()}
        clicks = [(name, one) for name, one in offers for _ in range(1 + twice)]

        async def at_once() -> list[Any]:
            return await asyncio.gather(
                *[self.shop.engine.accept("shop", name, one.engagement, "fr") for name, one in clicks]
            )

        found = self.play(at_once())
        for (name, one), opened in zip(clicks, found, strict=True):
            assert isinstance(opened, Request if one.offer.channel == "callback" else Conversation)
            assert opened.visitor == name
            assert self.watch.accepted.setdefault(one.engagement, (name, opened.id)) == (name, opened.id)
        first = {name: (one, opened) for (name, one), opened in zip(clicks, found, strict=True)}
        self.reckon(first, had)

    async def shown(self, names: list[str]) -> list[tuple[str, Any]]:
        """Who has an invitation on his screen, and which."""
        found = [(name, (await self.shop.pulses(name)).offer) for name in names]
        return [(name, one) for name, one in found if one is not None]

    def reckon(self, found: dict[str, tuple[Any, Any]], had: set[str]) -> None:
        """How many acceptances needed a slot, and how many found none."""
        for name, (one, opened) in found.items():
            if one.offer.channel == "callback":
                saw("a callback")
                continue
            self.watch.needed_slot += 1
            overrun = name not in had and not opened.agent
            self.watch.overruns += overrun
            saw("accepted when full", overrun)
            room = sum(self.watch.free(other, one.offer.skill or "") for other in able(one.offer.skill or ""))
            saw("a call accepted when nobody is wholly free", overrun and room)

    @rule(names=some)
    def decline(self, names: list[str]) -> None:
        """These do not want it."""
        for name, one in self.play(self.shown(names[:3])):
            assert self.play(self.shop.engine.move_invitation("shop", name, one.engagement, "declined"))
            assert self.play(self.shop.engine.accept("shop", name, one.engagement, "fr")) is None
            saw("declined")

    @rule(names=some)
    def begin(self, names: list[str]) -> None:
        """These write by themselves, all at once."""

        async def at_once() -> None:
            await asyncio.gather(*[self.shop.engine.open_conversation("shop", name, "fr") for name in names])

        self.play(at_once())

    @rule(names=some, sockets=st.integers(0, 1))
    def visitors_come_or_leave(self, names: list[str], sockets: int) -> None:
        """Their pages are there, or are not."""
        for name in names:
            self.watch.sockets[name] = sockets
            self.shop.engine.visitor_connected("shop", name, sockets)

    @rule(names=some)
    def close(self, names: list[str]) -> None:
        """These have had enough; the first of them closes twice."""
        for one in [one for name in [*names[:1], *names] for one in self.of(name)]:
            self.watch.ended.setdefault(one.id, "visitor")
            self.play(self.shop.engine.close("shop", one.id, "visitor", one.visitor))

    @rule(names=some)
    def leave_a_request(self, names: list[str]) -> None:
        """Whoever waits and leaves a request waits no more."""
        for name, one in [(mine, one) for mine in names[:4] for one in self.of(mine)]:
            asked = Asked(cid=f"r{self.shop.now}", kind="message", email="v@shop.example", body="Where is it?")
            if not one.agent:
                self.watch.ended[one.id] = "visitor request"
            request = self.play(self.shop.engine.ask("shop", name, asked))
            assert (request.conv, self.shop.store.disk.requests[request.id]) == (one.id, request)
            saw("a request from the queue", not one.agent)

    # Time

    @rule(seconds=st.integers(1, 25))
    def a_while(self, seconds: int) -> None:
        """Time passes."""
        self.play(self.shop.passes(seconds * 1_000, step=5_000))

    @rule(seconds=st.integers(40, 130), answered=st.sampled_from([True, True, False]))
    def expire(self, seconds: int, answered: bool) -> None:
        """Invitations expire, visitors are gone, agents have answered or have not."""
        for name in STAFF:
            if answered:
                self.answer(name)
        before = self.watch.open()
        self.play(self.shop.passes(seconds * 1_000, step=10_000))
        after = self.watch.open()
        away = [name for name in STAFF if self.shop.engine.agent(name).reason == "no_answer"]
        saw("no answer", sum(1 for one in before.values() if one.agent in away and one.id in after))

    # Agents

    @rule(name=agent)
    def answer(self, name: str) -> None:
        """He says something in each of his conversations."""
        for one in self.of(name):
            cid = f"c{self.shop.now}"
            self.play(self.shop.engine.send("shop", one.id, "agent", name, cid, "text", "Hello", one.assign_ver))
            self.play(self.shop.engine.watermark("shop", one.id, "agent", name, one.head, one.head))

    @rule(name=agent)
    def take(self, name: str) -> None:
        """He asks for the next one."""
        self.play(self.shop.engine.take_conversation("shop", name, None))

    @rule(name=agent, stale=st.integers(0, 1))
    def agent_closes(self, name: str, stale: int) -> None:
        """He ends one; with an assignment of before he may not."""
        for one in self.of(name)[:1]:
            if not stale:
                self.watch.ended[one.id] = "agent"
            found = self.play(self.shop.engine.close("shop", one.id, "agent", name, one.assign_ver - stale))
            assert isinstance(found, Refused) == bool(stale)

    @rule(name=agent, other=agent, stale=st.sampled_from([0, 0, 1]), quiet=st.booleans())
    def transfer_to_agent(self, name: str, other: str, stale: int, quiet: bool) -> None:
        """To a colleague, who must have room; on a quiet day nobody waits and he has nobody."""
        if quiet:
            self.close([one.visitor for one in self.watch.line()])
            self.close([one.visitor for one in self.of(other)] if name != other else [])
        for one in self.of(name)[:1]:
            could = name != other and self.watch.could_take(other, one)
            found = self.play(
                self.shop.engine.transfer("shop", one.id, name, one.assign_ver - stale, "he knows", agent=other)
            )
            assert isinstance(found, Conversation) == (could and not stale)
            saw("handed to an agent", isinstance(found, Conversation))
            saw("nobody hands on to somebody who is full", not could and name != other and not stale)

    @rule(name=agent, skill=st.sampled_from(["sales", "support", "law"]))
    def transfer_to_skill(self, name: str, skill: str) -> None:
        """To whoever can."""
        for one in self.of(name)[:1]:
            found = self.play(self.shop.engine.transfer("shop", one.id, name, one.assign_ver, "", skill=skill))
            assert isinstance(found, Refused) == (skill == "law")
            saw("handed to a skill", skill != "law")
            saw("handed on, and waits", isinstance(found, Conversation) and not found.agent)

    @rule(name=agent, there=st.sampled_from([True, True, False]))
    def agent_connects(self, name: str, there: bool) -> None:
        """His console is there, or is not."""

        async def connects() -> None:
            self.shop.engine.connected(name, int(there))

        self.play(connects())

    @rule(name=agent, status=st.sampled_from(["available", "available", "available", "away"]))
    def status(self, name: str, status: Any) -> None:
        """He takes conversations, or none for now."""
        self.play(self.shop.engine.set_status(name, status, "lunch" if status == "away" else ""))

    @rule(name=agent)
    def goes_home(self, name: str) -> None:
        """He closes his console; after a minute his conversations are somebody else's. The others answer theirs."""
        self.agent_connects(name, there=False)
        for other in STAFF:
            self.answer(other)
        self.play(self.shop.passes(65_000, step=5_000))

    @rule()
    def everybody_works(self) -> None:
        """All are there again."""
        for name in STAFF:
            self.agent_connects(name, there=True)
            self.status(name, "available")

    # The machine

    @rule(there=st.sets(agent), pages=some)
    def crash(self, there: set[str], pages: list[str]) -> None:
        """The process dies; some agents and pages find the next one."""
        still, line = self.watch.open(), self.watch.line()
        saw("a crash with a full desk and a queue", len(line) >= 2 and len(still) - len(line) >= 2)

        async def again() -> None:
            await self.shop.killed()
            for name in there:
                self.shop.engine.connected(name, 1)

        self.watch.sockets.clear()
        self.play(again())
        self.visitors_come_or_leave(pages, 1)

    @invariant()
    def what_was_promised(self) -> None:
        """After every step."""
        self.watch.all_of_it()
