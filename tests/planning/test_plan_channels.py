"""The channels against one another, and the strategy that the margin allows."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from plan_world import example, ranged, round_figures

from aparte.planning.channels import ChannelResult, channel_ranges, channels
from aparte.planning.departments import departments
from aparte.planning.inputs import Kind
from aparte.planning.roi import business_case
from aparte.planning.strategy import Strategy, strategy

PHONE = {"name": "phone", "kind": "phone", "contacts_per_month": 1_000, "conversion": 0.1, "seconds_per_contact": 360}
CHAT = PHONE | {"name": "chat", "kind": "chat", "seconds_per_contact": 720, "agent_seconds": 30, "customer_seconds": 60}
TEAM = {"name": "house", "wage_per_hour": 20, "shrinkage": 0.2}


def compared(*given: dict[str, Any], **tables: Any) -> dict[str, ChannelResult]:
    """The channels of round figures, by name."""
    scenario = round_figures(channels=list(given), **({"teams": [TEAM]} | tables))
    return {one.name: one for one in channels(scenario)}


@pytest.mark.covers("S1-76", "S1-77")
def test_h6_chat_against_phone_by_conversations_at_once() -> None:
    """science.md 2: a 12-minute chat against a 6-minute call at equal wage and occupancy."""
    ratios = [compared(PHONE, CHAT | {"concurrency": k})["chat"].cost_against_phone for k in (2, 3, 4, 5)]
    assert ratios == [pytest.approx(ratio, abs=0.0005) for ratio in (1.111, 0.844, 0.737, 0.692)]
    at_four = compared(PHONE, CHAT | {"concurrency": 5, "agent_seconds": 15})["chat"]
    assert at_four.throughput_gain == pytest.approx(4.005, abs=0.0005)
    assert at_four.cost_against_phone == pytest.approx(0.5, abs=0.001)


@pytest.mark.covers("S1-72", "S1-73", "S1-75", "S1-141")
def test_a_channel_by_hand() -> None:
    phone = compared(PHONE)["phone"]
    assert phone.agent_hours_per_month == pytest.approx(100)
    assert phone.cost_per_contact == pytest.approx(0.1 * 25)
    assert phone.cost_per_conversion == pytest.approx(25)
    assert phone.sales_per_agent_hour == pytest.approx(1.0)
    assert phone.roi == pytest.approx((100 * 40 - 2_500) / 2_500)
    own = compared(PHONE | {"wage_per_hour": 40, "shrinkage": 0, "basket": 200, "additionality": 0.5})["phone"]
    assert own.cost_per_contact == pytest.approx(4)
    assert own.cost_per_incremental_conversion == pytest.approx(80)
    assert own.margin_per_month == pytest.approx(50 * 80)


def test_content_has_no_agent_and_costs_by_the_contact() -> None:
    content = PHONE | {"name": "guides", "kind": "content", "seconds_per_contact": 0, "other_cost_per_contact": 0.02}
    found = compared(PHONE, content, teams=[TEAM])
    assert found["guides"].cost_per_contact == pytest.approx(0.02)
    assert found["guides"].sales_per_agent_hour is None
    assert list(found) == ["guides", "phone"], "the best ROI first"
    assert compared(content, teams=[])["guides"].cost_against_phone is None


def test_the_full_example_compares_every_kind_and_each_has_its_range() -> None:
    scenario = example("business-case-full")
    assert {one.kind for one in channels(scenario)} == set(get_args(Kind))
    found = channel_ranges(scenario, 1, 500)
    for one in channels(scenario):
        cost = found[one.name]["cost_per_contact"]
        assert cost.low <= cost.median <= cost.high
        assert cost.median == pytest.approx(one.cost_per_contact, rel=0.02)


def test_a_chat_of_the_scenarios_own_times_costs_what_its_conversations_do() -> None:
    scenario = example("business-case-full")
    chat = next(one for one in channels(scenario) if one.name == "chat")
    assert chat.cost_per_contact == pytest.approx(business_case(scenario).month.cost_per_conversation)


def advised(**tables: Any) -> Strategy:
    """The strategy of round figures with something else."""
    found = strategy(round_figures(**tables))
    assert found is not None
    return found


@pytest.mark.covers("S1-85", "S1-86")
def test_what_a_conversation_may_cost() -> None:
    found = advised(costs={"software_per_month": 300})
    assert found.margin_per_order == 40
    assert found.incremental_orders_per_conversation == pytest.approx(0.1)
    assert (found.value_per_conversation, found.cost_per_conversation) == (pytest.approx(4), 2)
    assert found.paying_margin_per_order == pytest.approx(20)
    assert found.model == "low volume, high margin"
    assert [one.code for one in found.advice] == ["pays", "bid", "critical_mass", "labour"]
    assert found.advice[2].figures["needed"] == pytest.approx(150)


@pytest.mark.covers("S1-142")
def test_a_margin_too_thin_for_an_agent_goes_to_self_service() -> None:
    found = advised(orders={"gross_margin": 0.1})
    assert found.model == "high volume, low margin"
    assert found.contribution_per_conversation == pytest.approx(-1)
    advice = {one.code: one.figures for one in found.advice}
    assert list(advice) == ["does_not_pay", "bid", "self_service"]
    assert advice["self_service"] == {"moved": 0.1, "saved": pytest.approx(180), "stake": pytest.approx(90)}


def test_the_bid_is_where_the_conversation_pays_for_itself() -> None:
    tables = {"service": {"calls_avoided_per_conversation": 0.1, "cost_per_call": 5}, "orders": {"discount": 0.05}}
    bid = advised(**tables).paying_margin_per_order
    assert bid is not None
    at_it = advised(service=tables["service"], orders={"discount": 0.05, "gross_margin": bid / 100})
    assert at_it.contribution_per_conversation == pytest.approx(0, abs=1e-9)
    assert advised(help={"lift_per_eligible": ranged(-0.01, 0, 0.01)}).paying_margin_per_order is None


@pytest.mark.covers("S0-48")
def test_the_hours_that_phone_and_mail_are_spared_can_be_moved() -> None:
    """A conversation spares 0.3 calls of six minutes and 0.1 mails of three, of agents at work 80 % of the time."""
    mail = PHONE | {"name": "mail", "kind": "mail", "seconds_per_contact": 180}
    service = {"calls_avoided_per_conversation": 0.3, "mails_avoided_per_conversation": 0.1}
    full = example("business-case-full")
    scenario = round_figures(
        channels=[PHONE | {"occupancy": 0.8}, mail | {"occupancy": 0.8}], teams=[TEAM], service=service,
        conversation={"agent_seconds": 30, "customer_seconds": 60, "turns": 6},
    )  # fmt: skip
    found, month = departments(scenario), business_case(scenario).month
    assert found is not None
    assert found.phone == pytest.approx(month.conversations * 0.3 * 0.1 / 0.8)
    assert found.mail == pytest.approx(month.conversations * 0.1 * 0.05 / 0.8)
    assert found.chat == pytest.approx(month.conversations * 6 * 90 / 3600)
    told = strategy(full)
    assert told is not None
    assert told.advice[-1].code == "departments"
    assert departments(round_figures(channels=[PHONE], teams=[TEAM])) is None
