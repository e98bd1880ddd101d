"""The figures of the first report: visits are told, the figures are asserted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_world import DAY, HOUR, MINUTE, START, World

from aparte.experiments.statistics import proportion, welch
from aparte.reports.model import Comparison, Funnel


def cart(world: World, **period: int) -> Comparison:
    return world.report(**period).campaigns[0].comparison


def steps(funnel: Funnel) -> tuple[int, ...]:
    return (funnel.eligible, funnel.covered, funnel.candidates, funnel.shown, funnel.accepted, funnel.bought)


def test_one_visit_from_eligible_to_purchase_is_counted_in_every_step() -> None:
    world = World()
    world.invite("anna", HOUR, "accepted")
    world.chat("anna", HOUR + MINUTE)
    world.order("anna", 2 * HOUR, 104.70)
    report = world.report(now=2 * DAY)
    assert steps(report.funnel) == steps(report.campaigns[0].funnel) == (1, 1, 1, 1, 1, 1)
    assert (report.attributed.orders, report.attributed.revenue) == (1, 104.70)
    assert report.campaigns[0].comparison.young == 1  # her seven days are not over


@pytest.mark.covers("S0-63")
def test_each_visitor_goes_as_far_as_he_went() -> None:
    world = World()
    world.refuse("uncovered", HOUR, "not_covered")
    world.refuse("paced", HOUR, "pacing")
    world.hold_out("held", HOUR)
    world.invite("unseen", HOUR, "expired")
    world.invite("seen", HOUR, "ignored")
    world.invite("talker", HOUR, "accepted")
    world.invite("buyer", HOUR, "accepted")
    world.order("buyer", HOUR + DAY)
    world.order("seen", HOUR + DAY)  # bought without accepting
    world.order("talker", HOUR + 8 * DAY)  # too late
    report = world.report()
    assert steps(report.funnel) == (7, 6, 5, 3, 2, 1)
    assert report.funnel.held_out == 1


def test_a_session_that_was_eligible_before_the_period_still_falls_step_by_step() -> None:
    world = World()
    world.refuse("anna", DAY - MINUTE, "pacing")
    world.decide("anna", DAY + MINUTE, "invite", eligible=False, covered=False)
    world.offer("anna", DAY + MINUTE, "accepted")
    assert steps(world.report(since=DAY).funnel) == (1, 1, 1, 1, 1, 0)


def test_a_visitor_with_many_visits_is_one_visitor() -> None:
    world = World()
    for day in range(5):
        world.invite("anna", day * DAY, "declined")
        world.hold_out("ben", day * DAY)
    comparison = cart(world)
    assert steps(world.report().funnel) == (2, 2, 2, 1, 0, 0)
    assert (comparison.treated.visitors, comparison.holdout.visitors) == (1, 1)


def test_the_horizon_begins_when_the_visitor_is_first_a_candidate_in_both_arms() -> None:
    world = World(site_holdout=0.0)
    world.crowd(400, 40, 400, 40)
    world.order("cart-hesitation-campaign-t399", 20 * DAY - DAY)  # his moment is at 19 d 22.8 h
    world.order("cart-hesitation-campaign-h398", 20 * DAY + 8 * DAY)
    world.plan = World(holdout=0.5).plan
    comparison = cart(world, days=60, now=90 * DAY)
    assert (comparison.treated.buyers, comparison.holdout.buyers) == (40, 40)


@pytest.mark.covers("S0-02", "S0-05", "S1-68")
def test_conversion_and_revenue_are_welch_on_the_compared_visitors() -> None:
    world = World(site_holdout=0.0)
    world.crowd(9000, 540, 1000, 50)
    comparison = cart(world)
    expected = welch(proportion(1000, 50), proportion(9000, 540))
    assert comparison.conversion == expected
    assert comparison.relative == pytest.approx(0.2)
    assert comparison.incremental is not None
    assert comparison.incremental.estimate == pytest.approx(9000 * 60 * (540 / 9000 - 50 / 1000))
    assert comparison.verdict == "open"
    assert comparison.holdout.conversion_low == pytest.approx(0.0381, abs=1e-3)


def test_young_candidates_are_left_out_and_counted() -> None:
    world = World(site_holdout=0.0)
    world.crowd(2000, 200, 200, 20, days=10)
    comparison = cart(world, now=12 * DAY)
    assert comparison.young == pytest.approx(1100, abs=2)  # those of the last half of the ten days
    assert comparison.treated.visitors + comparison.holdout.visitors + comparison.young == 2200
    assert cart(world, now=17 * DAY).young == 0


def test_who_was_a_candidate_before_the_period_is_not_compared_again() -> None:
    world = World(site_holdout=0.0)
    world.invite("anna", DAY, "ignored")
    world.invite("anna", 10 * DAY, "accepted")
    world.invite("ben", 10 * DAY)
    report = world.report(since=5 * DAY)
    assert report.funnel.candidates == 2
    assert (report.campaigns[0].comparison.returning, report.campaigns[0].comparison.treated.visitors) == (1, 1)


def test_refunds_are_deducted_and_a_cancelled_order_is_none() -> None:
    world = World(site_holdout=0.0)
    world.crowd(2000, 200, 200, 20)
    before = cart(world)
    world.bought = world.bought[:-2]
    world.order("cart-hesitation-campaign-h18", 20 * DAY * 18 // 200 + HOUR, 60, refunded=60)
    world.order("cart-hesitation-campaign-h19", 20 * DAY * 19 // 200 + HOUR, 60, refunded=45)
    after = cart(world)
    assert (before.holdout.buyers, after.holdout.buyers) == (20, 19)
    assert (before.holdout.revenue, after.holdout.revenue) == (1200, 1200 - 60 - 45)
    assert world.report().orders.cancelled == 1


def test_claims_of_browsers_count_only_while_the_server_confirms_nothing() -> None:
    world = World()
    world.invite("anna", HOUR, "accepted")
    world.order("anna", 2 * HOUR, confirmed=False)
    assert world.report().funnel.bought == 1
    assert not world.report().orders.confirmed_only
    world.order("ben", 3 * HOUR, confirmed=True)
    assert world.report().funnel.bought == 0
    assert (world.report().orders.confirmed, world.report().orders.claimed) == (1, 1)


def test_an_order_in_another_currency_counts_without_its_amount() -> None:
    world = World()
    world.invite("anna", HOUR, "accepted")
    world.chat("anna", HOUR)
    world.order("anna", 2 * HOUR, 9000, currency="JPY")
    report = world.report()
    assert (report.funnel.bought, report.attributed.revenue, report.orders.foreign) == (1, 0.0, 1)


def test_crossover_and_invitations_by_others_are_counted_of_the_hold_out() -> None:
    world = World({"cart": ("hesitation",), "search": ("none",)}, site_holdout=0.0)
    world.hold_out("anna", HOUR)
    world.chat("anna", HOUR + MINUTE, answered=False)
    world.hold_out("ben", HOUR)
    world.invite("ben", 2 * HOUR, campaign="search", rule="none")
    world.hold_out("chloe", HOUR)
    world.chat("chloe", HOUR - MINUTE)  # before her moment
    comparison = cart(world)
    assert (comparison.crossover, comparison.invited_by_others) == (1, 1)


def test_the_site_hold_out_is_in_no_campaign_and_is_the_whole_comparison() -> None:
    world = World()
    world.crowd(1800, 180, 200, 10)
    world.crowd(0, 0, 105, 5, level="site")
    report = world.report()
    assert report.campaigns[0].comparison.holdout.visitors == 200
    assert (report.whole.treated.visitors, report.whole.holdout.visitors) == (2000, 105)
    assert report.funnel.held_out == 305


def test_a_visitor_found_in_two_arms_is_not_compared() -> None:
    world = World(site_holdout=0.0)
    world.hold_out("anna", HOUR)
    world.invite("anna", 2 * HOUR, "accepted")
    comparison = cart(world)
    assert (comparison.mixed, comparison.holdout.visitors, comparison.treated.visitors) == (1, 0, 0)
    assert world.report().campaigns[0].funnel.shown == 0  # he was held out when he became a candidate


def test_a_delayed_variant_is_treated() -> None:
    world = World(site_holdout=0.0)
    world.decide("anna", HOUR, "refrain", "variant_delay")
    world.decide("anna", HOUR + MINUTE, "invite", candidate=False, eligible=False, covered=False)
    world.offer("anna", HOUR + MINUTE, "accepted")
    assert cart(world).treated.visitors == 1
    assert steps(world.report().funnel) == (1, 1, 1, 1, 1, 0)


def test_rules_share_out_the_candidates_of_their_campaign() -> None:
    world = World({"cart": ("first", "second")}, site_holdout=0.0)
    world.crowd(600, 60, 60, 6, rule="first")
    world.crowd(300, 30, 40, 4, rule="second")
    world.invite("cart-first-campaign-t0", 22 * DAY, rule="second")
    campaign = world.report().campaigns[0]
    assert [rule.comparison.treated.visitors for rule in campaign.rules] == [600, 300]
    assert campaign.comparison.treated.visitors == 900


def test_an_uneven_draw_hides_every_figure_of_the_effect() -> None:
    world = World(site_holdout=0.0)
    world.crowd(3000, 600, 600, 30)
    comparison = cart(world)
    assert comparison.verdict == "uneven"
    assert comparison.split_p is not None
    assert comparison.split_p < 0.001
    hidden = (comparison.conversion, comparison.revenue, comparison.incremental, comparison.relative)
    assert hidden == (None,) * 4
    assert (comparison.treated.conversion, comparison.holdout.buyers, comparison.holdout.revenue) == (None,) * 3


def test_too_early_shows_no_provisional_number_but_when_to_come_back() -> None:
    world = World(site_holdout=0.0)
    world.crowd(900, 90, 99, 9, days=10)
    comparison = cart(world, now=20 * DAY)
    assert (comparison.verdict, comparison.first_reading) == ("too_early", 101)
    assert (comparison.conversion, comparison.holdout.buyers) == (None, None)
    assert comparison.days_needed == 8  # two more hold-outs take 5 hours at this pace, then seven days to buy


def test_the_first_reading_does_not_depend_on_which_arm_bought() -> None:
    for buyers in ((90, 0), (80, 10)):
        world = World(site_holdout=0.0)
        world.crowd(900, buyers[0], 120, buyers[1])
        assert cart(world).first_reading == 114


@pytest.mark.parametrize(
    ("treated", "holdout", "verdict"),
    [((9000, 900), (1000, 60), "gain"), ((9000, 300), (1000, 60), "loss"), ((9000, 560), (1000, 60), "open"),
     ((45_000, 4510), (5000, 500), "undecided"), ((900, 90), (0, 0), "uneven"), ((0, 0), (0, 0), "empty")],
)  # fmt: skip
def test_verdicts(treated: tuple[int, int], holdout: tuple[int, int], verdict: str) -> None:
    world = World(site_holdout=0.0)
    world.crowd(*treated, *holdout)
    assert cart(world).verdict == verdict


def test_without_a_hold_out_nothing_is_compared() -> None:
    world = World(holdout=0.0, site_holdout=0.0)
    world.crowd(900, 90, 0, 0)
    assert (cart(world).verdict, cart(world).conversion) == ("no_holdout", None)


def test_days_needed_are_those_of_fleiss_at_the_pace_of_the_period() -> None:
    world = World(site_holdout=0.0)
    world.crowd(9000, 200, 1000, 20, days=10)
    comparison = cart(world, days=10)
    assert comparison.full_size == 7925
    assert comparison.days_needed == pytest.approx((7925 - 1000) / 100 + 7, abs=1.1)


def test_the_headline_is_the_whole_site_once_it_can_be_read() -> None:
    world = World({"cart": ("hesitation",), "search": ("none",)})
    world.crowd(9000, 900, 1000, 60)
    world.crowd(900, 90, 100, 2, campaign="search", rule="none")
    assert world.report().speaking.verdict == "uneven"  # nobody is held out from the site, against the plan
    world.crowd(0, 0, 579, 30, level="site")
    report = world.report()
    assert (report.headline, report.speaking) == ("", report.whole)


def test_without_a_site_hold_out_the_campaign_with_most_visitors_speaks_whatever_it_says() -> None:
    world = World({"cart": ("hesitation",), "search": ("none",)}, site_holdout=0.0)
    world.crowd(9000, 540, 1000, 60)
    world.crowd(1800, 360, 200, 5, campaign="search", rule="none")
    report = world.report()
    assert [one.comparison.verdict for one in report.campaigns] == ["open", "gain"]
    assert report.headline == "cart"


@pytest.mark.parametrize(("at", "counted"), [(10_000, 0), (MINUTE, 1), (DAY + 4 * MINUTE, 1), (DAY + 6 * MINUTE, 0)])
def test_an_order_is_attributed_from_the_first_answer_until_a_day_after_the_end(at: int, counted: int) -> None:
    world = World()
    world.chat("anna", 0)  # answered after 20 s, over after 5 min
    world.order("anna", at)
    assert world.report().attributed.orders == counted


@pytest.mark.covers("S0-67")
def test_an_order_after_two_conversations_is_attributed_once_and_never_to_an_unanswered_one() -> None:
    world = World()
    world.chat("anna", 0)
    world.chat("anna", HOUR)
    world.chat("ben", 0, answered=False)
    world.order("anna", 2 * HOUR)
    world.order("ben", 2 * HOUR)
    found = world.report().attributed
    assert (found.orders, found.revenue, found.conversations) == (1, 60.0, 2)


happenings = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.integers(-3, 40),
        st.sampled_from(["refuse", "uncovered", "invite", "accept", "ignore", "campaign", "site", "order", "delay"]),
        st.sampled_from([("cart", "hesitation"), ("cart", "second"), ("search", "none")]),
    ),
    max_size=60,
)


@given(happenings)
def test_whatever_happens_the_funnel_only_falls_and_nobody_is_counted_twice(
    told: list[tuple[str, int, str, tuple[str, str]]],
) -> None:
    world = World({"cart": ("hesitation", "second"), "search": ("none",)})
    for visitor, day, what, (campaign, rule) in told:
        at, which = day * DAY, {"campaign": campaign, "rule": rule}
        if what in {"refuse", "uncovered"}:
            world.refuse(visitor, at, "not_covered" if what == "uncovered" else "pacing", **which)
        elif what in {"campaign", "site"}:
            world.hold_out(visitor, at, what, **which)
        elif what == "order":
            world.order(visitor, at)
        elif what == "delay":
            world.decide(visitor, at, "refrain", "variant_delay", **which)
        else:
            world.invite(visitor, at, {"invite": "offered", "accept": "accepted", "ignore": "ignored"}[what], **which)
    report = world.report(now=35 * DAY)
    funnels = [report.funnel, *(one.funnel for one in report.campaigns)]
    funnels += [rule.funnel for one in report.campaigns for rule in one.rules]
    for funnel in funnels:
        assert list(steps(funnel)) == sorted(steps(funnel), reverse=True)
        assert funnel.held_out + funnel.shown <= funnel.candidates
    for one in (report.whole, *(campaign.comparison for campaign in report.campaigns)):
        out = one.young + one.returning + one.mixed
        assert one.treated.visitors + one.holdout.visitors + out <= report.funnel.candidates
    assert report.since == START
