"""Which period of a dashboard by mail is due: once each, at an hour of the site, clocks going forward and back.

Planted defects seen to fail here: a moment reckoned as midnight plus hours; the mark of the last period not looked at.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from aparte.reports.mails import EVERY, Every, Period, ReportMail, due, local_day, moment

PARIS = "Europe/Paris"
HOUR = 3_600_000


def at(text: str) -> int:
    """Milliseconds of a moment in UTC."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def mail(every: Every, hour: int = 8, since: str = "2026-01-01", sent: str = "") -> ReportMail:
    return ReportMail(site="shop", staff="ann", every=every, hour=hour, since=at(since), sent=sent)


@pytest.mark.parametrize(
    ("every", "now", "days"),
    [
        ("daily", "2026-11-20 06:59", None),  # 7:59 in Paris; the day before was sent
        ("daily", "2026-11-20 07:00", ("2026-11-19", "2026-11-19")),
        ("weekly", "2026-11-16 07:00", ("2026-11-09", "2026-11-15")),
        ("weekly", "2026-11-19 23:00", ("2026-11-09", "2026-11-15")),
        ("fortnightly", "2026-11-23 07:00", ("2026-11-09", "2026-11-22")),
        ("fortnightly", "2026-11-22 23:00", ("2026-10-26", "2026-11-08")),
        ("monthly", "2026-12-01 06:30", ("2026-10-01", "2026-10-31")),
        ("monthly", "2026-12-01 07:00", ("2026-11-01", "2026-11-30")),
    ],
)
def test_a_period_is_due_when_its_hour_has_come(every: Every, now: str, days: tuple[str, str] | None) -> None:
    sent = "2026-11-18" if every == "daily" else ""
    found = due(mail(every, sent=sent), at(now), PARIS)
    assert (None if found is None else (found.first.isoformat(), found.last.isoformat())) == days


def test_the_hour_is_that_of_the_site_on_both_sides_of_a_change_of_clocks() -> None:
    assert moment(date(2026, 10, 24), 8, local_day(0, PARIS)[0]) == at("2026-10-24 06:00")
    assert moment(date(2026, 10, 25), 8, local_day(0, PARIS)[0]) == at("2026-10-25 07:00")  # a day of 25 hours
    assert moment(date(2026, 3, 29), 8, local_day(0, PARIS)[0]) == at("2026-03-29 06:00")  # a day of 23 hours
    assert due(mail("daily", sent="2026-10-23"), at("2026-10-25 06:30"), PARIS) is None
    found = due(mail("daily", sent="2026-10-23"), at("2026-10-25 07:00"), PARIS)
    assert found is not None
    assert found.first == date(2026, 10, 24)


@pytest.mark.parametrize(("hour", "when"), [(2, "2026-03-29 01:00"), (3, "2026-03-29 01:00")])
def test_an_hour_that_the_clocks_leave_out_is_not_left_out(hour: int, when: str) -> None:
    found = due(mail("daily", hour, sent="2026-03-27"), at("2026-03-29 01:00"), PARIS)
    assert found is not None
    assert found.due_at == at(when)


@given(
    every=st.sampled_from(EVERY), hour=st.integers(0, 23),
    zone=st.sampled_from([PARIS, "America/New_York", "Asia/Kolkata"]),
    start=st.integers(0, 400), looks=st.lists(st.integers(1, 40 * 24), min_size=5, max_size=60),
)  # fmt: skip
@pytest.mark.covers("S1-128")
def test_each_period_is_sent_once_and_in_order(
    every: Every, hour: int, zone: str, start: int, looks: list[int]
) -> None:
    now = at("2025-06-01") + start * 24 * HOUR
    asked, sent = replace(mail(every, hour), since=now), list[Period]()
    for step in looks:
        now += step * HOUR
        found = due(asked, now, zone)
        if found is not None:
            assert asked.since <= found.due_at <= now
            sent.append(found)
            asked = replace(asked, sent=found.first.isoformat())
            assert due(asked, now, zone) is None
    assert all(one.last < two.first or one.last + timedelta(days=1) <= two.first for one, two in pairwise(sent))
