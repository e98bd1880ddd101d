"""The attribute schema tells the truth: each read expression works, has its type, and changes with the named events.

Mutants tried: `session.searches` changed by "Product Viewed"; `visitor.spend` read from `v.orders`; `page.price` typed
int; `cart.views_since_add` without "Cart Viewed"; each fails here.
"""

from collections.abc import Callable
from typing import Any

import pytest

from aparte.backends.memory.orders import MemoryOrders
from aparte.engagements.facts import apply_visitor_fact
from aparte.engagements.model import SiteState
from aparte.routing.model import Capacity
from aparte.sessions.apply import apply, begin, event_key
from aparte.sessions.model import SessionState, VisitorState
from aparte.targeting.campaign import load
from aparte.targeting.conditions import Kind, check, compile_value
from aparte.targeting.model import SiteRules
from aparte.targeting.schema import Attribute, attribute_of, attributes, scope
from aparte.tracking.ecommerce import CANONICAL
from aparte.tracking.model import (
    CampaignContext,
    Context,
    ConversationEnded,
    DeviceContext,
    Event,
    Identify,
    InvitationDeclined,
    LocationContext,
    Page,
    PageContext,
    ScoreComputed,
    Track,
    VisitorFact,
)

START = 1_700_000_000_000
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
CONTEXT = Context(
    page=PageContext(url="https://shop.example/p?size=M", path="/p", referrer="https://www.google.com/search?q=shirt"),
    campaign=CampaignContext(source="src", medium="affiliate", name="name", term="word", content="text"),
    device=DeviceContext(type="desktop"),
    location=LocationContext(country="FR"),
    user_agent=CHROME,
    locale="fr-FR",
)
PRODUCT = {"product_id": "p1", "category": "shirts", "price": 20.0, "complex": True, "high_value": False, "quantity": 2}


def page(seconds: int, **properties: Any) -> Page:
    said = {"url": "https://shop.example/p?size=M", "path": "/p", "title": "P", **properties}
    return Page(at=START + seconds * 1000, visitor="v", properties=said, context=CONTEXT, message_id=f"p{seconds}")


def track(seconds: int, event: str, **properties: Any) -> Track:
    return Track(
        at=START + seconds * 1000, visitor="v", event=event, properties=properties, message_id=f"{event}{seconds}"
    )


STORY: list[Event] = [
    page(0),
    page(1, language="fr", status=404, category="clothes"),
    track(2, "Product Viewed", **PRODUCT),
    track(3, "Product Added", **PRODUCT),
    track(4, "Cart Viewed"),
    track(5, "Products Searched", query="blue shirt", results=0),
    track(6, "Exit Intent"),
    track(7, "Rage Click"),
    track(8, "Tab Hidden"),
    track(9, "Form Started"),
    track(10, "Form Field Error", field="zip"),
    track(11, "Form Abandoned"),
    track(12, "Form Submitted"),
    track(13, "Payment Error"),
    track(14, "Coupon Denied"),
    track(15, "Error Shown"),
    track(16, "Page Left", active=9000, depth=0.5),
    Identify(at=START + 17_000, visitor="v", user_id="u", traits={"tier": "gold"}),
    track(18, "Chat Ended"),
    InvitationDeclined(at=START + 19_000, visitor="v", engagement="e"),
    ScoreComputed(at=START + 20_000, visitor="v", model="m", scores={"purchase": 0.5}),
    track(21, "Order Completed", order_id="o1", total=40.0),
    track(22, "Product Added", **PRODUCT),
    track(23, "Product Removed", **PRODUCT),
    ConversationEnded(at=START + 24_000, visitor="v"),
    track(25, "Cart Viewed", products=[PRODUCT, PRODUCT | {"product_id": "p2", "category": "socks"}]),
    track(26, "Product Added", **PRODUCT),
    track(27, "Cart Viewed"),
    page(
        28,
        url="https://shop.example/q?size=L",
        path="/q",
        title="Q",
        **PRODUCT | {"price": 3, "product_id": "p3", "complex": False, "high_value": True},
    ),
    track(29, "Order Completed", order_id="o2", total=40.0),
]
"""Everything that may happen to a visitor, once; the second page says more than the first."""

KEYS = {
    "page.query.*": "size",
    "visitor.traits.*": "tier",
    "visitor.claimed.*": "tier",
    "capacity.free.*": "sales",
    "capacity.queue.*": "sales",
    "scores.*": "purchase",
}
CLASSES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "number": (int, float),
    "string": (str,),
    "duration": (int,),
    "any": (bool, int, float, str),
}


class World:
    """A visitor at a site, to whom the story happens."""

    def __init__(self) -> None:
        self.visitor = VisitorState("v", sessions=1, first_visit_at=1, last_visit_at=START - 86_400_000)
        self.visitor.traits = {"tier": "silver"}
        capacity = Capacity(free={"sales": 2}, queue={"sales": 1})
        self.site = SiteState(SiteRules(time_zone="Europe/Paris"), capacity=capacity)
        self.orders, self.now = MemoryOrders(), START
        self.session: SessionState | None = None

    def take(self, event: Event) -> None:
        self.now = event.at
        if isinstance(event, VisitorFact):
            apply_visitor_fact(self.site, self.visitor, event)
            return
        self.session = self.session or begin(self.visitor, event, [])
        apply(self.session, self.visitor, event, self.orders)

    def read(self, name: str) -> Any:
        return reading(name)(self.session, self.visitor, self.site, self.now)


def full(name: str) -> str:
    return name.removesuffix("*") + KEYS[name] if name.endswith("*") else name


def reading(name: str) -> Callable[..., Any]:
    """The read expression itself, compiled on its own."""
    attribute = attribute_of(full(name))
    assert attribute is not None
    return eval(f"lambda s, v, site, now: {attribute.read}", {"key": KEYS.get(name)})


def told(world: World) -> World:
    for event in STORY:
        world.take(event)
    return world


def empty() -> World:
    world = World()
    world.visitor = VisitorState("v")
    world.session = SessionState(started_at=START, at=START, event_at=START)
    return world


ALL = [pytest.param(name, one, id=name) for name, one in attributes().items()]


@pytest.mark.parametrize(("name", "attribute"), ALL)
def test_on_an_empty_session_it_is_there_or_absent_as_it_says(name: str, attribute: Attribute) -> None:
    value = empty().read(name)
    if attribute.presence == "always":
        assert isinstance(value, CLASSES[attribute.type])
        assert type(value) is not bool or attribute.type in ("bool", "any")
    else:
        assert value is None


@pytest.mark.parametrize(("name", "attribute"), ALL)
def test_on_a_full_session_it_has_its_type_and_one_of_its_values(name: str, attribute: Attribute) -> None:
    world = World()
    seen = []
    for event in STORY:
        world.take(event)
        seen.append(world.read(name))
    values = [value for value in seen if value is not None]
    assert values, "never there"
    for value in values:
        assert isinstance(value, CLASSES[attribute.type])
        assert type(value) is not bool or attribute.type in ("bool", "any")
        assert attribute.values is None or value in attribute.values
        assert attribute.type != "duration" or value >= 0


@pytest.mark.parametrize(("name", "attribute"), ALL)
def test_what_grows_counts_from_where_it_says(name: str, attribute: Attribute) -> None:
    if attribute.since is None:
        assert attribute.type != "duration" or attribute.flow != "steady" or name == "page.active"
        return
    world = told(World())
    start = eval(attribute.since, {"s": world.session, "v": world.visitor})
    assert world.read(name) == world.now - start
    assert eval(attribute.since, {"s": empty().session, "v": empty().visitor}) in (None, START)


def changes(name: str) -> set[str]:
    """The events of the story that changed the value; time stands still around each."""
    world, found = World(), set()
    for event in STORY:
        if world.session is not None:
            world.now = event.at
            world.session.at = event.at
            before = world.read(name)
            world.take(event)
            if world.read(name) != before:
                found.add(type(event).__name__ if isinstance(event, VisitorFact) else event_key(event))
        else:
            world.take(event)
    return found


@pytest.mark.parametrize(("name", "attribute"), ALL)
def test_it_changes_with_the_events_that_it_names_and_with_no_other(name: str, attribute: Attribute) -> None:
    if attribute.flow == "free":  # clock and capacity: looked at with every event
        assert attribute.changed_by == ("*",)
        return
    found = changes(name)
    if attribute.changed_by == ("*",):
        assert found >= {"page", "Rage Click", "Form Started"}
        return
    assert found <= set(attribute.changed_by)
    unseen = set(attribute.changed_by) - found
    assert not unseen or (name, frozenset(unseen)) in STILL


STILL = {
    ("page.exit_intents", frozenset({"page"})),  # there was none on the page before
    ("page.active", frozenset({"page"})),  # told by the page that is left, for the page that comes
    ("page.scroll", frozenset({"page"})),
    ("visitor.traits.*", frozenset({"identify"})),  # only a signed one, which recordings do not have
}


def test_every_named_event_is_one_that_the_engine_knows() -> None:
    facts = {"ConversationEnded", "InvitationDeclined", "ScoreComputed"}
    named = {event for one in attributes().values() for event in one.changed_by} - {"*", "page", "identify"} - facts
    assert named <= CANONICAL


@pytest.mark.parametrize(("name", "attribute"), ALL)
def test_every_attribute_can_be_compared_in_a_condition(name: str, attribute: Attribute) -> None:
    constants = {
        "bool": "true", "int": "1", "number": "1.5", "string": "'x'", "duration": "duration('1s')", "any": "'x'",
    }  # fmt: skip
    constant = f"'{attribute.values[0]}'" if attribute.values else constants[attribute.type]
    checked = check(f"has({full(name)}) && {full(name)} == {constant}", scope())
    world = told(World())
    assert compile_value(checked)(world.session, world.visitor, world.site, world.now) in (True, False)
    assert len(attribute.doc) > 10
    assert attribute.doc.endswith(".")


def test_types_are_those_of_the_language() -> None:
    assert {one.type for one in attributes().values()} <= {kind.value for kind in Kind}


def test_a_rule_that_reads_an_attribute_is_asked_when_it_changes() -> None:
    text = '[[campaigns]]\nname = "c"\n[[campaigns.rules]]\nname = "r"\nwhen = "session.searches > 0"'
    index = load(text, "f").index
    [rule] = index.rules
    searched, viewed = (index[event].look for event in ("Products Searched", "Product Viewed"))
    world = told(World())
    args = (world.session, world.visitor, world.site, world.now)
    assert (searched(*args), viewed(*args)) == ([rule], [])


BEFORE_THE_LAST_PAGE: dict[str, Any] = {
    "page.url": "https://shop.example/p?size=M",
    "page.path": "/p",
    "page.title": "P",
    "page.query.*": "M",
    "page.section": "clothes",
    "page.language": "fr",
    "page.status": 404,
    "page.product_id": "p1",
    "page.category": "shirts",
    "page.price": 20.0,
    "page.complex": True,
    "page.high_value": False,
    "page.dwell": 26_000,
    "page.active": 9_000,
    "page.scroll": 0.5,
    "page.exit_intents": 1,
    "session.pages": 2,
    "session.events": 25,
    "session.duration": 27_000,
    "session.idle": 0,
    "session.number": 2,
    "session.landing_url": "https://shop.example/p?size=M",
    "session.landing_path": "/p",
    "session.referrer": "https://www.google.com/search?q=shirt",
    "session.referrer_domain": "google.com",
    "session.channel": "affiliate",
    "session.search_engine": "google",
    "session.keyword": "word",
    "session.source": "src",
    "session.medium": "affiliate",
    "session.campaign": "name",
    "session.content": "text",
    "session.affiliate": "src",
    "session.device": "desktop",
    "session.browser": "chrome",
    "session.language": "fr-FR",
    "session.country": "FR",
    "session.last_search": "blue shirt",
    "session.last_field": "zip",
    "session.orders": 1,
    "session.revenue": 40.0,
    "cart.value": 120.0,
    "cart.items": 6,
    "cart.distinct_items": 2,
    "cart.categories": 2,
    "cart.views_since_add": 1,
    "visitor.returning": True,
    "visitor.since_last_visit": 86_427_000,
    "visitor.orders": 1,
    "visitor.spend": 40.0,
    "visitor.since_last_chat": 3_000,
    "visitor.since_last_decline": 8_000,
    "visitor.identified": True,
    "visitor.traits.*": "silver",
    "visitor.claimed.*": "gold",
    "time.hour": 23,
    "time.weekday": "tue",
    "time.business_hours": True,
    "time.holiday": False,
    "capacity.free.*": 2,
    "capacity.queue.*": 1,
    "scores.*": 0.5,
}
"""Counted by hand from the story; every other attribute is a count of something that happened once."""


@pytest.mark.parametrize(("name", "attribute"), ALL)
def test_it_means_what_the_story_tells(name: str, attribute: Attribute) -> None:
    world = World()
    for event in STORY[:-2]:
        world.take(event)
    value = world.read(name)
    assert value == BEFORE_THE_LAST_PAGE.get(name, 1)
    assert (type(value) is bool) == (attribute.type == "bool")
