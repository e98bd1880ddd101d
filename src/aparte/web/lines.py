"""Messages of a single-message route: what the request says beside the body is written into them."""

from __future__ import annotations

import base64
import binascii
import json

import msgspec

from aparte.tracking import timestamps
from aparte.tracking.batch import Head

MAX_ID = 256


def visitor_of(head: Head) -> str | None:
    """For whose allowance a message counts."""
    found = head.anonymous_id or head.user_id
    return found[:MAX_ID] if isinstance(found, str) else None


_decode = msgspec.json.Decoder(Head).decode


def head_of(line: bytes) -> Head | None:
    """The head of a message; None when it is no JSON object."""
    try:
        return _decode(line)
    except (ValueError, RecursionError):
        pass
    try:
        found = json.loads(line.decode("utf-8", "surrogateescape"), parse_int=float)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return Head(found.get("type"), found.get("anonymousId") or found.get("anonymous_id"), found.get("userId"))


def completed(line: bytes, head: Head, kind: str | None, anonymous: str | None) -> bytes:
    """The line with the type of its route and the visitor of its header, where it has none of its own."""
    added: dict[str, str] = {}
    if kind is not None and head.type is None:
        added["type"] = kind
    if anonymous and head.anonymous_id in (None, ""):  # no set: it may be a list
        added["anonymousId"] = anonymous
    if not added:
        return line
    # At the end: of two members of one name, every reader takes the last.
    inner = line.rstrip()[:-1]
    comma = b"" if inner.strip() == b"{" else b","
    return inner + comma + msgspec.json.encode(added)[1:]


def anonymous_of(header: bytes | None) -> str | None:
    """The id in RudderStack's header `AnonymousId` (base64); None when it cannot be read."""
    if not header or len(header) > 2 * MAX_ID:
        return None
    try:
        found = base64.b64decode(header, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return found if found.isprintable() and len(found) <= MAX_ID else None


def instant_of(header: bytes | None) -> int | None:
    """The moment in RudderStack's header `SentAt`; None when it cannot be read."""
    found = timestamps.parse(header.decode("latin-1")) if header and len(header) <= 40 else None
    return found[0] if found else None
