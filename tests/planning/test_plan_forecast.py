"""Arrivals to expect: what repeats, how wide it is, where clocks change, and how much past it takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.kit.days import starts_at
from aparte.kit.errors import BadInput
from aparte.planning.forecast import History, dispersion, forecast, half_hours_of, predicted, quantiles
from aparte.planning.half_hours import half_hours
from aparte.planning.past_arrivals import as_rows, counted, written

PARIS = "Europe/Paris"
MONDAY = date(2026, 2, 2)
HALF_HOUR = 1_800_000


def days_from(first: date, count: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=n) for n in range(count))


def past(first: date, days: int, count_of: dict[tuple[int, int], list[float]], time_zone: str = PARIS) -> History:
    """So many days; of a weekday and minute these counts, week by week."""
    counts: dict[int, float] = {}
    for n, day in enumerate(days_from(first, days)):
        for at, minute in half_hours_of(day, time_zone):
            found = count_of.get((day.weekday(), minute))
            if found:
                counts[at] = found[n // 7 % len(found)]
    return History(time_zone, counts, days_from(first, days))


def table(rows: list[str]) -> list[History]:
    text = "start,arrivals\n" + "\n".join(rows)
    return written(half_hours(text, "past.csv", twice=True), PARIS, "past.csv")


def expected(found: object, start: str) -> object:
    return next(one for one in found.half_hours if one.start == start)  # type: ignore[attr-defined]


def test_a_weekday_and_half_hour_is_expected_as_it_was() -> None:
    found = forecast(past(MONDAY, 28, {(0, 540): [10, 12, 8, 14], (2, 1410): [3]}))
    nine = expected(found, "mon 09:00")
    assert (nine.arrivals, nine.observed) == (11, 4)
    assert nine.low < 11 < nine.high
    assert expected(found, "wed 23:30").arrivals == 3
    assert (expected(found, "tue 09:00").arrivals, expected(found, "tue 09:00").low) == (0, 0)
    assert len(found.half_hours) == 7 * 48
    assert [one.arrivals for one in found.days] == [11, 0, 3, 0, 0, 0, 0]
    assert found.days_counted == 28


@pytest.mark.parametrize(("days", "more"), [(0, 21), (1, 20), (17, 4), (20, 1), (14, 7)])
def test_too_short_a_past_is_refused_with_how_much_is_missing(days: int, more: int) -> None:
    with pytest.raises(BadInput, match=rf"{days} whole days of history are too few.*\({more} more days") as refused:
        forecast(past(MONDAY, days, {}))
    assert refused.value.where == "history"


def test_days_that_are_missing_now_and_then_are_counted_by_weekday() -> None:
    days = tuple(one for one in days_from(MONDAY, 35) if one.weekday() != 6 or (one.month == 2 and one.day < 10))
    with pytest.raises(BadInput, match=r"sun was there 1 times of 3 \(8 more days"):
        forecast(History(PARIS, {}, days))


def test_a_day_of_the_week_that_is_never_there_is_closed_and_one_that_is_missing_is_not_known() -> None:
    rows = [f"{day}T09:00,7" for day in days_from(MONDAY, 35) if day.weekday() < 6 and day.day != 9]
    found = forecast(table(rows)[0])
    sunday, monday = expected(found, "sun 09:00"), expected(found, "mon 09:00")
    assert (sunday.arrivals, sunday.observed) == (0, 4)
    assert (monday.arrivals, monday.observed) == (7, 4)


def test_three_weeks_are_enough() -> None:
    assert len(forecast(past(MONDAY, 21, {(0, 540): [1, 2, 3]})).half_hours) == 336


@pytest.mark.parametrize(("first", "hours", "rows"), [(date(2026, 3, 29), 23, 46), (date(2026, 10, 25), 25, 50)])
def test_a_day_to_come_has_as_many_half_hours_as_its_clock(first: date, hours: int, rows: int) -> None:
    found = forecast(past(MONDAY, 28, {(6, 120): [6], (6, 180): [9]}), since=first, days=1)
    assert (found.days[0].hours, len(found.half_hours)) == (hours, rows)
    starts = [one.start for one in found.half_hours]
    assert len(set(starts)) == rows
    moments = [datetime.fromisoformat(one) for one in starts]
    assert {b - a for a, b in pairwise(moments)} == {timedelta(minutes=30)}
    twos = [one.arrivals for one in found.half_hours if "T02:00" in one.start]
    assert twos == ([] if hours == 23 else [6, 6])
    assert expected(found, f"{first}T03:00+0{1 + (hours == 23)}:00").arrivals == 9


def test_the_hour_that_is_there_twice_is_counted_twice() -> None:
    rows = [f"{day}T02:00,4" for day in days_from(date(2026, 10, 5), 28)]
    autumn = rows.index("2026-10-25T02:00,4")
    [history] = table([*rows[: autumn + 1], "2026-10-25T02:00,10", *rows[autumn + 1 :]])
    two = expected(forecast(history), "sun 02:00")
    assert (two.arrivals, two.observed) == (pytest.approx((4 + 4 + 4 + 10 + 4) / 5), 5)
    assert sum(history.counts.values()) == 28 * 4 + 10


def test_the_hour_that_is_left_out_is_not_counted_as_empty() -> None:
    rows = [f"{day}T02:30,{0 if day == date(2026, 3, 29) else 5}" for day in days_from(date(2026, 3, 9), 28)]
    half = expected(forecast(table(rows)[0]), "sun 02:30")
    assert (half.arrivals, half.observed) == (5, 3)
    [spring] = forecast(table(rows)[0], since=date(2026, 3, 29), days=1).days
    assert spring.hours == 23


def test_somebody_who_came_in_the_hour_that_is_left_out_is_refused() -> None:
    with pytest.raises(BadInput, match="there is no 02:30 on 2026-03-29 in Europe/Paris: the clocks go forward"):
        table(["2026-03-29T02:30,5"])


def test_a_half_hour_that_is_there_twice_by_mistake_is_refused() -> None:
    with pytest.raises(BadInput, match="there twice"):
        table(["2026-10-24T02:00,5", "2026-10-24T02:00,6"])
    with pytest.raises(BadInput, match="there twice"):
        table(["2026-10-25T02:00,5", "2026-10-25T02:00,6", "2026-10-25T02:00,6"])


def test_offsets_tell_the_moment() -> None:
    [history] = table(["2026-10-25T02:00+02:00,1", "2026-10-25T02:00+01:00,2", "2026-10-26T08:00+00:00,3"])
    first = round(datetime(2026, 10, 25, tzinfo=UTC).timestamp() * 1000)
    assert history.counts == {first: 1, first + 2 * HALF_HOUR: 2, first + 64 * HALF_HOUR: 3}
    assert history.days == (date(2026, 10, 25), date(2026, 10, 26))


def test_a_past_without_dates_is_refused() -> None:
    with pytest.raises(BadInput, match="a past has dates"):
        table(["mon 09:00,3"])


def test_only_days_that_were_watched_from_midnight_to_midnight_count() -> None:
    midnight = starts_at(MONDAY, PARIS)
    [one] = counted(
        [("sales", midnight + 7, 2), ("sales", midnight + HALF_HOUR, 1)], PARIS, midnight - 1, midnight + 60 * HALF_HOUR
    )
    assert one.days == (MONDAY,)
    assert one.counts == {midnight: 2, midnight + HALF_HOUR: 1}
    [late] = counted([("sales", midnight + 7, 2)], PARIS, midnight + 1, midnight + 60 * HALF_HOUR)
    assert late.days == ()


@pytest.mark.parametrize(
    "time_zone", ["Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York", "UTC"]
)
def test_the_past_of_any_place_comes_back_half_hour_by_half_hour(time_zone: str) -> None:
    first = starts_at(date(2026, 9, 30), time_zone)
    last = starts_at(date(2026, 11, 5), time_zone)
    moments = list(range(first, last, 900_000))
    [history] = counted([("", at, 1) for at in moments], time_zone, first, last)
    rows = as_rows(history)
    assert sum(row.arrivals for row in rows) == len(moments)
    assert {row.minute % 30 for row in rows} == {0}
    assert len({row.start for row in rows}) == len(rows)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 5_000), st.floats(1.001, 60), st.floats(0.01, 0.5))
def test_quantiles_are_those_of_the_negative_binomial(mean: float, times: float, below: float) -> None:
    low, high = quantiles(mean, mean * times, below, 1 - below)
    size, each = mean / (times - 1), 1 / times
    draws = np.random.default_rng(1).negative_binomial(size, each, 40_000)
    assert np.mean(draws < low) <= below + 0.015
    assert np.mean(draws <= low) >= below - 0.015
    assert np.mean(draws <= high) >= 1 - below - 0.015
    assert np.mean(draws < high) <= 1 - below + 0.015


@pytest.mark.parametrize(
    ("mean", "spread", "weeks"), [(3, 1.0, 4), (20, 1.0, 3), (20, 4.0, 8), (400, 1.0, 6), (400, 25.0, 12)]
)
def test_so_many_half_hours_to_come_lie_in_the_interval(mean: float, spread: float, weeks: int) -> None:
    """Of a past whose variance is `spread` times its mean; counts are whole, so a little more than 80 % lie in it."""
    dice, inside, times = np.random.default_rng(7), 0, 1_200
    for _ in range(times // 300):
        draws = drawn(dice, mean, spread, (300, weeks + 1))
        known = dispersion(draws[:, :weeks].tolist())
        for one in draws:
            low, high = predicted(float(one[:weeks].sum()), weeks, known, 0.8)
            inside += low <= one[weeks] <= high
    assert 0.77 < inside / times < 0.93


def drawn(dice: np.random.Generator, mean: float, spread: float, shape: tuple[int, int]) -> np.ndarray:
    """Counts of this mean, whose variance is so many times it."""
    return dice.poisson(mean, shape) if spread == 1 else dice.negative_binomial(mean / (spread - 1), 1 / spread, shape)


def test_a_past_that_varied_more_gives_a_wider_interval() -> None:
    calm, wild = (forecast(past(MONDAY, 28, {(0, 540): counts})) for counts in ([20, 21, 19, 20], [5, 40, 10, 25]))
    assert (calm.dispersion, wild.dispersion > 5) == (1.0, True)
    one, other = expected(calm, "mon 09:00"), expected(wild, "mon 09:00")
    assert other.high - other.low > 2 * (one.high - one.low)
    wider = forecast(past(MONDAY, 28, {(0, 540): [20, 21, 19, 20]}), 0.95)
    assert expected(wider, "mon 09:00").high > one.high


@pytest.mark.parametrize("interval", [0, 1, 1.5, -0.2, float("nan")])
def test_an_interval_that_cannot_be_is_refused(interval: float) -> None:
    with pytest.raises(BadInput) as refused:
        forecast(past(MONDAY, 28, {}), interval)
    assert refused.value.where == "interval"


def test_thousands_an_hour_have_an_interval_at_once() -> None:
    low, high = predicted(5_000 * 4, 4, 30, 0.8)
    assert 4_000 < low < 5_000 < high < 6_000
