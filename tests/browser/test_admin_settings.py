"""The settings of the console in a real browser: what each part does, whom it is shown to, how it looks."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import os
import re
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from admin_pages import PASSWORD, inside, said, server, sign_in  # noqa: F401
from admin_scene import now, person
from admin_server import AdminServer
from console_pages import opened, page  # noqa: F401
from playwright.sync_api import Browser, Page, expect
from shop_page import until

# -- the settings


def test_a_token_is_shown_once_and_dropped(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/tokens")
    expect(main.get_by_role("heading", level=2)).to_have_text("1 jeton ouvre l’API.")
    expect(main.get_by_role("listitem")).to_contain_text("par Inès Roy")
    main.get_by_role("button", name="Nouveau jeton").click()
    dialog = page.get_by_role("dialog", name="Nouveau jeton")
    dialog.get_by_label("Nom").fill("Bilan du soir")
    dialog.get_by_label("lire visiteurs").uncheck()
    dialog.get_by_role("button", name="Créer le jeton").click()
    expect(dialog.get_by_role("alert")).to_contain_text("au moins un droit")
    dialog.get_by_label("lire le journal").check()
    dialog.get_by_label("Valable").select_option("365")
    dialog.get_by_role("button", name="Créer le jeton").click()
    made = page.get_by_role("dialog", name="Jeton créé")
    expect(made).to_contain_text("apt_3nGxQ0v9sLkq7Zx")
    made.get_by_role("button", name="Copier").click()
    assert page.evaluate("navigator.clipboard.readText()") == "apt_3nGxQ0v9sLkq7Zx"
    made.get_by_role("button", name="C’est noté").click()
    assert server.api_tokens[-1]["scopes"] == ["audit"]
    assert abs(server.api_tokens[-1]["expires_at"] - now() - 365 * 86_400_000) < 120_000
    expect(page.locator("body")).not_to_contain_text("apt_3nGx")
    main.get_by_role("button", name="Retirer Bilan du soir").click()
    page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(main.get_by_role("listitem")).to_have_count(1)


def test_a_webhook_is_made_tested_renewed_and_removed(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/webhooks")
    expect(main.get_by_role("heading", level=2)).to_have_text("2 webhooks, dont 1 en échec.")
    expect(main.locator(".hook").first).to_contain_text("timeout")
    main.get_by_role("button", name="Nouveau webhook").click()
    dialog = page.get_by_role("dialog", name="Nouveau webhook")
    dialog.get_by_label("Adresse").fill("https://127.0.0.1/x")
    dialog.get_by_label("avis donné").check()
    dialog.get_by_role("button", name="Créer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("https d’internet")
    dialog.get_by_label("Adresse").fill("https://bi.maison-lin.example/in")
    dialog.get_by_role("button", name="Créer").click()
    once = page.get_by_role("dialog", name="Secret de signature")
    expect(once).to_contain_text("whsec_first_9kQa")
    once.get_by_role("button", name="C’est noté").click()
    assert server.hooks[-1]["events"] == ["survey.answered"]
    hook = main.locator(".hook").last
    hook.get_by_role("button", name="Essayer").click()
    expect(hook.locator(".deliveries")).to_contain_text("arrivé")
    hook.get_by_role("button", name="Nouveau secret").click()
    page.get_by_role("dialog").get_by_role("button", name="Nouveau secret").click()
    expect(once).to_contain_text("whsec_second_Zz42")
    once.get_by_role("button", name="C’est noté").click()
    hook.get_by_role("button", name="Modifier bi.maison-lin.example").click()
    page.get_by_role("dialog").get_by_label("Actif").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Enregistrer").click()
    expect(hook).to_contain_text("arrêté")
    hook.get_by_role("button", name="Retirer bi.maison-lin.example").click()
    page.get_by_role("dialog").get_by_role("button", name="Retirer").click()
    expect(main.locator(".hook")).to_have_count(2)


def test_mail_is_tested_and_what_was_given_up_is_sent_again(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/mail")
    expect(main.get_by_role("heading", level=2)).to_contain_text("smtp.maison-lin.example")
    main.get_by_label("Qui reçoit").fill("boutique@maison-lin.example")
    main.get_by_role("button", name="Enregistrer").click()
    said(page, "Enregistré.")
    assert server.smtp["to"] == "boutique@maison-lin.example"
    main.get_by_role("button", name="Envoyer").click()
    expect(main.get_by_text("250 2.0.0 Ok")).to_be_visible()
    server.smtp_answer = "535 authentication failed"
    main.get_by_role("button", name="Envoyer").click()
    expect(main.get_by_role("alert").last).to_contain_text("535 authentication failed")
    page.get_by_role("link", name="Envois abandonnés").click()
    expect(main.get_by_role("heading", level=2)).to_have_text("2 envois abandonnés.")
    main.get_by_role("button", name="Renvoyer\u00a0: crm.maison-lin.example").click()
    expect(main.get_by_role("heading", level=2)).to_have_text("1 envoi abandonné.")
    assert [one["state"] for one in server.left] == ["pending", "dead", "pending"]


def test_the_log_is_filtered_and_turned_page_by_page(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/audit")
    rows = main.locator("tbody tr")
    expect(rows).to_have_count(50)
    main.get_by_role("button", name="Plus anciennes").click()
    expect(rows).to_have_count(70)
    expect(main.get_by_role("button", name="Plus anciennes")).to_have_count(0)
    main.get_by_role("combobox", name="Qui").select_option("Inès Roy")
    expect(rows).to_have_count(35)
    main.get_by_role("combobox", name="Geste").select_option("est entré")
    expect(main).to_contain_text("Aucune ligne")
    main.get_by_role("combobox", name="Geste").select_option("transcription lue")
    main.get_by_label("Objet").fill("c4")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    expect(main).to_contain_text("aparte audit verify")


def test_a_lead_writes_codes_and_tags(page: Page, server: AdminServer) -> None:
    server.become("supervisor")
    main = inside(page, "#/settings")
    expect(page.get_by_role("navigation", name="Parties").get_by_role("link")).to_have_text(["Conversations", "Bons"])
    expect(main).to_contain_text("critique après 1:30")
    main.get_by_label("Exigé").check()
    main.get_by_role("button", name="Ajouter un code").click()
    row = main.get_by_role("list", name="Codes").get_by_role("listitem").last
    row.get_by_label("Libellé français").fill("Rendez-vous pris")
    main.get_by_role("button", name="Enregistrer").first.click()
    expect(main.get_by_role("alert").first).to_contain_text("deux langues")
    row.get_by_label("Libellé anglais").fill("Appointment")
    row.get_by_label("Issue").select_option("contact")
    row.get_by_role("button", name="Monter").click()
    main.get_by_role("button", name="Enregistrer").first.click()
    expect(main.get_by_role("heading", level=2)).to_have_text("Aucune conversation ne se clôt sans code.")
    assert [one["id"] for one in server.codes["codes"]] == ["sold", "appointment", "not_bought"]
    assert server.codes["codes"][1]["outcome"] == "lead"
    main.get_by_label("Nouvelle étiquette").fill("échange")
    page.keyboard.press("Enter")
    main.get_by_role("button", name="Retirer taille").click()
    main.get_by_label("Les conseillers peuvent").uncheck()
    main.get_by_role("button", name="Enregistrer").last.click()
    said(page, "Enregistré.")
    until(page, lambda: server.tags == {"tags": ["livraison", "échange"], "free": False})


def test_coupons_are_offered_with_what_became_of_them(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/settings/coupons")
    expect(main.get_by_role("heading", level=2)).to_have_text("1 bon est offert.")
    expect(main).to_contain_text("42 donnés, 17 utilisés, 93,50\u00a0€ accordés")
    main.get_by_role("button", name="Ajouter un bon").click()
    fresh = main.get_by_role("group", name="Nouveau bon")
    fresh.get_by_label("Vaut").select_option("amount")
    fresh.get_by_label("Montant (EUR)").fill("7.5")
    fresh.get_by_label("Codes au plus").fill("20")
    main.get_by_role("button", name="Enregistrer").click()
    expect(main.get_by_role("alert")).to_contain_text("un nom dans les deux langues")
    fresh.get_by_label("Libellé français").fill("Sept euros cinquante")
    main.get_by_role("group", name="Sept euros cinquante").get_by_label("Libellé anglais").fill("Seven fifty")
    main.get_by_role("button", name="Enregistrer").click()
    said(page, "Enregistré.")
    one = server.coupons[1]
    assert (one["id"], one["amount"], one["currency"], one["percent"]) == ("seven_fifty", 750, "EUR", 0)
    assert (one["budget"], one["valid_days"], one["active"]) == (20, 7, True)
    expect(main.get_by_role("heading", level=2)).to_have_text("2 bons sont offerts.")
    if folder := os.environ.get("APARTE_PICTURES"):
        page.screenshot(path=f"{folder}/coupons-settings.png")


@pytest.mark.parametrize("role", ["agent", "analyst"])
def test_whoever_has_no_right_changes_nothing(page: Page, server: AdminServer, role: str) -> None:
    server.become(role)
    main = inside(page, "#/settings/conversations")
    expect(page.get_by_role("link", name="Réglages")).to_have_count(0)
    expect(main).to_contain_text("Vous pouvez tout lire ici")
    expect(main.get_by_label("Exigé")).to_be_disabled()
    expect(main.get_by_role("button", name="Enregistrer")).to_have_count(0)
    page.evaluate("location.hash = '#/settings/tokens'")
    expect(main).to_contain_text("Votre rôle n’ouvre pas cette partie")
    page.evaluate("location.hash = '#/account'")
    expect(page.get_by_label("Nom, tel que")).to_be_editable()  # one's own name is one's own
    expect(page.get_by_role("combobox", name="Statut")).to_have_count(0 if role == "analyst" else 1)
    page.evaluate("location.hash = '#/team'")
    page.get_by_role("button", name="Voir Inès Roy").click()
    expect(page.get_by_role("dialog", name="Inès Roy").get_by_text("Accès")).to_have_count(0)


def test_the_words_of_the_other_language_come_when_it_is_chosen(page: Page, server: AdminServer) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url.rpartition("/")[2]))
    inside(page, "#/account")
    expect(page.get_by_role("heading", name="Second facteur")).to_be_visible()
    assert not [name for name in fetched if name.startswith("console-en-")]
    page.route("**/console-en-*", lambda route: route.abort())
    page.get_by_label("Langue de la console").select_option("en")
    said(page, "Le serveur ne répond pas")
    expect(page.get_by_role("heading", name="Second facteur")).to_be_visible()
    page.unroute("**/console-en-*")
    page.reload()
    page.get_by_label("Langue de la console").select_option("en")
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    page.evaluate("location.hash = '#/team'")
    expect(page.get_by_role("region", name="Agents")).to_be_visible()


def test_a_part_that_does_not_come_is_said_and_asked_again(page: Page, server: AdminServer) -> None:
    server.dead_server = True
    main = inside(page, "#/settings/tokens")
    expect(main).to_contain_text("n’est pas arrivée")
    server.dead_server = False
    main.get_by_role("button", name="Réessayer").click()
    expect(main.get_by_role("heading", level=2)).to_have_text("1 jeton ouvre l’API.")


def test_the_site_is_changed_in_the_head_unless_conversations_are_open(page: Page, server: AdminServer) -> None:
    server.me["sites"].append({"id": "lyon", "name": "Maison Lyon"})
    server.open_here = True
    inside(page, "#/account")
    choice = page.get_by_role("combobox", name="Site")
    choice.select_option("Maison Lyon")
    said(page, "des conversations ouvertes ici")
    expect(choice).to_have_value("demo")
    server.open_here = False
    choice.select_option("Maison Lyon")
    expect(choice).to_have_value("lyon")
    assert server.me["site"]["id"] == "lyon"


# -- how it looks


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}"[:500] for one in found]


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1440, "fr-FR"), ("dark", 390, "en-GB")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, server: AdminServer, axe: str, scheme: Any, width: int, language: str
) -> None:
    server.me["language"] = language[:2]
    server.me["sites"].append({"id": "lyon", "name": "Maison Lyon"})
    server.staff.append(person("a9", "Somebody with a rather long name indeed", totp=True))
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 900}, locale=language,
        reduced_motion="reduce",
    )  # fmt: skip

    def clean() -> None:
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    expect(page.get_by_role("button", name=re.compile("oublié|Forgotten"))).to_be_visible()
    clean()
    inside(page, "#/account")
    page.get_by_role("button", name=re.compile("^(Activer|Turn on)$")).click()
    expect(page.locator(".qr")).to_be_visible()
    clean()
    for part in ("site", "conversations", "coupons", "tokens", "webhooks", "mail", "outbox", "audit"):
        page.evaluate("part => { location.hash = `#/settings/${part}` }", part)
        expect(page.locator(".part-body h2")).to_be_visible()
        expect(page.locator(".part-body .loading")).to_have_count(0)
        clean()
    page.evaluate("location.hash = '#/team'")
    page.get_by_role("button", name=re.compile("(Modifier|Change) Inès Roy")).click()
    expect(page.locator(".access .actions")).to_be_visible()
    clean()
    page.evaluate("location.hash = '#invite=x'")
    expect(page.get_by_role("button", name=re.compile("Garder|Keep"))).to_be_visible()
    clean()
    page.context.close()
