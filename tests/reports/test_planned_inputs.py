"""What was measured as a business case counts it: by month, in units of the currency, with what is missing said.

Mutants seen to fail here: the day that is not over counts as a day; a campaign whose goal is a lead gives a lift.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest
from kpi_world import DAY, LATER, MINUTE, START, Shop, asked
from msgspec.structs import replace

sys.path.append(str(Path(__file__).parents[1] / "truth"))
from effect_world import shops

from aparte.planning.scenario import scenario_of
from aparte.reports.incrementality.model import Comparison, Incrementality
from aparte.reports.incrementality.report import incrementality
from aparte.reports.planned import KEY, Measured, Sources, lift, measured, rows, triples
from aparte.targeting.model import CampaignFile

MONTH = 365.25 / 12
CASE = scenario_of(tomllib.loads((Path(__file__).parents[2] / "examples/business-case.toml").read_text("utf-8")))


def found(shop: Shop, now: int = LATER) -> dict[str, Measured]:
    """What is measured of these four weeks."""
    of = asked(shop, now=now)
    compared = incrementality(of.facts, of.site, of.scope, CampaignFile(), {"site": (), "campaign": ()})
    return {one.input: one for one in measured(of, compared)}


@pytest.mark.covers("S0-22")
def test_visits_shares_baskets_and_margins_of_a_shop_whose_every_visit_is_known() -> None:
    shop = Shop()
    for n in range(6):
        shop.visit(f"v{n}", START + (n % 2) * DAY + n * MINUTE)
    for n, state in enumerate(("accepted", "declined", "ignored")):
        shop.invited(f"v{n}", START + (n % 2) * DAY + n * MINUTE, state)
    shop.eligible("v3", START + DAY + 3 * MINUTE, does="hold_out", detail="campaign")
    for n, total in enumerate((60.0, 90.0, 120.0)):
        shop.order(START + (n % 2) * DAY + (n + 5) * MINUTE, f"v{n}", f"o{n}", total)
    by = found(shop)
    visits = by["visitors.visits_per_month"]
    assert visits.value == pytest.approx(6 / 27 * MONTH), "the days from the first visit on"
    assert visits.low is not None
    assert visits.low < visits.value < (visits.high or 0)
    assert (by["visitors.eligible_covered_share"].value, by["visitors.eligible_covered_share"].n) == (4 / 6, 6)
    assert by["visitors.hold_out_share"].value == 1 / 4
    assert by["invitation.shown_share"].value == 1
    assert by["invitation.acceptance"].value == pytest.approx(1 / 3)
    assert by["orders.basket"].value == pytest.approx(90)
    assert by["stated.orders_per_month"].value == pytest.approx(3 / 27 * MONTH)
    assert by["help.lift_per_eligible"].value is None
    assert by["orders.gross_margin"].why == "no_margins"
    assert by["conversation.cost_per_conversation"].why == "no_conversations"
    assert set(triples(list(by.values()))) == {one for one, told in by.items() if told.value is not None}


def test_a_day_that_is_not_over_is_no_day_and_nothing_is_measured_of_nothing() -> None:
    shop = Shop()
    shop.visit("ann", START)
    assert found(shop, now=START + MINUTE)["visitors.visits_per_month"].why == "no_whole_day"
    one = found(shop, now=START + DAY)["visitors.visits_per_month"]
    assert (one.value, one.low) == (MONTH, None)
    assert all(told.value is None and told.why for told in found(Shop()).values())


@pytest.fixture(scope="module")
def compared() -> Incrementality:
    with shops(2, 14, 300, 3.0) as some:
        return some.report()


def of(compared: Incrementality) -> Sources:
    """Of all campaigns; nothing else is asked."""
    return Sources(asked(Shop()), compared)


def test_the_lift_is_that_of_the_campaigns_that_hold_out_by_how_many_each_treated(compared: Incrementality) -> None:
    both: list[Comparison] = [one for one in compared.campaigns if one.conversion is not None]
    assert len(both) == 2
    told = lift(of(compared))
    treated = [one.treated.visitors for one in both]
    effects = [one.conversion.effect for one in both if one.conversion is not None]
    expected = sum(n * one.estimate for n, one in zip(treated, effects, strict=True)) / sum(treated)
    assert told.value == pytest.approx(expected)
    assert told.low is not None
    assert told.value is not None
    assert told.value - told.low < max(one.estimate - one.low for one in effects), "two know more than one"
    leads = replace(compared, campaigns=(replace(both[0], goal="lead"), both[1]))
    assert lift(of(leads)).value == pytest.approx(effects[1].estimate)


def test_a_plan_stands_beside_what_was_measured_row_by_row() -> None:
    inside = Measured(input="orders.basket", value=80.0, low=79.0, high=81.0, n=900)
    outside = Measured(input="orders.gross_margin", value=0.30, low=0.28, high=0.32, n=900)
    touching = Measured(input="visitors.visits_per_month", value=480_000.0, low=460_000.0, high=500_000.0, n=10**6)
    missing = [Measured(input=one, why="nothing") for one in KEY if one not in ("orders.basket", "orders.gross_margin")]
    told = {one.input: one for one in rows(CASE, [inside, outside, touching, *missing])}
    assert (told["orders.basket"].inside, told["orders.basket"].agrees) == (True, True)
    assert (told["orders.gross_margin"].inside, told["orders.gross_margin"].agrees) == (False, False)
    planned = told["orders.basket"].planned
    assert planned is not None
    assert planned.value == 84.4
    assert told["invitation.acceptance"].inside is None
    near = rows(CASE, [touching])[0]
    assert (near.inside, near.agrees) == (False, True)
