"""What moves the result: one input at a time at its low and at its high, the others at their values."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.inputs import Scenario


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
    raise NotImplementedError
