"""An invitation: it comes by a pulse, is told as shown when it is seen, and is answered once."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect
from shop_page import Open, until
from wire_server import WireServer


def test_an_invitation_appears_once_and_takes_no_focus(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop()
    page.locator("[name=street]").focus()
    card = page.locator("aparte-widget .card")
    expect(card).to_contain_text("Une question sur la taille ou la livraison de vos chemises ?")
    assert card.get_attribute("role") == "status"
    assert page.evaluate("document.activeElement.name") == "street"
    until(page, lambda: len(server.calls("/v1/pulse")) > 3)
    assert len(server.calls("/v1/offers/g1/shown")) == 1
    expect(card).to_have_count(1)


def test_both_answers_have_one_size_of_at_least_44_pixels(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop()
    yes = page.get_by_role("button", name="Discuter maintenant").bounding_box()
    no = page.get_by_role("button", name="Non merci").bounding_box()
    assert yes
    assert no
    assert (yes["width"], yes["height"]) == (no["width"], no["height"])
    assert yes["height"] >= 44


@pytest.mark.covers("S0-42")
def test_escape_declines_and_the_card_does_not_come_back(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop()
    expect(page.locator("aparte-widget .card")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    until(page, lambda: server.calls("/v1/offers/g1/decline"))
    pulses = len(server.calls("/v1/pulse"))
    until(page, lambda: len(server.calls("/v1/pulse")) > pulses + 1)
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    assert not server.sockets_opened


def test_an_answer_that_does_not_arrive_is_given_again_and_not_asked_for_again(server: WireServer, shop: Open) -> None:
    server.invite()
    server.answers_to_lose = 1
    page = shop()
    page.get_by_role("button", name="Non merci").click()
    until(page, lambda: len(server.calls("/v1/offers/g1/decline")) == 2)
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    assert len(server.calls("/v1/offers/g1/shown")) == 1
    assert server.offer is None


def test_an_invitation_that_is_not_answered_is_told_as_ignored_when_its_time_is_over(
    server: WireServer, shop: Open
) -> None:
    server.invite(expires_in_ms=1500)
    server.wake_in_ms = 60_000
    page = shop()
    until(page, lambda: server.calls("/v1/offers/g1/shown"))  # in sight for no longer than a busy machine may look away
    until(page, lambda: server.calls("/v1/offers/g1/ignore"))
    expect(page.locator("aparte-widget .card")).to_have_count(0)


def test_an_invitation_that_the_server_takes_back_disappears(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop()
    expect(page.locator("aparte-widget .card")).to_be_visible()
    server.offer = None
    expect(page.locator("aparte-widget .card")).to_have_count(0)
    assert not server.calls("/v1/offers/g1/decline")


def test_an_answer_in_one_tab_closes_the_card_in_the_other(
    server: WireServer, shop: Open, context: BrowserContext
) -> None:
    server.invite()
    first = shop()
    expect(first.locator("aparte-widget .card")).to_be_visible()
    second = shop("/other")
    expect(second.locator("aparte-widget .card")).to_be_visible()
    second.get_by_role("button", name="Non merci").click()
    expect(first.locator("aparte-widget .card")).to_have_count(0)
    until(second, lambda: server.calls("/v1/offers/g1/decline"))
    assert len(server.calls("/v1/offers/g1/decline")) == 1


def test_an_invitation_that_is_over_says_so_and_offers_to_chat_anyway(server: WireServer, shop: Open) -> None:
    server.invite()
    page = shop()
    expect(page.locator("aparte-widget .card")).to_be_visible()
    until(page, lambda: server.calls("/v1/offers/g1/shown"))
    server.offer_over = True
    page.get_by_role("button", name="Discuter maintenant").click()
    expect(page.locator("aparte-widget .card")).to_contain_text("a expiré")
    page.get_by_role("button", name="Discuter quand même").click()
    expect(page.get_by_role("dialog", name="Conversation")).to_be_visible()
    until(page, lambda: server.calls("/v1/conversations"))


def test_the_site_hears_what_happens(server: WireServer, shop: Open) -> None:
    server.invite()
    names = ["ready", "offer", "shown", "accepted", "chat", "message"]
    heard = f"window.heard=[];for(const n of {names})aparte.push(['on',n,()=>heard.push(n)])"
    page = shop(before=f"<script>window.aparte=[];{heard}</script>")
    page.get_by_role("button", name="Discuter maintenant").click()
    until(page, lambda: server.sockets)
    server.say("Bonjour")
    until(page, lambda: len(page.evaluate("heard")) > 5)
    assert page.evaluate("heard") == names


@pytest.mark.covers("S1-145")
def test_the_site_sets_words_and_language_without_code(server: WireServer, shop: Open) -> None:
    server.config["words"] = {"en": {"accept": "Talk to Maison Lin"}}
    server.invite("A question about size?")
    page = shop(language="en")
    expect(page.get_by_role("button", name="Talk to Maison Lin")).to_be_visible()
    expect(page.get_by_role("button", name="No thanks")).to_be_visible()
