"""Goals and contracts counted from what is stored: the arms, orders and days of the report.

Mutants seen to fail here: orders after the horizon count; refunds are not taken off;
the arms are those of another campaign.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from report_world import DAY, HOUR, SITE, START, World

from aparte.contracts.goals import Actual
from aparte.contracts.statements import Stated, settled
from aparte.contracts.terms import Clause, Contract
from aparte.contracts.windows import window_of
from aparte.kit.errors import BadInput
from aparte.reports.measuring import SiteMeasures, minor_units

NOVEMBER = window_of(date(2026, 11, 1), "month")
BEGIN = 2 * DAY
"""The first of November, after the world's START."""


def contract(**more: Any) -> Contract:
    known: dict[str, Any] = {
        "id": "c1", "site": "shop", "version": 1, "name": "x", "currency": "EUR", "first_day": date(2026, 11, 1),
        "clauses": (Clause(kpi="acceptance", target=0.01),), "fee_rate": 1_000, "about": "cart",
    }  # fmt: skip
    return Contract(**(known | more))


def measures(world: World) -> SiteMeasures:
    return SiteMeasures(world, lambda: START + 70 * DAY)


@pytest.mark.covers("S1-122", "S1-124")
def test_the_worked_case_told_visitor_by_visitor_is_stated_at_900_euros():
    world = World(holdout=0.1)
    world.crowd(9_000, 540, 1_000, 50, begin=BEGIN, accepted=900)
    found = measures(world).found(SITE, contract(), NOVEMBER)
    assert (found.treated.n, found.treated.sum, found.control.n, found.control.sum) == (9_000, 540, 1_000, 50)
    assert found.split_p == pytest.approx(1.0)
    assert found.kpis["acceptance"].value == pytest.approx(0.1)
    [line] = settled([contract()], [Stated(period=NOVEMBER, version=1, mature=True, found=found)])
    assert (line.fee, line.gates[0].why) == (900_00, "")


def test_money_is_whole_cents_without_what_was_given_back_within_the_horizon():
    world = World()
    for n, (at, refunded) in enumerate([(HOUR, 0.0), (HOUR, 19.99), (8 * DAY, 0.0)]):
        world.invite(f"t{n}", BEGIN)
        world.order(f"t{n}", BEGIN + at, 119.99, refunded=refunded)
    world.hold_out("h0", BEGIN)
    found = measures(world).found(SITE, contract(base="revenue"), NOVEMBER)
    assert (found.treated.n, found.treated.sum, found.treated.sumsq) == (3, 21_999, 11_999.0**2 + 1e8)
    assert (found.control.n, found.control.sum) == (1, 0)
    assert [minor_units(one) for one in ("EUR", "JPY", "KWD")] == [100, 1, 1000]


def test_visitors_of_the_day_before_and_of_the_day_after_are_of_other_windows():
    world = World()
    world.invite("before", BEGIN - 1)
    world.invite("first", BEGIN)
    world.invite("last", BEGIN + 30 * DAY - 1)
    world.invite("after", BEGIN + 30 * DAY)
    found = measures(world).found(SITE, contract(), NOVEMBER)
    assert found.treated.n == 2
    assert measures(world).found(SITE, contract(about="other"), NOVEMBER).treated.n == 0


def test_what_is_not_counted_is_said_and_never_made_up():
    world = World()
    with pytest.raises(BadInput, match="margin is not counted"):
        measures(world).found(SITE, contract(base="margin"), NOVEMBER)
    with pytest.raises(BadInput, match="sells in EUR"):
        measures(world).found(SITE, contract(currency="USD"), NOVEMBER)
    assert measures(world).actual(SITE, "csat", "", NOVEMBER) is None
    assert measures(world).actual(SITE, "acceptance", "", NOVEMBER) is None
    world.invite("a", BEGIN, "accepted")
    known = measures(world).actual(SITE, "acceptance", "", NOVEMBER)
    assert isinstance(known, Actual)
    assert (known.value, known.n, known.high) == (1.0, 1, 1.0)
