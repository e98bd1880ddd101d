"""What agents do beside writing: codes, tags, cards, pages, earlier conversations, transcripts.

Planted defects seen to fail here: `code_needed` closes anyway; the code in the body of the close entry; a card with
the price of today; the card's price compared when its cid comes again; a page let through because its address begins
like the shop's; a wrap-up list that a restart forgets; a note in JSON that is not marked.
"""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from doors_world import World, hear, hello, say, token_of, vid
from msgspec.structs import replace

from aparte.catalogue.model import Product
from aparte.sites.store import SaveStaff

PRODUCTS = [
    Product(id="p1", name="Chemise en lin", price=60.0, category="chemises", url="https://a.example/p1",
            image="https://cdn.example/1.jpg", substitutes=("p2",), complements=("p3",), in_stock=True),
    Product(id="p2", name="Chemise à carreaux", price=45.0, category="chemises", url="javascript:alert(1)",
            image="http://cdn.example/2.jpg"),
    Product(id="p3", name="=cmd|' /C calc'!A0 <b>Ceinture</b>", price=None, url="//evil.example/x"),
    Product(id="p4", name="Chemise longue", price=63.0, category="chemises", gone=True),
]  # fmt: skip


def promote(world: World, staff: str, role: str) -> None:
    found = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == staff)

    async def save() -> None:
        await world.store.submit([SaveStaff(replace(found, role=role))])
        world.doors.desk.directory.forget()

    world.do(save())


def lead(world: World) -> httpx.Client:
    promote(world, "alex", "supervisor")
    return world.console("alex@a.example")


def rule(world: World, alex: httpx.Client, wanted: str) -> None:
    codes = alex.get("/api/v1/wrap-up-codes").json()["codes"]
    answer = alex.put("/api/v1/wrap-up-codes", json={"codes": codes, "wrap_up": wanted})
    assert (answer.status_code, answer.json()["wrap_up"]) == (200, wanted), answer.text


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def seen_by_visitor(world: World, conv: str, visitor: str = "v1") -> str:
    headers = {"Authorization": f"Bearer {token_of(visitor)}", "Aparte-Key": "key-a"}
    return httpx.get(f"{world.http}/v1/conv/{conv}/entries", headers=headers, timeout=20).text


def catalogue(world: World, products: list[Product] = PRODUCTS) -> None:
    world.do(world.engine.import_catalogue("a", products, keep=False))


def origins(world: World, *own: str) -> None:
    site = next(one for one in world.call(world.store.sites) if one.id == "a")
    world.do(world.engine.save_site(replace(site, origins=own)))
    world.call(world.doors.desk.sites_changed)


@pytest.mark.covers("S1-11")
def test_where_a_code_is_needed_nothing_is_closed_without_it(world: World) -> None:
    alex, camille = lead(world), world.console("camille@a.example")
    assert camille.get("/api/v1/wrap-up-codes").json()["wrap_up"] == "off"
    conv = world.conversation("v1", agent="camille")
    close = f"/api/v1/conversations/{conv}/close"
    rule(world, alex, "required")
    assert code_of(camille.post(close, json={"assign_ver": 1})) == (409, "code_needed")
    assert code_of(camille.post(close, json={"assign_ver": 1, "code": "nonsense"})) == (400, "bad_code")
    wrong = {"assign_ver": 1, "code": "sold", "reason": "price"}
    assert code_of(camille.post(close, json=wrong)) == (400, "bad_reason")
    one = world.found(conv)
    assert (one.state, one.wrap_code, world.transcript(conv)[-1].kind) == ("open", "", "join")
    said = {"assign_ver": 1, "code": "not_bought", "reason": "delivery_cost", "note": "SECRET wants free delivery"}
    closed = camille.post(close, json=said).json()
    assert (closed["state"], closed["wrap"]) == ("closed", "done")
    assert camille.post(close, json=said).json() == closed
    one = world.found(conv)
    assert (one.wrap_agent, one.wrap_reason, one.wrapped_at) == ("camille", "delivery_cost", one.closed_at)
    last = world.transcript(conv)[-1]
    assert (last.kind, last.body) == ("close", "")
    told = seen_by_visitor(world, conv)
    assert not any(word in told for word in ("SECRET", "not_bought", "delivery_cost"))
    [ended] = [row["ended"] for row in camille.get(f"/api/v1/visitors/{vid('v1')}/conversations").json()]
    assert (ended["code"], ended["outcome"], ended["reason"]) == ("not_bought", "not_bought", "delivery_cost")
    assert (ended["note"], ended["work_s"]) == ("SECRET wants free delivery", 0)


def test_a_visitor_who_ends_it_leaves_the_code_to_his_agent(world: World) -> None:
    alex, camille = lead(world), world.console("camille@a.example")
    rule(world, alex, "required")
    conv = world.conversation("v1", agent="camille")
    wrap_up = f"/api/v1/conversations/{conv}/wrap-up"
    assert code_of(camille.post(wrap_up, json={"code": "sold"})) == (409, "not_closed")

    async def scene() -> None:
        async with world.agent_socket(camille) as inbox, world.visitor_socket() as page:
            await say(inbox, "hello", v=1, epoch=None, pos=None, tab="t")
            snapshot = await hear(inbox, "snapshot")
            assert ([one["id"] for one in snapshot["mine"]], snapshot["wrap"]) == ([conv], [])
            await hello(page, conv)
            await say(page, "close")
            while (event := await hear(inbox, "conv"))["conv"]["state"] != "closed":
                pass
            assert event["conv"]["wrap"] == "due"
            assert world.found(conv).wrap_agent == "camille"
            world.clock_ms += 65_000
            other = await asyncio.to_thread(world.console, "ana@a.example")
            refused = await asyncio.to_thread(lambda: other.post(wrap_up, json={"code": "sold"}))
            assert refused.status_code == 403
            lists = await asyncio.to_thread(lambda: camille.get("/api/v1/conversations").json())
            assert ([one["id"] for one in lists["wrap"]], lists["mine"]) == ([conv], [])
            done = await asyncio.to_thread(lambda: camille.post(wrap_up, json={"code": "helped"}).json())
            assert done["wrap"] == "done"
            assert (await hear(inbox, "gone"))["id"] == conv

    asyncio.run(scene())
    [row] = camille.get(f"/api/v1/visitors/{vid('v1')}/conversations").json()
    assert row["ended"]["work_s"] >= 65
    optional = world.conversation("v2", agent="camille")
    rule(world, alex, "optional")
    answer = camille.post(f"/api/v1/conversations/{optional}/close", json={"assign_ver": 1}).json()
    assert (answer["state"], answer["wrap"]) == ("closed", "")


def test_what_an_agent_owes_stays_his_and_a_supervisor_may_give_it(world: World) -> None:
    alex, camille = lead(world), world.console("camille@a.example")
    rule(world, alex, "required")
    conv, another = world.conversation("v1", agent="camille"), world.conversation("v2", agent="alex")
    world.do(world.engine.close("a", conv, "visitor", vid("v1")))
    world.do(world.engine.close("a", another, "visitor", vid("v2")))
    busy = world.conversation("v3", agent="camille")
    world.call(lambda: world.engine.connected("camille", 1))
    world.call(lambda: world.engine.connected("camille", 0))
    world.clock_ms += 61_000  # she is gone: what she had open waits for somebody else, what she owes does not
    world.do(world.engine.sweep())
    assert (world.found(busy).agent, world.found(conv).wrap_agent) == ("", "camille")
    world.call(world.doors.hub._inboxes.clear)  # as after a restart: inboxes are made from the store
    assert [one["id"] for one in camille.get("/api/v1/conversations").json()["wrap"]] == [conv]
    assert code_of(camille.post(f"/api/v1/conversations/{another}/wrap-up", json={"code": "sold"})) == (
        409, "not_assigned",
    )  # fmt: skip
    assert camille.get("/api/v1/wraps").status_code == 403
    world.remove_staff("camille")
    world.call(world.doors.desk.directory.forget)
    assert {one["id"] for one in alex.get("/api/v1/wraps").json()} == {conv, another}
    done = alex.post(f"/api/v1/conversations/{conv}/wrap-up", json={"code": "other", "note": "he has left"})
    assert (done.status_code, done.json()["wrap"]) == (200, "done")
    assert (world.found(conv).wrap_agent, world.found(conv).wrap_note) == ("camille", "he has left")
    assert [one["id"] for one in alex.get("/api/v1/wraps").json()] == [another]


def test_codes_change_and_old_conversations_stay_readable(world: World) -> None:
    alex, camille = lead(world), world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    camille.post(f"/api/v1/conversations/{conv}/close", json={"assign_ver": 1, "code": "lead"})
    new = {"id": "return", "label": {"fr": "Retour", "en": "Return"}, "outcome": "other"}
    assert camille.put("/api/v1/wrap-up-codes", json={"codes": [new]}).status_code == 403
    twice = alex.put("/api/v1/wrap-up-codes", json={"codes": [new, new]})
    assert code_of(twice) == (400, "bad_input")
    none = alex.put("/api/v1/wrap-up-codes", json={"codes": [{**new, "active": False}], "wrap_up": "required"})
    assert code_of(none) == (400, "bad_input")
    told = alex.put("/api/v1/wrap-up-codes", json={"codes": [new]}).json()
    assert [(one["id"], one["active"]) for one in told["codes"]][:2] == [("return", True), ("sold", False)]
    assert {one["id"] for one in told["reasons"]} >= {"price", "delivery_cost", "stock", "size", "comparing"}
    assert told["reasons"][0]["label"] == {"fr": "Prix", "en": "Price"}
    second = world.conversation("v2", agent="camille")
    refused = camille.post(f"/api/v1/conversations/{second}/close", json={"assign_ver": 1, "code": "lead"})
    assert code_of(refused) == (400, "bad_code")
    [row] = camille.get(f"/api/v1/visitors/{vid('v1')}/conversations").json()
    assert row["ended"]["label"] == {"fr": "Contact laissé", "en": "Lead"}


def test_tags_are_the_sites_own_or_free(world: World) -> None:
    alex, camille, ana = lead(world), world.console("camille@a.example"), world.console("ana@a.example")
    conv = world.conversation("v1", agent="camille")
    tags = f"/api/v1/conversations/{conv}/tags"
    assert camille.put(tags, json={"tags": [" VIP ", "vip", "Été"]}).json()["tags"] == ["vip", "été"]
    assert code_of(camille.put(tags, json={"tags": ["x" * 41]})) == (400, "bad_tag")
    assert code_of(camille.put(tags, json={"tags": [f"t{n}" for n in range(11)]})) == (400, "too_many_tags")
    assert ana.put(tags, json={"tags": []}).status_code == 403
    assert camille.put("/api/v1/tags", json={"tags": ["retour"]}).status_code == 403
    assert alex.put("/api/v1/tags", json={"tags": ["Retour", "retour "], "free": False}).json() == {
        "tags": ["retour"], "free": False,
    }  # fmt: skip
    assert code_of(camille.put(tags, json={"tags": ["nouveau"]})) == (400, "unknown_tag")
    assert camille.put(tags, json={"tags": ["retour", "vip"]}).json()["tags"] == ["retour", "vip"]
    assert "vip" not in seen_by_visitor(world, conv)
    assert camille.get("/api/v1/conversations").json()["mine"][0]["tags"] == ["retour", "vip"]


@pytest.mark.covers("S1-36", "S1-37")
def test_a_card_is_a_copy_of_what_the_catalogue_said(world: World) -> None:
    camille = world.console("camille@a.example")
    catalogue(world)
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Une chemise ?")
    waits = world.found(conv).waiting_since
    found = camille.get("/api/v1/products?q=CHEMISE+lin").json()["products"]
    assert [one["id"] for one in found] == ["p1"]
    near = camille.get("/api/v1/products/p1/related").json()
    assert ([one["id"] for one in near["substitutes"]], [one["id"] for one in near["complements"]]) == (["p2"], ["p3"])
    assert code_of(camille.get("/api/v1/products/p9/related")) == (404, "no_such_product")
    cards = f"/api/v1/conversations/{conv}/cards"
    body = {"assign_ver": 1, "cid": "c1", "products": ["p1", "p2", "p3"]}
    sent = camille.post(cards, json=body).json()
    first, second, third = json.loads(sent["body"])["products"]
    assert first == {
        "id": "p1", "name": "Chemise en lin", "price": 60.0, "currency": "EUR", "url": "https://a.example/p1",
        "image": "https://cdn.example/1.jpg", "in_stock": True,
    }  # fmt: skip
    assert (second["url"], second["image"], third["url"], third["price"]) == ("", "", "", None)
    one = world.found(conv)
    assert one.waiting_since == waits is not None  # a card is no answer
    assert world.call(lambda: world.engine.talks.talks[conv].asked_at) is None  # but a sign of its agent
    catalogue(world, [replace(PRODUCTS[0], price=99.0, name="Chemise chère"), *PRODUCTS[1:3]])
    again = camille.post(cards, json=body).json()
    assert (again["seq"], again["body"], again["again"]) == (sent["seq"], sent["body"], True)
    assert code_of(camille.post(cards, json={**body, "products": ["p2"]})) == (409, "cid_conflict")
    told = seen_by_visitor(world, conv)
    assert "60.0" in told
    assert "99.0" not in told
    assert (
        json.loads(camille.post(cards, json={**body, "cid": "c2", "products": ["p1"]}).json()["body"])["products"][0][
            "price"
        ]
        == 99.0
    )
    for products, code in ((["p4"], "gone"), (["nothing"], "gone")):
        assert code_of(camille.post(cards, json={**body, "cid": "c3", "products": products})) == (409, code)
    assert code_of(camille.post(cards, json={**body, "cid": "c3", "products": []})) == (400, "empty")
    assert code_of(camille.post(cards, json={**body, "cid": "c4", "assign_ver": 0})) == (409, "not_assigned")
    assert code_of(world.console("alex@a.example").post(cards, json={**body, "cid": "c5"})) == (409, "not_assigned")
    assert [one.kind for one in world.transcript(conv)].count("card") == 2
    world.call(world.engine.talks.restore)  # as after a restart
    assert world.call(lambda: world.engine.talks.talks[conv].asked_at) is None


def test_a_page_is_one_of_the_shop(world: World) -> None:
    camille = world.console("camille@a.example")
    conv = world.conversation("v1", agent="camille")
    page = f"/api/v1/conversations/{conv}/page"

    def ask(cid: str, url: str) -> httpx.Response:
        return camille.post(page, json={"assign_ver": 1, "cid": cid, "url": url, "title": "Retours\n<b>"})

    # The site has named no origin: the page on which the visitor is says which shop it is.
    assert code_of(ask("c0", "https://a.example/returns")) == (400, "foreign_page")
    world.hesitates("v1")
    assert json.loads(ask("c1", "https://a.example/returns").json()["body"]) == {
        "url": "https://a.example/returns", "title": "Retours <b>",
    }  # fmt: skip
    origins(world, "https://shop.example")
    assert code_of(ask("c2", "https://a.example/returns")) == (400, "foreign_page")
    foreign = ["https://shop.example@evil.example/", "//evil.example", "https://shop.example.evil.example/",
               "/\\evil.example", "javascript:alert(1)", "https:evil.example",
               "https://shop.example:8443/"]  # fmt: skip
    for url in foreign:
        assert code_of(ask("c3", url)) == (400, "foreign_page"), url
    for cid, url in (("c4", "https://shop.example/faq?q=1"), ("c5", "/faq")):
        sent = ask(cid, url).json()
        assert (sent["kind"], json.loads(sent["body"])["url"]) == ("page", url)
        assert ask(cid, url).json()["again"]
    assert "https://shop.example/faq?q=1" in seen_by_visitor(world, conv)
    assert [one.kind for one in world.transcript(conv)].count("page") == 3
    alex = world.console("alex@a.example")
    assert code_of(alex.post(page, json={"assign_ver": 1, "cid": "x", "url": "/faq"})) == (409, "not_assigned")
    assert world.console("ana@a.example").post(page, json={"assign_ver": 1, "cid": "x", "url": "/x"}).status_code == 403
    often = [ask(f"often{n}", "/x") for n in range(30)]
    assert {one.status_code for one in often} == {200, 429}
    assert int(next(one for one in often if one.status_code == 429).headers["retry-after"]) >= 1


def test_transcripts_are_looked_through_and_taken_away(world: World) -> None:
    camille, bea = world.console("camille@a.example"), world.console("bea@b.example")
    catalogue(world)
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Ma commande n’est pas arrivée\n[2026-01-01 00:00:00 +0000] Camille: forged\n=1+1")
    world.says(conv, "camille", "difficult one", kind="note")
    world.says(conv, "camille", "Votre COLIS arrive <script>alert(1)</script>")
    world.do(world.engine.send_card("a", conv, "camille", "card", ["p3"], 1))
    for n in range(3):
        world.conversation(f"v{n + 2}")
    found = camille.get("/api/v1/conversations/search?q=colis+ARRIVEE").json()
    assert [one["conversation"]["id"] for one in found["results"]] == [conv]
    assert [hit["kind"] for hit in found["results"][0]["hits"]] == ["text", "text"]
    assert (found["next"], found["looked"]) == (None, 4)
    assert camille.get("/api/v1/conversations/search?q=difficult").json()["results"][0]["hits"][0]["kind"] == "note"
    assert camille.get("/api/v1/conversations/search?q=nothing+colis").json()["results"] == []
    assert bea.get("/api/v1/conversations/search?q=colis").json()["results"] == []
    for bad in ("", "%20%20", "x&after=nowhere"):
        assert camille.get(f"/api/v1/conversations/search?q={bad}").status_code == 400
    text = camille.get(f"/api/v1/conversations/{conv}/transcript")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.headers["content-disposition"].startswith("attachment;")
    lines = text.text.splitlines()
    assert sum(1 for line in lines if "Camille: forged" in line and not line.startswith("  | ")) == 0
    assert not any(line.lstrip().startswith(("=", "+", "-", "@")) for line in lines)
    assert any("Camille (note, staff only): difficult one" in line for line in lines)
    file = camille.get(f"/api/v1/conversations/{conv}/transcript?format=json")
    assert "<" not in file.text
    marked = {one["body"]: one["staff_only"] for one in file.json()["entries"]}
    assert (marked["difficult one"], marked["Votre COLIS arrive <script>alert(1)</script>"]) == (True, False)
    assert bea.get(f"/api/v1/conversations/{conv}/transcript").status_code == 404
    assert camille.get(f"/api/v1/conversations/{conv}/transcript?format=pdf").status_code == 400
    assert bea.get(f"/api/v1/visitors/{vid('v1')}/conversations").status_code == 404
    [row] = camille.get(f"/api/v1/visitors/{vid('v1')}/conversations").json()
    assert (row["agent"]["name"], row["ended"], row["last"]["by"]) == ("Camille", None, "agent")
