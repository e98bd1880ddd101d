"""A campaign's whole life in real browsers: built by hand, counted, replayed, published, seen to fire, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from persons import Person, signs_in
from playwright.sync_api import Browser, Locator, Page, expect
from running import Server, running

PATIENCE = 60_000
OURS = "Chemise ou panier, on en parle ?"
THEIRS = "Une question sur la taille ou la livraison de vos articles ?"  # of the rule that the demo begins with
RULE = "cart_looks >= 2 && cart.value >= 30"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo with its four weeks, without simulated people and hold-outs, and its own rule waits less long."""
    data = tmp_path_factory.mktemp("demo")
    (data / "campaigns").mkdir()
    campaigns = files("aparte.simulation").joinpath("demo.toml").read_text("utf-8")
    campaigns = re.sub(r"holdout = [\d.]+", "holdout = 0.0", campaigns).replace('duration("20s")', 'duration("5s")')
    (data / "campaigns" / "demo.toml").write_text(campaigns, "utf-8")
    with running("demo", "--data", str(data), "--no-simulation") as server:
        yield server


def begins_a_campaign(console: Page) -> None:
    """From a blank page."""
    console.get_by_role("link", name="Campagnes").first.click()
    console.get_by_role("button", name="Nouvelle campagne").click()
    form = console.get_by_role("dialog")
    form.get_by_label("Nom court").fill("essai")
    form.get_by_label("Nom affiché").fill("Essai du vendredi")
    form.get_by_role("button", name="Créer le brouillon").click()
    expect(console.get_by_role("heading", name="Essai du vendredi")).to_be_visible()


def builds_the_condition(console: Page) -> None:
    """Two looks at the cart since something went into it, and 30 euros in it; nothing else."""
    console.get_by_role("button", name="Séquence ou minuterie").click()
    form = console.get_by_role("dialog")
    form.get_by_label("Nom").fill("cart_looks")
    form.get_by_label("Événement", exact=True).fill("Cart Viewed")
    form.get_by_label("Remis à zéro par").fill("Product Added")
    form.get_by_label("Condition").fill("2")
    form.get_by_role("button", name="Ajouter la mesure").click()
    console.get_by_role("button", name="Condition", exact=True).click()
    console.get_by_role("combobox", name="Chercher un attribut").fill("cart.value")
    console.keyboard.press("Enter")
    console.get_by_label("Valeur de Montant du panier").fill("30")
    console.get_by_role("button", name="Retirer la condition Pages vues").click()
    expect(console.locator(".who-row")).to_have_count(2)
    console.get_by_role("button", name="Condition en texte (CEL)").click()
    expect(console.get_by_role("textbox", name="Condition en texte (CEL)")).to_have_value(RULE)


def writes_the_offer(console: Page) -> None:
    """The message, and nobody held out, so that whoever hesitates is invited."""
    console.get_by_role("button", name="Changer le message A").click()
    console.get_by_label("Message, français").fill(OURS)
    console.get_by_label("Part des témoins, en pour cent").fill("0")
    expect(console.locator(".save-state")).to_have_text("Brouillon enregistré", timeout=PATIENCE)


def figure(row: Locator, column: int) -> float:
    """A number of the table of the replay, as the French write it."""
    return float(row.locator("td").nth(column).inner_text().replace("\u202f", "").replace(",", "."))


@pytest.mark.covers("S0-30", "S0-54")
def test_a_rule_is_built_by_hand_counted_replayed_published_and_taken_back(chromium: Browser, demo: Server) -> None:
    author, watched, invited, later = (Person(chromium, demo) for _ in range(4))
    console = signs_in(author)
    begins_a_campaign(console)
    builds_the_condition(console)
    writes_the_offer(console)

    # Nobody is there; somebody looks at his cart, once, then again: the page counts him before anything is published.
    matching, rows = console.locator(".now-figure"), console.locator(".funnel-count b")
    online = console.locator(".part-head", has_text="en ligne")
    expect(online).to_contain_text("de 0 en ligne à 0")
    watched.takes_a_shirt()
    expect(online).to_contain_text("de 1 en ligne à 0", timeout=PATIENCE)
    expect(rows).to_have_text(["0", "0"])
    watched.page.reload()
    expect(matching).to_have_text("1", timeout=PATIENCE)
    expect(rows).to_have_text(["1", "1"])

    # The same rule over the recorded days, in a process of its own.
    console.get_by_role("button", name="Rejouer 14 jours").click()
    replay = console.locator(".replay")
    expect(replay.locator(".compared")).to_be_visible(timeout=3 * PATIENCE)  # at the lowest priority
    daily = replay.get_by_role("row", name="Invitations par jour")
    assert figure(daily, 1) > figure(daily, 0) > 0

    # In force at once: the next who hesitates is invited with these words.
    console.get_by_role("button", name="Publier la v2").click()
    console.get_by_label("Note pour les autres").fill("Pour voir")
    console.get_by_role("button", name="Publier", exact=True).click()
    expect(console.get_by_text("v2 en service")).to_be_visible(timeout=PATIENCE)
    invited.hesitates()
    expect(invited.page.get_by_text(OURS)).to_be_visible(timeout=PATIENCE)

    # Taken back: who hesitates now is invited by the rule that was there before, and never by this one.
    console.get_by_role("button", name="Versions").click()
    console.get_by_role("button", name="Revenir à la v1").click()
    console.get_by_role("group", name="Revenir à la v1").get_by_role("button", name="Revenir à la v1").click()
    expect(console.get_by_text("La v3 est en service.")).to_be_visible(timeout=PATIENCE)
    later.hesitates()
    expect(later.page.get_by_text(THEIRS).or_(later.page.get_by_text(OURS))).to_be_visible(timeout=PATIENCE)
    expect(later.page.get_by_text(OURS)).to_have_count(0)
    assert author.complaints[1:] == []  # the first is the 401 before signing in
    assert watched.complaints == invited.complaints == later.complaints == []
