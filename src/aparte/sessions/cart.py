"""The cart: the fold of a session's cart events.

Value and items are running sums of what was added less what was removed, because real shops add a product under one id
and remove it under the id of its variant. The lines serve to count different products and categories.
"""

from __future__ import annotations

from typing import Any

from aparte.sessions import typed
from aparte.sessions.model import NO_CART, Cart, CartLine, SessionState


def add(session: SessionState, properties: dict[str, Any]) -> None:
    """Put a product into the cart."""
    cart = session.own_cart()
    key = product_key(properties)
    line = cart.lines.get(key)
    quantity, price = amount(properties, line)
    category = typed.text(properties.get("category")) or (line and line.category) or None
    cart.lines[key] = CartLine(quantity + (line.quantity if line else 0), price, category)
    cart.views_since_add = 0
    change(cart, quantity, price)


def remove(session: SessionState, properties: dict[str, Any]) -> None:
    """Take a product out; the cart never falls below nothing."""
    if session.cart is NO_CART:
        return
    cart = session.cart
    key = product_key(properties)
    line = cart.lines.get(key)
    quantity, price = amount(properties, line)
    if line is not None and quantity < line.quantity:
        cart.lines[key] = CartLine(line.quantity - quantity, line.price, line.category)
    else:
        cart.lines.pop(key, None)
    change(cart, -quantity, price)


def view(session: SessionState, properties: dict[str, Any]) -> None:
    """The cart was looked at; when the event carries products they are the cart."""
    cart = session.own_cart()
    cart.views_since_add += 1
    products = properties.get("products")
    if isinstance(products, list):
        put(cart, [product for product in products if isinstance(product, dict)])


def put(cart: Cart, products: list[dict[str, Any]]) -> None:
    """Make the cart hold exactly these products; a price that is not said is the one known before."""
    known = cart.lines
    cart.lines, cart.value, cart.items = {}, 0.0, 0
    for product in products:
        key = product_key(product)
        quantity, price = amount(product, known.get(key))
        if quantity:
            cart.lines[key] = CartLine(quantity, price, typed.text(product.get("category")))
            change(cart, quantity, price)


def empty(session: SessionState) -> None:
    """An order empties the cart."""
    session.cart = NO_CART


def change(cart: Cart, quantity: int, price: float) -> None:
    """So many pieces more, or less; millionths are cut off, so that 3 x 0.1 is 0.3."""
    cart.items = max(0, cart.items + quantity)
    cart.value = max(0.0, round(cart.value + quantity * price, 6))
    if cart.items == 0:
        cart.lines.clear()


def product_key(properties: dict[str, Any]) -> str:
    """What tells one product from another."""
    return str(properties.get("product_id") or properties.get("sku") or properties.get("name") or "")


def amount(properties: dict[str, Any], line: CartLine | None) -> tuple[int, float]:
    """Quantity (1 when not said) and unit price (the one known before when not said)."""
    quantity, price = properties.get("quantity"), properties.get("price")
    known = line.price if line is not None else 0.0
    return 1 if quantity is None else int(quantity), known if price is None else price
