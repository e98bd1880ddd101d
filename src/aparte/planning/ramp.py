"""The roll-out month by month: how far it reaches, what has been earned by then, and when it has paid back."""

from __future__ import annotations

import numpy as np

from aparte.planning.inputs import Scenario
from aparte.planning.workings import Figure, Figures, Inputs

FULL = np.asarray(1.0)
ROUNDING = 1e-6
"""Money that a sum of many months may be off by."""


def phase_of_months(plan: Scenario) -> tuple[str, ...]:
    """The phase of each month of the horizon; empty when the reach is full."""
    phases = [phase.name for phase in plan.phases for _ in range(phase.months)]
    return tuple((phases + [""] * plan.horizon_months)[: plan.horizon_months])


def reaches(plan: Scenario, x: Inputs) -> list[Figure]:
    """The share of the full reach in each month of the horizon."""
    return [x[f"phases.{phase}.reach"] if phase else FULL for phase in phase_of_months(plan)]


def gains(month: Figures, reach: list[Figure]) -> list[Figure]:
    """The net gain of each month, the set-up left aside."""
    constant = month["software"] + month["services"] + month["fixed"]
    variable = month["margin"] + month["savings"] - month["labour"] - month["discounts"] - month["errors"]
    return [one * variable - constant for one in reach]


def cumulative(net: list[Figure], once: Figure) -> Figure:
    """Earned by the end of each month, the first dimension; what is paid once is off from the start."""
    return np.cumsum(np.stack(np.broadcast_arrays(*net)), axis=0) - once


def pay_back(earned: Figure) -> Figure:
    """The first month from whose end on the sum is never below 0; not known when the horizon ends below."""
    months = earned.shape[0]
    below = earned < -ROUNDING
    last = months - np.argmax(below[::-1], axis=0)
    found = np.where(below.any(axis=0), last + 1.0, 1.0)
    return np.where(found > months, np.nan, found)
