"""A visitor without a socket: the same service by HTTP, and the files that every shop's page loads."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from doors_world import QUICK, World, token_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


def post(world: World, path: str, **members: Any) -> httpx.Response:
    body = json.dumps({"key": "key-a", "token": token_of("v1"), **members}).encode()
    return httpx.post(f"{world.http}{path}", content=body, headers={"Content-Type": "text/plain"}, timeout=20)


def poll(world: World, conv: str, after: int, wait: int, visitor: str = "v1") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token_of(visitor)}", "Aparte-Key": "key-a"}
    return httpx.get(f"{world.http}/v1/conv/{conv}/entries?after={after}&wait={wait}", headers=headers, timeout=60)


def test_an_offer_is_shown_and_accepted_once_and_is_then_over_for_others(world: World) -> None:
    world.available("camille")
    offer = world.hesitates("v1")["offer"]
    assert (offer["state"], offer["channel"], offer["message"]) == ("offered", "chat", "Une question ?")
    doors = f"/v1/offers/{offer['engagement']}"
    assert post(world, f"{doors}/shown", language="fr").json() == {}
    assert world.pulse("v1")["offer"]["state"] == "shown"
    assert post(world, f"{doors}/accept", token=token_of("v2")).status_code == 410
    opened = post(world, f"{doors}/accept", language="en-GB").json()["conversation"]
    assert (opened["state"], opened["position"], opened["agent"]) == ("open", None, {"name": "Camille"})
    assert post(world, f"{doors}/accept").json()["conversation"]["id"] == opened["id"]
    assert world.found(opened["id"]).language == "en"
    first = poll(world, opened["id"], 0, 0).json()["entries"][0]
    assert (first["seq"], first["kind"], first["body"], first["by"]) == (1, "offer", "Une question ?", "system")
    late = post(world, f"{doors}/decline")
    assert (late.status_code, late.json()["error"]["code"]) == (410, "offer_over")


@pytest.mark.covers("S0-17")
def test_a_stranger_gets_a_token_with_his_conversation(world: World) -> None:
    answer = post(world, "/v1/conversations", token=None).json()
    again = post(world, "/v1/conversations", token=answer["token"]).json()
    assert "token" not in again
    assert again["conversation"] == answer["conversation"]
    assert post(world, "/v1/conversations", key="nobody's").status_code == 401
    assert post(world, "/v1/conversations", key=["key-a"]).status_code == 400


def test_a_poll_waits_for_the_next_entry_and_a_beacon_may_be_sent_twice(world: World) -> None:
    conv = world.conversation(agent="camille")
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.append(poll(world, conv, 1, 25).json()))
    waiting.start()
    while not world.doors.hub.counts()["polls"]:
        time.sleep(0.01)
    entries = [{"cid": "c1", "kind": "text", "body": "Bonjour"}]
    first = post(world, f"/v1/conv/{conv}/entries", entries=entries).json()
    waiting.join(30)
    assert [one["body"] for one in found[0]["entries"]] == ["Bonjour"]
    assert found[0]["agent"] == {"name": "Camille"}
    assert post(world, f"/v1/conv/{conv}/entries", entries=entries).json() == first
    assert len(world.transcript(conv)) == 2
    assert poll(world, conv, 2, 0).json()["entries"] == []
    assert post(world, f"/v1/conv/{conv}/read", seq=2).json() == {}
    assert world.found(conv).visitor_read == 2
    assert post(world, f"/v1/conv/{conv}/survey", csat=4).json()["survey"] is True
    assert post(world, f"/v1/conv/{conv}/close").json()["state"] == "closed"
    refused = post(world, f"/v1/conv/{conv}/entries", entries=[{"cid": "c2", "kind": "text", "body": "x"}]).json()
    assert refused["results"][0]["code"] == "closed"


def test_a_poll_that_nothing_answers_ends_after_a_while(worlds: Callable[..., World]) -> None:
    world = worlds(timing=replace(QUICK, poll=0.5))
    conv = world.conversation(agent="camille")
    began = time.monotonic()
    assert poll(world, conv, 1, 25).json()["head"] == 1
    assert 0.4 < time.monotonic() - began < 10


def test_the_notes_of_agents_and_the_conversations_of_others_stay_unseen(world: World) -> None:
    conv = world.conversation(agent="camille")
    world.says(conv, "camille", "he haggles", kind="note")
    assert poll(world, conv, 0, 0).json()["entries"][1] == {"seq": 2, "kind": "hidden"}
    for answer in (
        poll(world, conv, 0, 0, "v2"),
        *(
            post(world, f"/v1/conv/{conv}/{one}", token=token_of("v2"), entries=[])
            for one in ("entries", "close", "survey", "read")
        ),
    ):
        assert answer.status_code in (200, 404)
        assert answer.status_code == 404 or answer.json() == {"results": []}
    assert post(world, f"/v1/conv/{conv}/entries", entries=[], token="forged").status_code == 401
    assert world.found(conv).state == "open"


def test_pages_of_other_shops_may_not_use_the_key(world: World) -> None:
    body = b'{"key": "key-b", "token": null}'
    for origin, status in (("https://b.example", 200), ("https://evil.example", 403)):
        answer = httpx.post(f"{world.http}/v1/conversations", content=body, headers={"Origin": origin})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == origin
        assert "access-control-allow-credentials" not in answer.headers
    preflight = httpx.options(f"{world.http}/v1/conv/x/entries", headers={"Origin": "https://b.example"})
    assert (preflight.status_code, preflight.headers["access-control-max-age"]) == (204, "86400")


def test_too_much_and_too_often_is_refused(world: World) -> None:
    conv = world.conversation()
    assert post(world, f"/v1/conv/{conv}/entries", entries=[], language="x" * 70_000).status_code == 413
    entries = [{"cid": f"{n}", "kind": "text", "body": "x"} for n in range(40)]
    results = post(world, f"/v1/conv/{conv}/entries", entries=entries).json()["results"]
    assert {one["code"] for one in results if one["t"] == "nack"} == {"rate"}
    opened = [post(world, "/v1/conversations", token=None).status_code for _ in range(40)]
    assert opened.count(200) >= 30
    assert opened[-1] == 429


def test_the_tag_is_served_to_every_page_compressed_and_from_the_cache(world: World) -> None:
    with httpx.stream("GET", f"{world.http}/aparte.js", headers={"Accept-Encoding": "br, gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["access-control-allow-origin"] == "*"
        assert packed.headers["cross-origin-resource-policy"] == "cross-origin"
        assert packed.headers["cache-control"] == "public, max-age=3600"
    plain = httpx.get(f"{world.http}/aparte.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    again = httpx.get(f"{world.http}/aparte.js", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_console_has_a_strict_policy_and_the_report_asks_for_a_session(world: World) -> None:
    page = httpx.get(f"{world.http}/console/conversations")
    for part in ("script-src 'self'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"):
        assert part in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert httpx.get(f"{world.http}/").headers["location"] == "/console"
    assert httpx.get(f"{world.http}/reports").headers["location"] == "/console"
    bea = world.console("bea@b.example")
    asked = bea.get("/reports?lang=en&since=2026-01-01&until=2026-02-01")
    assert all(one in asked.text for one in ("Maison B", 'lang="en"', "2026-01-01", "2026-02-01"))
    assert "Maison A" not in asked.text
    assert bea.get("/reports?lang=<script>").status_code == 400


ANY: Any = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=9)
    | st.just([])
    | st.just({})
)
KINDS = ("hello", "send", "read", "dlv", "typing", "close", "survey", "pong", "watch", "unwatch", "live", "nothing")
NAMES = ("conv", "cid", "kind", "body", "seq", "on", "csat", "last_seq", "epoch", "pos", "assign_ver", "v", "comment")


@pytest.mark.parametrize("side", ["visitor", "agent"])
def test_whatever_a_frame_holds_the_socket_answers_or_closes(world: World, side: str) -> None:
    conv = world.conversation(agent="camille")
    camille = world.console("camille@a.example")
    path, origin = ("/v1/socket", None) if side == "visitor" else ("/api/v1/socket", world.http)
    hello = {"t": "hello", "v": 1, "key": "key-a", "token": token_of("v1"), "conv": conv, "epoch": None, "last_seq": 0}
    settle = {"t": "send", "conv": conv, "cid": "settle", "kind": "text", "body": "x", "assign_ver": 1}

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), ANY)), max_size=3))
    def talk(said: list[tuple[str, dict[str, Any]]]) -> None:
        url, cookie = f"ws://127.0.0.1:{world.port}{path}", world.cookie(camille)
        with connect(url, origin=origin, additional_headers=cookie, compression=None) as ws:  # type: ignore[arg-type]
            try:
                ws.send(json.dumps(hello))
                for kind, members in said:
                    ws.send(json.dumps({"t": kind, **members}))
                ws.send(json.dumps(settle))
                while json.loads(ws.recv(10)).get("cid") != "settle":
                    pass
            except ConnectionClosed as end:
                codes.append(end.rcvd.code if end.rcvd else 1006)

    codes: list[int] = []
    talk()
    assert set(codes) <= {1007, 4001, 4003, 4009, 4029}
