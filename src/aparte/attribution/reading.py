"""What a line of the log says to the facts. Pure."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, field

from aparte.attribution.ledger import Line, Return, Telling
from aparte.attribution.orders import sums_of
from aparte.attribution.store import RecordOrder
from aparte.sessions import typed
from aparte.sessions.landing import landing
from aparte.sessions.model import known_of
from aparte.tracking.model import Context, Track
from aparte.tracking.store import Logged

CLIENT = {"page": "page", "screen": "page", "track": "", "identify": "identify", "group": "group", "alias": "alias"}
"""Kinds of lines that are events of a visitor, and the names they go by; a track goes by its own."""
ORDERED, GIVEN_BACK = "Order Completed", frozenset({"Order Refunded", "Order Cancelled"})
MOST_LINES = 200
LONGEST = 300

EventRow: TypeAlias = tuple[
    str, str, int, int, int, str, str | None, bool, str | None, str | None, str | None, str | None, str | None,
    str | None, str | None,
]  # fmt: skip
"""site, visitor, at, place, key, name, path, bot, detail, channel, device, country, origin, medium, ad."""


class Said(Struct, gc=False, frozen=True):
    """The properties that facts are made of; of any kind, as clients send them."""

    path: Any = None
    url: Any = None
    status: Any = None
    results: Any = None
    field: Any = None
    form: Any = None


NOTHING = Said()


class Told(Struct, gc=False):
    """The members of a line that facts are made of."""

    properties: Said = NOTHING
    context: Context | None = None
    bot: bool = field(name="aparte:bot", default=False)


decode = msgspec.json.Decoder(Told).decode
decode_track = msgspec.json.Decoder(Track).decode


@lru_cache(maxsize=65_536)
def visitor_key(site: str, visitor: str) -> int:
    """The number of a visitor: 63 bits of a hash, the same in every process."""
    return digest(f"{site}\0{visitor}".encode("utf-8", "surrogatepass"))


def digest(text: bytes) -> int:
    """63 bits of a hash."""
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 1


def line_key(line: Logged) -> int:
    """By what a line is known again: its message's id, else all that it says."""
    said = line.message_id.encode("utf-8", "surrogatepass") if line.message_id else line.line
    return digest(b"%b\0%b" % (line.site.encode("utf-8", "surrogatepass"), said))


def event_row(line: Logged) -> EventRow | None:
    """An event of a visitor; None for what is none."""
    name = CLIENT.get(line.kind)
    if name is None or not line.visitor:
        return None
    told = decode(line.line)
    began = landing(told.context)
    path = path_of(told) if name == "page" else None
    detail = detail_of(told.properties)
    where = (began.channel, began.device, began.country, began.source, began.medium, began.campaign)
    known = (line.site, line.visitor, line.at, line.seq, line_key(line), name or line.name, path)
    return (*known, told.bot, detail, *where)


def path_of(told: Told) -> str | None:
    """The page's path, as sessions read it: the event's own, else of what surrounds the event."""
    said, around = told.properties, told.context.page if told.context is not None else None
    url, path = typed.text(said.url), typed.text(said.path)
    if path is None or url is None:
        path = path or (around.path if around is not None else None)
    return path[:LONGEST] if path else None


def detail_of(said: Said) -> str | None:
    """What a report of losses asks for: the field or form, the number of results, the status."""
    named = typed.text(said.field) or typed.text(said.form)
    if named is not None:
        return named[:LONGEST]
    number = typed.whole(said.results)
    number = typed.whole(said.status) if number is None else number
    return None if number is None else str(number)


def order_of(line: Logged, currency: str) -> Telling | Return | None:
    """What a line tells of an order or of a refund; None when it tells nothing."""
    if line.kind != "track" or (line.name != ORDERED and line.name not in GIVEN_BACK):
        return None
    event = decode_track(line.line)
    event.at = line.at
    found = sums_of(line.site, currency, event)
    if found is None:
        return None
    known: dict[str, Any] = {
        "order_id": found.order_id, "key": line_key(line), "at": line.at, "received_at": line.received_at,
        "confirmed": event.trusted,
    }  # fmt: skip
    if not isinstance(found, RecordOrder):
        return Return(**known, amount=found.amount)
    visitor = visitor_key(line.site, line.visitor) if line.visitor else None
    discount = typed.number(event.properties.get("discount"))
    return Telling(
        **known, visitor=visitor, total=found.total, revenue=found.revenue, currency=found.currency.strip().upper()[:8],
        discount=None if discount is None else float(discount), lines=lines_of(event.properties.get("products")),
    )  # fmt: skip


def lines_of(products: Any) -> tuple[Line, ...]:
    """The lines of an order."""
    if not isinstance(products, list):
        return ()
    return tuple(line_of(one) for one in products[:MOST_LINES] if isinstance(one, dict))


def line_of(told: dict[str, Any]) -> Line:
    """One line; without a quantity it is one piece. Its margin is what the catalogue said when the order came."""
    product = told.get("product_id") or told.get("sku")
    quantity, price = typed.number(told.get("quantity")), typed.number(told.get("price"))
    margin = typed.number(known_of(told).get("margin"))
    return Line(
        product=str(product)[:LONGEST] if isinstance(product, str | int) else "",
        quantity=max(0, min(int(quantity), 1_000_000)) if quantity is not None else 1,
        price=None if price is None else float(price),
        margin=None if margin is None else float(margin),
        category=(typed.text(told.get("category")) or "")[:LONGEST],
    )
