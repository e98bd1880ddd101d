"""A context of a real Chromium, and a scripted server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from shop_page import Open, html
from wire_server import WireServer, serving


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serving(WireServer()) as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def shop(server: WireServer, context: BrowserContext) -> Open:
    """Open a page of the shop in a new tab: `shop(path, attributes, headers=..., body=..., before=...)`."""

    def open_page(
        path: str = "/cart", attributes: str = 'data-consent="none"', headers: dict[str, str] | None = None, **more: Any
    ) -> Page:
        server.pages[path] = (html(server.port, attributes, **more), headers or {})
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        return page

    return open_page
