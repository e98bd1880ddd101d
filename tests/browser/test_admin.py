"""Staff security, the account and the settings of the console in a real browser."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from admin_scene import fill_admin, now, person
from admin_server import AdminServer, totp
from console_pages import opened, page  # noqa: F401
from playwright.sync_api import Browser, Locator, Page, expect

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


# -- in and out


def test_a_code_is_asked_after_the_password_and_a_recovery_code_opens_once(page: Page, server: AdminServer) -> None:
    server.post_me_totp()
    server.confirmed, server.recovery = True, ["abcd-efgh-ijkl"]
    sign_in(page, "wrong horse")
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    sign_in(page)
    field = page.get_by_label("Code à six chiffres")
    expect(field).to_be_focused()
    assert field.get_attribute("autocomplete") == "one-time-code"
    field.fill("000000")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ce code n’ouvre pas")
    page.get_by_role("button", name="Entrer avec un code de secours").click()
    field = page.get_by_label("Code de secours")
    expect(field).to_be_focused()
    field.fill(" abcd-efgh-ijkl ")
    field.press("Enter")
    expect(page.get_by_role("navigation", name="Écrans")).to_be_visible()
    assert server.recovery == []


def test_a_forgotten_password_is_set_by_the_link_and_a_used_link_is_said(
    page: Page, server: AdminServer, browser: Browser
) -> None:
    page.get_by_role("button", name="Mot de passe oublié").click()
    page.get_by_label("Adresse e-mail").fill("camille@maison-lin.example")
    page.get_by_role("button", name="Envoyer le lien").click()
    expect(page.get_by_text("Si quelqu’un porte cette adresse")).to_be_visible()
    assert server.asked == ["camille@maison-lin.example"]
    server.links["tok"] = "a1"
    page.evaluate("location.hash = '#reset=tok'")
    page.get_by_label("Nouveau mot de passe").fill("aaaaaaaaaaaa")
    page.get_by_label("Encore une fois").fill("another one")
    page.get_by_role("button", name="Garder ce mot de passe").click()
    expect(page.get_by_role("alert")).to_contain_text("pas les mêmes")
    page.get_by_label("Encore une fois").fill("aaaaaaaaaaaa")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("trop faible")
    for label in ("Nouveau mot de passe", "Encore une fois"):
        page.get_by_label(label).fill("battery staple 9")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Entrer").click()
    sign_in(page, "battery staple 9")
    expect(page.get_by_role("navigation", name="Écrans")).to_be_visible()
    page.evaluate("location.hash = '#invite=tok'")
    expect(page.get_by_role("heading", name="Bienvenue dans l’équipe")).to_be_visible()
    for label in ("Nouveau mot de passe", "Encore une fois"):
        page.get_by_label(label).fill("battery staple 9")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("n’est plus valable")
    page.get_by_role("button", name="Demander un autre lien").click()
    expect(page.get_by_role("heading", name="Mot de passe oublié")).to_be_visible()


# -- the account


def test_the_second_factor_is_set_up_by_its_square_and_taken_off_by_the_password(
    page: Page, server: AdminServer
) -> None:
    inside(page, "#/account")
    part = page.get_by_role("region", name="Second facteur")
    part.get_by_role("button", name="Activer").click()
    expect(part.get_by_role("img", name="Carré à viser")).to_be_visible()
    assert part.locator("code").inner_text().replace(" ", "") == server.secret
    part.get_by_label("Code à six chiffres").fill("123")
    part.get_by_role("button", name="Confirmer").click()
    part.get_by_label("Code à six chiffres").fill("000 000")
    part.get_by_role("button", name="Confirmer").click()
    expect(part.get_by_role("alert")).to_contain_text("pas le code de maintenant")
    part.get_by_label("Code à six chiffres").fill(totp(server.secret))
    part.get_by_role("button", name="Confirmer").click()
    expect(part.get_by_role("listitem")).to_have_count(10)
    part.get_by_role("button", name="Copier").click()
    said(page, "Copié.")
    assert page.evaluate("navigator.clipboard.readText()").split() == server.recovery
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Sessions")).to_be_hidden()
    expect(part.get_by_role("listitem").first).to_be_visible()
    page.emulate_media(media="screen")
    part.get_by_role("button", name="C’est noté").click()
    expect(part).to_contain_text("10 codes de secours")
    part.get_by_role("button", name="Désactiver").click()
    part.get_by_label("Votre mot de passe").fill("wrong")
    page.keyboard.press("Enter")
    expect(part.get_by_role("alert")).to_contain_text("pas votre mot de passe")
    part.get_by_label("Votre mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(part.get_by_role("button", name="Activer")).to_be_visible()
    assert not server.confirmed


def test_one_changes_password_name_picture_and_ends_other_sessions(page: Page, server: AdminServer) -> None:
    main = inside(page, "#/account")
    sessions = main.get_by_role("region", name="Sessions")
    expect(sessions.get_by_role("listitem")).to_have_count(3)
    expect(sessions.get_by_role("listitem").first).to_contain_text("Chrome sur Linux")
    sessions.get_by_role("button", name="Terminer la session Safari sur iOS").click()
    expect(sessions.get_by_role("listitem")).to_have_count(2)
    sessions.get_by_role("button", name="Terminer toutes les autres").click()
    expect(sessions.get_by_role("listitem")).to_have_count(1)
    assert [one["id"] for one in server.sessions] == ["s1"]

    password = main.get_by_role("region", name="Mot de passe")
    password.get_by_label("Mot de passe actuel").fill(PASSWORD)
    password.get_by_label("Nouveau mot de passe").fill("battery staple 9")
    page.keyboard.press("Enter")
    said(page, "Mot de passe changé.")
    assert server.password == "battery staple 9"
    kinds = page.eval_on_selector_all("input[autocomplete]", "all => all.map(one => one.autocomplete)")
    assert {"username", "current-password", "new-password"} <= set(kinds)

    main.get_by_label("Nom, tel que").fill("Camille D.")
    main.get_by_role("button", name="Enregistrer").click()
    said(page, "Votre nom est changé.")
    assert server.someone("a1")["name"] == "Camille D."
    picture = page.get_by_label("Image que voient")
    picture.set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"no picture at all"})
    expect(main.get_by_role("alert").filter(has_text="pas une image")).to_be_visible()
    picture.set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": page.screenshot()})
    expect(main.get_by_role("img", name="Votre image")).to_be_visible()
    assert server.picture.startswith(b"\xff\xd8\xff")
    main.get_by_role("button", name="Retirer l’image").click()
    expect(main.get_by_role("img", name="Votre image")).to_have_count(0)
    assert server.picture == b""


# -- the team


def test_somebody_new_comes_by_a_link_that_is_shown_once(page: Page, server: AdminServer) -> None:
    server.me["sites"].append({"id": "lyon", "name": "Maison Lyon"})
    inside(page, "#/team")
    page.get_by_role("button", name="Ajouter quelqu’un").click()
    dialog = page.get_by_role("dialog", name="Ajouter quelqu’un")
    dialog.get_by_label("Nom, tel que").fill("Ali Nord")
    dialog.get_by_label("Adresse e-mail").fill("ali@maison-lin.example")
    dialog.get_by_label("Maison Lyon").check()
    dialog.get_by_role("button", name="Ajouter", exact=True).click()
    link = page.get_by_role("dialog", name="Lien pour Ali Nord")
    expect(link).to_contain_text("#invite=inv-")
    page.keyboard.press("Escape")
    expect(link).to_be_visible()
    link.get_by_role("button", name="C’est noté").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.staff[-1]["sites"] == ["lyon"]


def test_somebody_leaves_with_what_stays_behind_and_comes_back(page: Page, server: AdminServer) -> None:
    inside(page, "#/team")
    rows = page.get_by_role("region", name="Conseillers").locator("tbody tr")
    expect(rows.filter(has_text="Thomas")).to_contain_text("sans second facteur")
    expect(rows.last).to_contain_text("a quitté l’équipe")
    page.get_by_role("button", name="Modifier Inès Roy").click()
    dialog = page.get_by_role("dialog", name="Inès Roy")
    expect(dialog).to_contain_text("2 sessions ouvertes")
    dialog.get_by_role("button", name="Terminer ses sessions").click()
    expect(dialog).to_contain_text("Aucune session ouverte")
    assert "a2" not in server.of_staff
    dialog.get_by_role("button", name="A quitté l’équipe").click()
    sure = page.get_by_role("dialog", name="Inès Roy quitte l’équipe")
    sure.get_by_role("button", name="A quitté l’équipe").click()
    said(page, "2 conversations attendent")
    said(page, "Entrepôt de données")
    assert server.someone("a2")["left_at"]
    dialog.get_by_role("button", name="Reprendre dans l’équipe").click()
    said(page, "Inès Roy est de retour")
    assert server.someone("a2")["left_at"] is None
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Modifier Nadia Kaci").click()
    elsewhere = page.get_by_role("dialog", name="Nadia Kaci")
    expect(elsewhere).to_contain_text("appartient à un autre site")
    expect(elsewhere.get_by_label("Rôle")).to_be_disabled()


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
    expect(page.get_by_role("navigation", name="Parties").get_by_role("link")).to_have_text(["Conversations"])
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
    assert server.tags == {"tags": ["livraison", "échange"], "free": False}


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
    expect(page.get_by_label("Nom, tel que")).not_to_be_editable()
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
    for part in ("conversations", "tokens", "webhooks", "mail", "outbox", "audit"):
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
