"""The discovery by HTTP: of what was measured or typed, for who plans, of his own site alone; it keeps nothing.

Planted defects seen to fail here: the right `read`; rules that nobody took in the campaign.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from doors_world import World
from test_goals_api import leading, told

from aparte.targeting.campaign import load

pytestmark = pytest.mark.parametrize("worlds", ["memory"], indirect=True)
"""What stores what is kept is tried where it is; here nothing is."""
AGENTS = [0.0] * 9 + [2.0] * 9 + [0.0] * 6
ROWS = [
    {"kind": "cart", "visitors": 900, "left": 650, "bought": 150},
    {"kind": "page", "path": "/p/a", "visitors": 4_000, "left": 1_900},
]
TYPED = {
    "history": ROWS, "days": 28, "visits": 10_000, "orders": 200, "basket": 90.0, "gross_margin": 0.4,
    "agents_by_hour": AGENTS, "cost_per_conversation": 0.3, "skill": "sales", "name": "Plan A",
}  # fmt: skip
WANTED = {
    "objectives": [{"kpi": "chat_conversion", "name": "Three times", "target": 3, "measure": "times", "base": 0.02,
                    "agreed_by": ["Marketing", "Sales", "Accounting"]}],
    "owner": "Camille", "sponsor": "The board",
    "milestones": [{"name": "Pilot", "day": "2026-12-01"}, {"name": "Roll-out"}],
}  # fmt: skip


@pytest.fixture
def lead(world: World) -> httpx.Client:
    return leading(world, "camille", "a")


def asked(client: httpx.Client, status: int = 200, **changed: Any) -> Any:
    return told(client, "POST", "/plan/discovery", {**TYPED, **changed}, status)


@pytest.mark.covers("S1-53", "S1-55", "S0-24", "S0-25")
def test_what_was_answered_leads_to_rules_a_campaign_and_a_scenario(lead: httpx.Client) -> None:
    found = asked(lead, **WANTED)
    cart, page = found["proposals"]
    assert (cart["proposal"]["name"], cart["taken"], page["taken"]) == ("cart", True, False), "the page does not pay"
    assert "650 of 900" in cart["reason"]
    assert [one["name"] for one in found["campaign"]["rules"]] == ["cart"]
    assert found["campaign"]["state"] == "draft"
    assert [one.name for one in load(found["text"], "discovery.toml").file.campaigns] == ["discovery"]
    for part in (
        "Champion: Camille",
        "Backed by: The board",
        "Three times",
        "Accounting",
        "2026-12-01 Pilot",
        "Roll-out",
    ):
        assert part in found["note"]
    assert found["scenario"]["name"] == "Plan A"
    saved = told(lead, "POST", "/plan/scenarios", {"scenario": found["scenario"], "note": found["note"]}, 201)
    assert saved["saved"]["note"] == found["note"]


def test_rules_are_taken_or_left_said_in_french_and_go_into_the_draft(lead: httpx.Client) -> None:
    found = asked(lead, taken=["page-p-a"], language="fr")
    assert [one["name"] for one in found["campaign"]["rules"]] == ["page-p-a"]
    assert "partent sans commander" in found["proposals"][0]["reason"]
    none = asked(lead, taken=[])
    assert (none["campaign"], none["text"], none["scenario"]) == (None, "", None)
    assert len(none["proposals"]) == 2
    assert asked(lead, 400, taken=["nothing"])["error"]["where"] == "taken"
    found = asked(lead)
    before = told(lead, "GET", "/campaigns/file?version=draft")
    file = before["file"] | {"campaigns": [*before["file"]["campaigns"], found["campaign"]]}
    told(lead, "PUT", "/campaigns/draft", {"file": file, "revision": before["revision"]})
    names = [one["name"] for one in told(lead, "GET", "/campaigns")["campaigns"]]
    assert names == ["cart-hesitation", "discovery"]


def test_without_rows_what_was_measured_is_looked_at(world: World, lead: httpx.Client) -> None:
    empty = asked(lead, history=None)
    assert (empty["proposals"], empty["why"]) == ([], "no_history")
    world.hesitates("ann")
    unknown = asked(lead, history=None, basket=None)
    assert (unknown["basket"], unknown["why"]) == (None, "no_basket")
    assert asked(lead, history=None, gross_margin=None)["why"] == "no_margin"
    assert asked(lead, history=None, until="2017-12-31", days=3660)["why"] == "no_history"
    assert asked(lead, 400, history=None, until="0001-01-31")["error"]["where"] == "until"
    other = leading(world, "bea", "b")
    assert asked(other, history=None)["history"]["visits"] == 0


def test_what_cannot_be_is_named_and_it_is_for_who_plans(world: World, lead: httpx.Client) -> None:
    assert asked(world.console("alex@a.example"), 403)["error"]["code"]
    goal = WANTED["objectives"][0]
    for changed, where in (
        ({"basket": 0}, "basket"), ({"gross_margin": 2}, "gross_margin"), ({"agents_by_hour": [1]}, "agents_by_hour"),
        ({"history": [{"kind": "page", "visitors": 1, "left": 1}]}, "history.0.path"),
        ({"objectives": [goal | {"base": None}]}, "objectives.0.base"), ({"holdout": 1}, "holdout"),
        ({"history": [{"kind": "cart", "visitors": 1, "left": 2}]}, "history.0.left"),
    ):  # fmt: skip
        assert asked(lead, 400, **changed)["error"]["where"] == where
    assert asked(lead, 400, history=[{"kind": "nothing", "visitors": 1, "left": 1}])["error"]["code"] == "bad_input"
    assert asked(lead, 400, unknown=1)["error"]["code"] == "bad_input"
