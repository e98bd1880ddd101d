"""Before consent nothing is sent and nothing is stored; after a withdrawal nothing is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from shop_page import Open, until
from wire_server import TOKEN, VISITOR, WireServer

TCF = """<script>window.__tcfapi=(command,version,tell)=>{window.answer=(purposes,status)=>tell(
{eventStatus:status||'useractioncomplete',gdprApplies:true,purpose:{consents:purposes}},true);answer({},'cmpuishown')}</script>"""
GCM = """<script>window.dataLayer=[];window.gtag=function(){dataLayer.push(arguments)};
gtag('consent','default',{analytics_storage:'denied'})</script>"""
GPC = "<script>Object.defineProperty(navigator,'globalPrivacyControl',{value:true})</script>"


def stored(page: Page) -> list[object]:
    return [
        page.evaluate("document.cookie"),
        page.evaluate("Object.keys(localStorage)"),
        page.evaluate("Object.keys(sessionStorage)"),
    ]


def busy(page: Page) -> None:
    """Do what would be worth an event, and come back from another page of the shop."""
    page.evaluate("aparte.track('Product Added', {product_id: 'p1'})")
    page.mouse.click(400, 400)
    page.evaluate("history.pushState({}, '', '/cart?step=2')")
    page.wait_for_timeout(700)


@pytest.mark.parametrize("consent", ["manual", "auto", "tcf", "gcm"])
def test_before_consent_nothing_is_sent_and_nothing_is_stored(server: WireServer, shop: Open, consent: str) -> None:
    page = shop(attributes=f'data-consent="{consent}"')
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    busy(page)
    page.reload()
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    assert stored(page) == ["", [], []]
    assert {request.path for request in server.requests} - {"/favicon.ico"} == {"/cart", "/aparte.js", "/v1/config"}


def test_what_happened_on_the_page_is_sent_once_consent_is_given(server: WireServer, shop: Open) -> None:
    page = shop(attributes='data-consent="manual"')
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    page.evaluate("aparte.track('Product Added', {product_id: 'p1'})")
    page.evaluate("aparte.consent('granted')")
    until(page, lambda: server.events("Product Added"))
    assert len(server.events("page")) == 1
    until(page, lambda: page.evaluate("document.cookie") == f"aparte={TOKEN}")
    assert page.evaluate("aparte.visitorId()") == VISITOR
    kept = page.context.cookies()[0]
    assert kept["sameSite"] == "Lax"


def test_of_a_hundred_and_fifty_events_before_consent_a_hundred_are_kept(server: WireServer, shop: Open) -> None:
    page = shop(attributes='data-consent="manual"')
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    page.evaluate("for (let i = 0; i < 150; i++) aparte.track('Filter Used', {i})")
    page.evaluate("aparte.consent('granted')")
    until(page, lambda: len(server.events()) >= 100)
    assert len(server.events("page")) == 1
    assert len(server.events("Filter Used")) == 99


def test_a_refusal_drops_what_was_kept_in_memory(server: WireServer, shop: Open) -> None:
    page = shop(attributes='data-consent="manual"')
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    page.evaluate("aparte.consent('denied')")
    assert page.evaluate("aparte.visitorId()") is None
    page.evaluate("aparte.consent('granted')")
    page.evaluate("aparte.track('Later')")
    until(page, lambda: server.events("Later"))
    assert not server.events("page")


def test_a_withdrawal_is_told_and_leaves_nothing_behind(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop(attributes='data-consent="manual"')
    page.evaluate("aparte.consent('granted')")
    expect(page.locator("aparte-widget .card")).to_be_visible()
    page.evaluate("aparte.consent('denied')")
    until(page, lambda: server.pulses()[-1]["consent"] == "denied")
    assert server.pulses()[-1]["token"] == TOKEN
    assert server.pulses()[-1]["events"] == []
    assert stored(page) == ["", [], []]
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    pulses = len(server.pulses())
    busy(page)
    assert len(server.pulses()) == pulses


def test_the_tcf_banner_decides_by_the_purposes_that_the_site_names(server: WireServer, shop: Open) -> None:
    page = shop(attributes='data-consent="tcf" data-purposes="1 8"', before=TCF)
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    until(page, lambda: page.evaluate("!!window.answer"))
    page.evaluate("answer({1: true, 8: false})")
    busy(page)
    assert not server.pulses()
    page.evaluate("answer({1: true, 8: true})")
    until(page, server.pulses)


def test_google_consent_mode_decides_by_its_update(server: WireServer, shop: Open) -> None:
    page = shop(attributes='data-consent="gcm"', before=GCM)
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    page.evaluate("gtag('consent', 'update', {analytics_storage: 'granted'})")
    until(page, lambda: server.events("page"))


@pytest.mark.parametrize("consent", ["none", "manual"])
def test_a_browser_that_says_no_is_believed_before_all_others(server: WireServer, shop: Open, consent: str) -> None:
    page = shop(attributes=f'data-consent="{consent}"', before=GPC)
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    page.evaluate("aparte.consent('granted')")
    busy(page)
    assert not server.pulses()
    assert stored(page) == ["", [], []]


def test_a_reactive_site_stores_nothing_before_the_click_and_chats_after_it(server: WireServer, shop: Open) -> None:
    server.config["mode"] = "reactive"
    page = shop()
    launcher = page.get_by_role("button", name="Une question ?")
    launcher.wait_for()
    busy(page)
    assert stored(page) == ["", [], []]
    launcher.click()
    page.get_by_role("textbox", name="Votre message").fill("Bonjour")
    page.keyboard.press("Enter")
    until(page, lambda: server.conversation and server.conversation.entries)
    page.reload()
    expect(page.locator("aparte-widget .bubble")).to_contain_text("Bonjour")
    assert not server.pulses()
    assert page.evaluate("document.cookie") == ""


def test_a_site_that_is_off_shows_and_sends_nothing(server: WireServer, shop: Open) -> None:
    server.config["mode"] = "off"
    page = shop()
    until(page, lambda: server.calls("/v1/config"))
    assert page.evaluate("aparte.visitorId()") is None
    page.evaluate("aparte.open()")
    busy(page)
    assert page.locator("aparte-chat, aparte-widget").count() == 0
    assert not server.pulses()
    assert stored(page) == ["", [], []]


def test_two_tabs_are_one_visitor(server: WireServer, shop: Open, context: BrowserContext) -> None:
    first = shop()
    until(first, lambda: first.evaluate("document.cookie"))
    second = shop("/other")
    until(second, lambda: any(pulse["tab"] != server.pulses()[0]["tab"] for pulse in server.pulses()))
    assert {pulse["token"] for pulse in server.pulses()[1:]} == {TOKEN}
