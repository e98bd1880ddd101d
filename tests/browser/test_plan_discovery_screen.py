"""The guided discovery in a real browser: five steps, rules that one takes or leaves, and what is kept of it.

Planted defects seen to fail here: a mistyped figure that is sent; all rules in the draft; a draft that loses
the others.
"""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from admin_pages import said, sign_in
from console_pages import opened, page  # noqa: F401
from discovery_server import DiscoveryServer
from playwright.sync_api import Browser, Locator, Page, expect
from test_admin_settings import violations

LOOKS = [("light", 1440, "fr-FR"), ("dark", 390, "en-GB"), ("dark", 1100, "en-GB"), ("light", 390, "fr-FR")]


@pytest.fixture
def server() -> Iterator[DiscoveryServer]:
    with DiscoveryServer() as running:
        yield running


def inside(page: Page) -> Locator:
    """Signed in, at the discovery."""
    sign_in(page)
    expect(page.get_by_role("navigation", name=re.compile("Écrans|Screens"))).to_be_visible()
    page.evaluate("location.hash = '#/plan/discovery'")
    main = page.locator(".disc")
    expect(main).to_be_visible()
    return main


def on(main: Locator) -> None:
    main.get_by_role("button", name=re.compile("^(Continuer|Go on)$")).click()


def to_rules(main: Locator) -> None:
    """Through the first three steps, with a margin and a cost."""
    main.get_by_label(re.compile("^(Porteur|Champion)")).fill("Inès Roy")
    main.get_by_label(re.compile("^(Objectif|Objective)$")).fill("Trois fois mieux")
    on(main)
    main.get_by_label(re.compile("^(Jalon|Milestone)$")).fill("Pilote")
    main.get_by_label("Date").fill("2026-12-01")
    on(main)
    main.get_by_label(re.compile("^(Marge|Gross)")).fill("40")
    main.get_by_label(re.compile("^(Coût|Cost)")).fill("0,3")
    on(main)
    expect(main.get_by_role("listitem").filter(has=main.page.get_by_role("checkbox"))).to_have_count(3)


@pytest.mark.covers("S0-22", "S1-55")
def test_from_objectives_to_rules_a_draft_goals_and_a_scenario(page: Page, server: DiscoveryServer) -> None:
    main = inside(page)
    expect(main.get_by_role("heading", level=2)).to_have_text("Objectifs")
    main.get_by_label("Services d’accord").fill("Marketing, Ventes, Comptabilité")
    to_rules(main)
    body = server.bodies[0]
    assert (body["gross_margin"], body["cost_per_conversation"], body["holdout"]) == (0.4, 0.3, 0.5)
    assert body["objectives"][0]["agreed_by"] == ["Marketing", "Ventes", "Comptabilité"]
    assert (body["history"], body["agents_by_hour"]) == (None, [0] * 9 + [3] * 9 + [0] * 6)
    expect(main.locator(".disc-finding")).to_contain_text("2 règles prises")
    cart = main.get_by_role("checkbox", name="Prendre le panier")
    expect(cart).to_be_checked()
    expect(main.get_by_role("checkbox", name="Prendre la page /chemises/lin-lave-coupe-droite")).not_to_be_checked()
    cart.uncheck()
    expect(main.locator(".disc-finding")).to_contain_text("1 règle prise")
    main.get_by_text("La règle, telle qu’elle s’écrit").first.click()
    main.get_by_role("button", name="Copier cart").click()
    said(page, "Copié.")
    assert "cart.items > 0" in page.evaluate("navigator.clipboard.readText()")
    on(main)
    expect(main.get_by_role("row", name="Marge brute")).to_contain_text("40 %".replace(" ", "\u00a0"))
    expect(main.locator(".disc-note")).to_contain_text("Inès Roy")
    main.get_by_role("button", name="Mettre au brouillon").click()
    said(page, "Au brouillon")
    [draft] = server.drafts
    assert (draft["revision"], draft["file"]["site"]["id"]) == (0, "demo")
    assert [one["name"] for one in draft["file"]["campaigns"][0]["rules"]] == ["checkout-commande-paiement"]
    main.get_by_role("button", name="Garder 1 objectif").click()
    said(page, "Objectifs gardés.")
    assert (server.goals[0]["owner"], server.goals[0]["target"]) == ("Inès Roy", 3)
    main.get_by_label("Nom du scénario").fill("Plan d’hiver")
    main.get_by_role("button", name="Enregistrer le scénario").click()
    said(page, "Scénario enregistré.")
    [saved] = server.scenarios
    assert saved["scenario"]["name"] == "Plan d’hiver"
    assert "Pilote" in saved["note"]
    assert page.evaluate("location.hash") == "#/plan/case/s1"


def test_the_draft_keeps_what_others_have_written(page: Page, server: DiscoveryServer) -> None:
    server.file = {
        "site": {"id": "demo"},
        "campaigns": [{"name": "winter", "rules": []}, {"name": "discovery", "rules": []}],
    }
    main = inside(page)
    to_rules(main)
    on(main)
    main.get_by_role("button", name="Mettre au brouillon").click()
    said(page, "Au brouillon")
    [draft] = server.drafts
    assert draft["revision"] == 7
    assert [one["name"] for one in draft["file"]["campaigns"]] == ["winter", "discovery"]
    assert len(draft["file"]["campaigns"][1]["rules"]) == 2


def test_a_typed_history_is_read_line_by_line_and_what_is_wrong_is_named(page: Page, server: DiscoveryServer) -> None:
    main = inside(page)
    on(main)
    on(main)
    main.get_by_label("Saisi ou importé").check()
    main.get_by_label("Visites", exact=True).fill("10 000")
    main.get_by_label("Visites avec commande").fill("200")
    main.get_by_label("Panier moyen").fill("90,50")
    main.get_by_label("Marge brute").fill("beaucoup")
    losses = main.get_by_label("Pertes")
    losses.fill("cart; 900")
    on(main)
    expect(main.get_by_role("alert")).to_contain_text("Ligne 1")
    losses.fill("cart; 900; 650; 150\npage /panier; 4000; 1900")
    on(main)
    expect(main.get_by_role("alert")).to_contain_text("Marge brute, en % : écrivez un nombre".replace(" :", "\u00a0:"))
    assert server.bodies == []
    main.get_by_label("Marge brute").fill("140")
    on(main)
    expect(main.get_by_role("alert")).to_contain_text("gross_margin")
    main.get_by_label("Marge brute").fill("40")
    on(main)
    expect(main.get_by_role("heading", level=2)).to_be_focused()
    assert server.bodies[-1]["history"][1] == {
        "kind": "page", "path": "/panier", "visitors": 4_000, "left": 1_900, "bought": None
    }  # fmt: skip
    assert (server.bodies[-1]["visits"], server.bodies[-1]["basket"]) == (10_000, 90.5)


def test_what_is_missing_is_said_and_nothing_typed_is_lost(page: Page, server: DiscoveryServer) -> None:
    main = inside(page)
    main.get_by_label("Porteur").fill("Inès Roy")
    main.get_by_role("button", name="Règles proposées").click()
    expect(main).to_contain_text("La marge n’est pas mesurée. Saisissez-la.")
    server.broken = True
    main.get_by_role("button", name="Historique").click()
    on(main)
    expect(main.get_by_role("alert")).to_be_visible()
    server.broken = False
    on(main)
    expect(main.get_by_role("heading", level=2)).to_have_text("Règles proposées")
    page.get_by_role("link", name="Pilote").click()
    page.get_by_role("link", name="Découverte").click()
    main.get_by_role("button", name="Objectifs").click()
    expect(main.get_by_label("Porteur")).to_have_value("Inès Roy")


def test_everything_is_done_with_the_keyboard(page: Page, server: DiscoveryServer) -> None:
    main = inside(page)
    main.get_by_label("Porteur").focus()
    page.keyboard.type("Inès")
    main.get_by_role("button", name="Continuer").focus()
    page.keyboard.press("Enter")
    expect(main.get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(main.get_by_label("Jalon", exact=True)).to_be_focused()
    main.get_by_role("button", name="Ajouter un jalon").focus()
    page.keyboard.press("Space")
    expect(main.get_by_role("group", name="Jalon 2")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "width", "language"),
    LOOKS if os.environ.get("APARTE_LONG") else LOOKS[:2],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, server: DiscoveryServer, axe: str, scheme: Any, width: int, language: str
) -> None:
    server.me["language"] = language[:2]
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 900}, locale=language,
        reduced_motion="reduce",
    )  # fmt: skip
    main = inside(page)
    seen = os.environ.get("APARTE_PICTURES")

    def look(name: str) -> None:
        assert violations(page, axe) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        assert main.evaluate("one => one.scrollWidth <= one.clientWidth + 1"), name
        if seen:
            page.screenshot(path=f"{seen}/{name}-{scheme}-{width}-{language}.png", full_page=True)

    look("1")
    main.get_by_label(re.compile("^(Porteur|Champion)")).fill("Inès Roy")
    on(main)
    look("2")
    on(main)
    main.get_by_label(re.compile("Saisi|Entered")).check()
    look("3")
    main.get_by_label(re.compile("Mesuré ici|Measured here")).check()
    main.get_by_label(re.compile("^(Marge|Gross)")).fill("40")
    on(main)
    expect(main.locator(".disc-rules")).to_be_visible()
    main.get_by_text(re.compile("telle qu’elle|as it is written")).first.click()
    look("4")
    on(main)
    expect(main.locator(".disc-table")).to_be_visible()
    look("5")
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
