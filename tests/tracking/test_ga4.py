"""Google Analytics 4's export to BigQuery becomes messages that the engine reads.

Planted defects seen to fail here: a refusal of consent taken; the source of the first visit for that of this one; the
same row twice as two events; the order of the file for that of time.
"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.tracking.model import Page, Track
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Reason
from aparte.tracking.sources import ga4
from aparte.tracking.sources.report import ImportReport


def param(key: str, value: str | int | float) -> dict[str, Any]:
    """As BigQuery writes it: of the four columns one, and 64-bit integers as text."""
    columns: dict[str, Any] = {"string_value": None, "int_value": None, "float_value": None, "double_value": None}
    kind = "string_value" if isinstance(value, str) else "int_value" if isinstance(value, int) else "double_value"
    return {"key": key, "value": columns | {kind: str(value) if isinstance(value, int) else value}}


def row(name: str = "page_view", /, at: int = 1_704_103_200_123_456, **members: Any) -> dict[str, Any]:
    params = {"page_location": "https://shop.example/p/1?utm_source=x", "page_title": "Lamp", "ga_session_id": 7}
    return {
        "event_date": "20240101",
        "event_timestamp": str(at),
        "event_name": name,
        "event_params": [param(*one) for one in (params | members.pop("params", {})).items()],
        "user_pseudo_id": "1234.5678",
        "user_id": None,
        "privacy_info": {"analytics_storage": "Yes", "ads_storage": "No", "uses_transient_token": "No"},
        "device": {"category": "mobile", "language": "fr-fr", "web_info": {"browser": "Chrome"}},
        "geo": {"country": "France"},
        "traffic_source": {"source": "google", "medium": "organic", "name": "(organic)"},
        "collected_traffic_source": None,
        "ecommerce": None,
        "items": [],
        **members,
    }


def convert(*rows: Any) -> tuple[list[dict[str, Any]], ImportReport]:
    report = ImportReport()
    lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in rows]
    found = [json.loads(line) for line in ga4.convert(lines, report)]
    assert report.is_complete
    return found, report


def events(*rows: Any) -> list[Any]:
    return [Normaliser().read(json.dumps(one).encode()) for one in convert(*rows)[0]]


def test_a_page_view_becomes_a_page() -> None:
    collected = {"manual_source": "mail", "manual_medium": "email", "manual_campaign_name": "soldes", "gclid": None}
    [page] = events(row(collected_traffic_source=collected, params={"page_referrer": "https://a.example/"}))
    assert isinstance(page, Page)
    assert (page.visitor, page.at, page.name) == ("1234.5678", 1_704_103_200_123, "Lamp")
    assert page.properties["path"] == "/p/1"
    context: Any = page.context
    assert (context.page.referrer, context.device.type, context.locale) == ("https://a.example/", "mobile", "fr-fr")
    assert (context.campaign.source, context.campaign.medium, context.campaign.name) == ("mail", "email", "soldes")
    [plain] = events(row())
    assert plain.context.campaign is None  # what brought him the first time is not what brought him now


def test_a_purchase_with_its_items_becomes_an_order() -> None:
    money = {"purchase_revenue": 41.5, "tax_value": 6.0, "shipping_value": 2.5, "transaction_id": "T-9"}
    items = [
        {"item_id": "A", "item_name": "Lamp", "price": 20.75, "quantity": "2", "item_brand": "(not set)"},
        {"item_id": "B", "item_name": "Bulb", "price": 0.0, "quantity": "1", "item_category": None},
    ]
    [order] = events(row("purchase", ecommerce=money, items=items, params={"currency": "EUR"}))
    assert isinstance(order, Track)
    assert order.event == "Order Completed"
    told = order.properties
    assert (told["order_id"], told["revenue"], told["total"], told["currency"]) == ("T-9", 41.5, 50.0, "EUR")
    assert [(one["product_id"], one["quantity"]) for one in told["products"]] == [("A", 2), ("B", 1)]
    assert "brand" not in told["products"][0]


def test_events_of_a_shop_have_our_names_and_members() -> None:
    item = [{"item_id": "A", "price": 9.5, "quantity": 1}]
    names = ("view_item", "add_to_cart", "begin_checkout", "view_search_results", "form_start", "made_up")
    told = [row(name, 1_704_103_200_000_000 + n, items=item if n < 3 else [], params={"search_term": "lamp"})
            for n, name in enumerate(names)]  # fmt: skip
    found = events(*told)
    assert [one.event for one in found] == [
        "Product Viewed", "Product Added", "Checkout Started", "Products Searched", "Form Started", "made_up",
    ]  # fmt: skip
    assert (found[0].properties["product_id"], found[1].properties["price"]) == ("A", 9.5)
    assert found[3].properties["query"] == "lamp"


def test_rows_are_put_in_the_order_of_time_and_one_told_twice_is_one() -> None:
    late, early = row("scroll", 1_704_103_300_000_000), row("view_item", 1_704_103_200_000_000)
    first = row("view_item", 1_704_103_200_000_000, batch_event_index="1", event_bundle_sequence_id="5")
    second = row("add_to_cart", 1_704_103_200_000_000, batch_event_index="2", event_bundle_sequence_id="5")
    found, _ = convert(late, second, first, early)
    assert [one["event"] for one in found] == ["view_item", "view_item", "add_to_cart", "scroll"]
    again, _ = convert(early, early | {"traffic_source": {"source": "other"}}, late)
    assert again[0]["messageId"] == again[1]["messageId"] != again[2]["messageId"]


def test_consent_is_asked_of_each_row() -> None:
    refused = [row(privacy_info={"analytics_storage": said}) for said in ("No", "no", "Denied", False)]
    nobody = row(user_pseudo_id=None)
    found, report = convert(*refused, row(privacy_info={"analytics_storage": "Unset"}), row(privacy_info=None), nobody)
    assert len(found) == 2
    assert report.quarantined == {Reason.NO_CONSENT: 4, Reason.MISSING_IDENTITY: 1}
    [known] = convert(row(user_id="u-1"))[0]
    assert (known["anonymousId"], known["userId"]) == ("1234.5678", "u-1")


def test_each_bad_row_is_counted_with_its_reason() -> None:
    bad = [
        b"{", b"[]", b'{"event_name": "x", "event_params": {"key": 1}}', b"\xff\xfe{}",
        row(event_timestamp="noon"), row(event_timestamp=None), row(event_timestamp="9" * 19), row(items="none"),
    ]  # fmt: skip
    found, report = convert(*bad, row("session_start"), row())
    assert len(found) == 1
    assert report.skipped == {"housekeeping of Google": 1}
    assert report.quarantined.total() == len(bad)
    assert {Reason.NOT_JSON, Reason.BAD_ROW, Reason.BAD_TIMESTAMP} <= report.quarantined.keys()
    assert all(one.detail for one in report.examples)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(row())), JSON, max_size=5))
def test_whatever_stands_in_a_column_the_row_is_accounted_for(broken: dict[str, Any]) -> None:
    _, report = convert(row() | broken)
    assert report.read == 1


@pytest.mark.parametrize("value", ["(not set)", "", None])
def test_what_is_not_set_is_absent(value: str | None) -> None:
    [message] = convert(row(params={"page_title": value or ""}, device={"category": value}))[0]
    assert "name" not in message
    assert "device" not in message["context"]
