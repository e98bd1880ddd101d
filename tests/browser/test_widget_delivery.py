"""The client's rules of delivery, one by one; see also test_chat.py for lost acknowledgements and holes."""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect
from shop_page import Open, until
from widget_scene import LOG, Shop, said, server, talking, write

__all__ = ["server"]

STATE = "aparte-widget .state"
IMPATIENT = """<script>
const slow = setTimeout; window.setTimeout = (f, ms, ...a) => slow(f, ms == 1e4 ? 1e3 : ms, ...a)
</script>"""
"""The ten seconds in which an answer must come are one."""


def kept(page: Page) -> list[str]:
    return [one["body"] for one in json.loads(page.evaluate("sessionStorage['aparte-outbox'] || '[]'"))]


def test_c1_words_are_kept_before_they_are_sent_and_go_at_the_acknowledgement(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    page.evaluate(
        "const send = WebSocket.prototype.send; window.order = []; WebSocket.prototype.send = function (frame) {"
        "order.push(sessionStorage['aparte-outbox'] || ''); send.call(this, frame) }; 0"
    )
    write(page, "un")
    until(page, server.sent)
    assert any("un" in one for one in page.evaluate("order"))
    assert kept(page) == ["un"]
    server.deaf = False
    server.cut()
    until(page, lambda: kept(page) == [])
    assert said(server) == ["un"]


def test_c1_an_open_socket_that_acknowledges_nothing_is_left_after_ten_seconds(server: Shop, shop: Open) -> None:
    page = talking(server, shop, before=IMPATIENT)
    expect(page.locator(LOG)).to_contain_text("taille")  # the line is up
    server.deaf = True
    opened = server.sockets_opened
    write(page, "un")
    until(page, server.sent)
    until(page, lambda: server.sockets_opened > opened)
    write(page, "deux")
    server.deaf = False
    until(page, lambda: said(server) == ["un", "deux"])
    assert len({one["cid"] for one in server.sent()}) == 2


def test_c2_a_hole_is_asked_for_again_and_nothing_is_shown_twice(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    assert server.conversation
    first = server.conversation.write("agent", "text", "un")
    server.say("deux")
    expect(page.locator(f"{LOG} .bubble")).to_have_count(3)
    server.tell({"t": "entry", **first})
    server.say("trois")
    expect(page.locator(f"{LOG} .bubble").last).to_contain_text("trois")
    assert [text.split(" : ")[1] for text in page.locator(f"{LOG} .bubble").all_text_contents()][1:] == [
        "un",
        "deux",
        "trois",
    ]


def test_c3_a_message_fails_after_two_minutes_and_goes_again_under_its_number(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    write(page, "Bonjour")
    expect(page.locator(STATE)).to_have_text("Envoi…")
    page.evaluate("const now = Date.now; Date.now = () => now() + 121_000; dispatchEvent(new Event('online'))")
    expect(page.locator(STATE)).to_contain_text("Non envoyé")
    expect(page.get_by_role("button", name="Copier")).to_be_visible()
    number = server.sent()[0]["cid"]
    server.deaf = False
    page.get_by_role("button", name="Réessayer").click()
    until(page, lambda: said(server) == ["Bonjour"])
    assert {one["cid"] for one in server.sent()} == {number}


def test_c4_tries_are_spread_and_a_refusal_for_good_is_final(server: Shop, shop: Open) -> None:
    page = talking(
        server,
        shop,
        before="<script>const slow = setTimeout; window.waits = []; window.setTimeout = (f, ms, ...a) => "
        "{ waits.push(ms); return slow(f, ms / 50, ...a) }; Math.random = () => 1</script>",
    )
    server.tell({"t": "drain", "within_ms": 4321})
    until(page, lambda: 4321 in page.evaluate("waits"))
    page.wait_for_timeout(300)
    page.evaluate("waits.length = 0")
    server.sockets_allowed = False
    page.route("**/v1/conv/**", lambda route: route.abort())
    server.cut()
    until(page, lambda: 30_000 in page.evaluate("waits"), 25)
    waits = [ms for ms in page.evaluate("waits") if ms in (1000, 2000, 4000, 8000, 16_000, 30_000)]
    assert sorted(set(waits)) == [1000, 2000, 4000, 8000, 16_000, 30_000]
    assert (
        page.get_by_role("status").first.text_content()
        == "Hors connexion. Vos messages partiront au retour du réseau. "
    )
    page.unroute("**/v1/conv/**")
    page.route("**/v1/conv/**", lambda route: route.fulfill(status=403, body="{}"))
    expect(page.get_by_role("status").first).to_contain_text("Cette conversation n’est plus accessible.")


def test_c5_what_a_beacon_cannot_carry_stays_and_goes_later(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    page.evaluate(
        "window.sizes = [];"
        " navigator.sendBeacon = (url, body) => (/conv/.test(url) && sizes.push(body.length), false); 0"
    )
    long = "é" * 3900
    for number in range(12):
        write(page, f"{number} {long}")
    until(page, lambda: len(kept(page)) == 12)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    [size] = page.evaluate("sizes")
    assert 20_000 < size < 65_536
    server.deaf = False
    page.reload()
    until(page, lambda: len(said(server)) == 12)
    assert [int(one.split(" ")[0]) for one in said(server)] == list(range(12))


def test_c6_much_that_waited_goes_in_several_calls_where_sockets_are_blocked(server: Shop, shop: Open) -> None:
    server.sockets_allowed = False
    page = talking(server, shop)
    for number in range(12):
        write(page, f"{number} " + "é" * 3900)
    until(page, lambda: len(said(server)) == 12, 30)
    assert [int(one.split(" ")[0]) for one in said(server)] == list(range(12))
    posts = [one for one in server.calls("/v1/conv/c1/entries") if one.method == "POST"]
    assert max(len(one.text.encode()) for one in posts) < 65_536


def test_c6_where_sockets_are_blocked_no_call_overtakes_the_one_before(server: Shop, shop: Open) -> None:
    server.sockets_allowed = False
    page = talking(server, shop)
    write(page, "un")
    until(page, lambda: said(server) == ["un"], 30)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/conv/*/entries", hold)
    for text in ("deux", "trois", "quatre"):
        write(page, text)
        until(page, lambda: held)

    def arrived() -> bool:
        while held:
            held.pop().continue_()  # the youngest first
        return len(said(server)) == 4

    until(page, arrived)
    assert said(server) == ["un", "deux", "trois", "quatre"]


def test_c6_a_call_that_nobody_answers_is_made_again_and_holds_up_nothing(server: Shop, shop: Open) -> None:
    server.sockets_allowed = False
    page = talking(server, shop, before=IMPATIENT)
    write(page, "un")
    until(page, lambda: said(server) == ["un"])
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/v1/conv/*/entries", hold, times=1)
    write(page, "deux")
    until(page, lambda: held)
    write(page, "trois")
    until(page, lambda: said(server) == ["un", "deux", "trois"])
    until(page, lambda: kept(page) == [])
    held.pop().abort()
    assert said(server) == ["un", "deux", "trois"]


def test_c8_no_text_is_ever_markup(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    nasty = (
        "<img src=x onerror=hit=1><script>hit=1</script>\u202e{{1}} <a href='javascript:hit=1'>x</a> javascript:hit=1"
    )
    server.stands(agent={"name": nasty})
    server.say(nasty)
    server.say(nasty, by="system", kind="join")
    expect(page.locator(f"{LOG} .bubble").last).to_contain_text("<img src=x")
    inside = "document.querySelector('aparte-widget').shadowRoot"
    assert page.evaluate(f"{inside}.querySelectorAll('img, script, .log a').length") == 0
    assert page.evaluate("window.hit") is None
