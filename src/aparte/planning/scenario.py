"""A scenario as a file or a program hands it over: read, refused where it is impossible, written again. Pure."""

from __future__ import annotations

from typing import Any

from aparte.planning.inputs import Estimate, Scenario, exactly, inputs, replaced

__all__ = ["Estimate", "Scenario", "as_data", "exactly", "inputs", "read_scenario", "replaced", "scenario_of", "write_scenario"]


def read_scenario(text: str, where: str = "scenario") -> Scenario:
    """The scenario in this TOML text. Raises BadInput that names the input, what is wrong with it and what to do."""
    raise NotImplementedError


def scenario_of(data: Any, where: str = "scenario") -> Scenario:
    """The scenario in tables and numbers, as TOML or JSON give them. Raises BadInput, `where` being `where: path`."""
    raise NotImplementedError


def as_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as tables and numbers, for JSON and TOML; `scenario_of` gives the same scenario back."""
    raise NotImplementedError


def write_scenario(scenario: Scenario) -> str:
    """The scenario as TOML; `read_scenario` gives the same scenario back."""
    raise NotImplementedError
