"""From the pilot to critical mass: few agents first, a question for each phase, and the volume that carries itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aparte.kit.errors import BadInput
from aparte.planning.phases import Economy, Phase, Phases, phases
from aparte.planning.pilot import pilot

SHOP = pilot(0.03, 0.2, 0.1, 0.5)
RICH = Economy(margin_per_order=600, agent_day_cost=130, fixed_cost_per_day=300)


def planned(agents: int = 3, each: float = 40, traffic: float = 20_000, economy: Economy = RICH) -> Phases:
    return phases(SHOP, agents, each, traffic, economy=economy)


def by_name(found: Phases) -> dict[str, Phase]:
    return {one.name: one for one in found.phases}


@pytest.mark.covers("S1-104")
def test_a_pilot_has_few_agents_and_as_many_visitors_as_they_can_take() -> None:
    found = by_name(planned())
    first = found["pilot"]
    assert (first.agents, first.holdout, first.per_day, first.share) == (
        3,
        0.5,
        pytest.approx(2_400),
        pytest.approx(0.12),
    )
    assert first.conversations_per_day == pytest.approx(3 * 40)
    assert found["roll_out"].share == 1
    assert found["roll_out"].agents == 45, "20,000 visitors, 9 of 10 invited, 1 of 10 takes up, 40 a day each"
    assert found["extension"].agents == 12, "as many times the pilot as the roll-out is of it"
    assert [one.holdout for one in found.values()] == [0.5, 0.5, 0.1, 0.1]
    assert all(one.days % 7 == 0 and one.days >= 14 for one in found.values())


def test_a_phase_decides_only_what_its_visitors_can_show() -> None:
    first = by_name(planned())["pilot"]
    assert (first.enough, first.decision) == (False, "service")
    assert first.visible.difference is not None
    assert first.visible.difference > SHOP.difference
    assert {one.measure for one in first.go_on} == {"acceptance", "csat", "reply_s"}
    strong = by_name(phases(pilot(0.05, 4.0, 0.3, 0.5), 3, 40, 20_000, economy=RICH))["pilot"]
    assert (strong.enough, strong.decision) == (True, "effect")
    assert ("effect", "low", "above", 0.0) in {(one.measure, one.of, one.sense, one.bound) for one in strong.go_on}


def test_harm_stops_any_phase_on_any_day_and_no_effect_stops_at_its_end() -> None:
    found = by_name(phases(pilot(0.05, 1.0, 0.3, 0.5), 3, 40, 2_000, economy=RICH))
    for one in found.values():
        assert one.stop[0].daily
        assert (one.stop[0].of, one.stop[0].sense, one.stop[0].bound) == ("high", "below", 0.0)
    assert found["extension"].enough
    assert [one.daily for one in found["extension"].stop] == [True, False]


@pytest.mark.covers("S1-109")
def test_critical_mass_is_the_fewest_fully_used_agents_who_cover_the_fixed_cost() -> None:
    """A conversation brings 600 x 0.03 x 0.2 = 3.60 and costs 130 / 40 = 3.25; 40 of them leave 14 a day: 300 / 14."""
    found = planned()
    assert (found.brings, found.costs) == (pytest.approx(3.6), pytest.approx(3.25))
    assert found.break_even_lift == pytest.approx(3.25 / 18)
    critical = found.critical
    assert (critical.agents, critical.conversations_per_day) == (22, 880)
    assert critical.per_day == pytest.approx(880 / 0.09)
    assert critical.share == pytest.approx(880 / 0.09 / 20_000)
    assert critical.reached
    assert by_name(found)["critical_mass"].agents == 22
    assert 22 * (40 * 3.6 - 130) >= 300 > 21 * (40 * 3.6 - 130)


def test_a_volume_that_is_not_there_is_said_and_is_no_phase() -> None:
    found = planned(traffic=5_000)
    assert (found.critical.agents, found.critical.reached) == (22, False)
    assert found.critical.share == pytest.approx(880 / 0.09 / 5_000)
    assert "critical_mass" not in by_name(found)


def test_no_volume_carries_what_costs_more_than_it_brings() -> None:
    found = planned(economy=Economy(margin_per_order=100, agent_day_cost=130))
    assert (found.critical.why, found.critical.agents) == ("each_costs_more", None)
    unknown = planned(economy=Economy())
    assert (unknown.critical.why, unknown.brings, unknown.break_even_lift) == ("no_margin", None, None)


def test_paying_by_result_is_for_more_than_fifteen_agents() -> None:
    found = planned()
    assert {one.agents: one.pay_by_result for one in found.phases} == {3: False, 12: False, 45: True, 22: True}
    fifteen = by_name(phases(SHOP, 15, 40, 1e6))
    assert not fifteen["pilot"].pay_by_result


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"agents": 0}, "agents"), ({"agents": 1.5}, "agents"), ({"agents": -2}, "agents"),
        ({"each": 0}, "conversations_per_agent_day"), ({"traffic": 0}, "per_day"),
        ({"traffic": float("nan")}, "per_day"),
        ({"economy": Economy(margin_per_order=0)}, "margin_per_order"),
        ({"economy": Economy(margin_per_order=10, agent_day_cost=-1)}, "agent_day_cost"),
        ({"economy": Economy(margin_per_order=10, fixed_cost_per_day=-1)}, "fixed_cost_per_day"),
        ({"economy": Economy(margin_per_order=600, agent_day_cost=143.999999, fixed_cost_per_day=9e6)},
         "fixed_cost_per_day"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(BadInput) as refused:
        planned(**changed)
    assert refused.value.where == where
    assert refused.value.hint


@settings(deadline=None, max_examples=60)
@given(
    agents=st.integers(1, 200), each=st.floats(1, 200), traffic=st.floats(10, 1e6), margin=st.floats(1, 1_000),
    cost=st.floats(0, 400), fixed=st.floats(0, 5_000),
)  # fmt: skip
def test_any_plan_holds_together(
    agents: int, each: float, traffic: float, margin: float, cost: float, fixed: float
) -> None:
    try:
        found = planned(
            agents, each, traffic, Economy(margin_per_order=margin, agent_day_cost=cost, fixed_cost_per_day=fixed)
        )
    except BadInput:
        assume(False)
    first, second, third, *_ = found.phases
    assert first.agents <= second.agents <= third.agents
    assert first.per_day <= second.per_day <= third.per_day
    for one in found.phases:
        assert one.share <= 1
        assert one.conversations_per_day <= one.agents * each * (1 + 1e-9)
    assert found.critical.why in ("", "each_costs_more")
    if found.critical.agents is not None and found.brings is not None:
        assert found.critical.agents * (each * found.brings - cost) >= fixed * (1 - 1e-9)


def test_binary_fractions_add_no_agent() -> None:
    """1,000 visitors x 0.9 x 0.07 are 63 conversations, which one agent takes; in floats they are 63.00000000000001."""
    found = phases(pilot(0.03, 0.2, 0.07, 0.5), 1, 63, 1_000)
    assert [one.agents for one in found.phases] == [1, 1, 1]
