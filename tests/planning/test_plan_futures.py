"""What may come: the ranges of the inputs come out as they were stated, and the same seed gives the same futures."""

from __future__ import annotations

from time import process_time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from plan_world import example, ranged, round_figures

from aparte.kit.errors import BadInput
from aparte.planning.futures import DOTS, Futures, drawn, futures
from aparte.planning.roi import business_case
from aparte.planning.scenario import Estimate, Scenario, inputs, replaced
from aparte.planning.tornado import tornado

BASKET = "orders.basket"


def basket(low: float, value: float, high: float, **more: Any) -> Scenario:
    """Round figures with a range of the basket alone."""
    return round_figures(orders={"basket": ranged(low, value, high) | more})


@pytest.mark.parametrize("within", [0.5, 0.8, 0.95])
def test_the_truth_falls_below_low_and_above_high_as_often_as_stated(within: float) -> None:
    draws = drawn(basket(80, 90, 130, within=within), 7, 100_000)[BASKET]
    outside = (1 - within) / 2
    assert (draws < 80).mean() == pytest.approx(outside, abs=0.005)
    assert (draws > 130).mean() == pytest.approx(outside, abs=0.005)
    assert np.median(draws) == pytest.approx(90, abs=0.2)


@pytest.mark.covers("S0-78")
def test_the_range_of_a_basket_is_the_range_of_the_gain() -> None:
    """One input with a range: net gain is 9,000 x 0.01 x 0.4 x basket - 1,800 a month, so its ends are the basket's."""
    found = futures(basket(80, 100, 130), seed=3, draws=50_000)
    ends = [12 * (90 * 0.4 * one - 1_800) for one in (80, 100, 130)]
    assert [found.low, found.year["net_gain"].median, found.high] == pytest.approx(ends, rel=0.02)
    assert found.expected == pytest.approx(found.year["net_gain"].mean)
    assert found.expected > ends[1], "the longer side pulls the mean"


def test_the_same_seed_gives_the_same_futures_and_another_gives_others() -> None:
    first, again, other = (futures(example(), seed, 2_000) for seed in (1, 1, 2))
    assert first == again
    assert first.dots != other.dots
    assert first.expected == pytest.approx(other.expected, abs=0.1 * (first.high - first.low))


def test_a_range_moved_leaves_the_draws_of_the_others() -> None:
    scenario = example()
    wider = replaced(scenario, {BASKET: Estimate(50, 84.4, 120)})
    first, then = (drawn(one, 5, 500) for one in (scenario, wider))
    for path in first:
        assert np.array_equal(first[path], then[path]) is (path != BASKET)


def test_fifty_futures_rise_and_the_winning_ones_are_counted() -> None:
    found = futures(example(), 1, 20_000)
    assert len(found.dots) == DOTS
    assert list(found.dots) == sorted(found.dots)
    assert found.winning_dots == sum(dot > 0 for dot in found.dots)
    assert found.winning_share == pytest.approx(found.winning_dots / DOTS, abs=0.02)
    assert found.dots[4] < found.low < found.dots[5]
    assert found.dots[44] < found.high < found.dots[45]


def test_without_ranges_there_is_one_future() -> None:
    scenario = round_figures()
    found, case = futures(scenario, 1, 200), business_case(scenario)
    assert set(found.dots) == {case.year.net_gain}
    assert found.low == found.expected == found.high == case.year.net_gain
    assert found.year["margin"].low == found.year["margin"].high == case.year.margin
    assert tornado(scenario) == ()


def test_no_draw_leaves_what_is_possible() -> None:
    scenario = round_figures(
        invitation={"acceptance": ranged(0.0, 0.5, 1.0) | {"within": 0.1}},
        conversation={"cost_per_conversation": ranged(0, 1, 9) | {"within": 0.1}},
    )
    draws = drawn(scenario, 1, 5_000)
    assert draws["invitation.acceptance"].min() == 0
    assert draws["invitation.acceptance"].max() == 1
    assert draws["conversation.cost_per_conversation"].min() == 0


def test_shares_of_teams_that_come_to_nothing_are_alike() -> None:
    shares = {"share": ranged(0, 0.5, 1) | {"within": 0.05}}
    teams = [{"name": name, "wage_per_hour": 20, "shrinkage": 0.2} | shares for name in ("house", "partner")]
    times = {"cost_per_conversation": None, "agent_seconds": 30, "customer_seconds": 60, "turns": 8}
    scenario = round_figures(teams=teams, conversation=times)
    draws = drawn(scenario, 1, 1_000)
    assert ((draws["teams.house.share"] == 0) & (draws["teams.partner.share"] == 0)).any()
    found = futures(scenario, 1, 1_000)
    assert found.month["labour"].low == pytest.approx(found.month["labour"].high), "two teams that cost the same"


def test_the_draws_that_never_pay_back_are_told_and_left_out() -> None:
    scenario = round_figures(costs={"services_once": 10_000}, help={"additionality": ranged(0.2, 0.5, 0.8)})
    found = futures(scenario, 1, 4_000)
    assert 0.1 < found.never_pays_back < 0.5
    assert 1 <= found.horizon["pay_back_months"].low <= found.horizon["pay_back_months"].high <= 12
    lost = futures(round_figures(costs={"services_once": 1e8}), 1, 200)
    assert lost.never_pays_back == 1
    assert "pay_back_months" not in lost.horizon


@pytest.mark.parametrize(("seed", "draws", "where"), [(-1, 1_000, "seed"), (2**63, 1_000, "seed"), (1, 99, "draws"),
                                                      (1, 10**9, "draws")])  # fmt: skip
def test_a_seed_or_a_number_of_draws_out_of_reach_is_refused(seed: int, draws: int, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        futures(round_figures(), seed, draws)
    assert refused.value.where == where


RANGED = st.tuples(st.floats(0, 1), st.floats(0.05, 1), st.floats(0, 1))


@settings(max_examples=25)
@given(acceptance=RANGED, margin=RANGED, helped=RANGED)
def test_ranges_are_in_order_and_the_ends_of_one_input_hold_the_value(
    acceptance: tuple[float, float, float], margin: tuple[float, float, float], helped: tuple[float, float, float]
) -> None:
    scenario = round_figures(
        invitation={"acceptance": part(*acceptance)},
        orders={"gross_margin": part(*margin)},
        help={"conversion_with_help": part(*helped)},
    )
    found = futures(scenario, 1, 400)
    for output in (*found.month.values(), *found.horizon.values()):
        assert output.low <= output.median <= output.high
    point = business_case(scenario).year.net_gain
    for bar in tornado(scenario):
        low, high = sorted((bar.gain_at_low, bar.gain_at_high))
        size = 1e-9 * (abs(low) + abs(high) + 1)
        assert low - size <= bar.gain_at_value <= high + size
        assert bar.gain_at_value == pytest.approx(point, abs=size)


def part(below: float, value: float, above: float) -> dict[str, float]:
    """A share with a range around it."""
    return ranged(value * below, value, value + (1 - value) * above)


def test_a_bar_is_the_case_with_one_input_changed_and_the_widest_is_first() -> None:
    scenario = example("business-case-full")
    bars = tornado(scenario)
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)
    assert {bar.input for bar in bars} == {path for path, one in inputs(scenario).items() if not one.known}
    for bar in bars[:6]:
        for end, gain in ((bar.low, bar.gain_at_low), (bar.high, bar.gain_at_high)):
            changed = replaced(scenario, {bar.input: Estimate(end, end, end)})
            assert business_case(changed).year.net_gain == pytest.approx(gain)


def test_the_draws_are_the_case_worked_out_again() -> None:
    """The formula over arrays is the formula over floats, also between whole numbers of conversations at once."""
    scenario = replaced(example("business-case-full"), {"conversation.concurrency": Estimate(1.2, 3, 4.7)})
    draws = drawn(scenario, 9, 100)
    gains = np.asarray(sorted(business_case(at(scenario, draws, n)).year.net_gain for n in range(100)))
    found: Futures = futures(scenario, 9, 100)
    assert found.expected == pytest.approx(gains.mean())
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(gains, (0.1, 0.9))))


def at(scenario: Scenario, draws: Any, n: int) -> Scenario:
    """The scenario of one draw."""
    values = {path: float(figure[n]) if figure.ndim else float(figure) for path, figure in draws.items()}
    return replaced(
        scenario,
        {path: structs.replace(one, low=values[path], value=values[path], high=values[path])
         for path, one in inputs(scenario).items()},
    )  # fmt: skip


def test_ten_thousand_futures_do_not_keep_a_slider_waiting() -> None:
    scenario = example()
    futures(scenario, 1, 100)
    taken = []
    for _ in range(3):
        start = process_time()
        futures(scenario, 1, 10_000)
        taken.append(process_time() - start)
    assert min(taken) < 0.1
