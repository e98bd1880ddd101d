"""What the door makes of messages before the engine has them, and what it answers after."""

import base64
import json
from typing import Any

import pytest
from door import NOW, PUBLIC, TRUSTED, Door, site, track

from aparte.tracking.model import Alias, Group, Identify, Page, Screen, Track
from aparte.web.ingest import KINDS

MINIMAL = {
    "track": ({"event": "Cart Viewed"}, Track),
    "page": ({}, Page),
    "screen": ({}, Screen),
    "identify": ({"traits": {"plan": "gold"}}, Identify),
    "group": ({"groupId": "g"}, Group),
    "alias": ({"previousId": "p"}, Alias),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["long", "short"])
@pytest.mark.parametrize("own", [{}, {"type": None}])
def test_the_route_says_the_type_of_a_message_without_one(
    door: Door, kind: str, form: str, own: dict[str, Any]
) -> None:
    members, expected = MINIMAL[kind]
    body = own | members | {"anonymousId": "a1", "messageId": f"{kind}{form}"}
    answer = door.post(f"/v1/{kind if form == 'long' else kind[0]}", body)
    assert answer.counts["accepted"] == 1, door.engine.reasons
    assert type(door.engine.events[0]) is expected
    assert door.engine.arrived[0].kind == kind


def test_a_message_keeps_its_own_type(door: Door) -> None:
    door.post("/v1/track", {"type": "page", "anonymousId": "a1"})
    assert type(door.engine.events[0]) is Page


@pytest.mark.parametrize("body", ["{}", " { } ", "{\n}"])
def test_an_empty_message_is_quarantined_not_lost(door: Door, body: str) -> None:
    assert door.post("/v1/page", body).counts["quarantined"] == 1
    assert door.counters()["reasons"]["quarantined"] == {"missing_identity": 1}


def test_the_same_batch_twice_is_stored_once(door: Door) -> None:
    batch = {"batch": [track(messageId=f"m{n}") for n in range(5)]}
    assert door.post("/v1/batch", batch).counts["accepted"] == 5
    assert door.post("/v1/batch", batch).counts["duplicate"] == 5
    found = door.counters()
    assert (found["received"], found["accepted"], found["duplicate"]) == (10, 5, 5)
    assert all(isinstance(found[fate], int) for fate in ("received", "accepted", "duplicate", "quarantined", "refused"))


def test_the_clock_of_the_sender_is_corrected_by_the_envelope_or_the_header(door: Door) -> None:
    early = "2026-01-01T00:00:00.000Z"
    door.post("/v1/batch", {"batch": [track(timestamp=early)], "sentAt": "2026-01-01T00:00:10.000Z"})
    door.post("/v1/track", track(timestamp=early, messageId="x"), PUBLIC | {"sentat": "2026-01-01T00:00:20.000Z"})
    assert [event.at for event in door.engine.events] == [NOW - 10_000, NOW - 20_000]


def rudder(text: str) -> dict[str, str]:
    return PUBLIC | {"anonymousid": base64.b64encode(text.encode()).decode()}


def test_the_header_of_rudderstack_is_only_for_a_message_without_anonymous_id(door: Door) -> None:
    nobody = {"event": "Cart Viewed", "messageId": "m1"}
    door.post("/v1/track", nobody, rudder("r1"))
    door.post("/v1/track", nobody | {"messageId": "m2", "anonymousId": None}, rudder("r2"))
    door.post("/v1/track", nobody | {"messageId": "m3", "anonymousId": "own"}, rudder("r3"))
    door.post("/v1/batch", {"batch": [nobody | {"type": "track", "messageId": "m4"}]}, rudder('"r"4'))
    assert [event.visitor for event in door.engine.events] == ["r1", "r2", "own", '"r"4']
    for broken in ("***", "x" * 2_000, base64.b64encode(b"\xff\xff").decode(), base64.b64encode(b"a\nb").decode()):
        assert door.post("/v1/track", nobody, PUBLIC | {"anonymousid": broken}).counts["quarantined"] == 1


def test_the_user_agent_is_a_visitors_only_when_it_is_no_library(door: Door) -> None:
    for agent in ("Mozilla/5.0 (X11)", "analytics-python/2.4.0", "analytics-node-next/latest"):
        door.post("/v1/track", track(), PUBLIC | {"user-agent": agent})
    assert [arriving.user_agent for arriving in door.engine.arrived] == ["Mozilla/5.0 (X11)", None, None]


def test_the_country_is_believed_only_of_a_trusted_proxy(door: Door) -> None:
    for peer, country in (("127.0.0.1", "fr"), ("127.0.0.1", "<b>"), ("8.8.8.8", "FR")):
        door.post("/v1/track", track(), PUBLIC | {"cf-ipcountry": country}, peer=peer)
    assert [arriving.country for arriving in door.engine.arrived] == ["FR", None, None]


@pytest.mark.parametrize("mode", ["off", "reactive"])
def test_a_site_that_may_not_store_quarantines_what_arrives_nevertheless(mode: str) -> None:
    door = Door(site(mode=mode))
    assert door.post("/v1/track", track()).counts["quarantined"] == 1
    assert door.post("/v1/track", track(), TRUSTED).counts["accepted"] == 1
    assert door.counters()["reasons"]["quarantined"] == {"no_consent": 1}


def test_when_nothing_can_be_written_the_client_is_told_to_come_again(door: Door) -> None:
    door.engine.failing = "the disk is full"
    answer = door.post("/v1/batch", {"batch": [track(), track()]})
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "the disk is full" in answer.json["error"]["what"]
    assert door.counters()["reasons"]["refused"] == {"unavailable": 2}
    assert door.ingest.in_flight == 0
    door.engine.failing = ""
    assert door.post("/v1/batch", {"batch": [track(), track(messageId="z")]}).counts["accepted"] == 2
    assert door.counters()["received"] == 4


def test_refusals_can_be_handed_to_the_store_and_are_never_counted_twice(door: Door) -> None:
    door.engine.failing = "no disk"
    door.post("/v1/batch", {"batch": [track(), track()]})
    taken = door.ingest.tally.take_out()
    assert [(one.site, one.received, one.refused) for one in taken] == [("shop", 2, {"unavailable": 2})]
    assert door.counters()["received"] == 0
    door.ingest.tally.put_back(taken)
    assert door.counters()["refused"] == 2


def test_too_many_messages_in_one_body_are_refused(door: Door) -> None:
    answer = door.post("/v1/batch", {"batch": [{}] * 2_501})
    assert (answer.status, answer.json["error"]["code"]) == (413, "too_many")
    assert door.post("/v1/batch", {"batch": []}).counts["received"] == 0


def test_a_client_that_leaves_halfway_leaves_nothing_behind(door: Door) -> None:
    body = json.dumps(track()).encode()
    messages = [{"type": "http.request", "body": body[:20], "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http", "method": "POST", "path": "/v1/track", "query_string": b"", "client": ("127.0.0.1", 1),
        "headers": [(b"authorization", PUBLIC["authorization"].encode())],
    }  # fmt: skip

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    with pytest.raises(StopIteration):
        door.ingest(scope, receive, send).send(None)
    assert (door.ingest.held.bytes, door.engine.arrived) == (0, [])
