"""Agents and slots: never more conversations than allowed, nobody twice, nobody forgotten; whatever dies meanwhile."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_world import SITE, World, page, run, track

from aparte.conversations.store import Appended, Refused
from aparte.kit.errors import Unavailable
from aparte.sites.model import Staff
from aparte.targeting.campaign import load

EAGER = load(
    """
[site]
holdout = 0.0
epsilon = 1.0
[[campaigns]]
name = "eager"
holdout = 0.0
[campaigns.frequency]
once_per_session = false
[[campaigns.rules]]
name = "r"
when = 'cart.items > 0'
offer = { skill = "sales", message = "?" }
""",
    "eager.toml",
)
KIM = Staff(id="kim", site="shop", email="k@shop.example", name="Kim", maximum=2, skills=("sales",))
LEA = Staff(id="lea", site="shop", email="l@shop.example", name="Lea", maximum=1, skills=("sales", "support"))
VISITORS = [f"v{number}" for number in range(6)]
ACTS = (
    "invite",
    "accept",
    "accept_all",
    "open",
    "close",
    "close_by",
    "take",
    "off",
    "on",
    "wait",
    "kill",
    "fail",
    "say",
)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.sampled_from(VISITORS), st.sampled_from(("kim", "lea")), st.integers(0, 65)),
    max_size=40,
)


async def one_act(shop: World, act: str, visitor: str, staff: str, seconds: int) -> None:
    engine = shop.engine
    mine = [one for one in engine.open_conversations("shop") if one.agent == staff]
    match act:
        case "invite":
            await shop.pulses(visitor, track("Product Added", product_id="a", price=1, quantity=1))
            await shop.pulses(visitor)
        case "accept" | "accept_all":
            offers = [(one, (await shop.pulses(one)).offer) for one in (VISITORS if act == "accept_all" else [visitor])]
            accepting = [
                engine.accept("shop", one, offer.engagement, "fr") for one, offer in offers if offer for _ in "ab"
            ]
            await asyncio.gather(*accepting)
        case "open":
            await asyncio.gather(*[engine.open_conversation("shop", visitor, "fr") for _ in "ab"])
        case "close":
            for one in engine.open_conversations("shop")[:1]:
                await asyncio.gather(*[engine.close("shop", one.id, "visitor", one.visitor) for _ in "ab"])
        case "close_by":
            for one in mine[:1]:
                await engine.close("shop", one.id, "agent", staff, one.assign_ver)
        case "take":
            await asyncio.gather(*[engine.take_conversation("shop", staff, None) for _ in "ab"])
        case "off" | "on":
            engine.connected(staff, int(act == "on"))
        case "wait":
            await shop.passes(seconds * 1_000, step=1_000)
        case "kill":
            await shop.killed()
        case "fail":
            shop.store.fail_next = True
        case "say":
            for one in mine[:1]:
                await engine.send("shop", one.id, "agent", staff, f"c{shop.now}", "text", "Hello", one.assign_ver)


async def ready(shop: World) -> None:
    """Everything is on the disk, and everybody was told."""
    while shop.engine.core.unfinished:  # noqa: ASYNC110 (no event of ours)
        await asyncio.sleep(0)
    while shop.engine.ready() is not None:
        await asyncio.wait([shop.engine.core.recovery])


def check(shop: World) -> None:
    """Memory, what is told outside and the disk say the same, and it is allowed."""
    disk, live = shop.store.disk, shop.engine.core.sites["shop"]
    assert disk.most_taken["kim"] <= 2
    assert disk.most_taken["lea"] <= 1
    still = [one for one in disk.conversations.values() if one.state != "closed"]
    assert len({one.visitor for one in still}) == len(still)
    assert {one.id: one for one in still} == {one.id: one for one in shop.engine.open_conversations("shop")}
    assert live.desk.slots == disk.slots
    assert {one.id: one.agent for one in still if one.agent} == {conv: who for (who, _), conv in disk.slots.items()}
    assert {one.id for one in still if not one.agent} == {one.conv for one in live.desk.queue}
    assert {one.id: one.assign_ver for one in still} == {
        conv: talk.assign_ver for conv, talk in shop.engine.talks.talks.items()
    }
    for entries in disk.entries.values():
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    waiting = any(live.desk.seat_for(one) for one in live.desk.queue)
    assert not waiting  # nobody waits while somebody could answer
    capacity = live.desk.capacity()
    assert capacity == live.state.capacity


@settings(max_examples=80, deadline=None)
@given(acts)
def test_slots_hold_whatever_happens_in_whatever_order(story: list[Any]) -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(KIM, LEA)
        for act in story:
            shop.now += 100
            try:
                await one_act(shop, *act)
            except Unavailable:
                await ready(shop)
            await asyncio.sleep(0)
            await ready(shop)
            check(shop)
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_a_thousand_accepts_at_once_take_ten_slots() -> None:
    async def tell() -> None:
        staff = [Staff(id=f"a{n}", site="shop", email=f"{n}", name="A", maximum=2, skills=("sales",)) for n in range(5)]
        shop = await World(EAGER).started(*staff)
        names = [f"v{number}" for number in range(1_000)]
        for name in names:
            await shop.pulses(name, track("Product Added", product_id="a", price=1, quantity=1))
        offers = [shop.engine.core.sites["shop"].visits[name].visitor.open.id for name in names]
        accepting = [shop.engine.accept("shop", *pair, "fr") for pair in zip(names, offers, strict=True)]
        found = await asyncio.gather(*accepting)
        assert sum(one.state == "open" for one in found) == 10
        assert len({one.id for one in found}) == 1_000
        assert shop.store.disk.most_taken == {one.id: 2 for one in staff}
        assert sorted(shop.engine.position(one.id)[0] for one in found if one.state == "queued") == list(range(1, 991))

    run(tell)


def test_an_agent_who_is_gone_gets_nobody_new_and_then_loses_his_conversations() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(KIM)
        one = await shop.engine.open_conversation("shop", "ann", "fr")
        shop.engine.connected("kim", 0)
        await shop.passes(19_000)
        assert shop.engine.agents_available("shop")
        await shop.passes(2_000)
        assert not shop.engine.agents_available("shop")
        later = await shop.engine.open_conversation("shop", "bob", "fr")
        assert (later.state, shop.engine.conversation(one.id).agent) == ("queued", "kim")
        await shop.passes(40_000)
        lost = shop.engine.conversation(one.id)
        assert (lost.state, lost.agent, lost.assign_ver) == ("queued", "", 2)
        assert shop.engine.position(one.id)[0] == 1  # before whoever came later
        stale = await shop.engine.send("shop", one.id, "agent", "kim", "c", "text", "Hello?", 1)
        assert stale == Refused("not_assigned")
        shop.engine.connected("kim", 1)
        await asyncio.wait(shop.engine.core.unfinished)
        assert {talk.agent for talk in shop.engine.open_conversations("shop")} == {"kim"}
        kinds = [entry.kind for entry in shop.store.entries(one.id)]
        assert kinds == ["join", "leave", "join"]

    run(tell)


def test_a_restart_gives_agents_a_minute_to_come_back() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(KIM)
        one = await shop.engine.open_conversation("shop", "ann", "fr")
        await shop.killed()
        await shop.passes(59_000)
        assert shop.engine.conversation(one.id).agent == "kim"
        await shop.passes(1_000)
        assert shop.engine.conversation(one.id).agent == ""

    run(tell)


@pytest.mark.covers("S0-71")
def test_a_message_is_stored_once_and_only_members_speak() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(KIM, LEA)
        one = await shop.engine.open_conversation("shop", "ann", "fr")
        send = shop.engine.send
        first = await send("shop", one.id, "visitor", "ann", "c1", "text", "Bonjour")
        again = await send("shop", one.id, "visitor", "ann", "c1", "text", "Bonjour")
        assert isinstance(first, Appended)
        assert isinstance(again, Appended)
        assert (again.entry, again.again) == (first.entry, True)
        assert await send("shop", one.id, "visitor", "ann", "c1", "text", "Salut") == Refused("cid_conflict")
        assert await send("shop", one.id, "visitor", "bob", "c2", "text", "Moi") == Refused("unknown")
        assert await send("shop", "nothing", "visitor", "ann", "c", "text", "a") == Refused("unknown")
        assert await send("shop", one.id, "visitor", "ann", "c3", "note", "a") == Refused("bad_kind")
        other = "lea" if one.agent == "kim" else "kim"
        assert await send("shop", one.id, "agent", other, "c4", "text", "a", 1) == Refused("not_assigned")
        since = shop.engine.conversation(one.id).waiting_since
        shop.now += 1_000
        await send("shop", one.id, "agent", one.agent, "c5", "text", "Bonjour", 1)
        assert (since, shop.engine.conversation(one.id).waiting_since) == (one.opened_at, None)
        marked = await shop.engine.watermark("shop", one.id, "visitor", "ann", 99, 2)
        assert (marked.visitor_delivered, marked.visitor_read) == (marked.head, 2)
        closed = await shop.engine.close("shop", one.id, "visitor", "ann")
        assert closed.state == "closed"
        assert await shop.engine.close("shop", one.id, "visitor", "ann") == closed
        assert await send("shop", one.id, "visitor", "ann", "c6", "text", "a") == Refused("closed")
        rated = await shop.engine.survey("shop", one.id, "ann", 5, 9, True, "Merci")
        assert (rated.csat, rated.comment) == (5, "Merci")
        assert await shop.engine.survey("shop", one.id, "ann", 6, 9, True, "") == Refused("bad_survey")
        assert [entry.kind for entry in shop.store.entries(one.id)] == ["join", "text", "text", "close", "survey"]

    run(tell)


def test_an_agent_takes_by_hand_what_his_slots_allow() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(LEA)
        await shop.engine.set_status("lea", "away")
        first = await shop.engine.open_conversation("shop", "ann", "fr")
        shop.now += 1
        second = await shop.engine.open_conversation("shop", "bob", "fr")
        taken = await shop.engine.take_conversation("shop", "lea", None)
        assert (taken.id, taken.agent) == (first.id, "lea")
        assert await shop.engine.take_conversation("shop", "lea", second.id) == Refused("no_slot")
        assert await shop.engine.take_conversation("shop", "lea", "nothing") == Refused("nobody_waits")
        assert (await shop.engine.take_conversation("shop", "lea", first.id)).id == first.id

    run(tell)


def test_who_asks_for_the_next_one_again_by_the_same_cid_gets_the_same_one() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(LEA, KIM)
        await shop.engine.set_status("lea", "away")
        await shop.engine.set_status("kim", "away")
        for visitor in ("ann", "bob", "cleo"):
            shop.now += 1
            await shop.engine.open_conversation("shop", visitor, "fr")

        async def take(staff: str, cid: str) -> Any:
            return await shop.engine.take_conversation("shop", staff, None, cid)

        [first, again] = await asyncio.gather(take("kim", "k1"), take("kim", "k1"))
        assert (first.visitor, first.agent, again.id) == ("ann", "kim", first.id)
        await shop.killed()
        assert (await take("kim", "k1")).id == first.id
        await shop.engine.close("shop", first.id, "visitor", "ann")
        await shop.killed()
        assert (await take("kim", "k1")).id == first.id
        assert (await take("lea", "k1")).visitor == "bob"
        assert (await take("kim", "k2")).visitor == "cleo"

    run(tell)


def test_visitors_are_away_after_fifteen_seconds_and_left_after_two_minutes() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started()
        shop.engine.visitor_connected("shop", "ann", 1)
        shop.engine.visitor_connected("shop", "ann", 0)
        seen = []
        for _ in range(125):
            await shop.passes(1_000)
            seen.append(shop.engine.visitor_presence("shop", "ann"))
        assert (seen.index("away"), seen.index("left")) == (14, 119)
        assert [one.value for one in shop.told if one.what == "visitor"] == ["ann", "ann"]

    run(tell)


def test_a_site_that_only_answers_invites_nobody() -> None:
    async def tell() -> None:
        shop = World(EAGER)
        shop.site = type(SITE)(
            id="shop", name="Shop", public_key="p", secret_key_hash="s", mode="reactive", languages=("fr",)
        )
        shop.new_engine()
        await shop.started(KIM)
        await shop.pulses("ann", page("/"))
        await shop.pulses("ann", track("Product Added", product_id="a", price=1, quantity=1))
        assert shop.decisions() == [("ann", "refrain", "consent")]

    run(tell)


def test_an_agent_hired_while_the_server_runs_is_known() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started()
        with pytest.raises(KeyError):
            shop.engine.agent("kim")
        shop.store.disk.staff["kim"] = KIM
        await shop.engine.set_status("kim", "available")
        assert (shop.engine.agent("kim").status, shop.engine.ready()) == ("available", None)
        with pytest.raises(KeyError):
            await shop.engine.set_status("nobody", "available")
        assert shop.engine.ready() is None

    run(tell)


def test_an_agent_is_not_unknown_while_memory_is_made_again() -> None:
    async def tell() -> None:
        shop = await World(EAGER).started(KIM)
        shop.engine.core.fail("the disk has failed")
        with pytest.raises(Unavailable):
            shop.engine.agent("kim")
        await ready(shop)
        assert shop.engine.agent("kim").maximum == 2

    run(tell)
