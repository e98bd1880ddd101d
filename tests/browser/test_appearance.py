"""The look that a campaign gives to its invitation; it is never over what one buys with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from shop_page import Open, html, until
from wire_server import WireServer

BUY = """<main><h1>Votre panier</h1><button style="position:fixed;right:30px;bottom:40px;width:280px;height:50px">
Passer commande</button></main>"""
LOOKS = [
    {"style": style, "position": position, "colour": colour, "quote": quote}
    for style, position, colour, quote in [
        ("card", "right", "#FFD54F", False),
        ("card", "bottom", None, True),
        ("bar", "bottom", "#1d4ed8", True),
        ("bubble", "left", "#7F7F7F", True),
        ("bubble", "right", "#ffffff", False),
    ]
]
WORN = """() => {
  const root = document.querySelector('aparte-widget').shadowRoot;
  const of = (selector) => {
    const { color, backgroundColor } = getComputedStyle(root.querySelector(selector));
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    return [color, backgroundColor].map((one) => {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = one;
      paint.fillRect(0, 0, 1, 1);
      return [...paint.getImageData(0, 0, 1, 1).data];
    });
  };
  return { yes: of('.main'), no: of('.grid button:not(.main)'), card: of('section') };
}"""


def contrast(one: list[int], other: list[int]) -> float:
    """Of two colours, by WCAG."""

    def light(colour: list[int]) -> float:
        parts = [part / 255 for part in colour[:3]]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def invited(browser: Browser, server: WireServer, look: dict[str, Any], width: int = 1280, **more: Any) -> Page:
    server.invite(appearance=look)
    server.pages["/cart"] = (html(server.port, body=more.pop("body", "<h1>Votre panier</h1>")), {})
    context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce", **more)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/cart")
    expect(page.locator("aparte-widget .card")).to_be_visible()
    return page


@pytest.mark.covers("S0-42")
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look['style']} {look['position']} {look['colour']}")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_look_can_be_read_and_turned_down_as_easily_as_accepted(
    browser: Browser, server: WireServer, axe: str, look: dict[str, Any], scheme: Any, width: int
) -> None:
    page = invited(browser, server, look, width, color_scheme=scheme)
    worn = page.evaluate(WORN)
    assert contrast(*worn["yes"]) >= 4.5
    assert contrast(worn["no"][0], worn["card"][1]) >= 4.5
    yes = page.get_by_role("button", name="Discuter maintenant").bounding_box()
    no = page.get_by_role("button", name="Non merci").bounding_box()
    assert yes
    assert no
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    assert yes["height"] >= 44
    assert page.locator("aparte-widget q").count() == look["quote"]
    page.evaluate(axe)
    found = page.evaluate("axe.run('aparte-widget', {resultTypes: ['violations']})")["violations"]
    assert [f"{one['id']}: {json.dumps(one['nodes'])[:300]}" for one in found] == []
    card = page.locator("aparte-widget .card").bounding_box()
    assert card
    middle, at = card["x"] + card["width"] / 2, look["position"]
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= width
    if width > 480:
        assert middle < 500 if at == "left" else middle > 780 if at == "right" else abs(middle - 640) < 2
    page.keyboard.press("Escape")
    until(page, lambda: server.calls("/v1/offers/g1/decline"))
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    page.context.close()


def test_the_colour_is_the_campaigns_own_in_light_and_kept_readable_beside_it(
    browser: Browser, server: WireServer
) -> None:
    page = invited(browser, server, LOOKS[0], color_scheme="light")
    worn = page.evaluate(WORN)
    assert worn["yes"][1][:3] == [0xFF, 0xD5, 0x4F]
    assert worn["yes"][0][:3] == [0, 0, 0]
    page.get_by_role("button", name="Discuter maintenant").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    # The conversation is the site's again.
    assert page.evaluate(WORN.replace(", no: of('.grid button:not(.main)')", ""))["yes"][1][:3] == [0x20, 0x39, 0x2F]
    page.context.close()


@pytest.mark.covers("S0-42")
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[2], None], ids=["card", "bar", "none"])
def test_the_invitation_stands_above_the_button_that_one_buys_with(
    browser: Browser, server: WireServer, look: dict[str, Any], width: int
) -> None:
    page = invited(browser, server, look, width, body=BUY)
    card = page.locator("aparte-widget .card").bounding_box()
    buy = page.get_by_role("button", name="Passer commande").bounding_box()
    assert card
    assert buy
    beside = card["x"] + card["width"] <= buy["x"]
    assert beside or card["y"] + card["height"] <= buy["y"]
    page.get_by_role("button", name="Passer commande").click(trial=True)
    page.keyboard.press("Escape")
    server.offer = None
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    assert page.evaluate("document.querySelector('aparte-widget').style.marginBottom") == ""
    page.context.close()


def test_a_pulse_with_the_same_offer_does_not_move_it(server: WireServer, shop: Open) -> None:
    server.invite(appearance=LOOKS[0])
    page = shop(body=BUY)
    expect(page.locator("aparte-widget .card")).to_be_visible()
    page.wait_for_function("!document.querySelector('aparte-widget').shadowRoot.getAnimations({subtree: true}).length")
    before = page.locator("aparte-widget .card").bounding_box()
    pulses = len(server.calls("/v1/pulse"))
    until(page, lambda: len(server.calls("/v1/pulse")) > pulses + 1)
    assert page.locator("aparte-widget .card").bounding_box() == before
