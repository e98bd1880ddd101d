"""Always a way out: nobody there or a long wait, and the visitor can leave a message or ask to be called."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from shop_page import Open, answered, html, until
from wire_server import WireServer

HEADER = "aparte-widget header"


def opened(server: WireServer, shop: Open, help: str = "form") -> Page:
    """The visitor has clicked on the launcher, after the server has said what he can have."""
    server.help = help
    page = shop()
    answered(page)
    page.get_by_role("button", name="Une question ?").click()
    expect(page.get_by_role("dialog", name="Conversation")).to_be_visible()
    return page


def queued(server: WireServer, shop: Open) -> Page:
    """He has asked, and waits."""
    page = opened(server, shop, "queue")
    expect(page.locator(HEADER)).to_contain_text("en conversation pour le moment")
    page.get_by_role("textbox", name="Votre message").fill("Bonjour")
    page.keyboard.press("Enter")
    until(page, lambda: server.sockets)
    expect(page.locator(HEADER)).to_contain_text("N° 1 dans la file, environ 1 min")
    return page


def sent(server: WireServer) -> list[dict[str, Any]]:
    return [request.json for request in server.calls("/v1/requests")]


def test_when_nobody_is_there_a_message_is_left_and_what_is_wrong_is_said_at_its_field(
    server: WireServer, shop: Open
) -> None:
    page = opened(server, shop)
    expect(page.get_by_role("status")).to_contain_text("Personne n’est disponible")
    page.get_by_role("button", name="Laisser un message").click()
    email = page.get_by_role("textbox", name="Adresse e-mail")
    expect(email).to_be_focused()
    page.get_by_role("textbox", name="Votre message").fill("Le M taille petit ?")
    email.fill("lea.example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Vérifiez cette adresse")
    expect(email).to_be_focused()
    assert email.get_attribute("aria-invalid") == "true"
    assert email.get_attribute("aria-describedby") == page.get_by_role("alert").get_attribute("id")
    email.fill("lea@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("Nous vous répondrons par e-mail")
    expect(page.get_by_role("button", name="Fermer")).to_be_focused()
    assert len({one["cid"] for one in sent(server)}) == 1
    [kept] = server.asked.values()
    assert kept == {"kind": "message", "email": "lea@example.org", "body": "Le M taille petit ?"}
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("localStorage['aparte-chat']") is None
    assert server.conversation is None


def test_a_message_without_words_is_refused_at_the_message(server: WireServer, shop: Open) -> None:
    page = opened(server, shop)
    page.get_by_role("button", name="Laisser un message").click()
    page.get_by_role("textbox", name="Adresse e-mail").fill("lea@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("Écrivez votre message")


def test_the_queue_says_place_and_wait_in_words_and_offers_the_form_when_it_takes_long(
    server: WireServer, shop: Open
) -> None:
    page = queued(server, shop)
    callback = page.get_by_role("button", name="Être rappelé")
    expect(callback).to_have_count(0)
    server.waits(3, None)
    expect(page.locator(HEADER)).to_contain_text("N° 3 dans la file, durée d’attente inconnue")
    server.waits(3, 600, form=True)
    expect(page.locator(HEADER)).to_contain_text("N° 3 dans la file, environ 10 min")
    expect(page.get_by_role("status")).to_contain_text("L’attente est longue")

    # He may wait on: nothing is sent, and what he had written is there when he comes back.
    callback.click()
    page.get_by_role("textbox", name="Téléphone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Attendre").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()
    assert not sent(server)
    callback.click()
    expect(page.get_by_role("textbox", name="Téléphone")).to_have_value("06 12 34 56 78")
    page.get_by_role("textbox", name="Quand vous appeler ?").fill("ce soir après 18 h")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("Nous vous appellerons")
    [kept] = server.asked.values()
    assert kept == {"kind": "callback", "phone": "06 12 34 56 78", "wanted": "ce soir après 18 h"}

    # Nobody was there: nobody is rated.
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Une question ?").click()
    expect(page.locator("aparte-widget .log .bubble")).to_have_text("Bonjour, posez-nous votre question.")


def test_whoever_waits_may_leave_the_queue_and_is_not_asked_how_it_was(server: WireServer, shop: Open) -> None:
    page = queued(server, shop)
    page.get_by_role("button", name="Quitter la file").click()
    page.get_by_role("button", name="Terminer").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert server.conversation
    assert server.conversation.state == "closed"


def test_an_agent_who_comes_while_the_form_is_open_is_there_when_it_is_left(server: WireServer, shop: Open) -> None:
    page = queued(server, shop)
    server.waits(1, None, form=True)
    page.get_by_role("button", name="Laisser un message").click()
    server.joined()
    server.say("Bonjour, me voici.")
    page.get_by_role("button", name="Attendre").click()
    expect(page.locator("aparte-widget .log .bubble").last).to_contain_text("me voici")
    expect(page.get_by_role("button", name="Laisser un message")).to_have_count(0)


@pytest.mark.covers("S1-100")
def test_an_accepted_offer_to_be_called_asks_for_the_number_also_after_a_reload(server: WireServer, shop: Open) -> None:
    server.invite("Voulez-vous que nous vous appelions ?", channel="callback")
    page = shop()
    page.get_by_role("button", name="Être rappelé").click()
    until(page, lambda: server.calls("/v1/offers/g1/accept"))
    expect(page.get_by_role("textbox", name="Téléphone")).to_be_focused()
    page.reload()
    phone = page.get_by_role("textbox", name="Téléphone")
    phone.fill("12")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_have_text("Vérifiez ce numéro")
    phone.fill("06 12 34 56 78")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("Nous vous appellerons")
    assert server.asked == {"g1": {"kind": "callback", "phone": "06 12 34 56 78"}}
    assert server.conversation is None
    page.reload()
    expect(page.get_by_role("button", name="Une question ?")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_an_answer_that_is_lost_makes_no_second_request(server: WireServer, shop: Open) -> None:
    server.requests_to_lose = 1
    page = opened(server, shop)
    page.get_by_role("button", name="Être rappelé").click()
    page.get_by_role("textbox", name="Téléphone").fill("06 12 34 56 78")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("Connexion impossible")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("Nous vous appellerons")
    assert len(sent(server)) == 2
    assert len(server.asked) == 1


def test_other_words_after_a_lost_answer_are_a_request_of_their_own(server: WireServer, shop: Open) -> None:
    server.requests_to_lose = 1
    page = opened(server, shop)
    page.get_by_role("button", name="Être rappelé").click()
    phone = page.get_by_role("textbox", name="Téléphone")
    phone.fill("06 12 34 56 78")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("Connexion impossible")
    phone.fill("06 12 34 56 79")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status")).to_contain_text("Nous vous appellerons")
    assert [one["phone"] for one in server.asked.values()] == ["06 12 34 56 78", "06 12 34 56 79"]


def test_escape_makes_the_form_small_and_the_launcher_brings_it_back(server: WireServer, shop: Open) -> None:
    page = opened(server, shop)
    page.get_by_role("button", name="Laisser un message").click()
    expect(page.get_by_role("dialog", name="Laisser un message")).to_be_visible()  # not the field of the chat
    page.get_by_role("textbox", name="Votre message").fill("à suivre")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Conversation").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_have_value("à suivre")


def test_a_withdrawal_of_consent_takes_the_form_away_with_all_that_was_written(server: WireServer, shop: Open) -> None:
    page = opened(server, shop)
    page.get_by_role("button", name="Être rappelé").click()
    page.get_by_role("textbox", name="Téléphone").fill("06 12 34 56 78")
    assert "06 12" not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    page.evaluate("aparte.consent('denied')")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("localStorage['aparte-chat']") is None
    page.get_by_role("button", name="Une question ?").click()
    page.get_by_role("button", name="Être rappelé").click()
    expect(page.get_by_role("textbox", name="Téléphone")).to_have_value("")


def test_the_conversation_comes_under_a_strict_policy_and_a_failure_is_tried_again(
    server: WireServer, shop: Open
) -> None:
    host = f"http://localhost:{server.port}"
    policy = f"default-src 'none'; script-src {host}; connect-src {host} ws://localhost:{server.port}; "
    policy += "require-trusted-types-for 'script'; trusted-types aparte"
    server.help = "form"
    page = shop(headers={"content-security-policy": policy})
    page.route("**/aparte-widget-chat.js?0", lambda route: route.abort())
    page.get_by_role("button", name="Une question ?").click()
    until(
        page,
        lambda: page.evaluate("performance.getEntriesByType('resource').some((one) => /chat.js.0/.test(one.name))"),
    )
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Une question ?").click()
    page.get_by_role("button", name="Laisser un message").click()
    expect(page.get_by_role("textbox", name="Adresse e-mail")).to_be_focused()


@pytest.mark.parametrize(
    ("scheme", "width", "language"), [("light", 1280, "fr"), ("dark", 390, "en"), ("light", 390, "fr")]
)
def test_axe_finds_nothing_in_panel_form_and_thanks(
    browser: Browser, server: WireServer, axe: str, scheme: Any, width: int, language: str
) -> None:
    server.help = "form"
    server.pages["/cart"] = (html(server.port, language=language), {})
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce", locale="fr-FR"
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/cart")
    answered(page)
    french = language == "fr"

    def clean() -> None:
        page.locator("aparte-widget section").first.wait_for()
        page.evaluate(axe)
        found = page.evaluate("axe.run('aparte-widget', {resultTypes: ['violations']})")["violations"]
        assert [f"{one['id']}: {json.dumps(one['nodes'])[:300]}" for one in found] == []
        all_of_it = "[...document.querySelector('aparte-widget').shadowRoot.querySelectorAll('*')]"
        assert max(page.evaluate(f"{all_of_it}.map(one => one.getBoundingClientRect().right)")) <= width

    page.get_by_role("button", name="Une question ?" if french else "Ask a question").click()
    clean()
    page.get_by_role("button", name="Être rappelé" if french else "Get a call back").click()
    page.get_by_role("button", name="Envoyer" if french else "Send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    clean()
    page.get_by_role("textbox", name="Téléphone" if french else "Telephone").fill("+33 6 12 34 56 78")
    page.get_by_role("button", name="Envoyer" if french else "Send").click()
    expect(page.get_by_role("status")).to_contain_text("Nous vous appellerons" if french else "We will call you")
    clean()
    context.close()
