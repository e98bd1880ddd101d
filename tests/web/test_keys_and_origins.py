"""Whose messages they are: keys from every place, allowed origins, preflights."""

import base64
from hashlib import sha256
from typing import Any

import pytest
from door import PUBLIC, SECRET, TRUSTED, Door, site, track


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


PLACES: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "Basic user": ("", basic("demo"), {}),
    "Basic with a password": ("", {"authorization": "basic " + base64.b64encode(b"demo:x").decode()}, {}),
    "Bearer": ("", {"authorization": "Bearer demo"}, {}),
    "writeKey in the body": ("", {}, {"writeKey": "demo"}),
    "api_key in the body": ("", {}, {"api_key": "demo"}),
    "token in the body": ("", {}, {"token": "demo"}),
    "writeKey in the address": ("?writeKey=demo", {}, {}),
    "an empty Basic user and the body": ("", basic(""), {"writeKey": "demo"}),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("route", ["/v1/batch", "/v1/t"])
def test_the_key_is_found_in_every_place(door: Door, place: str, route: str) -> None:
    query, headers, members = PLACES[place]
    body = {"batch": [track()]} if route == "/v1/batch" else track()
    answer = door.post(route + query, body | members, headers)
    assert answer.counts["accepted"] == 1
    assert door.engine.arrived[0].site == "shop"
    assert not door.engine.arrived[0].trusted


@pytest.mark.parametrize("headers", [{}, basic("other"), {"authorization": "Bearer x"}, {"authorization": "Basic ***"}])
def test_an_unknown_key_is_refused_before_anything_is_counted_as_a_message(door: Door, headers: dict[str, str]) -> None:
    answer = door.post("/v1/batch", {"batch": [track()]}, headers)
    assert answer.status == 401
    assert answer.json["error"]["code"] == "unknown_key"
    assert door.counters()["requests_refused"] == {"401": 1}
    assert door.counters()["received"] == 0


def test_only_the_secret_key_is_trusted_and_only_it_sees_the_counters(door: Door) -> None:
    assert door.post("/v1/track", track(), TRUSTED).status == 200
    assert door.engine.arrived[0].trusted
    assert door.engine.arrived[0].user_agent is None
    assert door.knock("GET", "/api/v1/ingest", headers=PUBLIC).status == 401
    assert door.counters()["accepted"] == 1
    assert door.knock("GET", "/v1/config?key=" + SECRET).status == 401


def test_a_hash_is_not_a_key_and_a_site_without_secret_has_none() -> None:
    door = Door(site(), site(id="other", public_key="k2", secret_key_hash=""))
    for key in (sha256(SECRET.encode()).hexdigest(), "", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        assert door.post("/v1/track", track(), {"authorization": f"Bearer {key}"}).status == 401


def test_a_site_that_is_changed_is_known_at_once_or_after_five_seconds(door: Door) -> None:
    door.sites.append(site(id="second", public_key="second", secret_key_hash=""))
    assert door.post("/v1/track", track(), basic("second")).status == 401
    door.now += 5_000
    assert door.post("/v1/track", track(), basic("second")).status == 200
    door.sites.pop()
    door.keys.refresh()
    assert door.post("/v1/track", track(), basic("second")).status == 401


def test_pages_of_other_origins_may_not_use_the_public_key() -> None:
    door = Door(site(origins=("https://shop.test",)))
    assert door.post("/v1/track", track(), PUBLIC | {"origin": "https://shop.test"}).status == 200
    assert door.post("/v1/track", track(), PUBLIC).status == 200, "a server sends no origin"
    answer = door.post("/v1/track", track(), PUBLIC | {"origin": "https://evil.test"})
    assert (answer.status, answer.json["error"]["code"]) == (403, "origin_not_allowed")
    assert door.post("/v1/track", track(), TRUSTED | {"origin": "https://evil.test"}).status == 200


@pytest.mark.parametrize(
    "path", ["/v1/batch", "/v1/t", "/v1/pulse", "/v1/projects/demo/settings", "/sourceConfig/", "/v1/offers/x/shown"]
)
def test_a_preflight_allows_what_the_sdks_send(door: Door, path: str) -> None:
    assert door.ingest.handles({"type": "http", "method": "OPTIONS", "path": path, "headers": []})
    answer = door.knock("OPTIONS", path, headers={"origin": "https://shop.test"})
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.headers["access-control-max-age"] == "86400"
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "content-type", "anonymousid", "sentat", "aparte-key"} <= set(allowed)
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("status", [200, 401, 400, 405])
def test_a_page_can_read_every_answer_refusals_too(door: Door, status: int) -> None:
    headers = (PUBLIC if status != 401 else {}) | {"origin": "https://shop.test"}
    method = "PUT" if status == 405 else "POST"
    answer = door.knock(method, "/v1/track", track() if status != 400 else b"?", headers)
    assert answer.status == status
    assert answer.headers["access-control-allow-origin"] == "https://shop.test"
    assert answer.headers["vary"] == "Origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("origin", ["https://a.test\x0bx", "javascript:alert(1)", "https://a.test/b", "x" * 400, "é"])
def test_an_origin_that_is_none_is_not_echoed(door: Door, origin: str) -> None:
    answer = door.post("/v1/track", track(), PUBLIC | {"origin": origin})
    assert answer.status == 200
    assert "access-control-allow-origin" not in answer.headers


def test_a_wrong_method_says_which_is_right(door: Door) -> None:
    assert door.knock("GET", "/v1/batch").headers["allow"] == "POST"
    assert door.knock("DELETE", "/v1/config?key=demo").status == 405


def test_the_clients_ask_and_hear_where_to_send() -> None:
    door = Door(site(words={"fr": {"launcher": "Une question ?"}}))
    config = door.knock("GET", "/v1/config?key=demo")
    assert config.headers["cache-control"] == "public, max-age=60"
    assert config.json["words"] == {"fr": {"launcher": "Une question ?"}, "en": {}}
    assert set(config.json) == {"site", "mode", "language", "languages", "button", "help", "query", "look", "words"}
    assert config.json["look"]["on_colour"] == "#FFFDF9"
    headers = {"host": "shop.test:8443", "x-forwarded-proto": "https"}
    segment = door.knock("GET", "/v1/projects/demo/settings", headers=headers).json["integrations"]["Segment.io"]
    assert (segment["apiKey"], segment["apiHost"], segment["protocol"]) == ("demo", "shop.test:8443/v1", "https")
    assert door.knock("GET", "/v1/projects/nobody/settings").status == 401
    evil = door.knock("GET", "/v1/projects/demo/settings", headers={"host": 'x"/../'}, peer="10.0.0.1")
    assert evil.json["integrations"]["Segment.io"]["apiHost"] == "localhost/v1"
    rudder = door.knock("GET", "/sourceConfig/?p=npm&writeKey=demo", headers=basic("demo")).json["source"]
    assert (rudder["writeKey"], rudder["enabled"], rudder["destinations"]) == ("demo", True, [])
