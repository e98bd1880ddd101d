"""Ways to be helped, held against one another: what a contact costs, what it sells."""

from __future__ import annotations

from msgspec import Struct

from aparte.planning.inputs import Scenario


class ChannelResult(Struct, frozen=True, kw_only=True):
    """A channel in a full month. Costs are of the contact (agent and other), not of the platform."""

    name: str
    kind: str
    contacts_per_month: float
    orders_per_month: float
    incremental_orders_per_month: float
    throughput_gain: float
    """Contacts an agent finishes in a time, against one contact at a time."""
    agent_hours_per_month: float
    cost_per_month: float
    margin_per_month: float
    cost_per_contact: float
    cost_per_conversion: float | None
    cost_per_incremental_conversion: float | None
    sales_per_agent_hour: float | None
    roi: float | None
    cost_against_phone: float | None
    """Cost of a contact against that of the first phone channel; None without one."""


def channels(scenario: Scenario) -> tuple[ChannelResult, ...]:
    """Every channel of the scenario at the values retained, the best ROI first."""
    raise NotImplementedError
