"""The settings of the site in a real browser: what is typed is judged at its field, what is saved is seen at once."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import re
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from admin_pages import inside, said, server  # noqa: F401
from admin_server import AdminServer
from console_pages import opened, page  # noqa: F401
from msgspec.structs import replace
from playwright.sync_api import Browser, Locator, Page, expect
from shop_page import until
from test_admin_settings import violations


def saves(main: Locator) -> None:
    main.get_by_role("button", name=re.compile("^(Enregistrer|Save)$")).click()


def test_an_admin_sets_name_times_and_look_and_only_what_differs_is_sent(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/site")
    expect(main.get_by_role("heading", level=2)).to_have_text("Réglages de Maison Lin")
    expect(main.get_by_role("button", name="Enregistrer")).to_be_disabled()
    main.get_by_label("Nom", exact=True).fill("Maison Lin Paris")
    main.get_by_label("Première réponse").fill("45")
    main.get_by_label("Couleur", exact=True).fill("#0B5CAD")
    main.get_by_label("Texte dessus", exact=True).fill("#FFFFFF")
    main.get_by_label("Côté").select_option("gauche")
    main.get_by_label("Pages qui peuvent").fill("https://maison-lin.example\nhttps://Lin.example/")
    main.get_by_label("Répondre seulement").check()
    saves(main)
    said(page, "Enregistré.")
    expect(main.get_by_role("heading", level=2)).to_have_text("Réglages de Maison Lin Paris")
    expect(main.get_by_label("Pages qui peuvent")).to_have_value("https://maison-lin.example\nhttps://lin.example")
    expect(main.get_by_role("button", name="Enregistrer")).to_be_disabled()
    [sent] = server.settings_wanted
    assert sent.pop("revision")
    assert sent == {
        "name": "Maison Lin Paris", "mode": "reactive", "answer_s": 45,
        "origins": ["https://maison-lin.example", "https://Lin.example/"],
        "look": {"colour": "#0B5CAD", "on_colour": "#FFFFFF", "position": "left"},
    }  # fmt: skip
    assert (server.site.answer_s, server.site.look.colour, server.site.queue_s) == (45, "#0B5CAD", 180)


def test_what_is_wrong_is_said_at_its_field_which_gets_the_cursor(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/site")
    zone = main.get_by_label("Fuseau horaire")
    zone.fill("Paris")
    main.get_by_label("Attente longue").fill("un peu")
    main.get_by_label("Texte dessus", exact=True).fill("#8A4070")
    expect(main.get_by_text("il faut 4,5")).to_be_visible()
    saves(main)
    expect(main.get_by_role("alert")).to_contain_text("Rien n’est enregistré")
    expect(zone).to_be_focused()
    expect(zone).to_have_attribute("aria-invalid", "true")
    expect(zone).to_have_accessible_description(re.compile("Europe/Paris"))
    expect(main.get_by_label("Attente longue")).to_have_accessible_description(re.compile("Écrivez de 10 à 7200"))
    expect(main.get_by_label("Texte dessus", exact=True)).to_have_accessible_description(
        re.compile("Trop peu de contr")
    )
    assert server.site.time_zone == "Europe/Paris"
    zone.fill("Europe/Zurich")
    main.get_by_label("Attente longue").fill("90")
    main.get_by_label("Texte dessus", exact=True).fill("#FFFFFF")
    expect(zone).not_to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Enter")
    said(page, "Enregistré.")
    assert (server.site.time_zone, server.site.queue_s) == ("Europe/Zurich", 90)


def test_the_preview_wears_what_is_typed_and_words_of_one_s_own(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/site")
    preview = main.locator(".look-shop")
    main.get_by_label("Couleur", exact=True).fill("#0B5CAD")
    expect(preview.locator(".look-main")).to_have_css("background-color", "rgb(11, 92, 173)")
    main.get_by_label("Arrondi").fill("4")
    expect(preview.locator(".look-card")).to_have_css("border-radius", "4px")
    main.get_by_role("button", name="Remplacer un mot").click()
    main.get_by_role("combobox", name="Mot", exact=True).select_option("launcher")
    main.get_by_label("Texte de launcher").fill("Besoin d’aide ?")
    expect(preview.locator(".look-launcher")).to_have_text("Besoin d’aide ?")
    main.get_by_label("Un bouton ouvre").uncheck()
    expect(preview.locator(".look-launcher")).to_have_count(0)
    saves(main)
    said(page, "Enregistré.")
    assert server.site.words == {"fr": {"launcher": "Besoin d’aide ?"}}
    main.get_by_role("button", name="Retirer launcher").click()
    saves(main)
    expect(main.get_by_role("button", name="Enregistrer")).to_be_disabled()
    until(page, lambda: server.site.words == {})


def test_what_somebody_else_has_saved_meanwhile_stays_and_what_one_types_is_not_lost(
    page: Page, server: AdminServer
) -> None:
    main = inside(page, "#/settings/site")
    main.get_by_label("Première réponse").fill("45")
    server.site = replace(server.site, queue_s=60, name="Maison")
    saves(main)
    expect(main.get_by_role("alert")).to_contain_text("entre-temps")
    main.get_by_role("button", name="Relire, garder les miens").click()
    expect(main.get_by_label("Attente longue")).to_have_value("60")
    expect(main.get_by_label("Première réponse")).to_have_value("45")
    saves(main)
    said(page, "Enregistré.")
    assert (server.site.queue_s, server.site.answer_s, server.site.name) == (60, 45, "Maison")


def test_whoever_is_no_admin_has_no_such_part_and_mail_and_its_test_are_one_click_away(
    page: Page, server: AdminServer
) -> None:
    main = inside(page, "#/settings")
    parts = page.get_by_role("navigation", name="Parties").get_by_role("link")
    expect(parts.first).to_have_text("Site")
    main.get_by_role("link", name="Le serveur de mail, et un essai").click()
    expect(main.get_by_role("heading", name="Envoyer un essai")).to_be_visible()
    server.become("supervisor")
    page.reload()
    page.evaluate("location.hash = '#/settings/site'")
    expect(main).to_contain_text("Votre rôle n’ouvre pas cette partie")


def test_one_changes_one_s_own_name_whatever_the_role(page: Page, server: AdminServer) -> None:
    server.become("agent")
    main = inside(page, "#/account")
    main.get_by_label("Nom, tel que").fill("Camille D.")
    main.get_by_role("button", name="Enregistrer").first.click()
    said(page, "Votre nom est changé.")
    assert server.me["name"] == "Camille D."
    expect(main.get_by_role("button", name="Retirer l’image")).to_be_disabled()


@pytest.mark.parametrize(
    ("scheme", "width", "language"), [("light", 1440, "fr-FR"), ("dark", 1100, "en-GB"), ("dark", 390, "fr-FR")]
)
def test_axe_finds_nothing_with_faults_and_words_on_the_screen(
    browser: Browser, server: AdminServer, axe: str, scheme: Any, width: int, language: str, tmp_path: Any
) -> None:
    server.me["language"] = language[:2]
    server.site = replace(server.site, words={"fr": {"launcher": "Besoin d’aide ?", "team": "Nos tailleurs"}})
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 900}, locale=language,
        reduced_motion="reduce",
    )  # fmt: skip
    main = inside(page, "#/settings/site")
    main.get_by_label(re.compile("^(Devise|Currency)$")).fill("FF")
    main.get_by_label(re.compile("^(Texte dessus|Text on it)$")).fill("#8A4070")
    saves(main)
    expect(main.locator("[aria-invalid=true]")).to_have_count(2)
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": width, "height": 2_300})
    page.screenshot(path=tmp_path / "site.png")
    page.context.close()


@pytest.mark.covers("S1-07")
def test_an_admin_chooses_what_a_survey_asks_by_keyboard(page: Page, server: AdminServer, axe: str) -> None:
    """Seen to fail: the order of the questions follows that of the clicks."""
    main = inside(page, "#/settings/site")
    effort = main.get_by_label("Nous vous avons facilité les choses.")
    expect(effort).not_to_be_checked()
    effort.focus()
    page.keyboard.press("Space")
    main.get_by_label("Cette conversation vous a-t-elle aidé").uncheck()
    assert violations(page, axe) == []
    saves(main)
    said(page, "Enregistré.")
    assert server.site.survey == ("solved", "ces", "nps")
