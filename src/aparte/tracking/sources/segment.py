"""Segment and RudderStack archives: JSON lines of single messages or of batch bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from aparte.tracking import timestamps
from aparte.tracking.batch import read_batch
from aparte.tracking.model import Message
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.sources.report import ImportReport


class _Received(Struct, rename="camel"):
    received_at: Any = None


def convert(lines: Iterable[bytes | str], report: ImportReport) -> Iterator[bytes]:
    """The messages under our names and with repaired members; the report counts messages.

    `timestamp` is what the archive says: its maker has corrected the client's clock already. Only a message without any
    time of its own takes `receivedAt`.
    """
    normaliser = Normaliser()
    for line in lines:
        body = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
        body = body.strip()
        if not body:
            continue
        batch = read_batch(body)
        if isinstance(batch, Quarantined):
            report.read += 1
            report.quarantine(batch)
            continue
        for message in batch.lines:
            yield from _converted(message, normaliser, report)


def _converted(message: bytes, normaliser: Normaliser, report: ImportReport) -> Iterator[bytes]:
    report.read += 1
    event = normaliser.read(message)
    if isinstance(event, Quarantined):
        event = normaliser.read(message, _received_at(message))
    if isinstance(event, Quarantined):
        report.quarantine(event)
    elif isinstance(event, Message):
        report.converted += 1
        report.written += 1
        yield _emitted(event)


def _received_at(message: bytes) -> int | None:
    try:
        found = msgspec.json.decode(message, type=_Received).received_at
    except (ValueError, RecursionError):
        return None
    parsed = timestamps.parse(found) if isinstance(found, str) else None
    return parsed[0] if parsed else None


def _emitted(event: Message) -> bytes:
    # What the engine sets is the reader's business: it sets it again.
    event.timestamp, event.original_timestamp, event.sent_at = timestamps.moment_of(event.at), None, None
    event.at, event.visitor, event.bot = 0, "", False
    return msgspec.json.encode(event)
