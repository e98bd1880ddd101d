"""Ways in, one's own account and the team's access, in a real browser."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from admin_pages import PASSWORD, inside, said, server, sign_in  # noqa: F401
from admin_server import AdminServer, totp
from console_pages import opened, page  # noqa: F401
from playwright.sync_api import Browser, Page, expect

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
    expect(part.get_by_role("button", name="Activer", exact=True)).to_be_visible()
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
    assert server.me["name"] == "Camille D."
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
