"""A visitor's page asks for news, and hears it in its own language."""

from __future__ import annotations

import json
from typing import Any

import pytest
from door import NOW, TOKENS, Door, site, track

from aparte.conversations.model import Conversation
from aparte.engine.ports import Counts, OfferShown, PulseAnswer
from aparte.settings import Limits, Settings
from aparte.sites.tokens import LIFE, make
from aparte.targeting.model import Appearance, Offer

PAGE = {"type": "page", "messageId": "m1", "properties": {}, "context": {}}
VID = "ab" * 16


def pulse(**members: Any) -> dict[str, Any]:
    found = {
        "key": "demo", "token": None, "consent": "full", "visible": True, "sentAt": "2026-11-22T14:09:00.000Z",
        "tab": "9f2c", "language": "fr", "events": [PAGE],
    }  # fmt: skip
    return found | members


def post(door: Door, body: Any, **headers: str) -> Any:
    return door.post("/v1/pulse", body, {"content-type": "text/plain"} | headers)


def test_the_first_pulse_brings_a_token_and_the_second_is_known_by_it(door: Door) -> None:
    first = post(door, pulse()).json
    assert first["visitor"] == "0" * 31 + "1"
    assert first["token"].startswith("v1.")
    second = post(door, pulse(token=first["token"])).json
    assert second["visitor"] == first["visitor"]
    assert "token" not in second
    assert [found.visitor for found in door.engine.pulses] == [first["visitor"]] * 2
    assert door.engine.arrived[0].visitor == first["visitor"]
    assert not door.engine.arrived[0].trusted


@pytest.mark.parametrize(
    "token",
    [
        "v1.x",
        make(TOKENS, VID, NOW)[:-1] + "z",
        make(TOKENS, VID, NOW - LIFE - 1),
        {"a": 1},
        7,
    ],
)
def test_a_token_that_does_not_verify_is_answered_with_a_new_one(door: Door, token: Any) -> None:
    answer = post(door, pulse(token=token)).json
    assert answer["token"]
    assert answer["visitor"] != VID


def test_the_answer_is_as_the_wire_says(door: Door) -> None:
    offer = OfferShown(
        engagement="e1",
        offer=Offer(message={"fr": "Une question ?", "en": "A question?"}, appearance="card"),
        expires_at=NOW + 29_000,
        state="offered",
        appearance=Appearance(style="bar"),
    )
    conversation = Conversation(id="c1", site="shop", visitor=VID, state="open", head=4)
    door.engine.answer = PulseAnswer(
        counts=Counts(), offer=offer, conversation=conversation, agents=True, wake_in_ms=10_000
    )
    found = post(door, pulse(token=make(TOKENS, VID, NOW), language="en-GB")).json
    assert found == {
        "visitor": VID,
        "counts": {"received": 1, "accepted": 1, "duplicate": 0, "quarantined": 0, "refused": 0},
        "offer": {
            "engagement": "e1", "channel": "chat", "message": "A question?", "language": "en",
            "appearance": {"style": "bar", "position": "right", "colour": None, "quote": True},
            "ask": [], "expires_in_ms": 29_000, "state": "offered",
        },
        "conversation": {"id": "c1", "state": "open", "head": 4},
        "agents": True,
        "help": "form",
        "button": True,
        "wake_in_ms": 10_000,
    }  # fmt: skip
    assert door.engine.pulses[-1].language == "en"
    door.engine.answer = PulseAnswer(counts=Counts())
    quiet = post(door, pulse()).json
    assert (quiet["offer"], quiet["conversation"], quiet["wake_in_ms"]) == (None, None, None)


@pytest.mark.parametrize(
    ("message", "wanted", "text", "language"),
    [
        ("Bonjour", "en", "Bonjour", "en"),
        ({"fr": "Oui", "en": "Yes"}, "de", "Oui", "fr"),
        ({"en": "Yes"}, "fr", "Yes", "en"),
        ({"it": "Sì"}, None, "Sì", "it"),
        ({}, "fr", "", "fr"),
    ],
)
def test_the_message_is_in_the_visitors_language_or_the_nearest(
    door: Door, message: Any, wanted: Any, text: str, language: str
) -> None:
    shown = OfferShown(engagement="e", offer=Offer(message=message), expires_at=0, state="shown")
    door.engine.answer = PulseAnswer(counts=Counts(), offer=shown)
    found = post(door, pulse(language=wanted)).json["offer"]
    assert (found["message"], found["language"], found["expires_in_ms"]) == (text, language, 0)


def test_withdrawn_consent_closes_what_is_known_and_is_answered_with_nothing(door: Door) -> None:
    known = post(door, pulse(token=make(TOKENS, VID, NOW), consent="denied"))
    assert (known.status, known.json) == (200, {})
    assert door.engine.pulses[-1].withdrawn
    assert door.engine.arrived[-1].consent == "none"
    unknown = post(door, pulse(consent="denied", events=[]))
    assert (unknown.status, unknown.json) == (200, {})
    assert len(door.engine.pulses) == 1
    assert post(door, pulse(consent="denied")).json == {}
    assert door.counters()["reasons"]["quarantined"] == {"no_consent": 2}


@pytest.mark.parametrize("consent", [None, "none", 1, "FULL"])
def test_anything_but_full_consent_stores_nothing(door: Door, consent: Any) -> None:
    assert post(door, pulse(consent=consent)).json["counts"]["quarantined"] == 1


def test_one_bad_event_does_not_take_its_neighbours_with_it(door: Door) -> None:
    good = json.dumps(track(messageId="g"))
    body = json.dumps(pulse(events=["BAD"])).replace('"BAD"', f'{{"type":"track","event":NaN}}, {good}, 3')
    counts = post(door, body).json["counts"]
    assert (counts["received"], counts["accepted"], counts["quarantined"]) == (3, 1, 2)


@pytest.mark.parametrize("body", ["", "[]", '{"key":"demo","events":{"a":1}}', '"x"', '{"key":"demo","events":"x"}'])
def test_a_body_that_is_no_pulse_is_refused(door: Door, body: str) -> None:
    assert post(door, body).status == 400


def test_the_key_the_size_and_the_origin_are_checked() -> None:
    door = Door(site(origins=("https://shop.test",)))
    assert post(door, pulse(key="nobody")).status == 401
    assert post(door, pulse(key=None)).status == 401
    assert post(door, pulse(pad="x" * 65_536)).status == 413
    assert post(door, pulse(), origin="https://evil.test").status == 403
    assert post(door, pulse(), origin="https://shop.test").headers["access-control-allow-origin"] == "https://shop.test"


def test_many_new_visitors_of_one_address_come_slower_and_lose_nothing() -> None:
    door = Door(settings=Settings(trusted_proxies=("127.0.0.1",), limits=Limits(new_visitors_per_minute=30)))
    firm = {"x-forwarded-for": "82.64.1.2"}
    told = [post(door, pulse(events=[]), **firm).json for _ in range(40)]
    assert sum("token" in answer for answer in told) == 30
    waiting = told[-1]
    assert waiting["visitor"] == ""
    assert 0 < waiting["wake_in_ms"] <= 60_000
    kept = post(door, pulse(), **firm)
    assert kept.status == 429, "the tag keeps its events and sends them again"
    door.now += int(kept.headers["retry-after"]) * 1_000
    assert post(door, pulse(), **firm).json["token"]
    assert post(door, pulse(token=make(TOKENS, VID, NOW)), **firm).status == 200, "who has a token is not new"
    assert post(door, pulse(), **{"x-forwarded-for": "82.64.1.3"}).json["token"]
    assert door.counters()["reasons"]["refused"] == {"new_visitors": 1}
