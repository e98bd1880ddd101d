"""The examples of docs/reference/behaviours.md over the session that the page tells.

Mutants tried: each value of the page made another; `since` asked after the event is counted.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from aparte.backends.memory.orders import MemoryOrders
from aparte.engagements.model import SiteState
from aparte.engine import State, step
from aparte.kit.durations import parse_duration
from aparte.routing.model import UNLIMITED
from aparte.sessions.model import VisitorState
from aparte.targeting.campaign import load
from aparte.tracking.model import Alias, ClientEvent, Group, Identify, Page, TimerElapsed, Track

START = 1_700_000_000_000


def page(second: int, path: str) -> Page:
    return Page(at=START + second * 1000, visitor="v", message_id=f"p{second}", properties={"path": path})


def track(second: int, event: str, product: str = "", price: int = 0) -> Track:
    said = {"product_id": product, "price": price} if product else {}
    return Track(at=START + second * 1000, visitor="v", message_id=f"{event}{second}", event=event, properties=said)


SESSION: list[ClientEvent] = [
    page(0, "/shirts"),
    track(10, "Product Viewed", "a", 20),
    track(20, "Product Viewed", "b", 30),
    track(30, "Product Added", "b", 30),
    page(40, "/cart"),
    track(40, "Cart Viewed"),
    track(50, "Product Viewed", "a", 20),
]


def value(options: str, more: Iterable[ClientEvent] = ()) -> object:
    """The behaviour at the end of the session, as a condition reads it."""
    text = f"[behaviours.x]\n{options}\n[[campaigns]]\nname = 'c'\n[[campaigns.rules]]\nname = 'r'\nwhen = 'has(x)'"
    campaigns = load(text, "f")
    state = State(SiteState(campaigns.file.site), VisitorState("v"), MemoryOrders())
    for event in [*SESSION, *more, TimerElapsed(at=START + 60_000, visitor="v")]:
        step(state, event, campaigns, UNLIMITED)
    assert state.session is not None
    return campaigns.rules[0].values(state.session, state.visitor, state.site, START + 60_000)["x"]


def examples() -> list[tuple[str, str]]:
    text = (Path(__file__).parents[2] / "docs/reference/behaviours.md").read_text("utf-8")
    found = re.findall(r"\| (`\w+ = [^|]*`) \| `([^|]*)` \|$", text, re.MULTILINE)
    return [(re.sub("`, `", "\n", options).strip("`"), gives) for options, gives in found]


def test_every_kind_and_option_has_an_example() -> None:
    assert len(examples()) == 13


@pytest.mark.parametrize(("options", "gives"), examples())
def test_each_example_gives_its_value(options: str, gives: str) -> None:
    wanted = parse_duration(gives) if re.fullmatch(r"\d+s", gives) else json.loads(gives)
    assert value(options) == wanted


def test_pages_since_a_page_are_always_one() -> None:
    assert value('count = "page"\nsince = "page"') == 1


def test_a_window_is_open_at_its_old_end() -> None:
    assert value('count = "Product Viewed"\nwithin = "50s"') == 2
    assert value('count = "Product Viewed"\nwithin = "50001ms"') == 3


def test_what_broke_a_sequence_leaves_the_completed_ones() -> None:
    assert value('sequence = ["Product Viewed", "Product Added"]\nwithout = "Cart Viewed"') == 1
    assert value('sequence = ["Product Added", "Product Viewed"]\nwithout = "Cart Viewed"') == 0


def test_messages_without_properties_are_counted_and_measured_by_nothing() -> None:
    at = START + 55_000
    others: list[ClientEvent] = [
        Identify(at=at, visitor="v", message_id="i", user_id="u", traits={"tier": "gold"}),
        Group(at=at, visitor="v", message_id="g", group_id="firm", traits={"tier": "silver"}),
        Alias(at=at, visitor="v", message_id="a", previous_id="w"),
    ]
    assert value('count = "*"', others) == len(SESSION) + 3
    assert value('last = "*"\nof = "tier"', others) is None
    assert value('distinct = "*"\nof = "tier"\nwithin = "1m"', others) == 0
    assert value('count = "*"\nwhere = \'event.properties.tier != "x"\'', others) == 0
    assert value('idle = "identify"', others) == 5_000
