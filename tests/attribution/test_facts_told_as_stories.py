"""A visit told as events, and the rows that it leaves in the facts.

Defects seen to fail here: the day of an order by UTC; a refund on its own day only, the cohort left as it was; claimed
and confirmed orders in one sum; an order before the chat attributed to it; amounts of another currency added as they
are.
"""

from __future__ import annotations

from datetime import date

import pytest
from facts_world import DAY, HOUR, MINUTE, PARIS, SECOND, START, Log, one
from msgspec.structs import replace

from aparte.attribution.rates import Rate
from aparte.kit.days import Calendar, days_between


def helped() -> tuple[Log, str]:
    """Ann hesitates at the cart, is invited, accepts, talks, and buys."""
    log = Log()
    log.tell(START - DAY, "", "CampaignPublished", version=6, text="")
    log.page(
        START, "ann", "/", context={"device": {"type": "mobile"}, "campaign": {"medium": "email", "source": "news"}}
    )
    log.track(START + 20 * SECOND, "ann", "Product Viewed", {"product_id": "p1"})
    log.track(START + 40 * SECOND, "ann", "Product Added", {"product_id": "p1"})
    log.page(START + 50 * SECOND, "ann", "/cart")
    engagement = log.decide(START + 60 * SECOND, "ann", "invite", "warm", offer={"skill": "sales", "channel": "chat"})
    log.invitation(
        engagement, "ann", START + 60 * SECOND, "accepted", shown_at=START + 61 * SECOND, ended_at=START + 65 * SECOND
    )
    said = [
        ("visitor", "text", 66),
        ("agent", "join", 68),
        ("agent", "text", 76),
        ("visitor", "text", 80),
        ("agent", "text", 110),
    ]
    log.conversation(
        "c1", "ann", START + 66 * SECOND, [(by, kind, START + at * SECOND) for by, kind, at in said],
        engagement=engagement, campaign="cart", skill="sales", agent="bea", state="closed",
        closed_at=START + 120 * SECOND, wrapped_at=START + 150 * SECOND, csat=5, nps=9, solved=True, wrap_code="sale",
    )  # fmt: skip
    log.track(START + 5 * MINUTE, "ann", "Checkout Step Viewed", {"step": 1})
    log.order(START + 10 * MINUTE, "ann", "o1", 100.0, confirmed=False, revenue=80.0, currency="EUR")
    log.order(START + 10 * MINUTE + SECOND, "ann", "o1", 100.0, revenue=80.0, currency="EUR")
    return log, engagement


@pytest.mark.covers("S0-63", "S0-67")
def test_who_was_helped_and_bought_is_one_row_with_everything_in_it() -> None:
    log, engagement = helped()
    facts = log.facts()
    row = one(facts, "SELECT * FROM engagement")
    assert row | {
        "engagement": engagement, "campaign": "cart", "rule": "hesitates", "version": 6, "variant": "warm",
        "arm": "treated", "candidate": True, "covered": True, "merged": False, "day": date(2026, 2, 2),
        "session_at": START, "from_at": START + 60 * SECOND, "shown_at": START + 61 * SECOND,
        "accepted_at": START + 65 * SECOND, "declined_at": None, "outcome": "accepted", "chatted": True,
        "conversation": "c1", "skill": "sales", "agent": "bea", "channel": "chat", "wait_ms": 2 * SECOND,
        "first_response_ms": 10 * SECOND, "duration_ms": 54 * SECOND, "handle_ms": 82 * SECOND, "csat": 5, "nps": 9,
        "solved": True, "wrap_code": "sale", "earlier_orders": 0, "pages_before": 2, "session_ms_before": 60 * SECOND,
        "device": "mobile", "source": "email", "orders_30m": 1, "revenue_30m": 10_000, "claimed_7d": 0,
        "chat_orders_30m": 1, "chat_revenue_31d": 10_000,
    } == row  # fmt: skip
    session = one(facts, "SELECT * FROM session")
    assert session | {
        "events": 7, "pages": 2, "landing": "/", "exit_page": "/cart", "step": 4, "has_cart": True, "channel": "email",
        "device": "mobile", "origin": "news", "number": 1, "duration_ms": 10 * MINUTE + SECOND, "bot": False,
    } == session  # fmt: skip
    talk = one(facts, "SELECT * FROM conversation")
    assert (talk["reply_median_ms"], talk["visitor_texts"], talk["agent_texts"]) == (20_000, 2, 2)
    order = one(facts, "SELECT * FROM orders")
    assert order | {
        "confirmed": True, "total": 10_000, "revenue": 8_000, "amount": 10_000, "last_chat": "c1",
        "last_chat_ms": 8 * MINUTE, "last_engagement": engagement, "first_order": True, "first_visit_at": START,
        "stands": True,
    } == order  # fmt: skip


def test_who_is_held_out_has_the_same_horizons_and_no_invitation() -> None:
    log = Log()
    log.page(START, "bob")
    log.decide(START, "bob", "refrain", "not_covered", new="e")
    log.decide(START + MINUTE, "bob", "hold_out", "campaign", new="cp")
    log.order(START + 30 * SECOND, "bob", "before", 50.0)
    log.order(START + MINUTE, "bob", "at once", 10.0)
    log.order(START + MINUTE + 7 * DAY - 1, "bob", "last", 20.0, confirmed=False)
    log.order(START + MINUTE + 7 * DAY, "bob", "late", 40.0)
    row = one(log.facts(), "SELECT * FROM engagement")
    assert row | {
        "arm": "campaign", "outcome": None, "chatted": False, "refused": "not_covered", "eligible_at": START,
        "from_at": START + MINUTE, "earlier_orders": 1, "earlier_revenue": 5_000, "orders_30m": 1, "orders_7d": 1,
        "claimed_7d": 1, "revenue_7d": 1_000, "claimed_revenue_7d": 2_000, "orders_31d": 2, "revenue_31d": 5_000,
    } == row  # fmt: skip


def test_never_a_candidate_has_no_arm() -> None:
    log = Log()
    log.page(START, "cat")
    log.decide(START, "cat", "refrain", "frequency", new="ec")
    row = one(log.facts(), "SELECT arm, candidate, covered, refused FROM engagement")
    assert row == {"arm": None, "candidate": False, "covered": True, "refused": "frequency"}


def test_an_order_before_the_chat_is_never_attributed_and_one_counts_for_one_conversation() -> None:
    log = Log()
    talk = [("visitor", "text", START), ("agent", "text", START + MINUTE)]
    log.order(START + MINUTE - 1, "ann", "before", 30.0)
    log.conversation("c1", "ann", START, talk, closed_at=START + HOUR, state="closed")
    later = [("visitor", "text", START + 2 * HOUR), ("agent", "text", START + 2 * HOUR)]
    log.conversation("c2", "ann", START + 2 * HOUR, later, closed_at=START + 3 * HOUR, state="closed")
    log.order(START + 4 * HOUR, "ann", "after both", 60.0)
    log.order(START + 33 * DAY, "ann", "much later", 90.0)
    rows = log.facts().ask("SELECT order_id, first_chat, last_chat, last_chat_ms FROM orders ORDER BY happened_at").rows
    assert rows == [("before", None, None, None), ("after both", "c1", "c2", HOUR), ("much later", None, None, None)]


@pytest.mark.covers("S1-38")
def test_a_refund_is_on_its_own_day_and_restates_its_order_and_its_cohort() -> None:
    log, _ = helped()
    log.refund(START + 3 * DAY, "o1", 30.0)
    log.refund(START + 4 * DAY, "o1", 90.0)
    log.refund(START + 4 * DAY, "o1", 1.0, confirmed=False)
    log.refund(START + 5 * DAY, "nobody's", 5.0)
    facts = log.facts()
    refunds = facts.ask("SELECT day, amount, flag FROM refund ORDER BY happened_at, flag").rows
    assert refunds == [
        (date(2026, 2, 5), 3_000, ""),
        (date(2026, 2, 6), 7_000, "more_than_order"),
        (date(2026, 2, 6), None, "unconfirmed"),
        (date(2026, 2, 7), None, "unknown_order"),
    ]
    order = one(facts, "SELECT refunded, amount, cancelled, stands FROM orders")
    assert order == {"refunded": 10_000, "amount": 0, "cancelled": True, "stands": False}
    assert one(facts, "SELECT orders_7d, revenue_7d FROM engagement") == {"orders_7d": 0, "revenue_7d": 0}
    out = facts.ask("SELECT day, what, reason, n FROM left_out ORDER BY ALL").rows
    assert (date(2026, 2, 7), "refund", "unknown_order", 1) in out


def test_a_part_that_is_given_back_leaves_an_order_of_less() -> None:
    log, _ = helped()
    log.refund(START + 3 * DAY, "o1", 30.0)
    facts = log.facts()
    assert one(facts, "SELECT orders_7d, revenue_7d, refunded_7d FROM engagement") == {
        "orders_7d": 1, "revenue_7d": 7_000, "refunded_7d": 3_000,
    }  # fmt: skip


def test_amounts_are_in_minor_units_at_the_rate_of_the_orders_own_day() -> None:
    log = Log()
    log.order(START, "ann", "yen", 15_000, currency="JPY")
    log.order(START, "ann", "dinar", 1.235, currency="KWD")
    log.order(START + 2 * DAY, "ann", "later", 15_000, currency="JPY")
    log.order(START, "ann", "francs", 100.0, currency="CHF")
    log.refund(START + 2 * DAY, "yen", 5_000)
    rates = [
        Rate("2026-01-30", "JPY", "0.0061"), Rate("2026-02-04", "JPY", "0.007"), Rate("2026-02-02", "KWD", "2.75"),
        Rate("2026-01-20", "CHF", "1.07"),
    ]  # fmt: skip
    facts = log.facts(rates=rates)
    rows = facts.ask(
        "SELECT order_id, own_total, rate, total, refunded, amount, flag, stands FROM orders ORDER BY 1"
    ).rows
    assert rows == [
        ("dinar", 1_235, 2.75, 340, 0, 340, "", True),
        ("francs", 10_000, None, None, None, None, "no_rate", True),
        ("later", 15_000, 0.007, 10_500, 0, 10_500, "", True),
        ("yen", 15_000, 0.0061, 9_150, 3_050, 6_100, "", True),
    ]
    assert facts.ask("SELECT what, reason, n FROM left_out").rows == [("order", "no_rate", 1)]
    assert one(facts, "SELECT amount FROM refund") == {"amount": 3_050}


def test_what_cannot_be_an_order_is_in_no_sum_and_says_why() -> None:
    log = Log()
    log.order(START, "ann", "fine", 10.0)
    log.order(START, "ann", "less than nothing", -10.0)
    log.order(START, "ann", "absurd", 1e12)
    log.order(START + 3 * 365 * DAY, "ann", "from the future", 10.0, received=START)
    log.order(1_000, "ann", "of 1970", 10.0, received=START)
    facts = log.facts()
    rows = facts.ask("SELECT order_id, flag, amount, stands FROM orders ORDER BY 1").rows
    assert rows == [
        ("absurd", "absurd", None, False),
        ("fine", "", 1_000, True),
        ("from the future", "clock", None, False),
        ("less than nothing", "negative", None, False),
        ("of 1970", "clock", None, False),
    ]
    reasons = facts.ask("SELECT reason, sum(n)::INT FROM left_out GROUP BY 1 ORDER BY 1").rows
    assert reasons == [("absurd", 1), ("clock", 2), ("negative", 1)]


@pytest.mark.covers("S1-86")
def test_margin_is_what_the_catalogue_knew_and_nothing_when_a_line_is_unknown() -> None:
    log = Log()
    known = [
        {"product_id": "a", "quantity": 2, "price": 30.0, "aparte:catalogue": {"margin": 12.5}},
        {"product_id": "b", "price": 40.0, "aparte:catalogue": {"margin": 5}},
    ]
    log.order(START, "ann", "known", 100.0, products=known, discount=10)
    log.order(START, "ann", "half known", 100.0, products=[*known, {"product_id": "c"}])
    log.refund(START + DAY, "known", 50.0)
    facts = log.facts()
    rows = facts.ask("SELECT order_id, margin, items, discount FROM orders ORDER BY 1").rows
    assert rows == [("half known", None, 4, None), ("known", 1_500, 3, 1_000)]
    lines = facts.ask(
        "SELECT product, quantity, price, margin FROM order_line WHERE order_id = 'known' ORDER BY n"
    ).rows
    assert lines == [("a", 2, 3_000, 1_250), ("b", 1, 4_000, 500)]


def test_a_day_is_the_shops_own_and_may_have_23_or_25_hours() -> None:
    log = Log()
    before_midnight = 1_774_738_800_000 - 1  # 28 March 2026 23:59:59.999 in Paris, 22:59 UTC
    log.order(before_midnight, "ann", "o1", 1.0)
    log.order(before_midnight + 1, "ann", "o2", 1.0)
    log.order(before_midnight + 23 * HOUR, "ann", "o3", 1.0)
    log.order(before_midnight + 23 * HOUR + 1, "ann", "o4", 1.0)
    facts = log.facts()
    rows = facts.ask("SELECT day, count(*) FROM orders GROUP BY 1 ORDER BY 1").rows
    assert rows == [(date(2026, 3, 28), 1), (date(2026, 3, 29), 2), (date(2026, 3, 30), 1)]
    days = facts.ask("SELECT day, hours, week, month FROM day ORDER BY 1").rows
    assert days[1] == (date(2026, 3, 29), 23.0, "2026-W13", "2026-03")
    autumn = {one.day: one.hours for one in days_between(1_792_800_000_000, 1_793_200_000_000, "Europe/Paris")}
    assert autumn[date(2026, 10, 25)] == 25.0


def test_a_session_ends_after_thirty_minutes_of_silence_or_a_day() -> None:
    log = Log()
    for at in (0, 30 * MINUTE, 60 * MINUTE + 1, 25 * HOUR):
        log.page(START + at, "ann")
    for n in range(60):
        log.page(START + n * 29 * MINUTE, "robot", bot=True, **{"aparte:bot": True})
    rows = log.facts().ask("SELECT visitor, started_at, events, number, bot FROM session ORDER BY bot, started_at").rows
    assert [(at - START, events, number) for _, at, events, number, bot in rows if not bot] == [
        (0, 2, 1), (60 * MINUTE + 1, 1, 2), (25 * HOUR, 1, 3),
    ]  # fmt: skip
    robots = [(at - START, events) for _, at, events, _, bot in rows if bot]
    assert robots == [(0, 50), (50 * 29 * MINUTE, 10)]


def test_persons_are_counted_as_persons() -> None:
    log = Log()
    log.page(START, "ann")
    log.decide(START, "ann", "invite")
    log.order(START + HOUR, "ann at home", "o1", 10.0)
    log.records["merges"] = {"ann at home": "ann", "ann": "ann"}
    facts = log.facts()
    assert one(facts, "SELECT orders_7d FROM engagement") == {"orders_7d": 1}
    asked = "SELECT o.person = e.visitor AS same, o.visitor <> e.visitor AS other FROM orders o, engagement e"
    assert one(facts, asked) == {"same": True, "other": True}


def test_an_invitation_by_hand_is_of_no_comparison() -> None:
    log = Log()
    log.page(START, "ann")
    log.tell(START + MINUTE, "ann", "InvitationOffered", engagement="hand1", skill="sales", by="bea")
    row = one(log.facts(), "SELECT * FROM engagement")
    assert (row["arm"], row["campaign"], row["candidate"], row["skill"]) == ("by_hand", "", False, "sales")


def test_another_currency_or_time_zone_makes_all_facts_anew() -> None:
    log, _ = helped()
    facts = log.facts()
    facts.describe([replace(PARIS, time_zone="America/New_York")])
    assert facts.fed().log == 0
    log.site = replace(PARIS, time_zone="America/New_York")
    log.facts(facts=facts)
    assert one(facts, "SELECT day FROM orders") == {"day": date(2026, 2, 1)}


def test_a_calendar_knows_the_days_of_far_years() -> None:
    calendar = Calendar("Pacific/Apia")
    assert calendar.day_of(1_325_239_200_000 - 1) == date(2011, 12, 29)
    assert calendar.day_of(1_325_239_200_000) == date(2011, 12, 31)  # the islands left out the 30th
    assert calendar.day_of(0) == date(1969, 12, 31)
