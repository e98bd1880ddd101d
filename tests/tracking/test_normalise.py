"""A line becomes an event, by whichever of the ways it takes; or it has one of a closed set of reasons."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aparte.tracking.batch import Batch, read_batch
from aparte.tracking.model import Alias, Message, Page, TimerElapsed, Track
from aparte.tracking.normalise import MAX_EVENT_BYTES, READING, STEPS, Normaliser
from aparte.tracking.quarantine import Quarantined, Reason, Repair
from aparte.tracking.sources import accesslog
from aparte.tracking.sources.report import ImportReport
from tracking.corpus import ALIAS, GROUP, IDENTIFY, LINES, MESSAGES, ORDER, PAGE, TRACK, VALUES, hostile_lines, message

RECEIVED = 1_767_225_610_000
WRITTEN = 1_767_225_600_000  # 2026-01-01T00:00:00Z


def read(line: bytes | str, received_at: int | None = None) -> Any:
    return Normaliser().read(line, received_at)


def track(**members: Any) -> bytes:
    found = {
        "type": "track",
        "event": "Idle",
        "messageId": "m",
        "anonymousId": "a",
        "timestamp": "2026-01-01T00:00:00Z",
    }
    return json.dumps({key: value for key, value in (found | members).items() if value is not ...}).encode()


def repaired(line: bytes, received_at: int | None = None) -> tuple[Any, dict[Repair, int]]:
    normaliser = Normaliser()
    return normaliser.read(line, received_at), dict(normaliser.repairs)


REASONS: dict[Reason, list[bytes | str]] = {
    Reason.NOT_UTF8: [b'{"type":"page","name":"\xff"}', "{}".encode("utf-16")],
    Reason.NOT_JSON: [b"", b"{", b"hello", track() + b"}", "{}".encode("utf-16-le")],
    Reason.NOT_AN_OBJECT: [b"[]", b"1", b'"x"', b"null"],
    Reason.TOO_LARGE: [track(properties={"text": "x" * MAX_EVENT_BYTES})],
    Reason.TOO_DEEP: [b"[" * 20_000, message(**TRACK | {"properties": b'{"a":' * 40 + b"1" + b"}" * 40})],
    Reason.UNKNOWN_TYPE: [b"{}", track(type="visit"), track(type=3), track(type=None), b'{"batch":[]}'],
    Reason.NOT_A_CLIENT_MESSAGE: [
        b'{"type":"TimerElapsed","at":1,"visitor":"a"}',
        b'{"type":"CapacityChanged","at":1,"free":{}}',
    ],
    Reason.MISSING_EVENT_NAME: [
        track(event=...),
        track(event=""),
        track(event="  "),
        track(event=5),
        track(event=None),
    ],
    Reason.MISSING_IDENTITY: [
        track(anonymousId=...),
        track(anonymousId=""),
        track(anonymousId=" "),
        track(anonymousId=None, userId=None),
        message(**{**ALIAS, "previousId": b'""'}),
        message(**{**GROUP, "groupId": b"null"}),
    ],
    Reason.BAD_TIMESTAMP: [
        track(timestamp=...),
        track(timestamp="yesterday"),
        track(timestamp="0000-00-00T00:00:00Z"),
        track(timestamp=True),
        track(timestamp="9999-12-31T23:59:59Z"),
        track(timestamp="1969-12-31T23:59:59Z"),
        track(timestamp=1e15),
        track(timestamp="2016-02-30T00:00:00Z"),
        track(timestamp="2026-01-01"),
        track(timestamp=[]),
    ],
    Reason.BAD_NUMBER: [
        message(**TRACK | {"properties": b'{"price":NaN}'}),
        message(**TRACK | {"properties": b'{"any":1e400}'}),
        message(**TRACK | {"properties": b'{"any":18446744073709551616}'}),
        message(**TRACK | {"properties": b'{"any":' + b"9" * 5_000 + b"}"}),
        message(**TRACK | {"properties": b'{"price":-1}'}),
        message(**TRACK | {"properties": b'{"quantity":-1}'}),
        message(**TRACK | {"properties": b'{"price":true}'}),
        message(**TRACK | {"properties": b'{"price":"12,50"}'}),
        message(**TRACK | {"properties": b'{"price":1e13}'}),
        message(**ORDER | {"properties": b'{"total":1,"products":[{"price":-1}]}'}),
        message(**TRACK | {"userId": b"1e400"}),
    ],
    Reason.BAD_MONEY: [
        message(**ORDER | {"properties": b'{"order_id":"o","total":-1}'}),
        message(**ORDER | {"properties": b'{"revenue":-0.01}'}),
        message(**ORDER | {"properties": b'{"total":1,"currency":"euros"}'}),
    ],
    Reason.BAD_TEXT: [
        message(**TRACK | {"anonymousId": rb'"\ud800"'}),
        message(**TRACK | {"properties": rb'{"any":"a\u0000b"}'}),
        message(**TRACK | {"properties": rb'{"\u0000":1}'}),
        '{"type":"\ud800"}',
        track(event="x" * 300),
    ],
    Reason.WRONG_TYPE: [
        track(anonymousId=[]),
        track(anonymousId=True),
        track(properties="x"),
        track(properties=[1]),
        track(userId=1.5),
        message(**ORDER | {"properties": b'{"order_id":["o"]}'}),
    ],
}


ELSEWHERE = {Reason.BAD_ROW, Reason.RESERVED_NAME, Reason.NO_CONSENT, Reason.BAD_IDENTITY}
"""Reasons that are no matter of reading a line: imports, and the door of a running server."""


def test_every_reason_can_be_reached() -> None:
    for reason in set(Reason) - ELSEWHERE:
        for line in REASONS[reason]:
            found = read(line)
            assert isinstance(found, Quarantined), line[:80]
            assert found.reason is reason, (line[:80], found)


def test_a_row_that_is_no_row_of_its_format_is_a_bad_row() -> None:
    report = ImportReport()
    assert not list(accesslog.convert(["not a log"], report))
    assert report.quarantined == {Reason.BAD_ROW: 1}


def test_the_steps_and_the_reading_together_name_every_reason_of_a_message() -> None:
    named = {reason for step in STEPS for reason in step.reasons} | set(READING)
    assert named == set(Reason) - ELSEWHERE
    assert len({step.name for step in STEPS}) == len(STEPS)


REPAIRS: dict[Repair, bytes] = {
    Repair.BYTE_ORDER_MARK: b"\xef\xbb\xbf" + track(),
    Repair.LOOSE_TYPE: track(type="T"),
    Repair.SNAKE_CASE_MEMBER: track(anonymousId=..., anonymous_id="a"),
    Repair.NUMERIC_ID: track(anonymousId=42),
    Repair.NUMERIC_LABEL: message(**PAGE | {"name": b"404"}),
    Repair.NULL_MEMBER: track(properties=None),
    Repair.EMPTY_LIST_FOR_OBJECT: track(properties=[]),
    Repair.DROPPED_MEMBER: track(context={"page": {"title": ["x"]}}),
    Repair.EPOCH_TIME: track(timestamp=1_767_225_600),
    Repair.TIME_WITHOUT_ZONE: track(timestamp="2026-01-01T00:00:00"),
    Repair.ARRIVAL_TIME: track(timestamp=...),
    Repair.FUTURE_TIME: track(timestamp="2027-01-01T00:00:00Z"),
    Repair.UNREADABLE_SENT_AT: track(sentAt="soon"),
    Repair.HASHED_MESSAGE_ID: track(messageId=...),
    Repair.LONG_ID: track(anonymousId="a" * 300),
    Repair.RESERVED_ID: track(anonymousId="user:42"),
    Repair.EVENT_NAME: track(event="product_added"),
    Repair.GA4_MEMBERS: track(event="view_cart"),
    Repair.NUMERIC_TEXT: track(event="Product Added", properties={"price": "12.50"}),
    Repair.EMPTY_NUMBER: track(event="Product Added", properties={"price": ""}),
    Repair.UNREADABLE_PRODUCTS: track(event="Order Completed", properties={"order_id": "o", "products": "A,B"}),
    Repair.CURRENCY_CASE: track(event="Order Completed", properties={"order_id": "o", "currency": "eur"}),
    Repair.ORDER_WITHOUT_ID: track(event="Order Completed", properties={"total": 5}),
}


@pytest.mark.parametrize("repair", list(Repair))
def test_every_repair_has_its_example_and_is_counted_once(repair: Repair) -> None:
    event, counted = repaired(REPAIRS[repair], RECEIVED)
    assert isinstance(event, Message)
    assert counted[repair] == 1


def test_a_message_in_quarantine_counts_no_repair() -> None:
    event, counted = repaired(track(type="T", anonymousId=..., userId=7, timestamp="never"))
    assert isinstance(event, Quarantined)
    assert not counted


def test_a_repaired_message_is_the_message_that_was_meant() -> None:
    meant = read(track(event="Product Added", userId="7", properties={"price": 12.5}))
    clumsy = read(
        json.dumps(
            {
                "type": "TRACK",
                "event": "product_added",
                "message_id": "m",
                "anonymous_id": "a",
                "user_id": 7,
                "timestamp": 1_767_225_600,
                "properties": {"price": " 12.5 "},
                "context": [],
            }
        )
    )
    assert clumsy == meant


def all_lines() -> Iterator[bytes]:
    yield from LINES
    yield from (line for lines in REASONS.values() for line in lines if isinstance(line, bytes))
    yield from REPAIRS.values()
    for base in MESSAGES.values():
        yield message(**base)
        for value in VALUES:
            yield from hostile_lines(base, value)


def outcome(found: Any) -> Any:
    # `at` has used up the client's other times; whether they carry a zone or are left out then makes no difference.
    if isinstance(found, Quarantined):
        return found.reason
    return msgspec.structs.replace(found, sent_at=None, original_timestamp=None)


@pytest.mark.parametrize("received_at", [None, RECEIVED])
def test_the_fast_way_and_the_thorough_way_give_the_same_event(received_at: int | None) -> None:
    normaliser = Normaliser()
    for line in all_lines():
        # In UTC that moment lies before the year 1: the decoder can hold it as written, the reader of texts cannot.
        if b"0001-01-01T00:00:00+23:59" not in line:
            fast, thorough = normaliser.read(line, received_at), normaliser.read_thoroughly(line, received_at)
            assert outcome(fast) == outcome(thorough), line[:1_000]


def test_the_recorded_shop_is_read_without_a_repair_and_both_ways_agree(shared: Path) -> None:
    lines = gzip.decompress((shared / "data/ga360/events.jsonl.gz").read_bytes()).splitlines()
    normaliser = Normaliser()
    for line in lines:
        event = normaliser.read(line)
        assert isinstance(event, (Page, Track))
        assert event == normaliser.read_thoroughly(line)
    assert len(lines) == 11_648
    assert not normaliser.repairs


CAPTURES = ["segment_browser", "segment_node", "segment_python", "segment_python_gzip", "rudder_browser", "rudder_node"]


@pytest.mark.parametrize("capture", CAPTURES)
def test_what_the_real_libraries_send_is_an_event(capture: str, shared: Path) -> None:
    count = 0
    for request in map(json.loads, (shared / f"reference/captures/{capture}.jsonl").read_text().splitlines()):
        if request["method"] != "POST":
            continue
        batch = read_batch(json.dumps(request["body"]).encode())
        assert isinstance(batch, Batch)
        received = round(request["t"] * 1000)
        for line in batch.lines:
            event = Normaliser().read(line, received, batch.sent_at)
            assert isinstance(event, Message), event
            assert received - 60_000 < event.at <= received
            count += 1
    assert count >= 2


def test_a_client_cannot_set_what_the_engine_sets() -> None:
    forged = track(event="Product Added")[:-1] + b',"aparte:at":5,"aparte:visitor":"victim","aparte:bot":true}'
    event = read(forged)
    assert (event.at, event.visitor, event.bot) == (WRITTEN, "a", False)
    assert (
        read(track(anonymousId="user:7")).visitor
        == "anonymous:user:7"
        != read(track(anonymousId=None, userId="7")).visitor
    )


def test_our_own_log_is_read_back_as_it_was_written() -> None:
    deep = track(event="Theirs", properties={"a": {"b": {"c": {"d": [{"e": [1, [2]]}]}}}})
    facts = [
        TimerElapsed(at=5, visitor="a"),
        *(read(line, RECEIVED) for line in (deep, message(**ORDER), message(**IDENTIFY))),
    ]
    log = [msgspec.json.encode(fact) for fact in facts]
    assert [Normaliser(trusted=True).read(line) for line in log] == facts
    # Its corrected time stays, whatever the clock of the reader says.
    assert Normaliser(trusted=True).read(log[1], RECEIVED + 10**9) == facts[1]


def test_an_absent_message_id_is_the_same_for_the_same_line_only() -> None:
    line = track(messageId=...)
    assert read(line).message_id == read(line).message_id != read(line + b" ").message_id


def test_two_long_ids_that_begin_alike_stay_two_visitors() -> None:
    one, other = (read(track(anonymousId="a" * 300 + last)).visitor for last in "bc")
    assert one != other
    assert len(one) == len(other) == 256
    # An alias still names the visitor whom it means.
    assert read(message(**ALIAS | {"previousId": b'"%s"' % (b"a" * 300 + b"b")})).previous_id == one


def test_the_members_of_the_slow_kinds_are_kept() -> None:
    alias = read(message(**ALIAS))
    assert isinstance(alias, Alias)
    assert (alias.visitor, alias.previous_id, alias.user_id) == ("visitor-1", "visitor-0", "u1")
    assert read(message(**IDENTIFY)).traits == {"plan": "gold"}
    assert read(message(**GROUP)).group_id == "g1"


def test_the_excerpt_cannot_steer_a_terminal() -> None:
    found = read(b'{"type":"\x1b]0;owned\x07\xe2\x80\xae\r\n"')
    assert isinstance(found, Quarantined)
    assert found.line_excerpt.isprintable()
    assert len(found.line_excerpt) < 2_000
