"""A client's wrong clock does not move its events (P28)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.tracking import timestamps
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Quarantined, Reason, Repair

RECEIVED = 1_767_225_610_000
TEN_YEARS = 10 * 366 * timestamps.DAY


def line(written: int, sent: int | None) -> bytes:
    sent_at = f',"sentAt":"{timestamps.iso(sent)}"' if sent is not None else ""
    return (
        f'{{"type":"page","messageId":"m","anonymousId":"a","timestamp":"{timestamps.iso(written)}"{sent_at}}}'.encode()
    )


@given(skew=st.integers(-TEN_YEARS, TEN_YEARS), waited=st.integers(0, 3 * timestamps.DAY))
def test_any_skew_up_to_ten_years_cancels_out(skew: int, waited: int) -> None:
    message = line(RECEIVED - waited + skew, RECEIVED + skew)
    for read in (Normaliser().read, Normaliser().read_thoroughly):
        event = read(message, RECEIVED)
        assert not isinstance(event, Quarantined)
        assert event.at == RECEIVED - waited


@given(skew=st.integers(-TEN_YEARS, TEN_YEARS), waited=st.integers(0, 3 * timestamps.DAY))
def test_the_batch_knows_when_it_was_sent_better_than_the_message(skew: int, waited: int) -> None:
    message = line(RECEIVED - waited + skew, 5)
    for read in (Normaliser().read, Normaliser().read_thoroughly):
        event = read(message, RECEIVED, RECEIVED + skew)
        assert not isinstance(event, Quarantined)
        assert event.at == RECEIVED - waited


def test_without_the_time_of_sending_the_timestamp_stands_but_never_in_the_future() -> None:
    normaliser = Normaliser()
    past, future = RECEIVED - TEN_YEARS, RECEIVED + 1
    assert normaliser.read(line(past, None), RECEIVED).at == past  # type: ignore[union-attr]
    assert normaliser.read(line(future, None), RECEIVED).at == RECEIVED  # type: ignore[union-attr]
    assert normaliser.repairs == {Repair.FUTURE_TIME: 1}


def test_a_recorded_file_keeps_its_times() -> None:
    assert Normaliser().read(line(RECEIVED + TEN_YEARS, RECEIVED)).at == RECEIVED + TEN_YEARS  # type: ignore[union-attr]


def test_a_correction_that_leaves_the_calendar_is_a_bad_timestamp() -> None:
    found = Normaliser().read(line(0, 250_000_000_000_000), RECEIVED)
    assert isinstance(found, Quarantined)
    assert found.reason is Reason.BAD_TIMESTAMP


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2016-08-01T10:10:45.000Z", 0.0),
        ("2016-08-01T10:10:45Z", 0.0),
        ("2016-08-01t10:10:45z", 0.0),
        ("2016-08-01 10:10:45", 0.0),
        ("2016-08-01T10:10:45.1Z", 0.1),
        ("2016-08-01T10:10:45.123456789Z", 0.123),
        ("2016-08-01T10:10:45,5+00:00", 0.5),
        ("2016-08-01T12:10:45+02:00", 0.0),
        ("2016-08-01T12:10:45+0200", 0.0),
        ("2016-08-01T05:40:45-04:30", 0.0),
        ("2016-08-01T10:11Z", 15.0),
        ("1470046245", 0.0),
        ("1470046245.25", 0.25),
        ("1470046245000", 0.0),
        ("2016-08-01T10:10:60Z", 15.0),
    ],
)
def test_a_time_is_read_in_every_usual_form(text: str, seconds: float) -> None:
    found = timestamps.parse(text)
    assert found is not None
    assert found[0] == 1_470_046_245_000 + round(seconds * 1000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2016-08-01",
        "2016-13-01T00:00:00Z",
        "2016-02-30T00:00:00Z",
        "2016-08-01T24:00:00Z",
        "2016-08-01T10:60:00Z",
        "2016-08-01T10:10:61Z",
        "2016-08-01T10:10:45+24:00",
        "2016-W31-1T10:10:45Z",
        "01/08/2016 10:10",
        "٢٠١٦-08-01T10:10:45Z",
        "0000-01-01T00:00:00Z",
        "1_470_046_245",
        "0x57",
        "1e9",
    ],
)
def test_a_time_is_never_guessed(text: str) -> None:
    assert timestamps.parse(text) is None


@given(st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001  bounds are naive
def test_writing_and_reading_a_time_gives_it_back(moment: datetime) -> None:
    at = timestamps.milliseconds(moment)
    assert timestamps.parse(timestamps.iso(at)) == (at, None)
    assert timestamps.parse(moment.astimezone(UTC).isoformat()) == (at, None)
    assert timestamps.moment_of(at) <= moment < timestamps.moment_of(at) + timedelta(milliseconds=1)
