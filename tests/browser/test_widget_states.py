"""Every state of the widget, by keyboard, as axe sees it, in pages light, dark, zoomed or right to left."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from shop_page import html, until
from widget_scene import PIXEL, Shop, server

__all__ = ["server"]

SIGHTS = os.environ.get("APARTE_SIGHTS", "")
"""A folder for pictures of all states; none are taken without it."""
HOSTS = [("light", 1280, 800, "fr", "ltr"), ("dark", 390, 844, "en", "ltr"), ("light", 320, 256, "fr", "rtl")]
SMALL = """() => [...document.querySelector('aparte-widget').shadowRoot.querySelectorAll('button,input,textarea')]
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().height < 44
    && one.localName != 'textarea').map((one) => one.outerHTML)"""
WIDE = "() => Math.max(...[...document.querySelector('aparte-widget').shadowRoot.querySelectorAll('*')]"
WIDE += ".filter((one) => !one.closest('.sr')).map((one) => one.getBoundingClientRect().right))"
WORDS = {
    "fr": ["Discuter maintenant", "Commencer", "Votre message", "Recevoir la conversation par e-mail", "Adresse e-mail",
           "Terminer", "Envoyer", "Passer", "Continuer", "Votre nom"],
    "en": ["Chat now", "Start", "Your message", "Get the conversation by e-mail", "E-mail address",
           "End chat", "Send", "Skip", "Keep chatting", "Your name"],
}  # fmt: skip


class Sight:
    """A page that is looked at again and again."""

    def __init__(self, page: Page, axe: str, width: int, name: str) -> None:
        self.page, self.axe, self.width, self.name = page, axe, width, name
        self.seen: list[str] = []

    def look(self, state: str) -> None:
        """Nothing to complain about here."""
        page = self.page
        page.evaluate(self.axe)
        found = page.evaluate("axe.run('aparte-widget', {resultTypes: ['violations']})")["violations"]
        assert [f"{state} {one['id']}: {json.dumps(one['nodes'])[:400]}" for one in found] == []
        assert page.evaluate(SMALL) == [], state
        assert page.evaluate(WIDE) <= self.width, state
        self.seen.append(state)
        if SIGHTS:
            page.screenshot(path=Path(SIGHTS) / f"{self.name}-{len(self.seen):02}-{state}.png")


@pytest.mark.parametrize(("scheme", "width", "height", "language", "direction"), HOSTS)
def test_axe_finds_nothing_in_any_state(
    browser: Browser, server: Shop, axe: str, scheme: Any, width: int, height: int, language: str, direction: str
) -> None:
    body = f"<script>document.documentElement.dir = '{direction}'</script><main><h1>Votre panier</h1></main>"
    server.pages["/cart"] = (html(server.port, language=language, body=body), {})
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", locale="fr-FR"
    )
    context.route("**/*.png", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    page = context.new_page()
    accept, begin, message, mail, email, end, send, skip, go_on, name = WORDS[language]
    sight = Sight(page, axe, width, f"{scheme}-{width}-{direction}")
    server.invite(ask=["name", "email", "phone", "question"])
    page.goto(f"http://127.0.0.1:{server.port}/cart")
    expect(page.get_by_role("button", name=accept)).to_be_visible()
    sight.look("invitation")
    page.get_by_role("button", name=accept).click()
    expect(page.get_by_role("textbox", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("textbox", name=email)).to_be_focused()
    page.get_by_role("button", name=begin).click()
    sight.look("form")
    page.get_by_role("button", name=skip).click()
    expect(page.get_by_role("textbox", name=message)).to_be_focused()
    until(page, lambda: server.sockets)
    sight.look("queue")
    server.bot = True
    server.joined()
    server.stands(agent={"name": "Camille", "picture": "/v1/picture/1"})
    server.say(
        "Bonjour 👩‍👩‍👧‍👦 שלום, " + "Donaudampfschifffahrtsgesellschaft" * 5 + " https://shop.example/" + "a" * 90
    )
    url = "https://shop.example/lin"
    server.shows("card", products=[{"name": "Chemise lin lavé, sable", "price": 59.9, "currency": "EUR", "url": url,
                                    "image": "/lin.png", "in_stock": True}])  # fmt: skip
    server.shows("page", url="https://shop.example/guide", title="Guide des tailles")
    server.shows("coupon", code="7KQF-9ZT2-M4XB-0RWD", label="Cinq euros", until=1_795_000_000_000,
                 value={"amount": 500, "currency": "EUR"})  # fmt: skip
    page.get_by_role("textbox", name=message).fill("שלום ok ?")
    page.keyboard.press("Enter")
    server.tell({"t": "typing", "who": "agent", "on": True})
    expect(page.locator("aparte-widget .state")).to_be_visible()
    expect(page.locator("aparte-widget .card-of")).to_have_count(3)
    sight.look("chat")
    server.stands(preview=True)
    expect(page.locator("aparte-widget #preview")).to_be_visible()
    sight.look("preview")
    page.get_by_role("button", name=mail).click()
    sight.look("mail")
    page.get_by_role("textbox", name=email).fill("lea@exemple.fr")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=go_on)).to_be_focused()
    sight.look("mailed")
    page.get_by_role("button", name=go_on).click()
    page.get_by_role("button", name=end, exact=True).click()
    expect(page.get_by_role("button", name=end, exact=True)).to_be_focused()
    sight.look("ending")
    page.keyboard.press("Escape")
    server.sockets_allowed = False
    page.route("**/v1/conv/*/entries*", lambda route: route.abort())
    server.cut()
    expect(page.get_by_role("status").first).not_to_be_empty()
    sight.look("offline")
    page.get_by_role("button", name=end, exact=True).click()
    page.get_by_role("button", name=end, exact=True).click()
    expect(page.get_by_role("button", name=skip)).to_be_visible()
    sight.look("survey")
    page.get_by_role("button", name="5", exact=True).first.click()
    page.get_by_role("button", name=send).click()
    expect(page.get_by_role("status")).to_be_visible()
    sight.look("thanks")
    assert server.mails == ["lea@exemple.fr"]
    assert page.evaluate("scrollX") == 0
    context.close()


def test_old_lines_are_not_read_out_and_new_ones_are(server: Shop, browser: Browser) -> None:
    server.pages["/cart"] = (html(server.port), {})
    page = browser.new_page()
    server.invite()
    page.goto(f"http://127.0.0.1:{server.port}/cart")
    server.deaf = True
    page.get_by_role("button", name="Discuter maintenant").click()
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "off")
    expect(log).to_have_attribute("aria-relevant", "additions")
    server.deaf = False
    server.cut()
    until(page, lambda: server.sockets)
    server.say("Bonjour")
    expect(log).to_have_attribute("aria-live", "polite")
    page.close()
