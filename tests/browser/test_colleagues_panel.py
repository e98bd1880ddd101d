"""The colleagues' panel in a real browser: rooms, what is unread, and lines that no cut and no reload loses."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from board_server import BoardServer, fill_board
from console_pages import enter, opened, page, seek  # noqa: F401
from playwright.sync_api import Browser, Locator, Page, expect
from shop_page import until
from test_console import violations


@pytest.fixture
def server() -> Iterator[BoardServer]:
    with BoardServer() as running:
        fill_board(running)
        yield running
        assert running.wrong == []


def panel(page: Page) -> Locator:
    """Opens the panel by its key."""
    enter(page)
    page.keyboard.press("Alt+c")
    found = page.get_by_role("complementary", name="Collègues")
    expect(found.get_by_role("button", name="Toute l’équipe")).to_be_focused()
    return found


def room(page: Page, name: str) -> Locator:
    """Opens a room and gives its log."""
    found = panel(page)
    found.get_by_role("button", name=name).click()
    log = found.get_by_role("log")
    expect(log).to_be_visible()
    return log


def say(page: Page, text: str) -> None:
    field = page.get_by_role("complementary", name="Collègues").get_by_role("textbox")
    field.fill(text)
    field.press("Enter")


def posted(server: BoardServer) -> int:
    return sum(call == "POST colleagues/messages" for call in server.calls)


def kept(page: Page) -> list[dict[str, Any]]:
    """What is written down in this tab and not taken by the server."""
    return list(json.loads(page.evaluate("sessionStorage.getItem('aparte.colleagues') ?? '[]'")))


@pytest.mark.covers("S1-47")
def test_an_agent_writes_to_a_colleague_without_a_mouse(page: Page, server: BoardServer) -> None:
    found = panel(page)
    expect(found).to_contain_text("Les visiteurs ne voient rien.")
    expect(found.get_by_role("button", name=re.compile("Nadia Kaci"))).to_contain_text("console fermée")
    expect(found.get_by_role("button", name=re.compile("Thomas Mercier"))).to_contain_text("4 conversations")
    expect(found.get_by_role("button", name=re.compile("Lou Analyste"))).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(found.get_by_role("button", name=re.compile("Nadia Kaci"))).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(found.get_by_role("button", name=re.compile("Inès Roy"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(found.get_by_role("textbox", name="Message pour Inès Roy")).to_be_focused()
    page.keyboard.type("J’arrive.")
    page.keyboard.press("Enter")
    log = found.get_by_role("log", name="Discussion, Inès Roy")
    expect(log.locator(".line.agent")).to_have_count(1)
    expect(log).to_contain_text(re.compile(r"Envoyé, \d\d:\d\d"))
    assert [line["body"] for line in server.rooms["dm:a2"]][-1] == "J’arrive."
    server.says("a2", "dm:a2", "Merci !")
    expect(log).to_contain_text("Merci !")
    page.keyboard.press("Escape")
    expect(found).to_have_count(0)


def test_unread_lines_are_counted_on_the_rail_until_they_are_read(page: Page, server: BoardServer) -> None:
    enter(page)
    rail = page.get_by_role("button", name=re.compile("Collègues"))
    expect(rail).to_have_attribute("aria-expanded", "false")
    expect(rail.locator(".badge")).to_have_text(re.compile("^2"))
    server.says("a3", "dm:a3", "Tu déjeunes à quelle heure ?")
    expect(rail.locator(".badge")).to_have_text(re.compile("^3"))
    expect(page.get_by_role("status").filter(has_text="Thomas Mercier vous écrit.")).to_be_visible()
    rail.focus()
    page.keyboard.press("Enter")
    found = page.get_by_role("complementary", name="Collègues")
    row = found.get_by_role("button", name=re.compile("Inès Roy"))
    expect(row).to_contain_text("2 non lus")
    row.click()
    expect(found.locator(".fresh-line + .line-name + .line")).to_contain_text("Tu as une minute")
    expect(rail.locator(".badge")).to_have_text(re.compile("^1"))
    found.get_by_role("button", name="Tous les salons").click()
    expect(row).not_to_contain_text("non lu")
    until(page, lambda: server.read["dm:a2"] == 2)
    page.keyboard.press("Escape")
    expect(rail).to_be_focused()


def test_a_room_of_a_conversation_is_told_to_those_it_concerns(page: Page, server: BoardServer) -> None:
    enter(page)
    rail = page.get_by_role("button", name=re.compile("Collègues"))
    expect(rail.locator(".badge")).to_have_text(re.compile("^2"))
    server.says("a2", "conv:o1", "Pour Thomas seulement.")
    server.says("a2", "conv:c1", "Regarde sa commande d’octobre.")
    expect(rail.locator(".badge")).to_have_text(re.compile("^3"))
    rail.click()
    found = page.get_by_role("complementary", name="Collègues")
    expect(found.locator(".room-row").filter(has_text="Visiteur")).to_have_count(1)
    expect(found.get_by_role("button", name="À propos d’une conversation")).to_have_count(0)
    expect(rail.locator(".badge")).to_have_text(re.compile("^3"))
    found.get_by_role("button", name="Visiteur 4812").click()
    expect(found.get_by_role("log", name="Discussion, Visiteur 4812")).to_contain_text("octobre")
    found.get_by_role("button", name="Voir la conversation").click()
    page.wait_for_url("**/console#/exchanges/c1")
    expect(found.get_by_role("log")).to_be_visible()


def test_a_line_waits_for_the_server_and_goes_once_even_over_a_reload(page: Page, server: BoardServer) -> None:
    log = room(page, "Toute l’équipe")
    server.broken = {"colleagues/messages"}
    say(page, "Première ligne")
    expect(log.locator(".echo")).to_contain_text("envoi")
    assert [item["body"] for item in kept(page)] == ["Première ligne"]
    say(page, "Seconde ligne")
    expect(log.locator(".echo")).to_have_count(2)
    cids = [item["cid"] for item in kept(page)]
    page.reload()
    expect(page.get_by_role("button", name=re.compile("(Visiteur|Visitor) 4790"))).to_be_visible()
    assert [item["cid"] for item in kept(page)] == cids
    server.broken = set()
    until(page, lambda: not kept(page))
    assert [(line["body"], line["cid"]) for line in server.rooms["site"][3:]] == list(
        zip(["Première ligne", "Seconde ligne"], cids, strict=True)
    )


def test_an_answer_that_is_lost_makes_no_second_line(page: Page, server: BoardServer) -> None:
    log = room(page, "Toute l’équipe")
    expect(log.locator(".line")).to_have_count(3)
    server.lose_answers = 1
    say(page, "Une seule fois")
    expect(log.locator(".echo")).to_have_count(0)
    expect(log.locator(".line.agent").filter(has_text="Une seule fois")).to_have_count(1)
    assert [line["body"] for line in server.rooms["site"]].count("Une seule fois") == 1
    assert posted(server) == 2


def test_what_is_refused_says_why_and_is_kept(page: Page, server: BoardServer) -> None:
    log = room(page, "Toute l’équipe")
    server.refuse_lines = "cid_conflict"
    say(page, "Refusée")
    failed = log.get_by_role("alert")
    expect(failed).to_contain_text("Message non envoyé")
    expect(failed).to_contain_text("un autre message de ce nom")
    failed.get_by_role("button", name="Copier le texte").click()
    assert page.evaluate("navigator.clipboard.readText()") == "Refusée"
    server.refuse_lines = None
    failed.get_by_role("button", name="Renvoyer").click()
    expect(failed).to_have_count(0)
    expect(log.locator(".line.agent").filter(has_text="Refusée")).to_have_count(1)
    say(page, "x" * 4002)
    expect(page.get_by_role("alert").filter(has_text="2 caractères de trop")).to_be_visible()
    until(page, lambda: server.rooms["site"][-1]["body"] == "Refusée")


def test_whoever_signs_in_next_neither_sees_nor_sends_it(page: Page, server: BoardServer) -> None:
    room(page, "Toute l’équipe")
    server.broken = {"colleagues/messages"}
    say(page, "Seulement de Camille")
    expect(page.locator(".echo")).to_have_count(1)
    server.me |= {"id": "a9", "name": "Autre Personne"}
    page.reload()
    page.get_by_role("button", name="Collègues").click()
    server.broken = set()
    page.get_by_role("button", name="Toute l’équipe").click()
    expect(page.get_by_role("log")).to_contain_text("La livraison express")
    expect(page.locator(".echo")).to_have_count(0)
    assert [item["body"] for item in kept(page)] == ["Seulement de Camille"]
    assert len(server.rooms["site"]) == 3


def test_after_a_cut_the_room_has_every_line_once(page: Page, server: BoardServer) -> None:
    log = room(page, "Inès Roy")
    expect(log.locator(".line")).to_have_count(2)
    server.refuse_sockets = True
    server.cut()
    expect(page.get_by_text("Hors ligne\u00a0: ce que vous écrivez part")).to_be_visible()
    server.line("dm:a2", {"id": "a2", "name": "Inès Roy"}, "Pendant la coupure")
    server.inbox_epoch = "i2"
    server.refuse_sockets = False
    expect(log.locator(".line")).to_have_count(3)
    expect(log).to_contain_text("Pendant la coupure")


def test_older_lines_come_when_they_are_asked_for(page: Page, server: BoardServer) -> None:
    for number in range(120):
        server.line("dm:a3", {"id": "a3", "name": "Thomas Mercier"}, f"ligne {number + 1}", 300 - number)
    log = room(page, "Thomas Mercier")
    expect(log.locator(".line")).to_have_count(100)
    log.get_by_role("button", name="Plus anciens").click()
    expect(log.locator(".line")).to_have_count(120)
    expect(log.locator(".line").first).to_contain_text("ligne 1")
    expect(log.get_by_role("button", name="Plus anciens")).to_have_count(0)


def test_a_list_that_does_not_come_is_asked_for_again_and_an_empty_room_says_so(
    page: Page, server: BoardServer
) -> None:
    server.broken = {"colleagues", "colleagues/messages"}
    found = panel(page)
    expect(found.get_by_role("alert")).to_contain_text("La liste n’est pas arrivée")
    found.get_by_role("button", name="Toute l’équipe").click()
    expect(found.get_by_role("alert")).to_contain_text("Les messages ne sont pas arrivés")
    server.broken, server.rooms = set(), {}
    found.get_by_role("button", name="Réessayer").click()
    expect(found.get_by_role("log")).to_contain_text("Le premier mot est à vous.")


def test_an_analyst_has_no_colleagues_panel(page: Page, server: BoardServer) -> None:
    server.me["role"] = "analyst"
    enter(page)
    expect(page.get_by_role("button", name=re.compile("Collègues"))).to_have_count(0)
    page.keyboard.press("Alt+c")
    expect(page.get_by_role("complementary", name="Collègues")).to_have_count(0)
    assert server.calls == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_in_the_panel(
    browser: Browser, server: BoardServer, axe: str, scheme: Any, width: int
) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}, "reduced_motion": "reduce"}
    page = opened(browser, server, **look)
    found = panel(page)
    assert violations(page, axe) == []
    found.get_by_role("button", name=re.compile("Inès Roy")).click()
    expect(found.get_by_role("log")).to_contain_text("trente chemises")
    server.refuse_lines = "no_such_room"
    say(page, "Refusée")
    expect(found.get_by_role("alert")).to_be_visible()
    assert violations(page, axe) == []
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def test_the_panel_speaks_english(browser: Browser, server: BoardServer) -> None:
    server.me["language"] = "en"
    page = opened(browser, server, locale="en-GB")
    enter(page)
    seek(page, "colleagues")
    page.keyboard.press("Enter")
    found = page.get_by_role("complementary", name="Colleagues")
    found.get_by_role("button", name="The whole team").click()
    expect(found.get_by_role("textbox", name="Message to the whole team")).to_be_focused()
    page.get_by_role("button", name="Help").click()
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Colleagues")
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
