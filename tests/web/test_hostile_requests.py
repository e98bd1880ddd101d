"""Whatever comes: never a 5xx, and nothing disappears silently (P13, P14)."""

from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections import Counter

import pytest
from door import PUBLIC, Answered, Door
from hostile_corpus import BODIES, PULSE, VALUES, fields, message, pulse

from aparte.settings import Limits, Settings
from aparte.web.ingest import EVENT_ROUTES

ROUTES = [route for route in EVENT_ROUTES if len(route) > len("/v1/x")]
FREE = Settings(
    limits=Limits(
        visitor_rate=1e9, visitor_burst=1e9, address_rate=1e9, address_burst=1e9, site_rate=1e9, site_burst=1e9,
        new_visitors_per_minute=1e9,
    )
)  # fmt: skip

RUDDER = PUBLIC | {"anonymousid": "aGVhZGVy"}


class Client:
    """Counts on its own side what it sent and what it was told."""

    def __init__(self) -> None:
        self.door = Door(settings=FREE)
        self.told: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self.slowest = 0.0

    def send(self, path: str, body: bytes, messages: int) -> None:
        """A body with so many messages, if it can be read at all."""
        begun = time.thread_time()
        answer = self.door.post(path, body, {} if path == "/v1/pulse" else RUDDER)
        self.slowest = max(self.slowest, time.thread_time() - begun)
        assert answer.status < 500, (path, body[:200])
        if answer.status != 200:
            self.refused[answer.status] += 1
            assert answer.json["error"]["code"]
            return
        counts = self._counts(path, answer)
        assert counts["received"] == messages, (path, body[:200])
        self.told.update(counts)

    def _counts(self, path: str, answer: Answered) -> dict[str, int]:
        if path != "/v1/pulse":
            return answer.counts
        found: dict[str, int] = answer.json.get("counts", {"received": 1, "quarantined": 1})
        return found

    def assert_sums(self) -> None:
        """The server has counted what the client was told."""
        found = self.door.counters()
        for fate in ("received", "accepted", "duplicate", "quarantined"):
            assert found[fate] == self.told[fate], fate
        assert found["requests_refused"] == {str(status): count for status, count in sorted(self.refused.items())}
        assert self.door.ingest.held.bytes == self.door.ingest.in_flight == 0
        assert self.slowest < 1.0


@pytest.mark.parametrize("route", ROUTES)
def test_every_value_in_every_field_on_every_route(route: str) -> None:
    client, number = Client(), 0
    for field in fields():
        for value in VALUES:
            number += 1
            body = message(field, value, number, EVENT_ROUTES[route] or "track")
            if EVENT_ROUTES[route] is None:
                neighbour = b'{"type":"page","anonymousId":"n","messageId":"n%d"}' % number
                client.send(route, b'{"batch":[%b,%b]}' % (body, neighbour), 2)
            else:
                client.send(route, body, 1)
    assert number == len(VALUES) * len(list(fields())) > 4_000
    assert client.told["accepted"] > number * 0.4
    assert client.told["quarantined"] > 100
    client.assert_sums()


def test_every_value_in_every_field_of_a_pulse() -> None:
    client, good = Client(), message(("integrations",), "{}", 0)
    for field in PULSE:
        for value in VALUES:
            if field == "events" and value.startswith("["):
                continue  # counted in the next test
            client.send("/v1/pulse", pulse(field, value, good), 0 if field == "events" else 1)
    client.assert_sums()


def test_every_value_in_every_field_of_a_pulsed_event() -> None:
    client = Client()
    for field in fields():
        for number, value in enumerate(VALUES):
            client.send("/v1/pulse", pulse("tab", '"t"', message(field, value, number)), 1)
    client.assert_sums()


@pytest.mark.parametrize("route", [*EVENT_ROUTES, "/v1/pulse"])
def test_bodies_that_are_nothing(route: str) -> None:
    door = Door(settings=FREE)
    for body in BODIES:
        for sent in (body, gzip.compress(body)):
            begun = time.thread_time()
            assert door.post(route, sent).status in {200, 400, 401, 413}
            assert time.thread_time() - begun < 1.0
    door.counters()
    assert door.ingest.held.bytes == 0


HEADERS = ["authorization", "content-encoding", "content-type", "content-length", "anonymousid", "sentat", "origin",
           "user-agent", "x-forwarded-for", "x-forwarded-proto", "cf-ipcountry", "host", "accept"]  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_every_value_in_every_header(door: Door, name: str) -> None:
    for number, value in enumerate(VALUES):
        text = value.strip('"').encode("utf-8", "replace").decode("latin-1")
        body = json.dumps({"type": "page", "messageId": f"m{number}"})
        for method, path in (("POST", "/v1/page"), ("POST", "/v1/pulse"), ("GET", "/v1/projects/demo/settings")):
            answer = door.knock(method, path, body, PUBLIC | {name: text})
            assert answer.status < 500
            assert not any("\n" in one or "\r" in one for one in answer.headers.values())
    door.counters()


@pytest.mark.parametrize(
    "text", ["%", "=", "&", "writeKey", "writeKey=%ff", "writeKey=" + "x" * 9_000, "a=1&" * 3_000, "é"]
)
def test_every_query(door: Door, text: str) -> None:
    assert door.knock("GET", "/v1/config?" + text).status == 401
    assert door.knock("GET", f"/v1/projects/{text}/settings").status in {401, 404}


def test_ten_thousand_names_of_events_and_properties_are_only_names() -> None:
    client = Client()
    for n in range(10_000):
        client.send("/v1/track", b'{"event":"made up %d","anonymousId":"a","properties":{"p%d":1}}' % (n, n), 1)
    assert client.told["accepted"] == 10_000
    client.assert_sums()


def test_a_gigabyte_of_zeros_is_refused_within_a_few_megabytes(door: Door) -> None:
    zeros = gzip.compress(gzip.compress(b"\x00" * 100_000_000, 1), 9)
    bombs = [gzip.compress(b"\x00" * 100_000_000, 9), gzip.compress(b"\x00" * 500_000) * 900, zeros]
    tracemalloc.start()
    try:
        for bomb in bombs:
            for encoding in ({}, {"content-encoding": "gzip"}):
                answer = door.post("/v1/batch", bomb, PUBLIC | encoding)
                assert answer.status in {400, 413}
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
