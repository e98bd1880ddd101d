"""Nobody is there, in a real browser and with the real engine: what a visitor leaves is what the staff finds."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from running import Server, running

PATIENCE = 40_000
SHIRT, CART = "/shop/fr/article/chemise-oxford-bleu-ciel", "/shop/fr/panier"
LOOK = """
[appearances.evening]
style = "bar"
position = "bottom"
colour = "#FFD54F"
"""
OFFER = "Voulez-vous que nous vous appelions ?"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo without its simulated people; whoever hesitates is offered a call, and no agent is signed in."""
    data = tmp_path_factory.mktemp("demo")
    (data / "campaigns").mkdir()
    text = files("aparte.simulation").joinpath("demo.toml").read_text("utf-8")
    text = text.replace('duration("20s")', 'duration("1s")').replace("holdout = 0.4", "holdout = 0.0")
    text = text.replace("holdout = 0.05", "holdout = 0.0")
    head, mark, tail = text.partition('name = "two-views"')
    assert mark
    tail = tail.replace('channel = "chat"', 'channel = "callback", appearance = "evening"', 1)
    tail = tail.replace("Une question sur la taille ou la livraison de vos articles ?", OFFER, 1)
    (data / "campaigns" / "demo.toml").write_text(head + mark + tail + LOOK, "utf-8")
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        yield server


@pytest.fixture
def page(chromium: Browser, shop: Server) -> Iterator[Page]:
    """A visitor of his own."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def found(chromium: Browser, shop: Server) -> list[dict[str, Any]]:
    """What an agent has before him; he only reads, so that still nobody is there for the visitors."""
    context = chromium.new_context(extra_http_headers={"Origin": shop.url, "Aparte-Console": "1"})
    assert context.request.post(shop.url + "/api/v1/session", data={"demo": True}).ok
    answer = context.request.get(shop.url + "/api/v1/requests").json()
    context.close()
    return list(answer)


def test_a_message_that_is_left_when_nobody_is_there_is_before_the_next_agent(
    chromium: Browser, shop: Server, page: Page
) -> None:
    page.goto(shop.url + CART)
    page.get_by_role("button", name="Une question ?").click()
    expect(page.locator("aparte-widget [role=status]")).to_contain_text("Personne n’est disponible")
    page.get_by_role("button", name="Laisser un message").click()
    email = page.get_by_role("textbox", name="Adresse e-mail")
    email.fill("lea@example")
    page.get_by_role("textbox", name="Votre message").fill("Le M taille petit ?")
    page.get_by_role("textbox", name="Votre nom").fill("Léa Martin")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_have_text("Vérifiez cette adresse")
    email.fill("lea@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Nous vous répondrons par e-mail")).to_be_visible()
    [left] = [one for one in found(chromium, shop) if one["kind"] == "message"]
    assert (left["name"], left["email"], left["body"]) == ("Léa Martin", "lea@example.org", "Le M taille petit ?")


def test_whoever_waits_in_vain_leaves_the_queue_with_a_call_to_come(
    chromium: Browser, shop: Server, page: Page
) -> None:
    page.goto(shop.url + CART)
    page.get_by_role("button", name="Une question ?").click()
    page.get_by_role("textbox", name="Votre message").fill("Bonjour")
    page.keyboard.press("Enter")
    header = page.locator("aparte-widget header")
    expect(header).to_contain_text("N° 1 dans la file, durée d’attente inconnue")
    page.get_by_role("button", name="Être rappelé").click()
    page.get_by_role("textbox", name="Téléphone").fill("06 12 34 56 78")
    page.get_by_role("textbox", name="Quand vous appeler ?").fill("ce soir après 18 h")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Nous vous appellerons")).to_be_visible()
    page.get_by_role("button", name="Fermer").click()
    [left] = [one for one in found(chromium, shop) if one["wanted"]]
    assert (left["phone"], left["wanted"]) == ("0612345678", "ce soir après 18 h")
    assert left["conv"]
    page.reload()
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()


@pytest.mark.covers("S1-100")
def test_an_accepted_offer_of_a_call_becomes_one_request_with_its_number(
    chromium: Browser, shop: Server, page: Page
) -> None:
    page.goto(shop.url + SHIRT)
    page.get_by_role("button", name="Ajouter").first.click()
    expect(page.locator("header").first).to_contain_text("1")
    with page.expect_response("**/v1/pulse"):
        page.goto(shop.url + CART)
    page.reload()
    expect(page.get_by_text(OFFER)).to_be_visible(timeout=PATIENCE)
    yes = page.get_by_role("button", name="Être rappelé")
    assert yes.evaluate("(it) => getComputedStyle(it).backgroundColor") == "rgb(255, 213, 79)"
    page.get_by_role("button", name="Être rappelé").click()
    expect(page.get_by_role("textbox", name="Téléphone")).to_be_focused()
    page.reload()
    page.get_by_role("textbox", name="Téléphone").fill("+33 (0)6 98 76 54 32")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Nous vous appellerons")).to_be_visible()
    [asked] = [one for one in found(chromium, shop) if one["engagement"]]
    assert (asked["kind"], asked["phone"]) == ("callback", "+33698765432")
