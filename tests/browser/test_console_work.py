"""The agents' work in a real browser: ending, tags, help, whispers, products, pages, inviting and blocking."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import choose, enter, opened, page, seek  # noqa: F401
from console_server import ConsoleServer
from playwright.sync_api import Browser, Page, expect
from test_console import violations
from work_scene import fill_work


@pytest.fixture
def server() -> Iterator[ConsoleServer]:
    with ConsoleServer() as running:
        fill_work(running)
        yield running


def lead(server: ConsoleServer) -> None:
    server.me["role"] = "supervisor"


def done(server: ConsoleServer, door: str) -> dict[str, Any]:
    """What the agent has done through this door last."""
    return [one for one in server.done if one["door"] == door][-1]


# ---- how a conversation ended


def test_closing_asks_for_the_code_and_why_nothing_was_bought_and_closes_nothing_without(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    choose(page)
    page.keyboard.press("Alt+e")
    dialog = page.get_by_role("dialog", name=re.compile("Clore"))
    dialog.get_by_role("button", name="Clore", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choisissez un code")
    assert "c1" in server.convs
    expect(dialog.get_by_text("Ancien code")).to_have_count(0)
    dialog.get_by_role("radio", name="Pas acheté").check()
    dialog.get_by_role("radio", name="La taille").check()
    dialog.get_by_role("textbox", name="Note").fill("Attend la 40")
    dialog.get_by_role("button", name="Clore", exact=True).click()
    expect(page.get_by_text("Conversation avec le visiteur 4812 close.")).to_be_visible()
    told = done(server, "close")
    assert (told["code"], told["reason"], told["note"]) == ("not_bought", "size", "Attend la 40")


def test_an_optional_code_may_be_left_out(page: Page, server: ConsoleServer) -> None:
    server.codes["wrap_up"] = "optional"
    enter(page)
    choose(page)
    page.keyboard.press("Alt+e")
    page.get_by_role("dialog").get_by_role("button", name="Clore", exact=True).click()
    expect(page.get_by_text("Conversation avec le visiteur 4812 close.")).to_be_visible()
    assert done(server, "close")["code"] == ""


def test_control_alt_e_closes_and_goes_to_whoever_waits_longest_but_a_euro_sign_does_not(
    page: Page, server: ConsoleServer
) -> None:
    server.codes["wrap_up"] = "off"
    enter(page)
    choose(page, "4777")
    page.get_by_role("textbox", name="Répondre").focus()
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '€', code: 'KeyE', ctrlKey: true,
        altKey: true, modifierAltGraph: true, bubbles: true}))"""
    )
    page.keyboard.press("Control+Alt+e")
    expect(page.get_by_role("heading", name="Visiteur 4790")).to_be_visible()
    assert [one["conv"] for one in server.done if one["door"] == "close"] == ["c3"]


def test_a_conversation_that_the_visitor_closed_is_owed_a_code(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.get_by_role("button", name="Qualifier Visiteur 4799").click()
    dialog = page.get_by_role("dialog", name=re.compile("Qualifier"))
    dialog.get_by_role("radio", name="Vendu").check()
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("qualifiée.")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("À qualifier"))).to_have_count(0)
    assert done(server, "wrap-up")["code"] == "sold"


# ---- what it is about


def test_tags_are_put_from_the_vocabulary_and_taken_off_and_the_form_is_shown(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    choose(page)
    context = page.get_by_role("complementary", name="Contexte du visiteur")
    expect(context).to_contain_text("Quelle taille ?")
    field = context.get_by_role("combobox", name="Ajouter une étiquette")
    expect(context.locator("datalist option")).to_have_count(2)
    field.fill("taille")
    field.press("Enter")
    expect(context.locator(".tag-list")).to_contain_text("taille")
    assert server.convs["c1"]["tags"] == ["taille"]
    context.get_by_role("button", name="Retirer taille").click()
    expect(context.locator(".tag-list li")).to_have_count(0)
    assert server.convs["c1"]["tags"] == []


# ---- help


def test_an_agent_asks_for_help_and_takes_it_back(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    page.keyboard.press("Alt+a")
    dialog = page.get_by_role("dialog", name="Demander de l’aide")
    dialog.get_by_role("textbox").fill("Double débit")
    dialog.get_by_role("button", name="Demander de l’aide").click()
    expect(page.get_by_role("button", name="Visiteur 4812")).to_contain_text("aide demandée")
    assert (done(server, "assistance")["on"], done(server, "assistance")["note"]) == (True, "Double débit")
    expect(dialog).to_have_count(0)  # while one is open, keys are its own
    page.keyboard.press("Alt+a")
    expect(page.get_by_role("button", name="Visiteur 4812")).not_to_contain_text("aide demandée")


def test_an_agent_sees_no_help_list_and_no_buttons_of_those_who_lead(page: Page, server: ConsoleServer) -> None:
    server.convs["h1"]["assistance_at"] = None
    enter(page)
    server.change("h1", assistance_at=1)
    server.change("c1", unread=2)
    expect(page.get_by_role("button", name="Visiteur 4812")).to_contain_text("2 non lus")
    expect(page.get_by_text("Demandes d’aide")).to_have_count(0)


def test_whoever_leads_reads_whispers_joins_answers_leaves_and_takes_over(page: Page, server: ConsoleServer) -> None:
    lead(server)
    enter(page)
    page.get_by_role("button", name="Visiteur 4806").click()
    log = page.get_by_role("log")
    expect(log).to_contain_text("Double débit sur ma commande")
    expect(page.get_by_role("textbox", name="Répondre")).to_have_count(0)
    field = page.get_by_role("textbox", name="Souffler à Inès Roy")
    field.fill("Promets le remboursement")
    field.press("Enter")
    expect(log.locator(".whisper-line")).to_contain_text("Soufflé par vous Promets le remboursement")
    expect(log.locator(".echo")).to_have_count(0)
    assert server.entries["h1"][-1]["kind"] == "whisper"
    page.get_by_role("button", name="Rejoindre").click()
    expect(page.locator(".thread-head")).to_contain_text("avec Camille Durand")
    expect(page.get_by_role("textbox", name="Répondre")).to_be_visible()
    page.get_by_role("button", name="Quitter", exact=True).click()
    expect(page.get_by_role("button", name="Rejoindre")).to_be_visible()
    page.get_by_role("button", name="Prendre la main").click()
    expect(page.get_by_text("Le visiteur 4806 est à vous.")).to_be_visible()
    expect(page.get_by_role("button", name="Clore")).to_be_visible()
    assert server.convs["h1"]["agent"]["id"] == "a1"


def test_a_whisper_looks_unlike_a_note(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.say("c1", "agent", "Propose l’échange", "whisper", name="Inès Roy")
    line = log.locator(".whisper-line")
    expect(line).to_contain_text("Soufflé par Inès Roy")
    expect(line).to_contain_text("le visiteur ne le voit pas")
    assert line.evaluate("one => getComputedStyle(one).borderTopStyle") == "dashed"


# ---- products and pages


@pytest.mark.covers("S1-36", "S1-37")
def test_products_around_the_cart_are_offered_and_a_card_is_sent(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    expect(page.get_by_role("complementary", name="Contexte du visiteur")).to_contain_text("Chemise lin lavé, M")
    page.get_by_role("button", name="Produit").click()
    dialog = page.get_by_role("dialog", name="Montrer des produits")
    expect(dialog.get_by_role("group", name="À la place")).to_contain_text("Chemise popeline")
    expect(dialog.get_by_role("group", name="Avec")).to_contain_text("Ceinture tressée")
    expect(dialog.get_by_role("checkbox", name="Chemise popeline")).to_be_visible()
    expect(dialog).to_contain_text("épuisé")
    dialog.get_by_role("searchbox").fill("ceinture")
    expect(dialog.get_by_role("checkbox")).to_have_count(1)
    dialog.get_by_role("checkbox", name="Ceinture tressée").check()
    dialog.get_by_role("button", name="Envoyer 1 produit").click()
    card = log.locator(".shown")
    expect(card.get_by_role("link", name="Ceinture tressée")).to_have_attribute(
        "href", "https://shop.example/p/ceinture"
    )
    expect(card).to_contain_text("29,00")


def test_a_page_of_the_shop_is_proposed_from_the_journey_and_a_foreign_one_is_refused(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    log = choose(page)
    expect(page.get_by_role("complementary", name="Contexte du visiteur")).to_contain_text("Parcours")
    page.get_by_role("button", name="Proposer une page").click()
    dialog = page.get_by_role("dialog", name="Proposer une page")
    dialog.get_by_label("Adresse").fill("https://elsewhere.example/")
    dialog.get_by_role("button", name="Proposer", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("n’est pas du magasin")
    dialog.locator(".suggestion").first.click()
    dialog.get_by_role("button", name="Proposer", exact=True).click()
    expect(log.locator(".shown").get_by_role("link")).to_have_attribute("href", "https://shop.example/panier")


def test_a_card_with_a_bad_body_or_a_script_address_is_only_text(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.say("c1", "agent", "{not json", "card")
    expect(log).to_contain_text("{not json")
    body = json.dumps({"url": "javascript:alert(1)", "title": "Cliquez"})
    server.say("c1", "agent", body, "page")
    expect(log.locator(".shown")).to_contain_text("Cliquez")
    expect(log.locator(".shown").get_by_role("link")).to_have_count(0)


# ---- the live list


def test_a_visitor_is_invited_by_hand_and_the_invitation_taken_back(page: Page, server: ConsoleServer) -> None:
    enter(page)
    row = page.get_by_role("row", name=re.compile("4841"))
    expect(row).to_contain_text("aucune place libre")
    row.get_by_role("button", name="Inviter le visiteur 4841").click()
    dialog = page.get_by_role("dialog", name="Inviter le visiteur 4841")
    dialog.get_by_role("button", name="Inviter").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Écrivez d’abord")
    dialog.get_by_role("textbox").fill("Puis-je vous aider à payer ?")
    dialog.get_by_role("button", name="Inviter").click()
    expect(page.get_by_text("Visiteur 4841 invité.")).to_be_visible()
    assert done(server, "POST invitation")["text"] == "Puis-je vous aider à payer ?"
    row.get_by_role("button", name=re.compile("Retirer l’invitation")).click()
    expect(page.get_by_text("Invitation du visiteur 4841 retirée.")).to_be_visible()


def test_a_held_out_or_barred_visitor_offers_no_button_and_says_why(page: Page, server: ConsoleServer) -> None:
    enter(page)
    expect(page.get_by_role("button", name="Inviter le visiteur 4829")).to_have_count(0)
    expect(page.get_by_role("button", name="Inviter le visiteur 4850")).to_have_count(0)
    page.goto(f"{server.url}/console#/visitors/v4829")
    expect(page.locator(".panel-acts")).to_contain_text("Témoin\u00a0: ne pas inviter")
    expect(page.locator(".panel-acts")).to_contain_text("témoin de la campagne")
    expect(page.locator(".panel-acts").get_by_role("button", name="Inviter")).to_have_count(0)


def test_a_visitor_is_blocked_with_a_reason_and_hours_and_the_block_is_lifted(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    page.goto(f"{server.url}/console#/visitors/v4841")
    page.get_by_role("button", name="Bloquer").click()
    dialog = page.get_by_role("dialog", name="Bloquer le visiteur 4841")
    dialog.get_by_role("button", name="Bloquer").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Dites pourquoi")
    dialog.get_by_role("textbox", name="Motif").fill("Insultes")
    dialog.get_by_role("radio", name="une heure").check()
    dialog.get_by_role("button", name="Bloquer").click()
    expect(page.get_by_role("row", name=re.compile("4841"))).to_contain_text("bloqué")
    assert (done(server, "PUT block")["reason"], done(server, "PUT block")["hours"]) == ("Insultes", 1)
    page.get_by_role("button", name="Lever le blocage").click()
    expect(page.get_by_text("Visiteur 4841 débloqué.")).to_be_visible()


def test_the_list_keeps_its_scroll_and_its_chosen_row_while_it_refreshes(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.goto(f"{server.url}/console#/visitors/v5030")
    scroll = page.locator(".live-scroll")
    expect(page.locator(".live tr.chosen")).to_have_count(1)
    scroll.evaluate("one => { one.scrollTop = 300 }")
    server.visitors[0]["page"]["path"] = "/fresh"
    server.show_live()
    expect(page.locator(".live")).to_contain_text("/fresh")
    assert scroll.evaluate("one => one.scrollTop") == 300
    expect(page.locator(".live tr.chosen")).to_contain_text("5030")


# ---- what was said before


def test_what_was_said_is_found_from_the_palette_read_and_saved(page: Page, server: ConsoleServer) -> None:
    server.entries["old"] = []
    server.call(server.write("old", "visitor", "La couture du col a lâché"))
    enter(page)
    seek(page, "couture col")
    expect(page.get_by_role("option", name=re.compile("La couture du col"))).to_contain_text("Visiteur 4777")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Transcription")
    expect(dialog).to_contain_text("La couture du col a lâché")
    save = dialog.get_by_role("link", name="Enregistrer")
    expect(save).to_have_attribute("href", "/api/v1/conversations/old/transcript?format=text")
    expect(save).to_have_attribute("download", "")


# ---- what calls back


def test_the_wait_turns_at_the_site_s_own_target(page: Page, server: ConsoleServer) -> None:
    enter(page)
    expect(page.locator(".conversations")).to_contain_text("objectif 1:30")
    server.change("c1", waiting_since=server.convs["c1"]["waiting_since"] - 50_000)
    expect(page.get_by_role("button", name="Visiteur 4812").locator(".wait")).to_have_class(re.compile("warm"))
    expect(page.get_by_role("button", name="Visiteur 4790").locator(".wait")).to_have_class(re.compile("critical"))


def test_alerts_are_chosen_by_event_and_outlive_a_reload_and_the_preview_is_said_to_be_off(page: Page) -> None:
    enter(page)
    page.get_by_role("button", name="Préférences").click()
    page.get_by_role("menuitem", name="Sons et alertes").click()
    dialog = page.get_by_role("dialog", name="Sons et alertes")
    expect(dialog).to_contain_text("Aperçu de frappe\u00a0: non")
    dialog.get_by_role("checkbox", name="quand un visiteur écrit").check()
    dialog.get_by_label("Volume").fill("80")
    page.reload()
    expect(page.get_by_role("heading", name="Échanges")).to_be_visible()
    kept = json.loads(page.evaluate("localStorage.getItem('aparte.alerts')"))
    assert (kept["message"], kept["volume"], kept["waiting"]) == (True, 80, True)


def test_unread_conversations_put_a_dot_on_the_icon(page: Page, server: ConsoleServer) -> None:
    enter(page)
    icon = page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile("^data:image/svg"))
    server.change("c1", unread=0)
    expect(icon).to_have_attribute("href", "/static/logo.svg")


def test_an_agent_who_does_nothing_is_set_away_after_it_was_said(browser: Browser, server: ConsoleServer) -> None:
    server.me["status"] = "available"
    page = opened(browser, server)
    page.clock.install()
    page.evaluate("localStorage.setItem('aparte.alerts', JSON.stringify({away: 5}))")
    page.reload()
    enter(page)
    page.clock.run_for(245_000)
    expect(page.get_by_text("absent dans une minute")).to_be_visible()
    assert server.me["status"] == "available"
    page.clock.run_for(100_000)
    expect(page.get_by_role("button", name=re.compile("Statut Autre motif"))).to_be_visible()
    assert (server.me["status"], server.me["reason"]) == ("away", "other")
    page.context.close()


# ---- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_in_the_agents_work(
    browser: Browser, server: ConsoleServer, axe: str, scheme: Any, width: int
) -> None:
    lead(server)
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    enter(page)
    assert violations(page, axe) == []
    choose(page)
    server.say("c1", "agent", "Propose l’échange", "whisper", name="Inès Roy")
    server.say("c1", "agent", json.dumps({"products": server.products}), "card", name="Inès Roy")
    expect(page.locator(".shown")).to_be_visible()
    assert violations(page, axe) == []
    for keys in ("Alt+e", "Alt+a"):
        page.keyboard.press(keys)
        expect(page.get_by_role("dialog").get_by_role("button").first).to_be_visible()
        assert violations(page, axe) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".offer-product").click()
    expect(page.get_by_role("dialog").get_by_role("checkbox").first).to_be_visible()
    assert violations(page, axe) == []
    page.keyboard.press("Escape")
    page.goto(f"{server.url}/console#/visitors/v4829")
    expect(page.locator(".panel-acts")).to_be_visible()
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()


def test_every_text_of_the_work_is_there_in_english(browser: Browser, server: ConsoleServer) -> None:
    server.me["language"] = "en"
    page = opened(browser, server, locale="en-GB")
    page.get_by_role("button", name="Enter as Camille").click()
    page.get_by_role("button", name="Visitor 4812").click()
    page.keyboard.press("Alt+e")
    dialog = page.get_by_role("dialog", name=re.compile("Close the conversation"))
    dialog.get_by_role("radio", name="Not bought").check()
    expect(dialog.get_by_role("radio", name="The size")).to_be_visible()
    page.keyboard.press("Escape")
    seek(page, "sounds and")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Sounds and alerts")).to_contain_text("Typing preview: off")
    page.context.close()
