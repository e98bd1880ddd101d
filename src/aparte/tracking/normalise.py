"""From a line that somebody sent to an Event, or to a reason why not.

Three speeds, one result:

1. The typed decoder reads the line and `read` sees that no step would change or refuse anything: the way of practically
   every message, so it is written as one function.
2. Anything that it doubts goes through `STEPS`, one small function each.
3. A line that the typed decoder refuses, or that lacks an id or a time, is read again leniently and repaired, then goes
   through `STEPS` too.

A test sends every line both ways and compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from aparte.tracking import steps
from aparte.tracking.bots import is_bot
from aparte.tracking.ecommerce import CANONICAL
from aparte.tracking.lenient import read_leniently
from aparte.tracking.model import Alias, ClientEvent, Event, Group, Message, Page, Track
from aparte.tracking.quarantine import Quarantined, Reason, Repair, Unfit, quarantined
from aparte.tracking.steps import MAX_NUMBER, NUMBERS, USER, Arrival
from aparte.tracking.timestamps import EARLIEST, EPOCH, LATEST, MILLISECOND

MAX_EVENT_BYTES = 32 * 1024
# An order is rare and has a step of its own.
ORDINARY_NAMES = CANONICAL - {"Order Completed"}
DOUBTFUL = NUMBERS | {"products"}
AFTER_USER = "user;"  # the first text behind all those that begin with `user:`
BACKSLASH = 0x5C  # looking for one byte as a number is eight times faster than as bytes
ESCAPED_NUL = b"\\u0000"


class Step(Struct, frozen=True):
    """One step: its name, what it does, and the reasons for which it may refuse."""

    name: str
    run: Callable[[ClientEvent, Arrival], None]
    reasons: tuple[Reason, ...] = ()


STEPS: tuple[Step, ...] = (
    Step("identity", steps.identity, (Reason.MISSING_IDENTITY,)),
    Step("message_id", steps.message_id),
    Step("time", steps.time, (Reason.BAD_TIMESTAMP,)),
    Step("content", steps.content, (Reason.TOO_DEEP, Reason.BAD_NUMBER, Reason.BAD_TEXT)),
    Step("event_name", steps.event_name, (Reason.MISSING_EVENT_NAME, Reason.BAD_TEXT)),
    Step("numbers", steps.numbers, (Reason.BAD_NUMBER,)),
    Step("order", steps.order, (Reason.BAD_MONEY, Reason.WRONG_TYPE)),
    Step("bot", steps.bot),
)
# What reading the line itself may refuse, before the first step.
READING = (
    Reason.TOO_LARGE, Reason.NOT_UTF8, Reason.NOT_JSON, Reason.NOT_AN_OBJECT, Reason.TOO_DEEP, Reason.BAD_TEXT,
    Reason.BAD_NUMBER, Reason.UNKNOWN_TYPE, Reason.NOT_A_CLIENT_MESSAGE, Reason.MISSING_EVENT_NAME,
    Reason.BAD_TIMESTAMP, Reason.WRONG_TYPE,
)  # fmt: skip

_decode_message: Callable[[bytes], Any] = msgspec.json.Decoder(ClientEvent).decode
_HAS_NO_NUMBER = DOUBTFUL.isdisjoint
_decode_any: Callable[[bytes], Event] = msgspec.json.Decoder(Event).decode


class Normaliser:
    """Reads lines; counts its repairs. One a thread.

    `trusted` is for the engine's own log: facts are read, what the engine set stays as it is, and no line is too long.
    """

    def __init__(self, *, trusted: bool = False) -> None:
        self.trusted = trusted
        self.repairs: Counter[Repair] = Counter()

    def read(
        self, line: bytes | str, received_at: int | None = None, sent_at: int | None = None
    ) -> Event | Quarantined:
        """The event of a line, or why there is none; never an exception, whatever the line holds.

        `received_at`: when our clock saw it; `sent_at`: when the client's clock said that the batch left (both in ms).
        """
        if type(line) is not bytes or self.trusted:
            return self._read_otherwise(line, received_at, sent_at)
        if len(line) > MAX_EVENT_BYTES or (BACKSLASH in line and ESCAPED_NUL in line):
            return self.read_thoroughly(line, received_at, sent_at)
        # One function on purpose, and the checks that cost least first: a call costs as much as three of them.
        try:
            event = _decode_message(line)
            kind, visitor = type(event), event.anonymous_id
            if (
                (kind is Page or (kind is Track and event.event in ORDINARY_NAMES))
                and (_HAS_NO_NUMBER(event.properties) or _numbers_are_plain(event.properties))
                and ("!" <= visitor < USER or visitor >= AFTER_USER)
                and event.message_id >= "!"
            ):
                at = (event.timestamp - EPOCH) // MILLISECOND
                if received_at is not None:
                    sent = event.sent_at
                    if sent_at is not None:
                        at += received_at - sent_at
                    elif sent is not None:
                        at += received_at - (sent - EPOCH) // MILLISECOND
                if EARLIEST <= at < LATEST and (received_at is None or at <= received_at):
                    event.at, event.visitor, event.trusted = at, visitor, False
                    context = event.context
                    event.bot = context is not None and context.user_agent is not None and is_bot(context.user_agent)
                    return event  # type: ignore[no-any-return]  # mypy cannot follow `kind`
        except (ValueError, RecursionError):
            return self.read_thoroughly(line, received_at, sent_at)
        except TypeError:  # an id or a time is absent, or a time has no zone
            pass
        return self.read_thoroughly(line, received_at, sent_at, event)

    def _read_otherwise(self, line: bytes | str, received_at: int | None, sent_at: int | None) -> Event | Quarantined:
        if isinstance(line, str):
            try:
                line = line.encode()
            except UnicodeEncodeError:
                return quarantined(Unfit(Reason.BAD_TEXT, "the line holds half a surrogate pair"), line)
        line = bytes(line)
        if not self.trusted:
            return self.read(line, received_at, sent_at)
        try:
            event: Event = _decode_any(line)
        except (ValueError, RecursionError):
            return self.read_thoroughly(line, received_at, sent_at)
        if event.at or not isinstance(event, Message):
            return event
        return self.read_thoroughly(line, received_at, sent_at, event)

    def read_thoroughly(
        self, line: bytes, received_at: int | None = None, sent_at: int | None = None, event: ClientEvent | None = None
    ) -> Event | Quarantined:
        """What `read` does with a line that is not ordinary; `event`: what the typed decoder made of it, if it did."""
        arrival = Arrival(line, received_at, sent_at)
        try:
            if len(line) > MAX_EVENT_BYTES and not self.trusted:
                raise Unfit(Reason.TOO_LARGE, f"{len(line)} bytes, {MAX_EVENT_BYTES} allowed")
            if event is None or _lacks_something(event, line):
                event = read_leniently(arrival, trusted=self.trusted)
            if not (self.trusted and event.at):
                event.trusted = False
                for step in STEPS:
                    step.run(event, arrival)
        except Unfit as unfit:
            return quarantined(unfit, line)
        self.repairs.update(arrival.repairs)
        return event


def _lacks_something(event: ClientEvent, line: bytes) -> bool:
    """Whether a member is missing that stands in the line in snake case, which only the lenient reading knows."""
    return (
        (not event.anonymous_id and (b'"anonymous_id"' in line or (not event.user_id and b'"user_id"' in line)))
        or (not event.message_id and b'"message_id"' in line)
        or (event.timestamp is None and event.original_timestamp is None and b'"original_timestamp"' in line)
        or (event.sent_at is None and b'"sent_at"' in line)
        or (isinstance(event, Group) and event.group_id is None and b'"group_id"' in line)
        or (isinstance(event, Alias) and not event.previous_id and b'"previous_id"' in line)
    )


def _numbers_are_plain(properties: dict[str, Any]) -> bool:
    """Whether the step `numbers` would change or refuse nothing."""
    for key, value in properties.items():
        if key in DOUBTFUL:
            kind = type(value)
            if (kind is not float and kind is not int) or not 0 <= value <= MAX_NUMBER or key == "products":
                return False
    return True
