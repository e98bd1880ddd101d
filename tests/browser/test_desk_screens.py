"""The agents' side of the desk in a real browser: status, handing on, requests, the queue."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import choose, enter, opened, page  # noqa: F401
from console_server import ConsoleServer, now
from desk_scene import asked, fill_desk, waiting_call
from playwright.sync_api import Browser, Locator, Page, expect
from test_console import violations


@pytest.fixture
def server() -> Iterator[ConsoleServer]:
    with ConsoleServer() as running:
        fill_desk(running)
        yield running


def menu(page: Page) -> Locator:
    page.locator(".status > button").click()
    return page.get_by_role("menu", name="Statut")


def someone(server: ConsoleServer, key: str) -> dict[str, Any]:
    return next(one for one in server.staff if one["id"] == key)


# ---- status


def test_an_agent_says_why_he_is_away_and_sees_for_how_long(page: Page, server: ConsoleServer) -> None:
    enter(page)
    first = menu(page).get_by_role("menuitemradio", name="Disponible")
    expect(first).to_contain_text("Depuis")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitemradio", name="Déjeuner")).to_be_focused()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Statut Déjeuner")
    expect(button).to_contain_text(re.compile(r"depuis 0:\d\d"))
    expect(button).to_be_focused()
    assert (server.me["status"], server.me["reason"]) == ("away", "lunch")
    menu(page).get_by_role("menuitemradio", name="Disponible").click()
    expect(page.get_by_role("button", name="Statut Disponible")).to_be_visible()
    assert (server.me["status"], server.me["reason"]) == ("available", "")


def test_whoever_did_not_answer_is_told_in_words_and_comes_back_by_one_click(page: Page, server: ConsoleServer) -> None:
    enter(page)
    notice = page.get_by_role("alert")
    expect(notice.filter(has_text="répondu à temps")).to_have_count(0)
    server.me |= {"status": "away", "reason": "no_answer", "since": now() - 5000}
    server.call(server.tell("me", me=server.me))
    expect(notice.filter(has_text="Vous n’avez pas répondu à temps.")).to_be_visible()
    expect(page.get_by_role("button", name="Statut Sans réponse")).to_be_visible()
    page.get_by_role("button", name="Redevenir disponible").click()
    expect(notice.filter(has_text="répondu à temps")).to_have_count(0)
    assert (server.me["status"], server.me["reason"]) == ("available", "")


# ---- handing on


def handing(page: Page) -> Locator:
    """The dialog, opened by the keyboard."""
    choose(page)
    page.keyboard.press("Alt+t")
    dialog = page.get_by_role("dialog", name="Transférer le visiteur 4812")
    expect(dialog.get_by_role("radio")).to_have_count(8)
    return dialog


def test_a_conversation_is_handed_to_an_agent_who_has_room_by_keyboard_alone(page: Page, server: ConsoleServer) -> None:
    enter(page)
    dialog = handing(page)
    expect(dialog.get_by_role("radio", name="Inès Roy")).to_be_focused()
    for name, why in {
        "Thomas Mercier": "plus de place",
        "Sofia Benali": "Déjeuner depuis 12:",
        "Jules Petit": "Sans réponse depuis 1:",
        "Nadia Kaci": "console fermée",
    }.items():
        expect(dialog.get_by_role("radio", name=re.compile(name))).to_be_disabled()
        expect(dialog.locator("label", has_text=name)).to_contain_text(why)
    page.keyboard.press("Space")
    field = dialog.get_by_role("textbox", name="Note pour la suite")
    for _ in range(3):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    page.keyboard.type("Hésite sur la taille")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Visiteur 4812 transmis à Inès Roy.")).to_be_visible()
    expect(page.get_by_role("button", name="Visiteur 4812")).to_have_count(0)
    expect(page.get_by_role("heading", name="Visiteur 4790")).to_be_visible()
    handed = server.entries["c1"][-1]
    assert (handed["kind"], handed["body"]) == ("transfer", "Hésite sur la taille")
    assert server.convs["c1"]["agent"]["id"] == "a2"


def test_a_conversation_goes_back_to_the_queue_of_a_skill(page: Page, server: ConsoleServer) -> None:
    enter(page)
    dialog = handing(page)
    expect(dialog.locator("label", has_text="operateur")).to_contain_text("1 disponible")
    dialog.get_by_role("button", name="Transférer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choisissez un conseiller ou une compétence.")
    dialog.get_by_role("radio", name="operateur").check()
    dialog.get_by_role("button", name="Transférer").click()
    expect(page.get_by_text("remis en tête de la file")).to_be_visible()
    row = page.get_by_role("button", name="Prendre Visiteur 4812")
    expect(row).to_contain_text("operateur")
    expect(row).to_contain_text("1ᵉʳ de la file")
    assert (server.convs["c1"]["state"], server.convs["c1"]["skill"]) == ("queued", "operateur")


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        ({"load": 4}, "n’a plus de place"),
        ({"status": "away", "reason": "meeting"}, "vient de s’absenter"),
    ],
)
def test_what_the_desk_refuses_is_said_and_the_note_stays(
    page: Page, server: ConsoleServer, meanwhile: dict[str, Any], said: str
) -> None:
    enter(page)
    dialog = handing(page)
    dialog.get_by_role("radio", name="Inès Roy").check()
    dialog.get_by_role("textbox", name="Note").fill("À suivre")
    someone(server, "a2").update(meanwhile)
    dialog.get_by_role("button", name="Transférer").click()
    expect(dialog.get_by_role("alert")).to_contain_text(said)
    expect(dialog.get_by_role("radio", name="Inès Roy")).to_be_disabled()
    expect(dialog.get_by_role("textbox", name="Note")).to_have_value("À suivre")
    assert server.convs["c1"]["agent"]["id"] == "a1"
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_whoever_takes_over_sees_who_handed_on_and_why(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.say("c1", "agent", "Veut la bleue", "transfer", name="Inès Roy")
    line = log.locator(".transfer-line")
    expect(line).to_contain_text("Transférée par Inès Roy Veut la bleue")
    expect(log).to_contain_text("Oui, le M taille petit ?")
    server.say("c1", "agent", "", "transfer", name="Camille Durand")
    expect(line.last).to_contain_text("Transférée par vous · ")


def test_a_conversation_that_is_lost_takes_its_dialog_away(page: Page, server: ConsoleServer) -> None:
    enter(page)
    handing(page)
    server.lose("c1")
    expect(page.get_by_role("dialog")).to_have_count(0)


# ---- the queue and the head of a conversation


def test_a_row_of_the_queue_tells_place_skill_channel_and_how_long(page: Page, server: ConsoleServer) -> None:
    enter(page)
    server.convs["q3"] = waiting_call("q3", "4901")
    server.entries["q3"] = []
    server.call(server.tell("conv", conv=server.convs["q3"]))
    row = page.get_by_role("button", name="Prendre Visiteur 4901")
    expect(row).to_contain_text("3ᵉ de la file")
    expect(row).to_contain_text("sales")
    expect(row).to_contain_text("Appel")
    expect(row).to_contain_text(re.compile(r"attend depuis 0:[1-5]\d"))
    expect(page.get_by_role("button", name="Prendre Visiteur 4835")).to_contain_text("visiteur parti")


def test_the_head_of_a_conversation_tells_channel_skill_and_whether_they_know_each_other(page: Page) -> None:
    enter(page)
    choose(page)
    head = page.locator(".thread-head")
    expect(head).to_contain_text("Chat")
    expect(head).to_contain_text("textile")
    expect(head).to_contain_text("déjà aidé par vous")
    choose(page, "4790")
    expect(head).to_contain_text("Appel")
    expect(head).not_to_contain_text("déjà aidé")


# ---- requests


@pytest.mark.covers("S1-100")
def test_a_request_is_read_called_and_marked_with_what_was_done(page: Page, server: ConsoleServer) -> None:
    enter(page)
    rows = page.get_by_role("region", name="Demandes").get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Zoé Martin")
    expect(rows.first).to_contain_text("il y a 2 h 10")
    rows.first.get_by_role("button").click()
    pane = page.get_by_role("region", name="Rappel demandé, Zoé Martin")
    phone = pane.get_by_role("link", name="+33 6 12 34 56 78".replace(" ", "\u00a0"))
    expect(phone).to_have_attribute("href", "tel:+33612345678")
    expect(pane).to_contain_text("La taille 40 revient-elle ?")
    expect(pane).to_contain_text("demain matin")
    expect(page.get_by_role("complementary", name="Contexte du visiteur")).to_contain_text("Chemise lin lavé, M")
    pane.get_by_role("textbox", name="Ce qui a été fait").fill("Rappelée, la 40 revient lundi")
    pane.get_by_role("button", name="Marquer comme traitée").click()
    expect(page.get_by_text("Demande de Zoé Martin traitée.")).to_be_visible()
    expect(rows).to_have_count(2)
    done = next(one for one in server.requests if one["id"] == "r1")
    assert (done["note"], done["done_by"]) == ("Rappelée, la 40 revient lundi", "Camille Durand")
    page.get_by_role("button", name="Demandes traitées").click()
    history = page.get_by_role("dialog", name="Demandes traitées")
    expect(history).to_contain_text("Rappelée, la 40 revient lundi")
    expect(history).to_contain_text("Ana Inès Roy")


def test_a_message_is_answered_by_mail_and_its_conversation_can_be_read(page: Page) -> None:
    enter(page)
    page.get_by_role("region", name="Demandes").get_by_role("button", name="Visiteur 4719").click()
    pane = page.get_by_role("region", name="Message laissé, Visiteur 4719")
    expect(pane.get_by_role("link")).to_have_attribute("href", "mailto:paul%2Blin@example.org")
    pane.get_by_role("button", name="Sa conversation").click()
    expect(page.get_by_role("dialog")).to_contain_text("Avez-vous du lin ?")


def test_a_new_request_is_announced_and_counted_and_one_that_somebody_else_did_goes(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    rows = page.get_by_role("region", name="Demandes").get_by_role("listitem")
    expect(page.get_by_role("banner")).to_contain_text("Demandes : 3".replace(" :", "\u00a0:"))
    server.change("c1", unread=0)
    expect(page.get_by_role("link", name=re.compile("Échanges"))).to_contain_text("3 demandes ouvertes")
    fresh = asked("r9", "callback", 0, name="Luc", phone="+33699887766")
    server.requests.append(fresh)
    server.call(server.tell("request", request=fresh))
    expect(page.get_by_text("Nouvelle demande de Luc.")).to_be_visible()
    expect(rows).to_have_count(4)
    rows.filter(has_text="Luc").get_by_role("button").click()
    fresh |= {"done_at": now(), "done_by": "Inès Roy"}
    server.call(server.tell("request", request=fresh))
    expect(page.get_by_text("Demande de Luc traitée par Inès Roy.")).to_be_visible()
    expect(rows).to_have_count(3)
    expect(page.get_by_role("region", name="Rappel demandé, Luc")).to_have_count(0)


def test_requests_that_came_while_the_network_was_down_are_there_after_it(page: Page, server: ConsoleServer) -> None:
    enter(page)
    rows = page.get_by_role("region", name="Demandes").get_by_role("listitem")
    expect(rows).to_have_count(3)
    server.requests = [asked("r8", "message", 1, name="Mia", email="mia@example.org", body="Bonjour")]
    server.inbox_epoch = "i2"
    server.cut()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Mia")


# ---- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_at_the_desk(
    browser: Browser, server: ConsoleServer, axe: str, scheme: Any, width: int
) -> None:
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    enter(page)
    server.me |= {"status": "away", "reason": "no_answer", "since": now() - 5000}
    server.call(server.tell("me", me=server.me))
    expect(page.get_by_role("button", name="Redevenir disponible")).to_be_visible()
    page.locator(".status > button").click()
    assert violations(page, axe) == []
    page.keyboard.press("Escape")
    choose(page)
    page.keyboard.press("Alt+t")
    expect(page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()
    assert violations(page, axe) == []
    page.keyboard.press("Escape")
    page.goto(f"{server.url}/console#/requests/r2")
    expect(page.get_by_role("button", name="Marquer comme traitée")).to_be_visible()
    assert violations(page, axe) == []
    page.goto(f"{server.url}/console#/team")
    expect(page.locator(".hours-table")).to_be_visible()
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name=re.compile("Modifier Inès Roy")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page, axe) == []
    page.context.close()
