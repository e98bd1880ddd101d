"""The vocabulary of a shop: names of events and of their members, in Segment's Spec v2.

Google's GA4 names, Segment's older names and every spelling of the canonical ones (`product_added`, `PRODUCT ADDED`,
`productAdded`) lead to one name. A name that nobody knows passes unchanged: it is the shop's own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# Events about goods and money: their numbers are checked.
COMMERCE = frozenset(
    {
        "Products Searched", "Product List Viewed", "Product List Filtered", "Product Clicked",
        "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Product Added to Wishlist",
        "Product Removed from Wishlist", "Wishlist Product Added to Cart", "Checkout Started",
        "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered", "Coupon Entered",
        "Coupon Applied", "Coupon Denied", "Coupon Removed", "Promotion Viewed", "Promotion Clicked",
        "Order Completed", "Order Updated", "Order Refunded", "Order Cancelled", "Cart Shared",
        "Product Shared", "Product Reviewed",
    }
)  # fmt: skip
# Events of the tag and of a conversation.
OURS = frozenset(
    {
        "Form Started", "Form Field Error", "Form Abandoned", "Form Submitted", "Page Left", "Idle",
        "Exit Intent", "Rage Click", "Tab Hidden", "Error Shown", "Payment Error", "Invitation Offered",
        "Invitation Shown", "Invitation Accepted", "Invitation Declined", "Invitation Ignored", "Invitation Withheld",
        "Chat Started", "Chat Ended", "Survey Submitted", "Callback Requested", "Lead Submitted", "Lead Generated",
    }
)  # fmt: skip
CANONICAL = COMMERCE | OURS

GA4 = {
    "search": "Products Searched",
    "view_search_results": "Products Searched",
    "view_item_list": "Product List Viewed",
    "select_item": "Product Clicked",
    "view_item": "Product Viewed",
    "add_to_cart": "Product Added",
    "remove_from_cart": "Product Removed",
    "view_cart": "Cart Viewed",
    "add_to_wishlist": "Product Added to Wishlist",
    "begin_checkout": "Checkout Started",
    "add_shipping_info": "Checkout Step Completed",
    "add_payment_info": "Payment Info Entered",
    "view_promotion": "Promotion Viewed",
    "select_promotion": "Promotion Clicked",
    "purchase": "Order Completed",
    "refund": "Order Refunded",
    "form_start": "Form Started",
    "form_submit": "Form Submitted",
    "generate_lead": "Lead Generated",
}
# Segment's first specification put the verb in front.
SEGMENT_V1 = {
    "Viewed Product Category": "Product List Viewed",
    "Viewed Product": "Product Viewed",
    "Clicked Product": "Product Clicked",
    "Added Product": "Product Added",
    "Removed Product": "Product Removed",
    "Viewed Cart": "Cart Viewed",
    "Started Checkout": "Checkout Started",
    "Viewed Checkout Step": "Checkout Step Viewed",
    "Completed Checkout Step": "Checkout Step Completed",
    "Completed Order": "Order Completed",
    "Refunded Order": "Order Refunded",
    "Viewed Promotion": "Promotion Viewed",
    "Clicked Promotion": "Promotion Clicked",
    "Searched Products": "Products Searched",
}

# GA4 member of an item -> ours.
ITEM_MEMBERS = {
    "item_id": "product_id",
    "item_name": "name",
    "item_brand": "brand",
    "item_category": "category",
    "item_variant": "variant",
    "index": "position",
}
# GA4 member of an event -> ours.
EVENT_MEMBERS = {
    "transaction_id": "order_id",
    "search_term": "query",
    "item_list_id": "list_id",
    "item_list_name": "category",
    "payment_type": "payment_method",
    "shipping_tier": "shipping_method",
}
# These are about one product: the first item's members become the event's own.
ABOUT_ONE_PRODUCT = frozenset(
    {"Product Clicked", "Product Viewed", "Product Added", "Product Removed", "Product Added to Wishlist"}
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN_WORDS = re.compile(r"[\s_.:-]+")


def _key(name: str) -> str:
    return _BETWEEN_WORDS.sub(" ", _CAMEL.sub(" ", name.strip())).lower()


_BY_KEY = {_key(name): name for name in CANONICAL} | {_key(old): new for old, new in SEGMENT_V1.items()}
_GA4_BY_KEY = {_key(old): new for old, new in GA4.items()}


@lru_cache(maxsize=4_096)
def canonical(name: str) -> str:
    """The one name of this event; a name that is nobody's passes unchanged."""
    key = _key(name)
    return _BY_KEY.get(key) or _GA4_BY_KEY.get(key) or name


@lru_cache(maxsize=4_096)
def is_ga4(name: str) -> bool:
    """Whether the name is Google's, so that its members are named Google's way too."""
    key = _key(name)
    return key in _GA4_BY_KEY and key not in _BY_KEY


def _renamed(members: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    # A member that already has our name wins over the renamed one.
    renamed = {names.get(key, key): value for key, value in members.items() if key in names}
    return renamed | {key: value for key, value in members.items() if key not in names}


def from_ga4(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    """The members of a GA4 event under our names; `name` is the canonical one.

    GA4's `value` of a purchase excludes tax and shipping: it is our `revenue`, and `total` is their sum. `value` stays.
    """
    found = _renamed(properties, EVENT_MEMBERS)
    items = found.pop("items", None)
    if isinstance(items, list):
        products = [_renamed(item, ITEM_MEMBERS) for item in items if isinstance(item, dict)]
        if name in ABOUT_ONE_PRODUCT and products:
            found = products[0] | found
        if name not in ABOUT_ONE_PRODUCT or len(products) > 1:
            found.setdefault("products", products)
    elif name in ABOUT_ONE_PRODUCT:
        found = _renamed(found, ITEM_MEMBERS)
    return found


def add_order_sums(properties: dict[str, Any]) -> None:
    """`revenue` and `total` of a GA4 purchase, once its numbers are numbers."""
    value = properties.get("value")
    if value is None:
        return
    properties.setdefault("revenue", value)
    extras = [properties[key] for key in ("tax", "shipping") if properties.get(key) is not None]
    properties.setdefault("total", round(value + sum(extras), 4) if extras else value)
