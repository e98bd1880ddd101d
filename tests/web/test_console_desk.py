"""Two agents and a visitor on a real server: the built console hands on, is set away, and deals with what was left."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

pytest.importorskip("playwright")

from doors_world import PASSWORD, World, token_of, vid
from playwright.sync_api import Browser, Page, expect


def signed_in(browser: Browser, world: World, who: str) -> Page:
    """This agent's console, in French, available."""
    page = browser.new_context(locale="fr-FR", viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{world.http}/console")
    page.get_by_label("Adresse e-mail").fill(f"{who}@a.example")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer", exact=True).click()
    page.get_by_role("button", name="Statut").click()
    page.get_by_role("menuitemradio", name="Disponible").click()
    expect(page.get_by_role("button", name="Statut Disponible")).to_be_visible()
    return page


@pytest.mark.covers("S1-100")
@pytest.mark.parametrize("worlds", ["sqlite"], indirect=True)
def test_the_console_hands_on_is_set_away_and_deals_with_a_request(worlds: Any, browser: Browser) -> None:
    world = worlds()
    camille = signed_in(browser, world, "camille")
    conv = world.conversation("v1")
    assert world.found(conv).agent == "camille"
    world.says(conv, "v1", "Bonjour, et la bleue ?")
    alex = signed_in(browser, world, "alex")

    camille.locator(".conv", has_text="et la bleue").click()
    camille.keyboard.press("Alt+t")
    dialog = camille.get_by_role("dialog")
    dialog.get_by_role("radio", name="Alex").check()
    dialog.get_by_role("textbox", name="Note pour la suite").fill("Elle veut la bleue en 40")
    dialog.get_by_role("button", name="Transférer").click()
    expect(camille.get_by_text(re.compile("transmis à Alex"))).to_be_visible()
    expect(camille.locator(".conv", has_text="et la bleue")).to_have_count(0)

    alex.locator(".conv", has_text="et la bleue").click()
    log = alex.get_by_role("log")
    expect(log.locator(".transfer-line")).to_contain_text("Transférée par Camille Elle veut la bleue en 40")
    expect(log).to_contain_text("Bonjour, et la bleue ?")
    assert world.found(conv).agent == "alex"

    # Alex does not answer: the desk gives it back to Camille and says so to him.
    world.clock_ms += 61_000
    expect(alex.get_by_role("alert").filter(has_text="Vous n’avez pas répondu à temps.")).to_be_visible()
    expect(alex.get_by_role("button", name="Statut Sans réponse")).to_be_visible()
    assert world.found(conv).agent == "camille"
    alex.get_by_role("button", name="Redevenir disponible").click()
    expect(alex.get_by_role("button", name="Statut Disponible")).to_be_visible()

    body = {"key": "key-a", "token": token_of("v2"), "cid": "c1", "language": "fr", "kind": "callback"}
    left = httpx.post(f"{world.http}/v1/requests", json=body | {"phone": "+33612345678", "name": "Zoé"}, timeout=20)
    assert left.status_code == 200, left.text
    row = alex.get_by_role("region", name="Demandes").get_by_role("button", name=re.compile("Zoé"))
    row.click()
    expect(alex.get_by_role("link", name=re.compile("12.34.56.78"))).to_have_attribute("href", "tel:+33612345678")
    alex.get_by_role("textbox", name="Ce qui a été fait").fill("Rappelée")
    alex.get_by_role("button", name="Marquer comme traitée").click()
    expect(row).to_have_count(0)
    expect(camille.get_by_role("region", name="Demandes").get_by_role("listitem")).to_have_count(0)
    [done] = world.console("camille@a.example").get("/api/v1/requests?state=done").json()
    assert (done["visitor"], done["done_by"], done["note"]) == (vid("v2"), "Alex", "Rappelée")

    camille.get_by_role("link", name="Équipe").click()
    rows = camille.get_by_role("region", name="Conseillers").locator("tbody tr")
    expect(rows.filter(has_text="Alex")).to_contain_text("Disponible")
    expect(rows.filter(has_text="Camille")).to_contain_text("1 sur 2")
