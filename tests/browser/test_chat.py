"""A conversation: nothing lost, nothing twice, in order, whatever the network does."""

from __future__ import annotations

from time import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from shop_page import Open, answered, until
from wire_server import WireServer

LOG = "aparte-widget .log .bubble"


def talking(server: WireServer, shop: Open, path: str = "/cart") -> Page:
    """A visitor who has accepted, and an agent who has come."""
    server.invite()
    page = shop(path)
    page.get_by_role("button", name="Discuter maintenant").click()
    until(page, lambda: server.conversation)
    if server.sockets_allowed:
        until(page, lambda: server.sockets)
        expect(page.locator(LOG)).to_contain_text("taille")
    server.joined()
    return page


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Votre message").fill(text)
    page.keyboard.press("Enter")


def said(server: WireServer) -> list[str]:
    assert server.conversation
    return [entry["body"] for entry in server.conversation.entries if entry["by"] == "visitor"]


def shown(page: Page) -> list[str]:
    return [text.split(" : ", 1)[-1] for text in page.locator(LOG).all_text_contents()]


@pytest.mark.covers("S0-75")
def test_accepting_opens_the_chat_with_the_focus_in_its_field_and_the_message_that_invited(
    server: WireServer, shop: Open
) -> None:
    page = talking(server, shop)
    field = page.get_by_role("textbox", name="Votre message")
    expect(field).to_be_focused()
    assert shown(page) == ["Une question sur la taille ou la livraison de vos chemises ?"]
    expect(page.locator("aparte-widget header")).to_contain_text("Camille")


def test_a_message_goes_from_sending_to_read_and_the_answer_names_its_sender(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    write(page, "Le M taille petit ?")
    state = page.locator("aparte-widget .state")
    expect(state).to_have_text("Envoi…")
    server.deaf = False
    server.cut()
    expect(state).to_have_text("Envoyé")
    server.tell({"t": "wm", "who": "agent", "dlv": 2, "read": 1})
    expect(state).to_have_text("Distribué")
    server.tell({"t": "wm", "who": "agent", "dlv": 2, "read": 2})
    expect(state).to_contain_text("Lu à ")
    server.say("Prenez le L.")
    expect(page.locator(LOG).last).to_have_text("Camille : Prenez le L.")
    until(page, lambda: any(frame == {"t": "read", "seq": 3} for frame in server.frames))


def test_messages_survive_lost_acknowledgements_and_cut_sockets_once_and_in_order(
    server: WireServer, shop: Open
) -> None:
    page = talking(server, shop)
    server.acks_to_lose = 2
    for text in ("un", "deux", "trois"):
        write(page, text)
    until(page, lambda: said(server) == ["un", "deux", "trois"])
    server.cut()
    write(page, "quatre")
    until(page, lambda: said(server)[3:])
    server.say("Bien reçu")
    expect(page.locator(LOG).last).to_contain_text("Bien reçu")
    assert said(server) == ["un", "deux", "trois", "quatre"]
    assert shown(page)[1:] == ["un", "deux", "trois", "quatre", "Bien reçu"]
    until(page, lambda: page.evaluate("sessionStorage.length") == 0)


def test_a_message_written_while_nobody_listens_is_sent_after_a_reload(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    # Not even the beacon of a page that goes away gets through.
    page.evaluate("navigator.sendBeacon = () => false")
    write(page, "encore là ?")
    expect(page.locator("aparte-widget .state")).to_have_text("Envoi…")
    server.deaf = False
    page.reload()
    until(page, lambda: said(server) == ["encore là ?"])
    expect(page.locator(LOG).last).to_contain_text("encore là ?")
    assert shown(page) == ["Une question sur la taille ou la livraison de vos chemises ?", "encore là ?"]


def test_a_page_that_goes_away_sends_what_is_unsent_by_beacon_with_the_same_id(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    write(page, "je pars")
    expect(page.locator("aparte-widget .state")).to_have_text("Envoi…")
    page.goto("about:blank")
    posts = until(page, lambda: [one for one in server.calls("/v1/conv/c1/entries") if one.method == "POST"])
    assert "token" not in posts[0].query
    assert posts[0].json["entries"][0]["body"] == "je pars"
    server.deaf = False
    page.go_back()
    expect(page.locator(LOG).last).to_contain_text("je pars")
    assert said(server) == ["je pars"]


def test_without_sockets_the_same_conversation_goes_by_long_polling(server: WireServer, shop: Open) -> None:
    server.sockets_allowed = False
    page = talking(server, shop)
    write(page, "un")
    write(page, "deux")
    until(page, lambda: said(server) == ["un", "deux"], 30)
    server.say("Bonjour")
    expect(page.locator(LOG).last).to_contain_text("Bonjour")
    assert shown(page)[1:] == ["un", "deux", "Bonjour"]
    polls = [one for one in server.calls("/v1/conv/c1/entries") if one.method == "GET"]
    assert all("token" not in str(one.query) and one.headers["authorization"].startswith("Bearer v1.") for one in polls)


def test_an_entry_that_skips_one_is_not_shown_before_what_it_follows(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    assert server.conversation
    server.conversation.write("agent", "text", "premier")
    server.say("second")
    expect(page.locator(LOG).last).to_contain_text("second")
    assert shown(page)[1:] == ["premier", "second"]


def test_a_restored_database_replaces_what_was_on_the_screen(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    server.say("disparaîtra")
    expect(page.locator(LOG).last).to_contain_text("disparaîtra")
    assert server.conversation
    server.conversation.entries.pop()
    server.conversation.epoch = "e2"
    server.cut()
    until(page, lambda: shown(page) == ["Une question sur la taille ou la livraison de vos chemises ?"])


def test_the_open_conversation_follows_over_pages_and_into_a_second_tab(
    server: WireServer, shop: Open, context: BrowserContext
) -> None:
    page = talking(server, shop)
    write(page, "un")
    until(page, lambda: said(server) == ["un"])
    second = shop("/shirts")
    expect(second.locator(LOG).last).to_contain_text("un")
    assert second.evaluate("document.activeElement.tagName") == "BODY"
    write(second, "deux")
    expect(page.locator(LOG).last).to_contain_text("deux")
    assert shown(page) == shown(second)
    second.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_escape_minimises_to_the_launcher_which_tells_of_new_messages(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    until(page, lambda: page.evaluate("document.activeElement.localName") == "aparte-chat")
    server.say("Toujours là ?")
    launcher = page.get_by_role("button", name="Nouveau message (1)")
    launcher.click()
    expect(page.locator(LOG).last).to_contain_text("Toujours là ?")
    expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()


@pytest.mark.covers("S0-71")
def test_ending_asks_first_then_a_short_survey_is_sent(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    page.get_by_role("button", name="Terminer").click()
    page.get_by_role("button", name="Continuer").click()
    assert not server.calls("/v1/conv/c1/close")
    page.get_by_role("button", name="Terminer").click()
    page.get_by_role("button", name="Terminer").click()
    page.get_by_role("button", name="5", exact=True).first.click()
    page.get_by_role("button", name="Oui").click()
    page.get_by_role("textbox", name="Un mot à ajouter ?").fill("Réponse claire.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("aparte-widget")).to_contain_text("Merci")
    assert server.conversation
    until(page, lambda: server.conversation and server.conversation.survey)
    answers = {name: server.conversation.survey[name] for name in ("csat", "nps", "solved", "comment")}
    assert answers == {"csat": 5, "nps": None, "solved": True, "comment": "Réponse claire."}
    assert abs(server.conversation.survey["n"] - time() * 1000) < 60_000  # which of two was given later
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("localStorage['aparte-chat']") is None


@pytest.mark.covers("S1-07")
def test_the_survey_asks_what_its_site_asks_and_effort_goes_by_keyboard(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    assert server.conversation
    server.conversation.asks = ("ces", "solved")
    server.tell({"t": "state", **server.conversation.standing()})
    page.get_by_role("button", name="Terminer").click()
    page.get_by_role("button", name="Terminer").click()
    expect(page.locator("aparte-widget .survey [role=group]")).to_have_count(2)
    effort = page.get_by_role("group", name="Nous vous avons facilité les choses.")
    expect(effort.get_by_role("button")).to_have_text(list("1234567"))
    effort.get_by_role("button", name="6").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(effort.get_by_role("button", name="7")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.locator("aparte-widget")).to_contain_text("Merci")
    assert server.conversation.survey
    assert (server.conversation.survey["ces"], server.conversation.survey["csat"]) == (7, None)


def test_nobody_there_is_said_and_the_place_in_the_queue_is_shown(server: WireServer, shop: Open) -> None:
    server.help = "form"
    page = shop()
    answered(page)
    page.get_by_role("button", name="Une question ?").click()
    expect(page.get_by_role("status")).to_contain_text("Personne n’est disponible")
    assert server.conversation is None
    write(page, "Bonjour")
    expect(page.locator("aparte-widget header")).to_contain_text("N° 1 dans la file, environ 1 min")
    until(page, lambda: said(server) == ["Bonjour"])


def test_what_is_said_is_never_read_as_markup_and_only_safe_addresses_are_links(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    text = '<img src=x onerror="window.hit=1"> javascript:alert(1) https://shop.example/guide. mailto:a@b.example'
    server.say(text)
    expect(page.locator(LOG).last).to_contain_text(text)
    links = page.locator("aparte-widget .log a")
    assert [one.get_attribute("href") for one in links.all()] == ["https://shop.example/guide", "mailto:a@b.example"]
    assert {one.get_attribute("rel") for one in links.all()} == {"noopener nofollow ugc"}
    assert page.evaluate("window.hit") is None


@pytest.mark.parametrize(("length", "sent"), [(4000, 1), (4001, 0)])
def test_a_message_has_four_thousand_characters_at_most(server: WireServer, shop: Open, length: int, sent: int) -> None:
    page = talking(server, shop)
    write(page, "\U0001f600" * length)
    if sent:
        until(page, lambda: said(server))
    else:
        expect(page.get_by_role("alert")).to_contain_text("4 000 caractères au plus")
    assert len(said(server)) == sent


def test_a_refused_message_stays_with_retry_and_copy(server: WireServer, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    write(page, "Bonjour")
    frame = until(page, lambda: [one for one in server.frames if one["t"] == "send"])[0]
    server.tell({"t": "nack", "cid": frame["cid"], "code": "bad_text", "fatal": True})
    expect(page.get_by_role("button", name="Copier")).to_be_visible()
    server.deaf = False
    page.get_by_role("button", name="Réessayer").click()
    until(page, lambda: said(server) == ["Bonjour"])
    expect(page.locator("aparte-widget .state")).to_have_text("Envoyé")
