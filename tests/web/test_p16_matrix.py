"""P16: nobody reads or writes what is not his. Role x site x object x verb, made of the route and the frame tables.

What is expected comes from `RIGHTS` and nowhere else; a route or a frame that is in no table fails. Planted defects
seen to fail here: `may_see` without the site, a route without a right, a frame without a row.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from doors_world import PASSWORD, SITES, World, closed, hear, say, token_of, vid
from litestar import get
from msgspec.structs import replace

from aparte.sites.model import ApiToken, Staff
from aparte.sites.rights import ALL, RIGHTS, SCOPES
from aparte.sites.store import SaveStaff, SaveToken
from aparte.web import api_visitors, coupon_doors, frames, server_doors, sheets
from aparte.web.api import Doors
from aparte.web.guard import without_right
from aparte.web.sign_in import token_hash

CANARY = "canary-of-site-a"
SEEN = vid(f"v{CANARY}")
BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/me/status"): {"status": "away"},
    ("PUT", "/me/language"): {"language": "en"},
    ("PUT", "/session/site"): {"site": "nowhere"},
    ("POST", "/me/totp/confirm"): {"code": "000000"},
    ("DELETE", "/me/totp"): {"password": "wrong"},
    ("PUT", "/me/password"): {"password": "wrong", "new": "x"},
    ("POST", "/session/reset"): {"email": "nobody@nowhere.example"},
    ("POST", "/session/reset/confirm"): {"token": "wrong", "password": PASSWORD},
    ("POST", "/conversations/{conv}/entries"): {"entries": [], "assign_ver": 0},
    ("POST", "/conversations/{conv}/close"): {"assign_ver": 99},
    ("POST", "/conversations/{conv}/transfer"): {"assign_ver": 99, "to": {"agent": "nobody"}},
    ("POST", "/campaigns/schema"): {"file": {}},
    ("POST", "/campaigns/condition"): {"text": "cart.value > 50"},
    ("POST", "/campaigns/match"): {"file": {}, "when": "cart.value > 50"},
    ("POST", "/requests/{request_id}/done"): {"note": "x"},
    ("POST", "/tokens"): {"name": "x", "scopes": ["self"]},
    ("PUT", "/site"): {"name": "canary", "answer_s": 61},
    ("PUT", "/me"): {"language": "en"},
    ("POST", "/plan/discovery"): {"history": [], "agents_by_hour": [1.0] * 24, "basket": 1.0, "gross_margin": 0.5},
    ("POST", "/conversations/{conv}/coupon"): {"assign_ver": 1, "cid": "x", "coupon": "ten"},
    ("PUT", "/coupons"): {"coupons": []},
    ("PUT", "/report-mails"): {"mails": []},
    ("POST", "/conversations/{conv}/callback"): {"assign_ver": 1, "cid": "x", "phone": "0612345678", "at": 4_000_000},
}
QUERIES = {("GET", "/kpis/figures"): "?kpi=orders"}
"""Of all KPIs the answer takes seconds, and the right is the same."""


class Matrix:
    """A server with everybody at it, and what is asked of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = [
            Staff(id=f"{role}-{site}", site=site, email=f"{role}@{site}.example", name=role, role=role, maximum=0)
            for role in RIGHTS for site in "ab"
        ]  # fmt: skip
        hashed = world.call(lambda: world.doors.desk.directory.staff("bea")).password_hash
        world.do(submit(world, [SaveStaff(replace(one, password_hash=hashed)) for one in people]))
        tokens = [(f"{scope}-{site}", site, (scope,)) for scope in sorted(SCOPES) for site in "ab"]
        tokens += [(f"no-{scope}-{site}", site, tuple(SCOPES - {scope})) for scope in sorted(SCOPES) for site in "ab"]
        world.do(submit(world, [SaveToken(token_of_api(*one)) for one in tokens]))
        world.call(world.doors.desk.directory.forget)
        self.conv = world.conversation(f"v{CANARY}", agent="camille")
        world.says(self.conv, f"v{CANARY}", CANARY)
        world.hesitates(f"v{CANARY}")
        self.client = httpx.Client(base_url=f"{world.http}/api/v1", timeout=30)
        world.browsers.append(self.client)
        self.cookies = {f"{role}-{site}": world.console(f"{role}@{site}.example").cookies["aparte"]
                        for role in RIGHTS for site in "ab"}  # fmt: skip

    def signed_in(self, who: str) -> httpx.Client:
        """His browser."""
        client = httpx.Client(cookies={"aparte": self.cookies[who]})
        self.world.browsers.append(client)
        return client

    def routes(self) -> Iterator[tuple[str, str, str, Any]]:
        """(verb, path, right, opt) of every route and every door beside them."""
        for route in self.world.doors.api.routes:
            for handler in getattr(route, "route_handlers", ()):
                path = str(route.path_format)
                for verb in handler.http_methods - {"OPTIONS", "HEAD"}:
                    if path.startswith("/api/"):
                        yield verb, path.removeprefix("/api/v1"), handler.opt["right"], handler.opt
        for (verb, path), right in server_doors.DOORS.items():
            yield verb, path.removeprefix("/api/v1"), right, {}

    def ask(self, who: str, verb: str, path: str) -> httpx.Response:
        """A role with its cookie, a scope with its token, or nobody."""
        at = {
            "{conv}": self.conv, "{visitor}": SEEN, "{staff}": "camille", "{session}": "x", "{token}": "read-a",
            "{request_id}": "none", "{id}": "none",
        }  # fmt: skip
        asked = path + QUERIES.get((verb, path), "")
        for name, value in at.items():
            asked = asked.replace(name, value)
        headers = {"Aparte-Console": "1", "Origin": self.world.http}
        if who in self.cookies:
            headers["Cookie"] = f"aparte={self.cookies[who]}"
        elif who:
            headers = {"Authorization": f"Bearer apt_{who.removeprefix('token:')}"}
        return self.client.request(verb, asked, json=BODIES.get((verb, path), {}), headers=headers)


async def submit(world: World, commands: list[Any]) -> Any:
    return await world.store.submit(commands)


def token_of_api(name: str, site: str, scopes: tuple[str, ...]) -> ApiToken:
    return ApiToken(
        id=name, token_hash=token_hash(f"apt_{name}"), site=site, name=name, scopes=scopes, made_by="camille", made_at=0
    )  # fmt: skip


def everything(world: World) -> Any:
    """All of site a that somebody could have changed."""
    store = world.store
    return world.call(
        lambda: [
            [(one.id, one.state, one.agent, one.head, one.assign_ver) for one in store.open_conversations("a")],
            [replace(one, language="") for one in store.staff("a") if "-" not in one.id],
            list(store.teams("a")),
            [one for one in store.sites() if one.id == "a"],
            [one.version for one in store.campaign_versions("a")],
            [one.id for one in store.api_tokens() if one.site == "a"],
        ]
    )  # fmt: skip


def leaks(answer: httpx.Response) -> bool:
    return CANARY in answer.text or SEEN in answer.text


@pytest.fixture
def matrix(worlds: Callable[..., World]) -> Matrix:
    return Matrix(worlds())


def refused(answer: httpx.Response) -> bool:
    """For want of a right; a thing that is not his is 404."""
    return answer.status_code == 403 and answer.json()["error"]["code"] in ("role", "scope")


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_every_route_asks_for_its_right_of_every_role_site_and_scope(matrix: Matrix) -> None:
    before, asked = everything(matrix.world), 0
    for verb, path, right, _ in sorted(matrix.routes(), key=str):
        if (verb, path) == ("DELETE", "/session"):
            continue  # asked last, by the test of sessions
        about = (verb, path, right)
        nobody = matrix.ask("", verb, path)
        assert (nobody.status_code == 401) == (right != "open" or path == "/session/reset/confirm"
                                               or (verb, path) == ("POST", "/session")), about  # fmt: skip
        assert not leaks(nobody), about
        for role, rights in RIGHTS.items():
            # Only the other site's people change anything here: what those of the site may is tested where it is made.
            for site in "ab" if verb == "GET" or right not in rights else "b":
                answer = matrix.ask(f"{role}-{site}", verb, path)
                assert answer.status_code < 500, (about, role, site, answer.text)
                if right not in rights:
                    assert refused(answer), (about, role, site, answer.text)
                elif right != "open":
                    assert answer.status_code != 401, (about, role, site, answer.text)
                    assert not refused(answer) or beyond_rank(answer), (about, role, site, answer.text)
                if site == "b":
                    assert not leaks(answer), (about, role)
                    if "{" in path:
                        assert answer.status_code in (400, 403, 404), (about, role, answer.text)
                asked += 1
        for scope in (right, f"no-{right}") if right in SCOPES else ("read",):
            for site in "ab" if verb == "GET" or scope != right else "b":
                answer = matrix.ask(f"token:{scope}-{site}", verb, path)
                assert answer.status_code < 500, (about, scope, site, answer.text)
                if right != "open":
                    assert refused(answer) == (scope != right), (about, scope, site, answer.text)
                assert site == "a" or not leaks(answer), (about, scope)
                asked += 1
    assert everything(matrix.world) == before
    assert asked > 500


def beyond_rank(answer: httpx.Response) -> bool:
    """The right is there, but the one it is about stands higher, or the door is for commands."""
    return "your role does not reach" in answer.text


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_the_site_sees_what_the_others_do_not(matrix: Matrix) -> None:
    """Else the matrix would hold for a server that shows nothing to anybody."""
    for who in ("analyst-a", "agent-a", "admin-a", "token:read-a"):
        assert leaks(matrix.ask(who, "GET", "/visitors")), who
        assert CANARY in matrix.ask(who, "GET", "/conversations/{conv}/entries").text, who
        assert leaks(matrix.ask(who, "GET", "/visitors/{visitor}")), who


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_visitors_reach_their_own_conversation_and_no_other(matrix: Matrix) -> None:
    world, conv = matrix.world, matrix.conv
    doors: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", f"/v1/conv/{conv}/entries?after=0&wait=0", {}),
        ("POST", f"/v1/conv/{conv}/entries", {"entries": [{"cid": "x", "kind": "text", "body": "x"}]}),
        ("POST", f"/v1/conv/{conv}/read", {"seq": 1}),
        ("POST", f"/v1/conv/{conv}/survey", {"csat": 1}),
        ("POST", f"/v1/conv/{conv}/close", {}),
    ]
    callers = [("key-a", token_of("other"), 404), ("key-b", token_of(f"v{CANARY}"), 404), ("key-a", "forged", 401)]
    before = everything(world)
    for verb, path, body in doors:
        for key, token, status in callers:
            origin = {"key-b": "https://b.example"}.get(key, "https://a.example")
            headers = {"Aparte-Key": key, "Authorization": f"Bearer {token}", "Origin": origin}
            said = {"key": key, "token": token, **body} if verb == "POST" else None
            answer = httpx.request(verb, world.http + path, json=said, headers=headers)
            assert (answer.status_code, leaks(answer)) == (status, False), (path, key, answer.text)
    assert everything(world) == before
    mine = httpx.get(
        f"{world.http}/v1/conv/{conv}/entries?after=0&wait=0",
        headers={"Aparte-Key": "key-a", "Authorization": f"Bearer {token_of(f'v{CANARY}')}"},
    )
    assert CANARY in mine.text


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_coupons_are_redeemed_and_looked_at_with_the_sites_own_secret_key_and_no_other(matrix: Matrix) -> None:
    """Planted defect seen to fail here: a public key opens the door."""
    world, at = matrix.world, f"{matrix.world.http}{coupon_doors.PATH}"
    admin = matrix.signed_in("admin-a")
    before = everything(world)
    for key in ("key-a", "key-b", token_of("other"), matrix.cookies["admin-a"], "wrong", ""):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        for answer in (
            httpx.get(at, params={"code": CANARY}, headers=headers),
            httpx.post(at, json={"code": CANARY}, headers=headers),
            admin.post(at, json={"code": CANARY}, headers=headers),
        ):
            assert (answer.status_code, leaks(answer)) == (401, False), (key, answer.text)
    for key in ("secret of a", "secret of b"):
        for answer in (
            httpx.get(at, params={"code": "AAAA-AAAA-AAAA-AAAA"}, auth=(key, "")),
            httpx.post(at, json={"code": "AAAA-AAAA-AAAA-AAAA"}, auth=(key, "")),
        ):
            assert answer.status_code == 409, answer.text
    assert everything(world) == before


SAID: dict[str, dict[str, Any]] = {
    "watch": {}, "unwatch": {}, "send": {"cid": "c", "kind": "note", "body": "x", "assign_ver": 1}, "read": {"seq": 1},
    "dlv": {"seq": 1}, "typing": {"on": True}, "live": {"on": True}, "board": {"on": True}, "hello": {"v": 1},
    "pong": {},
}  # fmt: skip
ABOUT_ONE = {"watch", "send", "read", "dlv", "typing"}


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_every_frame_of_a_console_asks_for_its_right(matrix: Matrix) -> None:
    assert set(SAID) >= set(frames.AGENT.kinds), "a frame is missing from the matrix"
    before = everything(matrix.world)

    async def scene(role: str, site: str) -> None:
        client = matrix.signed_in(f"{role}-{site}")
        async with matrix.world.agent_socket(client) as ws:
            await say(ws, "hello", v=1)
            await hear(ws, "snapshot")
            for name in sorted(set(frames.AGENT.kinds) - {"hello", "pong", "unwatch"}):
                await say(ws, name, **{"conv": matrix.conv, **SAID[name]} if name in ABOUT_ONE else SAID[name])
                allowed = frames.AGENT_RIGHTS[name] in RIGHTS[role] and (site == "a" or name not in ABOUT_ONE)
                if not allowed:
                    nack = await hear(ws, "nack", "welcome", "ack", "wm")
                    assert (nack["t"], nack.get("code")) == ("nack", "forbidden"), (role, site, name, nack)
                elif name in ("watch", "live"):
                    found = await hear(ws, "nack", "welcome", "live")
                    assert found["t"] == {"watch": "welcome", "live": "live"}[name], (role, site, name)
                    assert (CANARY in str(found) or SEEN in str(found)) == (site == "a"), (role, site, name)
                    await say(ws, "unwatch", conv=matrix.conv) if name == "watch" else await say(ws, "live", on=False)
                elif name == "send":
                    assert (await hear(ws, "nack", "ack"))["code"] == "not_assigned"

    async def all_of_them() -> None:
        for role in RIGHTS:
            for site in "ab":
                await scene(role, site)
        async with matrix.world.agent_socket(None) as ws:
            assert await closed(ws) == 4001

    asyncio.run(all_of_them())
    assert everything(matrix.world) == before


def test_p16_every_frame_has_a_row_and_every_row_a_frame() -> None:
    assert frames.AGENT_RIGHTS.keys() == frames.AGENT.kinds.keys()
    assert frames.VISITOR_RIGHTS.keys() == frames.VISITOR.kinds.keys()
    assert set(frames.AGENT_RIGHTS.values()) <= ALL
    assert server_doors.SUMMARIES.keys() == server_doors.DOORS.keys()


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_an_api_with_a_route_without_a_right_is_not_built(matrix: Matrix, monkeypatch: Any) -> None:
    desk = matrix.world.doors.desk

    @get("/nobody-asked", sync_to_thread=False)
    def forgotten() -> None:
        """A route whose author forgot."""

    router = api_visitors.ROUTER
    monkeypatch.setattr(api_visitors, "ROUTER", type(router)("/api/v1", route_handlers=[forgotten]))
    with pytest.raises(ValueError, match="GET /api/v1/nobody-asked"):
        matrix.world.call(lambda: Doors(desk, static={}))
    assert without_right(matrix.world.doors.api.routes) == []
    assert len(SITES) == 2


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_p16_pages_about_people_ask_for_their_right(matrix: Matrix) -> None:
    """Who may not open a page is told so; on the page about agents whoever may not supervise reads no other name."""
    for place, right in sheets.RIGHTS.items():
        assert httpx.get(f"{matrix.world.http}/reports/{place}").status_code == 303
        for role, rights in RIGHTS.items():
            for site in "ab":
                answer = matrix.signed_in(f"{role}-{site}").get(f"{matrix.world.http}/reports/{place}?agent=camille")
                assert answer.status_code == (200 if right in rights else 403), (place, role, site)
                assert not leaks(answer), (place, role, site)
                named = place == "agents" and site == "a" and "supervise" in rights
                assert ("Camille" in answer.text) == named, (place, role, site)
