"""The one formula of the business case, over floats or over arrays of draws.

An `Inputs` maps the path of an input to its figure. What comes out is first a month at full reach, then any period.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from aparte.planning.identities import busy_share
from aparte.planning.inputs import Scenario

Figure: TypeAlias = NDArray[np.float64]
"""A figure for each draw; without draws an array without dimensions."""
Inputs: TypeAlias = Mapping[str, Figure]
Figures: TypeAlias = dict[str, Figure]

WITH_REACH = (
    "visits", "eligible", "held_out", "treated", "shown", "conversations", "assisted_orders", "incremental_orders",
    "revenue", "margin", "savings", "labour", "discounts", "errors", "paid_hours", "desk_hours",
)  # fmt: skip
"""What a month brings or costs in proportion to the reach; software, services and the fixed cost are there from the
first day."""
COSTS = ("labour", "software", "services", "fixed", "discounts", "errors")
NOTHING: Figure = np.asarray(0.0)
UNKNOWN: Figure = np.asarray(np.nan)


def over(part: Figure, whole: Figure) -> Figure:
    """A ratio, not known where there is nothing to divide by, or so little that the ratio is no number any more."""
    part, whole = np.broadcast_arrays(part, whole)
    with np.errstate(over="ignore"):
        ratio: Figure = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return np.where(np.isfinite(ratio), ratio, np.nan)


def full_month(plan: Scenario, x: Inputs) -> Figures:
    """A month at full reach, without the set-up."""
    found = reached(x)
    accepted = x["invitation.shown_share"] * x["invitation.acceptance"]
    extra = extra_conversion(x)
    lift = x["help.lift_per_eligible"] if "help.lift_per_eligible" in x else accepted * extra
    incremental = found["treated"] * lift
    found |= {"lift_per_eligible": lift, "incremental_orders": incremental}
    found["assisted_orders"] = assisted(x, found["conversations"], incremental)
    worth = margin_per_order(x)
    kept = x["orders.basket"] * (1 - x["orders.return_rate"])
    found |= {"margin_per_order": worth, "revenue": incremental * kept, "margin": incremental * worth}
    found["discounts"] = discounts(x, found["assisted_orders"], kept)
    return found | labour(plan, x, found["conversations"]) | service(plan, x, found["conversations"]) | monthly(x)


def reached(x: Inputs) -> Figures:
    """From the visits to the conversations."""
    visits = x["visitors.visits_per_month"]
    eligible = visits * x["visitors.eligible_covered_share"]
    held_out = eligible * x["visitors.hold_out_share"]
    treated = eligible - held_out
    shown = treated * x["invitation.shown_share"]
    conversations = shown * x["invitation.acceptance"]
    return {"visits": visits, "eligible": eligible, "held_out": held_out, "treated": treated, "shown": shown,
            "conversations": conversations}  # fmt: skip


def extra_conversion(x: Inputs) -> Figure:
    """Orders more for each conversation, as far as it is told by conversions."""
    helped = x.get("help.conversion_with_help", UNKNOWN)
    if "help.conversion_without_help" in x:
        return helped - x["help.conversion_without_help"]
    return helped * x.get("help.additionality", UNKNOWN)


def assisted(x: Inputs, conversations: Figure, incremental: Figure) -> Figure:
    """Orders with help before them, whether caused by it or not."""
    if "help.conversion_with_help" in x:
        return conversations * x["help.conversion_with_help"]
    return incremental / x["help.additionality"] if "help.additionality" in x else UNKNOWN


def margin_per_order(x: Inputs) -> Figure:
    """The gross margin of an order, returns and what they cost off."""
    back = x["orders.return_rate"]
    return x["orders.basket"] * (1 - back) * x["orders.gross_margin"] - back * x["orders.cost_per_return"]


def discounts(x: Inputs, assisted_orders: Figure, kept: Figure) -> Figure:
    """Given to every helped buyer who uses it, also to those who would have bought anyway."""
    share = x["orders.discount"] * x["orders.discount_use"]
    return np.where(share == 0, 0.0, share * kept * assisted_orders)


def desk_hours_per_conversation(x: Inputs, part: str = "conversation") -> Figure:
    """Hours of an agent at the desk that one conversation takes when he holds several (science.md, 3)."""
    agent, customer = x[f"{part}.agent_seconds"], x[f"{part}.customer_seconds"]
    busy = busy_at(agent, customer, x[f"{part}.concurrency"]) * x[f"{part}.occupancy"]
    return agent * x[f"{part}.turns"] / busy / 3600


def busy_at(agent: Figure, customer: Figure, concurrency: Figure) -> Figure:
    """`busy_share` also between whole numbers: 2.5 is half of the agents with two at once and half with three."""
    first, last = int(np.floor(np.min(concurrency))), int(np.ceil(np.max(concurrency)))
    if first == last:
        return busy_share(agent, customer, first)
    levels = range(first, last + 1)
    near = [np.clip(1 - np.abs(concurrency - level), 0, 1) for level in levels]
    shares = [weight * busy_share(agent, customer, level) for weight, level in zip(near, levels, strict=True)]
    return sum(shares, NOTHING)


def labour(plan: Scenario, x: Inputs, conversations: Figure) -> Figures:
    """What the agents cost, and their hours: paid, and at the desk."""
    stated = x.get("conversation.cost_per_conversation")
    desk = desk_hours_per_conversation(x) if "conversation.agent_seconds" in x else None
    if not plan.teams:
        hours = UNKNOWN if desk is None else conversations * desk
        cost = NOTHING if stated is None else conversations * stated
        return {"labour": cost, "paid_hours": UNKNOWN, "desk_hours": hours}
    found = {"labour": NOTHING, "paid_hours": NOTHING, "desk_hours": NOTHING}
    for team, share in team_shares(plan, x).items():
        for name, figure in of_team(x, team, conversations * share, stated, desk).items():
            found[name] = found[name] + figure
    return found


def team_shares(plan: Scenario, x: Inputs) -> Figures:
    """Each team's part of the conversations, by the path of the team; together 1, whatever was drawn for each."""
    drawn = {f"teams.{team.name}": x[f"teams.{team.name}.share"] for team in plan.teams}
    total = sum(drawn.values(), NOTHING)
    alike = np.asarray(1 / max(1, len(drawn)))
    return {team: np.where(total > 0, over(share, total), alike) for team, share in drawn.items()}


def of_team(x: Inputs, team: str, conversations: Figure, stated: Figure | None, desk: Figure | None) -> Figures:
    """One team: its paid hours, or the cost stated for a conversation, or the hours that the conversations take."""
    wage, there = x[f"{team}.wage_per_hour"], 1 - x[f"{team}.shrinkage"]
    if f"{team}.paid_hours_per_month" in x:
        paid = x[f"{team}.paid_hours_per_month"]
        return {"labour": paid * wage, "paid_hours": paid, "desk_hours": paid * there}
    if stated is not None:
        cost = conversations * stated
        paid = over(cost, wage) if desk is None else conversations * desk / there
        return {"labour": cost, "paid_hours": paid, "desk_hours": paid * there}
    hours = conversations * (UNKNOWN if desk is None else desk)
    return {"labour": hours / there * wage, "paid_hours": hours / there, "desk_hours": hours}


def service(plan: Scenario, x: Inputs, conversations: Figure) -> Figures:
    """Calls and mails that do not come, customers who stay, intangibles that the firm values; and what errors cost."""
    calls = x["service.calls_avoided_per_conversation"] * x["service.cost_per_call"]
    mails = x["service.mails_avoided_per_conversation"] * x["service.cost_per_mail"]
    worth = x["customers.lifetime_value"]
    kept = x["customers.kept_share"] * worth
    errors = x["customers.badly_helped_share"] * x["customers.leave_share"] * worth
    valued = sum((intangible_value(x, f"intangibles.{one.name}") for one in plan.intangibles), NOTHING)
    return {"savings": conversations * (calls + mails + kept) + valued, "errors": conversations * errors}


def intangible_value(x: Inputs, path: str) -> Figure:
    """Nothing, unless the firm has entered what a point is worth."""
    needed = [f"{path}.{name}" for name in ("now", "expected", "value_per_point_and_month")]
    if not all(name in x for name in needed):
        return NOTHING
    now, expected, worth = (x[name] for name in needed)
    return (expected - now) * worth


def monthly(x: Inputs) -> Figures:
    """What is paid every month whatever comes."""
    return {
        "software": x["costs.software_per_month"],
        "services": x["costs.services_per_month"],
        "fixed": x["costs.fixed_per_month"],
    }


def period(month: Figures, reach: Figure, months: float, once: Figure = NOTHING) -> Figures:
    """The totals of `months` months whose reaches add up to `reach`, with what is paid `once`."""
    found = {name: month[name] * reach for name in WITH_REACH}
    found |= {name: month[name] * months for name in ("software", "services", "fixed")}
    found["services"] = found["services"] + once
    return summed(found)


def scaled(totals: Figures, factor: float) -> Figures:
    """The totals taken to another length; the ratios stay."""
    return summed({name: totals[name] * factor for name in (*WITH_REACH, "software", "services", "fixed")})


def summed(found: Figures) -> Figures:
    """Totals with their cost, gain and ratios."""
    cost = sum((found[name] for name in COSTS), NOTHING)
    gain = found["margin"] + found["savings"] - cost
    talks, sold, hours = found["conversations"], found["assisted_orders"], found["desk_hours"]
    more = found["incremental_orders"]
    return found | {
        "cost": cost,
        "net_gain": gain,
        "roi": over(gain, cost),
        "cost_per_contact": over(cost, talks),
        "cost_per_conversation": over(found["labour"], talks),
        "cost_per_conversion": over(found["labour"], sold),
        "cost_per_incremental_conversion": np.where(more > 0, over(cost, more), np.nan),
        "sales_per_agent_hour": over(sold, hours),
        "incremental_sales_per_agent_hour": over(more, hours),
        "conversations_per_agent_hour": over(talks, hours),
    }


def break_even_lift(month: Figures, totals: Figures, reach: Figure) -> Figure:
    """The lift at which the period's net gain is 0, all else as it is: 0 when nothing is needed, not known when no lift
    will do."""
    needed = totals["cost"] - totals["savings"]
    worth = month["treated"] * month["margin_per_order"] * reach
    lift = np.where(worth > 0, over(needed, worth), np.nan)
    return np.where(needed <= 0, 0.0, lift)
