"""What the help earns and costs: a full month, the horizon, a year; and from where on it pays."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from aparte.planning.checking import check
from aparte.planning.inputs import Estimate, Intangible, Scenario, inputs
from aparte.planning.ramp import cumulative, gains, pay_back, phase_of_months, reaches
from aparte.planning.workings import Figure, Figures, Inputs, break_even_lift, full_month, period, scaled


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


OUTPUTS = tuple(name for name in Result.__struct_fields__ if name != "months")
"""The fields of a result that the formula works out."""


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
    """What is expected of what is not money; `value_per_month` only where the firm entered what a point is worth."""

    name: str
    now: float | None
    expected: float | None
    value_per_month: float | None


class Worked(Struct, frozen=True, kw_only=True):
    """The formula worked through, over a scenario's values or over draws."""

    lift: Figure
    break_even: Figure
    pay_back: Figure
    month: Figures
    horizon: Figures
    year: Figures
    reach: list[Figure]
    net: list[Figure]
    earned: Figure


def worked(scenario: Scenario, x: Inputs) -> Worked:
    """The case at these figures of the inputs."""
    month, reach = full_month(scenario, x), reaches(scenario, x)
    all_reach, once = np.sum(np.stack(np.broadcast_arrays(*reach)), axis=0), x["costs.services_once"]
    horizon = period(month, all_reach, scenario.horizon_months, once)
    net = gains(month, reach)
    earned = cumulative(net, once)
    return Worked(
        lift=month["lift_per_eligible"],
        break_even=break_even_lift(month, horizon, all_reach),
        pay_back=pay_back(earned),
        month=period(month, np.asarray(1.0), 1),
        horizon=horizon,
        year=scaled(horizon, 12 / scenario.horizon_months),
        reach=reach,
        net=net,
        earned=earned,
    )


def values(scenario: Scenario) -> Inputs:
    """The figures of the inputs at the values retained."""
    return {path: np.asarray(estimate.value) for path, estimate in inputs(scenario).items()}


def business_case(scenario: Scenario) -> Case:
    """The case at the values retained. Raises BadInput naming the input when the case cannot be worked out."""
    found = worked(check(scenario), values(scenario))
    back, lift = known(found.pay_back), known(found.lift)
    if lift is None:
        raise AssertionError("a checked scenario has an effect")
    month = result(found.month, 1)
    return Case(
        currency=scenario.currency,
        horizon_months=scenario.horizon_months,
        lift_per_eligible=lift,
        break_even_lift=known(found.break_even),
        pay_back_months=None if back is None else int(back),
        cost_of_delay_per_month=month.net_gain + scenario.customers.loss_per_month_of_delay.value,
        month=month,
        horizon=result(found.horizon, scenario.horizon_months),
        year=result(found.year, 12),
        months=months_of(scenario, found),
        intangibles=tuple(intangible(one) for one in scenario.intangibles),
    )


def known(figure: Figure) -> float | None:
    """A figure, or that it is not known."""
    return float(figure) + 0.0 if np.isfinite(figure) else None


def result(totals: Figures, months: float) -> Result:
    """The totals of a period as plain numbers."""
    return Result(months=months, **{name: known(totals[name]) for name in OUTPUTS})  # type: ignore[arg-type]


def months_of(scenario: Scenario, found: Worked) -> tuple[Month, ...]:
    """Month by month."""
    rows = zip(phase_of_months(scenario), found.reach, found.net, found.earned, strict=True)
    return tuple(
        Month(month=at, phase=phase, reach=float(reach), net_gain=float(net) + 0.0, cumulative=float(earned) + 0.0)
        for at, (phase, reach, net, earned) in enumerate(rows, start=1)
    )


def intangible(one: Intangible) -> IntangibleResult:
    """Named, with its money only where the firm has said what a point is worth."""
    worth = None
    if one.now and one.expected and one.value_per_point_and_month:
        worth = (one.expected.value - one.now.value) * one.value_per_point_and_month.value
    return IntangibleResult(
        name=one.name, now=value_of(one.now), expected=value_of(one.expected), value_per_month=worth
    )


def value_of(given: Estimate | None) -> float | None:
    """The value retained of an input that may not be given."""
    return None if given is None else given.value
