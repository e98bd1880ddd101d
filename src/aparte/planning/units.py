"""What each input is counted in, and between which limits it makes sense."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Counted = Literal["count", "share", "points", "money", "seconds", "hours", "number"]

LARGE, MONEY = 1e12, 1e9


class Unit(Struct, frozen=True):
    """A unit and its limits, both ends allowed. points: a difference of shares, as a fraction."""

    counted: Counted
    least: float
    most: float
    hint: str = ""


SHARE = Unit("share", 0.0, 1.0, "a share is from 0 to 1: write 11.5 % as 0.115")
POSITIVE_SHARE = Unit("share", 0.001, 1.0, "a share of at least 0.001, at most 1")
PART = Unit("share", 0.0, 0.95, "a share from 0 to 0.95, or nothing is left")
COUNT = Unit("count", 0.0, LARGE, "a count from 0 to 1,000,000,000,000")
AMOUNT = Unit("money", 0.0, MONEY, "an amount from 0 to 1,000,000,000, in the scenario's currency")
SECONDS = Unit("seconds", 0.1, 86_400.0, "seconds from 0.1 to 86,400")
RATIO = Unit("number", 0.001, 1_000.0, "a ratio from 0.001 to 1,000: twice as much is 2")

UNITS = {
    **dict.fromkeys(
        ("visits_per_month", "calls_per_month", "mails_per_month", "orders_per_month", "conversations_per_month",
         "assisted_orders_per_month", "contacts_per_month"), COUNT),
    **dict.fromkeys(
        ("eligible_covered_share", "shown_share", "acceptance", "conversion_with_help", "conversion_without_help",
         "gross_margin", "return_rate", "discount", "discount_use", "share", "kept_share", "badly_helped_share",
         "leave_share", "site_conversion", "assisted_share", "engaged_share", "reach", "conversion"), SHARE),
    **dict.fromkeys(("additionality", "occupancy"), POSITIVE_SHARE),
    **dict.fromkeys(("hold_out_share", "shrinkage"), PART),
    **dict.fromkeys(
        ("basket", "cost_per_return", "cost_per_conversation", "wage_per_hour", "software_per_month", "services_once",
         "services_per_month", "fixed_per_month", "cost_per_call", "cost_per_mail", "lifetime_value",
         "loss_per_month_of_delay", "other_cost_per_contact", "value_per_point_and_month"), AMOUNT),
    **dict.fromkeys(("agent_seconds", "customer_seconds"), SECONDS),
    **dict.fromkeys(("conversion_ratio", "basket_ratio"), RATIO),
    "lift_per_eligible": Unit("points", -1.0, 1.0, "orders more per visitor: write +0.91 points as 0.0091"),
    "seconds_per_contact": Unit("seconds", 0.0, 86_400.0, "seconds from 0 to 86,400"),
    "turns": Unit("number", 1.0, 1_000.0, "turns of a conversation, from 1 to 1,000"),
    "concurrency": Unit("number", 1.0, 20.0, "conversations at once, from 1 to 20"),
    "paid_hours_per_month": Unit("hours", 0.0, MONEY, "hours from 0 to 1,000,000,000"),
    "calls_avoided_per_conversation": Unit("number", 0.0, 10.0, "calls for each conversation, from 0 to 10"),
    "mails_avoided_per_conversation": Unit("number", 0.0, 100.0, "mails for each conversation, from 0 to 100"),
    "accepted_to_declined": Unit("number", 0.0, 1e6, "accepted for each declined, from 0 to 1,000,000"),
    "now": Unit("number", -1e6, 1e6, "points from -1,000,000 to 1,000,000"),
    "expected": Unit("number", -1e6, 1e6, "points from -1,000,000 to 1,000,000"),
}  # fmt: skip
"""The unit of every input, by the last part of its path."""


def unit_of(path: str) -> Unit:
    """The unit of the input at this path."""
    return UNITS[path.rpartition(".")[2]]
