"""A visitor's way as an agent reads it: the steps, the cart, and why he was invited. Pure: rows in, words out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from aparte.attribution.store import Order
from aparte.conversations.model import Conversation
from aparte.engagements.store import RecordDecision
from aparte.engine.step import State
from aparte.kit.labels import visitor_label
from aparte.reports.numbers import money
from aparte.sessions.model import NO_CART, NO_LANDING, Cart, VisitorState
from aparte.targeting.campaign import Campaigns
from aparte.targeting.schema import attribute_of
from aparte.tracking.store import Logged
from aparte.web import words

MOST_STEPS = 200
LONGEST = 300

FACTS = {
    "InvitationOffered": "Invitation Offered",
    "InvitationShown": "Invitation Shown",
    "InvitationAccepted": "Invitation Accepted",
    "InvitationDeclined": "Invitation Declined",
    "InvitationExpired": "Invitation Ignored",
    "InvitationRevoked": "Invitation Revoked",
    "ConversationEnded": "Chat Ended",
    "ConsentChanged": "Consent Changed",
    "VisitorBlocked": "Blocked",
    "VisitorUnblocked": "Unblocked",
}
DECIDED = {"invite": "Invitation Offered", "hold_out": "Invitation Withheld"}
QUIET = frozenset({"Page Left", "Tab Hidden"})
"""What a page tells of itself whenever it is not looked at: rules may read it, a reader is not helped."""
SIMPLE = ("query", "code", "coupon", "coupon_id", "field", "form", "message", "reason", "step", "order_id")
"""Members of a track that say what happened, when it is not about goods."""
AMOUNTS = ("total", "revenue", "value")


class Known(Struct, frozen=True, kw_only=True):
    """Everything that is known of a visitor, as the stores tell it."""

    visitor: str
    currency: str
    language: str
    """Of the reader, for amounts."""
    state: State | None
    log: Iterable[Logged]
    decisions: Sequence[RecordDecision]
    """The youngest first."""
    orders: Iterable[Order]
    conversations: Sequence[Conversation]
    """The youngest first."""
    campaigns: Campaigns | None
    name_of: Callable[[str], str]


class Tongue(Struct, frozen=True):
    """How amounts are written for the reader."""

    currency: str
    language: str

    def money(self, amount: float, currency: str | None = None) -> str:
        """`39,90 €` or `€39.90`."""
        return money(amount, currency or self.currency, self.language, 2)


def journey(known: Known) -> words.Journey | None:
    """The whole picture; None when nothing is known of this visitor."""
    lines = deque(known.log, maxlen=MOST_STEPS * 5)
    if known.state is None and not lines and not known.conversations and not known.decisions:
        return None
    read = [(line, content(line)) for line in lines]
    visitor = known.state.visitor if known.state else VisitorState(known.visitor)
    session = known.state.session if known.state else None
    landing = session.landing if session else NO_LANDING
    # The state has counted them; only of a visitor who has none are all the site's orders looked through.
    own = [] if known.state else [one for one in known.orders if one.visitor == known.visitor]
    return words.Journey(
        visitor=known.visitor,
        label=visitor_label(known.visitor),
        visits=visitor.sessions,
        first_visit_at=visitor.first_visit_at,
        orders=max(visitor.orders, len(own)),
        spend=max(visitor.spend, round(sum(one.total - one.refunded for one in own), 2)),
        claimed=visitor.claimed or {},
        traits=visitor.traits or {},
        verified=visitor.proven_id is not None,
        device=landing.device,
        browser=landing.browser,
        country=landing.country,
        language=landing.language,
        referrer=landing.referrer,
        channel=landing.channel,
        session=words.SessionWords(session.started_at, session.pages) if session else None,
        cart=cart(session.cart if session else NO_CART, product_names(read)),
        steps=steps(read, known.decisions, known.campaigns, Tongue(known.currency, known.language)),
        why=why(known.decisions, known.campaigns),
        earlier=[earlier(one, known.name_of) for one in known.conversations],
    )


def content(line: Logged) -> dict[str, Any]:
    """What a line of the log says; nothing when it cannot be read."""
    try:
        found = msgspec.json.decode(line.line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def earlier(conversation: Conversation, name_of: Callable[[str], str]) -> words.Earlier:
    """A conversation of before, or the one that goes on."""
    agent = name_of(conversation.agent) if conversation.agent else None
    return words.Earlier(conversation.id, conversation.opened_at, conversation.closed_at, agent, conversation.csat)


# Steps


def steps(
    read: Iterable[tuple[Logged, dict[str, Any]]],
    decisions: Iterable[RecordDecision],
    campaigns: Campaigns | None,
    tongue: Tongue,
) -> list[words.Step]:
    """Pages, events and facts in the order of their time, the last 200."""
    found = [step for line, said in read if (step := step_of(line, said, tongue)) is not None]
    found += [decided(one, campaigns, tongue.language) for one in decisions if one.decision in DECIDED]
    return sorted(found, key=lambda one: one.at)[-MOST_STEPS:]


def step_of(line: Logged, said: dict[str, Any], tongue: Tongue) -> words.Step | None:
    """The step that a line of the log is; None for what happened behind the scenes."""
    if line.kind in ("page", "screen"):
        return page_step(line, said)
    if line.kind == "track" and line.name not in QUIET:
        return words.Step(line.at, "track", line.name, detail_of(mapping(said, "properties"), tongue), url_of(said))
    if line.kind in FACTS:
        return words.Step(line.at, "fact", FACTS[line.kind], text(said.get("level")))
    return None


def page_step(line: Logged, said: dict[str, Any]) -> words.Step:
    """A page, by its title if it has one."""
    properties, page = mapping(said, "properties"), mapping(mapping(said, "context"), "page")
    title = text(properties.get("title")) or text(page.get("title"))
    path = text(properties.get("path")) or text(page.get("path"))
    name = title or text(said.get("name")) or path or "page"
    return words.Step(line.at, "page", name, path if path != name else None, url_of(said))


def decided(row: RecordDecision, campaigns: Campaigns | None, language: str) -> words.Step:
    """An invitation that was decided, or withheld, with what people call its campaign in the reader's language."""
    called = campaigns.called(row.campaign) if campaigns else row.campaign
    if isinstance(called, dict):
        called = called.get(language) or next(iter(called.values()))
    return words.Step(row.at, "fact", DECIDED[row.decision], f"{called}/{row.rule}")


def url_of(said: dict[str, Any]) -> str | None:
    """The address of the page it happened on."""
    page = mapping(mapping(said, "context"), "page")
    return text(mapping(said, "properties").get("url"), 2000) or text(page.get("url"), 2000)


def detail_of(properties: dict[str, Any], tongue: Tongue) -> str | None:
    """What a track is about, in a few words: the goods, the amount, else the first member that says something."""
    goods = [named for one in goods_of(properties) if (named := good(one, tongue))]
    amount = next((number(properties.get(name)) for name in AMOUNTS if number(properties.get(name)) is not None), None)
    parts = [*goods[:5], *(["..."] if len(goods) > 5 else [])]
    if amount is not None and len(goods) != 1:
        parts.append(tongue.money(amount, text(properties.get("currency"))))
    parts += [said for name in SIMPLE if (said := text(properties.get(name)))]
    return text(", ".join(parts))


def goods_of(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """The products that an event carries, or is about."""
    products = properties.get("products")
    if isinstance(products, list):
        return [one for one in products if isinstance(one, dict)]
    return [properties] if properties.get("name") or properties.get("product_id") else []


def good(product: dict[str, Any], tongue: Tongue) -> str:
    """A product: its name, how many, what one costs."""
    name = text(product.get("name")) or text(product.get("product_id"))
    if not name:
        return ""
    quantity, price = number(product.get("quantity")), number(product.get("price"))
    many = f" × {quantity:g}" if quantity is not None and quantity != 1 else ""
    return name + many + (f", {tongue.money(price)}" if price is not None else "")


# The cart


def cart(found: Cart, names: dict[str, str]) -> words.Cart:
    """The cart with the names of its products, as far as an event has told them."""
    lines = [words.Line(names.get(one.key, one.key), one.quantity, one.price) for one in found.lines]
    return words.Cart(found.value, found.items, lines)


def product_names(read: Iterable[tuple[Logged, dict[str, Any]]]) -> dict[str, str]:
    """What each product is called, by every id it goes by."""
    names: dict[str, str] = {}
    for line, said in read:
        if line.kind == "track":
            for product in goods_of(mapping(said, "properties")):
                if name := text(product.get("name")):
                    names |= {str(product[key]): name for key in ("product_id", "sku") if product.get(key)}
    return names


# Why


def why(decisions: Sequence[RecordDecision], campaigns: Campaigns | None) -> words.Why | None:
    """The last invitation or hold-out; without one the last time nobody was invited although a rule held."""
    row = next((one for one in decisions if one.decision in DECIDED), decisions[0] if decisions else None)
    if row is None:
        return None
    said = decision_line(row)
    rule = (
        next((one for one in campaigns.rules if one.key == f"{row.campaign}/{row.rule}"), None) if campaigns else None
    )
    return words.Why(
        campaign=row.campaign,
        campaign_label=campaigns.called(row.campaign) if campaigns else row.campaign,
        rule=row.rule,
        when=rule.rule.when if rule else None,
        version=rule.campaign.version if rule else None,
        variant=text(said.get("variant")) if row.decision == "invite" else None,
        at=row.at,
        decision=row.decision,
        reason=text(said.get("reason")) if row.decision == "refrain" else None,
        level=text(said.get("level")) if row.decision == "hold_out" else None,
        values={name: seconds(name, value, campaigns) for name, value in mapping(said, "values").items()},
    )


def seconds(name: str, value: Any, campaigns: Campaigns | None) -> Any:
    """A duration, which the engine counts in milliseconds, in seconds; anything else as it is."""
    measure = campaigns.measures.get(name) if campaigns else None
    attribute = attribute_of(name)
    lasts = measure.type == "duration" if measure else attribute is not None and attribute.type == "duration"
    return value / 1000 if lasts and isinstance(value, int | float) else value


def decision_line(row: RecordDecision) -> dict[str, Any]:
    """The decision as it was written."""
    try:
        found = msgspec.json.decode(row.line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# Reading what clients say, which may be anything


def mapping(said: dict[str, Any], name: str) -> dict[str, Any]:
    """A member that is an object; an empty one for anything else."""
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def text(value: Any, longest: int = LONGEST) -> str | None:
    """A text or a whole number as text, shortened; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value)[:longest] or None


def number(value: Any) -> float | None:
    """A number; None for anything else."""
    return None if isinstance(value, bool) or not isinstance(value, (int, float)) else float(value)
