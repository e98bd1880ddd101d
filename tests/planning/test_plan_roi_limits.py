"""Every input at each end of what it may be: an answer in plain numbers, or a refusal by name; never a warning."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_world import example

from aparte.kit.errors import BadInput
from aparte.planning.channels import channel_ranges, channels
from aparte.planning.contradictions import contradictions
from aparte.planning.futures import futures
from aparte.planning.roi import business_case
from aparte.planning.scenario import Estimate, Scenario, exactly, inputs, replaced
from aparte.planning.strategy import strategy
from aparte.planning.tornado import tornado
from aparte.planning.units import unit_of

FULL = example("business-case-full")
ALIKE = tuple(f"channels.{name}." for name in ("mail", "callback", "video", "store", "guides"))
PATHS = [path for path in inputs(FULL) if not path.startswith(ALIKE)]
"""Without the channels that are read as the phone is."""
REFUSED = {
    "teams.house.share": "shares of the teams",
    "teams.partner.share": "shares of the teams",
    "channels.phone.concurrency": "how a turn divides",
}
"""Inputs that cannot stand at their limit by themselves."""


def answer(scenario: Scenario) -> str:
    """All that is told of a scenario, as JSON; a figure that is no number has no place there."""
    parts = (business_case(scenario), futures(scenario, 1, 100), tornado(scenario), contradictions(scenario),
             channels(scenario), channel_ranges(scenario, 1, 100), strategy(scenario))  # fmt: skip
    return json.dumps(msgspec.to_builtins(parts), allow_nan=False)


@pytest.mark.parametrize("path", PATHS)
def test_an_input_at_its_limits_is_answered_or_refused(path: str) -> None:
    low, high = (replaced(FULL, {path: exactly(end)}) for end in (unit_of(path).least, unit_of(path).most))
    if path not in REFUSED:
        assert answer(low)
        assert answer(high)
        return
    with pytest.raises(BadInput, match=REFUSED[path]):
        answer(high)


@pytest.mark.parametrize("end", ["least", "most"])
def test_all_of_them_at_once(end: str) -> None:
    every = {
        path: exactly(getattr(unit_of(path), end))
        for path in inputs(FULL)
        if not path.startswith(("teams.", *ALIKE)) and path not in REFUSED
    }
    assert answer(replaced(FULL, every))


@settings(max_examples=30)
@given(paths=st.sets(st.sampled_from(PATHS)), within=st.floats(0.01, 0.999))
def test_ranges_as_wide_as_they_can_be(paths: set[str], within: float) -> None:
    free = [path for path in paths if path not in REFUSED]
    there = inputs(FULL)
    wide = {
        path: Estimate(unit_of(path).least, there[path].value, unit_of(path).most, "assumed", within) for path in free
    }
    assert answer(replaced(FULL, wide))


@pytest.mark.parametrize("share", [1e-320, 5e-324])
def test_shares_of_next_to_nothing(share: float) -> None:
    for path in ("invitation.acceptance", "visitors.eligible_covered_share", "help.conversion_with_help"):
        assert answer(replaced(FULL, {path: exactly(share)}))
