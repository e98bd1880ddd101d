"""Pacing on the running engine: as many invitations as agents can answer, and nothing wrong in silence."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from live_world import AGENT_STAFF, CART, World, page, run, track

from aparte.engagements.learning import PRIOR_ACCEPTANCE
from aparte.engagements.pacing import newsvendor_maximum, static_maximum
from aparte.sites.model import Staff

LEA = Staff(id="lea", site="shop", email="l@shop.example", name="Lea", maximum=1, skills=("support",))
ALL_ROUND = Staff(id="ana", site="shop", email="a@shop.example", name="Ana", maximum=1, skills=("sales", "support"))
TWO_SKILLS = """
[site]
holdout = 0.0
[[campaigns]]
name = "sales"
holdout = 0.0
rules = [{ name = "r", when = 'page.path == "/sales"', offer = { skill = "sales", message = "?" } }]
[[campaigns]]
name = "support"
holdout = 0.0
rules = [{ name = "r", when = 'page.path == "/support"', offer = { skill = "support", message = "?" } }]
"""


async def rush(shop: World, visitors: list[str]) -> list[str]:
    """All of them hesitate at the same moment; who is invited."""
    for one in visitors:
        await shop.pulses(one, page("/"), track("Product Added", product_id="lamp", price=49, quantity=1))
        await shop.pulses(one, page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
    await shop.passes(10_000)
    for one in visitors:
        await shop.pulses(one)
    await shop.passes(10_000)
    return [one for one in visitors if (await shop.pulses(one)).offer is not None]


def learnt(shop: World) -> Any:
    return shop.engine.core.sites["shop"].state.learnt


def known(shop: World) -> bytes:
    """All that pacing, budget and prices read but the capacity, which a restart changes."""
    state = shop.engine.core.sites["shop"].state
    return msgspec.json.encode([state.learnt, state.under_way, state.spent, state.demand, state.prices])


def engagement(shop: World, visitor: str) -> str:
    """Of the visitor's last invitation."""
    found = [one.engagement for one in shop.store.disk.decisions if (one.visitor, one.decision) == (visitor, "invite")]
    return found[-1]


def became(shop: World, visitor: str) -> str:
    """What has become of it."""
    return shop.store.disk.invitations[engagement(shop, visitor)][-1]


@pytest.mark.covers("S0-52")
def test_of_forty_visitors_at_once_two_free_slots_invite_as_many_as_the_table_allows() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        invited = await rush(shop, [f"v{number}" for number in range(40)])
        assert len(invited) == newsvendor_maximum(PRIOR_ACCEPTANCE, 2, 0.05) == 4
        assert len(invited) <= static_maximum(PRIOR_ACCEPTANCE, 2, 0.05) == 8
        refused = [detail for _, decision, detail in shop.decisions() if decision == "refrain"]
        assert refused.count("pacing") == 36
        for one in invited:  # against all odds all of them accept: two are answered, two wait, nobody is turned away
            await shop.engine.accept("shop", one, engagement(shop, one), "en")
        talks = shop.engine.open_conversations("shop")
        assert len(talks) == 4
        assert sum(bool(one.agent) for one in talks) == shop.store.disk.most_taken["kim"] == 2
        assert shop.engine.gauges("shop").accepted == 4
        assert shop.engine.gauges("shop").overruns == 2
        assert shop.recorded() == shop.replayed()

    run(story)


def test_slots_in_reserve_are_kept_for_visitors_who_begin_by_themselves() -> None:
    async def story() -> None:
        shop = await World(CART.replace("[site]", "[site]\nreserve = 1")).started(AGENT_STAFF)
        assert len(await rush(shop, [f"v{number}" for number in range(20)])) == 1
        await shop.engine.open_conversation("shop", "walk-in", "en")
        assert await rush(shop, [f"w{number}" for number in range(5)]) == []
        assert shop.recorded() == shop.replayed()

    run(story)


@pytest.mark.covers("S1-88")
def test_one_agent_with_two_skills_is_not_promised_twice() -> None:
    async def story() -> None:
        shop = await World(TWO_SKILLS).started(ALL_ROUND)
        assert (await shop.pulses("ann", page("/"))).offer is None
        assert (await shop.pulses("bob", page("/"))).offer is None
        offers = [
            (await shop.pulses(one, page(f"/{path}"))).offer for one, path in (("ann", "sales"), ("bob", "support"))
        ]
        assert [offer is not None for offer in offers] == [True, False]
        assert shop.recorded() == shop.replayed()

    run(story)


def test_what_was_learnt_survives_a_kill_and_a_stop() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.hesitates("ann")
        await shop.passes(4_000)
        talk = await shop.engine.accept("shop", "ann", engagement(shop, "ann"), "en")
        assert talk is not None
        await shop.engine.send("shop", talk.id, "agent", "kim", "c1", "text", "Hello", talk.assign_ver)
        await shop.passes(90_000)
        await shop.engine.close("shop", talk.id, "visitor", "ann")
        await shop.hesitates("bob")
        await shop.engine.move_invitation("shop", "bob", engagement(shop, "bob"), "declined")
        await shop.hesitates("cat")
        await shop.passes(31_000)
        before = learnt(shop)
        answers = before.of("hesitation")
        assert answers.rate == pytest.approx(3 / 23, rel=0.01)  # 2 of 20 before, then 1 of 3
        assert answers.delay_s == pytest.approx(4.0, rel=0.01)
        assert before.chat_s("sales") == pytest.approx((5 * 600 + 90) / 6, rel=0.01)
        told = msgspec.json.encode(before)
        await shop.killed()
        assert msgspec.json.encode(learnt(shop)) == told
        await shop.engine.stop()
        await shop.killed()
        assert msgspec.json.encode(learnt(shop)) == told
        assert shop.recorded() == shop.replayed()

    run(story)


def test_when_the_last_agent_leaves_the_invitation_leaves_the_screen() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        assert (await shop.hesitates("ann")).offer is not None
        await shop.engine.set_status("kim", "away")
        assert (await shop.pulses("ann")).offer is None
        assert became(shop, "ann") == "revoked"
        assert "InvitationRevoked" in shop.facts()
        assert learnt(shop).of("hesitation").rate == PRIOR_ACCEPTANCE  # nobody has answered
        await shop.engine.set_status("kim", "available")
        assert (await shop.hesitates("ann")).offer is None  # it was a contact: once in this session
        assert shop.recorded() == shop.replayed()

    run(story)


def test_an_agent_who_is_busy_or_loses_the_line_for_a_moment_takes_nothing_back() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        assert (await shop.hesitates("ann")).offer is not None
        for name in ("x", "y"):
            await shop.engine.open_conversation("shop", name, "en")
        shop.engine.connected("kim", 0)
        await shop.passes(2_000)
        assert (await shop.pulses("ann")).offer is not None
        await shop.killed()
        await shop.passes(2_000)
        assert (await shop.pulses("ann")).offer is not None
        await shop.passes(20_000)  # now he is gone
        assert (await shop.pulses("ann")).offer is None
        assert became(shop, "ann") == "revoked"
        assert shop.recorded() == shop.replayed()

    run(story)


def test_only_invitations_that_nobody_else_could_answer_are_taken_back() -> None:
    async def story() -> None:
        shop = await World(TWO_SKILLS).started(AGENT_STAFF, LEA)
        for one, path in (("ann", "sales"), ("bob", "support")):
            await shop.pulses(one, page("/"))
            assert (await shop.pulses(one, page(f"/{path}"))).offer is not None
        await shop.engine.set_status("lea", "away")
        assert (await shop.pulses("ann")).offer is not None
        assert (await shop.pulses("bob")).offer is None

    run(story)


@pytest.mark.parametrize("dies", [False, True])
def test_who_accepts_at_the_moment_of_the_revocation_is_not_turned_away(dies: bool) -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        offer = (await shop.hesitates("ann")).offer
        assert offer is not None
        await shop.engine.set_status("kim", "away")
        if dies:
            await shop.killed()
        talk = await shop.engine.accept("shop", "ann", offer.engagement, "en")
        again = await shop.engine.accept("shop", "ann", offer.engagement, "en")
        assert talk is not None
        assert again is not None
        assert again.id == talk.id
        assert talk.state == "queued"
        assert shop.engine.position(talk.id) is not None
        assert became(shop, "ann") == "accepted"
        assert shop.engine.gauges("shop").overruns == 1
        assert await shop.engine.accept("shop", "eve", offer.engagement, "en") is None  # it was not hers
        shop.engine.connected("kim", 1)
        await shop.engine.set_status("kim", "available")
        assert shop.engine.open_conversations("shop")[0].agent == "kim"
        assert (await shop.pulses("ann", page("/cart"), track("Cart Viewed"))).offer is None
        before = known(shop)
        await shop.killed()
        assert known(shop) == before
        assert shop.recorded() == shop.replayed()

    run(story)


PRICED = """
[site]
holdout = 0.0
epsilon = 1.0
bid_price = "auto"
[segments.rich]
when = 'visitor.traits.rich == "yes"'
value = 12.0
[segments.all]
when = 'session.pages > 0'
value = 0.3
[[campaigns]]
name = "c"
holdout = 0.0
rules = [{ name = "r", when = 'page.path == "/buy"', offer = { skill = "sales", message = "?" } }]
"""


@pytest.mark.covers("S0-40", "S1-88")
def test_when_slots_are_scarce_the_last_one_is_kept_for_the_visitor_who_is_worth_more() -> None:
    async def story() -> None:
        shop = await World(PRICED).started(AGENT_STAFF)
        for number in range(60):  # an hour of demand: each tenth is rich, far more than two slots can serve
            name = f"d{number}"
            if number % 10 == 0:
                await shop.sends(name, {"type": "identify", "traits": {"rich": "yes"}}, trusted=True)
            await shop.pulses(name, page("/buy"))
            await shop.passes(60_000, step=10_000)
        prices = shop.engine.core.sites["shop"].state.prices["sales"]
        assert 0 < shop.facts().count("PricesUpdated") <= 61
        assert prices[0] < 0.3 < prices[1] < 12
        before = len(shop.decisions())
        await shop.sends("rich", {"type": "identify", "traits": {"rich": "yes"}}, trusted=True)
        await shop.pulses("poor", page("/"))
        await shop.pulses("rich", page("/"))
        await shop.engine.open_conversation("shop", "walk-in", "en")  # takes one of the two slots
        assert (await shop.pulses("poor", page("/buy"))).offer is None
        assert (await shop.pulses("rich", page("/buy"))).offer is not None
        assert [detail for _, _, detail in shop.decisions()[before:]] == ["bid_price", ""]
        worth = [msgspec.json.decode(one.line).get("worth") for one in shop.store.disk.decisions[before:]]
        assert worth == [0.3, 12.0]
        assert shop.recorded() == shop.replayed()
        before_the_kill = known(shop)
        await shop.killed()
        assert known(shop) == before_the_kill

    run(story)
