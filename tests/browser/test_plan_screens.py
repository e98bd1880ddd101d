"""The business case in Chromium at the real server: it recomputes, is saved, shared, compared; keyboard, phone, axe.

Mutants seen to fail here: an answer that was overtaken is shown; the place of a refused input is not marked.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

sys.path.append(str(Path(__file__).parents[1] / "web"))

from doors_world import World
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from aparte.sites.store import SaveStaff

NBSP = "\u00a0"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world, ready = World(tmp_path_factory.mktemp("plan") / "data", "memory"), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
    thread.start()
    assert ready.wait(60)
    one = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == "camille")

    async def promote() -> None:
        await world.store.submit([SaveStaff(replace(one, role="manager", language="fr"))])

    world.do(promote())
    world.call(world.running.doors.desk.directory.forget)
    yield world
    world.stop()
    thread.join(30)


def planning(world: World, browser: Browser, address: str = "", **look: Any) -> Page:
    """A page of Camille's, who plans."""
    context = browser.new_context(bypass_csp=True, locale="fr-FR", **look)
    context.set_default_timeout(30_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=world.http)
    cookie = world.console("camille@a.example").cookies["aparte"]
    context.add_cookies([{"name": "aparte", "value": cookie, "url": world.http}])
    page = context.new_page()
    page.goto(f"{world.http}/console#/plan{address}")
    expect(page.locator(".plan-finding")).to_be_visible(timeout=30_000)
    return page


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(
        "axe.run().then(told => told.violations.map(one => one.id + ' ' + one.nodes.map(node => node.target)))"
    )
    return found


@pytest.mark.covers("S0-22", "S1-103")
def test_a_case_recomputes_with_the_keyboard_is_saved_shared_and_compared(world: World, browser: Browser) -> None:
    page = planning(world, browser)
    finding = page.locator(".plan-finding")
    expect(finding).to_contain_text("Un gain net attendu de")
    before = finding.text_content()
    slider = page.get_by_role("slider", name="Effet sur la conversion", exact=True)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")
    expect(finding).not_to_have_text(before or "")
    effect = page.locator("[data-input='help.lift_per_eligible']").first
    expect(effect).to_contain_text("saisi")
    margin = page.get_by_label("Marge brute, valeur retenue").first
    margin.fill("120")
    margin.press("Enter")
    expect(page.locator(".plan-sliders .problem")).to_have_text(f"De 0{NBSP}% à 100{NBSP}%.")
    margin.fill("48")
    margin.press("Enter")
    expect(page.locator(".plan-case .problem")).to_have_count(0)
    page.get_by_role("button", name="Partager").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Nom du scénario").fill("Plan 2027")
    dialog.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".plan-saved")).to_contain_text("version 1")
    page.get_by_role("button", name="Partager").click()
    expect(page.get_by_text("L’adresse est copiée.")).to_be_visible()
    address: str = page.evaluate("navigator.clipboard.readText()")
    assert "#/plan/case/" in address
    page.get_by_role("button", name="Comparer au mesuré Plan 2027").click()
    expect(page.locator(".plan-compare")).to_contain_text(f"Pas de gain recalculé{NBSP}: rien n’est mesuré")
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".plan-head")).to_contain_text("Plan 2027")


def test_an_answer_that_was_overtaken_is_let_go(world: World, browser: Browser) -> None:
    page = planning(world, browser)
    finding = page.locator(".plan-finding")
    expect(finding).to_contain_text("gain net")
    held: list[Any] = []
    page.route("**/api/v1/plan/roi", lambda route: route.continue_() if held else held.append(route))
    margin = page.get_by_label("Marge brute, valeur retenue").first
    margin.fill("20")
    margin.press("Enter")
    for _ in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    with page.expect_response("**/api/v1/plan/roi"):
        margin.fill("48")
        margin.press("Enter")
    with page.expect_response("**/api/v1/plan/roi"):
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(finding).to_contain_text("gain net")


def test_what_the_server_refuses_is_said_at_its_input(world: World, browser: Browser) -> None:
    page = planning(world, browser)
    page.locator(".plan-groups summary", has_text="Effet de l’aide").click()
    page.get_by_role("button", name="Effet sur la conversion, Ne plus donner").click()
    expect(page.locator("[data-group='help'] .problem, [data-input^='help'] .problem").first).to_be_visible()
    expect(page.locator(".plan-finding")).to_be_visible()


@pytest.mark.parametrize(("scheme", "width", "address"), [("light", 1440, "/pilot"), ("dark", 390, "/staff"),
                                                          ("dark", 390, "")])  # fmt: skip
def test_axe_finds_nothing_and_nothing_is_pushed_aside(
    world: World, browser: Browser, scheme: Any, width: int, address: str, axe: str
) -> None:
    page = planning(world, browser, address, color_scheme=scheme, viewport={"width": width, "height": 844})
    assert violations(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_prints_in_light_without_buttons(world: World, browser: Browser) -> None:
    page = planning(world, browser, color_scheme="dark", viewport={"width": 718, "height": 1040})
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".rail", ".page-actions", ".plan-groups", ".plan-saved", ".plan-tabs"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--surface')") == "#FFFDF9"
    assert page.evaluate("document.documentElement.scrollHeight") <= 1040, "more than a page"
