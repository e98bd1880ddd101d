"""Second factor, passwords, sessions, leaving, tokens, the audit log, several sites: as a browser sees them.

Planted defects seen to fail here: a code is taken twice, the last admin may go, a `watch` of somebody else's
transcript leaves no row.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx
import pyotp
import pytest
from click.testing import CliRunner
from doors_world import CAMPAIGNS, PASSWORD, World, closed, hear, say
from msgspec.structs import replace

from aparte.cli import cli
from aparte.sites.audit import first_fault
from aparte.sites.model import Staff
from aparte.sites.store import SaveStaff

NEW = "quite another one"


def hired(world: World, id: str, role: Any, site: str = "a", **more: Any) -> httpx.Client:
    """Somebody new, signed in."""

    async def work() -> None:
        known = world.doors.desk.directory.staff("bea")
        one = Staff(id=id, site=site, email=f"{id}@{site}.example", name=id, role=role, maximum=2, **more)
        await world.store.submit([SaveStaff(replace(one, password_hash=known.password_hash))])
        world.doors.desk.directory.forget()
        await world.engine.staff_changed(one)

    world.do(work())
    return world.console(f"{id}@{site}.example")


def rested(world: World) -> None:
    """Until nothing goes on that nobody waits for."""
    while world.call(lambda: len(world.doors.desk._running)):
        world.do(asyncio.sleep(0.01))


def rows(world: World, site: str = "a") -> list[tuple[str, str, str]]:
    """Who did what to what, the oldest first."""
    rested(world)
    found = world.call(lambda: world.store.audit_page(site, limit=500))
    return [(one.who, one.verb, one.object) for one in reversed(found)]


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def sign_in(world: World, email: str, **more: Any) -> httpx.Response:
    return world.console().post("/api/v1/session", json={"email": email, "password": PASSWORD} | more)


def test_the_second_factor_is_asked_for_once_it_is_confirmed_and_no_code_opens_twice(world: World) -> None:
    camille, email = world.console("camille@a.example"), "camille@a.example"
    proposed = camille.post("/api/v1/me/totp").json()
    assert proposed["uri"].startswith("otpauth://totp/")
    assert sign_in(world, email).status_code == 200  # not confirmed: asked for nowhere
    assert code_of(camille.post("/api/v1/me/totp/confirm", json={"code": "000000"})) == (400, "wrong_code")
    app = pyotp.TOTP(proposed["secret"])
    confirming = app.at(world.doors.desk.now() // 1000)
    codes = camille.post("/api/v1/me/totp/confirm", json={"code": confirming}).json()["recovery"]
    assert (len(set(codes)), camille.get("/api/v1/me/totp").json()) == (10, {"on": True, "recovery_left": 10})
    assert not any(one in str(world.call(lambda: world.store.security("camille"))) for one in codes)
    assert code_of(sign_in(world, email)) == (401, "totp_needed")
    assert code_of(sign_in(world, email, password="wrong one here")) == (401, "wrong_credentials")
    assert code_of(sign_in(world, email, code="123")) == (401, "wrong_credentials")
    assert code_of(sign_in(world, email, code=confirming)) == (401, "wrong_credentials")
    world.clock_ms += 30_000
    fresh = app.at(world.doors.desk.now() // 1000)
    assert sign_in(world, email, code=fresh).status_code == 200
    assert code_of(sign_in(world, email, code=fresh)) == (401, "wrong_credentials")
    assert sign_in(world, email, code=codes[0].upper()).status_code == 200
    assert code_of(sign_in(world, email, code=codes[0])) == (401, "wrong_credentials")
    assert code_of(camille.request("DELETE", "/api/v1/me/totp", json={"password": "x"})) == (403, "wrong_password")
    assert camille.request("DELETE", "/api/v1/me/totp", json={"password": PASSWORD}).status_code == 204
    assert sign_in(world, email).status_code == 200
    verbs = [verb for who, verb, _ in rows(world) if who == "camille"]
    assert {"sign_in", "sign_in_failed", "totp_on", "totp_off"} <= set(verbs)


def test_a_forgotten_password_is_reset_by_a_link_that_opens_once_within_half_an_hour(world: World) -> None:
    mails: list[tuple[str, str, str]] = []

    async def keep(site: str, to: str, subject: str, text: str) -> bool:
        mails.append((to, subject, text))
        return True

    world.doors.desk.send_mail = keep
    client, before = world.console(), world.console("camille@a.example")
    answers = [
        client.post("/api/v1/session/reset", json={"email": one})
        for one in ("camille@a.example", "nobody@a.example", "Camille@A.example")
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, "{}")}
    rested(world)
    assert [to for to, _, _ in mails] == ["camille@a.example"] * 2
    old, token = (text.split("#reset=")[1].split()[0] for _, _, text in mails)
    assert "evil" not in mails[1][2]
    confirm = "/api/v1/session/reset/confirm"
    assert code_of(client.post(confirm, json={"token": old, "password": NEW})) == (401, "wrong_token")
    assert code_of(client.post(confirm, json={"token": token, "password": "aaaaaaaaaaaa"})) == (400, "weak_password")
    assert client.post(confirm, json={"token": token, "password": NEW}).status_code == 204
    assert before.get("/api/v1/session").status_code == 401
    assert code_of(client.post(confirm, json={"token": token, "password": PASSWORD})) == (401, "wrong_token")
    assert sign_in(world, "camille@a.example").status_code == 401
    assert sign_in(world, "camille@a.example", password=NEW).status_code == 200
    client.post("/api/v1/session/reset", json={"email": "camille@a.example"})
    rested(world)
    late = mails[-1][2].split("#reset=")[1].split()[0]
    world.clock_ms += 31 * 60_000
    assert code_of(client.post(confirm, json={"token": late, "password": PASSWORD})) == (401, "wrong_token")


def test_changing_the_password_ends_the_other_sessions(world: World) -> None:
    here, there = world.console("camille@a.example"), world.console("camille@a.example")
    body = {"password": PASSWORD, "new": NEW}
    assert code_of(here.put("/api/v1/me/password", json=body | {"password": "wrong"})) == (403, "wrong_password")
    assert code_of(here.put("/api/v1/me/password", json=body | {"new": "short"})) == (400, "weak_password")
    assert here.put("/api/v1/me/password", json=body).status_code == 204
    assert here.get("/api/v1/session").status_code == 200
    assert there.get("/api/v1/session").status_code == 401
    assert sign_in(world, "camille@a.example", password=NEW).status_code == 200


def test_somebody_new_sets_his_password_by_an_invitation(world: World) -> None:
    lead = hired(world, "sue", "supervisor")
    made = lead.put("/api/v1/staff", json={"email": "zoe@a.example", "name": "Zoé"}).json()
    token = made["link"].split("#invite=")[1]
    world.clock_ms += 71 * 3_600_000
    lead = world.console("sue@a.example")
    confirm = {"token": token, "password": NEW}
    assert world.console().post("/api/v1/session/reset/confirm", json=confirm).status_code == 204
    zoe = sign_in(world, "zoe@a.example", password=NEW)
    assert (zoe.json()["name"], zoe.json()["role"]) == ("Zoé", "agent")
    assert lead.get("/api/v1/staff").json()[-1]["link"] is None
    admin = hired(world, "ada", "admin")
    assert code_of(lead.post("/api/v1/staff/ada/link")) == (403, "role")
    assert code_of(lead.post("/api/v1/staff/sue/link")) == (403, "role")
    assert "#reset=" in admin.post("/api/v1/staff/sue/link").json()["link"]


def test_sessions_are_seen_and_ended_and_their_sockets_close_at_once(world: World) -> None:
    lead, here, there = hired(world, "sue", "supervisor"), *(world.console("camille@a.example") for _ in range(2))
    mine = here.get("/api/v1/me/sessions").json()
    assert ([one["current"] for one in mine].count(True), len(mine)) == (1, 2)
    other = next(one for one in mine if not one["current"])
    assert other["about"].startswith("python-httpx")
    assert lead.delete(f"/api/v1/me/sessions/{other['id']}").status_code == 404

    async def scene(end: Callable[[], httpx.Response], client: httpx.Client) -> float:
        async with world.agent_socket(client) as ws:
            await say(ws, "hello", v=1)
            await hear(ws, "snapshot")
            begun = monotonic()
            answer = await asyncio.to_thread(end)
            assert answer.status_code in (200, 204), answer.text
            assert await closed(ws) == 4001
            return monotonic() - begun

    assert asyncio.run(scene(lambda: here.delete(f"/api/v1/me/sessions/{other['id']}"), there)) < 5
    assert there.get("/api/v1/session").status_code == 401
    assert asyncio.run(scene(lambda: lead.delete("/api/v1/staff/camille/sessions"), here)) < 5
    assert lead.get("/api/v1/staff/camille/sessions").json() == []
    again = world.console("camille@a.example")
    session = lead.get("/api/v1/staff/camille/sessions").json()[0]["id"]
    assert asyncio.run(scene(lambda: lead.delete(f"/api/v1/staff/camille/sessions/{session}"), again)) < 5
    again = world.console("camille@a.example")
    assert asyncio.run(scene(lambda: lead.post("/api/v1/staff/camille/leave"), again)) < 5
    assert {"end_session", "end_sessions", "leave"} <= {verb for _, verb, _ in rows(world)}


def test_who_leaves_loses_his_conversations_and_his_name_stays(world: World) -> None:
    lead, alex = hired(world, "sue", "supervisor"), "alex"
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "camille", "Bonjour")
    world.available(alex)
    left = lead.post("/api/v1/staff/camille/leave").json()
    assert left == {"tokens": [], "conversations": 1}
    assert world.found(conv).agent == alex
    assert code_of(sign_in(world, "camille@a.example")) == (401, "wrong_credentials")
    page = world.console("alex@a.example").get(f"/api/v1/conversations/{conv}/entries").json()
    assert "Camille" in [one["name"] for one in page["entries"]]
    gone = next(one for one in lead.get("/api/v1/staff").json() if one["id"] == "camille")
    assert (gone["left_at"] is not None, gone["status"]) == (True, "away")
    assert lead.post("/api/v1/staff/camille/back").status_code == 204
    assert sign_in(world, "camille@a.example").status_code == 200


def test_nobody_removes_the_last_admin_not_even_two_at_once(world: World) -> None:
    ada, abe = hired(world, "ada", "admin"), hired(world, "abe", "admin")
    answers: list[httpx.Response] = []

    async def both() -> None:
        answers.extend(await asyncio.gather(
            asyncio.to_thread(ada.post, "/api/v1/staff/abe/leave"),
            asyncio.to_thread(abe.put, "/api/v1/staff/ada", json={"role": "agent"}),
        ))  # fmt: skip

    asyncio.run(both())
    assert sorted(one.status_code for one in answers)[0] == 200
    admins = [one for one in world.call(lambda: world.store.staff("a")) if one.role == "admin" and not one.left_at]
    assert len(admins) == 1
    last = {"ada": ada, "abe": abe}[admins[0].id]
    assert code_of(last.post(f"/api/v1/staff/{admins[0].id}/leave")) == (409, "last_admin")
    assert code_of(last.put(f"/api/v1/staff/{admins[0].id}", json={"role": "agent"})) == (409, "last_admin")


def test_a_token_opens_what_it_was_made_for_and_no_more(world: World) -> None:
    ada, eve = hired(world, "ada", "admin"), hired(world, "eve", "admin", "b")
    assert code_of(ada.post("/api/v1/tokens", json={"name": "x", "scopes": ["self"]})) == (400, "bad_scope")
    made = ada.post("/api/v1/tokens", json={"name": "CRM", "scopes": ["read", "converse"]}).json()
    assert made["token"].startswith("apt_")
    assert made["token"] not in str(world.call(world.store.api_tokens)) + ada.get("/api/v1/tokens").text

    def ask(method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {made['token']}"}
        return httpx.request(method, f"{world.http}/api/v1{path}", headers=headers, **more)

    conv = world.conversation("v1")
    assert ask("GET", f"/conversations/{conv}/entries").status_code == 200
    assert ask("GET", "/leads").status_code == 200
    assert ask("GET", "/ingest").status_code == 200
    entries = {"entries": [{"cid": "1", "kind": "text", "body": "x"}], "assign_ver": 0}
    written = ask("POST", f"/conversations/{conv}/entries", json=entries)
    assert (written.status_code, written.json()["results"][0]["code"]) == (200, "not_assigned")
    assert code_of(ask("POST", f"/conversations/{conv}/take")) == (403, "no_agent")
    assert code_of(ask("PUT", "/me/status", json={"status": "away"})) == (403, "no_agent")
    assert code_of(ask("GET", "/session")) == (403, "scope")
    assert code_of(ask("GET", "/tokens")) == (403, "scope")
    assert eve.delete(f"/api/v1/tokens/{made['id']}").status_code == 404
    assert ask("GET", "/visitors").status_code == 200
    assert ada.post("/api/v1/staff/ada/leave").status_code == 409
    soon = world.doors.desk.now() + 1000
    brief = ada.post("/api/v1/tokens", json={"name": "brief", "scopes": ["read"], "expires_at": soon}).json()
    assert ada.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert code_of(ask("GET", "/visitors")) == (401, "signed_out")
    made = brief
    assert ask("GET", "/visitors").status_code == 200
    world.clock_ms += 1500
    assert ask("GET", "/visitors").status_code == 401
    with_cookie = ada.post(
        "/api/v1/tokens", json={"name": "x", "scopes": ["read"]}, headers={"Authorization": "Bearer x"}
    )
    assert with_cookie.status_code == 401  # a cookie does not help a wrong token
    assert ("ada", "token", brief["id"]) in rows(world)


def test_one_person_serves_two_sites_and_sits_at_one_desk(world: World) -> None:
    mia = hired(world, "mia", "agent", sites=("b",))
    me = mia.get("/api/v1/session").json()
    assert ([one["id"] for one in me["sites"]], me["site"]["id"]) == (["a", "b"], "a")
    conv = world.conversation("v1", agent="mia")
    assert code_of(mia.put("/api/v1/session/site", json={"site": "nowhere"})) == (404, "no_such_site")
    assert code_of(mia.put("/api/v1/session/site", json={"site": "b"})) == (409, "has_conversations")
    assert mia.post(f"/api/v1/conversations/{conv}/close", json={"assign_ver": 1}).status_code == 200
    other = world.conversation("v2", site="b")

    async def scene() -> None:
        async with world.agent_socket(mia) as ws:
            await say(ws, "hello", v=1)
            pos = (await hear(ws, "snapshot"))["pos"]
            answer = await asyncio.to_thread(mia.put, "/api/v1/session/site", json={"site": "b"})
            assert answer.json()["site"]["id"] == "b"
            assert await closed(ws) == 1012
        async with world.agent_socket(mia) as ws:
            await say(ws, "hello", v=1, epoch=world.doors.hub.epoch, pos=pos)
            snapshot = await hear(ws, "snapshot", "resumed")
            assert [one["id"] for one in snapshot["queue"]] == [other]

    asyncio.run(scene())
    assert mia.get(f"/api/v1/conversations/{conv}/entries").status_code == 404
    assert mia.put("/api/v1/me/status", json={"status": "available"}).status_code == 200
    assert mia.post(f"/api/v1/conversations/{other}/take").status_code == 200
    assert world.console("alex@a.example").post("/api/v1/conversations/next/take").status_code == 404
    assert code_of(mia.put("/api/v1/session/site", json={"site": "a"})) == (409, "has_conversations")
    lead = hired(world, "sue", "supervisor")
    assert lead.put("/api/v1/staff/camille", json={"sites": ["b"]}).status_code == 400
    boss = hired(world, "bob", "admin", sites=("b",))
    assert boss.put("/api/v1/staff/camille", json={"sites": ["b"]}).json()["sites"] == ["b"]


def test_the_log_tells_of_reads_exports_and_changes_and_only_admins_read_it(world: World) -> None:
    ada, alex = hired(world, "ada", "admin"), world.console("alex@a.example")
    conv = world.conversation("v1", agent="camille")
    world.console("camille@a.example").get(f"/api/v1/conversations/{conv}/entries")
    alex.get(f"/api/v1/conversations/{conv}/entries")

    async def watch() -> None:
        async with world.agent_socket(alex) as ws:
            await say(ws, "hello", v=1)
            await say(ws, "watch", conv=conv)
            await hear(ws, "welcome")

    asyncio.run(watch())
    alex.get("/api/v1/leads")
    ada.put("/api/v1/site/jwt-key", json={})
    ada.put("/api/v1/staff/alex", json={"role": "supervisor"})
    text = CAMPAIGNS.replace("> 50", "> 60")
    assert ada.post("/api/v1/campaigns/publish", json={"text": text, "note": "why"}).status_code == 200
    sign_in(world, "alex@a.example", password="wrong one here")
    sign_in(world, "nobody@a.example")
    told = rows(world)
    assert told.count(("alex", "read", conv)) == 2
    assert ("camille", "read", conv) not in told
    for row in [("alex", "export", "leads"), ("ada", "jwt_key", "a"), ("ada", "change_staff", "alex"),
                ("ada", "publish", "a"), ("alex", "sign_in_failed", "alex")]:  # fmt: skip
        assert row in told, row
    assert code_of(alex.get("/api/v1/audit")) == (403, "role")
    page = ada.get("/api/v1/audit", params={"verb": "read", "limit": 1}).json()
    assert (page["rows"][0]["name"], page["rows"][0]["object"], page["more"]) == ("Alex", conv, True)
    rest = ada.get("/api/v1/audit", params={"verb": "read", "before": page["rows"][0]["n"]}).json()
    assert (len(rest["rows"]), rest["more"]) == (1, False)
    assert ada.get("/api/v1/audit", params={"object": "alex", "verb": "change_staff"}).json()["rows"][0]["detail"] == (
        "agent -> supervisor"
    )
    assert not hired(world, "eve", "admin", "b").get("/api/v1/audit", params={"verb": "read"}).json()["rows"]


def test_nothing_is_shown_of_somebody_elses_transcript_while_it_cannot_be_noted(world: World) -> None:
    alex, conv = world.console("alex@a.example"), world.conversation("v1", agent="camille")
    camille = world.console("camille@a.example")
    world.fill_disk()
    assert camille.get(f"/api/v1/conversations/{conv}/entries").status_code == 200  # his own is no matter of the log
    assert alex.get(f"/api/v1/conversations/{conv}/entries").status_code == 503
    world.free_disk()
    world.call(lambda: world.engine.core.fail("a test"))  # its next write would find it within ten seconds
    while alex.get(f"/api/v1/conversations/{conv}/entries").status_code == 503:
        world.do(asyncio.sleep(0.05))


@pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)
def test_a_flipped_byte_and_a_row_cut_off_are_found(world: World) -> None:
    for _ in range(3):
        sign_in(world, "camille@a.example")
    verify = ["audit", "verify", "--data", str(world.data)]
    good = CliRunner().invoke(cli, verify)
    assert (good.exit_code, good.output) == (0, "3 rows hold\n")
    database = sqlite3.connect(world.data / "aparte.db", timeout=10)
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("UPDATE audit SET verb = 'x' WHERE n = 2")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("DELETE FROM audit WHERE n = 2")
    database.executescript("DROP TRIGGER audit_stays; DROP TRIGGER audit_is_kept;")
    rows = list(world.store.audit())
    for n, row in enumerate(rows):
        for name in ("who", "verb", "object", "detail", "site", "hash"):
            spoilt = replace(row, **{name: getattr(row, name)[:-1] + "~"})
            assert first_fault([*rows[:n], spoilt, *rows[n + 1 :]], world.store.audit_head())[1], (n, name)
    database.execute("UPDATE audit SET who = 'alexx' WHERE n = 2")
    database.commit()
    bad = CliRunner().invoke(cli, verify, standalone_mode=False)
    assert bad.output.startswith("1 rows hold; row 2 is not what was written")
    database.execute("UPDATE audit SET who = 'camille' WHERE n = 2")
    database.execute("DELETE FROM audit WHERE n = 3")
    database.commit()
    database.close()
    cut = CliRunner().invoke(cli, verify, standalone_mode=False)
    assert cut.output == "2 rows hold; the last row was number 3, and it is missing\n"


@pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)
def test_a_command_makes_a_link_beside_the_running_server(world: World) -> None:
    told = CliRunner().invoke(cli, ["staff", "reset", "camille@a.example", "--data", str(world.data)])
    assert told.exit_code == 0, told.output
    token = told.output.strip().split("#reset=")[1]
    confirm = {"token": token, "password": NEW}
    assert world.console().post("/api/v1/session/reset/confirm", json=confirm).status_code == 204
    assert ("command line", "reset_link", "camille") in rows(world)
