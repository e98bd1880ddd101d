"""The cart: the fold of a session's cart events.

Value and items are running sums of what was added less what was removed, because real shops add a product under one id
and remove it under the id of its variant. The lines serve to count different products and categories.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from aparte.sessions import typed
from aparte.sessions.model import NO_CART, Cart, CartLine, SessionState, known_of

MOST_LINES = 200
"""Different products that a cart remembers; more still count in its value and its items."""


def add(session: SessionState, properties: dict[str, Any]) -> None:
    """Put products into the cart: the one that the event is about, or those that it carries."""
    cart = session.own_cart()
    for product in products_of(properties) or (properties,):
        key = product_key(product)
        line = find(cart, key)
        quantity, price = amount(product, line)
        category = typed.text(product.get("category")) or (line and line.category) or None
        keep(cart, made(product, line, key, quantity + (line.quantity if line else 0), price, category))
        change(cart, quantity, price)
    cart.views_since_add = 0


def remove(session: SessionState, properties: dict[str, Any]) -> None:
    """Take products out; the cart never falls below nothing."""
    if session.cart is NO_CART:
        return
    cart = session.cart
    for product in products_of(properties) or (properties,):
        key = product_key(product)
        line = find(cart, key)
        quantity, price = amount(product, line)
        left = line.quantity - quantity if line is not None else 0
        if line is not None:
            keep(cart, replace(line, quantity=max(0, left)))
        change(cart, -quantity, price)


def view(session: SessionState, properties: dict[str, Any]) -> None:
    """The cart was looked at; when the event carries products they are the cart."""
    cart = session.own_cart()
    cart.views_since_add += 1
    if isinstance(properties.get("products"), list):
        put(cart, products_of(properties))


def put(cart: Cart, products: list[dict[str, Any]]) -> None:
    """Make the cart hold exactly these products; a price that is not said is the one known before."""
    known = {line.key: line for line in cart.lines}
    cart.lines, cart.value, cart.items = (), 0.0, 0
    for product in products:
        key = product_key(product)
        quantity, price = amount(product, known.get(key))
        keep(cart, made(product, known.get(key), key, quantity, price, typed.text(product.get("category"))))
        change(cart, quantity, price)


def made(
    product: dict[str, Any], before: CartLine | None, key: str, quantity: int, price: float, category: str | None
) -> CartLine:
    """A line with what the catalogue says of its product, or has said before."""
    of = known_of(product)
    if not of:
        known = (before.margin, before.complex, before.high_value) if before is not None else ()
        return CartLine(key, quantity, price, category, *known)
    marks = of.get("complex") is True, of.get("high_value") is True
    return CartLine(key, quantity, price, category, typed.number(of.get("margin")), *marks)


def find(cart: Cart, key: str) -> CartLine | None:
    """The line of a product."""
    return next((line for line in cart.lines if line.key == key), None)


def keep(cart: Cart, line: CartLine) -> None:
    """Put a line in the place of the one before; a line of nothing goes."""
    others = tuple([one for one in cart.lines if one.key != line.key])
    cart.lines = (*others, line) if line.quantity > 0 and len(others) < MOST_LINES else others


def products_of(properties: dict[str, Any]) -> list[dict[str, Any]]:
    """The products that an event carries."""
    products = properties.get("products")
    return [one for one in products if isinstance(one, dict)] if isinstance(products, list) else []


def empty(session: SessionState) -> None:
    """An order empties the cart."""
    session.cart = NO_CART


def change(cart: Cart, quantity: int, price: float) -> None:
    """So many pieces more, or less; millionths are cut off, so that 3 x 0.1 is 0.3."""
    cart.items = max(0, cart.items + quantity)
    cart.value = max(0.0, round(cart.value + quantity * price, 6))
    if cart.items == 0:
        cart.lines = ()


def product_key(properties: dict[str, Any]) -> str:
    """What tells one product from another."""
    return str(properties.get("product_id") or properties.get("sku") or properties.get("name") or "")


def amount(properties: dict[str, Any], line: CartLine | None) -> tuple[int, float]:
    """Quantity (1 when not said) and unit price (the one known before when not said)."""
    quantity, price = properties.get("quantity"), properties.get("price")
    known = line.price if line is not None else 0.0
    return 1 if quantity is None else int(quantity), known if price is None else price
