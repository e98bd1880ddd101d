"""Streams of few visitors, few names and times full of ties: what the properties of the engine are tried on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec
from hypothesis import strategies as st

from aparte.app import replay
from aparte.engagements.model import Decision
from aparte.replay.model import Summary
from aparte.routing.model import UNLIMITED, Capacity
from aparte.targeting.campaign import Campaigns, load
from aparte.tracking.normalise import Normaliser
from aparte.tracking.timestamps import iso

START = 1_705_320_000_000  # Monday, 15 January 2024, 12:00 UTC
VISITORS = ("ann", "bob", "cem")
CONSTANTS = (10_000, 30_000, 60_000, 300_000)
STEPS = (0, 0, 1, 999, 5_000, 9_999, 10_000, 29_999, 30_000, 30_001, 60_000, 300_000, 1_800_000, 1_800_001, 7_200_000)
LATE = (0, 0, 0, 0, 1, 7_000, 30_000, 45_000)

BEHAVIOURS = """
[behaviours.cart_views]
count = "Cart Viewed"
since = "Product Added"
[behaviours.recent_views]
count = "Cart Viewed"
within = "60s"
[behaviours.products]
distinct = "Product Viewed"
of = "product_id"
within = "5m"
[behaviours.points]
sum = "Ping"
of = "points"
within = "60s"
[behaviours.spent]
sum = "Product Added"
of = "price"
[behaviours.last_product]
last = "Product Viewed"
of = "product_id"
without = "Order Completed"
[behaviours.kinds]
distinct = "Product Viewed"
of = "product_id"
since = "Order Completed"
[behaviours.on_cart]
dwell = "page"
where = 'event.path == "/cart"'
[behaviours.since_cart]
dwell = "Cart Viewed"
[behaviours.checkout]
elapsed = "Product Added"
without = "Order Completed"
[behaviours.quiet]
idle = "*"
where = 'event.type == "track"'
[behaviours.path]
sequence = ["Product Viewed", "Product Added", "Cart Viewed"]
within = "5m"
without = "Order Completed"
"""
CONDITIONS = {
    "dwell": 'page.dwell >= duration("30s")',
    "dwell-more": 'page.dwell > duration("30s") && page.path == "/cart"',
    "dwell-between": 'page.dwell >= duration("10s") && page.dwell < duration("30s") && cart.items > 0',
    "dwell-exact": 'page.dwell == duration("30s")',
    "not-yet": '!(page.dwell < duration("60s")) && page.path != "/"',
    "idle": 'session.idle >= duration("60s") && session.pages >= 2',
    "long": 'session.duration > duration("5m") || cart.value >= 100',
    "two-views": 'cart_views >= 2 && page.dwell >= duration("30s") && cart.value >= 50',
    "recent": "recent_views == 1 && cart_views >= 2",
    "fewer": "recent_views < 2 && has(last_product)",
    "products": "products >= 2",
    "few-products": "products == 1 && kinds >= 2",
    "points": "points >= 5",
    "few-points": "points < 0 || points == 3",
    "spent": "spent >= 50 && orders_before",
    "on-cart": 'on_cart >= duration("10s")',
    "since-cart": 'since_cart >= duration("10s") && since_cart <= duration("30s")',
    "checkout": 'has(checkout) && session.idle >= duration("30s")',
    "checkout-old": 'checkout > duration("60s")',
    "quiet": 'quiet in [duration("10s"), duration("30s")] || quiet > duration("5m")',
    "path": "path >= 1",
    "returning": "visitor.returning && session.pages == 1",
}


def campaigns_text(*, holdout: float, site_holdout: float, version: int = 1, ahead: int = 0) -> str:
    """A campaign file with every kind of behaviour; an experiment on delay and one without limits in the second."""
    conditions = {name: text.replace("orders_before", "visitor.orders == 0") for name, text in CONDITIONS.items()}
    lines = ["[site]", 'id = "s"', f"holdout = {site_holdout}", f"version = {version}", BEHAVIOURS]
    if ahead:
        lines += ["[[campaigns]]", 'name = "ahead"', f"holdout = {holdout}"]
        lines += [f'[[campaigns.rules]]\nname = "r{n}"\nwhen = \'page.path == "/none/{n}"\'' for n in range(ahead)]
    for number, (name, text) in enumerate(conditions.items()):
        lines += ["[[campaigns]]", f'name = "{name}"', f"holdout = {holdout}", f"version = {version}"]
        lines += [f"[[campaigns.rules]]\nname = \"r\"\npriority = {number % 3}\nwhen = '{text}'"]
        if number % 4 == 1:
            lines += ["[campaigns.frequency]", "once_per_session = false"]
    lines += ["[[campaigns]]", 'name = "delayed"', f"holdout = {holdout}", f"version = {version}"]
    lines += ['[[campaigns.rules]]\nname = "r"\nwhen = \'page.path == "/cart" && cart_views >= 1\'']
    lines += ["[campaigns.experiment]", f"version = {version}", "[[campaigns.experiment.variants]]"]
    lines += ['name = "a"', "share = 0.5", 'delay = "10s"', "[[campaigns.experiment.variants]]"]
    lines += ['name = "b"', "share = 0.5", 'delay = "30s"']
    return "\n".join(lines)


def campaigns(*, holdout: float = 0.3, site_holdout: float = 0.2, version: int = 1, ahead: int = 0) -> Campaigns:
    """`campaigns_text`, loaded."""
    text = campaigns_text(holdout=holdout, site_holdout=site_holdout, version=version, ahead=ahead)
    return load(text, "streams.toml")


BODIES: tuple[dict[str, Any], ...] = (
    {"type": "page", "properties": {"path": "/"}},
    {"type": "page", "properties": {"path": "/cart"}},
    {"type": "page", "properties": {"path": "/cart"}},
    {"type": "track", "event": "Cart Viewed"},
    {"type": "track", "event": "Cart Viewed"},
    {"type": "track", "event": "Product Viewed", "properties": {"product_id": "A"}},
    {"type": "track", "event": "Product Viewed", "properties": {"product_id": "B"}},
    {"type": "track", "event": "Product Added", "properties": {"product_id": "A", "price": 25, "quantity": 2}},
    {"type": "track", "event": "Product Removed", "properties": {"product_id": "A", "price": 25}},
    {"type": "track", "event": "Order Completed", "properties": {"order_id": "1", "total": 50}},
    {"type": "track", "event": "Ping", "properties": {"points": 5}},
    {"type": "track", "event": "Ping", "properties": {"points": -2}},
    {"type": "identify", "userId": "u"},
)


@st.composite
def messages(draw: st.DrawFn, *, late: bool = True, twice: bool = True, most: int = 30) -> list[dict[str, Any]]:
    """Messages in the order in which they come."""
    clock, found = START, []
    draws = st.tuples(st.sampled_from(VISITORS), st.sampled_from(BODIES), st.sampled_from(STEPS), st.sampled_from(LATE))
    for number, (visitor, body, step, behind) in enumerate(draw(st.lists(draws, min_size=1, max_size=most))):
        clock += step
        at = clock - behind if late else clock
        found.append({"messageId": f"m{number}", "anonymousId": visitor, "timestamp": iso(at), **body})
        if twice and draw(st.integers(0, 9)) == 0:
            found.append(draw(st.sampled_from(found)))
    return found


def lines_of(stream: Iterable[dict[str, Any]]) -> list[bytes]:
    """The messages as lines of JSON."""
    return [json.dumps(message).encode() for message in stream]


def replayed(
    rules: Campaigns, stream: Iterable[dict[str, Any]], capacity: Capacity = UNLIMITED, **hooks: Any
) -> tuple[list[Decision], Summary]:
    """All decisions and the totals."""
    decisions: list[Decision] = []
    events = map(Normaliser().read, lines_of(stream))
    summary = replay(rules, events, capacity, on_decision=decisions.append, **hooks)
    return decisions, summary


def told(found: tuple[list[Decision], Summary]) -> bytes:
    """Decisions and totals as bytes."""
    decisions, summary = found
    return msgspec.json.encode([decisions, summary.as_json()])
