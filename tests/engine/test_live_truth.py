"""Memory leads, the log is the truth: crashes, failures and replays lead to the same states and the same decisions."""

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_world import AGENT_STAFF, CART, World, page, run, track
from streams import BODIES, LATE, VISITORS, campaigns_text

from aparte.engine.ports import Arriving
from aparte.kit.errors import Unavailable
from aparte.targeting.campaign import load
from aparte.tracking.normalise import Normaliser
from aparte.tracking.timestamps import iso

TEXT = campaigns_text(holdout=0.2, site_holdout=0.1)
RULES = load(TEXT, "live.toml")
MANY = load(campaigns_text(holdout=0.2, site_holdout=0.1, ahead=80), "many.toml")  # masks of more than 64 bits
GAPS = (0, 1, 999, 5_000, 10_000, 29_999, 30_000, 60_000, 1_800_001)
ACTIONS = ("take", "pulse", "pulse", "pulse", "sweep", "accept", "decline", "open", "close", "agent", "order", "again")

steps = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS),
        st.sampled_from(VISITORS),
        st.sampled_from(BODIES),
        st.sampled_from(GAPS),
        st.sampled_from(LATE),
        st.sampled_from(("", "", "", "", "kill", "checkpoint", "fail")),
    ),
    min_size=1,
    max_size=40,
)


async def act(shop: World, action: str, visitor: str, body: dict[str, Any], late: int) -> None:
    """One thing that happens; it may find the engine unavailable."""
    engine, message = shop.engine, {**body, "timestamp": iso(shop.now - late)}
    if action == "take":
        await shop.sends(visitor, message, trusted=body.get("type") == "identify")
    elif action == "pulse":
        await shop.pulses(visitor, message, visible=late != 7_000)
    elif action == "order":
        await shop.sends(visitor, track("Order Completed", order_id=body.get("event", "1"), total=late and 50))
    elif action == "again":
        row = next((row for row in shop.store.disk.log if row.message_id), None)
        if row is not None:
            await engine.take(Arriving(site="shop", lines=[row.line], received_at=shop.now))
    elif action == "sweep":
        await engine.sweep()
    elif action in ("accept", "decline"):
        offer = (await shop.pulses(visitor)).offer
        if offer is not None and action == "accept":
            await engine.accept("shop", visitor, offer.engagement, "en")
        elif offer is not None:
            await engine.move_invitation("shop", visitor, offer.engagement, "declined")
    elif action == "open":
        await engine.open_conversation("shop", visitor, "en")
    elif action == "close":
        for talk in engine.open_conversations("shop")[:1]:
            await engine.close("shop", talk.id, "visitor", talk.visitor)
    else:
        await engine.set_status("kim", "away" if engine.agent("kim").status == "available" else "available")


async def recovered(shop: World) -> None:
    while shop.engine.ready() is not None:
        await asyncio.wait([shop.engine.core.recovery])


async def checkpoint(shop: World) -> None:
    """One more; it may be the first to find that the disk has failed."""
    try:
        await shop.engine.checkpoints.make()
    except Unavailable:
        await recovered(shop)


async def happen(shop: World, story: list[Any], *, harm: bool) -> None:
    for action, visitor, body, gap, late, fate in story:
        shop.now += gap
        if harm and fate == "checkpoint":
            await checkpoint(shop)
        if harm and fate == "kill":
            await shop.killed()
        if harm and fate == "fail":
            shop.store.fail_next = True
        try:
            await act(shop, action, visitor, body, late)
        except Unavailable:
            await recovered(shop)
    await recovered(shop)


@settings(max_examples=60, deadline=None)
@given(steps, st.booleans())
def test_every_decision_of_a_live_run_comes_again_in_a_replay_of_its_log(story: list[Any], many: bool) -> None:
    async def tell() -> None:
        shop = await World(MANY if many else RULES).started(AGENT_STAFF)
        await happen(shop, story, harm=True)
        assert shop.recorded() == shop.replayed()

    run(tell)


@settings(max_examples=60, deadline=None)
@given(steps, st.booleans(), st.integers(0, 40))
def test_whoever_starts_from_the_disk_knows_what_the_one_before_knew(story: list[Any], many: bool, cut: int) -> None:
    async def tell() -> None:
        shop = await World(MANY if many else RULES).started(AGENT_STAFF)
        await happen(shop, story[:cut], harm=False)
        await shop.engine.checkpoints.make()
        await happen(shop, story[cut:], harm=False)
        before = shop.state()
        await shop.killed()
        shop.engine.connected("kim", 1)
        assert shop.state() == before

    run(tell)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_what_is_killed_before_its_commit_has_never_happened(story: list[Any]) -> None:
    async def tell() -> None:
        shop = await World(RULES).started(AGENT_STAFF)
        await happen(shop, story, harm=False)
        before = shop.state()
        shop.store.held = True
        lost = [asyncio.ensure_future(shop.pulses(visitor, page("/cart"))) for visitor in VISITORS]
        await asyncio.sleep(0)
        await shop.killed()
        shop.engine.connected("kim", 1)
        assert shop.state() == before
        for one in lost:
            one.cancel()

    run(tell)


def test_a_lost_transaction_decides_nothing_and_memory_is_made_again() -> None:
    async def tell() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.pulses("ann", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        shop.now += 20_000
        before, lines = shop.state(), len(shop.store.disk.log)
        shop.store.broken = True
        results = await asyncio.gather(shop.pulses("ann"), shop.pulses("bob", page("/")), return_exceptions=True)
        assert [type(one) for one in results] == [Unavailable, Unavailable]
        assert shop.engine.ready() == "the disk has failed"
        with pytest.raises(Unavailable):
            await shop.sends("ann", page("/"))
        assert (shop.decisions(), len(shop.store.disk.log)) == ([], lines)
        shop.store.broken = False
        await recovered(shop)
        assert shop.state() == before
        assert (await shop.pulses("ann")).offer is not None
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_nothing_is_told_before_its_commit() -> None:
    async def tell() -> None:
        shop = await World().started(AGENT_STAFF)
        shop.told.clear()
        shop.store.held = True
        opening = asyncio.ensure_future(shop.engine.open_conversation("shop", "ann", "en"))
        await asyncio.sleep(0)
        assert (shop.told, shop.engine.open_conversations("shop"), opening.done()) == ([], [], False)
        shop.store.release()
        one = await opening
        assert [(change.what, change.conv) for change in shop.told if change.conv] == [
            ("entry", one.id),
            ("conversation", one.id),
        ]

    run(tell)


def test_other_campaigns_keep_what_they_have_in_common_by_name() -> None:
    async def tell() -> None:
        shop = await World(CART).started(AGENT_STAFF)
        await shop.pulses("ann", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        ahead = "[behaviours.pages]\ncount = 'page'\n[behaviours.cart_views]"
        other = CART.replace("[behaviours.cart_views]", ahead).replace(
            "[[campaigns.rules]]", "[[campaigns.rules]]\nname = 'new'\nwhen = 'pages > 99'\n[[campaigns.rules]]"
        )
        await shop.killed(other)
        assert shop.facts()[-2:] == ["CampaignPublished", "CapacityChanged"]
        shop.engine.connected("kim", 1)
        await shop.passes(12_000)
        await shop.pulses("ann")
        await shop.passes(9_000)
        assert shop.decisions() == [("ann", "invite", "")]
        before = shop.state()
        await shop.killed()
        shop.engine.connected("kim", 1)
        assert shop.state()["visitors"] == before["visitors"]

    run(tell)


def test_a_thousand_timers_fire_once_each_whatever_dies() -> None:
    async def tell() -> None:
        shop = await World().started(AGENT_STAFF)
        for number in range(1_000):
            shop.now += 20
            await shop.sends(f"v{number}", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
            if number % 50 == 0:
                await shop.killed()
        for number in range(60):
            await shop.passes(500)
            if number % 3 == 0:
                await shop.killed()
        rows = [row for row in shop.store.disk.log if row.kind == "TimerElapsed"]
        assert len(rows) == len({row.visitor for row in rows}) == 1_000
        assert max(row.received_at - row.at for row in rows) <= 1_000
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_messages_are_conserved_and_a_copy_is_known_after_a_restart() -> None:
    async def tell() -> None:
        shop = await World().started()
        bad = {"type": "track", "event": "Chat Ended"}
        lines = [*shop.lines("ann", (page("/"), page("/cart"), bad)), b"{", b'{"type":"page"}']
        first = await shop.engine.take(Arriving(site="shop", lines=lines, received_at=shop.now))
        await shop.killed()
        again = await shop.engine.take(Arriving(site="shop", lines=lines, received_at=shop.now + 1))
        assert (first.received, first.accepted, first.duplicate, first.quarantined) == (5, 2, 0, 3)
        assert (again.received, again.accepted, again.duplicate, again.quarantined) == (5, 0, 2, 3)
        refused = await shop.sends("ann", page("/secret"), page("/secret"), consent="none")
        assert refused.quarantined == 2
        kept = shop.store.counts("shop")
        assert kept.quarantined == {"reserved_name": 2, "not_json": 2, "missing_identity": 2, "no_consent": 2}
        assert (kept.received, kept.accepted, kept.duplicate) == (12, 2, 2)
        assert not any("secret" in str(one) for one in (*shop.store.disk.quarantined, *shop.store.disk.log))

    run(tell)


def test_what_the_request_and_the_key_tell_is_in_the_log_and_read_back() -> None:
    async def tell() -> None:
        shop = await World().started()
        await shop.sends("ann", page("/"), user_agent="Googlebot/2.1", country="FR")
        await shop.engine.take(
            shop.arriving("srv", {"type": "identify", "traits": {"tier": "gold"}}, trusted=True, user_agent="x")
        )
        await shop.engine.take(
            Arriving(
                site="shop", lines=[b'{"event": "Ping", "messageId": "p"} '], received_at=1, kind="track", visitor="v"
            )
        )
        read = [Normaliser(trusted=True).read(row.line) for row in shop.store.disk.log if row.message_id]
        assert [(one.bot, one.trusted, one.visitor) for one in read] == [
            (True, False, "ann"),
            (False, True, "srv"),
            (False, False, "v"),
        ]
        assert read[0].context.location.country == "FR"
        assert read[1].context is None
        state = shop.engine.visit("shop", "srv").visitor
        assert (state.traits, state.claimed) == ({"tier": "gold"}, None)

    run(tell)


def test_an_event_that_waited_longer_than_copies_are_known_counts_as_that_old() -> None:
    async def tell() -> None:
        shop = await World().started()
        await shop.sends("ann", {**page("/"), "timestamp": iso(shop.now - 80 * 3_600_000)})
        row = next(row for row in shop.store.disk.log if row.message_id)
        assert row.at == shop.now - 72 * 3_600_000
        assert Normaliser(trusted=True).read(row.line).at == row.at

    run(tell)


def test_orders_are_claimed_or_confirmed_and_refunds_name_their_message() -> None:
    async def tell() -> None:
        shop = await World().started()
        order = track("Order Completed", order_id="o1", total=60, revenue=50, currency="eur")
        await shop.sends("ann", order)
        await shop.sends("ann", order, trusted=True)
        await shop.sends(
            "ann", track("Order Refunded", order_id="o1", total=10), track("Order Cancelled", order_id="o1")
        )
        told = [(one.order_id, one.confirmed, one.total, one.revenue, one.currency) for one in shop.store.disk.orders]
        assert told == [("o1", False, 60.0, 50.0, "EUR"), ("o1", True, 60.0, 50.0, "EUR")]
        assert [(one.amount, one.confirmed) for one in shop.store.disk.refunds] == [(10.0, False), (None, False)]
        assert shop.engine.visit("shop", "ann").session.orders == 1

    run(tell)


def test_made_up_visitors_leave_memory_and_nobody_who_is_engaged_does() -> None:
    async def tell() -> None:
        shop = await World(most_visitors=50).started(AGENT_STAFF)
        await shop.pulses("ann", page("/"))
        await shop.engine.open_conversation("shop", "ann", "en")
        await shop.pulses("bob", page("/"))
        for number in range(2_000):
            await shop.sends(f"x{number}", page("/"))
            if number % 500 == 0:
                await shop.engine.checkpoints.make()
        await shop.engine.checkpoints.make()
        live = shop.engine.core.sites["shop"]
        assert len(live.visits) <= 50
        assert {"ann", "bob"} <= live.visits.keys()  # bob pulsed: made-up ids go before him
        assert (len(live.resting), len(live.dirty), len(live.fresh)) == (0, 0, 48)
        assert len(live.agenda) <= 1_200
        assert shop.engine.visit("shop", "x0").visitor.sessions == 1
        assert shop.recorded() == shop.replayed()
        assert msgspec.json.encode(shop.engine.gauges("shop").visitors) == b"50"

    run(tell)


def test_an_order_counts_once_whether_it_was_told_before_the_checkpoint_or_after() -> None:
    async def tell() -> None:
        shop = await World().started()
        await shop.sends("ann", track("Order Completed", order_id="before", total=50))
        await shop.engine.checkpoints.make()
        await shop.sends("ann", track("Order Completed", order_id="after", total=30))
        for _ in "twice":
            await shop.killed()
        ann = shop.engine.visit("shop", "ann").visitor
        assert (ann.orders, ann.spend) == (2, 80.0)
        for order_id in ("before", "after"):
            await shop.sends("bob", track("Order Completed", order_id=order_id, total=50))
        bob = shop.engine.visit("shop", "bob").visitor
        assert (bob.orders, bob.spend) == (0, 0.0)

    run(tell)


def test_a_whole_number_comes_back_whole() -> None:
    async def tell() -> None:
        shop = await World().started()
        await shop.sends("ann", track("Product Added", product_id="a", price=25, quantity=2))
        await shop.engine.checkpoints.make()
        await shop.killed()
        cart = shop.engine.visit("shop", "ann").session.cart
        assert (repr(cart.value), repr(cart.lines[0].price)) == ("50.0", "25")

    run(tell)


def test_a_message_that_comes_again_after_three_days_is_new_here_and_in_the_replay() -> None:
    async def tell() -> None:
        shop = await World(RULES).started(AGENT_STAFF)
        again = shop.lines("ann", (page("/"),))
        for accepted, hours in ((1, 100), (1, 71), (0, 0)):
            counts = await shop.engine.take(Arriving(site="shop", lines=again, received_at=shop.now))
            assert counts.accepted == accepted
            shop.now += hours * 3_600_000
        assert shop.engine.visit("shop", "ann").visitor.sessions == 2
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_memory_that_is_full_of_conversations_grows_rather_than_lose_one() -> None:
    async def tell() -> None:
        shop = await World(most_visitors=2).started(AGENT_STAFF)
        for visitor in ("ann", "bob", "cem"):
            await shop.pulses(visitor, page("/"))
            await shop.engine.open_conversation("shop", visitor, "en")
        assert list(shop.engine.core.sites["shop"].visits) == ["ann", "bob", "cem"]

    run(tell)
