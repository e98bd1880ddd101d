"""The console in a real browser, against a server that speaks the wire."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import json
import re
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import choose, enter, opened, page, seek, server, settled, write  # noqa: F401
from console_scene import INVITED, WHEN, conv, live
from console_server import ConsoleServer, now
from playwright.sync_api import Browser, Page, expect
from shop_page import until

# ---- the door


def test_a_wrong_password_is_said_and_the_right_one_opens_the_console(page: Page) -> None:
    page.get_by_label("Adresse e-mail").fill("camille@maison-lin.example")
    page.get_by_label("Mot de passe").fill("no")
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    page.get_by_label("Mot de passe").fill("correct horse")
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.get_by_role("heading", name="Échanges")).to_be_visible()


def test_too_many_attempts_are_told_from_a_wrong_password(page: Page, server: ConsoleServer) -> None:
    server.failures = 3
    page.get_by_label("Adresse e-mail").fill("camille@maison-lin.example")
    page.get_by_label("Mot de passe").fill("no")
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Trop d’essais")


def test_only_a_demonstration_offers_to_enter_with_one_click(browser: Browser, server: ConsoleServer) -> None:
    server.demo = False
    page = opened(browser, server)
    expect(page.get_by_role("button", name="Entrer", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Entrer comme Camille")).to_have_count(0)
    page.context.close()


def test_the_one_time_link_makes_the_first_account_and_leaves_no_token_in_the_address(
    page: Page, server: ConsoleServer
) -> None:
    page.goto("about:blank")
    page.goto(f"{server.url}/console#setup={server.setup_token}")
    page.get_by_label("Votre nom").fill("Inès")
    page.get_by_label("Adresse e-mail").fill("ines@maison-lin.example")
    page.get_by_label("Mot de passe").fill("twelve letters")
    page.get_by_role("button", name="Créer le compte").click()
    expect(page.get_by_role("heading", name="Échanges")).to_be_visible()
    assert server.me["name"] == "Inès"
    assert server.setup_token not in page.url


def test_a_session_that_ends_elsewhere_leads_back_to_the_door(page: Page, server: ConsoleServer) -> None:
    enter(page)
    server.signed_in = False
    server.cut(4001)
    expect(page.get_by_text("Votre session est terminée")).to_be_visible()


# ---- conversations


def test_a_conversation_that_is_given_to_me_appears_with_its_waiting_time(page: Page, server: ConsoleServer) -> None:
    enter(page)
    server.convs["c4"] = conv("c4", "4900", 61)
    server.entries["c4"] = []
    server.call(server.tell("conv", conv=server.convs["c4"]))
    row = page.get_by_role("button", name="Visiteur 4900")
    expect(row).to_contain_text("dépasse l’objectif")
    expect(row.locator(".wait.critical svg")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("4 sur 4 conversations")


def test_a_campaign_is_named_as_people_call_it_in_the_list_and_in_the_reason(page: Page, server: ConsoleServer) -> None:
    called = {"fr": "Panier hésitant", "en": "Hesitant cart"}
    server.convs["c1"]["campaign_label"] = called
    server.journeys["vc1"]["why"]["campaign_label"] = called
    enter(page)
    log = choose(page)
    expect(page.locator(".conv .tag.plum").first).to_have_text("Panier hésitant")
    expect(log.locator(".parens").first).to_contain_text("«\u00a0Panier hésitant\u00a0»")
    expect(page.locator("body")).not_to_contain_text("panier-hesitant")


def test_the_thread_begins_with_the_reason_in_parentheses_and_shows_every_kind_of_entry(page: Page) -> None:
    enter(page)
    log = choose(page)
    reason = log.locator(".parens").first
    expect(reason).to_contain_text(
        "Invité par «\u00a0panier-hesitant\u00a0», règle panier-revu, version 6, variante B."
    )
    expect(reason).to_contain_text("Panier revu sans ajout 2, montant du panier 104,70\u00a0€, temps sur la page 0:47.")
    expect(reason.locator(".paren")).to_have_count(2)
    expect(log.locator(".bubble").first).to_have_text(INVITED)
    expect(log).to_contain_text("Note d’Inès")
    expect(log).to_contain_text("Camille a rejoint la conversation")
    expect(log.get_by_text(re.compile("^Lu, "))).to_be_visible()


def test_the_context_tells_what_the_condition_read_the_way_the_cart_and_who_it_claims_to_be(page: Page) -> None:
    enter(page)
    choose(page)
    context = page.get_by_role("complementary", name="Contexte du visiteur")
    expect(context.locator("pre")).to_have_text(WHEN)
    expect(context).to_contain_text("Ajout au panier 39,90 €")
    expect(context).to_contain_text("Chemise lin lavé, M")
    expect(context.locator(".identity")).to_contain_text("non vérifiée")
    context.get_by_role("button", name="Inès").click()
    expect(page.get_by_role("dialog")).to_contain_text("Avez-vous du lin ?")


def test_the_next_visitor_in_the_queue_is_taken_by_alt_n(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("heading", name="Visiteur 4831")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Visiteur 4831 pris.")).to_be_visible()
    page.keyboard.press("Alt+n")
    expect(page.get_by_text("Vos places sont prises")).to_be_visible()
    assert server.convs["q2"]["state"] == "queued"


def test_a_visitor_s_answer_comes_in_and_is_marked_delivered_and_read(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.broadcast(t="typing", conv="c1", who="visitor", on=True)
    expect(log.locator(".typing")).to_be_visible()
    server.say("c1", "visitor", "et la livraison ? voir https://example.org/a.")
    expect(log.locator(".typing")).to_have_count(0)
    link = log.get_by_role("link", name="https://example.org/a")
    expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    assert settled(page, server, "dlv", 7)
    assert settled(page, server, "read", 7)


def test_what_a_visitor_writes_is_never_markup(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.say("c1", "visitor", "<img src=x onerror=alert(1)> javascript:alert(1)")
    expect(log).to_contain_text("<img src=x onerror=alert(1)> javascript:alert(1)")
    assert log.locator("img").count() == 0
    assert log.get_by_role("link").count() == 0


# ---- the live table


def test_a_held_out_visitor_is_locked_hatched_and_offers_nothing_to_click_but_his_journey(page: Page) -> None:
    enter(page)
    row = page.get_by_role("row", name=re.compile("4829"))
    expect(row).to_contain_text("Témoin\u00a0: on ne l’invite pas")
    assert "repeating-linear-gradient" in row.evaluate("row => getComputedStyle(row).backgroundImage")
    expect(row.get_by_role("button")).to_have_count(1)
    row.get_by_role("button").click()
    expect(page.locator(".journey-panel")).to_contain_text("tiré au sort pour ne pas être invité")


def test_new_visitors_wait_while_the_pointer_is_on_the_table_and_no_row_moves(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    rows = page.locator(".live tbody tr")
    expect(rows).to_have_count(5)
    pointed = page.get_by_role("row", name=re.compile("4850"))
    pointed.hover()
    place = pointed.bounding_box()
    server.visitors = [live(f"49{n:02}", "/chemises", "eligible", ago=90) for n in range(3)] + server.visitors[1:]
    server.show_live()
    fresh = page.get_by_role("button", name="3 nouveaux")
    expect(fresh).to_be_visible()
    assert pointed.bounding_box() == place
    expect(page.get_by_role("row", name=re.compile("4841"))).to_contain_text("parti")
    fresh.click()
    expect(rows).to_have_count(7)
    expect(fresh).to_have_count(0)


# ---- keys, status, languages


def test_the_keys_move_answer_close_and_search(page: Page, server: ConsoleServer) -> None:
    enter(page)
    heading = page.get_by_role("region", name=re.compile("Conversation avec")).get_by_role("heading")
    page.keyboard.press("Alt+j")
    expect(heading).to_have_text("Visiteur 4812")
    page.keyboard.press("Alt+j")
    expect(heading).to_have_text("Visiteur 4790")
    page.keyboard.press("Alt+k")
    expect(heading).to_have_text("Visiteur 4812")
    page.keyboard.press("Alt+l")
    expect(page.get_by_role("textbox", name="Répondre")).to_be_focused()
    page.keyboard.press("Alt+e")
    expect(page.get_by_text("Conversation avec le visiteur 4812 close.")).to_be_visible()
    assert "c1" not in server.convs
    seek(page, "4777")
    page.keyboard.press("Enter")
    expect(heading).to_have_text("Visiteur 4777")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Touches")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_status_changes_on_the_server(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.get_by_role("button", name="Statut Absent").click()
    page.get_by_role("menuitemradio", name="Disponible").click()
    expect(page.get_by_role("button", name="Statut Disponible")).to_be_focused()
    assert server.me["status"] == "available"


def test_the_language_and_the_theme_change_at_once_and_outlive_a_reload(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.get_by_role("button", name="Préférences").click()
    page.get_by_role("menuitemradio", name="English").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    until(page, lambda: server.me["language"] == "en")
    page.reload()
    expect(page.get_by_role("heading", name="Chats", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Visitor 4812").click()
    expect(page.get_by_role("log")).to_contain_text("value of the cart €104.70")


def test_a_live_update_does_not_take_the_focus_or_the_draft(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    field = page.get_by_role("textbox", name="Répondre")
    field.fill("Un brouillon")
    server.say("c1", "visitor", "vous êtes là ?")
    server.change("c2", unread=3)
    server.show_live()
    expect(page.get_by_role("log")).to_contain_text("vous êtes là ?")
    expect(field).to_be_focused()
    expect(field).to_have_value("Un brouillon")
    expect(page).to_have_title(re.compile(r"^\(2\) Échanges"))


# ---- installation


def test_the_installation_waits_then_finds_the_tag_and_counts_orders(page: Page, server: ConsoleServer) -> None:
    enter(page)
    page.get_by_role("link", name="Installation").click()
    state = page.locator(".listening")
    expect(state).to_contain_text("On écoute Maison Lin")
    expect(state).to_contain_text("en attente")
    seen = {"at": now(), "url": "https://maison-lin.example/panier", "event": "Cart Viewed", "tag": "0.1.0"}
    counts = {"received": 41, "accepted": 40, "duplicate": 1, "quarantined": 0, "refused": 0}
    server.install |= {"last_seen": seen, "counts": counts, "orders": {"claimed": 3, "confirmed": 2}}
    expect(state).to_contain_text("La balise est vivante")
    expect(state).to_contain_text("Cart Viewed")
    expect(state.locator("dl", has_text="confirmées")).to_contain_text("2")


def test_the_snippet_and_every_recipe_can_be_copied_with_this_server_s_address(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    page.get_by_role("link", name="Installation").click()
    page.get_by_role("button", name="Copier").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == server.install["snippet"]
    panel = page.get_by_role("tabpanel")
    for name in ("WooCommerce", "PrestaShop", "Shopify", "Magento", "Appel du serveur"):
        page.get_by_role("tab", name=name).click()
        expect(panel).to_contain_text(f"{server.url}/v1/track")
        expect(panel).to_contain_text("Order Completed")
    page.get_by_role("tab", name="Tag Manager").click()
    expect(panel).to_contain_text(f"{server.url}/aparte.js")
    expect(panel).to_contain_text("ml_7Qd2")


# ---- for everybody


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{one['id']}: {json.dumps([node['target'] for node in one['nodes']])}" for one in result["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_on_any_screen(
    browser: Browser, server: ConsoleServer, axe: str, scheme: Any, width: int
) -> None:
    page = opened(
        browser, server, color_scheme=scheme, viewport={"width": width, "height": 844}, reduced_motion="reduce"
    )
    expect(page.get_by_role("button", name="Entrer comme Camille")).to_be_visible()
    assert violations(page, axe) == []
    enter(page)
    choose(page)
    assert violations(page, axe) == []
    page.keyboard.press("Control+k")
    expect(page.get_by_role("listbox")).to_be_visible()
    assert violations(page, axe) == []
    page.keyboard.press("Escape")
    for screen in ("visitors/v4829", "install"):
        page.goto(f"{server.url}/console#/{screen}")
        expect(page.locator(".journey-panel .path, .code").first).to_be_visible()
        assert violations(page, axe) == []
    page.context.close()


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, server: ConsoleServer) -> None:
    page = opened(browser, server, viewport={"width": 390, "height": 844})
    enter(page)
    choose(page)
    for screen in ("exchanges/c1", "visitors", "visitors/v4829", "install"):
        page.goto(f"{server.url}/console#/{screen}")
        expect(page.get_by_role("banner")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()
