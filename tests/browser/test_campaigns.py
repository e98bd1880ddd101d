"""Campaigns in the console: listed, built by hand, tried, published and taken back, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from campaign_scene import FILE, people, shown
from campaign_server import CampaignServer
from console_pages import enter, opened
from console_scene import fill
from playwright.sync_api import Browser, Locator, Page, Route, expect


@pytest.fixture
def server() -> Iterator[CampaignServer]:
    with CampaignServer(FILE, people(), shown()) as running:
        fill(running)
        yield running


@pytest.fixture
def page(browser: Browser, server: CampaignServer) -> Iterator[Page]:
    page = inside(browser, server)
    yield page
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


def inside(browser: Browser, server: CampaignServer, at: str = "campaigns", **look: Any) -> Page:
    """A page on the campaigns, signed in."""
    page = opened(browser, server, **look)
    enter(page)
    page.goto(f"{server.url}/console#/{at}")
    expect(page.locator(".campaign-list, .who").first).to_be_visible()
    return page


def rule(page: Page, server: CampaignServer, at: str = "campaigns/cart-hesitation") -> Locator:
    """The card of conditions, with its live figures."""
    page.goto(f"{server.url}/console#/{at}")
    card = page.locator(".who")
    expect(card.locator(".funnel-count b").first).to_be_visible()
    return card


def add_condition(page: Page, attribute: str) -> None:
    """By keyboard: the button, a few letters, Enter."""
    button = page.get_by_role("button", name="Condition", exact=True)
    expect(button).to_be_enabled()  # a key is pressed whether it is or not
    button.press("Enter")
    page.get_by_role("combobox", name="Chercher un attribut").press_sequentially(attribute)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_have_text("Brouillon enregistré")


# ---- the list


def test_the_list_says_in_one_sentence_what_the_verdicts_are(page: Page) -> None:
    sentence = "Une campagne rapporte, une demande encore du temps, une peut être arrêtée et une ne tourne pas."
    expect(page.get_by_role("heading", level=2)).to_have_text(sentence)
    row = page.get_by_role("row", name="Panier hésitant")
    expect(row).to_contain_text("+1,6\u00a0pt")
    expect(row).to_contain_text("de +0,5 à +2,7")
    expect(row).to_contain_text("14,1\u00a0%")
    expect(row.locator(".interval.gain")).to_be_visible()
    expect(page.get_by_role("row", name="Recherche sans issue").locator(".interval.open")).to_be_visible()
    winter = page.get_by_role("row", name="Soldes d’hiver")
    expect(winter.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    expect(winter.locator(".interval")).to_have_count(0)


def test_a_campaign_is_found_by_its_name(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("hesit")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("tbody tr")).to_have_count(4)


def test_the_switch_of_a_campaign_asks_and_then_publishes(page: Page, server: CampaignServer) -> None:
    page.get_by_role("switch", name="Arrêter «\u00a0Accueil, 30 secondes\u00a0»").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Personne ne sera plus invité")
    assert len(server.versions) == 1
    dialog.get_by_role("button", name="Publier maintenant").click()
    switch = page.get_by_role("switch", name="Mettre «\u00a0Accueil, 30 secondes\u00a0» en service")
    expect(switch).to_have_attribute("aria-checked", "false")
    assert {one.name: one.state for one in server.file().campaigns}["home-page"] == "archived"


# ---- who


def test_cart_hesitation_is_built_by_hand_published_and_taken_back_with_the_keyboard_alone(
    page: Page, server: CampaignServer
) -> None:
    page.keyboard.press("c")
    name = page.get_by_label("Nom court")
    expect(name).to_be_focused()
    page.keyboard.type("hesitation")
    page.keyboard.press("Tab")
    page.keyboard.type("Panier qui hésite")
    expect(page.get_by_role("button", name="Créer le brouillon")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Panier qui hésite")).to_be_visible()
    matching = page.locator(".now-figure")
    everybody = sum(one["session.pages"] >= 2 for one in people())
    expect(matching).to_have_text(str(everybody))
    add_condition(page, "cart.views_since_add")
    field = page.get_by_label("Valeur de Panier revu sans ajout")
    field.focus()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("2")
    add_condition(page, "cart.value")
    page.get_by_label("Valeur de Montant du panier").fill("60")
    page.get_by_role("button", name="Retirer la condition Pages vues").press("Enter")
    expect(matching).to_have_text("15")
    saved(page)
    made = {one.name: one for one in server.drafted().campaigns}["hesitation"]
    assert made.rules[0].when == "cart.views_since_add >= 2 && cart.value >= 60"
    page.get_by_role("button", name="Publier la v2").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Panier qui hésite ajoutée")
    page.keyboard.type("Essai du vendredi")
    page.keyboard.press("Enter")
    expect(page.locator(".tag", has_text="v2 en service")).to_be_visible()
    assert (server.published["version"], server.published["note"]) == (2, "Essai du vendredi")
    page.get_by_role("button", name="Versions").press("Enter")
    page.get_by_role("button", name="Revenir à la v1").press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("sous un numéro neuf")
    page.keyboard.press("Enter")
    expect(page.get_by_text("La v3 est en service.")).to_be_visible()
    assert server.published["text"] == server.versions[0]["text"]


def test_each_row_tells_how_many_remain(page: Page, server: CampaignServer) -> None:
    card = rule(page, server)
    expect(card.locator(".funnel-count b")).to_have_text(["36", "21", "15"])
    page.get_by_label("Valeur de Temps sur la page").fill("60")
    expect(card.locator(".funnel-count b")).to_have_text(["36", "11", "11"])
    expect(page.locator(".now")).to_contain_text("visiteurs correspondent maintenant, sur 148")


def test_those_who_match_and_whom_a_gate_keeps_back_are_counted_too(page: Page, server: CampaignServer) -> None:
    def kept_back(route: Route) -> None:
        found = route.fetch()
        told = found.json()
        route.fulfill(response=found, json=told | {"invitable": told["invitable"] - 2})

    page.route("**/api/v1/campaigns/match", kept_back)
    rule(page, server)
    expect(page.locator(".now")).to_contain_text("2 que la fréquence, les heures, le budget ou les places écartent")
    page.unroute_all(behavior="wait")


def test_rows_and_text_say_the_same_both_ways(page: Page, server: CampaignServer) -> None:
    card = rule(page, server)
    page.get_by_role("button", name="Condition en texte (CEL)").click()
    text = page.get_by_role("textbox", name="Condition en texte (CEL)")
    page.get_by_label("Valeur de Montant du panier").fill("75")
    expect(text).to_have_value(re.compile(r"cart\.value >= 75"))
    text.fill('page.path.startsWith("/panier") && (cart.items >= 3 || cart.value > 120.0)')
    expect(card.locator(".who-row")).to_have_count(2)
    expect(page.get_by_label("Valeur de Chemin de la page")).to_have_value("/panier")
    expect(card.locator(".group-row")).to_have_count(2)
    saved(page)
    assert server.drafted().campaigns[0].rules[0].when.startswith("page.path.startsWith")


def test_nothing_is_added_before_the_rows_are_there_and_so_none_is_lost(page: Page, server: CampaignServer) -> None:
    late: list[Route] = []

    def first_is_late(route: Route) -> None:
        late.append(route)
        if len(late) > 1:
            route.continue_()

    page.route("**/api/v1/campaigns/condition", first_is_late)
    with page.expect_request("**/api/v1/campaigns/condition"):
        page.goto(f"{server.url}/console#/campaigns/cart-hesitation")
    expect(page.get_by_role("button", name="Condition", exact=True)).to_be_disabled()
    late[0].continue_()
    expect(page.locator(".who-row")).to_have_count(3)
    add_condition(page, "cart.items")
    expect(page.locator(".who-row")).to_have_count(4)
    saved(page)
    assert server.drafted().campaigns[0].rules[0].when.count("&&") == 3
    page.unroute_all(behavior="wait")


def test_a_fault_is_shown_where_it_is_with_a_suggestion_and_nothing_is_saved(
    page: Page, server: CampaignServer
) -> None:
    card = rule(page, server)
    page.get_by_role("button", name="Condition en texte (CEL)").click()
    text = page.get_by_role("textbox", name="Condition en texte (CEL)")
    text.fill("page.dwell >= duration('30s') && cart.valeu >= 60.0")
    broken = card.locator(".who-row.faulty")
    expect(broken).to_have_count(1)
    expect(broken.get_by_role("alert")).to_contain_text("cart.value")
    expect(page.locator(".cel-box mark")).to_have_text("cart.valeu")
    expect(page.locator(".save-state")).to_contain_text("Pas enregistré")
    expect(page.get_by_role("button", name="Publier la v2")).to_be_disabled()
    assert server.draft is None
    text.fill("cart.value >= 60.0")
    expect(broken).to_have_count(0)
    saved(page)


def test_a_sequence_becomes_a_measure_of_the_file_and_a_condition(page: Page, server: CampaignServer) -> None:
    card = rule(page, server)
    page.get_by_role("button", name="Séquence ou minuterie").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Ce qu’on mesure").select_option("sequence")
    form.get_by_label("Nom").fill("back_and_forth")
    form.get_by_label("Événements, dans l’ordre").fill("Product Viewed, Cart Viewed")
    form.get_by_label("Pendant au plus").fill("10m")
    form.get_by_role("button", name="Ajouter la mesure").click()
    expect(card.locator(".who-row")).to_have_count(4)
    saved(page)
    file = server.drafted()
    assert file.behaviours["back_and_forth"].sequence == ("Product Viewed", "Cart Viewed")
    assert file.campaigns[0].rules[0].when.endswith("back_and_forth >= 2")


# ---- when and what


def test_sentences_say_when_and_how_often_and_are_changed_in_place(page: Page, server: CampaignServer) -> None:
    rule(page, server)
    when = page.locator(".when")
    expect(when).to_contain_text("Une fois par session, silence de 24\u00a0h après un refus")
    expect(when).to_contain_text("Du lundi au samedi, de 9\u00a0h à 19\u00a0h, heure de Paris")
    expect(when).to_contain_text("Seulement si un conseiller «\u00a0textile\u00a0» a une place")
    page.get_by_role("button", name="Changer Budget").click()
    page.get_by_label("Invitations, au plus").fill("500")
    page.locator(".when-editor select").select_option("day")
    expect(when).to_contain_text("Au plus 500 invitations par jour")
    saved(page)
    budget = server.drafted().campaigns[0].budget
    assert budget is not None
    assert (budget.invitations, budget.per) == (500, "day")


def test_changed_shares_raise_the_version_of_the_draw_and_the_hold_out_never_goes(
    page: Page, server: CampaignServer
) -> None:
    rule(page, server)
    page.get_by_label("Part de A, en pour cent").fill("60")
    page.get_by_label("Part de A, en pour cent").blur()
    expect(page.get_by_label("Part de B, en pour cent")).to_have_value("30")
    expect(page.get_by_text("l’essai passe à la version 2")).to_be_visible()
    held = page.get_by_label("Part des témoins, en pour cent")
    held.fill("-5")
    held.blur()
    expect(held).to_have_value("10")
    held.fill("3")
    expect(page.get_by_text("Moins de 5\u00a0% de témoins")).to_be_visible()
    expect(page.get_by_text("leur tirage passe à la version 2")).to_be_visible()
    saved(page)
    made = server.drafted().campaigns[0]
    assert made.experiment is not None
    assert (made.experiment.version, made.version, made.holdout) == (2, 2, 0.03)
    assert sum(one.share for one in made.experiment.variants) == pytest.approx(1)


def test_what_the_server_refuses_stands_beside_its_member(page: Page, server: CampaignServer) -> None:
    rule(page, server, "campaigns/dead-end-search")
    page.get_by_role("button", name="Changer le message A").click()
    page.get_by_label("Message, anglais").fill("")
    part = page.get_by_role("region", name="Quoi")
    expect(part.get_by_role("alert")).to_contain_text("en")
    expect(page.locator(".save-state")).to_have_text("Pas enregistré\u00a0: 1 faute")
    assert server.draft is None
    page.get_by_label("Message, anglais").fill("Shall we look?")
    expect(part.get_by_role("alert")).to_have_count(0)
    saved(page)
    assert server.drafted().campaigns[1].rules[0].offer.message == {
        "fr": "On cherche ensemble ?",
        "en": "Shall we look?",
    }


@pytest.mark.parametrize(("choice", "kept"), [("Garder les miens", 30), ("Prendre les siens", 20)])
def test_a_draft_that_somebody_else_has_changed_is_never_written_over_in_silence(
    page: Page, server: CampaignServer, choice: str, kept: int
) -> None:
    rule(page, server)
    page.get_by_role("button", name="Changer Priorité").click()
    server.somebody_else_saves(lambda file: file["campaigns"][0]["frequency"].update(at_most=2, per="7d"))
    page.get_by_role("textbox", name="Priorité").fill("30")
    expect(page.get_by_text("Quelqu’un d’autre a changé le brouillon.")).to_be_visible()
    assert server.drafted().campaigns[0].rules[0].priority == 20
    page.get_by_role("button", name=choice).click()
    expect(page.get_by_text("Quelqu’un d’autre")).to_have_count(0)
    expect(page.locator(".when")).to_contain_text(f"Priorité {kept}")
    saved(page)
    assert server.drafted().campaigns[0].rules[0].priority == kept
    assert (server.drafted().campaigns[0].frequency.at_most == 2) == (kept == 20)


def test_the_loss_of_the_server_loses_nothing(page: Page, server: CampaignServer) -> None:
    rule(page, server)
    page.get_by_role("button", name="Changer Priorité").click()
    server.dead = True
    page.get_by_role("textbox", name="Priorité").fill("70")
    expect(page.locator(".save-state")).to_contain_text("le serveur ne répond pas")
    asked = page.evaluate("!dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    assert asked
    page.get_by_role("link", name="Visiteurs").click()
    server.dead = False
    page.get_by_role("link", name="Campagnes").first.click()
    page.get_by_role("link", name="Panier hésitant").click()
    saved(page)
    assert server.drafted().campaigns[0].rules[0].priority == 70


# ---- what comes of it


def test_the_replay_compares_the_draft_with_what_is_in_force(page: Page, server: CampaignServer) -> None:
    rule(page, server)
    page.get_by_role("button", name="Rejouer 14 jours").click()
    panel = page.locator(".replay")
    expect(panel.get_by_role("progressbar")).to_be_visible()
    expect(panel.locator(".compared")).to_be_visible()
    expect(panel.get_by_role("row", name="Invitations par jour")).to_have_text("Invitations par jour13182")
    expect(panel.get_by_role("row", name="dont hors capacité")).to_have_text("dont hors capacité346")
    expect(panel.get_by_role("img", name="Invitations par jour")).to_be_visible()
    expect(panel).to_contain_text("Le rejeu dit qui aurait été invité, pas l’effet.")
    page.get_by_label("Valeur de Montant du panier").fill("75")
    expect(panel).to_contain_text("Le brouillon a changé depuis ce rejeu.")


def test_a_visitor_who_matches_is_explained_clause_by_clause(page: Page, server: CampaignServer) -> None:
    rule(page, server)
    page.get_by_role("button", name="Expliquer le visiteur 4800").click()
    dialog = page.get_by_role("dialog")
    first = dialog.locator("section").first
    expect(first).to_contain_text("cart-hesitation/two-views")
    expect(first.locator(".clauses").first.locator("li")).to_have_count(3)
    expect(first).to_contain_text("remplie")


def test_whoever_only_talks_to_visitors_reads_and_is_told_why(browser: Browser, server: CampaignServer) -> None:
    server.me["role"] = "agent"
    page = inside(browser, server)
    expect(page.get_by_text("Seuls les superviseurs")).to_be_visible()
    expect(page.get_by_role("switch").first).to_be_disabled()
    rule(page, server)
    expect(page.get_by_text("Seuls les superviseurs")).to_be_visible()
    expect(page.get_by_label("Valeur de Montant du panier")).to_be_disabled()
    expect(page.get_by_label("Part des témoins, en pour cent")).to_be_disabled()
    expect(page.get_by_role("button", name="Publier la v2")).to_be_disabled()
    page.context.close()


# ---- for everybody


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {json.dumps([node['html'] for node in one['nodes']])[:400]}" for one in found]


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1440, "fr-FR"), ("dark", 390, "en-GB")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, server: CampaignServer, axe: str, scheme: Any, width: int, language: str
) -> None:
    server.me["language"] = language[:2]
    page = inside(browser, server, color_scheme=scheme, viewport={"width": width, "height": 900}, locale=language)
    page.emulate_media(reduced_motion="reduce")

    def clean() -> None:
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("(s => s.scrollWidth - s.clientWidth)(document.querySelector('.screen'))") <= 0

    clean()
    rule(page, server)
    page.get_by_role("button", name=re.compile("CEL")).click()
    page.get_by_role("button", name=re.compile("(Changer Heures|Change Hours)")).click()
    page.get_by_role("button", name=re.compile("(Changer le message B|Change message B)")).click()
    clean()
    page.get_by_role("button", name="Versions").click()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    clean()
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("^Condition$")).click()
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    clean()
    page.context.close()
