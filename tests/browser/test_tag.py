"""What the tag tells of a visit: each thing once, nothing that was written, and never through a socket."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect
from shop_page import Open, until
from wire_server import WireServer

HIDDEN = """Object.defineProperty(document, 'hidden', {value: %s, configurable: true});
document.dispatchEvent(new Event('visibilitychange'))"""


def test_a_page_view_is_counted_once_and_only_allowed_members_of_its_address_are_kept(
    server: WireServer, shop: Open
) -> None:
    server.pages["/cart"] = ("", {})
    page = shop(
        before="<script>window.aparte=[['page',{category:'cart'}],['track','Cart Viewed',{value:104.7}]]</script>"
    )
    until(page, lambda: server.events("Cart Viewed"))
    page.goto(page.url + "?utm_source=news&utm_campaign=noel&email=lea%40exemple.fr#token=secret")
    until(page, lambda: len(server.events("page")) == 2)
    event = server.events("page")[1]
    assert event["context"]["page"]["url"].endswith("/cart?utm_source=news&utm_campaign=noel")
    assert event["context"]["campaign"] == {"source": "news", "name": "noel"}
    assert event["context"]["page"]["title"] == "Panier"
    assert event["context"]["device"] == {"type": "desktop"}
    assert event["properties"] == {"category": "cart"}
    until(page, lambda: len(server.events("Cart Viewed")) == 2)
    assert "exemple" not in json.dumps(server.pulses())
    assert "secret" not in json.dumps(server.pulses())


def test_a_shop_that_changes_its_pages_itself_is_counted_page_by_page(server: WireServer, shop: Open) -> None:
    page = shop()
    until(page, lambda: server.events("page"))
    for step in (
        "history.pushState({},'','/shirts')",
        "history.replaceState({},'','/shirts#size')",
        "history.pushState({},'','/shirts/oxford')",
    ):
        page.evaluate(step)
        page.wait_for_timeout(150)
    page.evaluate("aparte.page({name: 'Oxford'})")
    page.evaluate("history.back()")
    until(page, lambda: len(server.events("page")) == 4)
    page.wait_for_timeout(500)
    paths = [event["context"]["page"]["path"] for event in server.events("page")]
    assert paths == ["/cart", "/shirts", "/shirts/oxford", "/shirts"]
    assert server.events("page")[2]["context"]["page"]["referrer"].endswith("/shirts")
    assert server.events("Page Left")[0]["context"]["page"]["path"] == "/cart"


def test_without_the_navigation_api_the_same_pages_are_counted(server: WireServer, shop: Open) -> None:
    page = shop(before="<script>Object.defineProperty(window,'navigation',{value:undefined})</script>")
    until(page, lambda: server.events("page"))
    page.evaluate("history.pushState({},'','/shirts')")
    until(page, lambda: len(server.events("page")) == 2)
    page.evaluate("history.back()")
    until(page, lambda: len(server.events("page")) == 3)
    paths = [event["context"]["page"]["path"] for event in server.events("page")]
    assert paths == ["/cart", "/shirts", "/cart"]


def test_forms_tell_the_names_of_their_fields_and_never_a_value(server: WireServer, shop: Open) -> None:
    page = shop()
    until(page, lambda: server.events("page"))
    page.get_by_role("textbox", name="Carte").fill("4242 4242 4242 4242")
    page.get_by_role("button", name="Commander").click()
    until(page, lambda: server.events("Form Field Error"))
    page.goto("about:blank")
    until(page, lambda: server.events("Form Abandoned"))
    told = {
        name: server.events(name)[0]["properties"] for name in ("Form Started", "Form Field Error", "Form Abandoned")
    }
    assert told == {
        "Form Started": {"form": "address", "field": "card"},
        "Form Field Error": {"form": "address", "field": "street"},
        "Form Abandoned": {"form": "address", "field": "card"},
    }
    sent = "".join(request.text for request in server.requests)  # four digits alone may be part of a random id
    assert "4242 4242" not in sent
    assert "42424242" not in sent


def test_a_form_that_is_sent_is_not_abandoned(server: WireServer, shop: Open) -> None:
    page = shop()
    until(page, lambda: server.events("page"))
    page.get_by_role("textbox", name="Adresse").fill("1 rue du Lin")
    page.get_by_role("button", name="Commander").click()
    until(page, lambda: server.events("Form Submitted") and server.events("Page Left"))
    assert not server.events("Form Abandoned")


def test_what_the_page_marks_is_left_alone(server: WireServer, shop: Open) -> None:
    page = shop(body='<main data-aparte-ignore><form name="secret"><input name="iban"></form><p id="x">Zone</p></main>')
    until(page, lambda: server.events("page"))
    page.locator("[name=iban]").fill("FR76")
    for _ in range(4):
        page.locator("#x").click()
    page.goto("about:blank")
    until(page, lambda: server.events("Page Left"))
    assert {event.get("event", "page") for event in server.events()} <= {"page", "Page Left", "Tab Hidden"}


def test_hesitation_shows_in_clicks_in_the_pointer_and_in_the_time_spent(server: WireServer, shop: Open) -> None:
    page = shop()
    until(page, lambda: server.events("page"))
    page.mouse.move(300, 300)
    for _ in range(3):
        page.mouse.click(300, 300)
    until(page, lambda: server.events("Rage Click"))
    page.evaluate("document.dispatchEvent(new MouseEvent('mouseout', {clientY: -1, relatedTarget: null}))")
    until(page, lambda: server.events("Exit Intent"))
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(200)
    page.goto("about:blank")
    left = until(page, lambda: server.events("Page Left"))[0]["properties"]
    assert left["depth"] == 1
    assert 200 < left["active"] < 60_000


def test_what_the_shop_tells_google_is_told_to_us_when_it_wants_that(server: WireServer, shop: Open) -> None:
    add = "{event:'add_to_cart',ecommerce:{currency:'EUR',value:39.9,items:[{item_id:'p1'}]}}"
    page = shop(
        attributes='data-consent="none" data-datalayer',
        before=f"<script>window.dataLayer=[{add},{{event:'gtm.js'}}]</script>",
    )
    page.evaluate("(function(){dataLayer.push(arguments)})('event','begin_checkout',{value:39.9})")
    until(page, lambda: server.events("begin_checkout"))
    assert server.events("add_to_cart")[0]["properties"] == {
        "currency": "EUR",
        "value": 39.9,
        "items": [{"item_id": "p1"}],
    }
    assert not server.events("gtm.js")


def test_events_of_an_overloaded_server_come_later_with_the_same_ids_and_not_before_it_asked(
    server: WireServer, shop: Open
) -> None:
    server.pulse_status, server.pulse_headers = 503, {"retry-after": "4"}
    page = shop()
    first = until(page, server.pulses)[0]
    until(page, lambda: page.evaluate("localStorage.aparte"))
    server.pulse_status = 200
    until(page, lambda: len(server.pulses()) > 1)
    again: dict[str, Any] = server.pulses()[1]
    assert [event["messageId"] for event in again["events"]] == [event["messageId"] for event in first["events"]]
    early, late = server.calls("/v1/pulse")[:2]
    assert late.at - early.at >= 4
    until(page, lambda: page.evaluate("localStorage.aparte === undefined"))


def test_events_that_never_left_are_sent_by_the_next_page(server: WireServer, shop: Open) -> None:
    server.pulse_status = 503
    page = shop()
    page.evaluate("aparte.track('Product Added', {product_id: 'p1'})")
    until(page, lambda: "Product Added" in (page.evaluate("localStorage.aparte") or ""))
    page.evaluate("navigator.sendBeacon = () => false")
    page.goto(page.url.replace("/cart", "/nowhere"))
    server.pulse_status = 200  # nothing has left: until now the server took nothing, whatever was tried again
    before = len(server.pulses())
    other = shop("/other")
    until(other, lambda: any("Product Added" in json.dumps(pulse) for pulse in server.pulses()[before:]))
    sent = next(pulse for pulse in server.pulses()[before:] if "Product Added" in json.dumps(pulse))
    assert [event["properties"] for event in sent["events"] if event.get("event") == "Product Added"] == [
        {"product_id": "p1"}
    ]


def test_a_visitor_who_browses_holds_no_socket_and_loads_no_widget(server: WireServer, shop: Open) -> None:
    page = shop()
    until(page, lambda: len(server.pulses()) > 4)
    assert not server.sockets_opened
    assert not server.calls("/aparte-widget.js")
    server.invite()
    expect(page.locator("aparte-widget .card")).to_be_visible()
    assert len(server.calls("/aparte-widget.js")) == 1
    assert not server.sockets_opened
    assert all(pulse["key"] == "demo" and pulse["consent"] == "full" for pulse in server.pulses())


def test_the_tag_says_nothing_while_the_page_is_hidden(server: WireServer, shop: Open) -> None:
    page = shop()
    until(page, server.pulses)
    page.evaluate(HIDDEN % "true")
    until(page, lambda: server.pulses()[-1]["visible"] is False)
    assert {event["event"] for event in server.pulses()[-1]["events"]} == {"Page Left", "Tab Hidden"}
    pulses = len(server.pulses())
    page.wait_for_timeout(1500)
    assert len(server.pulses()) == pulses
    page.evaluate(HIDDEN % "false")
    until(page, lambda: len(server.pulses()) > pulses)


def test_a_page_with_a_strict_policy_and_trusted_types_works_and_looks_the_same(server: WireServer, shop: Open) -> None:
    host = f"localhost:{server.port}"
    policy = (
        f"default-src 'none'; script-src http://{host}; connect-src http://{host} ws://{host}; style-src 'none'; "
        "frame-src 'none'; require-trusted-types-for 'script'; trusted-types aparte"
    )
    server.invite()
    page = shop(headers={"content-security-policy": policy}, body="<main><h1>Panier</h1></main>")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.reload()
    accept = page.get_by_role("button", name="Discuter maintenant")
    accept.wait_for()
    style = "getComputedStyle(document.querySelector('aparte-widget').shadowRoot.querySelector('.main'))"
    assert page.evaluate(f"{style}.backgroundColor") == "rgb(32, 57, 47)"
    assert page.evaluate(f"{style}.borderTopLeftRadius") == "10px"
    accept.click()
    page.get_by_role("textbox", name="Votre message").fill("Bonjour")
    page.keyboard.press("Enter")
    until(page, lambda: server.conversation and len(server.conversation.entries) == 2)
    own = "document.querySelector('aparte-widget').shadowRoot.querySelector('.mine')"
    assert page.evaluate(f"getComputedStyle({own}).backgroundColor") == "rgb(32, 57, 47)"
    assert not [text for text in complaints if "favicon" not in text]


def test_the_style_of_the_page_does_not_reach_the_widget(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop(
        before="<style>button{background:red!important;font-size:40px!important}*{text-transform:uppercase}</style>"
    )
    button = page.get_by_role("button", name="Discuter maintenant")
    button.wait_for()
    look = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).fontSize, getComputedStyle(e).textTransform]"
    assert button.evaluate(look) == ["rgb(32, 57, 47)", "15px", "none"]


def test_the_button_goes_and_comes_with_the_word_of_the_pulse_and_a_chat_under_way_stays(
    server: WireServer, shop: Open
) -> None:
    page = shop()
    button = page.get_by_role("button", name="Une question ?")
    expect(button).to_be_visible()
    server.button = False
    expect(button).to_have_count(0)
    server.button = True
    expect(button).to_be_visible()
    button.click()
    page.get_by_role("textbox", name="Votre message").fill("Bonjour")
    page.keyboard.press("Enter")
    until(page, lambda: server.conversation)
    server.button = False
    seen = len(server.pulses())
    until(page, lambda: len(server.pulses()) > seen + 1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Conversation")).to_be_visible()
