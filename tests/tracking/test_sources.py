"""Files of other systems become messages that the engine reads."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aparte.tracking.model import Page, Track
from aparte.tracking.normalise import Normaliser
from aparte.tracking.quarantine import Reason
from aparte.tracking.sources import accesslog, ga360, mixpanel, segment
from aparte.tracking.sources.report import ImportReport


def read(lines: list[bytes]) -> list[Any]:
    return [Normaliser().read(line) for line in lines]


@pytest.mark.covers("S0-35")
def test_ga360_rows_become_the_recorded_events_byte_for_byte(shared: Path) -> None:
    def rows(name: str) -> "csv.DictReader[str]":
        text = gzip.decompress((shared / f"data/ga360/{name}.csv.gz").read_bytes()).decode()
        return csv.DictReader(text.splitlines(keepends=True))

    report = ImportReport()
    expected = gzip.decompress((shared / "data/ga360/events.jsonl.gz").read_bytes()).splitlines()
    assert list(ga360.convert(rows("hits"), rows("sessions"), report)) == expected
    assert report.is_complete
    assert (report.read, report.written, report.quarantined) == (10_132, 11_648, {})


# Two rows as Google Analytics 360 exports them: Google Merchandise Store public sample, obfuscated by Google.
SESSION = {
    "session_id": "s.1",
    "visitor_id": "s",
    "device": "desktop",
    "source": "google",
    "medium": "(none)",
    "campaign": "",
}
HIT = {
    "session_id": "s.1",
    "hit_number": "9",
    "ts_ms": "1470071347709",
    "hit_type": "PAGE",
    "page_path": "/basket.html?x=1",
    "page_title": "Cart",
    "search_keyword": "cup",
    "referer": "",
    "ecommerce_action": "add_to_cart",
    "checkout_step": "",
    "skus": "GGOEGDWC020199",
    "price_usd": "17.98",
    "quantity": "2.0",
    "transaction_id": "",
    "revenue_usd": "",
}


def test_one_ga360_hit_gives_several_messages() -> None:
    report = ImportReport()
    page, cart, search, added = map(json.loads, ga360.convert([HIT], [SESSION], report))
    assert page["properties"] == {
        "url": "https://shop.example/basket.html?x=1",
        "path": "/basket.html",
        "title": "Cart",
        "search": "cup",
    }
    assert cart["event"] == "Cart Viewed"
    assert search["properties"] == {"query": "cup"}
    assert added["properties"] == {"currency": "USD", "product_id": "GGOEGDWC020199", "price": 8.99, "quantity": 2}
    assert [message["messageId"] for message in (page, added)] == ["s.1.9.0", "s.1.9.3"]
    assert page["context"]["campaign"] == {"source": "google"}


def test_ga360_hits_of_one_moment_stay_together_by_session_then_by_number() -> None:
    view = HIT | {"search_keyword": "", "ecommerce_action": "", "page_path": "/"}
    hits = [
        view | {"session_id": session, "hit_number": number}
        for session, number in (("s.2", "1"), ("s.1", "10"), ("s.1", "9"))
    ]
    messages = map(json.loads, ga360.convert(hits, [SESSION, SESSION | {"session_id": "s.2"}], ImportReport()))
    assert [message["messageId"] for message in messages] == ["s.1.9.0", "s.1.10.0", "s.2.1.0"]


def test_ga360_rows_that_cannot_be_read_are_counted() -> None:
    report = ImportReport()
    bad = [HIT | {"ts_ms": "noon"}, HIT | {"session_id": "unknown"}, HIT | {"price_usd": "free"}, {"session_id": "s.1"}]
    silent = HIT | {"hit_type": "EVENT", "ecommerce_action": ""}
    assert not list(ga360.convert([*bad, silent], [SESSION], report))
    assert report.quarantined == {Reason.BAD_ROW: 4}
    assert report.skipped == {"hit without a page or an action": 1}
    assert report.is_complete


# Reduced from a raw export, Openpanel-dev/openpanel (mixpanel.test.ts), values replaced.
MIXPANEL_PAGE: dict[str, Any] = {
    "event": "$mp_web_page_view",
    "properties": {
        "time": 1_746_097_970,
        "distinct_id": "$device:123",
        "$device_id": "123",
        "$insert_id": "source_id",
        "$current_url": "https://shop.example/sale?utm_source=google",
        "$referrer": "https://google.com/",
        "$os": "Android",
        "current_page_title": "Sale",
        "current_url_path": "/sale",
        "current_url_search": "?utm_source=google",
        "mp_country_code": "IN",
        "mp_lib": "web",
        "utm_source": "google",
        "utm_medium": "cpc",
    },
}


def mixpanel_events(*exported: Any, **options: Any) -> tuple[list[Any], ImportReport]:
    report = ImportReport()
    return read(list(mixpanel.convert([json.dumps(one) for one in exported], report, **options))), report


@pytest.mark.covers("S0-35")
def test_a_mixpanel_page_view_is_a_page() -> None:
    [page], report = mixpanel_events(MIXPANEL_PAGE)
    assert isinstance(page, Page)
    assert (page.at, page.visitor, page.message_id) == (1_746_097_970_000, "123", "source_id")
    assert page.properties == {
        "url": "https://shop.example/sale?utm_source=google",
        "path": "/sale",
        "title": "Sale",
        "search": "?utm_source=google",
        "referrer": "https://google.com/",
    }
    assert page.context is not None
    assert page.context.location is not None
    assert page.context.campaign is not None
    assert (page.context.location.country, page.context.campaign.medium) == ("IN", "cpc")
    assert report.is_complete


def test_other_mixpanel_events_are_tracks_with_the_shops_own_properties() -> None:
    properties = MIXPANEL_PAGE["properties"] | {
        "$user_id": "u1",
        "product_id": "p1",
        "price": 5,
        "time": 1_746_097_970_123,
    }
    [added], _ = mixpanel_events({"event": "product added", "properties": properties})
    assert isinstance(added, Track)
    assert (added.event, added.properties, added.at) == (
        "Product Added",
        {"product_id": "p1", "price": 5},
        1_746_097_970_123,
    )
    assert (added.visitor, added.user_id) == ("123", "u1")


def test_mixpanel_housekeeping_is_skipped_and_bad_lines_are_counted() -> None:
    report = ImportReport()
    bad: list[Any] = [
        5,
        {"event": 1, "properties": {}},
        {"event": "x", "properties": {"time": "noon", "distinct_id": "a"}},
    ]
    nobody = {"event": "x", "properties": {"time": 1_746_097_970}}
    lines = [json.dumps(one) for one in [*bad, nobody, {"event": "$identify", "properties": {}}]] + ["{"]
    assert not list(mixpanel.convert(lines, report))
    assert report.skipped == {"housekeeping of Mixpanel": 1}
    expected = {Reason.BAD_ROW: 2, Reason.BAD_TIMESTAMP: 1, Reason.MISSING_IDENTITY: 1, Reason.NOT_JSON: 1}
    assert report.quarantined == expected
    assert report.is_complete


def test_an_old_mixpanel_project_counts_the_seconds_of_its_wall_clock() -> None:
    [page], _ = mixpanel_events(MIXPANEL_PAGE, zone=ZoneInfo("America/Los_Angeles"))
    assert page.at == 1_746_097_970_000 + 7 * 3_600_000


@pytest.mark.covers("S0-35")
def test_a_segment_archive_of_batches_and_single_messages_is_one_stream() -> None:
    single = {"type": "page", "anonymousId": "a", "messageId": "1", "timestamp": "2026-01-01T00:00:00.000Z"}
    corrected = single | {
        "messageId": "2",
        "originalTimestamp": "2036-01-01T00:00:00Z",
        "sentAt": "2036-01-01T00:00:09Z",
        "receivedAt": "2026-01-01T00:00:09Z",
    }
    timeless = {
        "type": "track",
        "event": "view_cart",
        "anonymousId": "a",
        "messageId": "3",
        "receivedAt": "2026-01-01T00:00:05Z",
    }
    report = ImportReport()
    lines = [
        json.dumps(single),
        json.dumps({"batch": [corrected, timeless, {"type": "page"}], "sentAt": "2036-01-01T00:00:09Z"}),
        "",
    ]
    written = list(segment.convert(lines, report))
    events = read(written)
    assert [event.message_id for event in events] == ["1", "2", "3"]
    assert [event.at - events[0].at for event in events] == [0, 0, 5_000]
    assert events[2].event == "Cart Viewed"
    assert b"aparte:" not in b"".join(written)
    assert b"sentAt" not in b"".join(written)
    assert report.quarantined == {Reason.MISSING_IDENTITY: 1}
    assert report.is_complete


# The form of the lines of the sample log of elastic/examples (Apache-2.0), values replaced.
LOG = (
    '{address} - - [17/May/2015:10:05:03 +0200] "{request}" {status} 203023 "{referrer}" '
    '"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"'
)


def log(
    request: str = "GET /shop?q=1 HTTP/1.1", status: int = 200, address: str = "10.0.0.1", referrer: str = "-"
) -> str:
    return LOG.format(request=request, status=status, address=address, referrer=referrer)


def test_a_page_in_the_access_log_is_a_page() -> None:
    report = ImportReport()
    [line] = accesslog.convert(
        [log(referrer="https://g.example/")], report, origin="https://shop.example", key=b"secret"
    )
    [page] = read([line])
    assert page.at == 1_431_849_903_000
    assert page.properties == {
        "url": "https://shop.example/shop?q=1",
        "path": "/shop",
        "referrer": "https://g.example/",
        "status": 200,
    }
    assert b"10.0.0.1" not in line


def test_who_is_who_in_the_access_log_depends_on_address_agent_and_key() -> None:
    def visitor(line: str, key: bytes = b"") -> str:
        [page] = read(list(accesslog.convert([line], ImportReport(), key=key)))
        return str(page.visitor)

    assert visitor(log()) == visitor(log("GET /other HTTP/1.1"))
    assert (
        len(
            {
                visitor(log()),
                visitor(log(address="10.0.0.2")),
                visitor(log().replace("128", "129")),
                visitor(log(), b"k"),
            }
        )
        == 4
    )


def test_what_is_no_page_in_the_access_log_is_skipped_by_reason() -> None:
    report = ImportReport()
    kept = [log(), log(status=404), log(status=301), log("GET /v1.2/docs HTTP/1.1"), log("GET /a.html HTTP/1.1")]
    skipped = [
        log("GET /style.CSS?v=1 HTTP/1.1"),
        log("POST / HTTP/1.1"),
        log("\\x16\\x03"),
        log(status=500),
        log(status=403),
    ]
    assert len(list(accesslog.convert([*kept, *skipped, "nonsense", ""], report))) == 5
    assert report.skipped == {"asset": 1, "not a GET": 2, "status": 2}
    assert report.quarantined == {Reason.BAD_ROW: 1}
    assert report.is_complete


def test_the_robots_of_a_real_access_log_are_marked(shared: Path) -> None:
    report = ImportReport()
    with gzip.open(shared / "data/access_log.gz") as lines:
        pages = read(list(accesslog.convert(lines, report)))
    assert report.read == 10_000
    assert report.is_complete
    assert report.quarantined == {Reason.BAD_ROW: 1}
    assert all(isinstance(page, Page) for page in pages)
    # 19.6 % of all requests, but robots fetch few images: of the pages they are far more.
    assert 0.39 < sum(page.bot for page in pages) / len(pages) < 0.42
