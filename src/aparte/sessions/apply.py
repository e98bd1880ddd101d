"""The fold: one event changes one session (and what is kept of its visitor). Pure: the same events give the same state.

`FOLDS` names what each event changes beside the counters; an event that is not named there only counts.
A late event is folded at the session's present time: it adds to counts and sums and moves no time back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, TypeAlias

from aparte.sessions import cart, typed
from aparte.sessions.landing import landing
from aparte.sessions.model import PageView, SessionState, VisitorState
from aparte.sessions.store import OrderLedger
from aparte.tracking.model import Alias, ClientEvent, Group, Identify, Page, PageContext, Screen, Track

Fold: TypeAlias = Callable[[SessionState, VisitorState, Any, OrderLedger], None]

PageLike: TypeAlias = Page | Screen | Track
"""What goes by the name of `page`: anybody may call a track so."""

PLACE = frozenset({"url", "path", "title"})  # a page event with no more says nothing else worth keeping
NO_CONTEXT = PageContext()
MOST_LEADS = 20
MOST_CLAIMED = 100
"""Members that may be told of a visitor; more are not kept."""


KEYS: Mapping[type[ClientEvent], str] = {
    Page: "page",
    Screen: "page",
    Identify: "identify",
    Group: "group",
    Alias: "alias",
}


def event_key(event: ClientEvent) -> str:
    """The name under which folds, behaviours and rules know an event: `page`, `identify`, `Product Added`, ..."""
    return event.event if isinstance(event, Track) else KEYS[type(event)]


def begin(visitor: VisitorState, event: ClientEvent, measures: list[Any]) -> SessionState:
    """Open the session that this event belongs to; `measures` are the empty behaviours."""
    visitor.sessions += 1
    if visitor.first_visit_at is None:
        visitor.first_visit_at = event.at
    return SessionState(
        started_at=event.at,
        at=event.at,
        event_at=event.at,
        number=visitor.sessions,
        landing=landing(event.context),
        measures=measures.copy() if measures else measures,
    )


def end(visitor: VisitorState, session: SessionState) -> None:
    """Close a session: the visitor remembers when it was."""
    visitor.last_visit_at = session.event_at


def over(session: SessionState, at: int) -> bool:
    """Whether an event at this time opens another session: more than 30 minutes of silence, or more than 24 hours."""
    return at > session.ends_at()


def apply(session: SessionState, visitor: VisitorState, event: ClientEvent, orders: OrderLedger) -> SessionState:
    """Fold one event into the session it belongs to; see `over` and `begin` for which that is."""
    session.at = session.event_at = max(session.at, event.at)
    session.events += 1
    fold = FOLDS.get(event_key(event))
    if fold is not None:
        fold(session, visitor, event, orders)
    return session


def page_viewed(session: SessionState, visitor: VisitorState, event: PageLike, orders: OrderLedger) -> None:
    """A page was opened; one that is older than the open page counts and leaves it open."""
    if isinstance(event, Track):
        return  # somebody has called a track `page`
    session.pages += 1
    if event.at < session.page.stamp:
        return
    properties = event.properties
    read = properties.get
    url, path, title = read("url"), read("path"), read("title")
    if type(url) is not str or type(path) is not str or not url or not path:
        around = (event.context and event.context.page) or NO_CONTEXT
        url, path = typed.text(url) or around.url, typed.text(path) or around.path
    if type(title) is not str or not title:
        title = event.name
    says_more = len(properties) > len(PLACE) or not PLACE.issuperset(properties)
    session.page = PageView(url, path, title, session.at, event.at, properties if says_more else None)
    if says_more and read("status") == 404:
        session.own_signals().not_found += 1


def identified(session: SessionState, visitor: VisitorState, event: Identify | Track, orders: OrderLedger) -> None:
    """Who the visitor is: what a browser says is claimed, what the shop's own server says (`trusted`) is known."""
    if isinstance(event, Track):
        return  # somebody has called a track `identify`
    visitor.user_id = event.user_id or visitor.user_id
    if event.trusted:
        if event.user_id and event.user_id != visitor.proven_id:
            # Another customer on the same device must not inherit what is said of the one before.
            visitor.traits = None if visitor.proven_id else visitor.traits
            visitor.proven_id = event.user_id
        visitor.traits = at_most(MOST_CLAIMED, {**(visitor.traits or {}), **event.traits})
    else:
        visitor.claimed = at_most(MOST_CLAIMED, {**(visitor.claimed or {}), **event.traits})


def at_most(most: int, members: dict[str, Any]) -> dict[str, Any]:
    """The first of these members."""
    return members if len(members) <= most else dict(islice(members.items(), most))


def product_viewed(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """A product was looked at."""
    session.product_views += 1
    session.own_page().product = event.properties


def product_added(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """A product went into the cart."""
    cart.add(session, event.properties)


def product_removed(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """A product left the cart."""
    cart.remove(session, event.properties)


def cart_viewed(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """The cart was looked at."""
    cart.view(session, event.properties)


def order_completed(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """An order came in: it empties the cart, counts once, and its total is the first that is not zero."""
    total = event.properties.get("total") or event.properties.get("revenue") or 0.0
    new, amount = orders.claim(str(event.properties.get("order_id") or event.message_id), float(total))
    if new:
        session.orders += 1
        visitor.orders += 1
    session.revenue += amount
    visitor.spend += amount
    cart.empty(session)


def lead_came(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """A lead; told twice, by the page and by the shop's server, it counts once."""
    lead = str(event.properties.get("lead_id") or event.message_id)
    known = visitor.lead_ids or []
    if lead not in known:
        session.leads += 1
        visitor.leads += 1
        visitor.lead_ids = [*known, lead][-MOST_LEADS:]


def searched(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """Something was searched for on the site."""
    signals = session.own_signals()
    signals.searches += 1
    signals.last_search = typed.text(event.properties.get("query")) or signals.last_search
    if event.properties.get("results") == 0:
        signals.zero_results += 1


def page_left(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """The tag tells how long the page was visible, in milliseconds, and how far it was scrolled, from 0 to 1."""
    page = session.own_page()
    active, depth = typed.number(event.properties.get("active")), typed.number(event.properties.get("depth"))
    page.active_ms = page.active_ms if active is None else int(active)
    page.scroll = page.scroll if depth is None else depth


def exit_intended(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """The pointer left through the top of the window."""
    session.own_signals().exit_intents += 1
    session.own_page().exit_intents += 1


def field_error(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """A form refused a field; only the field's name is known, never its value."""
    signals = session.own_signals()
    signals.field_errors += 1
    signals.last_field = typed.text(event.properties.get("field")) or signals.last_field


def chat_ended(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
    """A conversation is over."""
    visitor.last_chat_at = session.at


def counted(name: str) -> Fold:
    """A fold that adds one to a signal."""

    def count(session: SessionState, visitor: VisitorState, event: Track, orders: OrderLedger) -> None:
        signals = session.own_signals()
        setattr(signals, name, getattr(signals, name) + 1)

    return count


FOLDS: Mapping[str, Fold] = {
    "page": page_viewed,
    "identify": identified,
    "Product Viewed": product_viewed,
    "Product Added": product_added,
    "Product Removed": product_removed,
    "Cart Viewed": cart_viewed,
    "Order Completed": order_completed,
    "Lead Submitted": lead_came,
    "Lead Generated": lead_came,
    "Products Searched": searched,
    "Page Left": page_left,
    "Exit Intent": exit_intended,
    "Form Field Error": field_error,
    "Form Started": counted("forms_started"),
    "Form Abandoned": counted("forms_abandoned"),
    "Form Submitted": counted("forms_submitted"),
    "Rage Click": counted("rage_clicks"),
    "Tab Hidden": counted("tab_hidden"),
    "Payment Error": counted("payment_errors"),
    "Coupon Denied": counted("coupons_denied"),
    "Error Shown": counted("errors"),
    "Chat Ended": chat_ended,
}
