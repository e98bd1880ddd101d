"""The pilot: the published sizes to the digit, what dilutes an effect, what shows in time, what cannot be asked."""

from __future__ import annotations

from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.experiments.distributions import normal_quantile
from aparte.experiments.sequential import always_valid
from aparte.experiments.statistics import fleiss, proportion, welch
from aparte.kit.errors import BadInput
from aparte.planning.pilot import Pilot, pilot
from aparte.planning.service import answers_for_nps, answers_for_nps_rise

SIZES = [  # base rate, lift, 50/50, 90/10, 50/50 at power .9
    (0.02, 0.05, 315_206, (176_436, 1_587_919), 421_971),
    (0.02, 0.10, 80_682, (45_476, 409_284), 108_009),
    (0.02, 0.25, 13_809, (7_925, 71_320), 18_486),
    (0.05, 0.10, 31_234, (17_596, 158_360), 41_813),
    (0.10, 0.10, 14_751, (8_302, 74_718), 19_747),
    (0.10, 0.20, 3_841, (2_186, 19_668), 5_142),
]
HALF = {"base_rate": 0.02, "lift": 0.10, "uptake": 1.0, "holdout": 0.5}


def arms(found: Pilot) -> tuple[int, int]:
    return found.control, found.treated


@pytest.mark.parametrize(("base", "lift", "even", "tenth", "sure"), SIZES)
def test_sizes_are_the_published_ones(base: float, lift: float, even: int, tenth: tuple[int, int], sure: int) -> None:
    assert arms(pilot(base, lift, 1, 0.5, 0.8)) == (even, even)
    assert arms(pilot(base, lift, 1, 0.1, 0.8)) == tenth
    assert arms(pilot(base, lift, 1, 0.5, 0.9)) == (sure, sure)
    splits = pilot(base, lift, 1, 0.3, 0.8).splits
    assert [(one.control, one.treated) for one in splits] == [(even, even), tenth]


def test_an_effect_is_diluted_by_those_who_do_not_take_up() -> None:
    found = pilot(0.05, 1.0, 0.1, 0.5)
    assert arms(found) == (31_234, 31_234)
    assert [one.per_arm for one in found.dilution] == [435, 1_471, 8_158, 31_234, 122_124]
    assert [round(one.treated_rate, 6) for one in found.dilution] == [0.1, 0.075, 0.06, 0.055, 0.0525]
    assert pilot(0.6, 1.0, 0.1, 0.5).dilution[0].per_arm is None, "nobody buys at a rate of 1.2"


@pytest.mark.parametrize(
    ("base", "holdout", "visitors", "arms", "printed"),
    [(0.05, 0.5, 20_000, (10_000, 10_000), "0.00899310"), (0.02, 0.1, 50_000, (5_000, 45_000), "0.00641328")],
)
def test_the_smallest_effect_is_the_published_one(
    base: float, holdout: float, visitors: int, arms: tuple[int, int], printed: str
) -> None:
    [seen] = pilot(base, 0.2, 0.1, holdout, visitors=visitors).visible
    assert (seen.control, seen.treated) == arms
    assert seen.difference is not None
    assert f"{seen.difference:.8f}" == printed
    assert seen.lift == pytest.approx(seen.difference / (base * 0.1))
    assert seen.watched_difference is not None
    assert seen.watched_difference > seen.difference


def test_what_so_many_visitors_show_is_what_needs_them() -> None:
    """The question and its inverse agree, with both intervals."""
    asked = pilot(**HALF)
    [seen] = pilot(**HALF, visitors=asked.visitors).visible
    assert seen.difference == pytest.approx(asked.difference, rel=1e-4)
    [watched] = pilot(**HALF, visitors=asked.always_valid.visitors).visible
    assert watched.watched_difference == pytest.approx(asked.difference, rel=1e-4)


def test_too_few_visitors_show_nothing_at_all() -> None:
    [seen] = pilot(**HALF, visitors=2).visible
    assert (seen.difference, seen.lift, seen.watched_difference) == (None, None, None)
    assert pilot(**HALF, visitors=1).visible[0].difference is None


def test_days_are_those_of_the_slower_arm_and_of_the_slower_of_traffic_and_agents() -> None:
    assert pilot(0.02, 0.25, 1, 0.5, per_day=1_000).days == 28  # 13,809 of 500 a day
    assert pilot(0.02, 0.25, 1, 0.1, per_day=1_000).days == 80  # 7,925 of 100 a day
    assert pilot(**HALF).days is None
    few = pilot(0.05, 1.0, 0.1, 0.5, per_day=10_000, conversations_per_day=90)
    assert (few.limited_by, few.per_day, few.days) == ("agents", 1_800, ceil(31_234 / 900))
    assert few.conversations_per_day == pytest.approx(90)
    many = pilot(0.05, 1.0, 0.1, 0.5, per_day=1_000, conversations_per_day=90)
    assert (many.limited_by, many.per_day, many.conversations_per_day) == ("traffic", 1_000, pytest.approx(50))
    alone = pilot(0.05, 1.0, 0.1, 0.5, conversations_per_day=90)
    assert (alone.per_day, alone.days) == (1_800, few.days)


def test_looking_every_day_takes_more_visitors_by_the_very_interval_of_the_reports() -> None:
    found = pilot(0.05, 0.3, 0.5, 0.5)
    watched = found.always_valid
    arm = proportion(found.control, round(0.05 * found.control))
    effect = welch(arm, proportion(found.treated, round(found.treated_rate * found.treated)))
    wide = always_valid(effect, found.visitors)
    fixed = normal_quantile(0.975) * effect.se
    assert watched.width_times == pytest.approx((wide.high - wide.low) / 2 / fixed, rel=1e-3)
    assert watched.times == pytest.approx(watched.visitors / found.visitors, rel=1e-3)
    assert watched.times > 1
    last = always_valid(effect, watched.visitors)
    reach = (last.high - last.low) / 2 / effect.se
    assert fleiss(0.05, found.treated_rate, reach, normal_quantile(0.8), 1.0) == pytest.approx(
        watched.control, rel=1e-3
    )


def test_a_small_pilot_shows_what_it_can() -> None:
    found = pilot(0.05, 1.0, 0.1, 0.5, per_day=900, answer_share=0.25)
    needs = {one.what: (one.needs, one.of, one.days) for one in found.seen_soon}
    assert needs["nps"] == (938, "answers", ceil(938 / 11.25))
    assert needs["nps_rise"] == (903, "answers", ceil(903 / 11.25))
    assert needs["csat"] == (246, "answers", 22)
    assert needs["acceptance"] == (3_458, "invited", 8)
    assert needs["reply_time"] == (385, "conversations", 9)
    assert (found.days or 0) > 3 * 22
    assert (answers_for_nps(0.5, 0.2, 0.05), answers_for_nps_rise((0.5, 0.2), (0.55, 0.15))) == (938, 903)
    assert "acceptance" not in {one.what for one in pilot(**HALF).seen_soon}, "all take up by definition"


@pytest.mark.parametrize(
    ("changed", "where", "said"),
    [
        ({"lift": 0}, "lift", "no number of visitors shows an effect of nothing"),
        ({"uptake": 0}, "uptake", "no number of visitors shows an effect of nothing"),
        ({"uptake": 1.1}, "uptake", "share"), ({"uptake": -0.1}, "uptake", "share"),
        ({"base_rate": 0}, "base_rate", "nobody buys"), ({"base_rate": 1}, "base_rate", "0.02 is 2 %"),
        ({"base_rate": 1e-300}, "base_rate", "0.02 is 2 %"), ({"holdout": 1e-300}, "holdout", "nothing to compare"),
        ({"uptake": 1e-300}, "uptake", "effect of nothing"), ({"per_day": 1e-300}, "per_day", "not above 0"),
        ({"base_rate": 2}, "base_rate", "0.02 is 2 %"), ({"base_rate": -0.1}, "base_rate", "share"),
        ({"base_rate": 0.6, "lift": 1}, "lift", "a rate of 1.2"), ({"lift": -1.5}, "lift", "a rate of -0.01"),
        ({"holdout": 0}, "holdout", "nothing to compare"), ({"holdout": 1}, "holdout", "nothing to compare"),
        ({"power": 1}, "power", "no power"), ({"power": 0.05}, "power", "above alpha"),
        ({"alpha": 0}, "alpha", "false alarm"), ({"alpha": 0.7}, "alpha", "false alarm"),
        ({"per_day": 0}, "per_day", "not above 0"), ({"per_day": -3}, "per_day", "not above 0"),
        ({"conversations_per_day": 0}, "conversations_per_day", "not above 0"),
        ({"per_day": 1e13}, "per_day", "beyond all shops"), ({"days": 3}, "days", "of how many visitors"),
        ({"days": 0, "per_day": 9}, "days", "whole number"), ({"days": 1.5, "per_day": 9}, "days", "whole number"),
        ({"visitors": 0}, "visitors", "whole number"), ({"answer_share": 0}, "answer_share", "no survey"),
        ({"lift": 1e-7}, "lift", "more than 1,000,000,000,000 visitors"),
        *(({name: bad}, name, "is not a number")
          for name in ("base_rate", "lift", "uptake", "holdout", "power", "alpha", "per_day")
          for bad in (float("nan"), float("inf"), "two", True)),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_its_name(changed: dict[str, Any], where: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        pilot(**{**HALF, **changed})
    assert refused.value.where == where
    assert refused.value.hint
    assert said in str(refused.value)


@settings(deadline=None, max_examples=60)
@given(
    base=st.floats(0.001, 0.4), lift=st.floats(0.02, 1), uptake=st.floats(0.02, 1), holdout=st.floats(0.02, 0.98),
    power=st.floats(0.5, 0.99), per_day=st.floats(1, 1e6),
)  # fmt: skip
def test_any_pilot_holds_together(
    base: float, lift: float, uptake: float, holdout: float, power: float, per_day: float
) -> None:
    found = pilot(base, lift, uptake, holdout, power, per_day=per_day)
    assert min(found.control, found.treated) >= 1
    assert found.visitors == found.control + found.treated
    assert found.days is not None
    assert found.days * per_day >= found.visitors - 2
    assert found.always_valid.visitors >= found.visitors
    assert found.control == pytest.approx(found.visitors * holdout, abs=2)
    [even, _] = found.splits
    assert even.visitors <= found.visitors * 1.1 + 2, "half and half is about the cheapest"
    sizes = [one.per_arm for one in found.dilution if one.per_arm is not None]
    assert sizes == sorted(sizes), "the fewer take up, the more it takes"
    effects = [one.difference for one in found.visible if one.difference is not None]
    assert effects == sorted(effects, reverse=True)
    assert all(
        one.watched_difference is None or one.watched_difference >= (one.difference or 0) for one in found.visible
    )
