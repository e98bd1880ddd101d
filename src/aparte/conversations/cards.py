"""Cards and pages: what an agent shows a visitor, as it lies in the body of an entry. Pure.

A card is a copy of the catalogue as of the moment of sending: what changes there later does not change what was said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from aparte.catalogue.model import Catalogue, Product
from aparte.conversations import links
from aparte.conversations.store import Refused
from aparte.conversations.text import FORBIDDEN

MOST_PRODUCTS = 4
LONGEST_NAME = 200


class Shown(Struct, frozen=True, kw_only=True):
    """A product as the visitor saw it. `price` in `currency`; what the catalogue does not say is null or ''."""

    id: str
    name: str
    price: float | None
    currency: str
    url: str
    image: str
    in_stock: bool | None


class Card(Struct, frozen=True):
    """The body of an entry of kind `card`."""

    products: tuple[Shown, ...]


class PageShown(Struct, frozen=True):
    """The body of an entry of kind `page`."""

    url: str
    title: str


def one_line(text: str) -> str:
    """A name in one line, without what no message may hold, cut."""
    plain = FORBIDDEN.sub("", unicodedata.normalize("NFC", " ".join(text.split())))
    return plain[:LONGEST_NAME].strip()


def shown(product: Product, currency: str, origins: Sequence[str]) -> Shown:
    """A product as it is now."""
    return Shown(
        id=product.id,
        name=one_line(product.name) or product.id,
        price=product.price,
        currency=currency,
        url=links.link(product.url),
        image=links.image(product.image, origins),
        in_stock=product.in_stock,
    )


def card(ids: Sequence[str], catalogue: Catalogue, currency: str, origins: Sequence[str]) -> str | Refused:
    """The body of a card; Refused `too_many_products` (none, or more than four), `gone` for what is not sold."""
    wanted = tuple(dict.fromkeys(ids))
    if not 0 < len(wanted) <= MOST_PRODUCTS:
        return Refused("too_many_products" if wanted else "empty")
    products = [catalogue.get(one) for one in wanted]
    if any(one is None or one.gone for one in products):
        return Refused("gone")
    made = Card(tuple(shown(one, currency, origins) for one in products if one is not None))
    return msgspec.json.encode(made).decode()


def ids_in(body: str) -> tuple[str, ...]:
    """The products of a card that was sent; none for another body."""
    try:
        return tuple(one.id for one in msgspec.json.decode(body, type=Card).products)
    except (msgspec.ValidationError, msgspec.DecodeError):
        return ()


def page(url: str, title: str, origins: Sequence[str]) -> str | Refused:
    """The body of a page; Refused `foreign_page` for an address that is not the shop's own."""
    own = links.page(url.strip(), origins)
    if not own:
        return Refused("foreign_page")
    return msgspec.json.encode(PageShown(own, one_line(title))).decode()
