"""What proactive help has changed, told as stories: who is compared, for what, and what is said beside it.

Defects seen to fail here: analysing only who chatted; only who was shown an invitation; identities counted instead of
persons; candidates of before the period, or whose horizon is not over, counted; a refund ignored; the sample ratio not
asked; one campaign's hold-out used for another, or the site's for a campaign; the conversations' cost forgotten.
"""

from __future__ import annotations

import pytest
from facts_world import DAY, HOUR, MINUTE
from hypothesis import given, settings
from hypothesis import strategies as st
from incrementality_world import FROM, Told

from aparte.experiments.statistics import proportion, welch
from aparte.reports.incrementality.model import Comparison, Incrementality


@pytest.fixture
def told() -> Told:
    return Told()


def of(found: Incrementality, campaign: str = "cart") -> Comparison:
    [one] = found.of(campaign)
    return one


def test_everybody_whom_chance_has_dealt_is_compared_whatever_became_of_the_invitation(told: Told) -> None:
    told.crowd("cart", treated=400, bought=40, held=400, held_bought=20, chatted=60)
    one = of(told.report())
    assert (one.treated.visitors, one.treated.buyers, one.treated.took_up) == (400, 40, 60)
    assert (one.control.visitors, one.control.buyers, one.control.took_up) == (400, 20, 0)
    assert one.conversion.effect == welch(proportion(400, 20), proportion(400, 40))
    assert one.cace.estimate == pytest.approx(0.05 / (60 / 400))
    assert one.conversion.relative.estimate == pytest.approx(1.0)
    assert one.earned.orders.estimate == pytest.approx(20)
    assert one.per_thousand.orders.estimate == pytest.approx(50)
    assert one.revenue.effect.estimate == pytest.approx(0.05 * 6_000)
    assert (one.conversion.always is not None, one.verdict.word) == (True, "not_yet_known")


def test_a_person_counts_once_and_by_the_first_moment(told: Told) -> None:
    told.crowd("cart", treated=300, bought=30, held=300, held_bought=30)
    told.candidate("old-laptop", HOUR, "campaign")
    told.candidate("young-phone", DAY, "treated", merged=True)
    told.joined("young-phone", "old-laptop")
    told.candidate("cart-t1", 5 * DAY, "treated")
    one = of(told.report())
    assert (one.control.visitors, one.treated.visitors, one.notes.merged) == (301, 300, 1)
    assert one.notes.merged_share == pytest.approx(1 / 602)


def test_who_was_a_candidate_before_the_period_and_who_met_both_arms_are_not_compared(told: Told) -> None:
    told.crowd("cart", treated=300, bought=30, held=300, held_bought=30)
    told.candidate("cart-t0", -3 * DAY, "treated")
    told.candidate("cart-t1", 5 * DAY, "campaign")
    one = of(told.report())
    assert (one.treated.visitors, one.notes.returning, one.notes.mixed) == (298, 1, 1)


def test_whose_time_is_not_over_is_counted_and_not_compared(told: Told) -> None:
    told.crowd("cart", treated=300, bought=30, held=300, held_bought=30, days=10)
    one = of(told.report(now=12 * DAY))
    assert one.treated.visitors + one.control.visitors + one.notes.young == 600
    assert (one.treated.visitors, one.treated.dealt, one.notes.young) == (151, 300, 298)


def test_a_refund_takes_off_what_was_earned(told: Told) -> None:
    told.crowd("cart", treated=300, bought=60, held=300, held_bought=30)
    before = of(told.report()).revenue.effect.estimate
    for i in range(30):
        told.refund(FROM + 20 * DAY, f"o-cart-t{i}", 30.0)
    after = of(told.report())
    assert before - after.revenue.effect.estimate == pytest.approx(30 * 3_000 / 300)
    assert after.treated.revenue == 60 * 6_000 - 30 * 3_000


def test_arms_that_are_not_dealt_as_planned_raise_the_alarm_and_no_figure_is_told(told: Told) -> None:
    told.crowd("cart", treated=400, bought=40, held=280, held_bought=14)
    one = of(told.report())
    assert (one.state, one.verdict.word, one.conversion, one.earned) == ("uneven", "srm_alarm", None, None)
    assert one.srm_p < 0.001


def test_a_campaign_is_compared_with_its_own_hold_out_and_the_site_with_the_sites(told: Told) -> None:
    told.crowd("cart", treated=300, bought=120, held=300, held_bought=30)
    told.crowd("search", treated=250, bought=25, held=250, held_bought=110)
    told.crowd("cart", treated=0, bought=0, held=120, held_bought=60, arm="site", begin=HOUR)
    found = told.report()
    assert [(one.campaign, one.control.visitors, one.control.buyers) for one in found.campaigns] == [
        ("cart", 300, 30), ("search", 250, 110),
    ]  # fmt: skip
    assert (found.whole.control.visitors, found.whole.treated.visitors) == (120, 1_100)
    assert [one.verdict.word for one in found.campaigns] == ["widen", "stop"]  # agents are free
    ps = [one.conversion.effect.p for one in found.campaigns]
    assert max(one.p_holm for one in found.campaigns) == pytest.approx(max(2 * min(ps), *ps))


def test_crossover_and_interference_are_told(told: Told) -> None:
    told.crowd("cart", treated=300, bought=30, held=300, held_bought=30)
    for i in range(7):
        told.chat(f"cart-h{i}", told.began[f"cart-h{i}"] + HOUR)
    for i in range(4):
        told.candidate(f"cart-h{i}", told.began[f"cart-h{i}"] + HOUR, "treated", campaign="search")
    one = of(told.report())
    assert (one.notes.crossover, one.notes.invited_by_others) == (7, 4)
    assert (one.control.took_up, one.treated.took_up) == (7, 0)


@pytest.mark.covers("S1-70")
def test_orders_that_only_move_from_self_service_to_a_conversation_are_displaced(told: Told) -> None:
    """All of both arms buy alike; of the treated a half does so after a conversation."""
    told.crowd("cart", treated=400, bought=80, held=400, held_bought=80, chatted=40)
    found = of(told.report()).cannibal
    assert found.self_service == (1.0, 0.5)
    assert (found.unaided.effect.estimate, found.aided.effect.estimate) == pytest.approx((-0.1, 0.1))
    assert found.displaced.estimate == pytest.approx(1.0)
    assert found.displaced.low < 1 < found.displaced.high


def test_margin_less_the_cost_of_conversations_is_the_net_gain(told: Told) -> None:
    told.costing(36.0)
    told.crowd("cart", treated=400, bought=80, held=400, held_bought=40, chatted=40, margin=12.0)
    one = of(told.report())
    assert one.margin.effect.estimate == pytest.approx(0.1 * 1_200)
    assert one.treated.cost == 40 * 300  # five minutes each
    assert one.net.effect.estimate == pytest.approx(120 - 30)
    assert one.earned.net.estimate == pytest.approx(400 * 90)
    assert one.earned.net.low < 400 * 90 < one.earned.net.high
    assert one.break_even == pytest.approx(30 / 1_200)


def test_without_costs_or_margins_there_is_no_net_gain_and_never_a_zero(told: Told) -> None:
    told.crowd("cart", treated=400, bought=80, held=400, held_bought=40, chatted=40)
    found = told.report()
    one = of(found)
    assert (one.margin, one.net, one.earned.net, one.break_even, found.margin_known) == (None, None, None, None, 0.0)
    assert one.notes.uncosted == 40


def test_what_is_attributed_is_more_than_what_was_caused(told: Told) -> None:
    told.crowd("cart", treated=400, bought=80, held=400, held_bought=60, chatted=40)
    found = told.report(campaign="cart")
    last = {one.window: one for one in found.attributed if one.touch == "last"}
    assert [last[window].orders for window in ("30m", "24h", "48h", "7d", "31d")] == [0, 40, 40, 40, 40]
    assert (last["24h"].revenue, last["24h"].cohort_orders) == (40 * 6_000, 40)
    assert last["24h"].additionality.estimate == pytest.approx(20 / 40)


def test_one_order_of_a_reseller_does_not_decide_beside_the_raw_figure(told: Told) -> None:
    told.crowd("cart", treated=1_000, bought=100, held=1_000, held_bought=100)
    told.buy("cart-t999", 5 * DAY, 100_000.0)
    one = of(told.report())
    assert one.revenue.effect.estimate > 9_000
    assert one.winsor_limit == 6_000
    assert one.winsorised.effect.estimate == pytest.approx(6)


def test_cuts_are_known_before_the_draw_and_a_variant_meets_the_whole_hold_out(told: Told) -> None:
    told.variants = True
    told.crowd("cart", treated=200, bought=20, held=400, held_bought=20, variant="short")
    told.crowd("cart", treated=200, bought=20, held=0, held_bought=0, variant="long", begin=MINUTE, name="l")
    found = told.report()
    variants = found.of("cart", "variant")
    assert [(one.value, one.treated.dealt, one.control.dealt) for one in variants] == [
        ("long", 200, 400),
        ("short", 200, 400),
    ]
    assert [one.value for one in found.of("cart", "segment")] == ["new"]
    assert sum(one.treated.dealt for one in found.of("cart", "day")) == 400


def test_a_filter_that_only_the_helped_have_is_not_asked_of_arms_and_named(told: Told) -> None:
    told.crowd("cart", treated=300, bought=30, held=300, held_bought=30)
    found = told.report(agent="kim")
    assert (found.ignored, of(found).control.visitors) == (("agent",), 300)


def test_nobody_is_no_error(told: Told) -> None:
    found = told.report()
    assert (found.whole.state, [one.state for one in found.campaigns]) == ("empty", ["empty", "empty"])
    assert (found.curves, found.margin_known, found.cuts) == ((), None, ())


@settings(max_examples=8)
@given(st.integers(0, 40), st.integers(80, 160), st.integers(0, 40), st.integers(80, 160), st.integers(0, 9))
def test_whatever_the_sizes_nothing_is_infinite_and_no_error_is_raised(
    bought: int, more: int, held_bought: int, others: int, chatted: int
) -> None:
    told = Told()
    told.crowd(
        "cart", treated=bought + more, bought=bought, held=held_bought + others, held_bought=held_bought,
        chatted=min(chatted, bought),
    )  # fmt: skip
    one = of(told.report())
    if one.conversion is not None:
        assert one.conversion.effect.low <= one.conversion.effect.estimate <= one.conversion.effect.high
