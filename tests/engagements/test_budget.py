"""Budgets in the calendar of the site."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from aparte.engagements.budget import Spent, accepted, invited, refusal
from aparte.targeting.model import Budget

PARIS = "Europe/Paris"


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(PARIS)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("per", "first", "same", "other"),
    [
        ("hour", "2026-03-02T10:00:00", "2026-03-02T10:59:59", "2026-03-02T11:00:00"),
        ("day", "2026-03-02T00:00:00", "2026-03-02T23:59:59", "2026-03-03T00:00:00"),
        ("day", "2026-03-29T00:30:00", "2026-03-29T23:30:00", "2026-03-30T00:00:00"),  # a day of 23 hours
        ("week", "2026-03-02T00:00:00", "2026-03-08T23:59:59", "2026-03-09T00:00:00"),
        ("week", "2025-12-29T00:00:00", "2026-01-04T23:59:59", "2026-01-05T00:00:00"),  # a week of two years
        ("month", "2026-03-01T00:00:00", "2026-03-31T23:59:59", "2026-04-01T00:00:00"),
    ],
)
def test_a_period_is_one_of_the_calendar(
    per: Literal["hour", "day", "week", "month"], first: str, same: str, other: str
) -> None:
    spent, budget = Spent(), Budget(invitations=1, per=per)
    invited(spent, budget, at(first), PARIS)
    assert refusal(spent, budget, 0, at(same), PARIS) == "invitations"
    assert refusal(spent, budget, 0, at(other), PARIS) == ""
    invited(spent, budget, at(other), PARIS)
    assert (spent.invitations, spent.invitations_in) == (2, 1)


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    spent, budget = Spent(), Budget(invitations=1, per="hour")
    twice = at("2026-10-25T02:30:00")
    invited(spent, budget, twice, PARIS)
    assert refusal(spent, budget, 0, twice + 3_600_000, PARIS) == ""


def test_without_a_period_it_is_for_life() -> None:
    spent, budget = Spent(), Budget(accepted=2)
    for day in (1, 20):
        assert refusal(spent, budget, 0, at(f"2026-03-{day:02}T12:00:00"), PARIS) == ""
        accepted(spent, at(f"2026-03-{day:02}T12:00:00"), PARIS)
    assert refusal(spent, budget, 0, at("2028-03-20T12:00:00"), PARIS) == "accepted"


def test_what_is_under_way_counts_as_if_it_were_accepted() -> None:
    spent, budget = Spent(), Budget(accepted=3, per="day")
    now = at("2026-03-02T12:00:00")
    invited(spent, budget, now, PARIS)
    accepted(spent, now, PARIS)
    assert refusal(spent, budget, 1, now, PARIS) == ""
    assert refusal(spent, budget, 2, now, PARIS) == "accepted"


def test_another_period_in_the_file_begins_anew_and_the_life_goes_on() -> None:
    spent, now = Spent(), at("2026-03-02T12:00:00")
    invited(spent, Budget(invitations=1, per="day"), now, PARIS)
    assert refusal(spent, Budget(invitations=1, per="hour"), 0, now, PARIS) == ""
    assert refusal(spent, Budget(invitations=1), 0, now, PARIS) == "invitations"
