"""Ways to be helped, held against one another: what a contact costs, what it sells."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from aparte.planning.checking import check
from aparte.planning.futures import DRAWS, Range, check_draws, drawn, range_of
from aparte.planning.inputs import Channel, Scenario
from aparte.planning.roi import known, values
from aparte.planning.workings import NOTHING, Figure, Figures, Inputs, busy_at, margin_per_order, over, team_shares

ONE = np.asarray(1.0)


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


FIELDS = tuple(name for name in ChannelResult.__struct_fields__ if name not in {"name", "kind"})
"""The figures of a channel."""


def channels(scenario: Scenario) -> tuple[ChannelResult, ...]:
    """Every channel of the scenario at the values retained, the best ROI first."""
    worked = all_figures(check(scenario), values(scenario))
    kinds = {channel.name: channel.kind for channel in scenario.channels}
    found = [
        ChannelResult(name=name, kind=kinds[name], **{field: known(figures[field]) for field in FIELDS})  # type: ignore[arg-type]
        for name, figures in worked.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.roi is None, -(one.roi or 0))))


def channel_ranges(scenario: Scenario, seed: int = 1, draws: int = DRAWS) -> dict[str, dict[str, Range]]:
    """The range of each figure of each channel, over the draws that `futures` takes."""
    check_draws(seed, draws)
    worked = all_figures(check(scenario), drawn(scenario, seed, draws))
    told = {name: {field: range_of(figures[field]) for field in FIELDS} for name, figures in worked.items()}
    return {name: {field: one for field, one in ranges.items() if one is not None} for name, ranges in told.items()}


def all_figures(scenario: Scenario, x: Inputs) -> dict[str, Figures]:
    """The channels, held against the first that is a phone."""
    found = {channel.name: figures_of(scenario, channel, x) for channel in scenario.channels}
    phone = next((channel.name for channel in scenario.channels if channel.kind == "phone"), None)
    for figures in found.values():
        base = found[phone]["cost_per_contact"] if phone else NOTHING
        figures["cost_against_phone"] = over(figures["cost_per_contact"], base)
    return found


def figures_of(scenario: Scenario, channel: Channel, x: Inputs) -> Figures:
    """One channel over a full month."""
    part = f"channels.{channel.name}"
    contacts, gain = x[f"{part}.contacts_per_month"], gain_of(channel, x, part)
    hours = x[f"{part}.seconds_per_contact"] / 3600 / gain / x[f"{part}.occupancy"]
    each = hours * hour_cost(scenario, x, part) + x[f"{part}.other_cost_per_contact"]
    sold = contacts * x[f"{part}.conversion"]
    more = sold * x[f"{part}.additionality"]
    cost, margin = contacts * each, more * margin_of(x, part)
    return {
        "contacts_per_month": contacts,
        "orders_per_month": sold,
        "incremental_orders_per_month": more,
        "throughput_gain": gain,
        "agent_hours_per_month": contacts * hours,
        "cost_per_month": cost,
        "margin_per_month": margin,
        "cost_per_contact": each,
        "cost_per_conversion": over(each, x[f"{part}.conversion"]),
        "cost_per_incremental_conversion": over(each, x[f"{part}.conversion"] * x[f"{part}.additionality"]),
        "sales_per_agent_hour": over(x[f"{part}.conversion"], hours),
        "roi": over(margin - cost, cost),
    }


def gain_of(channel: Channel, x: Inputs, part: str) -> Figure:
    """What holding several at once gains (science.md, 3); nothing for one at a time."""
    if not (channel.agent_seconds and channel.customer_seconds):
        return ONE
    agent, customer = x[f"{part}.agent_seconds"], x[f"{part}.customer_seconds"]
    return busy_at(agent, customer, x[f"{part}.concurrency"]) * (agent + customer) / agent


def hour_cost(scenario: Scenario, x: Inputs, part: str) -> Figure:
    """What an hour at the desk costs: by the channel's own wage and shrinkage, else by those of the teams."""
    wage, away = x.get(f"{part}.wage_per_hour"), x.get(f"{part}.shrinkage")
    if not scenario.teams:
        return (NOTHING if wage is None else wage) / (1 - (NOTHING if away is None else away))
    total = NOTHING
    for team, share in team_shares(scenario, x).items():
        paid = x[f"{team}.wage_per_hour"] if wage is None else wage
        there = 1 - (x[f"{team}.shrinkage"] if away is None else away)
        total = total + share * paid / there
    return total


def margin_of(x: Inputs, part: str) -> Figure:
    """The margin of an order of this channel, where it is not the scenario's."""
    own = {f"orders.{name}": x[f"{part}.{name}"] for name in ("basket", "gross_margin") if f"{part}.{name}" in x}
    return margin_per_order({**x, **own})
