"""The business case by hand: a month, a horizon, a roll-out; and what holds for every case."""

from __future__ import annotations

from math import isfinite
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from plan_world import example, round_figures

from aparte.planning.inputs import Scenario, exactly
from aparte.planning.roi import Case, Result, business_case
from aparte.planning.strategy import strategy


def case(**tables: Any) -> Case:
    """The case of round figures with something else."""
    return business_case(round_figures(**tables))


@pytest.mark.covers("S1-04", "S1-05", "S1-138")
def test_a_month_of_round_figures() -> None:
    month = case().month
    assert (month.eligible, month.held_out, month.treated, month.conversations) == (10_000, 1_000, 9_000, 900)
    assert month.assisted_orders == pytest.approx(180)
    assert month.incremental_orders == pytest.approx(90)
    assert (month.revenue, month.margin) == (pytest.approx(9_000), pytest.approx(3_600))
    assert (month.labour, month.cost, month.net_gain) == (1_800, 1_800, pytest.approx(1_800))
    assert month.roi == pytest.approx(1.0)
    assert month.cost_per_conversation == 2
    assert month.cost_per_conversion == pytest.approx(10)
    assert month.cost_per_incremental_conversion == pytest.approx(20)
    assert month.sales_per_agent_hour is None


def test_the_same_effect_as_a_lift_gives_the_same_case() -> None:
    by_lift = case(help={"lift_per_eligible": 0.01, "conversion_with_help": None, "additionality": None})
    by_without = case(help={"conversion_without_help": 0.1, "additionality": None})
    for other in (by_lift, by_without):
        assert other.year.net_gain == pytest.approx(case().year.net_gain)
        assert other.lift_per_eligible == pytest.approx(0.01)
    assert by_lift.month.assisted_orders is None


def test_the_effect_from_which_it_pays() -> None:
    assert case().break_even_lift == pytest.approx(0.005)
    at_it = case(help={"lift_per_eligible": 0.005})
    assert at_it.year.net_gain == pytest.approx(0, abs=1e-9)
    saving = case(service={"calls_avoided_per_conversation": 0.5, "cost_per_call": 5})
    assert saving.break_even_lift == 0
    assert case(orders={"gross_margin": 0}).break_even_lift is None


def test_the_picture_of_the_design() -> None:
    found = business_case(example())
    assert found.year.net_gain == pytest.approx(65_000, abs=100)
    assert found.break_even_lift == pytest.approx(0.0060, abs=0.00005)
    assert found.year.fixed == 18_000


def test_set_up_roll_out_and_pay_back() -> None:
    set_up = {"costs": {"services_once": 5_000}}
    assert case(**set_up).pay_back_months == 3
    phases = [{"name": "pilot", "months": 2, "reach": 0.5}]
    stepwise = case(**set_up, phases=phases)
    assert [month.net_gain for month in stepwise.months[:3]] == pytest.approx([900, 900, 1_800])
    assert [month.cumulative for month in stepwise.months[:4]] == pytest.approx([-4_100, -3_200, -1_400, 400])
    assert [month.phase for month in stepwise.months[:3]] == ["pilot", "pilot", ""]
    assert stepwise.pay_back_months == 4
    assert stepwise.horizon.net_gain == pytest.approx(stepwise.months[-1].cumulative)
    assert case(costs={"services_once": 1e6}).pay_back_months is None
    assert case().pay_back_months == 1


def test_paid_back_for_good_and_not_for_a_moment() -> None:
    phases = [{"name": "burst", "months": 2, "reach": 1}, {"name": "pause", "months": 8, "reach": 0}]
    found = case(costs={"fixed_per_month": 400}, phases=phases)
    assert found.months[1].cumulative == pytest.approx(2_800)
    assert found.months[9].cumulative == pytest.approx(-400)
    assert found.pay_back_months == 11


@pytest.mark.covers("S1-06", "S1-13")
def test_hours_and_wages_of_two_teams() -> None:
    times = {"cost_per_conversation": None, "agent_seconds": 30, "customer_seconds": 60, "turns": 8, "concurrency": 3}
    teams = [
        {"name": "house", "share": 0.5, "wage_per_hour": 21, "shrinkage": 0.3},
        {"name": "partner", "share": 0.5, "wage_per_hour": 12, "shrinkage": 0.0},
    ]
    month = case(conversation=times, teams=teams).month
    at_desk = 450 / 11.842105263
    assert month.conversations_per_agent_hour == pytest.approx(11.8421, abs=1e-4)
    assert month.paid_hours == pytest.approx(at_desk / 0.7 + at_desk)
    assert month.labour == pytest.approx(at_desk / 0.7 * 21 + at_desk * 12)
    assert month.sales_per_agent_hour == pytest.approx(180 / (2 * at_desk))


def test_paid_hours_are_paid_whatever_comes() -> None:
    teams = [{"name": "house", "wage_per_hour": 20, "shrinkage": 0.25, "paid_hours_per_month": 100}]
    for acceptance in (0.01, 0.1):
        month = case(invitation={"acceptance": acceptance}, teams=teams).month
        assert (month.labour, month.paid_hours) == (2_000, 100)
    assert month.sales_per_agent_hour == pytest.approx(180 / 75)


def test_half_of_the_agents_with_two_at_once_and_half_with_three() -> None:
    times = {"cost_per_conversation": None, "agent_seconds": 30, "customer_seconds": 60, "turns": 8}
    teams = [{"name": "house", "wage_per_hour": 20}]
    rates = [
        case(conversation=times | {"concurrency": k}, teams=teams).month.conversations_per_agent_hour
        for k in (2, 2.5, 3)
    ]
    assert rates == pytest.approx([9, (9 + 11.842105) / 2, 11.842105])


def test_returns_come_off_the_revenue_and_cost() -> None:
    month = case(orders={"return_rate": 0.2, "cost_per_return": 5}).month
    assert month.revenue == pytest.approx(7_200)
    assert month.margin == pytest.approx(90 * (80 * 0.4 - 1))


def test_h15_a_discount_is_charged_to_all_who_buy() -> None:
    """science.md 2: 15 % off for 16 % more conversion at 30 % margin leaves 0.58 of the profit."""
    month = case(
        visitors={"eligible_covered_share": 1, "hold_out_share": 0},
        invitation={"acceptance": 1},
        help={"conversion_with_help": 0.0116, "conversion_without_help": 0.01, "additionality": None},
        orders={"gross_margin": 0.3, "discount": 0.15},
        conversation={"cost_per_conversation": 0},
    ).month
    before = 100_000 * 0.01 * 100 * 0.3
    assert (before + month.net_gain) / before == pytest.approx(0.58)
    assert month.discounts == pytest.approx(100_000 * 0.0116 * 15)


@pytest.mark.covers("S1-08")
def test_h10_calls_truly_avoided_pay_for_all_the_chats() -> None:
    """science.md 2: 1.5 M chats a year at 2.50, of which 60 % avoid a call at 5: 0.75 M."""
    year = case(
        visitors={"visits_per_month": 125_000, "eligible_covered_share": 1, "hold_out_share": 0},
        invitation={"acceptance": 1},
        help={"lift_per_eligible": 0, "conversion_with_help": None, "additionality": None},
        conversation={"cost_per_conversation": 2.5},
        service={"calls_per_month": 1_250_000, "cost_per_call": 5, "calls_avoided_per_conversation": 0.6},
    ).year
    assert year.conversations == 1_500_000
    assert year.net_gain == pytest.approx(750_000)


@pytest.mark.covers("S1-09", "S1-139")
def test_the_cost_of_an_error_and_of_a_delay() -> None:
    customers = {"lifetime_value": 200, "badly_helped_share": 0.05, "leave_share": 0.1, "loss_per_month_of_delay": 300}
    found = case(customers=customers)
    assert found.month.errors == pytest.approx(900 * 0.05 * 0.1 * 200)
    assert found.cost_of_delay_per_month == pytest.approx(1_800 - 900 + 300)
    kept = case(customers={"lifetime_value": 200, "kept_share": 0.01})
    assert kept.month.savings == pytest.approx(900 * 0.01 * 200)


@pytest.mark.covers("S1-07")
def test_what_is_not_money_becomes_money_only_by_the_firms_own_value() -> None:
    named = [{"name": "CSAT", "now": 78, "expected": 82}]
    found = case(intangibles=named)
    assert found.month.savings == 0
    assert found.intangibles[0].value_per_month is None
    valued = case(intangibles=[named[0] | {"value_per_point_and_month": 50}])
    assert valued.month.savings == valued.intangibles[0].value_per_month == 200


def test_nothing_to_divide_by_is_not_known() -> None:
    empty = case(visitors={"visits_per_month": 0})
    assert empty.month.net_gain == 0
    assert empty.month.roi is empty.month.cost_per_contact is None
    assert strategy(round_figures(visitors={"visits_per_month": 0})) is None


COUNTS = {"visits", "eligible", "treated", "conversations", "labour", "cost", "discounts", "errors"}
SHARES = st.floats(0.001, 1)
MONEY = st.floats(0, 1e6)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any case at all, with its effect as a lift."""
    return round_figures(
        horizon_months=draw(st.integers(1, 60)),
        visitors={"visits_per_month": draw(st.floats(0, 1e9)), "eligible_covered_share": draw(SHARES)},
        invitation={"acceptance": draw(SHARES), "shown_share": draw(SHARES)},
        help={"lift_per_eligible": draw(st.floats(-0.5, 0.5))},
        orders={"basket": draw(MONEY), "gross_margin": draw(SHARES), "return_rate": draw(st.floats(0, 0.9)),
                "discount": draw(st.floats(0, 0.5))},
        conversation={"cost_per_conversation": draw(MONEY)},
        costs={"software_per_month": draw(MONEY), "services_once": draw(MONEY), "fixed_per_month": draw(MONEY)},
        customers={"lifetime_value": draw(MONEY), "badly_helped_share": draw(SHARES), "leave_share": draw(SHARES)},
        phases=[{"name": "pilot", "months": draw(st.integers(1, 24)), "reach": draw(SHARES)}],
    )  # fmt: skip


def numbers(result: Result) -> dict[str, float]:
    """What is known of a result."""
    return {name: figure for name, figure in structs.asdict(result).items() if figure is not None}


@settings(max_examples=40)
@given(scenario=scenarios(), more=st.floats(0, 0.4))
def test_more_effect_never_loses_money(scenario: Scenario, more: float) -> None:
    lift = scenario.help.lift_per_eligible
    assert lift is not None
    higher = structs.replace(lift, low=lift.low + more, value=lift.value + more, high=lift.high + more)
    better = structs.replace(scenario, help=structs.replace(scenario.help, lift_per_eligible=higher))
    first, then = business_case(scenario).year, business_case(better).year
    assert then.net_gain >= first.net_gain - 1e-9 * (abs(first.net_gain) + first.cost)


@settings(max_examples=40)
@given(scenario=scenarios())
def test_the_months_add_up_to_the_horizon(scenario: Scenario) -> None:
    found = business_case(scenario)
    total, size = found.horizon, 1e-9 * (found.horizon.cost + abs(found.horizon.margin) + 1)
    assert sum(month.net_gain for month in found.months) - scenario.costs.services_once.value == pytest.approx(
        total.net_gain, abs=size
    )
    assert found.months[-1].cumulative == pytest.approx(total.net_gain, abs=size)
    assert found.year.net_gain * scenario.horizon_months / 12 == pytest.approx(total.net_gain, abs=size)
    assert total.net_gain == pytest.approx(total.margin + total.savings - total.cost, abs=size)


@settings(max_examples=40)
@given(scenario=scenarios(), times=st.floats(0.1, 10))
def test_twice_the_visits_and_twice_the_fixed_cost_are_twice_everything(scenario: Scenario, times: float) -> None:
    visits, costs = scenario.visitors.visits_per_month.value * times, scenario.costs
    fields = {name: getattr(costs, name).value * times for name in costs.__struct_fields__}
    if visits > 1e12 or max(fields.values()) > 1e9:
        return
    larger = structs.replace(
        scenario,
        visitors=structs.replace(scenario.visitors, visits_per_month=exactly(visits)),
        costs=structs.replace(costs, **{name: exactly(value) for name, value in fields.items()}),
    )
    first, then = business_case(scenario), business_case(larger)
    size = 1e-9 * times * (first.year.cost + abs(first.year.margin) + 1)
    assert then.year.net_gain == pytest.approx(first.year.net_gain * times, abs=size)
    assert then.break_even_lift == pytest.approx(first.break_even_lift)


@settings(max_examples=40)
@given(scenario=scenarios())
def test_no_figure_is_ever_less_than_a_number(scenario: Scenario) -> None:
    found = business_case(scenario)
    for result in (found.month, found.horizon, found.year):
        assert all(isfinite(figure) for figure in numbers(result).values())
        assert all(figure >= 0 for name, figure in numbers(result).items() if name in COUNTS)
