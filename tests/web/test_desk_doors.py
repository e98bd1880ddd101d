"""The desk at the doors: transfer, reasons, staff and teams, requests, and what is possible now."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from doors_world import World, hear, hello, say, token_of, vid
from msgspec.structs import replace

from aparte.sites.store import SaveStaff


def ask(world: World, visitor: str, cid: str, **more: Any) -> httpx.Response:
    body = {"key": "key-a", "token": token_of(visitor), "cid": cid, "language": "fr", **more}
    return httpx.post(f"{world.http}/v1/requests", json=body, timeout=20)


def test_a_conversation_is_handed_on_with_all_that_was_said_and_a_note_for_agents_only(world: World) -> None:
    world.available("alex")
    conv = world.conversation("v1", agent="")
    holder = world.found(conv).agent
    assert holder == "alex"
    world.says(conv, "v1", "Bonjour")
    alex, camille = world.console("alex@a.example"), world.console("camille@a.example")
    to = {"assign_ver": 1, "to": {"agent": "camille"}, "note": "He wants the blue one"}
    refused = alex.post(f"/api/v1/conversations/{conv}/transfer", json=to)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "agent_away")
    world.available("camille")
    not_his = camille.post(f"/api/v1/conversations/{conv}/transfer", json=to)
    assert (not_his.status_code, not_his.json()["error"]["code"]) == (409, "not_assigned")

    async def scene() -> None:
        async with world.agent_socket(camille) as inbox, world.visitor_socket() as page:
            await say(inbox, "hello", v=1, epoch=None, pos=None, tab="t")
            await hear(inbox, "snapshot")
            await hello(page, conv)
            given = await world_call(lambda: alex.post(f"/api/v1/conversations/{conv}/transfer", json=to))
            assert given.status_code == 200, given.text
            assert (given.json()["agent"]["id"], given.json()["state"], given.json()["channel"]) == (
                "camille", "open", "chat",
            )  # fmt: skip
            frame = await hear(inbox, "conv")
            assert frame["conv"]["id"] == conv
            kinds = [(await hear(page, "entry"))["kind"] for _ in range(3)]
            assert kinds == ["hidden", "leave", "join"]

    async def world_call(function: Any) -> Any:
        return await asyncio.to_thread(function)

    asyncio.run(scene())
    page = camille.get(f"/api/v1/conversations/{conv}/entries").json()["entries"]
    handed = next(one for one in page if one["kind"] == "transfer")
    assert (handed["body"], handed["name"]) == ("He wants the blue one", "Alex")
    assert [one["body"] for one in page if one["kind"] == "text"] == ["Bonjour"]
    seen = httpx.get(
        f"{world.http}/v1/conv/{conv}/entries",
        headers={"Authorization": f"Bearer {token_of('v1')}", "Aparte-Key": "key-a"},
    )
    assert "blue" not in seen.text


def test_an_agent_says_why_he_is_away(world: World) -> None:
    camille = world.console("camille@a.example")
    me = camille.put("/api/v1/me/status", json={"status": "away", "reason": "lunch"}).json()
    assert (me["status"], me["reason"], me["since"] > 0) == ("away", "lunch", True)
    assert camille.put("/api/v1/me/status", json={"status": "away", "reason": "no_answer"}).status_code == 400
    me = camille.put("/api/v1/me/status", json={"status": "available", "reason": "lunch"}).json()
    assert (me["status"], me["reason"]) == ("available", "")


@pytest.mark.covers("S1-51")
def test_staff_and_teams_are_changed_by_those_who_lead(worlds: Any) -> None:
    world = worlds()
    camille = world.console("camille@a.example")
    assert camille.put("/api/v1/teams", json={"name": "Night", "cost_per_hour": 18.5}).status_code == 403
    promote(world, "camille", "supervisor")
    team = camille.put("/api/v1/teams", json={"name": "Night", "kind": "outsourced", "cost_per_hour": 18.5}).json()
    body = {
        "skills": {"sales": 1, "support": None}, "maximum": 3, "team": team["id"],
        "shifts": [{"start": "09:00", "end": "17:00", "days": ["mon"]}],
    }  # fmt: skip
    changed = camille.put("/api/v1/staff/alex", json=body)
    assert changed.status_code == 200, changed.text
    assert (changed.json()["skills"], changed.json()["maximum"]) == ({"sales": 1, "support": None}, 3)
    assert {one["id"]: one["team"] for one in camille.get("/api/v1/staff").json()}["alex"] == team["id"]
    assert camille.put("/api/v1/staff/alex", json={"role": "admin"}).status_code == 403
    assert camille.put("/api/v1/staff/bea", json={"maximum": 9}).status_code == 404
    assert camille.put("/api/v1/staff/alex", json={"team": "nobody"}).status_code == 400
    bad = {"shifts": [{"start": "9", "end": "17:00", "days": ["mon"]}]}
    assert camille.put("/api/v1/staff/alex", json=bad).status_code == 400
    new = camille.put("/api/v1/staff", json={"email": "Lou@a.example", "name": "Lou"}).json()
    assert (new["email"], new["load"], new["status"]) == ("lou@a.example", 0, "away")
    again = camille.put("/api/v1/staff", json={"email": "lou@a.example"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "email_taken")
    hours = camille.get("/api/v1/hours?since=2026-03-23&until=2026-03-29").json()
    row = next(one for one in hours["staff"] if one["id"] == "alex")
    assert (row["paid_h"], row["cost"]) == (8.0, 148.0)
    assert next(one for one in hours["teams"] if one["id"] == team["id"])["cost"] == 148.0


def promote(world: World, staff: str, role: str) -> None:
    found = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == staff)

    async def save() -> None:
        await world.store.submit([SaveStaff(replace(found, role=role))])
        world.doors.desk.directory.forget()

    world.do(save())


@pytest.mark.covers("S1-100")
def test_a_visitor_leaves_a_request_when_nobody_is_there_and_an_agent_deals_with_it(world: World) -> None:
    config = httpx.get(f"{world.http}/v1/config?key=key-a").json()
    assert config["help"] == "form"
    conv = world.conversation("v1")
    assert world.call(lambda: world.engine.may_ask(conv))
    left = ask(world, "v1", "c1", kind="callback", phone="+33 (0)6 12 34 56 78", name="Zoé\nM.", wanted="demain")
    assert left.status_code == 200, left.text
    assert ask(world, "v1", "c1", kind="callback", phone="0033612345678", name="Zoé M.").json() == left.json()
    other = ask(world, "v1", "c1", kind="callback", phone="+33699999999")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "cid_conflict")
    assert world.found(conv).state == "closed"  # he waits no more
    camille = world.console("camille@a.example")
    [one] = camille.get("/api/v1/requests").json()
    assert (one["phone"], one["name"], one["conv"], one["visitor"]) == ("+33612345678", "Zoé M.", conv, vid("v1"))
    done = camille.post(f"/api/v1/requests/{one['id']}/done", json={"note": "called"}).json()
    assert (done["done_by"], done["note"]) == ("Camille", "called")
    assert camille.get("/api/v1/requests").json() == []
    assert [it["id"] for it in camille.get("/api/v1/requests?state=done").json()] == [one["id"]]
    assert world.console("bea@b.example").get("/api/v1/requests?state=done").json() == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "callback", "phone": "call me"}, "bad_phone"),
        ({"kind": "callback", "phone": "12345"}, "bad_phone"),
        ({"kind": "message", "email": "a@b", "body": "hi"}, "bad_email"),
        ({"kind": "message", "email": "a@b.example", "body": " "}, "empty"),
        ({"kind": "message", "email": "a@b.example", "body": "x\u202ey"}, "bad_text"),
        ({"kind": "fax"}, "bad_body"),
    ],
)
def test_what_cannot_be_answered_is_not_taken(world: World, said: dict[str, str], code: str) -> None:
    answer = ask(world, "v1", "c1", **said)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_what_is_possible_now_follows_the_agents(world: World) -> None:
    world.available("camille")
    assert httpx.get(f"{world.http}/v1/config?key=key-a").json()["help"] == "chat"
    for number in range(2):
        world.conversation(f"v{number}")
    assert httpx.get(f"{world.http}/v1/config?key=key-a").json()["help"] == "queue"
    assert world.pulse("v5")["help"] == "queue"
