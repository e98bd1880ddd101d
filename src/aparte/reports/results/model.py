"""The words of the results page. Amounts are in the site's currency, not in minor units, where they are floats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal, TypeAlias

from msgspec import Struct, field

from aparte.reports.model import Care, Comparison, Funnel, Report
from aparte.reports.scope import Scope
from aparte.targeting.model import Text

By: TypeAlias = Literal["rule", "variant", "segment", "channel", "skill", "agent", "device", "source", "day"]
"""What the table has a row for."""
BY: tuple[By, ...] = ("rule", "variant", "segment", "channel", "skill", "agent", "device", "source", "day")


class CurvePoint(Struct, frozen=True):
    """What was earned by all candidates up to a day, inside a band that may be looked at every day."""

    day: date
    estimate: float
    low: float
    high: float
    buyers: tuple[int, int] = (0, 0)
    """Of the hold-out and of the treated, so far."""


class Part(Struct, frozen=True, kw_only=True):
    """A row of the table: a part of a campaign, or of the site (`""`), against its hold-out."""

    campaign: str
    value: str
    comparison: Comparison
    funnel: Funnel | None = None
    care: Care = Care()


class AgentSales(Struct, frozen=True, kw_only=True):
    """Orders after an agent's conversations. Chance does not deal visitors to agents: nothing here is an effect."""

    agent: str
    name: str
    conversations: int
    orders: int
    revenue: float


class AttributedOrder(Struct, frozen=True, kw_only=True):
    """An order after a conversation."""

    order_id: str
    happened_at: int
    amount: float
    conversation: str
    agent: str
    confirmed: bool


class Touch(Struct, frozen=True, kw_only=True):
    """One model of attribution; it describes."""

    touch: Literal["last", "first"]
    window: str
    orders: int
    revenue: float


class Results(Struct, frozen=True, kw_only=True):
    """Everything that the page shows."""

    report: Report
    scope: Scope | None = None
    """None: figures without an address, such as those of a test."""
    by: By = "rule"
    parts: tuple[Part, ...] = ()
    """Of a table by anything but rules and agents."""
    agents: tuple[AgentSales, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    """From the first day with 20 buyers in each arm: before it no band is one that may be looked at daily."""
    uncurved: tuple[date, tuple[int, int]] | None = None
    """The last day and its buyers in each arm, where no day has enough."""
    attributed_orders: tuple[AttributedOrder, ...] = ()
    touches: tuple[Touch, ...] = ()
    ignored: tuple[str, ...] = ()
    """Filters that comparisons cannot be asked for."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter -> the values that the period has."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Agents by id."""
    labels: Mapping[str, Text] = field(default_factory=dict)
    """What people call campaigns, by name; empty for one that has no label."""
