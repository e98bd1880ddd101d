"""Other campaigns are published while visitors are on the site: nothing of a session is lost, and nobody is missed.

Mutants seen to fail here: sessions begin anew; no deadline for rules that are new; a replay that does not carry over;
the greatest version is not forgotten with a lost memory.
"""

import random

import pytest
from live_world import AGENT_STAFF, CART, World, page, run, track
from streams import campaigns_text

from aparte.kit.errors import Unavailable
from aparte.targeting.campaign import load
from aparte.tracking.model import CampaignPublished

PATIENT = CART.replace("20s", "900s")
"""Nobody waits that long."""
DWELL = """
[[campaigns]]
name = "dwell"
holdout = 0.0
[[campaigns.rules]]
name = "long"
when = 'page.dwell >= duration("30s")'
offer = { channel = "chat", skill = "sales", message = "?", expires = "30s" }
"""
ONCE = """
[[campaigns]]
name = "once"
holdout = 0.0
[[campaigns.rules]]
name = "cart"
when = 'cart_views >= 2'
offer = { channel = "chat", skill = "sales", message = "?", expires = "30s" }
"""


async def hesitating(text: str) -> World:
    shop = await World(text).started(AGENT_STAFF)
    await shop.pulses("ann", page("/"), track("Product Added", product_id="lamp", price=49, quantity=1))
    await shop.pulses("ann", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
    return shop


def rules(shop: World) -> list[tuple[str, str]]:
    return [(one.rule, one.decision) for one in shop.store.disk.decisions]


def test_a_session_keeps_its_cart_and_its_behaviours_and_new_rules_find_who_is_there() -> None:
    async def tell() -> None:
        shop = await hesitating(PATIENT)
        await shop.passes(25_000)
        await shop.pulses("ann")
        assert rules(shop) == []
        assert await shop.publishes(CART) == 2
        session = shop.engine.visit("shop", "ann").session
        assert (session.cart.value, session.measures[0]) == (49, 2)
        await shop.engine.sweep()
        assert rules(shop) == [("two-views", "invite")]
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_a_rule_that_time_will_fulfil_fires_for_who_was_dwelling_before_it_was_published() -> None:
    async def tell() -> None:
        shop = await hesitating(PATIENT)
        await shop.passes(20_000)
        await shop.publishes(PATIENT + DWELL)
        await shop.passes(8_000)
        await shop.pulses("ann")
        assert rules(shop) == []
        await shop.passes(2_000)
        assert rules(shop) == [("long", "invite")]
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_a_rule_that_time_has_nothing_to_do_with_is_asked_once_and_not_again() -> None:
    async def tell() -> None:
        shop = await hesitating(PATIENT)
        await shop.passes(5_000)
        await shop.publishes(PATIENT + ONCE)
        await shop.passes(1_000)
        assert rules(shop) == [("cart", "invite")]
        timers = shop.facts().count("TimerElapsed")
        await shop.passes(10_000)
        assert shop.facts().count("TimerElapsed") == timers <= 1
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_nobody_is_asked_about_rules_that_have_not_changed() -> None:
    async def tell() -> None:
        shop = await hesitating(CART)
        await shop.publishes(CART + DWELL.replace("30s", "900s"))
        assert shop.engine.core.sites["shop"].visits["ann"].session.deadlines.keys() == {0, 1}
        await shop.passes(15_000)
        assert shop.facts().count("TimerElapsed") == 1  # the look at the new rule
        await shop.pulses("ann")
        await shop.passes(5_000)
        assert rules(shop) == [("two-views", "invite")]

    run(tell)


def test_an_invitation_arms_and_frequency_outlive_a_publication() -> None:
    async def tell() -> None:
        shop = await World(CART).started(AGENT_STAFF)
        answer = await shop.hesitates("ann")
        arms = shop.engine.visit("shop", "ann").visitor.arms
        assert answer.offer is not None
        await shop.publishes(CART.replace("A question?", "Another?") + DWELL)
        again = await shop.pulses("ann")
        assert again.offer == answer.offer  # as it was sent
        visitor = shop.engine.visit("shop", "ann").visitor
        assert visitor.arms == arms
        assert visitor.contacts.keys() == {"hesitation"}
        await shop.passes(2_000)
        assert [one for one in rules(shop) if one[1] == "invite"] == [("two-views", "invite")]
        conversation = await shop.engine.accept("shop", "ann", answer.offer.engagement, "en")
        assert conversation is not None
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_a_behaviour_with_another_meaning_begins_anew_and_so_do_rules_that_read_it() -> None:
    async def tell() -> None:
        shop = await hesitating(CART)
        await shop.publishes(CART.replace('since = "Product Added"', ""))
        assert shop.engine.visit("shop", "ann").session.measures[0] == 0
        await shop.passes(60_000, step=5_000)
        assert rules(shop) == []
        assert shop.recorded() == shop.replayed()

    run(tell)


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_rules_that_are_put_aside_wake_nobody(state: str) -> None:
    async def tell() -> None:
        shop = await hesitating(CART)
        await shop.publishes(CART.replace('name = "hesitation"', f'name = "hesitation"\nstate = "{state}"'))
        assert shop.engine.visit("shop", "ann").session.deadlines is None
        await shop.publishes(CART)
        await shop.passes(21_000, step=3_000)
        await shop.pulses("ann")
        assert rules(shop)[-1] == ("two-views", "invite")
        assert shop.recorded() == shop.replayed()

    run(tell)


def test_the_log_says_by_itself_what_was_published_and_a_start_publishes_nothing() -> None:
    async def tell() -> None:
        shop = await World(CART).started(AGENT_STAFF)
        await shop.publishes(PATIENT)
        kinds = [row for row in shop.store.disk.log if row.kind == "CampaignPublished"]
        assert len(kinds) == 2
        assert b'"version":2' in kinds[1].line
        await shop.killed()
        assert shop.facts().count("CampaignPublished") == 2
        assert shop.engine.campaigns("shop").text == PATIENT

    run(tell)


def test_a_publication_that_the_disk_loses_changes_nothing_and_the_next_one_has_its_number() -> None:
    async def tell() -> None:
        shop = await hesitating(PATIENT)
        shop.store.fail_next = True
        with pytest.raises(Unavailable):
            await shop.publishes(CART)
        assert shop.engine.campaigns("shop").text == CART or shop.engine.ready()
        while shop.engine.ready() is not None:
            await shop.engine.core.try_again()
        assert shop.engine.campaigns("shop").text == PATIENT
        assert await shop.publishes(CART) == 2
        await shop.passes(21_000, step=3_000)
        await shop.pulses("ann")
        assert rules(shop)[-1] == ("two-views", "invite")

    run(tell)


def test_a_start_takes_over_what_was_published_while_nothing_ran() -> None:
    async def tell() -> None:
        shop = await hesitating(PATIENT)
        await shop.passes(25_000)
        await shop.pulses("ann")
        await shop.killed(CART)
        assert shop.facts().count("CampaignPublished") == 2
        shop.engine.connected("kim", 1)
        await shop.engine.sweep()
        assert rules(shop) == [("two-views", "invite")]
        assert shop.recorded() == shop.replayed()

    run(tell)


VERSIONS = [
    campaigns_text(holdout=0.2, site_holdout=0.1),
    campaigns_text(holdout=0.2, site_holdout=0.1, ahead=70),
    campaigns_text(holdout=0.4, site_holdout=0.1, version=2, ahead=3),
    CART.replace("[site]", '[site]\nid = "s"'),
]
DEEDS = [
    page("/cart"), page("/"), track("Cart Viewed"), track("Product Added", product_id="a", price=20, quantity=1),
    track("Product Viewed", product_id="b"), track("Exit Intent"), track("Cart Viewed"),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_publications_between_anything_replay_to_the_same_bytes_and_survive_kills(seed: int) -> None:
    async def tell() -> None:
        dice = random.Random(seed)
        shop = await World(VERSIONS[0]).started(AGENT_STAFF)
        for _ in range(90):
            match dice.randrange(10):
                case 0:
                    await shop.publishes(dice.choice(VERSIONS))
                case 1:
                    before = shop.state()["visitors"]
                    await shop.killed()
                    assert shop.state()["visitors"] == before
                    shop.engine.connected("kim", 1)
                    await shop.engine.sweep()
                case 2 | 3:
                    await shop.passes(dice.choice([500, 4_000, 31_000]), step=1_000)
                case _:
                    name = dice.choice(["ann", "bob", "eve", "joe"])
                    await shop.pulses(name, *dice.choices(DEEDS, k=dice.randrange(2)))
        assert shop.recorded() == shop.replayed()
        assert shop.recorded().count(b"\n") > 20

    run(tell)


def test_a_fact_without_a_text_changes_no_campaigns() -> None:
    async def tell() -> None:
        shop = await World(CART).started(AGENT_STAFF)
        shop.engine.core.sites["shop"].fold(CampaignPublished(at=shop.now, version=9), 99)
        assert shop.engine.campaigns("shop").file == load(CART, "live.toml").file

    run(tell)
