"""Why a message is not accepted, and what is kept of it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

EXCERPT_BYTES = 200


class Reason(StrEnum):
    """Why a message is in quarantine; docs/reference/events.md explains each one."""

    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    UNKNOWN_TYPE = "unknown_type"
    NOT_A_CLIENT_MESSAGE = "not_a_client_message"
    MISSING_EVENT_NAME = "missing_event_name"
    MISSING_IDENTITY = "missing_identity"
    BAD_TIMESTAMP = "bad_timestamp"
    BAD_NUMBER = "bad_number"
    BAD_MONEY = "bad_money"
    BAD_TEXT = "bad_text"
    WRONG_TYPE = "wrong_type"
    BAD_ROW = "bad_row"
    RESERVED_NAME = "reserved_name"
    NO_CONSENT = "no_consent"
    BAD_IDENTITY = "bad_identity"


class Repair(StrEnum):
    """What was put right without guessing; each is counted."""

    BYTE_ORDER_MARK = "byte_order_mark"
    LOOSE_TYPE = "loose_type"
    SNAKE_CASE_MEMBER = "snake_case_member"
    NUMERIC_ID = "numeric_id"
    NUMERIC_LABEL = "numeric_label"
    NULL_MEMBER = "null_member"
    EMPTY_LIST_FOR_OBJECT = "empty_list_for_object"
    DROPPED_MEMBER = "dropped_member"
    EPOCH_TIME = "epoch_time"
    TIME_WITHOUT_ZONE = "time_without_zone"
    ARRIVAL_TIME = "arrival_time"
    FUTURE_TIME = "future_time"
    UNREADABLE_SENT_AT = "unreadable_sent_at"
    HASHED_MESSAGE_ID = "hashed_message_id"
    LONG_ID = "long_id"
    RESERVED_ID = "reserved_id"
    EVENT_NAME = "event_name"
    GA4_MEMBERS = "ga4_members"
    NUMERIC_TEXT = "numeric_text"
    EMPTY_NUMBER = "empty_number"
    UNREADABLE_PRODUCTS = "unreadable_products"
    CURRENCY_CASE = "currency_case"
    ORDER_WITHOUT_ID = "order_without_id"


class Quarantined(Struct, frozen=True, gc=False):
    """A message that was not accepted. The excerpt is printable: no line ends, no terminal sequences."""

    reason: Reason
    detail: str
    line_excerpt: str


class Unfit(Exception):
    """A step does not accept a message; `Normaliser.read` turns it into `Quarantined`. No error of the program."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason, self.detail = reason, detail
        super().__init__(reason, detail)


def printable(text: str) -> str:
    """The text with everything that a terminal or a log could take for an order written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def excerpt(line: bytes | str) -> str:
    """The beginning of a line, safe to show."""
    if isinstance(line, str):
        return printable(line[:EXCERPT_BYTES])
    return printable(line[:EXCERPT_BYTES].decode("utf-8", "backslashreplace"))


def quarantined(unfit: Unfit, line: bytes | str) -> Quarantined:
    """What is kept of a line that a step did not accept."""
    return Quarantined(unfit.reason, printable(unfit.detail), excerpt(line))
