"""No input makes an exception, and nothing disappears."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.tracking.batch import Batch, read_batch
from aparte.tracking.counters import Conservation
from aparte.tracking.dedupe import RecentIds, is_duplicate
from aparte.tracking.model import Message
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined
from aparte.tracking.sources import accesslog, mixpanel, segment
from aparte.tracking.sources.report import ImportReport
from tracking.corpus import LINES, MESSAGES, TRACK, VALUES, hostile_lines, message

RECEIVED = 1_767_225_610_000


def numbers_in(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers_in(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers_in(one)]
    return [value] if isinstance(value, (int, float)) else []


def assert_is_sound(event: Any) -> None:
    """What every part behind tracking may rely on."""
    assert isinstance(event, Message)
    assert 0 <= event.at < 7_258_118_400_000
    assert 0 < len(event.visitor) <= 256
    assert 0 < len(event.message_id) <= 256
    encoded = msgspec.json.encode(event)
    assert b"\\u0000" not in encoded
    assert all(math.isfinite(n) and -(2**63) <= n < 2**63 for n in numbers_in(getattr(event, "properties", {})))


@pytest.mark.parametrize("kind", MESSAGES)
def test_each_hostile_value_in_each_member_is_an_event_or_has_a_reason(kind: str) -> None:
    normaliser, count, seen = Normaliser(), Conservation(), RecentIds()
    lines = [line for value in VALUES for line in hostile_lines(MESSAGES[kind], value)]
    for line in lines:
        count.received += 1
        read = normaliser.read(line, RECEIVED)
        if isinstance(read, Quarantined):
            count.quarantined[read.reason] += 1
            assert read.detail.isprintable()
            assert read.line_excerpt.isprintable()
            continue
        assert_is_sound(read)
        if is_duplicate(read, seen, RECEIVED):
            count.duplicate += 1
        else:
            count.accepted += 1
    count.check()
    assert count.received == len(lines) > 2_000
    assert count.accepted > 10
    assert count.quarantined.total() > 100


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
@pytest.mark.parametrize("trusted", [False, True])
def test_each_hostile_line_is_an_event_or_has_a_reason(line: bytes, trusted: bool) -> None:
    read = Normaliser(trusted=trusted).read(line)
    if not isinstance(read, Quarantined):
        assert_is_sound(read)
    assert isinstance(read_batch(line), (Batch, Quarantined))


@given(st.binary(max_size=400) | st.text(max_size=400))
def test_any_bytes_and_any_text_are_an_event_or_have_a_reason(line: bytes | str) -> None:
    assert isinstance(Normaliser().read(line), (Quarantined, Message))


@given(st.data())
def test_a_damaged_message_is_an_event_or_has_a_reason(data: st.DataObject) -> None:
    line = bytearray(message(**MESSAGES[data.draw(st.sampled_from(sorted(MESSAGES)))]))
    for _ in range(data.draw(st.integers(1, 4))):
        line[data.draw(st.integers(0, len(line) - 1))] = data.draw(st.integers(0, 255))
    read = Normaliser().read(bytes(line), RECEIVED)
    if not isinstance(read, Quarantined):
        assert_is_sound(read)


@pytest.mark.parametrize("convert", [segment.convert, mixpanel.convert, accesslog.convert])
def test_importers_put_hostile_lines_in_quarantine_and_count_every_one(convert: Any) -> None:
    report = ImportReport()
    lines = LINES + [line for value in VALUES for line in hostile_lines(TRACK, value)]
    written = list(convert(lines, report))
    assert report.is_complete
    assert report.written == len(written)
    assert report.quarantined.total() > 100


def test_one_bad_message_does_not_take_its_batch_with_it() -> None:
    body = b'{"batch":[%s,{"type":"track","event":"x","anonymousId":"a","properties":{"v":NaN}},%s]}'
    batch = read_batch(body % (message(**TRACK), message(**TRACK)))
    assert isinstance(batch, Batch)
    reads = [Normaliser().read(line) for line in batch.lines]
    assert [isinstance(read, Quarantined) for read in reads] == [False, True, False]
