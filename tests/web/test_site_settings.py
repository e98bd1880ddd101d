"""What an administrator sets of a site, and what somebody sets of himself: through the doors of a server that runs.

Planted defects seen to fail here: the engine is not told of a change; the admin of another site changes this one; the
consoles are not told; two who change different members at once put back one another's.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from doors_world import CAMPAIGNS, World, hear, say, token_of
from msgspec.structs import replace
from test_staff_security import code_of, hired, rows

from aparte.sites.model import Look
from aparte.sites.store import SaveSite

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
BAD: list[tuple[str, Any, str, str]] = [
    ("name", "  ", "name", "empty"),
    ("name", "x" * 201, "name", "too_long"),
    ("name", "Maison\nLin", "name", "too_long"),
    ("language", "de", "language", "language"),
    ("languages", [], "languages", "language"),
    ("languages", ["fr", "en", "French"], "languages", "language"),
    ("languages", ["en"], "language", "language"),
    ("currency", "EURO", "currency", "currency"),
    ("currency", "XXX", "currency", "currency"),
    ("time_zone", "Paris", "time_zone", "time_zone"),
    ("time_zone", "../../etc/passwd", "time_zone", "time_zone"),
    ("time_zone", "Europe", "time_zone", "time_zone"),
    ("origins", ["shop.example"], "origins", "origin"),
    ("origins", ["https://shop.example/cart"], "origins", "origin"),
    ("origins", ["https://a@shop.example"], "origins", "origin"),
    ("origins", ["https://shop.example:99999"], "origins", "origin"),
    ("origins", ["javascript://x"], "origins", "origin"),
    ("origins", [f"https://s{n}.example" for n in range(51)], "origins", "too_many"),
    ("look", {"colour": "red"}, "look.colour", "colour"),
    ("look", {"colour": "#FFFDF0"}, "look.on_colour", "contrast"),
    ("look", {"radius": 33}, "look.radius", "bounds"),
    ("look", {"font": "x; } * { display: none"}, "look.font", "font"),
    ("look", {"quote_font": "url(https://x.example)"}, "look.quote_font", "font"),
    ("words", {"fr": {"laucher": "Une question ?"}}, "words.fr.laucher", "word"),
    ("words", {"de": {"launcher": "Eine Frage?"}}, "words.de", "language"),
    ("words", {"fr": {"launcher": "x" * 301}}, "words.fr.launcher", "too_long"),
    ("answer_s", 9, "answer_s", "bounds"),
    ("queue_s", 7_201, "queue_s", "bounds"),
    ("critical_s", 0, "critical_s", "bounds"),
    ("wrap_up", "required", "wrap_up", "codes"),
    ("mail_to", "Maison <a@b.example>", "mail_to", "email"),
]
SHAPES: list[tuple[str, Any]] = [
    ("answer_s", "soon"), ("answer_s", 60.5), ("button", "yes"), ("mode", "half"), ("origins", "https://a.example"),
    ("look", {"colour": 5}), ("look", {"position": "top"}), ("look", {"shadow": "2px"}), ("words", {"fr": "x"}),
    ("public_key", "mine"), ("jwt_secret", "mine"), ("id", "b"), ("query", ["q"]),
]  # fmt: skip


@pytest.fixture
def admin(world: World) -> httpx.Client:
    return hired(world, "amal", "admin")


def saved(admin: httpx.Client, **members: Any) -> dict[str, Any]:
    answer = admin.put("/api/v1/site", json=members)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def config(world: World, key: str = "key-a") -> dict[str, Any]:
    """What a shop's page is told of its widget."""
    answer = httpx.get(f"{world.http}/v1/config", params={"writeKey": key})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_an_admin_reads_all_settings_and_saves_some_which_leaves_a_row_that_names_them(
    world: World, admin: httpx.Client
) -> None:
    before = admin.get("/api/v1/site").json()
    assert (before["id"], before["name"], before["currency"], before["answer_s"]) == ("a", "Maison A", "EUR", 60)
    assert before["look"] == {
        "colour": "#5F1F45", "on_colour": "#FFFDF9", "position": "right", "radius": 18, "font": "inherit",
        "quote_font": "",
    }  # fmt: skip
    assert (before["bounds"]["answer_s"], before["typing_preview"]) == ([10, 3_600], False)
    after = saved(
        admin, name=" Maison Lin ", currency="chf", time_zone="Europe/Zurich", languages=["fr", "DE"], queue_s=90,
        origins=["https://Shop.example:443/", "https://shop.example", "http://localhost:8080"],
    )  # fmt: skip
    expected = {
        "name": "Maison Lin", "currency": "CHF", "time_zone": "Europe/Zurich", "languages": ["fr", "de"], "queue_s": 90,
        "origins": ["https://shop.example", "http://localhost:8080"],
    }  # fmt: skip
    assert after == before | expected | {"revision": after["revision"]}
    assert after["revision"] != before["revision"]
    assert admin.get("/api/v1/site").json() == after
    [row] = [one for one in world.call(lambda: world.store.audit_page("a")) if one.verb == "settings"]
    assert (row.who, row.object, row.detail) == (
        "amal", "a", "name, languages, currency, time_zone, origins, queue_s",
    )  # fmt: skip
    site = next(one for one in world.call(world.store.sites) if one.id == "a")
    assert (site.public_key, site.secret_key_hint, site.query[0]) == ("key-a", "of a", "utm_source")


def test_what_is_so_already_is_not_written_again(world: World, admin: httpx.Client) -> None:
    before = admin.get("/api/v1/site").json()
    assert saved(admin, currency="EUR", look={"radius": 18}, words={"fr": {"launcher": " "}}) == before
    assert saved(admin) == before
    assert "settings" not in [verb for _, verb, _ in rows(world)]


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_every_bad_value_is_refused_with_what_where_and_what_to_do(world: World, admin: httpx.Client) -> None:
    before = admin.get("/api/v1/site").json()
    assert admin.put("/api/v1/wrap-up-codes", json={"codes": []}).status_code == 200
    for name, value, where, code in BAD:
        answer = admin.put("/api/v1/site", json={"answer_s": 30, name: value})
        assert code_of(answer) == (400, "bad_settings"), (name, value, answer.text)
        error, faults = answer.json()["error"], answer.json()["faults"]
        assert (where, code) in [(one["where"], one["code"]) for one in faults], (name, value, faults)
        assert error["where"] == faults[0]["where"], name
        assert all(one["what"] and one["hint"] for one in (error, *faults)), (name, faults)
    for name, value in SHAPES:
        answer = admin.put("/api/v1/site", json={"answer_s": 30, name: value})
        assert code_of(answer) == (400, "bad_input"), (name, value, answer.text)
    assert admin.get("/api/v1/site").json() == before
    several = admin.put("/api/v1/site", json={"currency": "?", "time_zone": "?", "look": {"colour": "#123"}}).json()
    assert [one["where"] for one in several["faults"]] == ["currency", "time_zone", "look.colour"]


def test_what_was_wrong_before_hinders_no_other_change(world: World, admin: httpx.Client) -> None:
    """A site of an older version may have values that would be refused today."""
    site = world.call(lambda: world.doors.desk.directory.site("a"))
    world.do(world.engine.save_site(type(site)(**{**fields_of(site), "currency": "FF", "answer_s": 5})))
    world.call(world.doors.desk.sites_changed)
    assert saved(admin, queue_s=60)["currency"] == "FF"


def fields_of(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_only_an_admin_of_the_very_site_reads_and_changes_it(world: World, admin: httpx.Client) -> None:
    lead, stranger = hired(world, "lea", "manager"), hired(world, "boris", "admin", "b")
    for verb in ("GET", "PUT"):
        asked: Any = {"json": {"name": "Mine"}} if verb == "PUT" else {}
        assert code_of(lead.request(verb, "/api/v1/site", **asked)) == (403, "role")
        nobody = httpx.request(verb, f"{world.http}/api/v1/site", headers={"Aparte-Console": "1"}, **asked)
        assert nobody.status_code == 401
        assert stranger.request(verb, "/api/v1/site?site=a", **asked).json()["id"] == "b"
    assert admin.get("/api/v1/site").json()["name"] == "Maison A"
    assert stranger.get("/api/v1/site").json()["name"] == "Mine"
    foreign = {"Aparte-Console": "", "Origin": "https://elsewhere.example"}
    assert code_of(admin.put("/api/v1/site", json={"name": "x"}, headers=foreign)) == (403, "cross_site")


def test_whoever_saves_what_somebody_else_has_changed_meanwhile_is_told(world: World, admin: httpx.Client) -> None:
    read = admin.get("/api/v1/site").json()["revision"]
    other = hired(world, "omar", "admin")
    mine = saved(other, queue_s=60, revision=read)
    assert code_of(admin.put("/api/v1/site", json={"queue_s": 90, "revision": read})) == (409, "changed_meanwhile")
    assert admin.get("/api/v1/site").json() == mine
    assert saved(admin, queue_s=90, revision=mine["revision"])["queue_s"] == 90


def test_those_who_change_different_members_at_once_do_not_put_back_one_another_s(
    world: World, admin: httpx.Client
) -> None:
    world.hold()

    async def at_once() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=world.http, headers=admin.headers, cookies=admin.cookies) as client:
            asked = [
                client.put("/api/v1/site", json={"queue_s": 77}),
                client.put("/api/v1/mail", json={"to": "l@a.example"}),
                client.put("/api/v1/site/jwt-key", json={}),
                client.put("/api/v1/site", json={"name": "Lin"}),
            ]  # fmt: skip
            going = asyncio.gather(*asked)
            await asyncio.sleep(0.3)
            await asyncio.to_thread(world.release)
            return list(await going)

    answers = asyncio.run(at_once())
    assert [one.status_code for one in answers] == [200] * 4
    site = next(one for one in world.call(world.store.sites) if one.id == "a")
    assert (site.queue_s, site.mail_to, site.name) == (77, "l@a.example", "Lin")
    assert site.jwt_secret == answers[2].json()["secret"]


def test_a_shorter_time_to_answer_holds_at_once(world: World, admin: httpx.Client) -> None:
    for agent in ("camille", "alex"):
        world.available(agent)
    conv = world.conversation("v1")
    first = world.found(conv).agent
    world.says(conv, "v1", "Bonjour ?")
    world.clock_ms += 30_000
    world.do(asyncio.sleep(0.2))
    assert world.found(conv).agent == first
    saved(admin, answer_s=20)
    for _ in range(100):
        if world.found(conv).agent not in ("", first):
            break
        world.do(asyncio.sleep(0.05))
    assert {world.found(conv).agent, first} == {"camille", "alex"}


def test_a_shorter_wait_offers_the_form_at_once(world: World, admin: httpx.Client) -> None:
    world.available("camille")
    for visitor in ("v1", "v2"):
        world.conversation(visitor)
    waiting = world.conversation("v3")
    world.clock_ms += 30_000
    assert not world.call(lambda: world.engine.may_ask(waiting))
    saved(admin, queue_s=20)
    assert world.call(lambda: world.engine.may_ask(waiting))


def test_look_words_and_origins_are_what_the_next_page_is_told(world: World, admin: httpx.Client) -> None:
    before = config(world)
    saved(
        admin, look={"colour": "#0B5CAD", "on_colour": "#FFFFFF", "position": "left"}, button=False, mode="reactive",
        words={"fr": {"launcher": "Besoin d’aide ?"}, "en": {"team": "Our tailors"}}, origins=["https://a.example"],
    )  # fmt: skip
    after = config(world)
    look = before["look"] | {"colour": "#0B5CAD", "on_colour": "#FFFFFF", "position": "left"}
    words = {"fr": {"launcher": "Besoin d’aide ?"}, "en": {"team": "Our tailors"}}
    assert after == before | {"look": look, "button": False, "mode": "reactive", "words": words}
    body = {"key": "key-a", "token": token_of("v9"), "language": "fr", "consent": "full", "events": []}
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert httpx.post(f"{world.http}/v1/pulse", json=body, headers=elsewhere).status_code == 403
    saved(admin, mode="off", origins=[])
    assert code_of(httpx.post(f"{world.http}/v1/conversations", json=body)) == (403, "off")


def test_what_no_look_may_hold_leaves_no_database(world: World) -> None:
    """Planted defect seen to fail here: the look leaves as the store holds it."""
    usual = config(world)["look"]
    site = next(one for one in world.call(world.running.doors.desk.directory.sites) if one.id == "a")
    worn = Look(colour="url(//canary.invalid/b)", font="x;background:url(//canary.invalid/b)", radius=-5)

    async def written_past_the_doors() -> None:
        await world.store.submit([SaveSite(replace(site, look=worn))])
        world.running.doors.desk.sites_changed()

    world.do(written_past_the_doors())
    assert config(world)["look"] == usual


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_consoles_are_told_of_the_times_at_once_and_those_of_other_sites_of_nothing(
    world: World, admin: httpx.Client
) -> None:
    async def scene() -> None:
        bea = world.console("bea@b.example")
        async with world.agent_socket(admin) as mine, world.agent_socket(bea) as other:
            for ws in (mine, other):
                await say(ws, "hello", v=1)
            assert (await hear(mine, "snapshot"))["me"]["site"]["critical_s"] == 60
            await hear(other, "snapshot")
            await asyncio.to_thread(saved, admin, critical_s=25, name="Lin")
            site = (await hear(mine, "me"))["me"]["site"]
            assert (site["critical_s"], site["name"]) == (25, "Lin")
            await say(other, "live", on=True)
            assert (await hear(other, "me", "live"))["t"] == "live"

    asyncio.run(scene())


def test_mail_and_wrap_up_doors_go_the_same_way_and_leave_the_same_row(world: World, admin: httpx.Client) -> None:
    assert admin.put("/api/v1/mail", json={"to": "shop@a.example"}).status_code == 200
    codes = [{"id": "sold", "label": {"fr": "Vendu", "en": "Sold"}, "outcome": "sold"}]
    assert admin.put("/api/v1/wrap-up-codes", json={"codes": codes, "wrap_up": "required"}).status_code == 200
    told = [one.detail for one in world.call(lambda: world.store.audit_page("a")) if one.verb == "settings"]
    assert told == ["wrap_up", "mail_to"]
    assert {"mail_to": "shop@a.example", "wrap_up": "required"}.items() <= admin.get("/api/v1/site").json().items()


# Oneself


def test_somebody_changes_his_own_name_language_and_picture(world: World) -> None:
    camille = world.console("camille@a.example")
    before = camille.get("/api/v1/session").json()
    assert before["picture"] is None
    told = camille.put("/api/v1/me", json={"name": " Camille D. "}).json()
    assert told == before | {"name": "Camille D."}
    assert camille.put("/api/v1/me", json={"language": "en"}).json() == told | {"language": "en"}
    path = camille.put("/api/v1/me/picture", content=PNG, headers={"Content-Type": "image/png"}).json()["picture"]
    assert camille.get("/api/v1/session").json()["picture"] == path
    assert httpx.get(world.http + path).content == PNG
    assert camille.delete("/api/v1/me/picture").status_code == 204
    assert camille.get("/api/v1/session").json()["picture"] is None
    kept = [one.detail for one in world.call(lambda: world.store.audit_page("a")) if one.verb == "change_staff"]
    assert kept == ["picture", "picture", "name"]


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_nobody_gives_himself_what_is_not_his_to_give(world: World) -> None:
    camille = world.console("camille@a.example")
    before = camille.get("/api/v1/session").json()
    bodies: list[dict[str, Any]] = [
        {"name": ""}, {"name": "  "}, {"name": "a\nb"}, {"name": "x" * 201}, {"role": "admin"}, {"language": "de"},
        {"email": "x@y.example"}, {"id": "alex"}, {"left_at": 1}, {"maximum": 9},
    ]  # fmt: skip
    for body in bodies:
        assert code_of(camille.put("/api/v1/me", json=body)) == (400, "bad_input"), body
    assert camille.get("/api/v1/session").json() == before


@pytest.mark.parametrize("worlds", ["memory"], indirect=True)
def test_a_new_picture_and_name_reach_his_other_windows_and_his_visitors(world: World) -> None:
    camille = world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")

    async def scene() -> None:
        async with world.agent_socket(camille) as ws:
            await say(ws, "hello", v=1)
            await hear(ws, "snapshot")
            await asyncio.to_thread(camille.put, "/api/v1/me", json={"name": "Camille D."})
            assert (await hear(ws, "me"))["me"]["name"] == "Camille D."
            await asyncio.to_thread(
                camille.put, "/api/v1/me/picture", content=PNG, headers={"Content-Type": "image/png"}
            )
            assert (await hear(ws, "me"))["me"]["picture"].startswith("/v1/picture/")

    asyncio.run(scene())
    headers = {"Aparte-Key": "key-a", "Authorization": f"Bearer {token_of('v1')}"}
    told = httpx.get(f"{world.http}/v1/conv/{conv}/entries?after=0&wait=0", headers=headers).json()
    assert "Camille D." in json.dumps(told)


# What a campaign is called


def test_a_conversation_and_its_reason_tell_what_people_call_the_campaign(world: World) -> None:
    camille = world.console("camille@a.example")
    world.available("camille")
    offer = world.hesitates("v1")["offer"]
    conv = open_by(world, offer)
    shown = camille.get("/api/v1/conversations").json()["mine"][0]
    assert (shown["id"], shown["campaign"], shown["campaign_label"]) == (conv, "cart-hesitation", "cart-hesitation")
    text = '[[campaigns]]\nname = "cart-hesitation"\nlabel = { fr = "Panier", en = "Cart" }'
    lead = hired(world, "lea", "manager")
    file = CAMPAIGNS.replace('[[campaigns]]\nname = "cart-hesitation"', text)
    assert lead.post("/api/v1/campaigns/publish", json={"text": file}).status_code == 200
    world.says(conv, "v1", "Bonjour")  # a list is told again when something happens in it
    shown = camille.get("/api/v1/conversations").json()["mine"][0]
    assert shown["campaign_label"] == {"fr": "Panier", "en": "Cart"}
    journey = camille.get(f"/api/v1/visitors/{shown['visitor']}").json()
    assert journey["why"]["campaign_label"] == {"fr": "Panier", "en": "Cart"}
    assert "Panier/twice" in [one["detail"] for one in journey["steps"]]
    assert journey["why"]["campaign"] == "cart-hesitation"


def open_by(world: World, offer: dict[str, Any]) -> str:
    """The conversation that an accepted offer opens."""
    body = {"key": "key-a", "token": token_of("v1"), "language": "fr"}
    door = f"{world.http}/v1/offers/{offer['engagement']}"
    assert httpx.post(f"{door}/shown", json=body).status_code < 300
    answer = httpx.post(f"{door}/accept", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["conversation"]["id"])
