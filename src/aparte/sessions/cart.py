"""The cart: the fold of a session's cart events."""

from __future__ import annotations

from typing import Any

from aparte.sessions.model import NO_CART, Cart, CartLine, SessionState


def add(session: SessionState, properties: dict[str, Any]) -> None:
    """Put a product into the cart."""
    cart = session.own_cart()
    quantity, value = amount(properties)
    line = cart.lines.get(key := product_key(properties))
    if line is not None:
        quantity, value = quantity + line.quantity, value + line.value
    cart.lines[key] = CartLine(quantity, value, properties.get("category") or (line and line.category) or None)
    cart.views_since_add = 0
    total(cart)


def remove(session: SessionState, properties: dict[str, Any]) -> None:
    """Take a product out; never more than the cart holds of it.

    What was put in before the stream began is not known and cannot be taken out.
    """
    cart = session.cart
    line = cart.lines.get(key := product_key(properties))
    if line is None:
        return
    quantity, value = amount(properties, unit_price=line.value / line.quantity if line.quantity else 0.0)
    if quantity >= line.quantity:
        del cart.lines[key]
    else:
        cart.lines[key] = CartLine(line.quantity - quantity, max(0.0, line.value - value), line.category)
    total(cart)


def view(session: SessionState, properties: dict[str, Any]) -> None:
    """The cart was looked at; when the event carries products they are the cart."""
    cart = session.own_cart()
    cart.views_since_add += 1
    products = properties.get("products")
    if isinstance(products, list):
        put(cart, [product for product in products if isinstance(product, dict)])


def put(cart: Cart, products: list[dict[str, Any]]) -> None:
    """Make the cart hold exactly these products; a price that is not said is the one known before."""
    known = {key: line.value / line.quantity for key, line in cart.lines.items() if line.quantity}
    cart.lines = {}
    for product in products:
        key = product_key(product)
        quantity, value = amount(product, unit_price=known.get(key, 0.0))
        if quantity:
            cart.lines[key] = CartLine(quantity, value, product.get("category"))
    total(cart)


def empty(session: SessionState) -> None:
    """An order empties the cart."""
    session.cart = NO_CART


def total(cart: Cart) -> None:
    """Add the lines up; millionths are cut off, so that 3 x 0.1 is 0.3."""
    cart.value = round(sum([line.value for line in cart.lines.values()]), 6)
    cart.items = sum([line.quantity for line in cart.lines.values()])


def product_key(properties: dict[str, Any]) -> str:
    """What tells one product from another."""
    return str(properties.get("product_id") or properties.get("sku") or properties.get("name") or "")


def amount(properties: dict[str, Any], unit_price: float = 0.0) -> tuple[int, float]:
    """Quantity (1 when not said) and price x quantity (`unit_price` when no price is said)."""
    quantity = properties.get("quantity")
    pieces = 1 if quantity is None else int(quantity)
    price = properties.get("price")
    return pieces, pieces * (unit_price if price is None else price)
