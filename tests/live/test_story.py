"""The whole way in real browsers: a visitor hesitates, is invited, chats, buys; the report counts it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from persons import Person, signs_in
from playwright.sync_api import Browser, expect
from running import Server, running

PATIENCE = 40_000
FORM = {"email": "lea@example.org", "card": "4242 4242 4242 4242"}
OFFER = "Une question sur la taille ou la livraison de vos articles ?"
ASKED, ANSWERED = "Bonjour, le M taille petit ?", "Entre deux tailles, prenez le L."


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """The demo without its simulated people, and without hold-outs: whoever hesitates is invited."""
    data = tmp_path_factory.mktemp("demo")
    (data / "campaigns").mkdir()
    campaigns = files("aparte.simulation").joinpath("demo.toml").read_text("utf-8")
    (data / "campaigns" / "demo.toml").write_text(re.sub(r"holdout = [\d.]+", "holdout = 0.0", campaigns), "utf-8")
    with running("demo", "--data", str(data), "--no-simulation", "--no-history") as server:
        yield server, data


def figures(data: Path) -> dict[str, Any]:
    """What the report counts."""
    command = [sys.executable, "-m", "aparte", "report", "--data", str(data), "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return found


@pytest.mark.covers("S0-29", "S0-75", "S1-02", "S1-03", "S1-52")
def test_a_visitor_is_helped_at_the_right_moment(chromium: Browser, demo: tuple[Server, Path]) -> None:
    server, data = demo
    agent, refuses, accepts = (Person(chromium, server) for _ in range(3))
    console = signs_in(agent)
    refuses.hesitates()
    accepts.hesitates()

    # The one who does not want to be helped: Esc, and it does not come again.
    offered = refuses.page.get_by_text(OFFER)
    expect(offered).to_be_visible(timeout=PATIENCE)
    refuses.page.keyboard.press("Escape")
    expect(offered).to_be_hidden()

    # The one who does: he accepts and writes; the agent sees it with the journey and the reason, and answers.
    page = accepts.page
    page.get_by_role("button", name="Discuter maintenant").click(timeout=PATIENCE)
    page.get_by_role("textbox", name="Votre message").fill(ASKED)
    page.keyboard.press("Enter")
    console.get_by_text(ASKED).first.click(timeout=PATIENCE)
    thread = console.get_by_role("log")
    expect(thread.get_by_text(ASKED)).to_have_count(1)
    expect(console.get_by_text("Panier hésitant").first).to_be_visible()  # the campaign, by its label
    expect(console.get_by_text("Chemise Oxford").first).to_be_visible()
    console.get_by_placeholder("Votre réponse").fill(ANSWERED)
    console.keyboard.press("Enter")
    expect(page.get_by_role("log").get_by_text(ANSWERED)).to_have_count(1)

    # Both sides load their page again: nothing is missing, nothing is there twice.
    page.reload()
    console.reload()
    for text in (OFFER, ASKED, ANSWERED):
        expect(page.get_by_role("log").get_by_text(text)).to_have_count(1)
    console.get_by_text(ANSWERED).first.click()
    for text in (OFFER, ASKED, ANSWERED):
        expect(thread.get_by_text(text)).to_have_count(1)

    # He buys, and the report counts it.
    page.keyboard.press("Escape")
    buys(accepts)
    expect(refuses.page.get_by_text(OFFER)).to_be_hidden()
    funnel = figures(data)["funnel"]
    assert funnel["shown"] == 2
    assert funnel["accepted"] == funnel["bought"] == 1
    assert (
        agent.complaints[1:] == refuses.complaints == accepts.complaints == []
    )  # the first is the 401 before signing in
    shown = agent.go("/reports")
    expect(shown.get_by_role("heading", level=1)).to_be_visible()


def buys(visitor: Person) -> None:
    """Through the checkout to the thanks."""
    page = visitor.go("/shop/fr/commande")
    for field in page.locator("#checkout input[required]").all():
        if field.get_attribute("type") != "radio":
            field.fill(FORM.get(field.get_attribute("name") or "", "Lea Martin"))
    page.locator("#checkout .button").click()
    page.wait_for_url("**/shop/fr/merci/**")
