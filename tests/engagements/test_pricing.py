"""Prices from the demand that was seen."""

from __future__ import annotations

import random
from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.engagements.bid_price import DemandClass, bid_prices
from aparte.engagements.pricing import MOST_CLASSES, Demand, class_of, demand_classes, price, prices, wanted

HOUR = 3_600_000
T0 = 1_705_320_000_000


def seen(hours: float, *streams: tuple[float, float], chance: float = 0.1, seed: int = 1) -> tuple[Demand, int]:
    """Demand after so many hours of visitors (accepting per hour, value)."""
    dice, demands = random.Random(seed), dict[str, Demand]()
    arrivals = []
    for per_hour, value in streams:
        at = 0.0
        while (at := at - log(1 - dice.random()) * HOUR / (per_hour / chance)) < hours * HOUR:
            arrivals.append((at, value))
    for at, value in sorted(arrivals):
        wanted(demands, "sales", value, chance, T0 + round(at))
    return demands["sales"], T0 + round(hours * HOUR)


def test_rates_and_values_are_found_again() -> None:
    demand, now = seen(6, (120, 3), (20, 12))
    high, low = demand_classes(demand, now)
    assert (round(high.value), round(low.value)) == (12, 3)
    # 1.44 hours weigh: some 290 visitors of the dearer kind, 1,700 of the other.
    assert high.per_s * 3600 == pytest.approx(20, rel=0.25)
    assert low.per_s * 3600 == pytest.approx(120, rel=0.1)


def test_the_first_minutes_are_no_rush_and_the_first_hour_is_no_lull() -> None:
    demands: dict[str, Demand] = {}
    wanted(demands, "sales", 10, 0.1, T0)
    assert demand_classes(demands["sales"], T0)[0].per_s == pytest.approx(0.1 / 300, rel=0.05)
    demand, now = seen(1, (120, 3))
    assert demand_classes(demand, now)[0].per_s * 3600 == pytest.approx(120, rel=0.15)


def test_demand_of_the_morning_is_forgotten_by_the_evening() -> None:
    demand, now = seen(1, (120, 3))
    assert sum(one.per_s for one in demand_classes(demand, now + 10 * HOUR)) * 3600 < 0.2


def test_prices_are_those_of_the_demand() -> None:
    demand, now = seen(6, (120, 3), (20, 12))
    found = prices(demand, 15, 600, now)
    exact = bid_prices(15, 600, [DemandClass(120 / 3600, 3), DemandClass(20 / 3600, 12)]).prices
    assert found == pytest.approx(exact, rel=0.25)
    assert [round(one, 6) for one in found] == list(found)
    assert price(found, 1) > 3 > price(found, 2)  # the last slot is kept


def test_slots_that_came_or_went_since_are_counted_from_the_full_end() -> None:
    table = (1.0, 2.0, 4.0)
    assert [price(table, free) for free in (0, 1, 2, 3, 9)] == [0, 4, 2, 1, 1]
    assert price((), 1) == 0
    assert price((0.005,), 1) == 0  # less than a cent


def test_without_slots_or_demand_there_is_no_price() -> None:
    demands: dict[str, Demand] = {}
    wanted(demands, "sales", 0.0, 0.1, T0)
    assert prices(demands["sales"], 5, 600, T0) == ()
    wanted(demands, "sales", 10, 0.1, T0)
    assert prices(demands["sales"], 0, 600, T0) == ()


@pytest.mark.parametrize(("value", "name"), [(12.34, "12"), (12.1, "12"), (0.123, "0.12"), (1234, "1200"), (3, "3")])
def test_values_of_two_digits_are_of_one_class(value: float, name: str) -> None:
    assert class_of(value) == name


@given(st.lists(st.tuples(st.floats(-10, 1e6), st.floats(0, 1), st.integers(0, 10 * HOUR)), min_size=1, max_size=80))
def test_any_demand_has_prices_that_rise(arrivals: list[tuple[float, float, int]]) -> None:
    demands: dict[str, Demand] = {}
    for value, chance, later in arrivals:
        wanted(demands, None, value, chance, T0 + later)
    assert len(demands[""].classes) <= MOST_CLASSES
    found = prices(demands[""], 4, 600, T0 + 10 * HOUR)
    assert len(found) in (0, 4)
    assert all(low <= high * (1 + 1e-6) + 1e-5 for low, high in pairwise(found))
