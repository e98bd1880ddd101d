"""Visits told to the live engine: who is invited when, what he answers, and what is written down."""

import pytest
from live_world import AGENT_STAFF, CART, World, page, run, track

FR = "Une question ?"


def test_a_pulse_brings_the_invitation_after_twenty_seconds_on_the_cart_page() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        answer = await shop.hesitates("ann")
        assert answer.offer is not None
        assert (answer.offer.offer.message, answer.offer.state) == ("A question?", "offered")
        assert shop.decisions() == [("ann", "invite", "")]
        assert (await shop.pulses("ann", language="fr")).offer.offer.message == FR
        assert shop.recorded() == shop.replayed()

    run(story)


def test_the_sweep_fires_the_timer_of_a_visitor_who_is_silent_and_a_pulse_finds_the_invitation() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.pulses("ann", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        await shop.passes(12_000)
        await shop.pulses("ann")
        await shop.passes(9_000)
        assert shop.decisions() == [("ann", "invite", "")]
        assert [row.at - row.received_at for row in shop.store.disk.log if row.kind == "TimerElapsed"] == [0]

    run(story)


def test_a_visitor_whose_page_is_hidden_or_silent_is_not_reachable() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.pulses("ann", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        await shop.pulses("bob", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        await shop.passes(10_000)
        await shop.pulses("bob", visible=False)
        await shop.passes(12_000)
        assert shop.decisions() == [("ann", "refrain", "not_reachable"), ("bob", "refrain", "not_reachable")]
        assert (await shop.pulses("bob")).offer is not None  # back on the page
        assert shop.recorded() == shop.replayed()

    run(story)


def test_escape_declines_and_the_visitor_is_left_alone() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        offer = (await shop.hesitates("ann")).offer
        engine = shop.engine
        assert await engine.move_invitation("shop", "ann", offer.engagement, "shown")
        assert await engine.move_invitation("shop", "ann", offer.engagement, "shown")
        assert not await engine.move_invitation("shop", "bob", offer.engagement, "declined")
        assert await engine.move_invitation("shop", "ann", offer.engagement, "declined")
        assert await engine.move_invitation("shop", "ann", offer.engagement, "declined")  # told again
        assert (await shop.pulses("ann")).offer is None
        assert shop.store.disk.invitations[offer.engagement] == ["offered", "shown", "declined"]
        assert await engine.accept("shop", "ann", offer.engagement, "en") is None

    run(story)


def test_an_accepted_invitation_opens_one_conversation_with_its_message_first() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        offer = (await shop.hesitates("ann")).offer
        one = await shop.engine.accept("shop", "ann", offer.engagement, "fr")
        again = await shop.engine.accept("shop", "ann", offer.engagement, "fr")
        assert one == again == await shop.engine.open_conversation("shop", "ann", "en")
        assert (one.state, one.agent, one.assign_ver, one.engagement) == ("open", "kim", 1, offer.engagement)
        lines = [(entry.seq, entry.kind, entry.body) for entry in shop.store.entries(one.id)]
        assert lines == [(1, "offer", FR), (2, "join", "Kim")]
        assert await shop.engine.accept("shop", "bob", offer.engagement, "fr") is None
        assert shop.engine.agent("kim").load == 1

    run(story)


@pytest.mark.covers("S0-52", "S0-63")
def test_nobody_is_invited_while_every_agent_is_busy() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        for visitor in ("bob", "cem"):
            await shop.engine.open_conversation("shop", visitor, "en")
        await shop.hesitates("ann")
        assert shop.decisions() == [("ann", "refrain", "not_covered")]
        talk = shop.engine.open_conversations("shop")[0]
        await shop.engine.close("shop", talk.id, "visitor", talk.visitor)
        await shop.passes(6_000)
        assert (await shop.pulses("ann")).offer is not None  # a slot is free again
        assert shop.recorded() == shop.replayed()

    run(story)


@pytest.mark.covers("S0-73")
def test_who_accepts_without_a_free_slot_waits_before_those_who_came_by_themselves() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        offer = (await shop.hesitates("ann")).offer
        for visitor in ("bob", "cem", "dan"):
            await shop.engine.open_conversation("shop", visitor, "en")
        one = await shop.engine.accept("shop", "ann", offer.engagement, "en")
        dan = next(talk for talk in shop.engine.open_conversations("shop") if talk.visitor == "dan")
        assert (one.state, shop.engine.position(one.id)[0], dan.state) == ("queued", 1, "queued")
        first = next(talk for talk in shop.engine.open_conversations("shop") if talk.visitor == "bob")
        await shop.engine.close("shop", first.id, "agent", "kim", first.assign_ver)
        assert shop.engine.conversation(one.id).agent == "kim"
        assert shop.engine.conversation(dan.id).state == "queued"
        assert shop.recorded() == shop.replayed()

    run(story)


def test_an_invitation_that_nobody_answers_expires() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        offer = (await shop.hesitates("ann")).offer
        await shop.passes(31_000)
        assert shop.store.disk.invitations[offer.engagement] == ["offered", "expired"]
        assert await shop.engine.accept("shop", "ann", offer.engagement, "en") is None
        assert not await shop.engine.move_invitation("shop", "ann", offer.engagement, "shown")
        for verdict in ("ignored", "declined"):  # his page's clock says so in the same moment: nothing is wrong
            assert await shop.engine.move_invitation("shop", "ann", offer.engagement, verdict)
            assert not await shop.engine.move_invitation("shop", "bob", offer.engagement, verdict)

    run(story)


def test_a_session_ends_in_the_log_after_more_than_thirty_minutes() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.sends("ann", page("/"))
        await shop.passes(30 * 60_000, step=60_000)
        assert "SessionEnded" not in shop.facts()
        await shop.passes(250)
        assert shop.facts()[-1] == "SessionEnded"
        assert shop.engine.visit("shop", "ann").session is None
        await shop.sends("ann", page("/"))
        assert shop.engine.visit("shop", "ann").session.number == 2
        assert shop.recorded() == shop.replayed()

    run(story)


def test_consent_that_is_withdrawn_ends_invitation_and_session() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        offer = (await shop.hesitates("ann")).offer
        answer = await shop.pulses("ann", withdrawn=True)
        assert (answer.offer, answer.wake_in_ms) == (None, None)
        state = shop.engine.visit("shop", "ann")
        assert (state.session, state.visitor.consent, state.visitor.open) == (None, "off", None)
        assert shop.store.disk.invitations[offer.engagement][-1] == "expired"

    run(story)


@pytest.mark.covers("S0-77")
def test_the_button_is_told_with_each_pulse_and_the_page_asks_again_when_time_brings_it() -> None:
    button = '[button]\nwhen = \'page.path == "/cart" && page.dwell >= duration("8s")\'\n'

    async def story() -> None:
        shop = await World(button + CART).started(AGENT_STAFF)
        answer = await shop.pulses("ann", page("/"))
        assert (answer.button, answer.wake_in_ms) == (False, 8_000)
        shop.now += 3_000
        answer = await shop.pulses("ann", page("/cart"))
        assert (answer.button, answer.wake_in_ms) == (False, 8_000)
        shop.now += 8_000
        assert (await shop.pulses("ann")).button
        assert not (await shop.pulses("ann", page("/"))).button
        plain = await World().started(AGENT_STAFF)
        assert (await plain.pulses("bob")).button

    run(story)


def test_the_page_is_told_when_to_ask_again_and_a_hidden_one_is_not() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        assert (await shop.pulses("ann", page("/"))).wake_in_ms == 10_000
        answer = await shop.pulses("bob", page("/cart"), track("Cart Viewed"), track("Cart Viewed"))
        assert (answer.wake_in_ms, answer.agents) == (10_000, True)
        shop.now += 15_000
        assert (await shop.pulses("bob")).wake_in_ms == 5_000
        shop.now += 4_990
        assert (await shop.pulses("bob")).wake_in_ms == 250
        assert (await shop.pulses("bob", visible=False)).wake_in_ms is None

    run(story)


def test_the_live_list_shows_who_is_there_and_how_far_each_is() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.pulses("bob", page("/lamps"))
        await shop.sends("bot", {**page("/"), "context": {"userAgent": "Googlebot/2.1"}})
        await shop.hesitates("ann")
        rows, totals = shop.engine.live("shop", 10)
        assert [(row.visitor, row.state, row.rule) for row in rows] == [
            ("ann", "invited", "hesitation/two-views"),
            ("bob", "browsing", None),
        ]
        assert (rows[0].cart, rows[0].reachable) == ({"value": 49.0, "items": 1}, True)
        assert totals == {"online": 2, "eligible": 1, "held_out": 0, "free": 2}

    run(story)


def test_a_held_out_visitor_is_answered_when_he_asks_and_counted_as_crossover() -> None:
    async def story() -> None:
        shop = await World(CART.replace("[site]\nholdout = 0.0", "[site]\nholdout = 1.0")).started(AGENT_STAFF)
        assert (await shop.hesitates("ann")).offer is None
        assert shop.decisions() == [("ann", "hold_out", "site")]
        assert shop.engine.live("shop", 1)[0][0].state == "held_out"
        assert (await shop.engine.open_conversation("shop", "ann", "en")).crossover

    run(story)


def test_who_is_in_a_conversation_of_his_own_is_not_invited() -> None:
    async def story() -> None:
        shop = await World().started(AGENT_STAFF)
        await shop.pulses("ann", page("/"))
        await shop.engine.open_conversation("shop", "ann", "en")
        await shop.hesitates("ann")
        assert shop.decisions() == [("ann", "refrain", "already_engaged")]
        assert shop.recorded() == shop.replayed()

    run(story)
