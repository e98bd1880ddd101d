"""Google Analytics 4's export to BigQuery: tables `events_YYYYMMDD` as JSON lines, one event a line.

Columns as Google documents them (https://support.google.com/analytics/answer/7029846): nested `event_params`, `items`,
`ecommerce`, `privacy_info`, `device`, `collected_traffic_source`. 64-bit integers may be numbers or texts, as BigQuery
writes them; `(not set)` is no value. Names of events and of their members stay Google's: whoever reads the messages
puts them into our words, as he does with those that a browser sends. The rows of a table have no order: messages are
sorted in memory, an export of some millions of rows. What becomes of each column: docs/reference/command-line.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from aparte.tracking import timestamps
from aparte.tracking.quarantine import Reason, Unfit
from aparte.tracking.sources.report import ImportReport, encoded

PAGE_VIEW = "page_view"
# They say that a session or a visitor is new to Google, or that time has passed, and are no deeds of a visitor.
HOUSEKEEPING = frozenset({"session_start", "first_visit", "first_open", "user_engagement"})
NOT_SET = frozenset({"", "(not set)", "(none)", "(direct)", "(data not available)"})
DENIED = frozenset({"no", "denied", "false"})
# Read into other members of the message, or about Google's own sessions.
CONSUMED = frozenset(
    {"page_location", "page_title", "page_referrer", "ga_session_id", "ga_session_number", "engagement_time_msec"}
    | {"session_engaged", "engaged_session_event", "entrances", "debug_mode", "batch_page_id", "batch_ordering_id"}
    | {"ignore_referrer", "term", "content", "campaign", "medium", "source", "gclid", "dclid", "srsltid"}
)
CAMPAIGN = {"source": "source", "medium": "medium", "campaign_name": "name", "term": "term", "content": "content"}
# Column of `ecommerce` -> the member that a browser would send.
ORDER = {
    "purchase_revenue": "value",
    "tax_value": "tax",
    "shipping_value": "shipping",
    "transaction_id": "transaction_id",
}
ITEM = ("item_id", "item_name", "item_brand", "item_category", "item_variant", "price", "quantity", "coupon")
ID = (
    "stream_id", "user_pseudo_id", "event_timestamp", "event_name", "event_bundle_sequence_id", "batch_page_id",
    "batch_ordering_id", "batch_event_index",
)  # fmt: skip
"""By which columns a row is known again when it is exported twice."""
Value = str | int | float | None


class _Value(Struct):
    string_value: str | None = None
    int_value: int | str | None = None
    float_value: float | str | None = None
    double_value: float | str | None = None


class _Param(Struct):
    key: str
    value: _Value | None = None


class _Privacy(Struct):
    analytics_storage: str | bool | None = None


class _Row(Struct):
    event_name: str
    event_timestamp: int | str | None = None
    event_params: list[_Param] = field(default_factory=list)
    user_pseudo_id: str | None = None
    user_id: str | None = None
    privacy_info: _Privacy | None = None
    device: dict[str, Any] | None = None
    collected_traffic_source: dict[str, Any] | None = None
    ecommerce: dict[str, Any] | None = None
    items: list[dict[str, Any]] | None = None


_decode = msgspec.json.Decoder(_Row).decode
_members = msgspec.json.Decoder(dict[str, Any]).decode


def convert(lines: Iterable[bytes | str], report: ImportReport) -> Iterator[bytes]:
    """Messages of an export, by time; events of one moment as they are numbered. The report counts lines."""
    found = []
    for line in lines:
        if not line.strip():
            continue
        report.read += 1
        with report.quarantining(line):
            row, members = _read(line)
            if row.event_name in HOUSEKEEPING:
                report.skipped["housekeeping of Google"] += 1
                continue
            at = _time(row.event_timestamp)
            message = _message(row, members, at)
            report.converted += 1
            found.append((at, _place(members), encoded(message, report)))
    found.sort(key=lambda one: one[:2])
    yield from (line for *_, line in found)


def _read(line: bytes | str) -> tuple[_Row, dict[str, Any]]:
    try:
        return _decode(line), _members(line)
    except msgspec.ValidationError as error:
        raise Unfit(Reason.BAD_ROW, str(error)) from None
    except UnicodeError as error:
        raise Unfit(Reason.NOT_UTF8, error.reason if isinstance(error, UnicodeDecodeError) else "no text") from None
    except ValueError as error:
        raise Unfit(Reason.NOT_JSON, str(error)) from None
    except RecursionError:
        raise Unfit(Reason.TOO_DEEP, "nested too deeply to read") from None


def _time(value: int | str | None) -> int:
    """Milliseconds of Google's microseconds."""
    whole = _whole(value)
    if whole is None:
        raise Unfit(Reason.BAD_TIMESTAMP, f"event_timestamp is {value!r}"[:100])
    at = whole // 1_000
    if not timestamps.EARLIEST <= at < timestamps.LATEST:
        raise Unfit(Reason.BAD_TIMESTAMP, f"event_timestamp {whole} is not between 1970 and 2200 in microseconds")
    return at


def _whole(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _place(members: dict[str, Any]) -> tuple[int, int, int]:
    """The order of a visitor's events of one moment."""
    bundle, batch, index = (_whole(members.get(name)) or 0 for name in ID[4:5] + ID[6:])
    return bundle, batch, index


def _message(row: _Row, members: dict[str, Any], at: int) -> dict[str, Any]:
    params = dict(_params(row.event_params))
    message = _identity(row) | {
        "messageId": _message_id(row, members),
        "timestamp": timestamps.iso(at),
        "context": _context(row, params),
    }
    own = {key: value for key, value in params.items() if key not in CONSUMED}
    if row.event_name == PAGE_VIEW:
        page = _page(params)
        name = {"name": page["title"]} if "title" in page else {}
        return message | {"type": "page"} | name | {"properties": page | own}
    return message | {"type": "track", "event": row.event_name, "properties": _properties(row, own)}


def _identity(row: _Row) -> dict[str, str]:
    """Who; a row of somebody who refused is taken by nobody, even where it names him."""
    storage = row.privacy_info.analytics_storage if row.privacy_info is not None else None
    if storage is False or (isinstance(storage, str) and storage.strip().lower() in DENIED):
        raise Unfit(Reason.NO_CONSENT, "privacy_info.analytics_storage says no")
    told = {"anonymousId": row.user_pseudo_id, "userId": row.user_id}
    identity = {key: value for key, value in told.items() if value and value not in NOT_SET}
    if not identity:
        raise Unfit(Reason.MISSING_IDENTITY, "neither user_pseudo_id nor user_id")
    return identity


def _message_id(row: _Row, members: dict[str, Any]) -> str:
    said = [str(members.get(name)) for name in ID] + [msgspec.json.encode(row.event_params).decode()]
    return "ga4." + blake2b("\0".join(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _params(told: Iterable[_Param]) -> Iterator[tuple[str, Value]]:
    """The values of event_params, whichever column they are in."""
    for param in told:
        value = _value(param.value)
        if value is not None and value not in NOT_SET:
            yield param.key, value


def _value(told: _Value | None) -> Value:
    if told is None:
        return None
    if told.int_value is not None:
        whole = _whole(told.int_value)
        return told.int_value if whole is None else whole
    for number in (told.double_value, told.float_value):
        if number is not None:
            return number
    return told.string_value


def _context(row: _Row, params: dict[str, Value]) -> dict[str, Any]:
    device = row.device or {}
    parts: dict[str, Any] = {
        "page": _page(params),
        "campaign": _campaign(row, params),
        "device": {"type": device["category"]} if _text(device, "category") else {},
        "locale": _text(device, "language"),
        "library": {"name": "ga4-bigquery"},
    }
    return {name: part for name, part in parts.items() if part}


def _page(params: dict[str, Value]) -> dict[str, str]:
    url = _text(params, "page_location")
    page = {
        "url": url,
        "path": _path(url),
        "title": _text(params, "page_title"),
        "referrer": _text(params, "page_referrer"),
    }
    return {name: text for name, text in page.items() if text}


def _campaign(row: _Row, params: dict[str, Value]) -> dict[str, str]:
    """What this event was brought by; never `traffic_source`, which is what brought the visitor the first time."""
    collected = row.collected_traffic_source or {}
    found = {}
    for theirs, ours in CAMPAIGN.items():
        text = _text(collected, f"manual_{theirs}") or _text(params, theirs.removesuffix("_name"))
        if text:
            found[ours] = text
    return found


def _properties(row: _Row, own: dict[str, Value]) -> dict[str, Any]:
    found: dict[str, Any] = dict(own)
    if row.event_name in ("purchase", "refund"):
        for theirs, ours in ORDER.items():
            value = (row.ecommerce or {}).get(theirs)
            if value is not None and value not in NOT_SET:
                found.setdefault(ours, value)
    form = found.get("form_name") or found.get("form_id")
    if form is not None:
        found.setdefault("form", form)
    items = [{name: one[name] for name in ITEM if _is_set(one.get(name))} for one in row.items or []]
    return found | ({"items": items} if items else {})


def _is_set(value: Any) -> bool:
    return isinstance(value, str | int | float) and value not in NOT_SET


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) and value not in NOT_SET else ""
