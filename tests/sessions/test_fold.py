"""The fold of events into a session: counters, pages, orders, signals; never an exception."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.backends.memory.orders import MemoryOrders
from aparte.sessions.apply import FOLDS, apply, begin, end, event_key, over
from aparte.sessions.model import NO_PAGE, NO_SIGNALS, PageView, SessionState, Signals, VisitorState
from aparte.tracking.model import Alias, ClientEvent, Group, Identify, Page, Screen, Track

T0 = 1_705_320_000_000


class Told:
    """A visitor whose session is folded by hand."""

    def __init__(self) -> None:
        self.visitor, self.orders = VisitorState("v"), MemoryOrders()
        self.session = begin(self.visitor, Page(at=T0), [])

    def does(self, event: ClientEvent, after: int = 0) -> SessionState:
        event.at = T0 + after
        return apply(self.session, self.visitor, event, self.orders)

    def track(self, name: str, after: int = 0, **properties: Any) -> SessionState:
        return self.does(Track(event=name, properties=properties), after)


def test_a_page_becomes_the_open_page_with_all_that_it_says() -> None:
    told = Told()
    told.does(Page(name="Lamps", properties={"path": "/lamps", "status": 200}), 5)
    page = told.session.page
    assert (page.path, page.title, page.at, page.status(), page.section()) == ("/lamps", "Lamps", T0 + 5, 200, "lamps")
    told.does(Screen(name="Cart", properties={"category": "buying"}), 6)
    assert (told.session.pages, told.session.page.title, told.session.page.section()) == (2, "Cart", "buying")


@pytest.mark.parametrize("odd", [5, ["/"], {"a": 1}, True, ""])
def test_a_page_with_odd_properties_has_none(odd: Any) -> None:
    names = ("path", "url", "title", "category", "language", "status", "product_id", "price", "complex")
    page = Told().does(Page(properties=dict.fromkeys(names, odd))).page
    assert page.path is page.url is page.title is page.section() is page.language() is page.query("q") is None
    assert page.product_text("product_id") is None
    assert page.status() == (odd if odd == 5 else None)
    assert page.product_number("price") == (odd if odd == 5 else None)
    assert page.product_flag("complex") is (True if odd is True else None)


def test_a_missing_page_is_counted() -> None:
    assert Told().does(Page(properties={"path": "/x", "status": 404})).signals.not_found == 1


@pytest.mark.covers("S0-38")
def test_the_marks_of_a_product_belong_to_the_page_that_shows_it() -> None:
    told = Told()
    told.does(Page(properties={"path": "/tv", "price": 10}))
    assert told.track("Product Viewed", product_id="tv", complex=True, price=900).page.product_flag("complex")
    assert told.session.page.product_number("price") == 900
    assert told.does(Page(properties={"path": "/"}), 1).page.product_flag("complex") is None


@pytest.mark.covers("S1-24")
@pytest.mark.parametrize(
    ("event", "signal"),
    [
        ("Form Started", "forms_started"),
        ("Form Abandoned", "forms_abandoned"),
        ("Form Submitted", "forms_submitted"),
        ("Form Field Error", "field_errors"),
        ("Rage Click", "rage_clicks"),
        ("Tab Hidden", "tab_hidden"),
        ("Payment Error", "payment_errors"),
        ("Coupon Denied", "coupons_denied"),
        ("Error Shown", "errors"),
        ("Exit Intent", "exit_intents"),
        ("Products Searched", "searches"),
    ],
)
def test_a_signal_is_counted_and_no_other(event: str, signal: str) -> None:
    told = Told()
    told.track(event)
    expected = Signals(**{signal: 2})  # type: ignore[arg-type]
    assert told.track(event).signals == expected
    assert Signals() == NO_SIGNALS


@pytest.mark.covers("S1-94")
def test_searches_on_the_site() -> None:
    told = Told()
    told.track("Products Searched", query="lamp", results=3)
    told.track("Products Searched", query=["odd"], results=0)
    signals = told.session.signals
    assert (signals.searches, signals.zero_results, signals.last_search) == (2, 1, "lamp")


def test_the_tag_tells_how_long_and_how_far() -> None:
    told = Told()
    told.does(Page(properties={"path": "/"}))
    told.track("Page Left", active=12_000, depth=0.5)
    told.track("Page Left", active="long", depth=None)
    assert (told.session.page.active_ms, told.session.page.scroll) == (12_000, 0.5)
    assert PageView() == NO_PAGE


def test_orders_and_their_totals() -> None:
    told = Told()
    told.track("Order Completed", order_id="1", total=0)
    told.track("Order Completed", order_id="1", revenue=70)
    told.track("Order Completed", order_id="1", total=90)
    told.track("Order Completed", order_id="2", total=5)
    assert (told.session.orders, told.session.revenue) == (2, 75.0)
    assert (told.visitor.orders, told.visitor.spend, told.orders.count, told.orders.revenue) == (2, 75.0, 2, 75.0)


def test_who_the_browser_says_he_is() -> None:
    told = Told()
    told.does(Identify(user_id="u", traits={"tier": "gold"}))
    told.does(Identify(traits={"age": 5}))
    assert (told.visitor.user_id, told.visitor.claimed, told.visitor.traits) == ("u", {"tier": "gold", "age": 5}, None)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        *((Page(), "page"), (Screen(), "page"), (Track(event="X"), "X")),
        *((Identify(), "identify"), (Group(), "group"), (Alias(), "alias")),
    ],
)
def test_the_name_of_an_event(event: ClientEvent, key: str) -> None:
    assert event_key(event) == key
    assert event.properties == {}


@pytest.mark.parametrize(
    ("after", "is_over"), [(0, False), (1_800_000, False), (1_800_001, True), (86_400_000, True), (-5, False)]
)
def test_the_end_of_a_session(after: int, is_over: bool) -> None:
    assert over(Told().session, T0 + after) is is_over


def test_a_session_ends_after_a_day_however_busy() -> None:
    session = Told().session
    session.event_at = T0 + 86_399_000
    assert not over(session, T0 + 86_400_000)
    assert over(session, T0 + 86_400_001)


def test_the_visitor_remembers_the_last_event_not_the_last_timer() -> None:
    told = Told()
    told.track("Ping", 1000)
    told.session.at += 60_000
    end(told.visitor, told.session)
    assert told.visitor.last_visit_at == T0 + 1000


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=3),
    st.just([1]),
    st.just({"a": []}),
)
COUNTABLE = {"price", "quantity", "total", "revenue"}  # numbers or absent behind the normaliser
MEMBERS = [
    "path",
    "url",
    "title",
    "status",
    "category",
    "active",
    "depth",
    "query",
    "results",
    "field",
    "products",
    "sku",
]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*sorted(FOLDS), "Ping"]),
            st.dictionaries(st.sampled_from(MEMBERS), ODD, max_size=4),
            st.dictionaries(st.sampled_from(sorted(COUNTABLE)), st.integers(0, 9) | st.floats(0, 9), max_size=3),
            st.integers(-60_000, 60_000),
        ),
        max_size=8,
    )
)
def test_never_an_exception_and_time_never_goes_back(events: list[tuple[str, Any, Any, int]]) -> None:
    told, at = Told(), 0
    for name, odd, numbers, after in events:
        for event in (Track(event=name, properties=odd | numbers), Page(properties=odd | numbers)):
            session = told.does(event, after)
            assert session.at == session.event_at >= at
            at = session.at
            assert session.cart.value >= 0
            assert session.page.section() is None or isinstance(session.page.section(), str)
    assert told.session.events == 2 * len(events)
