"""Mixpanel's raw export: JSON lines `{"event", "properties"}`.

Names of properties: https://docs.mixpanel.com/docs/data-structure/property-reference/default-properties. `time` counts
seconds, or milliseconds when exported with `time_in_ms`; in projects made before 2023 it counts the seconds of the wall
clock in the project's time zone, so say which (`zone`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from aparte.tracking import timestamps
from aparte.tracking.quarantine import Reason, Unfit
from aparte.tracking.sources.report import ImportReport, encoded

PAGE_VIEWS = frozenset({"$mp_web_page_view"})
# They say who is who to Mixpanel and are no deeds of a visitor.
HOUSEKEEPING = frozenset({"$identify", "$create_alias", "$merge"})
DEVICE_PREFIX = "$device:"
CAMPAIGN = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
}
# Read into other members of the message, or about the delivery of the event.
CONSUMED = frozenset(
    {"time", "distinct_id", "token", "current_page_title", "current_domain", "current_url_path", "current_url_protocol"}
    | {"current_url_search", *CAMPAIGN}
)
NO_REFERRER = "$direct"


class _Exported(Struct):
    event: str
    properties: dict[str, Any]


_decode = msgspec.json.Decoder(_Exported).decode


def convert(
    lines: Iterable[bytes | str],
    report: ImportReport,
    *,
    page_views: frozenset[str] = PAGE_VIEWS,
    zone: tzinfo | None = None,
) -> Iterator[bytes]:
    """Messages of an export; events named in `page_views` become pages. The report counts lines."""
    for line in lines:
        if not line.strip():
            continue
        report.read += 1
        with report.quarantining(line):
            exported = _read(line)
            if exported.event in HOUSEKEEPING:
                report.skipped["housekeeping of Mixpanel"] += 1
                continue
            message = _message(exported, page_views, zone)
            report.converted += 1
            yield encoded(message, report)


def _read(line: bytes | str) -> _Exported:
    try:
        return _decode(line)
    except msgspec.ValidationError as error:
        raise Unfit(Reason.BAD_ROW, str(error)) from None
    except UnicodeError as error:
        raise Unfit(Reason.NOT_UTF8, error.reason if isinstance(error, UnicodeDecodeError) else "no text") from None
    except ValueError as error:
        raise Unfit(Reason.NOT_JSON, str(error)) from None
    except RecursionError:
        raise Unfit(Reason.TOO_DEEP, "nested too deeply to read") from None


def _message(exported: _Exported, page_views: frozenset[str], zone: tzinfo | None) -> dict[str, Any]:
    found = exported.properties
    message = _identity(found) | {"timestamp": _time(found.get("time"), zone), "context": _context(found)}
    if _text(found, "$insert_id"):
        message["messageId"] = found["$insert_id"]
    if exported.event in page_views:
        title = _text(found, "current_page_title")
        name = {"name": title} if title else {}
        return message | {"type": "page"} | name | {"properties": _page(found) | _own(found)}
    return message | {"type": "track", "event": exported.event, "properties": _own(found)}


def _identity(found: dict[str, Any]) -> dict[str, Any]:
    # The device stays the same before and after a login; the distinct id does not.
    distinct = str(found.get("distinct_id") or "").removeprefix(DEVICE_PREFIX)
    user, device = _text(found, "$user_id"), _text(found, "$device_id")
    identity = {"anonymousId": device or ("" if user else distinct), "userId": user}
    identity = {key: value for key, value in identity.items() if value}
    if not identity:
        raise Unfit(Reason.MISSING_IDENTITY, "neither distinct_id nor $device_id nor $user_id")
    return identity


def _time(value: Any, zone: tzinfo | None) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit(Reason.BAD_TIMESTAMP, f"time is a {type(value).__name__}")
    at = round(value * timestamps.SECOND if value < timestamps.SECONDS_BELOW else value)
    if not timestamps.EARLIEST <= at < timestamps.LATEST:
        raise Unfit(Reason.BAD_TIMESTAMP, f"time {value} is not between 1970 and 2200")
    if zone is not None:
        at = timestamps.milliseconds(timestamps.moment_of(at).replace(tzinfo=zone))
    return timestamps.iso(at)


def _context(found: dict[str, Any]) -> dict[str, Any]:
    country = _text(found, "mp_country_code")
    campaign = {ours: text for theirs, ours in CAMPAIGN.items() if (text := _text(found, theirs))}
    parts = {"page": _page(found), "campaign": campaign, "location": {"country": country} if country else {}}
    return {name: part for name, part in parts.items() if part}


def _page(found: dict[str, Any]) -> dict[str, str]:
    url, referrer = _text(found, "$current_url"), _text(found, "$referrer")
    page = {
        "url": url,
        "path": _text(found, "current_url_path") or _path(url),
        "title": _text(found, "current_page_title"),
        "referrer": "" if referrer == NO_REFERRER else referrer,
        "search": _text(found, "current_url_search"),
    }
    return {name: text for name, text in page.items() if text}


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _own(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in CONSUMED and not key.startswith(("$", "mp_"))}


def _text(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
