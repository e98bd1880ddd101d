"""Which help the margin can pay for: many orders of little margin, or few of much."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from aparte.planning.inputs import Scenario


class Advice(Struct, frozen=True, kw_only=True):
    """One piece of advice: its code, its numbers, and the sentence in English."""

    code: str
    figures: dict[str, float]
    what: str


class Strategy(Struct, frozen=True, kw_only=True):
    """What a conversation may cost, what it does cost, and what follows."""

    model: Literal["high volume, low margin", "low volume, high margin"]
    margin_per_order: float
    incremental_orders_per_conversation: float
    value_per_conversation: float
    """What a conversation brings: incremental margin and savings, less discounts and errors: the most it may cost."""
    cost_per_conversation: float
    contribution_per_conversation: float
    paying_margin_per_order: float | None
    """The bid: the margin of an order from which on a conversation pays for itself; None when none does."""
    advice: tuple[Advice, ...]


def strategy(scenario: Scenario) -> Strategy:
    """The strategy that the scenario's own numbers allow."""
    raise NotImplementedError
