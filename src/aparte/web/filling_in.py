"""What the variables of canned replies stand for in one conversation."""

from __future__ import annotations

from collections import deque
from typing import Any

from aparte.conversations.model import Conversation
from aparte.engine.step import State
from aparte.reports.numbers import money
from aparte.sessions.model import SessionState
from aparte.web.desk import Desk
from aparte.web.journey import content, product_names
from aparte.web.principal import Principal

MOST_LINES = 1_000
NAMES = ("name", "first_name", "firstname", "prenom")
"""What the visitor's name may be called: in the form before the conversation, and among his traits."""


def values_of(me: Principal, conversation: Conversation, desk: Desk) -> dict[str, str]:
    """The value of each variable; those that are not known are missing."""
    site = desk.directory.site(conversation.site)
    state = desk.engine.visit(conversation.site, conversation.visitor)
    session = state.session if state is not None else None
    known = {
        "agent": desk.directory.name(me.id),
        "site": site.name,
        "visitor": visitor_name(conversation, state),
        "page": page_of(session),
        "cart": cart_of(session, site.currency, conversation.language),
        "first_product": first_product(conversation, session, desk),
    }
    return {name: value for name, value in known.items() if value}


def visitor_name(conversation: Conversation, state: State | None) -> str:
    """As he said before the conversation, as the shop knows him, or as his browser says."""
    visitor = state.visitor if state is not None else None
    for told in (conversation.form, visitor and visitor.traits, visitor and visitor.claimed):
        found = next((value for name in NAMES if (value := text_in(told or {}, name))), "")
        if found:
            return found
    return ""


def text_in(told: Any, name: str) -> str:
    """A text that stands under this name."""
    value = told.get(name)
    return value.strip() if isinstance(value, str) else ""


def page_of(session: SessionState | None) -> str:
    """The title of the page, or its path."""
    return "" if session is None else session.page.title or session.page.path or ""


def cart_of(session: SessionState | None, currency: str, language: str) -> str:
    """What is in the cart is worth; nothing for an empty one."""
    if session is None or not session.cart.items:
        return ""
    return money(session.cart.value, currency, language, 2)


def first_product(conversation: Conversation, session: SessionState | None, desk: Desk) -> str:
    """The name of the first product in the cart; without any, of the one on the page."""
    if session is None:
        return ""
    kept = [line.key for line in session.cart.lines if line.quantity > 0]
    if not kept:
        return session.page.product_text("name") or ""
    log = deque(desk.store.log(site=conversation.site, visitor=conversation.visitor), maxlen=MOST_LINES)
    return product_names((line, content(line)) for line in log).get(kept[0], "")
