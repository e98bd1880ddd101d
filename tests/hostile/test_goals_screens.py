"""Goals, contracts and alarms in Chromium at the real server, and axe on the pages about people."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright")

from doors_world import World
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from aparte.contracts.alarm_store import OpenAlarm
from aparte.contracts.alarms import Alarm
from aparte.sites.store import SaveStaff


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world, ready = World(tmp_path / "data", "memory"), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(world.serve(ready)))
    thread.start()
    assert ready.wait(30)
    yield world
    world.stop()
    thread.join(30)


def manager(world: World, browser: Browser, **look: Any) -> Page:
    """A page of Camille's, who plans, while a floor is broken and no events come in."""
    one = next(one for one in world.call(lambda: world.store.staff("a")) if one.id == "camille")
    alarms = [
        Alarm(id="x", site="a", kind="floor", about="g", name="Satisfaction", opened_at=1),
        Alarm(id="y", site="a", kind="ingest_stopped", about="", name="", opened_at=1),
    ]

    async def written() -> None:
        await world.store.submit([SaveStaff(replace(one, role="manager", language="fr")), *map(OpenAlarm, alarms)])

    world.do(written())
    world.call(world.running.doors.desk.directory.forget)
    context = browser.new_context(bypass_csp=True, **look)
    cookie = world.console("camille@a.example").cookies["aparte"]
    context.add_cookies([{"name": "aparte", "value": cookie, "url": world.http}])
    return context.new_page()


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: list[str] = page.evaluate(
        "axe.run().then(told => told.violations.map(one => one.id + ' ' + one.nodes.map(node => node.target)))"
    )
    return found


@pytest.mark.covers("S0-24", "S1-64")
def test_a_manager_writes_a_goal_and_a_contract_and_puts_an_alarm_aside(
    world: World, browser: Browser, axe: str
) -> None:
    page = manager(world, browser)
    page.goto(f"{world.http}/console#/goals")
    expect(page.locator(".notice.alarm")).to_have_count(2)
    page.locator(".notice.alarm", has_text="Plancher franchi").get_by_role("button", name="Vu").click()
    expect(page.locator(".notice.alarm")).to_have_count(1)
    page.get_by_role("button", name="Écrire un objectif").click()
    form = page.locator("dialog")
    for label, value in {"Nom": "Satisfaits", "Cible": "0.8", "Plancher": "0.9"}.items():
        form.get_by_label(label, exact=True).fill(value)
    form.get_by_label("Mesure").fill("csat")
    form.get_by_role("button", name="Enregistrer").click()
    expect(form.get_by_role("alert")).to_contain_text("floor")
    form.get_by_label("Plancher").fill("0.7")
    form.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".goal-rows").first).to_contain_text("Satisfaits")
    page.get_by_role("button", name="Écrire un contrat").click()
    form.get_by_label("Nom", exact=True).fill("Au résultat")
    form.get_by_label("Premier jour").fill("2026-01-01")
    form.get_by_label("Taux (").fill("1000")
    form.locator("textarea").fill("csat, 0,8")
    form.get_by_role("button", name="Enregistrer").click()
    expect(form.get_by_role("alert")).to_contain_text("ligne 1")
    form.locator("textarea").fill("csat >= 0,8")
    form.get_by_role("button", name="Enregistrer").click()
    expect(page.locator(".goal-rows").nth(1)).to_contain_text("Au résultat")
    page.goto(f"{world.http}/reports/goals?lang=fr")
    expect(page.locator("main")).to_contain_text("au moins 80,0 %".replace(" %", "\u00a0%"))
    expect(page.locator("main")).to_contain_text("Au résultat")
    expect(page.locator(".alarms")).to_contain_text("Plancher franchi")
    assert violations(page, axe) == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_on_the_pages_about_people(
    world: World, browser: Browser, scheme: Any, width: int, axe: str
) -> None:
    conv = world.conversation("v1", agent="camille")
    world.says(conv, "v1", "Bonjour, avez-vous du 42 ?")
    page = manager(world, browser, color_scheme=scheme, viewport={"width": width, "height": 844})
    for place in ("reports/agents?lang=en", "reports/conversations?lang=fr", "reports/goals?lang=en", "console#/goals"):
        page.goto(f"{world.http}/{place}")
        expect(page.locator("h1")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert violations(page, axe) == [], place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
