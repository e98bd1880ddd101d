"""What an agent promises a visitor, in a real browser: a call at a time, and coupons."""
# ruff: noqa: F811 (fixtures are imported by name)

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")
pytest.importorskip("uvicorn")

from console_pages import choose, enter, opened, page  # noqa: F401
from console_server import ConsoleServer
from playwright.sync_api import Browser, Locator, Page, expect
from test_console import violations
from work_scene import fill_work


@pytest.fixture
def server() -> Iterator[ConsoleServer]:
    with ConsoleServer() as running:
        fill_work(running)
        yield running


def done(server: ConsoleServer, door: str) -> dict[str, Any]:
    """What the agent has done through this door last."""
    return [one for one in server.done if one["door"] == door][-1]


def picture(page: Page, name: str) -> None:
    """A picture to look at, where somebody asks for it."""
    if folder := os.environ.get("APARTE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def promising(page: Page) -> Locator:
    """The dialog of a call, filled in."""
    dialog = page.get_by_role("dialog", name="Promettre un rappel")
    dialog.get_by_label("Téléphone").fill("06 12 34 56 78")
    dialog.get_by_label("Jour").fill("2027-03-02")
    dialog.get_by_label("Heure").fill("10:30")
    return dialog


def test_an_agent_promises_a_call_by_keyboard_and_it_stands_among_the_requests(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    log = choose(page)
    page.keyboard.press("Alt+r")
    dialog = promising(page)
    expect(dialog.get_by_label("Nom")).to_have_value("Léa")
    dialog.get_by_label("À propos de quoi").fill("La taille 40")
    dialog.get_by_label("À propos de quoi").press("Tab")
    page.keyboard.press("Enter")
    expect(log).to_contain_text("au numéro qui finit par 78")
    told = done(server, "callback")
    assert (told["at"], told["phone"], told["note"], told["name"]) == (
        "2027-03-02T10:30", "06 12 34 56 78", "La taille 40", "Léa",
    )  # fmt: skip
    row = page.get_by_role("region", name="Demandes").get_by_role("listitem").filter(has_text="La taille 40")
    expect(row).to_contain_text("2 mars 2027, 10:30")
    row.get_by_role("button").click()
    pane = page.get_by_role("region", name="Rappel demandé, Léa")
    expect(pane).to_contain_text(re.compile("Rappel promis.*2 mars 2027, 10:30, par Camille Durand"))
    picture(page, "request-booked")


def test_an_hour_at_which_nobody_works_is_refused_and_the_next_is_a_click_away(
    page: Page, server: ConsoleServer
) -> None:
    enter(page)
    choose(page)
    page.get_by_role("button", name="Promettre un rappel").click()
    dialog = promising(page)
    dialog.get_by_label("Heure").fill("21:00")
    dialog.get_by_role("button", name="Promettre un rappel").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Personne ne travaille à cette heure")
    dialog.get_by_role("button", name="Plutôt 3 mars 2027, 09:00").click()
    expect(dialog.get_by_label("Jour")).to_have_value("2027-03-03")
    expect(dialog.get_by_label("Heure")).to_have_value("09:00")
    dialog.get_by_label("Téléphone").fill("appelez")
    dialog.get_by_role("button", name="Promettre un rappel").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ce n’est pas un numéro")
    dialog.get_by_label("Téléphone").fill("0612345678")
    dialog.get_by_role("button", name="Promettre un rappel").click()
    expect(dialog).to_have_count(0)
    assert done(server, "callback")["at"] == "2027-03-03T09:00"


def test_a_coupon_is_given_by_keyboard_and_stands_in_the_thread(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Chercher").fill("offrir un bon")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Offrir un bon")
    expect(dialog.get_by_role("radio")).to_have_count(3)
    expect(dialog.get_by_role("radio", name=re.compile("Vingt pour cent"))).to_be_disabled()
    expect(dialog).to_contain_text("valable 7 jours · encore 42")
    expect(dialog).to_contain_text("dès 40,00")
    dialog.get_by_role("button", name="Donner le code").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Choisissez un bon")
    dialog.get_by_role("radio", name=re.compile("Cinq euros")).press("Space")
    page.keyboard.press("Enter")
    card = log.locator(".shown").last
    expect(card).to_contain_text("Cinq euros 5,00")
    expect(card).to_contain_text("7KQF-9ZT2-M4XB-0RWD")
    expect(card).to_contain_text(re.compile("jusqu’au 18 nov. 2026"))
    assert done(server, "coupon")["coupon"] == "five"


def test_who_is_held_out_gets_no_coupon_and_it_is_said(page: Page, server: ConsoleServer) -> None:
    enter(page)
    choose(page)
    page.get_by_role("button", name="Offrir un bon").click()
    dialog = page.get_by_role("dialog", name="Offrir un bon")
    for code, said in (("held_out", "Témoin"), ("has_one", "Il a déjà un code"), ("no_budget", "sont donnés")):
        server.nack = code
        dialog.get_by_role("radio", name=re.compile("Dix pour cent")).check()
        dialog.get_by_role("button", name="Donner le code").click()
        expect(dialog.get_by_role("alert")).to_contain_text(said)


def test_a_coupon_with_a_bad_body_is_only_text(page: Page, server: ConsoleServer) -> None:
    enter(page)
    log = choose(page)
    server.say("c1", "agent", "{not json", "coupon")
    expect(log).to_contain_text("{not json")
    server.say("c1", "agent", json.dumps({"code": "X", "value": 7, "until": 1e300, "label": {"a": 1}}), "coupon")
    expect(log.locator(".coupon-code").last).to_have_text("X")


LOOKS: list[dict[str, Any]] = [
    {}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}, "has_touch": True},
]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "phone"])
def test_the_dialogs_are_accessible(
    browser: Browser, server: ConsoleServer, axe: str, look: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    page = opened(browser, server, **look)
    enter(page)
    choose(page)
    page.evaluate(axe)
    page.get_by_role("button", name="Promettre un rappel").click()
    promising(page)
    assert violations(page, axe) == []
    picture(page, f"callback-{request.node.callspec.id}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Offrir un bon").click()
    dialog = page.get_by_role("dialog", name="Offrir un bon")
    dialog.get_by_role("radio", name=re.compile("Dix pour cent")).check()
    assert violations(page, axe) == []
    picture(page, f"coupon-{request.node.callspec.id}")
    dialog.get_by_role("button", name="Donner le code").click()
    expect(page.locator(".coupon-code")).to_be_visible()
    assert violations(page, axe) == []
    picture(page, f"given-{request.node.callspec.id}")
    assert page.errors == []  # type: ignore[attr-defined]
    page.context.close()
