"""Bid prices: the printed rows (science.md, section 4) and what holds for every demand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.engagements.bid_price import DemandClass, bid_prices, value_per_s
from aparte.kit.errors import BadInput

HOUR = 3600
FIFTEEN = (DemandClass(20 / HOUR, 12), DemandClass(120 / HOUR, 3))
FIVE = (DemandClass(6 / HOUR, 10), DemandClass(40 / HOUR, 2))
ROWS = {
    15: "1.430105 1.491395 1.557938 1.630411 1.709604 1.796448 1.892048 1.997719 2.115037 2.245904 2.392635 2.558061 "
    "2.745679 2.95984 4.44206",
    5: "1.182127 1.336317 1.530731 1.781109 2.854072",
}


@pytest.mark.parametrize(
    ("capacity", "classes", "earned", "first_come"),
    [(15, FIFTEEN, 399.7854, 354.2149), (5, FIVE, 85.6222, 75.3304)],
)
def test_the_printed_rows(capacity: int, classes: tuple[DemandClass, ...], earned: float, first_come: float) -> None:
    got = bid_prices(capacity, 600, classes)
    assert [round(price, 6) for price in got.prices] == [float(text) for text in ROWS[capacity].split()]
    assert got.per_s * HOUR == pytest.approx(earned, abs=5e-5)
    assert value_per_s([0.0] * capacity, 600, classes) * HOUR == pytest.approx(first_come, abs=5e-5)


def test_the_low_class_is_refused_only_for_the_last_slot() -> None:
    assert [price <= 3 for price in bid_prices(15, 600, FIFTEEN).prices] == [True] * 14 + [False]


classes = st.lists(st.builds(DemandClass, st.floats(1e-5, 0.5), st.floats(0.1, 100)), min_size=1, max_size=4)


@given(st.integers(1, 60), classes)
def test_prices_rise_with_busy_slots_and_never_exceed_the_best_value(capacity: int, demand: list[DemandClass]) -> None:
    got = bid_prices(capacity, 600, demand)
    best = max(one.value for one in demand)
    assert all(low <= high + 1e-9 * best for low, high in pairwise(got.prices))
    assert got.prices[-1] <= best * (1 + 1e-9)
    assert got.prices[0] >= -1e-9 * best


@given(st.integers(1, 30), classes)
def test_reserving_never_earns_less_than_first_come(capacity: int, demand: list[DemandClass]) -> None:
    earned = bid_prices(capacity, 600, demand).per_s
    assert earned >= value_per_s([0.0] * capacity, 600, demand) * (1 - 1e-12)


@pytest.mark.parametrize(("capacity", "demand"), [(0, FIVE), (5, ()), (5, (DemandClass(1, 0), DemandClass(0, 1)))])
def test_nothing_to_price_is_refused(capacity: int, demand: tuple[DemandClass, ...]) -> None:
    with pytest.raises(BadInput, match="nothing to price"):
        bid_prices(capacity, 600, demand)
