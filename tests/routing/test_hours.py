"""Paid hours in local days, also those of 23 and 25 hours."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from aparte.kit.errors import BadInput
from aparte.routing.hours import bounds, days_of_work, moment, paid, planned, read_shift
from aparte.routing.model import Team, Work
from aparte.sites.model import Shift, Staff

PARIS = ZoneInfo("Europe/Paris")
H = 3_600_000


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)])
def test_a_day_is_as_long_as_its_clock_says(day: str, hours: int) -> None:
    on = date.fromisoformat(day)
    low, high = bounds(on, PARIS)
    assert high - low == hours * H
    assert planned([Shift("00:00", "24:00")], on, PARIS) == hours * H
    assert planned([Shift("01:00", "04:00")], on, PARIS) == (3 + hours - 24) * H


def test_a_shift_over_midnight_belongs_to_both_days_and_overlaps_count_once() -> None:
    night = read_shift("fri 22:00-06:00")
    assert [planned([night], date(2026, 6, day), PARIS) // H for day in (4, 5, 6, 7)] == [0, 2, 6, 0]
    assert planned([Shift("09:00", "12:00"), Shift("11:00", "13:00")], date(2026, 6, 1), PARIS) == 4 * H


@pytest.mark.parametrize("text", ["", "mon", "9-17", "mon-fri 09:00", "moon 09:00-10:00", "09:00-09:00", "25:00-26:00"])
def test_a_shift_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_shift(text)


def test_days_go_round_the_week() -> None:
    assert read_shift("sat-mon,wed 09:00-10:00").days == ("mon", "wed", "sat", "sun")
    assert len(read_shift("09:00-10:00").days) == 7


def test_planned_hours_are_paid_and_logged_hours_where_nothing_is_planned() -> None:
    kim = Staff(id="kim", site="s", email="k", name="Kim", team="t", shifts=(Shift("09:00", "17:00", ("mon",)),))
    lea = Staff(id="lea", site="s", email="l", name="Lea")
    monday, tuesday = date(2026, 6, 1), date(2026, 6, 2)
    nine = moment(monday, "09:00", PARIS)
    work = [
        Work("s", "kim", "available", "", nine, nine + 5 * H),
        Work("s", "kim", "away", "lunch", nine + 5 * H, nine + 6 * H),
        Work("s", "kim", "available", "", nine + 24 * H, nine + 26 * H),
        Work("s", "lea", "available", "", nine + 13 * H, None),
    ]
    days = days_of_work([kim, lea], work, monday, tuesday, "Europe/Paris", nine + 16 * H)
    told = {(one.staff, one.day[-2:]): (one.paid_s / 3600, one.available_s / 3600, one.away_s) for one in days}
    assert told == {
        ("kim", "01"): (8, 5, {"lunch": 3600}),
        ("kim", "02"): (2, 2, {}),
        ("lea", "01"): (2, 2, {}),
        ("lea", "02"): (1, 1, {}),
    }
    agents, teams = paid(days, [kim, lea], [Team(id="t", site="s", name="T", cost_per_hour=20.0)])
    assert (agents["kim"].paid_h, agents["kim"].cost) == (10, 200)
    assert (teams["t"].cost, teams[""].paid_h, teams[""].cost) == (200, 3, 0)
