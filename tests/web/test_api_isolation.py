"""Nobody reads or writes what is not his: every route, from the route table; and no input makes a 5xx."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from doors_world import World, token_of, vid
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OPEN = {
    ("POST", "/api/v1/session"), ("POST", "/api/v1/setup"), ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/session/reset"), ("POST", "/api/v1/session/reset/confirm"),
}  # fmt: skip
CANARY = "canary-of-site-a"
SEEN = vid(f"v{CANARY}")
BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/api/v1/me/status"): {"status": "away"},
    ("PUT", "/api/v1/me/language"): {"language": "en"},
    ("POST", "/api/v1/conversations/{conv:str}/entries"): {
        "entries": [{"cid": "x", "kind": "text", "body": "x"}],
        "assign_ver": 1,
    },
    ("POST", "/api/v1/conversations/{conv:str}/close"): {"assign_ver": 1},
    ("POST", "/api/v1/campaigns/schema"): {"file": {}},
    ("POST", "/api/v1/campaigns/condition"): {"text": "cart.value > 50"},
    ("POST", "/api/v1/campaigns/match"): {"file": {}, "when": "cart.value > 50"},
    ("POST", "/api/v1/campaigns/replay"): {"file": {}, "days": 1},
    ("POST", "/api/v1/conversations/{conv:str}/transfer"): {"assign_ver": 1, "to": {"agent": "alex"}, "note": "x"},
    ("PUT", "/api/v1/staff/{staff}"): {"name": "Somebody else"},
    ("POST", "/api/v1/requests/{request_id}/done"): {"note": "x"},
    ("POST", "/api/v1/sites"): {"id": "another"},
    ("PUT", "/api/v1/conversations/{conv:str}/tags"): {"tags": ["x"]},
    ("POST", "/api/v1/conversations/{conv:str}/wrap-up"): {"code": "sold"},
    ("POST", "/api/v1/conversations/{conv:str}/cards"): {"assign_ver": 1, "cid": "x", "products": ["p1"]},
    ("POST", "/api/v1/conversations/{conv:str}/page"): {"assign_ver": 1, "cid": "x", "url": "/x"},
    ("POST", "/api/v1/conversations/{conv:str}/assistance"): {"on": True},
    ("POST", "/api/v1/conversations/{conv:str}/coupon"): {"assign_ver": 1, "cid": "x", "coupon": "ten"},
    ("POST", "/api/v1/conversations/{conv:str}/callback"): {
        "assign_ver": 1,
        "cid": "x",
        "phone": "0612345678",
        "at": 4_000_000,
    },
    ("POST", "/api/v1/visitors/{visitor}/invitation"): {"text": "x"},
    ("PUT", "/api/v1/visitors/{visitor}/block"): {"reason": "x"},
    ("PUT", "/api/v1/session/site"): {"site": "a"},
    ("PUT", "/api/v1/canned"): {"shortcut": "x", "title": "x", "body": "x", "language": "fr"},
    ("PUT", "/api/v1/scripts"): {"title": "x", "steps": [{"id": "a", "say": "x"}], "language": "fr"},
    ("PUT", "/api/v1/articles"): {"title": "x", "body": "x", "language": "fr"},
}


def routes(world: World) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for route in world.doors.api.routes:
        methods = getattr(route, "methods", set()) - {"OPTIONS", "HEAD"}
        if str(route.path_format).startswith("/api/"):  # nothing else comes to the API
            found += [(method, str(route.path_format)) for method in sorted(methods)]
    return found


def address(path: str, world: World, conv: str) -> str:
    return (
        path.replace("{conv}", conv)
        .replace("{visitor}", SEEN)
        .replace("{conv:str}", conv)
        .replace("{staff}", "camille")
    )


def body_of(method: str, path: str) -> Any:
    return BODIES.get((method, path.replace("{conv}", "{conv:str}")))


def with_canary(world: World) -> str:
    conv = world.conversation(f"v{CANARY}", agent="camille")
    world.says(conv, f"v{CANARY}", CANARY)
    world.conversation(f"v{CANARY}-2")
    world.hesitates(f"v{CANARY}")
    return conv


def leaks(answer: httpx.Response) -> bool:
    return CANARY in answer.text or SEEN in answer.text


def everything(world: World) -> Any:
    convs = [one.id for one in world.call(lambda: world.store.open_conversations("a"))]
    return [(world.found(conv), world.transcript(conv)) for conv in convs]


def test_without_a_session_every_route_but_the_doors_answers_401(world: World) -> None:
    conv, client = with_canary(world), world.console()
    asked = 0
    for method, path in routes(world):
        if (method, path) in OPEN:
            continue
        answer = client.request(method, address(path, world, conv), json=body_of(method, path))
        assert answer.status_code == 401, (method, path, answer.text)
        assert not leaks(answer)
        asked += 1
    assert asked >= 11


def test_staff_of_another_site_see_nothing_and_change_nothing(world: World) -> None:
    conv, bea = with_canary(world), world.console("bea@b.example")
    before = everything(world)
    assert len(before) == 2
    refused = 0
    for method, path in routes(world):
        if (method, path) == ("DELETE", "/api/v1/session") or (method, path) in OPEN:
            continue
        answer = bea.request(method, address(path, world, conv), json=body_of(method, path))
        assert answer.status_code < 500
        assert not leaks(answer), (method, path)
        if "{" in path:
            assert answer.status_code in (403, 404), (method, path, answer.text)
            refused += 1
    assert refused >= 5
    assert bea.post("/api/v1/conversations/next/take").json()["error"]["code"] == "nobody_waits"
    assert everything(world) == before


def test_the_site_sees_what_the_other_does_not(world: World) -> None:
    conv, camille = with_canary(world), world.console("camille@a.example")
    assert SEEN in camille.get("/api/v1/visitors").text
    assert CANARY in camille.get(f"/api/v1/conversations/{conv}/entries").text
    assert camille.get(f"/api/v1/visitors/{SEEN}").json()["earlier"][0]["id"] == conv


def test_an_agents_whole_conversation(world: World) -> None:
    conv, camille = world.conversation("v1"), world.console("camille@a.example")
    taken = camille.post("/api/v1/conversations/next/take").json()
    assert (taken["id"], taken["state"], taken["assign_ver"]) == (conv, "open", 1)
    items = [{"cid": "1", "kind": "text", "body": "Bonjour"}, {"cid": "2", "kind": "note", "body": "n"}]
    written = camille.post(f"/api/v1/conversations/{conv}/entries", json={"entries": items, "assign_ver": 1})
    assert [one["seq"] for one in written.json()["results"]] == [2, 3]
    again = camille.post(f"/api/v1/conversations/{conv}/entries", json={"entries": items, "assign_ver": 1})
    assert again.json() == written.json()
    page = camille.get(f"/api/v1/conversations/{conv}/entries?before=3").json()
    assert ([one["seq"] for one in page["entries"]], page["head"], page["more"]) == ([1, 2], 3, False)
    stale = camille.post(f"/api/v1/conversations/{conv}/close", json={"assign_ver": 0})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "not_assigned")
    assert camille.post(f"/api/v1/conversations/{conv}/close", json={"assign_ver": 1}).json()["state"] == "closed"
    world.conversation("v2"), world.conversation("v3"), world.conversation("v4")
    assert [camille.post("/api/v1/conversations/next/take").status_code for _ in range(3)] == [200, 200, 409]
    assert camille.put("/api/v1/me/status", json={"status": "away"}).json()["status"] == "away"
    assert camille.put("/api/v1/me/language", json={"language": "en"}).json()["language"] == "en"
    assert camille.get("/api/v1/session").json()["language"] == "en"


def test_the_install_page_and_the_counters(world: World) -> None:
    camille = world.console("camille@a.example")
    world.hesitates("v1")
    world.hesitates("v1")  # the same messages again
    httpx.post(f"{world.http}/v1/track", content=b'{"type":"track"}', auth=("key-a", ""))
    found = camille.get("/api/v1/install").json()
    assert (found["counts"]["accepted"], found["counts"]["duplicate"], found["counts"]["quarantined"]) == (2, 2, 1)
    assert (found["last_seen"]["event"], found["last_seen"]["url"]) == ("Product Added", "https://a.example/cart")
    assert found["snippet"] == f'<script async src="{world.http}/aparte.js" data-key="key-a"></script>'
    assert found["counts"] == camille.get("/api/v1/ingest").json()
    assert found["counts"]["received"] == sum(
        found["counts"][k] for k in ("accepted", "duplicate", "quarantined", "refused")
    )
    by_key = httpx.get(f"{world.http}/api/v1/ingest", headers={"Authorization": "Bearer secret of a"})
    assert by_key.json() == found["counts"]
    assert httpx.get(f"{world.http}/api/v1/ingest", auth=("key-a", "")).status_code == 401


def test_the_openapi_document_names_every_route(world: World) -> None:
    document = httpx.get(f"{world.http}/api/v1/openapi.json").json()
    told = {(method.upper(), path) for path, found in document["paths"].items() for method in found}
    assert {one for one in routes(world) if "openapi" not in one[1]} <= told


ANY: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = (
    "email", "password", "demo", "token", "status", "language", "entries", "assign_ver", "key", "csat", "seq",
    "cid", "kind", "phone", "body", "wanted", "note", "to", "reason", "name", "skills", "shifts", "maximum", "team",
    "tags", "free", "codes", "wrap_up", "code", "products", "url", "title", "room",
    "shortcut", "skill", "steps", "tags", "url",
)  # fmt: skip


@pytest.mark.parametrize("name", ["camille@a.example"])
def test_whatever_a_body_holds_the_answer_is_no_5xx(world: World, name: str) -> None:
    conv, client = with_canary(world), world.console(name)
    signed_in = dict(client.cookies)
    doors = [(m, address(p, world, conv)) for m, p in routes(world) if m in ("POST", "PUT")]
    doors += [("POST", f"/v1/conv/{conv}/{one}") for one in ("entries", "close", "survey", "read")]
    doors += [("POST", "/v1/conversations"), ("POST", "/v1/offers/e/accept"), ("POST", "/v1/offers/e/nothing")]
    doors += [("POST", "/v1/requests")]

    @settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(doors), st.dictionaries(st.sampled_from(MEMBERS), ANY, max_size=5) | ANY, st.booleans())
    def ask(door: tuple[str, str], said: Any, cut: bool) -> None:
        body = json.dumps(
            {"key": "key-a", "token": token_of("v1"), **said} if isinstance(said, dict) else said
        ).encode()
        headers = {"Content-Type": "application/json", "Cookie": f"aparte={signed_in['aparte']}"}
        answer = client.request(*door, content=body[: len(body) // 2] if cut else body, headers=headers)
        assert answer.status_code < 500, (door, body, answer.text)
        if answer.status_code >= 400:
            assert {"code", "what", "where", "hint"} == set(answer.json()["error"])
            assert "Traceback" not in answer.text

    ask()


@pytest.mark.parametrize(
    "path",
    ["/api/v1/visitors?limit=1e400", "/api/v1/visitors?limit=-1", "/api/v1/visitors?limit=%00",
     "/api/v1/visitors/%ff%00",
     "/api/v1/conversations/%ED%A0%80/entries", "/api/v1/conversations/x/entries?before=9999999999999999999999",
     "/api/v1/nothing", "/v1/conv/x/entries?after=-1", "/static/../../etc/passwd", "/static/%2e%2e/x", "/nothing"],
)  # fmt: skip
def test_strange_addresses_are_refused_in_the_form_of_the_wire(world: World, path: str) -> None:
    answer = world.console("camille@a.example").get(path)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()["error"]) == {"code", "what", "where", "hint"}
