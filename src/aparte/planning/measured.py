"""The plan held against what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from aparte.planning.inputs import Scenario


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


def with_measured(scenario: Scenario, measured: Mapping[str, tuple[float, float, float]]) -> Scenario:
    """The scenario with these inputs (path: low, value, high) replaced and marked measured, as 95 % intervals."""
    raise NotImplementedError


def compare(scenario: Scenario, measured: Mapping[str, tuple[float, float, float]]) -> tuple[Compared, ...]:
    """A row for each measured input that the scenario has, in the scenario's order."""
    raise NotImplementedError
