"""Each recipe of docs/cookbook.md is loaded as it stands and played to two visitors: one it means, one it does not.

Mutants tried: `>` for `>=`, a window left out, `since` left out, another path in a recipe; each fails here.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aparte.app import read_events, replay
from aparte.routing.model import UNLIMITED
from aparte.targeting.campaign import load

SITE = "https://shop.example"
Told = tuple[int, str, dict[str, Any]]
"""Second, event, properties; `context` in them is the message's own."""


@pytest.fixture(scope="module")
def recipes(root: Path) -> dict[str, str]:
    """The recipe that defines each segment."""
    text = (root / "docs/cookbook.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return {name: block for block in reversed(blocks) for name in re.findall(r"\[segments\.(\w+)\]", block)}


def lines(visitor: str, story: list[Told], begin: datetime) -> Iterator[tuple[datetime, str]]:
    for number, (second, event, properties) in enumerate(story):
        at = begin + timedelta(seconds=second)
        said = dict(properties)
        context = said.pop("context", {})
        kind = {"type": "page"} if event == "page" else {"type": "track", "event": event}
        line = {
            **kind, "anonymousId": visitor, "messageId": f"{visitor}.{number}", "timestamp": at.isoformat(),
            "context": context, "properties": said,
        }  # fmt: skip
        yield at, json.dumps(line)


def holds(recipe: str, name: str, story: list[Told], folder: Path, begin: str = "2024-05-03T10:00:00") -> bool:
    """Whether the segment held at some moment of the visit."""
    text = f"{recipe}\n[[campaigns]]\nname = 'c'\n[[campaigns.rules]]\nname = 'r'\nwhen = 'segment.{name}'\n"
    moment = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    file = folder / "visit.jsonl"
    file.write_text("".join(f"{line}\n" for _, line in sorted(lines("v", story, moment))), "utf-8")
    found = replay(load(text, "recipe"), read_events([file], trusted=False), UNLIMITED)
    assert (found.quarantined, found.sessions, found.events) == (0, 1, len(story))
    return found.rules["c/r"].eligible_sessions == 1


def page(second: int, path: str, **more: Any) -> Told:
    return second, "page", {"path": path, "url": f"{SITE}{path}", **more}


def add(second: int, quantity: int = 1, price: float = 10.0) -> Told:
    return second, "Product Added", {"product_id": f"p{second}", "quantity": quantity, "price": price}


def seen(second: int, variant: str, category: str = "shirts") -> Told:
    return second, "Product Viewed", {"product_id": f"p-{variant}", "variant": variant, "category": category}


def came(referrer: str = "", **utm: str) -> Told:
    where = {"url": f"{SITE}/", "path": "/", **({"referrer": referrer} if referrer else {})}
    return 0, "page", {"path": "/", "url": f"{SITE}/", "context": {"page": where, "campaign": utm}}


def device(kind: str) -> Told:
    return 0, "page", {"path": "/", "context": {"device": {"type": kind}}}


REVIEW = {"url": f"{SITE}/cart?step=review"}
SLOW = [page(0, "/"), add(5, price=50.0), (130, "page", {"path": "/cart", **REVIEW})]
CASES: dict[str, tuple[tuple[str, ...], list[Told], list[list[Told]]]] = {
    "premium": (("S0-40", "S0-41"), [add(0, 2), add(1, 2)], [[add(0, 2), add(1, 1)], [page(0, "/")]]),
    "from_partner": (
        ("S1-29", "S1-95"), [came(source="partner-shop", medium="affiliate")],
        [[came(source="partner-shop", medium="email")], [came(source="other", medium="affiliate")], [came()]],
    ),
    "searched_for_a_gift": (
        ("S1-28",), [came("https://www.google.com/search?q=birthday+gift+ideas")],
        [[came("https://www.google.com/search?q=shoes")], [came("https://www.google.com/")], [came()]],
    ),
    "serious": (
        ("S1-90",), [seen(0, "a"), seen(60, "b"), seen(120, "c")],
        [[seen(0, "a"), seen(60, "b"), seen(120, "b")]],
    ),
    "on_cart": (("S0-43",), [page(0, "/cart/2")], [[page(0, "/shirts/cart")]]),
    "on_order": (("S0-43",), [page(0, "/checkout/address")], [[page(0, "/orders-faq")]]),
    "on_confirmation": (("S0-43",), [page(0, "/thank-you")], [[page(0, "/thank-you-letters")]]),
    "slow_at_the_cart": (
        ("S0-76",), SLOW,
        [
            [*SLOW, page(174, "/")],  # left after 44 seconds
            [*SLOW[:2], (30, "page", {"path": "/cart", **REVIEW}), page(119, "/")],  # left before two minutes
            [page(0, "/"), add(5, price=49.0), SLOW[2]],
            [page(0, "/"), add(5, price=50.0), page(130, "/cart")],
            [page(0, "/"), add(5, price=50.0), (130, "page", {"path": "/basket", **REVIEW})],
        ],
    ),
    "about_to_contact": (
        ("S1-93",), [page(0, "/contact")], [[page(0, "/contact"), page(9, "/")], [page(0, "/about")]],
    ),
    "hesitates": (
        ("S0-30", "S0-31"), [add(0), (1, "Cart Viewed", {}), (2, "Cart Viewed", {})],
        [[(0, "Cart Viewed", {}), add(1), (2, "Cart Viewed", {})]],
    ),
    "colour_hesitation": (
        ("S1-23",), [seen(0, "red"), seen(20, "blue"), seen(40, "green")],
        [
            [seen(0, "red"), seen(20, "blue"), seen(40, "red")],
            [seen(0, "red"), seen(20, "blue"), (30, "Product List Viewed", {}), seen(40, "green")],
            [seen(0, "red", "hats"), seen(20, "blue", "hats"), seen(40, "green", "hats")],
            [seen(0, "red"), seen(301, "blue"), seen(601, "green")],
        ],
    ),
    "searches_a_promotion": (
        ("S1-94",), [(0, "Products Searched", {"query": "Summer SALE"})],
        [[(0, "Products Searched", {"query": "shirt"})], [page(0, "/sale")]],
    ),
    "searches_in_vain": (
        ("S1-94",), [(0, "Products Searched", {"query": "x", "results": 0}), (1, "Products Searched", {"results": 0})],
        [[(0, "Products Searched", {"results": 0}), (1, "Products Searched", {"results": 3})]],
    ),
    "trouble": (
        ("S1-24", "S1-91"), [(0, "Form Field Error", {"field": "zip"}), (9, "Form Field Error", {"field": "zip"})],
        [[(0, "Form Field Error", {"field": "zip"})]],
    ),
    "about_to_leave": (
        ("S1-24",), [page(0, "/"), add(1), (2, "Exit Intent", {})],
        [[page(0, "/"), (2, "Exit Intent", {})], [page(0, "/"), (1, "Exit Intent", {}), page(2, "/x"), add(3)]],
    ),
    "checkout_idle": (
        ("S0-31",), [(0, "Checkout Step Viewed", {"step": 1})],
        [[(0, "Checkout Step Viewed", {}), (59, "Order Completed", {"order_id": "o", "total": 3})], [page(0, "/")]],
    ),
    "unsure": (
        (), [(0, "Cart Viewed", {}), page(5, "/"), (10, "Help Viewed", {}), (20, "Cart Viewed", {})],
        [
            [(0, "Cart Viewed", {}), (10, "Help Viewed", {}), (300, "Cart Viewed", {})],
            [(0, "Cart Viewed", {}), (20, "Cart Viewed", {}), (30, "Help Viewed", {})],
        ],
    ),
}  # fmt: skip


@pytest.mark.covers("S0-30", "S0-31", "S0-40", "S0-41", "S0-43", "S0-76")
@pytest.mark.covers("S1-23", "S1-24", "S1-28", "S1-29", "S1-90", "S1-91", "S1-93", "S1-94", "S1-95")
@pytest.mark.parametrize("name", CASES)
def test_a_recipe_finds_whom_it_means_and_nobody_else(recipes: dict[str, str], tmp_path: Path, name: str) -> None:
    _, meant, others = CASES[name]
    assert holds(recipes[name], name, meant, tmp_path)
    for story in others:
        assert not holds(recipes[name], name, story, tmp_path), story


@pytest.mark.parametrize(
    ("begin", "kind", "found"),
    [
        ("2024-05-03T18:00:00", "mobile", True),
        ("2024-05-03T17:59:59", "mobile", False),
        ("2024-05-05T19:00:00", "mobile", False),
        ("2024-05-03T18:00:00", "desktop", False),
    ],
)
def test_the_evening_of_a_friday(recipes: dict[str, str], tmp_path: Path, begin: str, kind: str, found: bool) -> None:
    assert holds(recipes["mobile_evening"], "mobile_evening", [device(kind)], tmp_path, begin) is found


def test_every_recipe_is_tried_and_its_number_stands_in_its_heading(recipes: dict[str, str], root: Path) -> None:
    assert set(recipes) == {*CASES, "mobile_evening"}
    text = (root / "docs/cookbook.md").read_text("utf-8")
    for name, (numbers, _, _) in CASES.items():
        heading = text[: text.index(f"[segments.{name}]")].rpartition("\n### ")[2].splitlines()[0]
        assert all(number in heading for number in numbers), name


@pytest.mark.covers("S1-96")
def test_of_two_rules_that_hold_the_one_with_priority_invites(root: Path, tmp_path: Path) -> None:
    text = (root / "docs/cookbook.md").read_text("utf-8")
    block = re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[-1]
    campaigns = load(f"[site]\nholdout = 0.0\n{block}", "recipe")
    views: list[Told] = [(8, "Cart Viewed", {}), (9, "Cart Viewed", {})]
    for story, invites in (([add(0, 4), *views], "premium-hesitates"), ([add(0, 3), *views], "hesitates")):
        file = tmp_path / "visit.jsonl"
        begin = datetime(2024, 5, 3, tzinfo=UTC)
        file.write_text("".join(f"{line}\n" for _, line in lines("v", story, begin)), "utf-8")
        found = replay(campaigns, read_events([file], trusted=False), UNLIMITED)
        assert [key for key, one in found.rules.items() if one.invited] == [f"cart/{invites}"]
