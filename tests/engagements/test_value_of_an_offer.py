"""What an offer is worth: its margin, else what the visitor is worth, less what the agent costs.

Mutant seen to fail here: the cost left out.
"""

from __future__ import annotations

import json

import pytest

from aparte.app import replay
from aparte.engagements.model import Decision, Invite, Refrain
from aparte.routing.model import UNLIMITED
from aparte.targeting.campaign import load
from aparte.tracking.normalise import Normaliser

RULES = """
[site]
holdout = 0.0
bid_price = 5.0
[segments.spender]
when = "cart.value >= 60.0"
value = 14.0
[[campaigns]]
name = "c"
holdout = 0.0
[[campaigns.rules]]
name = "r"
when = "cart.items > 0"
offer = {{ channel = "{channel}", message = "?", {figures} }}
"""


def became(channel: str, figures: str, price: float = 60.0) -> list[str]:
    """What a visitor with one article in the cart was sent: `invite`, or why nothing."""
    said = {"type": "track", "event": "Product Added", "anonymousId": "v", "messageId": "m",
            "timestamp": "2026-03-02T10:00:00Z", "properties": {"product_id": "a", "price": price}}  # fmt: skip
    decisions: list[Decision] = []
    campaigns = load(RULES.format(channel=channel, figures=figures), "value.toml")
    replay(campaigns, [Normaliser().read(json.dumps(said).encode())], UNLIMITED, on_decision=decisions.append)
    return [
        one.reason.value if isinstance(one, Refrain) else "invite"
        for one in decisions
        if isinstance(one, Invite | Refrain)
    ]


@pytest.mark.covers("S1-86")
def test_a_channel_that_costs_more_than_the_margin_bears_is_not_offered() -> None:
    assert became("video", "margin = 12.0, cost = 8.0") == ["bid_price"]
    assert became("chat", "margin = 12.0, cost = 3.0") == ["invite"]
    assert became("video", "margin = 13.0, cost = 8.0") == ["invite"]  # what is left is the price itself


@pytest.mark.covers("S0-40")
def test_where_the_offer_says_no_margin_the_worth_of_the_visitor_counts() -> None:
    assert became("chat", "cost = 9.0") == ["invite"]
    assert became("chat", "cost = 9.5") == ["bid_price"]
    assert became("chat", "cost = 1.0", price=59.0) == ["bid_price"]
    assert became("chat", "margin = 2.0, cost = 0.0") == ["bid_price"]  # a margin that is told rules
