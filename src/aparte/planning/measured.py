"""The plan held against what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from aparte.kit.errors import BadInput
from aparte.planning.checking import check
from aparte.planning.inputs import WITHIN_MEASURED, Estimate, Scenario, inputs, replaced

Measured = Mapping[str, tuple[float, float, float]]
"""Low, value and high of a 95 % interval, by the path of the input."""


class Compared(Struct, frozen=True, kw_only=True):
    """An input as planned and as measured. `agrees`: the measured interval and the planned range touch; `inside`: the
    measured value lies in the planned range."""

    input: str
    planned_low: float
    planned: float
    planned_high: float
    measured_low: float
    measured: float
    measured_high: float
    inside: bool
    agrees: bool


def with_measured(scenario: Scenario, measured: Measured) -> Scenario:
    """The scenario with these inputs (path: low, value, high) replaced and marked measured, as 95 % intervals.

    Raises BadInput for a path that is no input of the scenario and for a figure that cannot be.
    """
    by = {path: Estimate(*figures, source="measured", within=WITHIN_MEASURED) for path, figures in measured.items()}
    changed = check(replaced(scenario, by), "measured")
    there = inputs(changed)
    for path in by:
        if path not in there:
            raise BadInput("there is no such input", where=f"measured: {path}", hint=f"known: {', '.join(there)}")
    return changed


def compare(scenario: Scenario, measured: Measured) -> tuple[Compared, ...]:
    """A row for each measured input that the scenario has, in the scenario's order."""
    return tuple(row(path, one, measured[path]) for path, one in inputs(scenario).items() if path in measured)


def row(path: str, planned: Estimate, figures: tuple[float, float, float]) -> Compared:
    """One input, planned and measured."""
    low, value, high = figures
    return Compared(
        input=path,
        planned_low=planned.low,
        planned=planned.value,
        planned_high=planned.high,
        measured_low=low,
        measured=value,
        measured_high=high,
        inside=planned.low <= value <= planned.high,
        agrees=low <= planned.high and planned.low <= high,
    )
