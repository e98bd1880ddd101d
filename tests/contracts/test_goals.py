"""Goals with figures, told as people tell them, and where they stand.

Mutants seen to fail here: a floor broken by the point alone sounds; `at_most` is judged like `at_least`.
"""

from __future__ import annotations

from datetime import date

import pytest
from contract_world import goal

from aparte.contracts.alarms import of_goals
from aparte.contracts.goals import Actual, Bands, alarms, checked_goal, judged, wanted
from aparte.contracts.windows import Period, last_closed, window_of, windows_between
from aparte.kit.errors import BadInput


@pytest.mark.covers("S0-25", "S1-65", "S0-24")
def test_a_target_is_told_as_a_value_as_so_many_times_or_so_much_more_than_the_base():
    assert wanted(checked_goal(goal())) == pytest.approx(0.06)
    assert wanted(goal(measure="plus", target=0.005)) == pytest.approx(0.025)
    assert wanted(goal(measure="value", target=0.04)) == 0.04


@pytest.mark.covers("S1-137")
@pytest.mark.parametrize(
    ("actual", "state"),
    [
        (Actual(0.08, 0.06, 0.10, 500), "proven"), (Actual(0.07, 0.05, 0.09, 500), "ahead"),
        (Actual(0.05, 0.03, 0.07, 500), "behind"), (Actual(0.03, 0.01, 0.05, 500), "missed"),
        (Actual(0.08, 0.06, 0.10, 29), "too_few"), (None, "unknown"),
    ],
)  # fmt: skip
def test_a_goal_is_reached_surely_or_as_far_as_one_sees(actual: Actual | None, state: str):
    standing = judged(goal(target=0.06, measure="value", min_n=30), actual)
    assert (standing.state, standing.actual) == (state, actual)


def test_less_is_better_where_the_goal_says_so():
    abandonment = goal(kpi="cart_abandonment", measure="value", target=0.6, direction="at_most", floor=0.75)
    states = [judged(abandonment, Actual(v, v - 0.02, v + 0.02, 9)) for v in (0.5, 0.59, 0.61, 0.7, 0.76, 0.8)]
    assert [one.state for one in states] == ["proven", "ahead", "behind", "missed", "missed", "missed"]
    assert [one.floor for one in states] == ["holds", "holds", "holds", "holds", "near", "broken"]


@pytest.mark.covers("S0-24")
@pytest.mark.parametrize("value", [0.01, 0.06, 0.5])
def test_a_figure_without_an_interval_proves_nothing_and_sounds_nothing(value: float):
    """Seen to fail: the point taken for both ends of an interval."""
    bare = goal(measure="value", target=0.06, floor=0.05)
    standing = judged(bare, Actual(value, None, None, 900))
    assert standing.state == "point"
    assert (standing.floor, standing.alarm) == ("near" if value < 0.05 else "holds", False)
    look = of_goals([(bare, standing, standing)])
    assert (look.troubles, look.unsaid) == ((), {("floor", bare.id), ("goal_missed", bare.id)})


@pytest.mark.covers("S1-64")
def test_a_floor_sounds_the_alarm_when_it_is_surely_broken_and_not_for_noise():
    virgin = goal(measure="value", target=0.23, floor=0.18)
    found = [Actual(0.23, 0.2, 0.26, 900), Actual(0.17, 0.15, 0.19, 900), Actual(0.15, 0.13, 0.17, 900)]
    stood = [(virgin, judged(virgin, one)) for one in found]
    assert [standing.floor for _, standing in stood] == ["holds", "near", "broken"]
    assert [alarms([pair]) for pair in stood] == [[], [], [virgin]]


@pytest.mark.covers("S1-131", "S1-106")
def test_a_figure_stands_in_the_bands_of_the_sector_that_the_firm_has_entered():
    bands = Bands(best=0.1, average=0.05, source="association 2026")
    one = goal(kpi="acceptance", measure="value", target=0.06, bands=bands)
    assert [judged(one, Actual(v, v, v, 9)).band for v in (0.1, 0.05, 0.04)] == ["best", "average", "below"]


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"base": None}, "base"), ({"base": 0.0}, "base"), ({"kpi": "a b"}, "kpi"),
        ({"target": float("nan")}, "target"),
        ({"kpi": "roi", "definition": "  "}, "definition"), ({"min_n": 0}, "min_n"), ({"floor": 0.07}, "floor"),
        ({"bands": Bands(best=0.1, average=0.2)}, "bands.best"), ({"floor": float("inf")}, "floor"),
        ({"name": "x" * 501}, "name"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_no_goal(more: dict[str, object], where: str):
    with pytest.raises(BadInput) as refused:
        checked_goal(goal(**more))
    assert refused.value.where == where


@pytest.mark.covers("S1-126")
def test_windows_are_those_of_the_calendar():
    day = date(2026, 11, 22)
    assert window_of(day, "week") == Period(date(2026, 11, 16), date(2026, 11, 23))
    assert window_of(day, "month") == Period(date(2026, 11, 1), date(2026, 12, 1))
    assert window_of(day, "quarter") == Period(date(2026, 10, 1), date(2027, 1, 1))
    fortnight = window_of(day, "fortnight")
    assert ((fortnight.until - fortnight.since).days, fortnight.since.weekday()) == (14, 0)
    assert last_closed(date(2026, 1, 15), "month") == Period(date(2025, 12, 1), date(2026, 1, 1))
    found = list(windows_between(date(2025, 12, 1), date(2026, 3, 31), "month"))
    assert [one.since.month for one in found] == [12, 1, 2]
