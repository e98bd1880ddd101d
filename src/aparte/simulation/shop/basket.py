"""The cart and the customer, kept in two cookies: the shop's server forgets everything between two requests."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, unquote

from aparte.simulation.shop.catalogue import BY_ID
from aparte.simulation.shop.model import FREE_DELIVERY_FROM, HOME_DELIVERY, MOST_OF_ONE, PICKUP_DELIVERY, Line, Totals

CART_COOKIE = "maisonlin"
COUPON_COOKIE = "maisonlin-code"
CUSTOMER_COOKIE = "maisonlin-client"
COUPON = "LIN10"
MOST_LINES = 24


def cookies(header: str) -> dict[str, str]:
    """The cookies of a request; those that cannot be read are left out."""
    jar = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: unquote(one.value) for name, one in jar.items()}


def cookie(name: str, value: str) -> str:
    """A Set-Cookie header; an empty value forgets the cookie. Scripts of the page need none of them."""
    age = 30 * 86_400 if value else 0
    return f"{name}={quote(value)}; Path=/shop; Max-Age={age}; SameSite=Lax; HttpOnly"


def read(text: str) -> tuple[Line, ...]:
    """The lines of a cart cookie, `ID:SIZE:QUANTITY` with a bar between; what is not for sale is passed over."""
    lines = (_line(part) for part in text.split("|")[:MOST_LINES])
    return tuple(line for line in lines if line is not None)


def _line(text: str) -> Line | None:
    id_, _, rest = text.partition(":")
    size, _, quantity = rest.partition(":")
    product = BY_ID.get(id_)
    if product is None or size not in product.sizes or not (quantity.isascii() and quantity.isdigit()):
        return None
    pieces = min(int(quantity[:4]), MOST_OF_ONE)
    return Line(product, size, pieces) if pieces else None


def written(lines: tuple[Line, ...]) -> str:
    """The cart as its cookie says it."""
    return "|".join(f"{line.key}:{line.quantity}" for line in lines)


def changed(lines: tuple[Line, ...], key: str, by: int) -> tuple[Line, ...]:
    """The cart with so many pieces more or less of one line; a line of nothing goes, an unknown one comes."""
    if any(line.key == key for line in lines):
        moved = [_line(f"{one.key}:{max(0, one.quantity + by)}") if one.key == key else one for one in lines]
        return tuple(one for one in moved if one is not None)
    fresh = _line(f"{key}:{by}") if by > 0 else None
    return (*lines, fresh)[:MOST_LINES] if fresh is not None else lines


def totals(lines: tuple[Line, ...], coupon: str = "", *, pickup: bool = False) -> Totals:
    """What a cart comes to; LIN10 takes a tenth off."""
    subtotal = sum(line.total for line in lines)
    discount = round(subtotal / 10) if coupon == COUPON else 0
    free = subtotal - discount >= FREE_DELIVERY_FROM or not lines
    shipping = 0 if free else PICKUP_DELIVERY if pickup else HOME_DELIVERY
    return Totals(sum(line.quantity for line in lines), subtotal, discount, shipping)


FIELDS = ("name", "email", "street", "postcode", "city")


def missing(form: Mapping[str, str]) -> list[str]:
    """The fields of the checkout that are not filled in well enough, by name."""
    digits = "".join(filter(str.isdigit, form.get("card", "")))
    wrong = [field for field in FIELDS if not form.get(field, "").strip()]
    if "email" not in wrong and "@" not in form["email"]:
        wrong.append("email")
    return wrong + (["card"] if not 12 <= len(digits) <= 19 else [])


def declined(form: Mapping[str, str]) -> bool:
    """Whether the bank refuses the card: the ones that end in 0002."""
    return "".join(filter(str.isdigit, form.get("card", ""))).endswith("0002")
