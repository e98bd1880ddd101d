"""How a test gets at the console: a browser, a server with a morning's work in it, and the first steps on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from console_scene import fill
from console_server import ConsoleServer
from playwright.sync_api import Browser, Locator, Page, expect
from shop_page import until


@pytest.fixture
def server() -> Iterator[ConsoleServer]:
    with ConsoleServer() as running:
        fill(running)
        yield running


def opened(browser: Browser, server: ConsoleServer, **look: Any) -> Page:
    """A page on the console; an error in it, or something that its policy forbids, fails the test at the end."""
    look = {"locale": "fr-FR", "viewport": {"width": 1440, "height": 900}} | look
    context = browser.new_context(**look)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.url)
    page = context.new_page()
    page.errors = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda line: "Content Security" in line.text and page.errors.append(line.text))  # type: ignore[attr-defined]
    page.goto(f"{server.url}/console")
    return page


@pytest.fixture
def page(browser: Browser, server: ConsoleServer) -> Iterator[Page]:
    page = opened(browser, server)
    yield page
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def enter(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Entrer comme Camille|Enter as Camille")).click()
    expect(page.get_by_role("button", name=re.compile("(Visiteur|Visitor) 4790"))).to_be_visible()


def choose(page: Page, label: str = "4812") -> Locator:
    """Opens a conversation and gives its log."""
    page.get_by_role("button", name=f"Visiteur {label}").click()
    log = page.get_by_role("log")
    expect(log).to_be_visible()
    return log


def seek(page: Page, text: str) -> None:
    """Opens the palette and writes into it, once it takes the keys."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name=re.compile("^(Chercher|Search)$"))).to_be_focused()
    page.keyboard.type(text)


def write(page: Page, text: str) -> None:
    field = page.get_by_role("textbox", name="Répondre au visiteur")
    field.fill(text)
    field.press("Enter")


def settled(page: Page, server: ConsoleServer, kind: str, seq: int) -> bool:
    """Waits until the server has had a watermark."""
    return bool(until(page, lambda: [one for one in server.frames if one["t"] == kind and one.get("seq") == seq]))
