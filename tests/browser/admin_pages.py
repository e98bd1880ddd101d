"""How a test gets into the account, the team and the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from admin_scene import fill_admin
from admin_server import AdminServer
from playwright.sync_api import Locator, Page, expect

PASSWORD = "correct horse"


@pytest.fixture
def server() -> Iterator[AdminServer]:
    with AdminServer() as running:
        fill_admin(running)
        yield running


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label(re.compile("Adresse e-mail|E-mail address")).fill("camille@maison-lin.example")
    page.get_by_label(re.compile("Mot de passe|Password")).first.fill(password)
    page.get_by_role("button", name=re.compile("^(Entrer|Sign in)$")).click()


def inside(page: Page, at: str) -> Locator:
    """Signed in, at this address of the console."""
    sign_in(page)
    expect(page.get_by_role("navigation", name=re.compile("Écrans|Screens"))).to_be_visible()
    page.evaluate("at => { location.hash = at }", at)
    main = page.locator(".admin-page, .team-page")
    expect(main).to_be_visible()
    return main


def said(page: Page, text: str) -> None:
    expect(page.locator(".toasts")).to_contain_text(text.replace(" :", "\u00a0:"))
