"""The verdict on a rule: which word, when, and that an alarm comes before all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.experiments.verdict import Evidence, verdict


def word(**known: Any) -> str:
    return verdict(evidence(**known)).word


def evidence(**known: Any) -> Evidence:
    usual: dict[str, Any] = {
        "fixed": (-0.01, 0.02), "always_valid": (-0.02, 0.03), "visitors": (500, 4_500), "orders": (30, 300),
        "planned": 1_000, "srm_p": 0.4,
    }  # fmt: skip
    return Evidence(**(usual | known))


FULL = (1_000, 9_000)


def test_at_the_planned_size_the_interval_for_one_look_decides() -> None:
    assert word(visitors=FULL, fixed=(0.001, 0.02)) == "keep"
    assert word(visitors=FULL, fixed=(0.001, 0.02), unused_capacity=True) == "widen"
    assert word(visitors=FULL, fixed=(-0.02, -0.001)) == "stop"
    assert word(visitors=FULL, fixed=(-0.02, 0.0)) == "stop"
    assert word(visitors=FULL) == "change"
    assert word(visitors=FULL, fixed=(0.0, 0.02), unused_capacity=True) == "change"


def test_before_it_only_the_interval_for_looking_daily_may_decide() -> None:
    assert word(fixed=(0.001, 0.02)) == "not_yet_known"
    assert word(fixed=(-0.02, -0.001)) == "not_yet_known"
    assert word(fixed=(0.001, 0.02), always_valid=(0.0005, 0.03)) == "keep"
    assert word(fixed=(0.001, 0.02), always_valid=(0.0005, 0.03), unused_capacity=True) == "widen"
    assert word(always_valid=(-0.03, -0.0005)) == "stop"
    assert word(always_valid=(0.0005, 0.03), orders=(19, 300)) == "not_yet_known"
    assert word(fixed=(0.001, 0.02), only_look=True) == "keep"
    assert word(fixed=(-0.02, -0.001), only_look=True) == "stop"


def test_until_then_the_days_still_needed_are_said() -> None:
    assert verdict(evidence(per_day=30.0)).days == 17
    assert verdict(evidence(per_day=0.0)).days is None
    assert verdict(evidence()).days is None
    assert verdict(evidence()).why == "500 more visitors have to be held out"


def test_too_few_orders_decide_nothing() -> None:
    assert word(visitors=FULL, orders=(0, 40), fixed=(0.001, 0.008)) == "not_yet_known"
    assert word(visitors=FULL, orders=(0, 0), fixed=None, always_valid=None) == "not_yet_known"
    assert word(planned=None, orders=(0, 0), fixed=None, always_valid=None, only_look=True) == "not_yet_known"


bounds = st.tuples(st.floats(-1, 1), st.floats(-1, 1)).map(lambda pair: (min(pair), max(pair)))


@given(bounds, bounds, st.integers(2, 3_000), st.booleans(), st.booleans(), st.floats(0, 0.000999))
def test_when_the_arms_are_not_dealt_as_planned_nothing_else_is_said(
    fixed: Any, always: Any, control: int, free: bool, only: bool, p: float
) -> None:
    known = {"fixed": fixed, "always_valid": always, "visitors": (control, 9_000), "unused_capacity": free}
    assert word(**known, only_look=only, srm_p=p) == "srm_alarm"
    assert word(**known, only_look=only, srm_p=0.001) != "srm_alarm"
    assert word(**known, only_look=only, srm_p=None) != "srm_alarm"


@given(bounds, bounds, st.integers(2, 3_000), st.booleans())
def test_nothing_is_kept_or_stopped_against_its_interval(fixed: Any, always: Any, control: int, free: bool) -> None:
    found = verdict(evidence(fixed=fixed, always_valid=always, visitors=(control, 9_000), unused_capacity=free))
    deciding = fixed if control >= 1_000 else always
    if found.word in ("keep", "widen"):
        assert deciding[0] > 0
        assert (found.word == "widen") == free
    elif found.word == "stop":
        assert deciding[1] <= 0
    else:
        assert deciding[0] <= 0 < deciding[1]
        assert (found.word == "change") == (control >= 1_000)


@pytest.mark.parametrize("low", [0.0, 1e-12])
def test_a_bound_at_nothing_is_not_above_it(low: float) -> None:
    assert (word(visitors=FULL, fixed=(low, 0.02)) == "keep") == (low > 0)
