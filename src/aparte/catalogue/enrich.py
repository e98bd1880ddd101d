"""What the catalogue adds to an event before its line is written, so that the log holds all that decisions read.

Price and category are filled in where the event does not say them. Margin and marks stand below one reserved member,
which nobody but the server can set: a browser cannot give its visitor the margin of another product. Pure.
"""

from __future__ import annotations

from typing import Any

from aparte.catalogue.model import Catalogue, Product

ADDED = "aparte:catalogue"
"""The reserved member: `{"margin": 12.5, "complex": true, "high_value": false}`."""
ENRICHED = frozenset({"Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Order Completed"})


def enrich(properties: dict[str, Any], catalogue: Catalogue) -> None:
    """Complete an event about goods, and each product that it carries, in place."""
    complete(properties, catalogue)
    products = properties.get("products")
    if isinstance(products, list):
        for one in products:
            if isinstance(one, dict):
                complete(one, catalogue)


def complete(members: dict[str, Any], catalogue: Catalogue) -> None:
    """One product: what it does not say, and what only the catalogue may say."""
    members.pop(ADDED, None)
    product = product_in(members, catalogue)
    if product is None:
        return
    if members.get("price") is None and product.price is not None:
        members["price"] = product.price
    if not members.get("category") and product.category:
        members["category"] = product.category
    members[ADDED] = marks(product)


def product_in(members: dict[str, Any], catalogue: Catalogue) -> Product | None:
    """The product that is meant: by `product_id`, else by `sku`."""
    for name in ("product_id", "sku"):
        value = members.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool):
            found = catalogue.get(str(value))
            if found is not None:
                return found
    return None


def marks(product: Product) -> dict[str, Any]:
    """What stands below the reserved member."""
    found: dict[str, Any] = {"complex": product.complex, "high_value": product.high_value}
    if product.margin is not None:
        found["margin"] = product.margin
    return found
