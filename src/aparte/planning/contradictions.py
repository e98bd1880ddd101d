"""Which inputs contradict one another, and what to change."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.inputs import Scenario


class Contradiction(Struct, frozen=True, kw_only=True):
    """Inputs that cannot all be right. `code` and `figures` let a screen say it in its language; `what` and `hint` are
    English."""

    code: str
    inputs: tuple[str, ...]
    figures: dict[str, float]
    what: str
    hint: str


def contradictions(scenario: Scenario) -> tuple[Contradiction, ...]:
    """Everything in the scenario that cannot be right together; empty when all agrees."""
    raise NotImplementedError
