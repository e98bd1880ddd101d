"""Pages of a shop that carries the tag, and waiting for what the browser does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

Open = Callable[..., Page]

BODY = """
<main><h1>Votre panier</h1><p>Chemise Oxford, bleu ciel</p>
<form id="address" action="/nowhere"><label>Adresse <input name="street" required></label>
<label>Carte <input name="card" type="text"></label><button>Commander</button></form>
<p style="height:1600px"></p></main>
"""


def html(
    port: int, attributes: str = 'data-consent="none"', body: str = BODY, before: str = "", language: str = "fr"
) -> str:
    """A page of a shop with the tag. The page is of 127.0.0.1, the server of localhost: two origins, as in life."""
    tag = f'<script async src="http://localhost:{port}/aparte.js" data-key="demo" {attributes}></script>'
    head = f'<meta charset="utf-8"><title>Panier</title>{before}{tag}'
    return f'<!doctype html><html lang="{language}"><head>{head}</head><body>{body}</body></html>'


def answered(page: Page) -> None:
    """Wait until the first pulse is answered, not only asked: the page knows what its visitor can have."""
    until(page, lambda: "aparte=" in page.evaluate("document.cookie"))


def until(page: Page, what: Callable[[], object], seconds: float = 30) -> Any:
    """Wait, letting the browser work, until something is so; the last value is returned."""
    for _ in range(int(seconds / 0.05)):
        if value := what():
            return value
        page.wait_for_timeout(50)
    raise AssertionError(f"not so after {seconds} s")
