"""The worked examples of science.md, 2, that concern the business case, to the digits printed there."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.planning import identities as i
from aparte.planning.chat import Talk, level


def near(value: float, decimals: int) -> object:
    """As printed, with so many decimals."""
    return pytest.approx(value, abs=0.5001 * 10**-decimals)


def test_h1_two_per_cent_of_visitors_and_23_per_cent_of_sales() -> None:
    assert i.sales_ratio(0.02, 0.23) == near(14.636, 3)
    assert i.sales_ratio(0.02, 0.23) / 1.35 == near(10.842, 3)
    assert i.assisted_share(0.02, 5) == near(0.0926, 4)
    assert i.assisted_share(0.02, 5, 1.35) == near(0.1211, 4)
    assert i.engaged_share(0.23, 5) == near(0.05637, 5)
    assert i.engaged_share(0.23, 5, 1.35) == near(0.04238, 5)


def test_h2_twenty_thousand_sales_of_which_four_in_five_are_incremental() -> None:
    total = 20_000 / 0.23
    assert total == near(86_957, 0)
    assert total - 0.8 * 20_000 == near(70_957, 0)
    assert i.lift_of_share(0.23, 0.8) == near(0.22549, 5)
    assert i.lift_of_share(0.23, 0.8) == pytest.approx(16_000 / (total - 16_000))
    assert i.causal_multiplier(0.8) == near(5.000, 3)
    assert i.intrinsic_ratio(0.02, 0.23, 0.8) == near(2.927, 3)


def test_h3_four_to_five_times_as_often() -> None:
    assert i.assisted_share(0.02, 4, 1.35) == near(0.0993, 4)
    assert i.lift_if_all_causal(0.02, 5, 1.35) == near(0.115, 3)
    assert i.engaged_share_for_lift(0.20, 5, 1.35) == near(0.0348, 4)
    assert i.engaged_share_for_lift(0.30, 4) == near(0.10, 2)


def test_h4_half_a_point() -> None:
    lifts = [i.relative_lift(base, 0.005) for base in (0.01, 0.015, 0.02, 0.025)]
    assert lifts == [near(0.50, 3), near(0.333, 3), near(0.25, 3), near(0.20, 3)]
    assert i.base_for_relative_lift(0.005, 0.3) == near(0.01667, 5)
    assert i.base_for_relative_lift(0.005, 0.2) == near(0.025, 5)


def test_h6_chat_at_half_the_cost_of_the_phone() -> None:
    assert i.gain_for_cost_ratio(720, 360, 0.5) == 4.0
    ratios = [i.cost_ratio(720, 360, i.throughput_gain(30.0, 60.0, k)) for k in (2, 3, 4, 5)]
    assert ratios == [near(1.111, 3), near(0.844, 3), near(0.737, 3), near(0.692, 3)]
    assert i.throughput_gain(15.0, 60.0, 5) == near(4.005, 3)


def test_the_share_of_time_at_work_by_conversations_at_once() -> None:
    busy = [i.busy_share(30.0, 60.0, k) for k in range(1, 7)]
    assert busy == [near(u, 6) for u in (0.333333, 0.6, 0.789474, 0.904762, 0.963303, 0.987915)]
    assert [i.throughput_gain(25.0, 75.0, k) for k in (2, 6)] == [near(1.882, 3), near(3.791, 3)]
    both = i.busy_share(np.array([30.0, 25.0]), np.array([60.0, 75.0]), 3)
    assert both.tolist() == [i.busy_share(30.0, 60.0, 3), i.busy_share(25.0, 75.0, 3)]


def test_h8_h9_fewer_people_and_fewer_mails() -> None:
    assert i.productivity(15, 8) == 1.875
    assert i.staff_saved(15, 8) == near(0.4667, 4)
    assert i.productivity(15, 8) / 2.4 == near(0.781, 3)
    assert i.saving_per_chat(2.4, 4, 3) == pytest.approx(6.60)
    assert i.break_even_cost_ratio(2.4) == near(0.4167, 4)


def test_h10_a_million_and_a_half_calls() -> None:
    assert i.contacts_behind(1.5e6, 0.5, 0.2) == pytest.approx(15e6)
    assert i.deflection_saving(1.5e6, 1.0, 5, 2.5) == pytest.approx(3.75e6)
    assert i.deflection_saving(1.5e6, 0.6, 5, 2.5) == pytest.approx(0.75e6)


def test_h15_a_discount_for_everybody() -> None:
    assert i.discounted_revenue(0.16, 0.15) == near(0.986, 3)
    assert i.discount_break_even(0.15) == near(0.1765, 4)
    assert i.discounted_profit(0.16, 0.15, 0.30) == near(0.58, 2)


@given(a=st.floats(1, 600), c=st.floats(1, 600), k=st.integers(1, 12))
def test_the_business_case_and_the_staffing_know_the_same_agent(a: float, c: float, k: int) -> None:
    staffed = level(Talk(agent_seconds=a, customer_seconds=c, turns=8), k)
    assert i.busy_share(a, c, k) == pytest.approx(staffed.utilisation, rel=1e-9)
    assert i.throughput_gain(a, c, k) == pytest.approx(staffed.gain, rel=1e-9)


@given(e=st.floats(0.001, 0.999), m=st.floats(0.01, 100), b=st.floats(0.1, 10))
def test_share_engaged_and_share_of_sales_undo_each_other(e: float, m: float, b: float) -> None:
    assert i.engaged_share(i.assisted_share(e, m, b), m, b) == pytest.approx(e, rel=1e-6)
    assert i.sales_ratio(e, i.assisted_share(e, m, b)) == pytest.approx(m * b, rel=1e-6)


@given(a=st.floats(1, 600), c=st.floats(1, 600))
def test_more_at_once_finishes_more_and_never_more_than_the_customer_lets(a: float, c: float) -> None:
    gains = [i.throughput_gain(a, c, k) for k in range(1, 9)]
    assert gains[0] == pytest.approx(1)
    assert all(then >= first * (1 - 1e-12) for first, then in pairwise(gains))
    assert gains[-1] <= (a + c) / a * (1 + 1e-9)
