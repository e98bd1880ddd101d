"""What the help earns and costs: a full month, the horizon, a year; and from where on it pays."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.inputs import Scenario


class Result(Struct, frozen=True, kw_only=True):
    """What comes out over a period. Money in the scenario's currency; None: cannot be told from what was entered.

    revenue: of the incremental orders, returns off; margin: gross margin of it; savings: calls and mails avoided,
    customers kept, intangibles that the firm values; cost: labour + software + services + fixed + discounts + errors;
    net_gain: margin + savings - cost; roi: net_gain / cost.
    """

    months: float
    visits: float
    eligible: float
    held_out: float
    treated: float
    shown: float
    conversations: float
    assisted_orders: float | None
    incremental_orders: float
    revenue: float
    margin: float
    savings: float
    labour: float
    software: float
    services: float
    fixed: float
    discounts: float
    errors: float
    cost: float
    net_gain: float
    roi: float | None
    paid_hours: float | None
    cost_per_contact: float | None
    """All cost for each conversation."""
    cost_per_conversation: float | None
    """Labour for each conversation."""
    cost_per_conversion: float | None
    """Labour for each assisted order."""
    cost_per_incremental_conversion: float | None
    """All cost for each incremental order."""
    sales_per_agent_hour: float | None
    """Assisted orders for each hour at the desk (paid hours less shrinkage)."""
    incremental_sales_per_agent_hour: float | None
    conversations_per_agent_hour: float | None


class Month(Struct, frozen=True, kw_only=True):
    """One month of the horizon, the first is 1; `cumulative` has the set-up in it."""

    month: int
    phase: str
    reach: float
    net_gain: float
    cumulative: float


class Case(Struct, frozen=True, kw_only=True):
    """The business case at the values retained."""

    currency: str
    horizon_months: int
    lift_per_eligible: float
    """Orders more for each eligible and covered visitor who is not held out."""
    break_even_lift: float | None
    """The lift from which on the horizon pays; 0 when it pays without any; None when no lift can."""
    pay_back_months: int | None
    """The first month at whose end all that was spent has come back for good; None: not within the horizon."""
    cost_of_delay_per_month: float
    """What a month later at full reach costs: its net gain, and the loss the firm entered."""
    month: Result
    """A month at full reach, without the set-up."""
    horizon: Result
    year: Result
    """The horizon, set-up and ramp-up in it, taken to twelve months."""
    months: tuple[Month, ...]
    intangibles: tuple[IntangibleResult, ...]


class IntangibleResult(Struct, frozen=True, kw_only=True):
    """What is expected of what is not money; `value_per_month` only where the firm has entered what a point is worth."""

    name: str
    now: float | None
    expected: float | None
    value_per_month: float | None


def business_case(scenario: Scenario) -> Case:
    """The case at the values retained. Raises BadInput naming the input when the case cannot be worked out."""
    raise NotImplementedError
