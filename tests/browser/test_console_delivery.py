"""Messages of the console over a wire that breaks: nothing lost, nothing twice, nothing out of order."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import choose, enter, opened, page, server, settled, write  # noqa: F401
from console_scene import INVITED
from console_server import ConsoleServer
from playwright.sync_api import Page, expect


def test_a_message_goes_from_sent_to_delivered_to_read(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    write(page, "En Bretagne, à Plougastel.")
    expect(log.get_by_text(re.compile("^Envoyé, "))).to_be_visible()
    server.broadcast(t="wm", conv="c1", who="visitor", dlv=7, read=0)
    expect(log.get_by_text(re.compile("^Remis, "))).to_be_visible()
    server.broadcast(t="wm", conv="c1", who="visitor", dlv=7, read=7)
    expect(log.get_by_text(re.compile("^Lu, ")).last).to_be_visible()
    assert server.texts("c1").count("En Bretagne, à Plougastel.") == 1


def test_a_message_whose_acknowledgement_is_lost_is_sent_again_and_shown_once(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    log = choose(page)
    server.lose_acks = 1
    write(page, "Tissée en Bretagne.")
    expect(log.get_by_text(re.compile("^Envoyé, "))).to_be_visible(timeout=15_000)
    assert [entry["body"] for entry in server.entries["c1"]].count("Tissée en Bretagne.") == 1
    expect(log.get_by_text("Tissée en Bretagne.")).to_have_count(1)
    expect(log.locator(".echo")).to_have_count(0)
    assert page.evaluate("sessionStorage.getItem('aparte.outbox')") is None


def test_what_is_written_offline_waits_with_a_clock_survives_a_reload_and_arrives_once(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    log = choose(page)
    server.refuse_sockets = True
    server.cut()
    page.route("**/api/v1/conversations/*/entries", lambda route: route.abort())
    write(page, "Je reviens.")
    expect(log.locator(".echo")).to_contain_text("en attente d’envoi")
    expect(page.get_by_text("hors ligne depuis")).to_be_visible()
    page.reload()
    server.refuse_sockets = False
    log = page.get_by_role("log")
    expect(log.get_by_text("Je reviens.")).to_have_count(1)
    expect(log.get_by_text(re.compile("^Envoyé, "))).to_be_visible(timeout=20_000)
    assert server.texts("c1").count("Je reviens.") == 1


def test_after_a_reload_nothing_is_missing_and_nothing_double(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    for text in ("un", "deux", "trois"):
        write(page, text)
    expect(log.locator(".bubble", has_text="trois")).to_be_visible()
    expect(log.locator(".echo")).to_have_count(0)
    before = log.locator(".bubble").all_inner_texts()
    page.reload()
    expect(page.get_by_role("log").locator(".bubble", has_text="trois")).to_be_visible()
    assert page.get_by_role("log").locator(".bubble").all_inner_texts() == before
    assert server.texts("c1")[-3:] == ["un", "deux", "trois"]


def test_behind_a_hole_nothing_is_shown_until_the_missing_entry_is_there(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.call(silently(server, "c1", "première"))
    server.say("c1", "visitor", "seconde")
    expect(log.get_by_text("seconde")).to_be_visible()
    texts = log.locator(".line.visitor .bubble").all_inner_texts()
    assert [text.splitlines()[-1].split(": ")[-1] for text in texts[-2:]] == ["première", "seconde"]


async def silently(server: ConsoleServer, conv: str, body: str) -> None:
    """An entry whose frame gets lost on its way to every console."""
    sockets, server.sockets = server.sockets, []
    await server.write(conv, "visitor", body)
    server.sockets = sockets


def test_a_database_restored_from_a_copy_shows_its_own_entries_only(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    expect(log.get_by_text("Oui, le M taille petit ?")).to_be_visible()
    server.epoch, server.entries["c1"] = "e2", server.entries["c1"][:1]
    server.inbox_epoch = "i2"
    server.cut()
    expect(log.get_by_text("Oui, le M taille petit ?")).to_have_count(0)
    expect(log.get_by_text(INVITED)).to_have_count(1)


def test_a_refused_message_is_said_kept_and_can_be_sent_again(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.nack = "closed"
    write(page, "Trop tard ?")
    expect(log.get_by_role("alert")).to_contain_text("Votre texte est gardé.")
    log.get_by_role("button", name="Copier le texte").click()
    expect(page.get_by_text("Texte copié.")).to_be_visible()
    server.nack = None
    log.get_by_role("button", name="Renvoyer").click()
    expect(log.get_by_text(re.compile("^Envoyé, "))).to_be_visible()
    assert server.texts("c1").count("Trop tard ?") == 1


def test_what_was_written_for_a_conversation_given_to_somebody_else_is_kept_to_be_copied(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    choose(page)
    server.refuse_sockets = True
    server.cut()
    write(page, "Ne pas perdre.")
    server.convs.pop("c1")
    server.inbox_epoch = "i2"
    server.refuse_sockets = False
    kept = page.get_by_role("alert").filter(has_text="Ne pas perdre.")
    expect(kept).to_contain_text("n’est plus à vous")


def test_a_note_is_kept_as_a_note(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    page.keyboard.press("Alt+p")
    page.keyboard.type("Cliente fidèle")
    page.keyboard.press("Enter")
    expect(log.locator(".note-line").last).to_have_text("Votre note Cliente fidèle")
    expect(log.locator(".echo")).to_have_count(0)
    assert server.entries["c1"][-1]["kind"] == "note"


def test_the_cursor_is_in_the_composer_before_the_next_letter_can_be_typed(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    expect(page.locator("#composer")).to_be_visible()
    focused = """() => {
      dispatchEvent(new KeyboardEvent('keydown', {key: 'p', code: 'KeyP', altKey: true}));
      return document.activeElement.id;
    }"""
    assert page.evaluate(focused) == "composer"
