"""One abuser cannot drown a site; what is refused is counted (P20)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from door import NOW, PUBLIC, TOKENS, TRUSTED, Door, track

from aparte.settings import Limits, Settings
from aparte.sites.tokens import make
from aparte.web.admission import Allowance

SECONDS = 20


def seen_from(address: str) -> dict[str, str]:
    return PUBLIC | {"x-forwarded-for": address}


def test_an_allowance_gives_its_burst_and_then_its_rate() -> None:
    allowance = Allowance(rate=20, burst=100, most=10)
    given = 0
    for tick in range(10_001):
        now = 50 + tick / 1_000
        if not allowance.wait("v", now):
            allowance.take("v", 1, now)
            given += 1
        if tick == 0:
            while not allowance.wait("v", now):
                allowance.take("v", 1, now)
                given += 1
            assert given == 100
            assert allowance.wait("v", now) == pytest.approx(0.05)
    assert given == 100 + 10 * 20


def test_a_batch_larger_than_the_burst_is_taken_and_paid_for_afterwards() -> None:
    allowance = Allowance(rate=10, burst=10, most=10)
    assert allowance.wait("a", 0.0) == 0
    allowance.take("a", 500, 0.0)
    assert allowance.wait("a", 48.0) > 0
    assert allowance.wait("a", 49.2) == 0


def test_a_million_names_take_no_more_memory_than_allowed() -> None:
    allowance = Allowance(rate=1, burst=5, most=1_000)
    for n in range(100_000):
        allowance.take(f"v{n}", 1, 0.0)
        if n % 100 == 0:
            allowance.take("regular", 10, 0.0)
    assert len(allowance) <= 1_001
    assert allowance.wait("regular", 0.0) > 0, "who comes often is not forgotten"


def test_a_hundred_normal_visitors_do_not_feel_an_abuser_at_ten_times_the_limit(door: Door) -> None:
    refused, normal = Counter[int](), Counter[int]()
    for tick in range(SECONDS * 10):
        door.now = NOW + tick * 100
        for n in range(200):
            members = track(anonymousId=f"made-up-{n}", messageId=f"x{tick}-{n}")
            refused[door.post("/v1/track", members, seen_from("6.6.6.6")).status] += 1
        for n in range(tick % 10, 100, 10):
            members = track(anonymousId=f"v{n}", messageId=f"n{tick}-{n}")
            normal[door.post("/v1/track", members, seen_from(f"82.64.1.{n}")).status] += 1
    assert normal == {200: 100 * SECONDS}
    assert refused[200] == pytest.approx(1_000 + 200 * SECONDS, rel=0.02)
    assert refused[429] == 200 * 10 * SECONDS - refused[200]
    found = door.counters()
    assert found["received"] == sum(refused.values()) + sum(normal.values())
    assert found["reasons"]["refused"] == {"address_rate": refused[429]}


def test_one_visitor_with_many_addresses_is_held_to_his_own_limit(door: Door) -> None:
    token = make(TOKENS, "ab" * 16, NOW)
    statuses: Counter[int] = Counter()
    last: Any = None
    for n in range(300):
        events = [track(messageId=f"m{n}")]
        body = {"key": "demo", "token": token, "consent": "full", "events": events}
        last = door.post("/v1/pulse", body, {"x-forwarded-for": f"9.9.{n // 250}.{n % 250}"})
        statuses[last.status] += 1
    assert statuses == {200: 100, 429: 200}
    assert last.headers["retry-after"] == "1"
    assert door.counters()["reasons"]["refused"] == {"visitor_rate": 200}
    door.now += 1_000
    body = {"key": "demo", "token": token, "consent": "full", "events": []}
    assert [door.post("/v1/pulse", body, {}).status for _ in range(21)] == [200] * 20 + [429]


def test_all_of_a_64_is_one_address_and_what_the_client_writes_itself_is_not_believed(door: Door) -> None:
    statuses = Counter(
        door.post(
            "/v1/batch", {"batch": [track(messageId=f"m{n}")] * 10}, seen_from(f"1.1.1.1, 2001:db8::{n:x}")
        ).status
        for n in range(1, 301)
    )
    assert statuses == {200: 100, 429: 200}


def test_the_secret_key_is_limited_by_the_site_only_and_the_quota_holds() -> None:
    limits = Limits(site_rate=10, site_burst=50)
    door = Door(settings=Settings(limits=limits))
    statuses = Counter(door.post("/v1/track", track(messageId=f"m{n}"), TRUSTED).status for n in range(80))
    assert statuses == {200: 50, 429: 30}
    assert door.counters()["reasons"]["refused"] == {"site_rate": 30}


def test_requests_that_wait_for_their_commit_are_bounded(door: Door) -> None:
    door.ingest.in_flight = door.settings.limits.in_flight
    answer = door.post("/v1/track", track())
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
