"""What a report is about: read from an address, written into one, and asked of the facts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.kit.errors import BadInput
from aparte.reports.scope import FILTERS, SEGMENTS, ignored, read_scope, where, write_scope

NOW = 1_772_000_000_000
PARIS = "Europe/Paris"
NAMES = st.text(min_size=1, max_size=30).filter(str.strip)


@given(
    st.dictionaries(st.sampled_from([one for one in FILTERS if one != "segment"]), NAMES),
    st.sampled_from([None, *SEGMENTS]),
    st.sampled_from(["30m", "24h", "48h", "7d", "31d"]),
    st.sampled_from(["confirmed", "all", None]),
)
def test_an_address_says_all_that_a_report_is_about(
    filters: dict[str, str], segment: str | None, horizon: str, orders: str | None
) -> None:
    asked = {"from": "2026-01-05", "to": "2026-01-31", "horizon": horizon, **filters}
    asked |= {name: value for name, value in (("segment", segment), ("orders", orders)) if value}
    scope = read_scope("shop", PARIS, NOW, asked)
    assert read_scope("shop", PARIS, NOW, write_scope(scope)) == scope
    assert (scope.since, scope.until, scope.days) == (date(2026, 1, 5), date(2026, 1, 31), 27)
    assert {one for one in FILTERS if getattr(scope, one)} == set(filters) | ({"segment"} if segment else set())


def test_without_days_it_is_the_last_28_with_today() -> None:
    scope = read_scope("shop", PARIS, NOW, "utm_source=mail&campaign=")
    assert (scope.days, scope.until, scope.campaign, scope.horizon) == (28, date(2026, 2, 25), None, "7d")


def test_a_day_begins_when_the_sites_day_begins() -> None:
    scope = read_scope("shop", PARIS, NOW, "from=2026-03-29&to=2026-03-29")
    since, until = scope.period_ms(PARIS)
    assert until - since == 23 * 3_600_000


def test_a_member_changes_in_the_address_and_the_others_stay() -> None:
    scope = read_scope("shop", PARIS, NOW, "from=2026-01-05&to=2026-01-31&campaign=cart&device=phone")
    assert write_scope(scope, campaign=None, rule="a & b") == "from=2026-01-05&to=2026-01-31&rule=a+%26+b&device=phone"


@pytest.mark.parametrize(
    ("asked", "member"),
    [
        ("from=yesterday", "from"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("from=0001-02-02", "from"),
        ("from=1999-02-02&to=2026-01-01", "from"),
        ("horizon=8d", "horizon"),
        ("orders=some", "orders"),
        ("segment=premium", "segment"),
        ("campaign=" + "x" * 201, "campaign"),
    ],
)
def test_what_no_report_can_be_about_is_refused_by_the_name_of_the_member(asked: str, member: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_scope("shop", PARIS, NOW, asked)
    assert caught.value.where == member


def test_filters_that_a_table_knows_nothing_of_are_named() -> None:
    scope = read_scope("shop", PARIS, NOW, "from=2026-01-05&to=2026-01-06&rule=r&device=phone&team=t&orders=confirmed")
    days = [date(2026, 1, 5), date(2026, 1, 6)]
    assert where(scope, "session", "s") == (
        "s.site = ? AND s.day BETWEEN ? AND ? AND s.device = ? AND NOT s.bot", ["shop", *days, "phone"]
    )  # fmt: skip
    assert ignored(scope, "session") == ("rule", "team")
    assert where(scope, "orders") == ("site = ? AND day BETWEEN ? AND ? AND confirmed", ["shop", *days])
    assert ignored(scope, "engagement") == ()
