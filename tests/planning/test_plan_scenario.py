"""A scenario is read as it was written, and what cannot be is refused by name with what to change."""

from __future__ import annotations

from contextlib import suppress
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_world import data, example, ranged, round_figures

from aparte.kit.errors import BadInput
from aparte.planning.measured import compare, with_measured
from aparte.planning.scenario import Estimate, Scenario, as_data, inputs, read_scenario, scenario_of, write_scenario
from aparte.planning.units import UNITS, unit_of

TIMES = {"cost_per_conversation": None, "agent_seconds": 30, "customer_seconds": 60, "turns": 8}
TEAM = {"name": "house", "wage_per_hour": 20}

REFUSED = (
    ({"visitors": {"visits_per_month": -1}}, "visitors.visits_per_month", "-1 is impossible", "count from 0"),
    ({"visitors": {"visits_per_month": 1e13}}, "visitors.visits_per_month", "1e+13", "1,000,000,000,000"),
    ({"visitors": {"visits_per_month": nan}}, "visitors.visits_per_month", "no finite number", "count"),
    ({"visitors": {"visits_per_month": inf}}, "visitors.visits_per_month", "no finite number", "count"),
    ({"visitors": {"visits_per_month": 10**400}}, "visitors.visits_per_month", "too large", "count"),
    ({"visitors": {"visits_per_month": "many"}}, "visitors.visits_per_month", "no number", "count"),
    ({"visitors": {"visits_per_month": True}}, "visitors.visits_per_month", "no number", "count"),
    ({"visitors": {"visits_per_month": None}}, "visitors.visits_per_month", "missing", "count"),
    ({"visitors": {"visits": 5}}, "visitors", "there is no input 'visits'", "visits_per_month"),
    ({"visitors": {"eligible_covered_share": 11.5}}, "visitors.eligible_covered_share", "11.5", "0.115"),
    ({"visitors": {"hold_out_share": 1}}, "visitors.hold_out_share", "1 is impossible", "0.95"),
    ({"visitors": 5}, "visitors", "expected a table", "visits_per_month"),
    ({"invitation": {"acceptance": ranged(0.2, 0.1, 0.3)}}, "invitation.acceptance", "not in order", "between"),
    ({"invitation": {"acceptance": ranged(0.0, 0.1, nan)}}, "invitation.acceptance", "no finite", "share"),
    ({"invitation": {"acceptance": {"low": 0.1}}}, "invitation.acceptance", "value is missing", "low = 1"),
    ({"invitation": {"acceptance": {"value": 0.1, "mean": 0.1}}}, "invitation.acceptance", "'mean'", "within"),
    ({"invitation": {"acceptance": {"value": 0.1, "source": "felt"}}}, "invitation.acceptance", "felt", "measured"),
    ({"invitation": {"acceptance": {"value": 0.1, "within": 1}}}, "invitation.acceptance", "within 1", "0.999"),
    ({"help": {"conversion_with_help": None}}, "help", "effect is missing", "lift_per_eligible"),
    ({"help": {"additionality": 0}}, "help.additionality", "0 is impossible", "0.001"),
    ({"help": {"lift_per_eligible": 9.1}}, "help.lift_per_eligible", "9.1", "0.0091"),
    ({"orders": {"gross_margin": 1.2}}, "orders.gross_margin", "1.2", "share"),
    ({"orders": {"basket": -84}}, "orders.basket", "-84", "amount"),
    ({"help": {"conversion_with_help": None, "additionality": None, "lift_per_eligible": 0.01},
      "orders": {"discount": 0.1}}, "orders.discount", "bought anyway", "conversion_with_help"),
    ({"conversation": {"cost_per_conversation": None}}, "conversation", "costs is missing", "wage"),
    ({"conversation": {"agent_seconds": 30}}, "conversation", "not complete", "turns"),
    ({"conversation": TIMES | {"agent_seconds": -30}}, "conversation.agent_seconds", "-30", "0.1"),
    ({"conversation": TIMES | {"concurrency": 0}, "teams": [TEAM]}, "conversation.concurrency", "0", "at once"),
    ({"conversation": TIMES}, "conversation", "costs is missing", "team"),
    ({"teams": [TEAM | {"share": 0.5}]}, "teams", "make 0.5", "1 together"),
    ({"teams": [TEAM | {"shrinkage": 1}]}, "teams.house.shrinkage", "1 is impossible", "0.95"),
    ({"teams": [TEAM | {"share": 0.5}, TEAM | {"share": 0.5}]}, "teams", "twice", "of its own"),
    ({"teams": [TEAM | {"name": "a.b"}]}, "teams", "no name", "full stop"),
    ({"teams": [{"name": "house"}]}, "teams.house.wage_per_hour", "missing", "amount"),
    ({"teams": {"house": 1}}, "teams", "list of tables", "[[teams]]"),
    ({"teams": [{"name": f"team {n}", "share": 0, "wage_per_hour": 1} for n in range(60)]}, "teams", "60", "50"),
    ({"phases": [{"name": "pilot", "months": 0, "reach": 0.1}]}, "phases.pilot.months", "0 months", "120"),
    ({"phases": [{"name": "pilot", "months": "two", "reach": 0.1}]}, "phases.pilot.months", "two", "whole number"),
    ({"channels": [{"name": "tv", "kind": "tv", "contacts_per_month": 1, "conversion": 0}]}, "channels.tv.kind",
     "tv", "chat"),
    ({"channels": [{"name": "c", "kind": "chat", "contacts_per_month": 1, "conversion": 0, "concurrency": 3}]},
     "channels.c", "several", "customer_seconds"),
    ({"channels": [{"name": "c", "kind": "chat", "contacts_per_month": 1, "conversion": 0,
                    "seconds_per_contact": 60}]}, "channels.c.wage_per_hour", "no cost", "wage"),
    ({"currency": "euros"}, "currency", "euros", "EUR"),
    ({"currency": 5}, "currency", "5", "text"),
    ({"horizon_months": 0}, "horizon_months", "0 months", "120"),
    ({"horizon_months": 12.5}, "horizon_months", "12.5", "whole number"),
    ({"name": None}, "name", "missing", "give it"),
)  # fmt: skip


@pytest.mark.parametrize(("tables", "where", "what", "hint"), REFUSED)
def test_what_cannot_be_is_refused_by_its_name(tables: dict[str, Any], where: str, what: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        scenario_of(data(**tables), "plan.toml")
    assert refused.value.where == f"plan.toml: {where}"
    assert what in refused.value.what
    assert hint in refused.value.hint
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["name = ", "[", f"x = {'9' * 5000}", "a" + ".a" * 1000 + " = 1"])
def test_what_is_no_toml_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadInput, match=r"plan\.toml"):
        read_scenario(text, "plan.toml")


@pytest.mark.parametrize("whole", [None, 5, [], "text", {}])
def test_what_is_no_scenario_is_refused(whole: Any) -> None:
    with pytest.raises(BadInput):
        scenario_of(whole)


@pytest.mark.parametrize("name", ["business-case", "business-case-full"])
def test_a_scenario_is_read_as_it_was_written(name: str) -> None:
    scenario = example(name)
    assert read_scenario(write_scenario(scenario)) == scenario
    assert scenario_of(as_data(scenario)) == scenario


def test_the_full_example_has_every_table_and_nothing_contradicts_the_units() -> None:
    found = inputs(example("business-case-full"))
    assert {path.split(".")[0] for path in found} == {
        "visitors", "invitation", "help", "orders", "conversation", "teams", "costs", "service", "customers", "stated",
        "phases", "channels", "intangibles",
    }  # fmt: skip
    assert all(unit_of(path) in UNITS.values() for path in found)


def test_a_bare_number_has_no_range_and_a_measured_one_is_read_as_a_95_interval() -> None:
    scenario = round_figures(
        invitation={
            "acceptance": ranged(0.08, 0.1, 0.13) | {"source": "measured"},
            "shown_share": ranged(0.5, 0.6, 0.7),
        }
    )
    assert scenario.visitors.visits_per_month == Estimate(100_000, 100_000, 100_000, "entered", 0.8)
    assert scenario.invitation.acceptance == Estimate(0.08, 0.1, 0.13, "measured", 0.95)
    assert scenario.invitation.shown_share.within == 0.8


@settings(max_examples=40)
@given(
    value=st.floats(0, 1),
    below=st.floats(0, 1),
    above=st.floats(0, 1),
    within=st.floats(0.01, 0.999),
    source=st.sampled_from(["measured", "entered", "assumed", "calculated"]),
)
def test_any_range_survives_the_file(value: float, below: float, above: float, within: float, source: str) -> None:
    given_range = ranged(value * below, value, value + (1 - value) * above)
    scenario = round_figures(invitation={"acceptance": given_range | {"source": source, "within": within}})
    assert read_scenario(write_scenario(scenario)) == scenario


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "visitors", "teams", "help", "value", "low", "acceptance"]), inner),
    max_leaves=12,
))  # fmt: skip
def test_anything_at_all_is_read_or_refused(anything: Any) -> None:
    tables = data(**anything) if isinstance(anything, dict) else anything
    with suppress(BadInput):
        assert isinstance(scenario_of(tables), Scenario)


def test_what_was_measured_takes_the_place_of_what_was_entered() -> None:
    scenario = round_figures(invitation={"acceptance": ranged(0.08, 0.1, 0.12)})
    figures = {"invitation.acceptance": (0.11, 0.13, 0.15), "orders.basket": (80.0, 84.4, 90.0)}
    changed = with_measured(scenario, figures)
    assert changed.invitation.acceptance == Estimate(0.11, 0.13, 0.15, "measured", 0.95)
    assert changed.orders.gross_margin == scenario.orders.gross_margin
    rows = {row.input: (row.inside, row.agrees) for row in compare(scenario, figures)}
    assert rows == {"invitation.acceptance": (False, True), "orders.basket": (False, False)}


def test_a_measured_figure_that_no_input_takes_is_refused() -> None:
    with pytest.raises(BadInput, match=r"measured: help\.lift: there is no such input"):
        with_measured(round_figures(), {"help.lift": (0, 0, 0)})
    with pytest.raises(BadInput, match="acceptance"):
        with_measured(round_figures(), {"invitation.acceptance": (0.1, 0.2, 1.3)})
