"""The second reading of a line that the typed decoder refused: JSON of any shape, repaired where that is no guess.

Members that nobody reads are left out first, so that rubbish in them harms nobody.
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

import msgspec

from aparte.tracking import timestamps
from aparte.tracking.model import MAX_ID, ClientEvent, Group, Identify, Page, Screen, SiteFact, Track, VisitorFact
from aparte.tracking.quarantine import Reason, Repair, Unfit
from aparte.tracking.steps import Arrival, check_content, shortened

IDS = ("messageId", "anonymousId", "userId", "groupId", "previousId")
TIMES = ("timestamp", "originalTimestamp", "sentAt")
LABELS = ("name", "category")
OBJECTS = ("properties", "traits")
SNAKE_CASE = {
    "message_id": "messageId",
    "anonymous_id": "anonymousId",
    "user_id": "userId",
    "group_id": "groupId",
    "previous_id": "previousId",
    "sent_at": "sentAt",
    "original_timestamp": "originalTimestamp",
}
READ = ("messageId", "anonymousId", "userId", *TIMES, "type", "context")
READ_BY = {
    "page": ("name", "category", "properties"),
    "screen": ("name", "category", "properties"),
    "track": ("event", "properties"),
    "identify": ("traits",),
    "group": ("groupId", "traits"),
    "alias": ("previousId",),
}
# What the engine has set itself; only its own log may say it.
OWN = ("aparte:at", "aparte:visitor", "aparte:bot", "aparte:trusted")
CONTEXT_LABELS = {
    "page": ("url", "path", "title", "referrer", "search"),
    "campaign": ("source", "medium", "name", "term", "content"),
    "device": ("type",),
    "location": ("country",),
}
CONTEXT_TEXTS = ("userAgent", "locale", "timezone")
LETTERS = {"p": "page", "s": "screen", "t": "track", "i": "identify", "g": "group", "a": "alias"}
TYPES = frozenset(LETTERS.values())
FACTS = frozenset(
    kind.__struct_config__.tag for kind in (*VisitorFact.__args__, *SiteFact.__args__)
)  # fmt: skip
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_leniently(arrival: Arrival, *, trusted: bool = False) -> ClientEvent:
    """The message of a line, with its repairs noted on the arrival; `Unfit` when it is none."""
    try:
        return _read(arrival, trusted=trusted)
    except Unfit as unfit:
        # Broken bytes in a member that nobody reads do no harm; elsewhere they are the reason behind the reason.
        broken = _broken_byte(arrival.line) if unfit.reason in {Reason.NOT_JSON, Reason.BAD_TEXT} else None
        if broken is None:
            raise
        raise Unfit(Reason.NOT_UTF8, broken) from None


def _broken_byte(line: bytes) -> str | None:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte {error.start}: {error.reason}"
    return None


def _read(arrival: Arrival, *, trusted: bool) -> ClientEvent:
    found = _object(arrival)
    _rename_snake_case(found, arrival)
    found["type"] = _type(found.get("type"), arrival, trusted=trusted)
    read = READ + READ_BY[found["type"]] + (OWN if trusted else ())
    message = {key: found[key] for key in read if key in found}
    for repair in (_ids, _times, _labels, _objects, _context, _event):
        repair(message, arrival)
    check_content(message)
    return _converted(message)


def _converted(message: dict[str, Any]) -> ClientEvent:
    # The decoder's type of these is narrower than what `check_content` has allowed.
    properties, traits = message.pop("properties", {}), message.pop("traits", {})
    try:
        event: ClientEvent = msgspec.convert(message, ClientEvent)
    except msgspec.ValidationError as error:
        raise Unfit(Reason.WRONG_TYPE, str(error)) from None
    if isinstance(event, (Page, Screen, Track)):
        event.properties = properties
    elif isinstance(event, (Identify, Group)):
        event.traits = traits
    return event


def _object(arrival: Arrival) -> dict[str, Any]:
    line = arrival.line
    if line.startswith(BYTE_ORDER_MARK):
        line = line[len(BYTE_ORDER_MARK) :]
        arrival.repairs.append(Repair.BYTE_ORDER_MARK)
    try:
        found = json.loads(line.decode("utf-8", "surrogateescape"), parse_int=_integer, parse_constant=float)
    except RecursionError:
        raise Unfit(Reason.TOO_DEEP, "nested too deeply to read") from None
    except ValueError as error:
        raise Unfit(Reason.NOT_JSON, str(error)) from None
    if not isinstance(found, dict):
        raise Unfit(Reason.NOT_AN_OBJECT, f"a JSON {type(found).__name__}")
    return found


def _integer(text: str) -> int | float:
    # Thousands of digits: Python would refuse to read them; `check_content` refuses infinity where it matters.
    return int(text) if len(text) <= 30 else math.inf


def _rename_snake_case(found: dict[str, Any], arrival: Arrival) -> None:
    for snake, camel in SNAKE_CASE.items():
        if found.get(snake) is not None and found.get(camel) is None:
            found[camel] = found[snake]
            arrival.repairs.append(Repair.SNAKE_CASE_MEMBER)


def _type(found: Any, arrival: Arrival, *, trusted: bool) -> str:
    if not isinstance(found, str):
        raise Unfit(Reason.UNKNOWN_TYPE, "no type" if found is None else f"type is a {type(found).__name__}")
    if found in TYPES:
        return found
    if found in FACTS:
        reason = Reason.WRONG_TYPE if trusted else Reason.NOT_A_CLIENT_MESSAGE
        raise Unfit(reason, f"{found} is a fact of the engine")
    word = found.strip().lower()
    word = LETTERS.get(word, word)
    if word not in TYPES:
        raise Unfit(Reason.UNKNOWN_TYPE, f"type {found[:60]!r}")
    arrival.repairs.append(Repair.LOOSE_TYPE)
    return word


def _ids(message: dict[str, Any], arrival: Arrival) -> None:
    for key in IDS:
        value = message.get(key, "")
        if isinstance(value, str) and len(value) > MAX_ID:
            message[key] = shortened(value)
            arrival.repairs.append(Repair.LONG_ID)
        elif value == "":
            message.pop(key, None)
        if isinstance(value, str):
            continue
        if value is None:
            del message[key]
            if key in {"messageId", "previousId"}:
                arrival.repairs.append(Repair.NULL_MEMBER)
            continue
        message[key] = _numeric_id(key, value)
        arrival.repairs.append(Repair.NUMERIC_ID)


def _numeric_id(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit(Reason.WRONG_TYPE, f"{key} is a {type(value).__name__}")
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        raise Unfit(Reason.BAD_NUMBER, f"{key} is {value}")
    # Beyond 2^53 several ids would share one number.
    if not value.is_integer() or abs(value) > 2**53:
        raise Unfit(Reason.WRONG_TYPE, f"{key} is a fraction")
    return str(int(value))


def _times(message: dict[str, Any], arrival: Arrival) -> None:
    for key in TIMES:
        value = message.pop(key, None)
        if value is None:
            continue
        found = (
            timestamps.parse(str(value))
            if isinstance(value, (str, int, float)) and not isinstance(value, bool)
            else None
        )
        moment = _moment(found[0]) if found else None
        if found and moment:
            message[key] = moment
            arrival.repairs.extend([found[1]] if found[1] else [])
        elif key == "timestamp":
            raise Unfit(Reason.BAD_TIMESTAMP, f"{value!r:.60} is not a time")
        else:
            arrival.repairs.append(Repair.UNREADABLE_SENT_AT if key == "sentAt" else Repair.DROPPED_MEMBER)


def _moment(at: int) -> datetime | None:
    try:
        return timestamps.moment_of(at)
    except OverflowError:
        return None


def _labels(message: dict[str, Any], arrival: Arrival) -> None:
    _repair_labels(message, LABELS, arrival)


def _repair_labels(holder: dict[str, Any], keys: tuple[str, ...], arrival: Arrival) -> None:
    for key in keys:
        value = holder.get(key, "")
        if isinstance(value, str):
            continue
        del holder[key]
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            holder[key] = str(value)
            arrival.repairs.append(Repair.NUMERIC_LABEL)
        elif value is not None:
            arrival.repairs.append(Repair.DROPPED_MEMBER)


def _objects(message: dict[str, Any], arrival: Arrival) -> None:
    for key in OBJECTS:
        value = message.get(key, {})
        if isinstance(value, dict):
            continue
        if value is not None and value != []:
            raise Unfit(Reason.WRONG_TYPE, f"{key} is a {type(value).__name__}")
        # PHP writes an empty object as an empty list.
        arrival.repairs.append(Repair.NULL_MEMBER if value is None else Repair.EMPTY_LIST_FOR_OBJECT)
        message[key] = {}


def _context(message: dict[str, Any], arrival: Arrival) -> None:
    context = message.pop("context", None)
    if context is None:
        return
    if not isinstance(context, dict):
        arrival.repairs.append(Repair.EMPTY_LIST_FOR_OBJECT if context == [] else Repair.DROPPED_MEMBER)
        return
    kept = {key: context[key] for key in CONTEXT_TEXTS if key in context}
    _repair_labels(kept, CONTEXT_TEXTS, arrival)
    for key, labels in CONTEXT_LABELS.items():
        part = context.get(key)
        if isinstance(part, dict):
            kept[key] = {label: part[label] for label in labels if label in part}
            _repair_labels(kept[key], labels, arrival)
        elif part is not None:
            arrival.repairs.append(Repair.DROPPED_MEMBER)
    message["context"] = kept


def _event(message: dict[str, Any], arrival: Arrival) -> None:
    if message["type"] == "track" and not isinstance(message.get("event"), str):
        raise Unfit(Reason.MISSING_EVENT_NAME, "a track without the name of its event")
    if message["type"] != "track":
        message.pop("event", None)
