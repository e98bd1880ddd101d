"""The words of sessions: the state that conditions read.

Times are integer milliseconds since 1970-01-01 UTC, amounts are in the currency of the shop's events.
A field that is not known is None (absent), never 0: a condition that reads it is then unknown.
States are mutable and owned by whoever folds: `apply` changes them in place (a copy costs more than the whole update).
Where events bring whole numbers, fields are `int | float`: a state that is written and read again must not turn 50 into
50.0, which decisions would show.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from aparte.experiments.model import Assignment
from aparte.sessions import typed
from aparte.sessions.urls import query_parameter

SESSION_GAP_MS = 30 * 60 * 1000
SESSION_CAP_MS = 24 * 60 * 60 * 1000


class PageView(Struct, gc=False, omit_defaults=True):
    """The page the visitor is on."""

    url: str | None = None
    path: str | None = None
    title: str | None = None
    at: int = 0
    """When it was opened; 0 before the first page event."""
    stamp: int = 0
    """The page event's own time, which may be before `at` when it came late."""
    properties: dict[str, Any] | None = None
    """Of the page event, when it says more than where the page is."""
    product: dict[str, Any] | None = None
    """Properties of the last `Product Viewed` on this page."""
    active_ms: int | None = None
    scroll: int | float | None = None
    exit_intents: int = 0

    def detail(self, name: str) -> Any:
        """A property of the page event."""
        return self.properties.get(name) if self.properties else None

    def product_detail(self, name: str) -> Any:
        """A property of the product shown on this page, else of the page event."""
        return (self.product or self.properties or {}).get(name)

    def language(self) -> str | None:
        """The language that the page event says."""
        return typed.text(self.detail("language"))

    def status(self) -> int | None:
        """The HTTP status that the page event says."""
        return typed.whole(self.detail("status"))

    def product_text(self, name: str) -> str | None:
        """A text among the details of the product."""
        return typed.text(self.product_detail(name))

    def product_number(self, name: str) -> int | float | None:
        """A number among the details of the product."""
        return typed.number(self.product_detail(name))

    def product_flag(self, name: str) -> bool | None:
        """A mark among the details of the product."""
        return typed.flag(self.product_detail(name))

    def marked(self, name: str) -> bool | None:
        """A mark of the product: what the catalogue says, else what the page itself says."""
        of = known_of(self.product)
        return typed.flag(of[name]) if name in of else self.product_flag(name)

    def margin(self) -> int | float | None:
        """What one piece of the product shown earns; only the catalogue can say it."""
        return typed.number(known_of(self.product).get("margin"))

    def query(self, name: str) -> str | None:
        """A parameter of the page's address."""
        return query_parameter(self.url, name)

    def section(self) -> str | None:
        """The page's category, else the first part of its path."""
        return typed.text(self.detail("category")) or (self.path and self.path.strip("/").split("/", 1)[0]) or None


class Landing(Struct, gc=False, frozen=True, omit_defaults=True):
    """How the session began."""

    url: str | None = None
    path: str | None = None
    referrer: str | None = None
    referrer_domain: str | None = None
    channel: str | None = None
    search_engine: str | None = None
    keyword: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    content: str | None = None
    affiliate: str | None = None
    device: str | None = None
    browser: str | None = None
    language: str | None = None
    country: str | None = None


class CartLine(Struct, gc=False, frozen=True, array_like=True):
    """One product in the cart."""

    key: str
    quantity: int
    price: int | float
    category: str | None = None
    margin: int | float | None = None
    """What one piece earns."""
    complex: bool = False
    high_value: bool = False


class Cart(Struct, gc=False, omit_defaults=True):
    """The fold of the cart events; never below 0."""

    value: int | float = 0.0
    items: int = 0
    lines: tuple[CartLine, ...] = ()
    views_since_add: int = 0

    def categories(self) -> int:
        """How many different categories are in it."""
        return len({line.category for line in self.lines if line.category})

    def margin(self) -> int | float | None:
        """Sum of margin x quantity of the products whose margin is known; None when none is."""
        known = [line.margin * line.quantity for line in self.lines if line.margin is not None]
        return round(sum(known), 6) if known else None

    def complex(self) -> bool:
        """Whether one of its products needs explaining."""
        return any(line.complex for line in self.lines)

    def high_value(self) -> bool:
        """Whether one of its products is of high value."""
        return any(line.high_value for line in self.lines)


class Signals(Struct, gc=False, omit_defaults=True):
    """What tells of trouble or of intent; made when the first one comes."""

    searches: int = 0
    zero_results: int = 0
    last_search: str | None = None
    exit_intents: int = 0
    rage_clicks: int = 0
    tab_hidden: int = 0
    forms_started: int = 0
    forms_abandoned: int = 0
    forms_submitted: int = 0
    field_errors: int = 0
    last_field: str | None = None
    payment_errors: int = 0
    coupons_denied: int = 0
    not_found: int = 0
    errors: int = 0


ADDED_BY_US = "aparte:catalogue"
"""Where the catalogue's words stand in the properties of an event; see `aparte.catalogue.enrich`."""
NOTHING: dict[str, Any] = {}


def known_of(properties: dict[str, Any] | None) -> dict[str, Any]:
    """What the catalogue says of the product in these properties."""
    found = properties.get(ADDED_BY_US) if properties else None
    return found if isinstance(found, dict) else NOTHING


NO_PAGE = PageView()
NO_LANDING = Landing()
NO_CART = Cart()
NO_SIGNALS = Signals()


class SessionState(Struct, gc=False, omit_defaults=True):
    """One session of one visitor.

    `page`, `cart` and `signals` are shared empty ones until something is known; `own_cart` and its like make them the
    session's own. The fields after `product_views` belong to the stages above and are opaque here: `measures`
    (behaviours, one slot each), `deadlines` (rule -> next moment worth a look), `holding` (rule -> since when, for
    delayed variants), `eligible`, `covered`, `candidate`, `settled` (one bit a rule), `refused` (rule -> the reason
    told last).
    """

    started_at: int
    at: int
    """Engine time: the largest time seen, timers included."""
    event_at: int
    """Engine time of the last event of a client; idleness and the session's end count from here."""
    number: int = 1
    events: int = 0
    pages: int = 0
    page: PageView = field(default_factory=lambda: NO_PAGE)
    landing: Landing = NO_LANDING
    cart: Cart = field(default_factory=lambda: NO_CART)
    signals: Signals = field(default_factory=lambda: NO_SIGNALS)
    orders: int = 0
    revenue: float = 0.0
    leads: int = 0
    product_views: int = 0
    measures: list[Any] = field(default_factory=list)
    deadlines: dict[int, int] | None = None
    holding: dict[int, int] | None = None
    eligible: int = 0
    covered: int = 0
    candidate: int = 0
    settled: int = 0
    wanted: int = 0
    """Rules whose demand for a slot was counted in this session; see pricing."""
    refused: dict[int, str] | None = None

    def ends_at(self) -> int:
        """The last millisecond at which an event still belongs to this session."""
        return min(self.event_at + SESSION_GAP_MS, self.started_at + SESSION_CAP_MS)

    def own_cart(self) -> Cart:
        """The cart, ready to be changed."""
        if self.cart is NO_CART:
            self.cart = Cart()
        return self.cart

    def own_signals(self) -> Signals:
        """The signals, ready to be changed."""
        if self.signals is NO_SIGNALS:
            self.signals = Signals()
        return self.signals

    def own_page(self) -> PageView:
        """The page, ready to be changed."""
        if self.page is NO_PAGE:
            self.page = PageView()
        return self.page


FOR_EVER = 1 << 53
"""The end of what has none."""


class OpenEngagement(Struct, gc=False, omit_defaults=True):
    """What is going on with a visitor now: an invitation on the screen, or a conversation."""

    id: str
    campaign: str
    skill: str | None
    at: int
    expires_at: int
    accepted: bool = False


class Other(Struct, gc=False, array_like=True):
    """What another identity of the same person has of its own."""

    orders: int = 0
    spend: float = 0.0
    leads: int = 0
    sessions: int = 0


class VisitorState(Struct, gc=False, omit_defaults=True):
    """What is known of a visitor across his sessions; small, kept for months."""

    id: str
    sessions: int = 0
    first_visit_at: int | None = None
    last_visit_at: int | None = None
    """When the previous session ended; absent in the first session."""
    orders: int = 0
    spend: float = 0.0
    last_chat_at: int | None = None
    last_decline_at: int | None = None
    user_id: str | None = None
    """As somebody said, perhaps the visitor himself."""
    proven_id: str | None = None
    """As the shop's server has proven: by the secret key, or by a token that it has signed."""
    traits: dict[str, Any] | None = None
    claimed: dict[str, Any] | None = None
    scores: dict[str, float] | None = None
    arms: dict[str, Assignment] | None = None
    contacts: dict[str, list[int]] | None = None
    """Per campaign: when an invitation, or the ghost of one, was due."""
    open: OpenEngagement | None = None
    bot: bool = False
    consent: str = "full"
    reachable_at: int | None = None
    visible: bool = False
    leads: int = 0
    lead_ids: list[str] | None = None
    """The last of them, so that none counts twice."""
    root: str | None = None
    """The oldest identity of this person, once another one is known; arms are dealt by it."""
    others: dict[str, Other] | None = None
    """What the person's other identities had when they were last compared."""
    blocked_until: int | None = None
    """Nobody invites him before this moment; FOR_EVER: until somebody lifts it."""

    def blocked(self, now: int) -> bool:
        """Whether somebody has blocked him, and it has not run out."""
        return self.blocked_until is not None and now < self.blocked_until

    def all_orders(self) -> int:
        """Orders of the person, as far as known."""
        return self.orders + sum(one.orders for one in (self.others or {}).values())

    def all_spend(self) -> float:
        """Total of the person's orders."""
        return self.spend + sum(one.spend for one in (self.others or {}).values())

    def all_leads(self) -> int:
        """Leads of the person."""
        return self.leads + sum(one.leads for one in (self.others or {}).values())

    def all_sessions(self) -> int:
        """Visits of the person."""
        return self.sessions + sum(one.sessions for one in (self.others or {}).values())

    def trait(self, name: str) -> Any:
        """What the shop says of the visitor."""
        return self.traits.get(name) if self.traits else None

    def claim(self, name: str) -> Any:
        """What the browser says of the visitor."""
        return self.claimed.get(name) if self.claimed else None

    def score(self, name: str) -> float | None:
        """A model's score; absent without a model."""
        return self.scores.get(name) if self.scores else None
