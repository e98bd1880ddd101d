"""The library in a real browser: the menu of `/`, what stands beside the thread, the screen with its editors."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import choose, enter, opened, page  # noqa: F401
from console_server import ConsoleServer
from library_scene import fill_library
from playwright.sync_api import Browser, Locator, Page, expect
from shop_page import until
from test_console import violations


@pytest.fixture
def server() -> Iterator[ConsoleServer]:
    with ConsoleServer() as running:
        fill_library(running)
        yield running


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Répondre au visiteur")


def menu(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Réponses enregistrées")


def lead(page: Page, server: ConsoleServer, address: str = "library") -> None:
    """Signs in as a supervisor and goes to the screen."""
    server.me["role"] = "supervisor"
    enter(page)
    page.get_by_role("link", name=re.compile("Bibliothèque")).click()
    expect(page.get_by_role("heading", name="5 réponses, 1 script et 3 articles")).to_be_visible()


def picture(page: Page, name: str) -> None:
    """Keeps a picture where somebody wants to look at it."""
    if os.environ.get("APARTE_PICTURES"):
        page.screenshot(path=Path(os.environ["APARTE_PICTURES"]) / f"{name}.png")


# ---- the menu of the composer


def test_the_menu_is_used_by_the_keyboard_alone(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    page.keyboard.press("Alt+l")
    page.keyboard.type("/livr")
    options = menu(page).get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", "canned-r1")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".canned-preview")).to_contain_text("votre panier est à 104,70\u00a0€.")
    picture(page, "menu")
    page.keyboard.press("Tab")
    expect(menu(page)).to_have_count(0)
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("Offerte dès 120 € : votre panier est à 104,70\u00a0€.")
    page.keyboard.type(" /bonj")
    expect(menu(page).get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value(re.compile("104,70\u00a0€. Bonjour et bienvenue, Camille à votre écoute.$"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Bonjour et bienvenue")
    until(page, lambda: len(server.library.used) == 2)
    assert server.library.used == [("reply", "r2"), ("reply", "r3")]


def test_escape_closes_the_menu_and_leaves_what_was_typed(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    field(page).focus()
    page.keyboard.type("/")
    expect(menu(page).get_by_role("option")).to_have_count(4)
    expect(menu(page).get_by_role("option").first).to_contain_text("/bonjour")
    page.keyboard.press("Escape")
    expect(menu(page)).to_have_count(0)
    page.keyboard.type("r")
    expect(menu(page)).to_have_count(0)
    expect(field(page)).to_have_value("/r")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.type("a/b et/ou")
    expect(menu(page)).to_have_count(0)
    page.keyboard.type(" /zzz")
    expect(page.locator(".canned-none")).to_contain_text("Rien ne répond")
    page.keyboard.press("Enter")
    until(page, lambda: server.texts("c1")[-1] == "a/b et/ou /zzz")


def test_a_value_that_is_missing_is_said_before_it_is_sent(page: Page) -> None:
    enter(page)
    choose(page)
    page.get_by_role("button", name="Modèles").click()
    page.keyboard.type("rem")
    expect(page.locator(".canned-missing")).to_contain_text("le nom du visiteur")
    menu(page).get_by_role("option").click()
    expect(field(page)).to_have_value("Bonjour , voici un geste pour vous.\nIl vaut sept jours.")


def test_a_note_has_no_menu(page: Page) -> None:
    enter(page)
    choose(page)
    page.keyboard.press("Alt+p")
    page.keyboard.type("/livr")
    expect(menu(page)).to_have_count(0)


# ---- beside the thread


@pytest.mark.covers("S0-51", "S1-48")
def test_an_article_is_proposed_when_the_visitor_writes_and_goes_into_the_answer(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    choose(page)
    aids = page.get_by_role("region", name="Articles", exact=True)
    server.say("c1", "visitor", "Comment je retourne un article trop petit ?")
    title = aids.get_by_role("button", name="Retourner un article", exact=True)
    expect(title).to_be_visible()
    expect(aids.get_by_role("button", name="Laver le lin")).to_have_count(0)
    title.click()
    expect(aids.get_by_role("link", name="formulaire")).to_have_attribute("href", "/retours")
    picture(page, "proposal")
    aids.get_by_role("button", name="Insérer le texte de Retourner un article").click()
    expect(field(page)).to_have_value("Vous avez 30 jours.\n\nLe formulaire (/retours) suffit.")
    expect(field(page)).to_be_focused()
    field(page).fill("Voici")
    server.say("c1", "visitor", "Et les frais de livraison ?")
    aids.get_by_role("button", name="Insérer le lien de Délais et frais de livraison").click()
    expect(field(page)).to_have_value(re.compile("^Voici\nDélais et frais de livraison\u00a0: https?://.*/livraison$"))
    aids.get_by_role("searchbox").fill("lin")
    expect(aids.get_by_role("button", name="Laver le lin", exact=True)).to_be_visible()


def test_a_script_is_walked_step_by_step(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    scripts = page.get_by_role("region", name="Scripts guidés")
    scripts.get_by_role("button", name="Retour d’un article").click()
    expect(field(page)).to_have_value("Quel est votre numéro de commande ?")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")
    scripts.get_by_role("button", name="Il l’a").click()
    expect(field(page)).to_have_value("Merci. Quel article souhaitez-vous rendre ?")
    picture(page, "script")
    scripts.get_by_role("button", name="Revenir").click()
    expect(scripts.get_by_role("button", name="Il ne l’a pas")).to_be_visible()
    scripts.get_by_role("button", name="Il ne l’a pas").click()
    expect(scripts.get_by_text("Le script finit ici.")).to_be_visible()
    page.get_by_role("button", name="Visiteur 4790").click()
    page.get_by_role("button", name="Visiteur 4812").click()
    expect(scripts.get_by_text("Le script finit ici.")).to_be_visible()
    scripts.get_by_role("button", name="Quitter le script").click()
    expect(scripts.get_by_role("button", name="Retour d’un article")).to_be_visible()


# ---- the screen


def test_who_leads_saves_a_reply_and_hears_what_is_wrong_with_it(page: Page, server: ConsoleServer) -> None:
    lead(page, server)
    page.get_by_role("button", name="Nouvelle réponse").click()
    dialog = page.get_by_role("dialog", name="Nouvelle réponse")
    dialog.get_by_label("Raccourci").fill("Livraison")
    dialog.get_by_label("Titre").fill("Délais")
    dialog.get_by_label("Texte").fill("Bonjour {nom}")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ligne 1, caractère 9")
    dialog.get_by_label("Texte").fill("Bonjour ")
    dialog.get_by_role("button", name=re.compile("Insérer {visitor}")).click()
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("a ce raccourci")
    dialog.get_by_label("Raccourci").fill("délais")
    picture(page, "reply-editor")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="/délais")).to_contain_text("Bonjour {visitor}")
    page.get_by_role("button", name="/délais").click()
    dialog = page.get_by_role("dialog", name="Réponse")
    dialog.get_by_role("button", name="Supprimer").click()
    dialog.get_by_role("button", name="Supprimer pour de bon").click()
    expect(page.get_by_role("button", name="/délais")).to_have_count(0)
    assert len(server.library.replies) == 5


def test_who_leads_saves_a_script_and_an_article(page: Page, server: ConsoleServer) -> None:
    lead(page, server)
    page.get_by_role("button", name="Scripts").click()
    page.get_by_role("button", name="Nouveau script").click()
    dialog = page.get_by_role("dialog", name="Nouveau script")
    dialog.get_by_label("Titre").fill("Taille")
    dialog.get_by_role("button", name="Ajouter une étape").click()
    says = dialog.get_by_role("textbox", name=re.compile("Étape"))
    says.nth(0).fill("Quelle taille portez-vous ?")
    says.nth(1).fill("Prenez le L.")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("n’est atteinte par aucune réponse")
    dialog.get_by_role("button", name="Ajouter une réponse").first.click()
    dialog.get_by_role("textbox", name="Réponse du visiteur").fill("Entre M et L")
    picture(page, "script-editor")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("row", name=re.compile("Taille"))).to_be_visible()
    [script] = [one for one in server.library.scripts.values() if one.title == "Taille"]
    assert [(one.label, one.to) for one in script.steps[0].next] == [("Entre M et L", script.steps[1].id)]
    page.get_by_role("button", name="Articles").click()
    page.get_by_role("button", name="Laver le lin").click()
    dialog = page.get_by_role("dialog", name="Article")
    dialog.get_by_label("Texte").fill("Voir [le guide](javascript:alert)")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ligne 1, caractère 6")
    dialog.get_by_label("Texte").fill("Voir [le guide](https://shop.example/lin)")
    dialog.get_by_label("Étiquettes").fill("entretien, lin")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.library.articles["k3"].tags == ("entretien", "lin")


def test_an_agent_reads_and_changes_nothing(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.goto(f"{server.url}/console#/library")
    expect(page.get_by_text("Les superviseurs changent la bibliothèque.")).to_be_visible()
    expect(page.get_by_role("button", name="Nouvelle réponse")).to_have_count(0)
    page.get_by_role("button", name="/remise").click()
    dialog = page.get_by_role("dialog", name="Réponse")
    expect(dialog.get_by_label("Texte")).to_have_attribute("readonly", "")
    expect(dialog.get_by_role("button", name="Enregistrer")).to_have_count(0)
    dialog.get_by_role("button", name="Fermer").click()
    page.get_by_role("button", name="Articles").click()
    page.get_by_role("searchbox", name="Chercher").fill("delais livraison")
    page.get_by_role("button", name="Délais et frais de livraison").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)


# ---- for everybody


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "dark")])
def test_axe_finds_nothing_in_the_library(
    browser: Browser, server: ConsoleServer, axe: str, scheme: Any, width: int
) -> None:
    server.me["role"] = "supervisor"
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    enter(page)
    choose(page)
    server.say("c1", "visitor", "Comment retourner un article ?")
    field(page).fill("/")
    expect(menu(page).get_by_role("option").first).to_be_visible()
    assert violations(page, axe) == []
    picture(page, f"menu-{width}-{scheme}")
    page.keyboard.press("Escape")
    if width < 900:
        page.get_by_role("button", name="Contexte").first.click()
    expect(page.get_by_role("button", name="Retourner un article", exact=True)).to_be_visible()
    page.get_by_role("button", name="Retourner un article", exact=True).click()
    page.get_by_role("region", name="Scripts guidés").get_by_role("button").first.click()
    if width < 900:
        expect(field(page)).to_be_visible()
        page.get_by_role("button", name="Contexte").first.click()
    expect(page.locator(".walk")).to_be_visible()
    assert violations(page, axe) == []
    picture(page, f"aids-{width}-{scheme}")
    page.goto(f"{server.url}/console#/library")
    expect(page.locator(".shelf")).to_be_visible()
    assert violations(page, axe) == []
    picture(page, f"library-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for shelf, button in (("Réponses", "/remise"), ("Scripts", "Retour d’un article"), ("Articles", "Laver le lin")):
        page.get_by_role("group", name="Rayons de la bibliothèque").get_by_role("button", name=shelf).click()
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert violations(page, axe) == []
        picture(page, f"editor-{button.strip('/')}-{width}-{scheme}")
        page.keyboard.press("Escape")
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def test_the_library_is_there_in_english(browser: Browser, server: ConsoleServer) -> None:
    server.me["language"] = "en"
    page = opened(browser, server, locale="en-GB")
    page.get_by_role("button", name="Enter as Camille").click()
    page.get_by_role("button", name="Visitor 4812").click()
    page.get_by_role("textbox", name="Reply to visitor").fill("/")
    expect(page.get_by_role("listbox", name="Canned replies").get_by_role("option")).to_have_count(4)
    expect(page.locator(".canned-preview")).to_contain_text("used 14 times")
    page.get_by_role("link", name=re.compile("Library")).click()
    expect(page.get_by_role("heading", name="5 replies, 1 script and 3 articles")).to_be_visible()
    expect(page.get_by_text("Supervisors change the library.")).to_be_visible()
    page.context.close()
