"""Google Analytics 360: exported hits and sessions (CSV rows) to messages.

A hit gives one or several messages, ordered by time, then session, then number of the hit. The two tables are joined
and sorted in memory: an export of some millions of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from aparte.tracking import timestamps
from aparte.tracking.quarantine import Reason, Unfit
from aparte.tracking.sources.report import ImportReport, encoded

Row: TypeAlias = Mapping[str, str]
ORIGIN = "https://shop.example"
CART_PAGE = "/basket.html"
NAMES = {
    "product_list_click": "Product Clicked",
    "product_detail": "Product Viewed",
    "add_to_cart": "Product Added",
    "remove_from_cart": "Product Removed",
    "checkout": "Checkout Step Viewed",
    "purchase": "Order Completed",
}
ABOUT_ONE_PRODUCT = frozenset({"product_list_click", "product_detail", "add_to_cart", "remove_from_cart"})


def convert(hits: Iterable[Row], sessions: Iterable[Row], report: ImportReport) -> Iterator[bytes]:
    """Messages of the hits; rows as `csv.DictReader` gives them. The report counts hits."""
    by_id = {row.get("session_id", ""): row for row in sessions}
    for hit in _sorted(hits, report):
        with report.quarantining(str(dict(hit))):
            messages = list(_messages(hit, _session_of(hit, by_id)))
            report.converted += bool(messages)
            report.skipped["hit without a page or an action"] += not messages
            yield from (encoded(message, report) for message in messages)


def _sorted(hits: Iterable[Row], report: ImportReport) -> list[Row]:
    keyed = []
    for hit in hits:
        report.read += 1
        with report.quarantining(str(dict(hit))):
            keyed.append(((_whole(hit, "ts_ms"), hit["session_id"], _whole(hit, "hit_number")), hit))
    keyed.sort(key=lambda pair: pair[0])
    return [hit for _, hit in keyed]


def _session_of(hit: Row, by_id: Mapping[str, Row]) -> Row:
    try:
        return by_id[hit["session_id"]]
    except KeyError:
        raise Unfit(Reason.BAD_ROW, f"no session {hit.get('session_id')!r}") from None


def _whole(row: Row, column: str) -> int:
    return round(_number(row, column))


def _number(row: Row, column: str) -> float:
    text = row.get(column)
    try:
        number = float(text or "")
    except ValueError:
        raise Unfit(Reason.BAD_ROW, f"{column} is {text!r}") from None
    if not -1e15 < number < 1e15:
        raise Unfit(Reason.BAD_ROW, f"{column} is {text!r}")
    return number


def _messages(hit: Row, session: Row) -> Iterator[dict[str, Any]]:
    base = {
        "anonymousId": session["visitor_id"],
        "timestamp": timestamps.iso(_whole(hit, "ts_ms")),
        "context": _context(hit, session),
    }
    for k, body in enumerate(_bodies(hit)):
        yield base | {"messageId": f"{hit['session_id']}.{hit['hit_number']}.{k}"} | body


def _context(hit: Row, session: Row) -> dict[str, Any]:
    context: dict[str, Any] = {"page": _page(hit)}
    if session.get("device"):
        context["device"] = {"type": session["device"]}
    context["library"] = {"name": "ga360-sample"}
    campaign = {
        key: session[column]
        for key, column in (("source", "source"), ("medium", "medium"), ("name", "campaign"))
        if session.get(column) and not session[column].startswith("(")
    }
    if campaign:
        context["campaign"] = campaign
    return context


def _page(hit: Row) -> dict[str, str]:
    page = {"url": ORIGIN + hit["page_path"], "path": hit["page_path"].split("?")[0], "title": hit["page_title"]}
    if hit["referer"]:
        page["referrer"] = hit["referer"]
    return page


def _bodies(hit: Row) -> Iterator[dict[str, Any]]:
    if hit["hit_type"] == "PAGE":
        yield from _page_bodies(hit)
    name = NAMES.get(hit["ecommerce_action"])
    if name:
        yield _track(name, _properties(hit))


def _page_bodies(hit: Row) -> Iterator[dict[str, Any]]:
    keyword = hit["search_keyword"]
    properties = _page(hit) | ({"search": keyword} if keyword else {})
    yield {"type": "page", "name": hit["page_title"], "properties": properties}
    if hit["page_path"].startswith(CART_PAGE):
        yield _track("Cart Viewed", {})
    if keyword:
        yield _track("Products Searched", {"query": keyword})


def _track(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "track", "event": name, "properties": properties}


def _properties(hit: Row) -> dict[str, Any]:
    action, skus = hit["ecommerce_action"], [sku for sku in hit["skus"].split("|") if sku]
    found: dict[str, Any] = {"currency": "USD"}
    if action in ABOUT_ONE_PRODUCT:
        return found | _product(hit, skus)
    if action == "checkout":
        return found | ({"step": _whole(hit, "checkout_step")} if hit["checkout_step"] else {})
    total = _number(hit, "revenue_usd") if hit["revenue_usd"] else 0.0
    return found | {
        "order_id": hit["transaction_id"],
        "total": total,
        "products": [{"product_id": sku} for sku in skus],
    }


def _product(hit: Row, skus: list[str]) -> dict[str, Any]:
    # The price column holds the value of the whole line.
    quantity = _whole(hit, "quantity") if hit["quantity"] else 1
    found: dict[str, Any] = {"product_id": skus[0]} if skus else {}
    if hit["price_usd"]:
        found["price"] = round(_number(hit, "price_usd") / (quantity or 1), 2)
    return found | {"quantity": quantity}
