"""A visitor's journey as the agent reads it: his steps, his cart, and why he was invited."""

from __future__ import annotations

import json
from typing import Any

import pytest

from aparte.conversations.model import Conversation
from aparte.engagements.model import SiteState
from aparte.engagements.store import RecordDecision
from aparte.engine.step import State
from aparte.kit.labels import visitor_label
from aparte.sessions.model import Cart, CartLine, SessionState, VisitorState
from aparte.targeting.campaign import load
from aparte.targeting.model import SiteRules
from aparte.tracking.store import Logged
from aparte.web.journey import Known, journey

CAMPAIGNS = load(
    """
[[campaigns]]
name = "cart-hesitation"
version = 3
[[campaigns.rules]]
name = "twice"
when = "cart.value > 50"
""",
    "campaigns.toml",
)


def row(seq: int, kind: str, name: str = "", **members: Any) -> Logged:
    return Logged(seq, "a", seq, seq, "v1", kind, name, f"m{seq}", json.dumps(members).encode())


def decision(at: int, decision: str, **members: Any) -> RecordDecision:
    return RecordDecision(
        seq=at, n=0, site="a", at=at, visitor="v1", session=1, engagement="e", campaign="cart-hesitation", rule="twice",
        decision=decision, detail="", newly_eligible=True, newly_covered=True, newly_candidate=True,
        line=json.dumps(members).encode(),
    )  # fmt: skip


def known(log: list[Logged], decisions: list[RecordDecision] = [], **more: Any) -> Known:  # noqa: B006
    kept: dict[str, Any] = {"state": None, "orders": [], "conversations": [], "campaigns": CAMPAIGNS, **more}
    return Known(visitor="v1", currency="EUR", language="en", log=log, decisions=decisions, name_of=str.title, **kept)


def test_the_steps_name_pages_goods_amounts_and_what_we_did() -> None:
    shirt = {"product_id": "p1", "name": "Linen shirt", "price": 49.0, "quantity": 2}
    log = [
        row(1, "page", context={"page": {"title": "Shirts", "path": "/shirts", "url": "https://shop/shirts"}}),
        row(2, "track", "Product Added", properties=shirt),
        row(3, "VisitorReachable"),
        row(5, "InvitationDeclined", engagement="e"),
        row(6, "track", "Order Completed", properties={"products": [shirt], "total": 98, "order_id": "o-1"}),
        row(7, "track", "Odd", properties=["no object"]),
        Logged(8, "a", 8, 8, "v1", "track", "Broken", "m", b"{"),
    ]
    found = journey(known(log, [decision(4, "invite", values={"cart.value": 98})]))
    assert found is not None
    assert [(one.kind, one.name, one.detail) for one in found.steps] == [
        ("page", "Shirts", "/shirts"),
        ("track", "Product Added", "Linen shirt × 2, €49.00"),
        ("fact", "Invitation Offered", "cart-hesitation/twice"),
        ("fact", "Invitation Declined", None),
        ("track", "Order Completed", "Linen shirt × 2, €49.00, o-1"),
        ("track", "Odd", None),
        ("track", "Broken", None),
    ]
    assert found.steps[0].url == "https://shop/shirts"


def test_the_cart_has_the_names_that_the_events_told() -> None:
    session = SessionState(started_at=1, at=9, event_at=9, pages=4)
    session.cart = Cart(value=109.0, items=3, lines=(CartLine("p1", 2, 49.0), CartLine("p2", 1, 11.0)))
    visitor = VisitorState("v1", sessions=3, orders=1, spend=20.0, claimed={"email": "x@y"}, traits={"plan": "gold"})
    visitor.proven_id = "u1"
    orders: Any = None
    state = State(SiteState(SiteRules()), visitor, orders, session)
    log = [row(1, "track", "Product Viewed", properties={"product_id": "p1", "name": "Linen shirt"})]
    past = Conversation(id="c1", site="a", visitor="v1", agent="camille", opened_at=1, closed_at=2, csat=4)
    found = journey(known(log, state=state, conversations=[past]))
    assert found is not None
    assert [(one.name, one.quantity) for one in found.cart.lines] == [("Linen shirt", 2), ("p2", 1)]
    assert (found.visits, found.orders, found.spend, found.verified) == (3, 1, 20.0, True)
    assert (found.claimed, found.traits, found.label) == ({"email": "x@y"}, {"plan": "gold"}, visitor_label("v1"))
    assert (found.earlier[0].agent, found.earlier[0].csat) == ("Camille", 4)


@pytest.mark.covers("S1-02")
def test_why_is_the_last_invitation_with_its_rule_and_what_it_read() -> None:
    told = {"cart.value": 98, "page.dwell": 20_000}
    rows = [decision(9, "refrain", reason="frequency"), decision(5, "invite", variant="B", values=told)]
    found = journey(known([], rows))
    assert found is not None
    assert found.why is not None
    assert (found.why.when, found.why.version, found.why.variant) == ("cart.value > 50", 3, "B")
    assert (found.why.decision, found.why.values, found.why.at) == ("invite", {"cart.value": 98, "page.dwell": 20}, 5)
    refrained = journey(known([], rows[:1]))
    assert refrained is not None
    assert refrained.why is not None
    assert (refrained.why.decision, refrained.why.reason) == ("refrain", "frequency")


def test_of_a_stranger_there_is_no_journey() -> None:
    assert journey(known([])) is None
