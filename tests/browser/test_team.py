"""The page of the team in a real browser: who stands how, who can what, and what the hours cost."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import enter, opened, page  # noqa: F401
from console_server import ConsoleServer
from desk_scene import fill_desk
from playwright.sync_api import Browser, Locator, Page, expect


@pytest.fixture
def server() -> Iterator[ConsoleServer]:
    with ConsoleServer() as running:
        fill_desk(running)
        yield running


def team(page: Page) -> Locator:
    """The rows of the page."""
    enter(page)
    page.get_by_role("link", name="Équipe").click()
    rows = page.get_by_role("region", name="Conseillers").locator("tbody tr")
    expect(rows).to_have_count(7)
    return rows


def edit(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=f"Modifier {name}").click()
    return page.get_by_role("dialog", name=name)


def test_each_row_tells_status_reason_slots_skills_and_hours(page: Page, server: ConsoleServer) -> None:
    rows = team(page)
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "3 conseillers disponibles sur 6, 4 places libres sur 12."
    )
    ines = rows.filter(has_text="Inès Roy")
    expect(ines).to_contain_text("Disponible")
    expect(ines.locator(".slot-boxes .taken")).to_have_count(1)
    expect(ines.locator(".slot-boxes .free")).to_have_count(3)
    expect(ines).to_contain_text("1 sur 4")
    expect(ines).to_contain_text("operateur1 à la fois")
    expect(ines).to_contain_text("lun à ven 09:00–17:00")
    expect(rows.filter(has_text="Sofia")).to_contain_text(re.compile("Déjeuner ?depuis 12:"))
    expect(rows.filter(has_text="Jules")).to_contain_text("Sans réponse")
    expect(rows.filter(has_text="Nadia")).to_contain_text("console fermée")
    next(one for one in server.staff if one["id"] == "a2")["load"] = 3
    expect(ines.locator(".slot-boxes .taken")).to_have_count(3)


@pytest.mark.covers("S1-51")
def test_a_supervisor_changes_skills_caps_slots_and_hours_of_somebody(page: Page, server: ConsoleServer) -> None:
    rows = team(page)
    dialog = edit(page, "Inès Roy")
    dialog.get_by_label("Conversations à la fois").fill("3")
    dialog.get_by_label("Limite pour textile").fill("2")
    dialog.get_by_role("combobox", name="Compétence").fill("sales")
    dialog.get_by_role("combobox", name="Compétence").press("Enter")
    dialog.get_by_role("button", name="Retirer operateur").click()
    dialog.get_by_label("Équipe").select_option("Relais du soir")
    dialog.get_by_role("checkbox", name="sam").check()
    dialog.get_by_label("à", exact=True).fill("18:30")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Inès Roy : enregistré.".replace(" :", "\u00a0:"))).to_be_visible()
    one = next(one for one in server.staff if one["id"] == "a2")
    assert one["skills"] == {"textile": 2, "sales": None}
    assert (one["maximum"], one["team"], one["name"]) == (3, "soir", "Inès Roy")
    assert one["shifts"] == [{"start": "09:00", "end": "18:30", "days": ["mon", "tue", "wed", "thu", "fri", "sat"]}]
    expect(rows.filter(has_text="Inès Roy")).to_contain_text("lun à sam 09:00–18:30")
    expect(rows.filter(has_text="Inès Roy").locator(".slot-boxes > span")).to_have_count(3)


def test_only_what_was_changed_is_sent(page: Page, server: ConsoleServer) -> None:
    team(page)
    dialog = edit(page, "Thomas Mercier")
    next(one for one in server.staff if one["id"] == "a3")["maximum"] = 7
    dialog.get_by_label("Nom, tel que").fill("Thomas M.")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    one = next(one for one in server.staff if one["id"] == "a3")
    assert (one["name"], one["maximum"]) == ("Thomas M.", 7)


def test_somebody_new_gets_a_password_and_faults_are_said_where_they_are(page: Page, server: ConsoleServer) -> None:
    rows = team(page)
    page.get_by_role("button", name="Ajouter quelqu’un").click()
    dialog = page.get_by_role("dialog", name="Ajouter quelqu’un")
    dialog.get_by_label("Nom, tel que").fill("Ali Nord")
    dialog.get_by_label("Adresse e-mail").fill("a2@maison-lin.example")
    dialog.get_by_label("Premier mot de passe").fill("short")
    dialog.get_by_role("button", name="Ajouter", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("a déjà cette adresse")
    dialog.get_by_label("Adresse e-mail").fill("Ali@maison-lin.example")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_role("button", name="Ajouter", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("trop faible")
    dialog.get_by_label("Premier mot de passe").fill("a much longer one")
    expect(dialog.get_by_label("Rôle").get_by_role("option")).to_have_text(["Analyste", "Conseiller", "Superviseur"])
    dialog.get_by_role("button", name="Ajouter", exact=True).click()
    expect(page.get_by_text("Ali Nord fait partie de l’équipe.")).to_be_visible()
    expect(rows).to_have_count(8)
    assert server.staff[-1]["email"] == "ali@maison-lin.example"


def test_an_agent_reads_and_changes_nothing(page: Page, server: ConsoleServer) -> None:
    server.me["role"] = "agent"
    team(page)
    expect(page.get_by_text("Vous pouvez tout lire ici.")).to_be_visible()
    expect(page.get_by_role("button", name="Ajouter quelqu’un")).to_have_count(0)
    page.get_by_role("button", name="Voir Inès Roy").click()
    dialog = page.get_by_role("dialog", name="Inès Roy")
    expect(dialog.get_by_label("Conversations à la fois")).to_be_disabled()
    expect(dialog.get_by_role("button", name="Enregistrer")).to_have_count(0)


@pytest.mark.covers("S1-51")
def test_hours_are_counted_and_priced_by_team_and_person(page: Page, server: ConsoleServer) -> None:
    for one in server.staff:
        one["shifts"] = []
    team(page)
    table = page.locator(".hours-table")
    paris = table.get_by_role("row", name=re.compile("Boutique Paris"))
    # Two people, eleven days of six and a half hours, at 28,50 euros.
    expect(paris).to_contain_text("143\u00a0h")
    expect(paris).to_contain_text("4\u00a0075,50\u00a0€")
    expect(table.get_by_role("row", name=re.compile("Sans équipe"))).to_contain_text("coût inconnu")
    expect(table.get_by_role("row", name=re.compile("Camille Durand"))).to_contain_text("Déjeuner 5,5\u00a0h")
    page.get_by_role("button", name="7 jours").click()
    expect(paris).to_contain_text("78\u00a0h")
    page.get_by_role("button", name="Modifier l’équipe Boutique Paris").click()
    dialog = page.get_by_role("dialog", name="Boutique Paris")
    dialog.get_by_label("Coût horaire").fill("30")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(paris).to_contain_text("2\u00a0340,00\u00a0€")


def test_a_team_is_made_and_two_do_not_share_a_name(page: Page, server: ConsoleServer) -> None:
    team(page)
    page.get_by_role("button", name="Nouvelle équipe").click()
    dialog = page.get_by_role("dialog", name="Nouvelle équipe")
    dialog.get_by_role("textbox", name="Nom", exact=True).fill("Boutique Paris")
    dialog.get_by_label("Nature").select_option("Prestataire")
    dialog.get_by_label("Coût horaire").fill("17,25")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("porte déjà ce nom")
    dialog.get_by_role("textbox", name="Nom", exact=True).fill("Nantes")
    dialog.get_by_role("button", name="Enregistrer").click()
    row = page.get_by_role("row", name=re.compile("Nantes"))
    expect(row).to_contain_text("Prestataire")
    expect(row).to_contain_text("17,25\u00a0€/h")
    assert server.teams[-2]["cost_per_hour"] == 17.25


def test_the_page_speaks_english(browser: Browser, server: ConsoleServer) -> None:
    server.me["language"] = "en"
    page = opened(browser, server, locale="en-GB")
    enter(page)
    page.get_by_role("link", name="Team").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("3 of 6 agents available, 4 of 12 slots free.")
    expect(page.get_by_role("button", name="Change Jules Petit")).to_be_visible()
    expect(page.locator(".team-list")).to_contain_text("No answer")
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
