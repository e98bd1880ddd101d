"""Each ready-made segment and campaign, told as visits: whom it finds, and whom it does not."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aparte.app import replay
from aparte.engagements.model import Decision, Invite
from aparte.routing.model import UNLIMITED
from aparte.targeting.campaign import load
from aparte.targeting.templates import campaign_templates, message_templates, segment_templates
from aparte.tracking.normalise import Normaliser

Told = tuple[int, str, dict[str, Any]]
BEGIN = datetime(2024, 5, 3, 10, 0, tzinfo=UTC)
SEGMENTS = {one.name: one for one in segment_templates()}
CAMPAIGNS = {one.name: one for one in campaign_templates()}


def line(number: int, told: Told) -> bytes:
    second, event, properties = told
    said = dict(properties)
    kind: dict[str, Any] = {"type": "track", "event": event, "properties": said}
    if event in ("page", "identify"):
        kind = {"type": event, "traits" if event == "identify" else "properties": said}
    context = said.pop("context", {})
    at = (BEGIN + timedelta(seconds=second)).isoformat()
    return json.dumps(
        {**kind, "anonymousId": "v", "messageId": f"m{number}", "timestamp": at, "context": context}
    ).encode()


def invitations(toml: str, story: list[Told]) -> list[Invite]:
    """What the visitor was offered; the shop's own server tells the story, so that traits are believed."""
    text = f"[site]\nholdout = 0.0\n{toml}".replace("holdout = 0.10", "holdout = 0.0")
    decisions: list[Decision] = []
    reads = [Normaliser().read(line(number, told)) for number, told in enumerate(story)]
    for read in reads:
        read.trusted = True
    found = replay(load(text, "template"), reads, UNLIMITED, on_decision=decisions.append)
    assert (found.quarantined, found.events) == (0, len(story))
    return [one for one in decisions if isinstance(one, Invite)]


def holds(name: str, story: list[Told]) -> bool:
    rule = f'[[campaigns]]\nname = "c"\nholdout = 0.0\n[[campaigns.rules]]\nname = "r"\nwhen = "segment.{name}"\n'
    return bool(invitations(SEGMENTS[name].toml + rule, story))


def offered(name: str, story: list[Told]) -> list[tuple[str, str]]:
    """Which rules of a campaign invite, and by which channel."""
    toml = CAMPAIGNS[name].toml
    if "holdout" not in toml:
        toml = toml.replace("[[campaigns]]\n", "[[campaigns]]\nholdout = 0.0\n")
    return [(one.rule, one.offer.channel) for one in invitations(toml, story)]


def page(second: int, path: str = "/", **more: Any) -> Told:
    return second, "page", {"path": path, **more}


def add(second: int, quantity: int = 1, price: float = 60.0) -> Told:
    return second, "Product Added", {"product_id": f"p{second}", "price": price, "quantity": quantity}


def view(second: int, product: str = "a", **more: Any) -> Told:
    return second, "Product Viewed", {"product_id": product, **more}


def track(second: int, event: str, **properties: Any) -> Told:
    return second, event, properties


def who(**traits: Any) -> Told:
    return 1, "identify", traits


def landed(medium: str, source: str) -> Told:
    return 0, "page", {"path": "/", "context": {"campaign": {"source": source, "medium": medium}}}


ORDER = track(50, "Order Completed", order_id="o1", total=60.0)
EXIT = track(9, "Exit Intent")
CART = track(8, "Cart Viewed")
WHO: dict[str, tuple[list[list[Told]], list[list[Told]]]] = {
    "leaving_or_calling": (
        [[page(0), add(1), EXIT], [page(0), add(1), page(9, "/contact-us")], [add(1), page(9, "/telephone")]],
        [[page(0), EXIT], [page(0), add(1)], [page(0, "/contact")], [page(0), add(1), ORDER, page(60, "/contact")]],
    ),
    "long_term_value": (
        [[who(lifetime_value=1000)], [track(0, "Order Completed", order_id="o", total=500.0)]],
        [[who(lifetime_value=999)], [page(0)], [track(0, "Order Completed", order_id="o", total=499.0)]],
    ),
    "persuadable": (
        [[add(1), CART, track(9, "Cart Viewed")], [add(1), track(2, "Payment Error")],
         [add(1), track(2, "Coupon Denied")], [add(1), track(2, "Form Field Error", field="zip")]],
        [[add(1), CART], [track(2, "Payment Error")], [add(1), ORDER, track(51, "Payment Error")]],
    ),
    "high_margin": (
        [[view(0), page(1), view(2, price=300)], [view(0), page(1), view(2, high_value=True, price=5)]],
        [[page(1), view(2, price=300)], [view(0), page(1), view(2, price=299)]],
    ),
    "hot_prospect": (
        [[view(0), view(60, "b"), view(120, "c"), page(181)]],
        [[view(0), view(60, "b"), view(120, "a"), page(181)], [view(0), view(1, "b"), view(2, "c"), ORDER, page(200)]],
    ),
    "in_difficulty": (
        [[track(0, "Rage Click")], [track(0, "Payment Error")], [page(0, status=404)],
         [track(0, "Form Field Error"), track(1, "Form Field Error")], [track(0, "Error Shown")]],
        [[page(0)], [track(0, "Form Field Error")], [track(0, "Products Searched", query="x", results=0)]],
    ),
    "social_complaint": (
        [[who(complaint=True, social_reach=5000)]],
        [[who(complaint=True, social_reach=4999)], [who(complaint=False, social_reach=9000)], [page(0)]],
    ),
    "about_to_contact": (
        [[page(0, "/contact"), page(11)], [page(0, "/fr/aide"), page(11)]],
        [[page(0, "/contact"), page(9)], [page(0, "/shop/contact"), page(11)]],
    ),
    "searches_promotion": (
        [[track(0, "Products Searched", query="PROMO été")],
         [track(n, "Products Searched", query="x", results=0) for n in (0, 1)]],
        [[track(0, "Products Searched", query="shirt")], [track(0, "Products Searched", query="x", results=0)]],
    ),
    "from_affiliate": (
        [[landed("affiliate", "partner-shop")]],
        [[landed("email", "partner-shop")], [landed("affiliate", "unknown")], [page(0)]],
    ),
    "premium": ([[add(0, 4)]], [[add(0, 3)]]),
}  # fmt: skip


@pytest.mark.covers("S0-18", "S0-20", "S0-40", "S0-41", "S1-12", "S1-81", "S1-82", "S1-83", "S1-84")
@pytest.mark.covers("S1-89", "S1-90", "S1-91", "S1-92", "S1-93", "S1-94", "S1-95")
@pytest.mark.parametrize("name", SEGMENTS)
def test_a_segment_finds_whom_it_means_and_nobody_else(name: str) -> None:
    meant, others = WHO[name]
    for story in meant:
        assert holds(name, story), story
    for story in others:
        assert not holds(name, story), story
    assert SEGMENTS[name].value


@pytest.mark.covers("S1-92")
def test_what_a_browser_says_of_itself_is_no_complaint() -> None:
    told = Normaliser(trusted=False).read(line(0, who(complaint=True, social_reach=9000)))
    rule = (
        '[[campaigns]]\nname = "c"\nholdout = 0.0\n[[campaigns.rules]]\nname = "r"\nwhen = "segment.social_complaint"\n'
    )
    found = replay(load(SEGMENTS["social_complaint"].toml + rule, "t"), [told], UNLIMITED)
    assert found.rules["c/r"].eligible_sessions == 0


ROOMS = [view(0, "r1"), view(20, "r2"), view(40, "r3")]
PLANS = [page(0), view(1, "p1"), page(30), view(31, "p2", price=40), page(60)]
VISITS: dict[str, list[tuple[list[Told], list[tuple[str, str]]]]] = {
    "cart-hesitation": [
        ([add(0), CART, track(9, "Cart Viewed"), page(90)], [("two-views", "chat")]),
        ([add(0), CART, track(9, "Cart Viewed"), (20, *ORDER[1:]), page(90)], []),
        ([add(0, price=49.0), CART, track(9, "Cart Viewed"), page(90)], []),
        ([CART, track(9, "Cart Viewed"), add(10), page(90)], []),
    ],
    "payment-trouble": [
        ([add(0), track(5, "Payment Error")], [("payment-failed", "chat")]),
        ([add(0), page(5)], []),
        ([track(5, "Payment Error")], []),
    ],
    "colour-or-size": [
        ([view(0, variant="red"), view(1, variant="blue"), view(2, variant="green")], [("three-variants", "chat")]),
        ([view(0, variant="red"), view(1, variant="blue"), view(2, variant="red")], []),
    ],
    "content-or-agent": [
        ([page(0), add(1, 4), EXIT], [("premium", "video")]),
        ([page(0), add(1, 3), EXIT], [("voucher", "content")]),
        ([page(0), EXIT], []),
    ],
    "best-customers": [
        ([who(lifetime_value=1000), add(2)], [("own-offer", "content")]),
        ([who(lifetime_value=999), add(2)], []),
        ([page(0), add(2, 9, 900.0)], []),
        ([who(lifetime_value=1000), page(2)], []),
    ],
    "room-choice": [([*ROOMS, page(55)], [("three-rooms", "chat")]), ([*ROOMS[:2], page(55)], [])],
    "booking-stage": [
        ([track(0, "Checkout Step Viewed", step=2), page(61)], [("stands-still", "chat")]),
        ([track(0, "Checkout Step Viewed", step=2), (59, *ORDER[1:]), page(60)], []),
    ],
    "banking-operation": [
        ([page(0, "/transfer"), track(1, "Form Field Error"), track(2, "Form Field Error")],
         [("operation-fails", "chat")]),
        ([page(0, "/offers"), track(1, "Form Field Error"), track(2, "Form Field Error")], []),
        ([who(churn_risk=0.5)], [("complaint", "callback")]),
        ([who(churn_risk=0.4)], []),
    ],
    "plan-advice": [
        ([*PLANS[:4], page(55, "/x")], [("large-plan", "chat")]),
        ([page(0), view(1, "p1"), page(30), view(31, "p2", price=9), page(60)], [("small-plan", "tour")]),
        ([page(0), view(1, "p1"), page(60)], []),
    ],
    "viewing-request": [
        (ROOMS, [("three-homes", "chat")]),
        ([page(0), track(1, "Form Started"), track(5, "Form Abandoned")], [("form-left", "callback")]),
        ([page(0), track(1, "Form Started"), track(4, "Form Submitted")], []),
    ],
}  # fmt: skip


@pytest.mark.covers("S0-14", "S0-39", "S0-47", "S1-25", "S1-26", "S1-27", "S1-33", "S1-34", "S1-58", "S1-85", "S1-97")
@pytest.mark.covers("S1-98", "S1-99", "S1-100", "S1-101", "S1-116")
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_campaign_invites_whom_it_means_by_the_channel_that_fits(name: str) -> None:
    for story, expected in VISITS[name]:
        assert offered(name, story) == expected, story


@pytest.mark.covers("S1-33")
def test_a_voucher_is_part_of_what_the_best_customers_and_those_who_leave_are_offered() -> None:
    [best] = invitations(CAMPAIGNS["best-customers"].toml, [who(lifetime_value=5000), add(2)])
    [leaving] = invitations(CAMPAIGNS["content-or-agent"].toml, [page(0), add(1, 3), EXIT])
    [premium] = invitations(CAMPAIGNS["content-or-agent"].toml, [page(0), add(1, 4), EXIT])
    assert [one.offer.coupon for one in (best, leaving, premium)] == ["YOURS10", "WELCOME5", None]
    assert best.offer.message == {
        "fr": "10 % pour vous, et la livraison offerte.",
        "en": "10 % for you, and free delivery.",
    }


def test_a_campaign_for_leads_has_a_lead_as_its_goal_and_names_points_of_sale() -> None:
    file = CAMPAIGNS["viewing-request"].file
    assert file.campaigns[0].goal == "lead"
    assert [one.name for one in file.points_of_sale] == ["strasbourg", "elsewhere"]


@pytest.mark.covers("S0-46", "S0-47", "S1-34")
def test_messages_are_there_for_each_sector_in_french_and_english() -> None:
    told = {(one.sector, one.situation): one.text for one in message_templates()}
    assert len(told) == len(message_templates())
    assert all(set(text) == {"fr", "en"} and all(text.values()) for text in told.values())
    assert {sector for sector, _ in told} == {"retail", "travel", "bank", "telecom", "leads"}
    for sector in ("retail", "travel", "telecom"):
        assert {"cart", "payment", "search", "form"} <= {situation for where, situation in told if where == sector}
    assert told["travel", "room"] == {
        "fr": "Puis-je vous aider à choisir votre chambre ?", "en": "May I help you choose your room?"
    }  # fmt: skip


def test_all_segments_go_into_one_file_together() -> None:
    text = "".join(one.toml for one in segment_templates()) + "".join(
        one.toml for one in campaign_templates() if not one.file.behaviours
    )
    assert set(load(text, "all").file.segments) == set(SEGMENTS)


def test_every_campaign_template_speaks_both_languages() -> None:
    for one in campaign_templates():
        assert load(f'[site]\nlanguages = ["fr", "en"]\n{one.toml}', one.name).rules, one.name
