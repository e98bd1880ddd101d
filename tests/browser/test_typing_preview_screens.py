"""What a visitor writes before he sends it: the sentence beside his field, what leaves his browser, what an agent sees.

Planted defects seen to fail here: the words leave the browser while the site has it off; the preview is drawn as HTML;
the preview stands in the log, which is read aloud.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from console_pages import choose, enter, opened
from console_server import ConsoleServer
from library_scene import fill_library
from playwright.sync_api import Browser, Page, expect
from shop_page import Open, until
from test_console import violations
from widget_scene import Shop, said, server, talking, write

__all__ = ["server"]

SENTENCE = {
    "fr": "Le conseiller peut voir ce que vous écrivez avant l’envoi.",
    "en": "The agent can see what you write before you send it.",
}
SIGHTS = os.environ.get("APARTE_SIGHTS", "")
"""A folder for pictures; none are taken without it."""


def typed(server: Shop) -> list[dict[str, Any]]:
    """All that the widget has told of typing, over whatever line."""
    frames = [one for one in list(server.frames) if one["t"] == "typing"]
    return frames + [one.json for one in server.calls("/v1/conv/c1/typing")]


def field(page: Page) -> Any:
    return page.get_by_role("textbox", name="Votre message")


def test_without_the_site_s_leave_nothing_but_that_he_types_leaves_the_browser(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    field(page).press_sequentially("Avez-vous du 38", delay=60)
    expect(page.locator("aparte-widget #preview")).to_have_count(0)
    field(page).fill("")
    until(page, lambda: typed(server)[-1:] == [{"t": "typing", "on": False}])
    assert {one["on"] for one in typed(server)[:-1]} == {True}
    assert all(one.keys() == {"t", "on"} for one in typed(server))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_he_is_told_beside_the_field_and_no_word_of_the_site_hides_it(server: Shop, shop: Open, language: str) -> None:
    server.config["words"] = {language: dict.fromkeys(("SEEN", "preview", "message", "typing"), "x")}
    server.config["language"] = language
    page = talking(server, shop, language=language)
    expect(page.locator("aparte-widget #preview")).to_have_count(0)
    server.stands(preview=True)
    expect(page.locator("aparte-widget #preview")).to_have_text(SENTENCE[language])
    box = page.locator("aparte-widget textarea")
    expect(box).to_have_accessible_description(SENTENCE[language])
    assert page.locator("aparte-widget #preview").locator("button, a").count() == 0
    box.press_sequentially("oui", delay=20)
    until(page, lambda: typed(server) and typed(server)[-1].get("text") == "oui")
    expect(page.locator("aparte-widget #preview")).to_be_visible()
    server.stands(preview=False)
    expect(page.locator("aparte-widget #preview")).to_have_count(0)


def test_words_leave_a_few_times_a_second_and_none_after_they_are_sent(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.stands(preview=True)
    expect(page.locator("aparte-widget #preview")).to_be_visible()
    begun = time.monotonic()
    field(page).press_sequentially("Avez-vous du 38 en bleu", delay=60)
    until(page, lambda: typed(server)[-1:] and typed(server)[-1].get("text") == "Avez-vous du 38 en bleu")
    assert 2 <= len(typed(server)) <= 2 + (time.monotonic() - begun) / 0.4
    assert "Avez-vous du 38 en bleu".startswith(typed(server)[0]["text"])
    write(page, "Avez-vous du 39 ?")
    until(page, lambda: said(server) == ["Avez-vous du 39 ?"])
    until(page, lambda: typed(server)[-1] == {"t": "typing", "on": False})
    page.wait_for_timeout(900)
    assert typed(server)[-1] == {"t": "typing", "on": False}


def test_a_long_text_is_cut_and_none_cuts_the_line(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.stands(preview=True)
    expect(page.locator("aparte-widget #preview")).to_be_visible()
    field(page).fill("x" + "👩" * 3_000)
    until(page, lambda: typed(server))
    assert typed(server)[0]["text"] == "x" + "👩" * 1_999
    assert server.sockets_opened == 1


def test_when_it_is_switched_off_the_words_stay_here(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.stands(preview=True)
    expect(page.locator("aparte-widget #preview")).to_be_visible()
    field(page).press_sequentially("un")
    until(page, lambda: typed(server)[-1:] and typed(server)[-1].get("text") == "un")
    server.stands(preview=False)
    expect(page.locator("aparte-widget #preview")).to_have_count(0)
    told = len(typed(server))
    field(page).press_sequentially(" deux trois", delay=60)
    page.wait_for_timeout(900)
    assert all("text" not in one for one in typed(server)[told:])


def test_without_a_socket_the_words_are_posted_one_after_the_other(server: Shop, shop: Open) -> None:
    server.sockets_allowed = False
    page = talking(server, shop)
    assert server.conversation
    server.conversation.preview = True
    server.say("Bonjour")
    expect(page.locator("aparte-widget #preview")).to_be_visible()
    field(page).press_sequentially("Du 38", delay=60)
    until(page, lambda: typed(server)[-1:] and typed(server)[-1]["text"] == "Du 38")
    write(page, "Du 38 ?")
    until(page, lambda: said(server) == ["Du 38 ?"])
    until(page, lambda: typed(server)[-1]["on"] is False and "text" not in typed(server)[-1])


# ---- the console


@pytest.fixture
def desk() -> Any:
    with ConsoleServer() as running:
        fill_library(running)
        running.me["site"]["typing_preview"] = True
        yield running


def watched(page: Page, desk: ConsoleServer) -> Any:
    enter(page)
    log = choose(page)
    expect(log).to_contain_text(desk.texts("c1")[-1])  # what was written before ends no typing
    return log


def test_an_agent_sees_it_below_the_thread_until_it_is_sent(browser: Browser, desk: ConsoleServer) -> None:
    page = opened(browser, desk)
    log = watched(page, desk)
    unsent = page.locator(".unsent")
    expect(unsent).to_have_count(0)
    text = "Est-ce <img src=x onerror=alert(1)> que la livraison"
    desk.broadcast(t="typing", conv="c1", who="visitor", on=True, text=text)
    expect(unsent).to_contain_text("En cours de saisie, pas envoyé")
    expect(unsent.locator(".unsent-text")).to_have_text(text)
    assert unsent.locator("img").count() == 0
    expect(unsent).to_have_attribute("aria-live", "off")
    assert log.locator(".unsent").count() == 0
    assert page.locator("[aria-live=polite] .unsent, [role=log] .unsent, [role=status] .unsent").count() == 0
    desk.say("c1", "visitor", text)
    expect(unsent).to_have_count(0)
    desk.broadcast(t="typing", conv="c1", who="visitor", on=True, text="encore")
    expect(unsent).to_be_visible()
    desk.broadcast(t="typing", conv="c1", who="visitor", on=False)
    expect(unsent).to_have_count(0)
    desk.broadcast(t="typing", conv="c1", who="visitor", on=True, text="encore")
    expect(unsent).to_be_visible()
    desk.broadcast(t="typing", conv="c1", who="visitor", on=True)
    expect(unsent).to_have_count(0)
    expect(log.locator(".typing")).to_be_visible()
    page.context.close()


def test_it_goes_by_itself_when_nothing_more_is_heard(browser: Browser, desk: ConsoleServer) -> None:
    page = opened(browser, desk)
    watched(page, desk)
    desk.broadcast(t="typing", conv="c1", who="visitor", on=True, text="encore")
    expect(page.locator(".unsent")).to_be_visible()
    expect(page.locator(".unsent")).to_have_count(0)
    page.context.close()


def test_articles_are_asked_for_as_he_writes_and_the_alerts_say_that_it_is_on(
    browser: Browser, desk: ConsoleServer
) -> None:
    page = opened(browser, desk)
    with page.expect_response("**/articles/propose*"):
        watched(page, desk)
    with page.expect_response("**/articles/propose*"):
        desk.broadcast(t="typing", conv="c1", who="visitor", on=True, text="la livraison")
    page.get_by_role("button", name="Préférences").click()
    page.get_by_role("menuitem", name="Sons et alertes").click()
    expect(page.get_by_role("dialog")).to_contain_text("Aperçu de frappe")
    expect(page.get_by_role("dialog")).not_to_contain_text("Aperçu de frappe\u00a0: non")
    page.context.close()


@pytest.mark.parametrize("look", [
    {"color_scheme": "light"}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}},
])  # fmt: skip
def test_axe_finds_nothing_with_it(browser: Browser, desk: ConsoleServer, axe: str, look: dict[str, Any]) -> None:
    page = opened(browser, desk, **look)
    watched(page, desk)
    text = "Bonjour, je voudrais savoir si la livraison express est possible à Nantes avant samedi. " * 6
    desk.broadcast(t="typing", conv="c1", who="visitor", on=True, text=text)
    expect(page.locator(".unsent")).to_be_visible()
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    if SIGHTS:
        page.screenshot(
            path=Path(SIGHTS) / f"unsent-{'-'.join(map(str, look))}-{look.get('color_scheme', 'phone')}.png"
        )
    page.context.close()
