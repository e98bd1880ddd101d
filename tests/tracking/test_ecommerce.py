"""One vocabulary, whatever the shop calls its events."""

import json
from typing import Any

import pytest

from aparte.tracking.ecommerce import CANONICAL, GA4, canonical
from aparte.tracking.model import Track
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined


def read(event: str, **properties: Any) -> Track:
    message = {
        "type": "track",
        "event": event,
        "messageId": "m-7",
        "anonymousId": "a",
        "timestamp": "2026-01-01T00:00:00Z",
    }
    found = Normaliser().read(json.dumps(message | {"properties": properties}))
    assert isinstance(found, Track), found
    return found


@pytest.mark.parametrize("name", sorted(CANONICAL))
def test_every_spelling_of_a_canonical_name_is_that_name(name: str) -> None:
    camel = name[0].lower() + name.title().replace(" ", "")[1:]
    for spelling in (
        name,
        name.lower(),
        name.upper(),
        name.lower().replace(" ", "_"),
        name.replace(" ", "-"),
        camel,
        f" {name} ",
    ):
        assert canonical(spelling) == name


@pytest.mark.parametrize("name", sorted(GA4))
def test_every_ga4_name_leads_to_a_canonical_one(name: str) -> None:
    assert canonical(name) == GA4[name] in CANONICAL


@pytest.mark.parametrize("name", ["Video Watched", "purchase intent", "cart", "Ordered", "Idle Hands", "🛒"])
def test_a_name_of_the_shops_own_passes_unchanged(name: str) -> None:
    assert read(name, value="high", price="on request").event == name


def test_a_ga4_purchase_is_an_order() -> None:
    items = [
        {
            "item_id": "SKU_12345",
            "item_name": "Shirt",
            "item_brand": "Google",
            "item_category": "Apparel",
            "price": "10.01",
            "quantity": 3,
        },
        {"item_id": "SKU_2", "price": 2},
    ]
    order = read("purchase", transaction_id="T1", value=32.03, tax=4.9, shipping="5.99", currency="usd", items=items)
    assert order.event == "Order Completed"
    assert order.properties == {
        "order_id": "T1",
        "value": 32.03,
        "revenue": 32.03,
        "total": 42.92,
        "tax": 4.9,
        "shipping": 5.99,
        "currency": "USD",
        "products": [
            {
                "product_id": "SKU_12345",
                "name": "Shirt",
                "brand": "Google",
                "category": "Apparel",
                "price": 10.01,
                "quantity": 3,
            },
            {"product_id": "SKU_2", "price": 2},
        ],
    }


def test_a_segment_order_is_not_given_sums_that_it_did_not_have() -> None:
    assert "total" not in read("Order Completed", order_id="o", value=5).properties


def test_a_ga4_event_about_one_product_carries_its_members_itself() -> None:
    added = read(
        "add_to_cart",
        currency="EUR",
        value=20,
        items=[{"item_id": "p1", "item_name": "Cup", "price": 10, "quantity": 2}],
    )
    assert added.event == "Product Added"
    assert added.properties == {
        "currency": "EUR",
        "value": 20,
        "product_id": "p1",
        "name": "Cup",
        "price": 10,
        "quantity": 2,
    }


def test_several_products_added_at_once_are_all_kept() -> None:
    added = read("add_to_cart", items=[{"item_id": "p1", "price": 1}, {"item_id": "p2", "price": 2}])
    assert added.properties["product_id"] == "p1"
    assert [product["product_id"] for product in added.properties["products"]] == ["p1", "p2"]


def test_a_ga4_cart_lists_products_and_a_ga4_search_has_a_query() -> None:
    assert read("view_cart", items=[{"item_id": "p1"}]).properties == {"products": [{"product_id": "p1"}]}
    assert read("view_search_results", search_term="cup").properties == {"query": "cup"}


def test_an_order_without_an_id_takes_that_of_its_message() -> None:
    assert read("Order Completed", total=5).properties["order_id"] == "m-7"
    assert read("Order Completed", order_id=77, total=5).properties["order_id"] == "77"


def test_numbers_written_as_text_are_numbers_in_products_too() -> None:
    order = read(
        "Order Completed", order_id="o", total="19", products=[{"price": "9.50", "quantity": "2"}, {"price": None}]
    )
    assert order.properties["total"] == 19
    assert order.properties["products"] == [{"price": 9.5, "quantity": 2}, {}]


def test_a_refund_may_be_negative_and_an_order_may_not() -> None:
    assert read("Order Refunded", order_id="o", total=-5).properties["total"] == -5
    order = b'{"type":"track","event":"purchase","anonymousId":"a","timestamp":"2026-01-01T00:00:00Z",%s}'
    assert isinstance(Normaliser().read(order % b'"properties":{"value":-5}'), Quarantined)
