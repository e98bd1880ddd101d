"""What moves the result: one input at a time at its low and at its high, the others at their values."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from aparte.planning.checking import check
from aparte.planning.inputs import Scenario, inputs
from aparte.planning.roi import worked
from aparte.planning.workings import Inputs

BESIDE = ("stated.", "channels.")
"""Inputs that the result is not worked out from."""


class Bar(Struct, frozen=True, kw_only=True):
    """An input, and the net gain a year at its low, at its value and at its high."""

    input: str
    low: float
    value: float
    high: float
    gain_at_low: float
    gain_at_value: float
    gain_at_high: float

    @property
    def swing(self) -> float:
        """How far the two ends lie apart."""
        return abs(self.gain_at_high - self.gain_at_low)


def tornado(scenario: Scenario) -> tuple[Bar, ...]:
    """A bar for every input that has a range, the widest swing first."""
    every = inputs(check(scenario))
    ranged = [path for path, one in every.items() if not one.known and not path.startswith(BESIDE)]
    gain = np.broadcast_to(worked(scenario, one_at_a_time(scenario, ranged)).year["net_gain"], 2 * len(ranged) + 1)
    bars = [
        Bar(
            input=path,
            low=every[path].low,
            value=every[path].value,
            high=every[path].high,
            gain_at_low=float(gain[2 * at + 1]),
            gain_at_value=float(gain[0]),
            gain_at_high=float(gain[2 * at + 2]),
        )
        for at, path in enumerate(ranged)
    ]
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def one_at_a_time(scenario: Scenario, ranged: list[str]) -> Inputs:
    """All the cases at once: first every input at its value, then each ranged one at its low and at its high."""
    found = {}
    for path, estimate in inputs(scenario).items():
        found[path] = np.full(2 * len(ranged) + 1, estimate.value)
        if path in ranged:
            at = 2 * ranged.index(path) + 1
            found[path][at : at + 2] = estimate.low, estimate.high
    return found
