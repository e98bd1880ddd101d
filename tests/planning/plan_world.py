"""Scenarios that tests plan with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aparte.planning.scenario import Scenario, read_scenario, scenario_of

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def example(name: str = "business-case") -> Scenario:
    """A scenario of the examples."""
    return read_scenario((EXAMPLES / f"{name}.toml").read_text("utf-8"), name)


def data(**tables: Any) -> dict[str, Any]:
    """A shop with round figures; a table given is put over its own.

    100,000 visits, of which 10 % are eligible and covered and 10 % of those held out: 9,000 treated. All are shown the
    invitation, 10 % accept: 900 conversations at 2 each. 20 % of these buy, half would have anyway: 180 assisted and 90
    incremental orders. An order is 100, of which 40 margin: 3,600 of margin, 1,800 of agents.
    """
    found: dict[str, Any] = {
        "name": "round figures",
        "visitors": {"visits_per_month": 100_000, "eligible_covered_share": 0.1, "hold_out_share": 0.1},
        "invitation": {"acceptance": 0.1},
        "help": {"conversion_with_help": 0.2, "additionality": 0.5},
        "orders": {"basket": 100, "gross_margin": 0.4},
        "conversation": {"cost_per_conversation": 2},
    }
    for name, table in tables.items():
        here = found.get(name, {})
        found[name] = here | table if isinstance(table, dict) and isinstance(here, dict) else table
    return found


def round_figures(**tables: Any) -> Scenario:
    """The shop of `data`, read."""
    return scenario_of(data(**tables))


def ranged(low: float, value: float, high: float) -> dict[str, float]:
    """An input with a range."""
    return {"low": low, "value": value, "high": high}
