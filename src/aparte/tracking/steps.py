"""The steps that a decoded message goes through, each one small, in the order of `normalise.STEPS`.

A step changes the event in place, notes its repairs on the arrival, and raises `Unfit` when the message cannot be
accepted.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from msgspec import Struct, field

from aparte.tracking import timestamps
from aparte.tracking.bots import is_bot
from aparte.tracking.ecommerce import COMMERCE, add_order_sums, canonical, from_ga4, is_ga4
from aparte.tracking.model import MAX_ID, Alias, ClientEvent, Group, Identify, Page, Screen, Track
from aparte.tracking.quarantine import Reason, Repair, Unfit

MAX_NAME = 256
MAX_DEPTH = 32
MAX_NUMBER = 1e12
INT64 = range(-(2**63), 2**63)
USER = "user:"
BLANKS = "".join(map(chr, range(33)))

# Of an event about goods or of one of its products; the engine reads them.
NUMBERS = frozenset({"price", "quantity", "total", "revenue", "value", "tax", "shipping", "discount"})
NEVER_NEGATIVE = frozenset({"price", "quantity"})
ORDER_MONEY = ("total", "revenue", "value")
NUMERIC = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
# Lone surrogates and NUL: no database and no encoder takes them.
UNSPEAKABLE = re.compile("[\x00\ud800-\udfff]")


class Arrival(Struct):
    """One message's way in: the line, the clocks beside it, and what was put right so far."""

    line: bytes
    received_at: int | None = None
    sent_at: int | None = None
    repairs: list[Repair] = field(default_factory=list)


def identity(event: ClientEvent, arrival: Arrival) -> None:
    """Who: the anonymous id, else the user id behind a prefix that no anonymous id may carry."""
    anonymous, user = event.anonymous_id, event.user_id
    if anonymous and not is_blank(anonymous):
        event.visitor = _short(_unreserved(anonymous, arrival), arrival)
    elif user and not is_blank(user):
        event.visitor = _short(USER + user, arrival)
    else:
        raise Unfit(Reason.MISSING_IDENTITY, "neither anonymousId nor userId")
    if isinstance(event, Alias):
        if is_blank(event.previous_id):
            raise Unfit(Reason.MISSING_IDENTITY, "an alias without previousId")
        event.previous_id = _unreserved(event.previous_id, arrival)
    if isinstance(event, Group) and not event.group_id:
        raise Unfit(Reason.MISSING_IDENTITY, "a group without groupId")


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but ASCII spaces and control characters."""
    return not text.strip(BLANKS)


def _unreserved(anonymous: str, arrival: Arrival) -> str:
    # Otherwise anybody could join the session of a signed-in visitor by naming him.
    if not anonymous.startswith(USER):
        return anonymous
    arrival.repairs.append(Repair.RESERVED_ID)
    return "anonymous:" + anonymous


def _short(text: str, arrival: Arrival) -> str:
    if len(text) <= MAX_ID:
        return text
    arrival.repairs.append(Repair.LONG_ID)
    return shortened(text)


def shortened(text: str) -> str:
    """An id of the greatest length; cutting alone would make one visitor of two, hence the hash at its end."""
    return text[: MAX_ID - 33] + "~" + _hash(text.encode("utf-8", "surrogatepass"))


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def message_id(event: ClientEvent, arrival: Arrival) -> None:
    """Which: the client's own id, else the hash of the line, so that a copy of the line is known again."""
    if not is_blank(event.message_id):
        event.message_id = _short(event.message_id, arrival)
        return
    arrival.repairs.append(Repair.HASHED_MESSAGE_ID)
    event.message_id = _hash(arrival.line)


def time(event: ClientEvent, arrival: Arrival) -> None:
    """When: received - (sent - written), by which the client's clock cancels out; never later than received."""
    event.timestamp = _in_zone(event.timestamp, arrival)
    event.original_timestamp = _in_zone(event.original_timestamp, arrival)
    event.sent_at = _in_zone(event.sent_at, arrival)
    written, received = event.timestamp or event.original_timestamp, arrival.received_at
    if written is not None:
        event.at = _corrected(event, written, arrival)
    elif received is not None:
        event.at = received
        arrival.repairs.append(Repair.ARRIVAL_TIME)
    else:
        raise Unfit(Reason.BAD_TIMESTAMP, "no timestamp, and nobody knows when the message came")


def _in_zone(moment: datetime | None, arrival: Arrival) -> datetime | None:
    if moment is None or moment.tzinfo is not None:
        return moment
    arrival.repairs.append(Repair.TIME_WITHOUT_ZONE)
    return moment.replace(tzinfo=UTC)


def _corrected(event: ClientEvent, written: datetime, arrival: Arrival) -> int:
    at, received = timestamps.milliseconds(written), arrival.received_at
    if received is not None:
        sent = timestamps.milliseconds(event.sent_at) if event.sent_at and arrival.sent_at is None else arrival.sent_at
        at += 0 if sent is None else received - sent
    if not timestamps.EARLIEST <= at < timestamps.LATEST:
        raise Unfit(Reason.BAD_TIMESTAMP, f"{written.isoformat()} is not between 1970 and 2200")
    if received is not None and at > received:
        arrival.repairs.append(Repair.FUTURE_TIME)
        return received
    return at


def content(event: ClientEvent, arrival: Arrival) -> None:
    """What: properties and traits of bounded depth, with finite numbers and speakable text."""
    if isinstance(event, (Page, Screen, Track)):
        check_content(event.properties)
    elif isinstance(event, (Identify, Group)):
        check_content(event.traits)


def check_content(value: Any) -> None:
    """Raise `Unfit` for what no part behind us could store or compute with; without recursion, at any depth."""
    level = [value]
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for one in level:
            _check_scalar(one)
            if isinstance(one, dict):
                deeper.extend(one)
                deeper.extend(one.values())
            elif isinstance(one, list):
                deeper.extend(one)
        if not deeper:
            return
        level = deeper
    raise Unfit(Reason.TOO_DEEP, f"more than {MAX_DEPTH} levels")


def _check_scalar(value: Any) -> None:
    if isinstance(value, str):
        if UNSPEAKABLE.search(value):
            raise Unfit(Reason.BAD_TEXT, "a text holds NUL or half a surrogate pair")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Unfit(Reason.BAD_NUMBER, f"{value} is not a number to compute with")
    elif isinstance(value, int) and value not in INT64:
        raise Unfit(Reason.BAD_NUMBER, "an integer beyond 64 bits")


def event_name(event: ClientEvent, arrival: Arrival) -> None:
    """The one name of the event, and with a GA4 name the members under our names."""
    if not isinstance(event, Track):
        return
    name = event.event
    if is_blank(name):
        raise Unfit(Reason.MISSING_EVENT_NAME, "a track without the name of its event")
    if len(name) > MAX_NAME:
        raise Unfit(Reason.BAD_TEXT, f"an event name of {len(name)} characters")
    event.event = canonical(name)
    if event.event == name:
        return
    arrival.repairs.append(Repair.EVENT_NAME)
    if is_ga4(name):
        arrival.repairs.append(Repair.GA4_MEMBERS)
        event.properties = from_ga4(event.event, event.properties)


def numbers(event: ClientEvent, arrival: Arrival) -> None:
    """Prices and sums are numbers: numeric text is read, anything else is refused where the engine counts on it."""
    if isinstance(event, (Page, Screen)):
        _repair_numeric_text(event.properties, arrival)
    elif isinstance(event, Track):
        if event.event in COMMERCE:
            _check_numbers(event.properties, arrival)
            _check_products(event.properties, arrival)
        else:
            _repair_numeric_text(event.properties, arrival)


def _repair_numeric_text(properties: dict[str, Any], arrival: Arrival) -> None:
    # The shop's own events may mean anything by `value`; only what is plainly a number becomes one.
    for key in NUMBERS.intersection(properties):
        value = properties[key]
        if isinstance(value, str) and NUMERIC.fullmatch(value.strip()):
            properties[key] = _number(value.strip())
            arrival.repairs.append(Repair.NUMERIC_TEXT)


def _number(text: str) -> float | int:
    return float(text) if "." in text else int(text)


def _check_numbers(members: dict[str, Any], arrival: Arrival) -> None:
    # Sorted, so that the same message is refused for the same reason in every process.
    for key in sorted(NUMBERS.intersection(members)):
        value = members[key]
        if value is None or (isinstance(value, str) and not value.strip()):
            del members[key]
            arrival.repairs.append(Repair.EMPTY_NUMBER)
            continue
        if isinstance(value, str) and NUMERIC.fullmatch(value.strip()):
            value = members[key] = _number(value.strip())
            arrival.repairs.append(Repair.NUMERIC_TEXT)
        _check_number(key, value)


def _check_number(key: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit(Reason.BAD_NUMBER, f"{key} is not a number")
    if not -MAX_NUMBER <= value <= MAX_NUMBER:
        raise Unfit(Reason.BAD_NUMBER, f"{key} is beyond {MAX_NUMBER:g}")
    if value < 0 and key in NEVER_NEGATIVE:
        raise Unfit(Reason.BAD_NUMBER, f"{key} is negative")


def _check_products(properties: dict[str, Any], arrival: Arrival) -> None:
    products = properties.get("products")
    if products is None:
        return
    if isinstance(products, dict):
        products = properties["products"] = [products]
    if not isinstance(products, list) or not all(isinstance(product, dict) for product in products):
        # The order itself is worth more than the list of what was in it.
        del properties["products"]
        arrival.repairs.append(Repair.UNREADABLE_PRODUCTS)
        return
    for product in products:
        _check_numbers(product, arrival)


def order(event: ClientEvent, arrival: Arrival) -> None:
    """An order has an id, sums that are not negative and a currency of three letters."""
    if not isinstance(event, Track) or event.event != "Order Completed":
        return
    properties = event.properties
    if Repair.GA4_MEMBERS in arrival.repairs:
        add_order_sums(properties)
    for key in ORDER_MONEY:
        if properties.get(key, 0) < 0:
            raise Unfit(Reason.BAD_MONEY, f"{key} of an order is negative")
    _check_currency(properties, arrival)
    properties["order_id"] = _order_id(properties.get("order_id"), event.message_id, arrival)


def _check_currency(properties: dict[str, Any], arrival: Arrival) -> None:
    currency = properties.get("currency")
    if currency is None or currency == "":
        return
    if not isinstance(currency, str) or not CURRENCY.fullmatch(currency.strip().upper()):
        raise Unfit(Reason.BAD_MONEY, "currency is not a code of three letters")
    if currency != currency.strip().upper():
        properties["currency"] = currency.strip().upper()
        arrival.repairs.append(Repair.CURRENCY_CASE)


def _order_id(found: Any, fallback: str, arrival: Arrival) -> str:
    if isinstance(found, int) and not isinstance(found, bool):
        arrival.repairs.append(Repair.NUMERIC_ID)
        return str(found)
    if found is None or (isinstance(found, str) and not found.strip()):
        arrival.repairs.append(Repair.ORDER_WITHOUT_ID)
        return fallback
    if not isinstance(found, str):
        raise Unfit(Reason.WRONG_TYPE, "order_id is not text")
    return _short(found, arrival)


def bot(event: ClientEvent, arrival: Arrival) -> None:
    """Whether a robot sent it, by the user agent that the message carries."""
    user_agent = event.context.user_agent if event.context else None
    event.bot = bool(user_agent) and is_bot(user_agent or "")
