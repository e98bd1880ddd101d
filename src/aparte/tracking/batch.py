"""A body that holds one message or a batch of them, taken apart without decoding the messages."""

from __future__ import annotations

import json
import math
from typing import Any

import msgspec
from msgspec import Struct

from aparte.tracking import timestamps
from aparte.tracking.quarantine import Quarantined, Reason, Unfit, quarantined


class Head(Struct, rename="camel"):
    """The members of a message that a door looks at, as they stand there."""

    type: Any = None
    anonymous_id: Any = None
    user_id: Any = None


class Batch(Struct, frozen=True):
    """The lines of a body, each for `Normaliser.read`, and when the client's clock said that it sent them.

    `head`: that of a body which is one message, when reading its border has shown it already.
    """

    lines: list[bytes]
    sent_at: int | None = None
    head: Head | None = None


class _Envelope(Head, rename="camel"):
    batch: list[msgspec.Raw] | None = None
    sent_at: Any = None


_decode: Any = msgspec.json.Decoder(_Envelope).decode


def read_batch(body: bytes) -> Batch | Quarantined:
    """The messages of a body; Quarantined when not even their borders can be found. Never an exception."""
    try:
        envelope = _decode(body)
    except (ValueError, RecursionError):
        return _read_leniently(body)
    if envelope.batch is None:
        return Batch([body], head=envelope)
    return Batch([bytes(raw) for raw in envelope.batch], _instant(envelope.sent_at))


def _read_leniently(body: bytes) -> Batch | Quarantined:
    # One message with a NaN or half a surrogate pair must not take its neighbours with it.
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_int=_integer)
    except UnicodeDecodeError as error:
        return quarantined(Unfit(Reason.NOT_UTF8, f"byte {error.start}: {error.reason}"), body)
    except RecursionError:
        return quarantined(Unfit(Reason.TOO_DEEP, "nested too deeply to read"), body)
    except ValueError as error:
        return quarantined(Unfit(Reason.NOT_JSON, str(error)), body)
    if not isinstance(found, dict):
        return quarantined(Unfit(Reason.NOT_AN_OBJECT, f"a JSON {type(found).__name__}"), body)
    batch = found.get("batch")
    if batch is None:
        return Batch([body])
    if not isinstance(batch, list):
        return quarantined(Unfit(Reason.WRONG_TYPE, f"batch is a {type(batch).__name__}"), body)
    return Batch([json.dumps(message).encode() for message in batch], _instant(found.get("sentAt")))


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= 30 else math.inf


def _instant(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    found = timestamps.parse(str(value))
    return found[0] if found else None
