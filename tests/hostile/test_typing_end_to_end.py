"""A visitor and an agent in Chromium at one server: what he writes is seen before it is sent, if the site says so.

Planted defects seen to fail here: the widget hides its sentence; a number grows in sight of the agent.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from doors_world import SITES, World, token_of
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect
from tagged_shop import Shop

from aparte.sites.store import SaveSite

SENTENCE = "Le conseiller peut voir ce que vous écrivez avant l’envoi."
CARD = "4111 1111 1111 1111"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world, ready = World(tmp_path / "data", "sqlite"), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
    thread.start()
    assert ready.wait(30)
    yield world
    world.stop()
    thread.join(30)


@pytest.fixture
def shop(world: World) -> Iterator[Shop]:
    shop = Shop()
    shop.carry(world.http)
    yield shop
    shop.close()


def allow(world: World, on: bool) -> None:
    """What an administrator switches."""

    async def saved() -> None:
        await world.store.submit([SaveSite(replace(SITES[0], typing_preview=on))])
        world.doors.desk.sites_changed()

    world.do(saved())


def at_the_shop(browser: Browser, shop: Shop) -> Page:
    """A visitor with his conversation open."""
    page = browser.new_context(locale="fr-FR").new_page()
    page.context.add_cookies([{"name": "aparte", "value": token_of("v1"), "url": shop.origin}])
    page.goto(f"{shop.origin}/cart")
    page.locator("aparte-chat button").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_be_visible()
    return page


def at_the_desk(browser: Browser, world: World, conv: str) -> Page:
    """Camille with this conversation before her."""
    page = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900}).new_page()
    cookie = world.console("camille@a.example").cookies["aparte"]
    page.context.add_cookies([{"name": "aparte", "value": cookie, "url": world.http}])
    page.goto(f"{world.http}/console#/exchanges/{conv}")
    expect(page.locator("#composer")).to_be_visible()
    return page


def test_what_he_types_is_on_her_screen_while_the_site_allows_it_and_he_is_told(
    browser: Browser, world: World, shop: Shop
) -> None:
    conv = world.conversation("v1", agent="camille")
    his, hers = at_the_shop(browser, shop), at_the_desk(browser, world, conv)
    other = his.context.new_page()
    other.goto(f"{shop.origin}/cart")
    field, unsent = his.get_by_role("textbox", name="Votre message"), hers.locator(".unsent-text")
    field.press_sequentially("Bonjour", delay=40)
    expect(hers.locator(".typing")).to_be_visible()
    expect(unsent).to_have_count(0)
    expect(his.get_by_text(SENTENCE)).to_have_count(0)

    allow(world, True)
    expect(his.get_by_text(SENTENCE)).to_be_visible()
    field.press_sequentially(f", ma carte {CARD}", delay=40)
    expect(unsent).to_have_text("Bonjour, ma carte 4111 11•• •••• ••••")
    assert "ma carte" not in other.locator("aparte-widget").evaluate("(one) => one.shadowRoot.textContent")
    his.keyboard.press("Enter")
    expect(hers.get_by_role("log")).to_contain_text("Bonjour, ma carte •••• •••• •••• 1111")
    expect(unsent).to_have_count(0)

    field.press_sequentially("Encore", delay=40)
    expect(unsent).to_have_text("Encore")
    allow(world, False)
    expect(his.get_by_text(SENTENCE)).to_have_count(0)
    field.press_sequentially(" un mot", delay=40)
    expect(unsent).to_have_count(0)
    for page in (his, hers):
        page.context.close()
