"""The supervisor's board in a real browser: who waits, who has whom, the day, and a conversation read along."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from board_server import BoardServer, fill_board
from console_pages import enter, opened, page, seek  # noqa: F401
from console_server import now
from playwright.sync_api import Browser, Locator, Page, expect
from shop_page import until
from test_console import violations

LIVE = "en direct"


@pytest.fixture
def server() -> Iterator[BoardServer]:
    with BoardServer() as running:
        fill_board(running)
        yield running
        assert running.wrong == []


def board(page: Page) -> Locator:
    """The rows of the agents."""
    enter(page)
    page.get_by_role("link", name="Supervision").click()
    rows = page.get_by_role("region", name="Conseillers").locator("tbody tr")
    expect(rows.first).to_be_visible()
    return rows


def tile(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"Lire l’échange du visiteur {label} avec"))


def watched(server: BoardServer, kind: str, conv: str) -> int:
    return sum(frame["t"] == kind and frame.get("conv") == conv for frame in server.frames)


def test_one_sentence_tells_who_waits_and_each_agent_what_he_has(page: Page, server: BoardServer) -> None:
    rows = board(page)
    title = page.get_by_role("heading", level=2).first
    expect(title).to_have_text(re.compile(r"^Sept visiteurs attendent\s; le plus ancien depuis 2:\d\d\.$"))
    expect(page.get_by_text("2 dans la file, 5 chez un conseiller.")).to_be_visible()
    # Who asks for help stands first, then whose visitor waits too long, then who is available, then who is away.
    expect(rows.locator("strong")).to_have_text(
        ["Sofia Benali", "Camille Durand", "Inès Roy", "Thomas Mercier", "Jules Petit"]
    )
    expect(page.get_by_text("Console fermée\u00a0: Nadia Kaci.")).to_be_visible()
    sofia, thomas = rows.nth(0), rows.nth(3)
    expect(sofia).to_contain_text(re.compile("Déjeuner ?depuis 12:"))
    expect(thomas.locator(".load-bars .on")).to_have_count(4)
    expect(thomas).to_contain_text("4 sur 4")
    expect(rows.nth(2).locator(".tile.free")).to_have_count(2)
    expect(rows.nth(4)).to_contain_text("Sans réponse")
    expect(tile(page, "4790")).to_have_class(re.compile("critical"))
    expect(tile(page, "4826")).to_have_class(re.compile("warm"))
    expect(tile(page, "4817")).to_have_class(re.compile("calm"))
    expect(tile(page, "4798")).to_contain_text("aide demandée")


def test_the_figures_of_the_day_have_their_denominators_and_the_level_its_definition(page: Page) -> None:
    board(page)
    figures = page.locator(".board-figures > div")
    for figure, what in [
        ("9 sur 12", "places prises chez les conseillers disponibles"),
        ("2", re.compile(r"en file, le plus ancien 0:[3-5]\d")),
        ("0:41", "médiane du jour\u00a0; 9 sur 10 en 1:35"),
        ("92\u00a0%", "répondu en 1:00 au plus, 46 sur 50"),
        ("4,5", "satisfaction sur 5, 96 avis"),
    ]:
        one = figures.filter(has_text=what)
        expect(one.locator("dd")).to_have_text(figure)
    queue = page.get_by_role("region", name="Attente par compétence")
    expect(queue).to_contain_text("Le trait marque l’objectif, 1:00.")
    expect(queue.get_by_role("listitem").filter(has_text="sales")).to_contain_text(
        "1 en file, le suivant attendrait 1:00"
    )
    expect(queue.get_by_role("listitem").filter(has_text="textile")).to_contain_text("personne ne peut le dire")
    expect(page.get_by_role("region", name="Niveau de service")).to_contain_text(
        "46 conversations sur 50 ont eu leur première réponse 1:00 au plus après leur ouverture."
    )
    today = page.get_by_role("region", name="Aujourd’hui")
    for row in ["Recommandation, 40 avis+32", "Problème résolu, 52 avis81\u00a0%", "Conversations closes49"]:
        expect(today).to_contain_text(row)


def test_the_board_is_live_and_keeps_choice_focus_and_order_under_the_pointer(page: Page, server: BoardServer) -> None:
    rows = board(page)
    tile(page, "4830").click()
    tile(page, "4830").focus()
    page.get_by_role("region", name="Conseillers").hover()
    for talk in (server.others["o3"], server.others["o2"]):
        talk["waiting_since"] = now() - 300_000
    server.others["o5"]["waiting_since"] = now() - 40_000
    server.waits[0] |= {"n": 3, "longest_s": 50}
    server.show_board()
    expect(tile(page, "4801")).to_contain_text(re.compile(r"attend 5:\d\d"))
    expect(page.get_by_role("heading", level=2).first).to_contain_text("11 visiteurs attendent")
    expect(tile(page, "4830")).to_be_focused()
    expect(tile(page, "4830")).to_have_attribute("aria-pressed", "true")
    server.others["o5"]["assistance_at"] = now() - 5_000
    server.show_board()
    expect(page.get_by_role("heading", name=re.compile("Thomas Mercier demande de l’aide"))).to_be_visible()
    held = ["Sofia Benali", "Camille Durand", "Inès Roy", "Thomas Mercier"]
    assert rows.locator("strong").all_inner_texts()[:4] == held
    page.get_by_role("heading", level=2).first.hover()
    page.get_by_role("button", name="Chercher").focus()
    server.show_board()
    expect(rows.locator("strong").nth(1)).to_have_text("Thomas Mercier")


def test_a_conversation_is_read_along_and_nobody_is_told(page: Page, server: BoardServer) -> None:
    board(page)
    page.get_by_role("button", name=re.compile("Lire l’échange ?, Visiteur 4798")).click()
    panel = page.get_by_role("complementary", name="Échange du visiteur 4798")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("avec Sofia Benali")
    expect(panel.get_by_role("log")).to_contain_text("Puis-je promettre le remboursement ce soir ?")
    server.say("o6", "visitor", "Êtes-vous là ?")
    expect(panel.get_by_role("log")).to_contain_text("Êtes-vous là ?")
    assert page.url.endswith("#/board/o6")
    page.reload()
    expect(panel.get_by_role("log")).to_contain_text("Êtes-vous là ?")
    server.cut()
    server.call(server.write("o6", "visitor", "Allô ?"))
    expect(panel.get_by_role("log")).to_contain_text("Allô ?")
    server.others.pop("o6")
    server.show_board()
    expect(panel).to_contain_text("Cette conversation n’est plus en cours.")
    expect(panel.get_by_role("log")).to_contain_text("Allô ?")
    panel.press("Escape")
    expect(panel).to_have_count(0)
    page.wait_for_url("**/console#/board")
    until(page, lambda: watched(server, "unwatch", "o6") == 1)


def test_whoever_reads_along_sees_what_is_not_sent_yet_below_the_log(page: Page, server: BoardServer, axe: str) -> None:
    board(page)
    tile(page, "4812").click()
    panel = page.get_by_role("complementary", name="Échange du visiteur 4812")
    expect(panel.get_by_role("log")).to_contain_text("c’est fabriqué où")
    server.broadcast(t="typing", conv="c1", who="visitor", on=True, text="En <b>lin</b> ?")
    expect(panel.locator(".unsent-text")).to_have_text("En <b>lin</b> ?")
    assert panel.get_by_role("log").locator(".unsent").count() == 0
    assert violations(page, axe) == []
    server.say("c1", "visitor", "En lin ?")
    expect(panel.locator(".unsent")).to_have_count(0)


def test_the_conversation_opens_on_its_own_screen_and_ones_own_stays_watched(page: Page, server: BoardServer) -> None:
    board(page)
    tile(page, "4812").click()
    panel = page.get_by_role("complementary", name="Échange du visiteur 4812")
    expect(panel.get_by_role("log")).to_contain_text("c’est fabriqué où")
    panel.get_by_role("link", name="Ouvrir dans Échanges").click()
    page.wait_for_url("**/console#/exchanges/c1")
    server.say("c1", "visitor", "Encore une question.")
    expect(page.get_by_role("log")).to_contain_text("Encore une question.")
    until(page, lambda: [frame["on"] for frame in server.frames if frame["t"] == "board"] == [True, False])
    assert watched(server, "unwatch", "c1") == 0


def test_without_a_socket_the_board_says_so_and_its_timers_stand_still(page: Page, server: BoardServer) -> None:
    board(page)
    fresh = page.locator(".freshness")
    expect(fresh).to_contain_text(LIVE)
    server.refuse_sockets = True
    server.cut()
    expect(fresh).to_contain_text("figé depuis")
    expect(page.get_by_text("La connexion est perdue")).to_have_count(1)
    before = tile(page, "4790").inner_text()
    page.wait_for_timeout(1500)
    assert tile(page, "4790").inner_text() == before
    server.others["o4"]["waiting_since"] = None
    server.refuse_sockets = False
    expect(fresh).to_contain_text(LIVE)
    expect(tile(page, "4817")).not_to_contain_text("attend")


def test_a_quiet_morning_has_no_figure_that_was_not_measured(page: Page, server: BoardServer) -> None:
    for talk in [*server.convs.values(), *server.others.values()]:
        talk |= {"waiting_since": None, "assistance_at": None}
    server.waits = []
    nothing = {"csat_mean": None, "csat_n": 0, "nps": None, "nps_n": 0, "solved_share": None, "solved_n": 0}
    server.day = {
        "service_level": {"target_s": 60, "answered": 0, "within": 0, "late": 0, "share": None},
        "waits": {"median_s": None, "p90_s": None},
        "today": {"conversations": 0, "closed": 0, **nothing},
    }
    board(page)
    expect(page.get_by_role("heading", level=2).first).to_have_text("Personne n’attend.")
    expect(page.locator(".board-figures dd")).to_have_text(["9 sur 12", "0", "–", "–", "–"])
    expect(page.get_by_text("Personne dans la file.")).to_be_visible()
    expect(page.locator(".call")).to_have_count(0)
    for one in server.staff:
        one["present"] = False
    server.others, server.convs = {}, {}
    server.show_board()
    expect(page.get_by_text("Personne n’est à son poste.")).to_be_visible()


def test_a_board_that_does_not_come_is_asked_for_again(page: Page, server: BoardServer) -> None:
    server.broken, server.silent = {"board"}, True
    page.goto(f"{server.url}/console#/board")
    page.get_by_role("button", name="Entrer comme Camille").click()
    expect(page.get_by_role("alert").filter(has_text="Le tableau n’est pas arrivé")).to_be_visible()
    server.broken.clear()
    page.get_by_role("button", name="Réessayer").click()
    expect(tile(page, "4790")).to_be_visible()


def test_an_agent_has_no_board_and_none_is_asked_for(page: Page, server: BoardServer) -> None:
    server.me["role"] = "agent"
    page.goto(f"{server.url}/console#/board")
    page.get_by_role("button", name="Entrer comme Camille").click()
    expect(page.get_by_text("Ce tableau est pour ceux qui supervisent.")).to_be_visible()
    expect(page.get_by_role("link", name="Supervision")).to_have_count(0)
    assert not [call for call in server.calls if "board" in call]
    assert not [frame for frame in server.frames if frame["t"] == "board"]


def test_the_palette_leads_to_the_board_and_it_speaks_english(browser: Browser, server: BoardServer) -> None:
    server.me["language"] = "en"
    page = opened(browser, server, locale="en-GB")
    enter(page)
    seek(page, "board")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        re.compile(r"^Seven visitors are waiting; the first for 2:\d\d\.$")
    )
    expect(page.get_by_role("region", name="Service level")).to_contain_text("46 of 50 conversations had their first")
    expect(page.get_by_role("heading", name=re.compile("Sofia Benali has asked for help for 1:"))).to_be_visible()
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_and_no_width_overflows(
    browser: Browser, server: BoardServer, axe: str, scheme: Any, width: int
) -> None:
    look = {"color_scheme": scheme, "viewport": {"width": width, "height": 844}, "reduced_motion": "reduce"}
    page = opened(browser, server, **look)
    board(page)
    assert violations(page, axe) == []
    assert page.evaluate("document.querySelector('.screen').scrollWidth - innerWidth") <= 0
    tile(page, "4798").click()
    expect(page.get_by_role("complementary", name="Échange du visiteur 4798").get_by_role("log")).to_contain_text(
        "débité"
    )
    assert violations(page, axe) == []
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
