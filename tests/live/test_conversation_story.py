"""A conversation's whole life in real browsers: two agents, a supervisor, three visitors, one server, one mail server.

At the end what stood on every screen is compared with the database: nothing lost, nothing double, in order.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest
from persons import CART, SHIRT, Person, signs_in
from playwright.sync_api import Browser, Locator, Page, expect
from postbox import Postbox, postbox
from running import Server, running

PATIENCE = 30_000
PASSWORD = "nobody-guesses-this-one"
OFFER = "Une question sur la taille ou la livraison de vos articles ?"
BY_HAND = "Je vous aide à choisir ?"
NOBODY_ELSE = ("note", "whisper", "transfer", "survey")
"""Kinds of entries that no visitor sees."""


class Scene(NamedTuple):
    """What runs: the demo, its folder, and where its mails arrive."""

    server: Server
    data: Path
    mails: Postbox


def staff(data: Path, *words: str) -> None:
    """What an administrator does beside the server."""
    command = [sys.executable, "-m", "aparte", "staff", *words, "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"APARTE_PASSWORD": PASSWORD})


def email(name: str) -> str:
    """The address of an agent."""
    return f"{name.lower()}@maison-lin.example"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The demo without simulated people and hold-outs; who looks at his cart twice is invited after five seconds."""
    data = tmp_path_factory.mktemp("demo")
    (data / "campaigns").mkdir()
    campaigns = files("aparte.simulation").joinpath("demo.toml").read_text("utf-8")
    campaigns = re.sub(r"holdout = [\d.]+", "holdout = 0.0", campaigns).replace('duration("20s")', 'duration("5s")')
    (data / "campaigns" / "demo.toml").write_text(campaigns, "utf-8")
    mail = {"mail_host": "127.0.0.1", "mail_from": "chat@maison-lin.example", "mail_tls": "none"}
    with (
        postbox() as (box, port),
        running("demo", "--data", str(data), "--no-simulation", "--no-history", mail_port=port, **mail) as server,
    ):
        staff(data, "add", email("Nora"), "--name", "Nora", "--site", "demo")
        staff(data, "add", email("Hugo"), "--name", "Hugo", "--site", "demo")
        staff(data, "set", email("Nora"), "--maximum", "2")
        yield Scene(server, data, box)


# ---- what people do


def signs_in_as(agent: Person, name: str) -> Page:
    """With a password; he is available when the console is there."""
    page = agent.go("/console")
    page.get_by_label("Adresse e-mail").fill(email(name))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer", exact=True).click()
    expect(page.get_by_role("heading", name="Échanges")).to_be_visible()
    return page


def writes(page: Page, text: str) -> None:
    """A visitor writes."""
    page.get_by_role("textbox", name="Votre message").fill(text)
    page.keyboard.press("Enter")


def answers(console: Page, text: str) -> None:
    """An agent answers in the conversation that is open."""
    console.get_by_placeholder("Votre réponse").fill(text)
    console.keyboard.press("Enter")


def listened(visitor: Person) -> list[str]:
    """All that the sockets of his page bring him, also what his screen would not show."""
    heard: list[str] = []
    visitor.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))))
    return heard


def becomes(console: Page, status: str) -> None:
    """Available, or away for a reason."""
    console.get_by_role("button", name="Statut").click()
    console.get_by_role("menuitemradio", name=status).click()
    expect(console.get_by_role("button", name="Statut")).to_contain_text(status)


def confirms(person: Person, mails: Postbox) -> None:
    """The link of the first mail is opened, and its button pressed."""
    link = re.search(r"http://\S+/v1/confirm/\S+", mails.wait(1).get_content())
    assert link is not None
    person.page.goto(link[0])
    person.page.get_by_role("button", name="Envoyer la conversation").click()
    expect(person.page.get_by_text("C'est en route")).to_be_visible()


# ---- what screens and the database hold


def stored(data: Path, conv: str) -> list[tuple[str, str, str]]:
    """By, kind and body of every entry, from the database itself."""
    with sqlite3.connect(f"file:{data / 'aparte.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT by, kind, body FROM entry WHERE conv = ? ORDER BY seq", [conv])
        return [(by, kind, body) for by, kind, body in rows]


def conversation_with(data: Path, text: str) -> str:
    """The conversation in which a visitor wrote this."""
    with sqlite3.connect(f"file:{data / 'aparte.db'}?mode=ro", uri=True) as database:
        [[conv]] = database.execute("SELECT conv FROM entry WHERE body = ?", [text]).fetchall()
    return str(conv)


def endings(data: Path) -> dict[str, tuple[object, ...]]:
    """How each conversation ended, and what its visitor said of it."""
    wanted = "id, state, wrap_code, wrap_reason, csat, nps, solved, comment"
    with sqlite3.connect(f"file:{data / 'aparte.db'}?mode=ro", uri=True) as database:
        return {row[0]: tuple(row[1:]) for row in database.execute(f"SELECT {wanted} FROM conversation")}


def pieces(kind: str, body: str) -> list[str]:
    """What stands on a screen for an entry."""
    if kind == "card":
        return [one["name"] for one in json.loads(body)["products"]]
    if kind == "page":
        return [json.loads(body)["title"]]
    return [body] if kind in ("text", "offer", "note", "whisper") else []


def shows(screen: Locator, entries: list[tuple[str, str, str]], hidden: tuple[str, ...] = ()) -> None:
    """Each entry once and in order, and none of the hidden kinds."""
    expected = [piece for _, kind, body in entries if kind not in hidden for piece in pieces(kind, body)]
    expect(screen).to_contain_text(expected[-1], timeout=PATIENCE)
    told = screen.inner_text()
    places = [told.find(piece) for piece in expected]
    assert -1 not in places, [piece for piece in expected if piece not in told]
    assert places == sorted(places), told
    assert [piece for piece in expected if told.count(piece) != 1] == []
    assert not [body for _, kind, body in entries if kind in hidden and body and body in told]


# ---- the story


class Play(NamedTuple):
    """Who is in it, each with a browser of his own; the folder, and where mails arrive."""

    camille: Person
    nora: Person
    hugo: Person
    lea: Person
    marc: Person
    zoe: Person
    data: Path
    mails: Postbox


def invited(play: Play) -> None:
    """By a rule, and by hand; both accept, and go to the one who is there."""
    nora, lea, marc = play.nora.page, play.lea.page, play.marc.page
    play.lea.hesitates()
    play.marc.go(SHIRT)
    lea.get_by_role("button", name="Discuter maintenant").click(timeout=PATIENCE)
    writes(lea, "Bonjour, le M taille petit ?")
    expect(nora.get_by_role("button", name="le M taille petit")).to_be_visible(timeout=PATIENCE)
    row = nora.get_by_role("row").filter(has_text="/shop/fr/article/").first
    row.get_by_role("button", name="Inviter").click(timeout=PATIENCE)
    form = nora.get_by_role("dialog")
    form.get_by_role("textbox", name="Invitation").fill(BY_HAND)
    form.get_by_role("button", name="Inviter").click()
    expect(marc.get_by_text(BY_HAND)).to_be_visible(timeout=PATIENCE)
    marc.get_by_role("button", name="Discuter maintenant").click()
    writes(marc, "Volontiers : une chemise pour un mariage ?")
    expect(nora.get_by_role("button", name="pour un mariage")).to_be_visible(timeout=PATIENCE)


def queued(play: Play) -> None:
    """The third comes by a link that opens the chat; all places are taken: he is told where he stands."""
    hugo, zoe = play.hugo.page, play.zoe.page
    play.zoe.go(CART + "#conversation")
    writes(zoe, "Livrez-vous en Belgique ?")
    expect(zoe.get_by_text("N° 1 dans la file")).to_be_visible(timeout=PATIENCE)
    hugo.get_by_role("button", name="Prendre le suivant").click(timeout=PATIENCE)
    expect(hugo.get_by_role("log")).to_contain_text("Livrez-vous en Belgique ?")
    answers(hugo, "Oui, en trois jours.")
    expect(zoe.get_by_text("Oui, en trois jours.")).to_be_visible(timeout=PATIENCE)


def shown(play: Play) -> None:
    """A canned reply, what may take the place of an article, and a page of the shop."""
    nora, lea = play.nora.page, play.lea.page
    nora.get_by_role("button", name="le M taille petit").click()
    expect(nora.get_by_role("log")).to_contain_text("le M taille petit ?")
    field = nora.get_by_placeholder("Votre réponse")
    field.focus()
    nora.keyboard.type("/ret")
    expect(lea.get_by_text("Nora écrit")).to_be_attached(timeout=PATIENCE)
    expect(nora.get_by_role("option", name="/retour")).to_be_visible()
    nora.keyboard.press("Enter")
    expect(field).to_have_value(re.compile("gratuits pendant 30 jours"))
    nora.keyboard.press("Enter")
    nora.get_by_role("button", name="Produit").click()
    instead = nora.get_by_role("dialog").get_by_role("group", name="À la place")
    instead.get_by_role("checkbox", name="Chemise col officier").check(timeout=PATIENCE)
    nora.get_by_role("dialog").get_by_role("button", name="Envoyer 1 produit").click()
    nora.get_by_role("button", name="Proposer une page").click()
    nora.get_by_role("dialog").locator(".suggestion").first.click()
    nora.get_by_role("dialog").get_by_label("Titre").fill("Le guide des tailles")
    nora.get_by_role("dialog").get_by_role("button", name="Proposer", exact=True).click()
    card = lea.get_by_role("link", name="Chemise col officier")
    expect(card).to_be_visible(timeout=PATIENCE)
    expect(lea.get_by_role("link", name="Le guide des tailles")).to_be_visible(timeout=PATIENCE)


def in_two_tabs(play: Play) -> None:
    """A second tab and a reload in the middle: both hold the same conversation."""
    lea = play.lea.page
    other = play.lea.context.new_page()
    other.goto(play.lea.url + SHIRT)
    lea.reload()
    for page in (other, lea):
        expect(page.get_by_role("log").get_by_text("gratuits pendant 30 jours")).to_have_count(1, timeout=PATIENCE)
    writes(other, "Et en L ?")
    expect(lea.get_by_role("log").get_by_text("Et en L ?")).to_have_count(1, timeout=PATIENCE)


def handed_on(play: Play) -> None:
    """With a note; the next one adds his own and asks for help."""
    nora, hugo = play.nora.page, play.hugo.page
    becomes(hugo, "Disponible")
    nora.keyboard.press("Alt+t")
    handing = nora.get_by_role("dialog")
    handing.get_by_role("radio", name="Hugo").check()
    handing.get_by_role("textbox", name="Note pour la suite").fill("Elle hésite entre M et L.")
    handing.get_by_role("button", name="Transférer").click()
    expect(hugo.get_by_role("button", name="Et en L ?")).to_be_visible(timeout=PATIENCE)
    hugo.get_by_role("button", name="Et en L ?").click()
    expect(hugo.get_by_role("log")).to_contain_text("Elle hésite entre M et L.")
    hugo.keyboard.press("Alt+p")
    hugo.keyboard.type("Deuxième visite cette semaine.")
    hugo.keyboard.press("Enter")
    expect(hugo.get_by_role("log").get_by_text("Deuxième visite")).to_be_visible()
    hugo.keyboard.press("Alt+a")
    hugo.get_by_role("dialog").get_by_role("textbox").fill("Puis-je offrir le retour ?")
    hugo.get_by_role("dialog").get_by_role("button", name="Demander de l’aide").click()


def supervised(play: Play) -> None:
    """The supervisor sees it, whispers, joins and answers, leaves, and takes over."""
    camille, hugo, lea = play.camille.page, play.hugo.page, play.lea.page
    expect(camille.get_by_role("heading", name="Demandes d’aide")).to_be_visible(timeout=PATIENCE)
    camille.get_by_role("button", name="avec Hugo").click()
    camille.get_by_role("textbox", name="Souffler à Hugo").fill("Oui, offre-le.")
    camille.keyboard.press("Enter")
    expect(hugo.get_by_role("log").get_by_text("Oui, offre-le.")).to_be_visible(timeout=PATIENCE)
    camille.get_by_role("button", name="Rejoindre").click()
    answers(camille, "Bonjour, le retour vous est offert.")
    expect(lea.get_by_role("log").get_by_text("le retour vous est offert")).to_have_count(1, timeout=PATIENCE)
    camille.get_by_role("button", name="Quitter", exact=True).click()
    camille.get_by_role("button", name="Prendre la main").click()
    expect(camille.get_by_role("button", name="Clore")).to_be_visible(timeout=PATIENCE)
    answers(camille, "Prenez le L, il se rend sans frais.")
    expect(lea.get_by_role("log").get_by_text("Prenez le L")).to_have_count(1, timeout=PATIENCE)
    lea.get_by_role("textbox", name="Votre message").press_sequentially("Je vais")
    expect(camille.get_by_text("Le visiteur écrit")).to_be_attached(timeout=PATIENCE)
    writes(lea, "Je vais réfléchir, merci.")
    expect(camille.get_by_role("log").get_by_text("Je vais réfléchir")).to_have_count(1, timeout=PATIENCE)


def whole(play: Play) -> str:
    """Every screen is the database. The conversation."""
    camille = play.camille.page
    conv = conversation_with(play.data, "Bonjour, le M taille petit ?")
    entries = stored(play.data, conv)
    for page in play.lea.context.pages:
        shows(page.get_by_role("log"), entries, NOBODY_ELSE)
    shows(camille.get_by_role("log"), entries)
    return conv


def closed(play: Play) -> None:
    """With a code and why nothing was bought; she says what she thought of it, and wants it by mail."""
    camille, lea = play.camille.page, play.lea.page
    camille.keyboard.press("Alt+e")
    ending = camille.get_by_role("dialog")
    ending.get_by_role("radio", name="N’a pas acheté").check()
    ending.get_by_role("radio", name="Taille ou dimensions").check()
    ending.get_by_role("button", name="Clore", exact=True).click()
    page = lea
    page.get_by_role("group", name="aidé").get_by_role("button", name="5", exact=True).click(timeout=PATIENCE)
    page.get_by_role("group", name="réglée").get_by_role("button", name="Oui").click()
    page.get_by_role("group", name="proche").get_by_role("button", name="9", exact=True).click()
    page.get_by_role("textbox", name="Un mot").fill("Réponse claire.")
    page.get_by_label("Adresse e-mail").fill("lea@example.org")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("Merci pour votre réponse.")).to_be_visible(timeout=PATIENCE)
    confirms(play.lea, play.mails)
    assert play.mails.wait(1)["to"] == play.mails.wait(2)["to"] == "lea@example.org"
    shown = play.mails.wait(2).get_content()
    assert all(told in shown for told in ("le M taille petit ?", "Prenez le L"))
    assert not any(told in shown for told in ("Deuxième visite", "offre-le", "hésite entre"))


def others(play: Play) -> list[tuple[Page, Page, str]]:
    """One is closed with a code, one leaves; their screens were whole to the end. Visitor, agent, conversation."""
    nora, hugo, marc, zoe = play.nora.page, play.hugo.page, play.marc.page, play.zoe.page
    nora.get_by_role("button", name="pour un mariage").click()
    answers(nora, "Le lin lavé, sans hésiter.")
    expect(marc.get_by_role("log").get_by_text("Le lin lavé")).to_have_count(1, timeout=PATIENCE)
    talks = [
        (marc, nora, conversation_with(play.data, "Volontiers : une chemise pour un mariage ?")),
        (zoe, hugo, conversation_with(play.data, "Livrez-vous en Belgique ?")),
    ]
    hugo.get_by_role("button", name="en trois jours").click()
    for visitor, agent, one in talks:
        shows(visitor.get_by_role("log"), stored(play.data, one), NOBODY_ELSE)
        shows(agent.get_by_role("log"), stored(play.data, one))
    nora.keyboard.press("Alt+e")
    nora.get_by_role("dialog").get_by_role("radio", name="Vente conclue").check()
    nora.get_by_role("dialog").get_by_role("button", name="Clore", exact=True).click()
    expect(marc.get_by_role("group", name="aidé")).to_be_visible(timeout=PATIENCE)
    zoe.get_by_role("button", name="Terminer").click()
    zoe.get_by_role("form").get_by_role("button", name="Terminer").click()
    expect(hugo.get_by_text("Aucune conversation.")).to_be_visible(timeout=PATIENCE)
    return talks


@pytest.mark.covers("S0-56", "S0-71", "S1-11", "S1-36", "S1-47", "S1-79")
def test_three_visitors_two_agents_and_a_supervisor(chromium: Browser, scene: Scene) -> None:
    people = [Person(chromium, scene.server, width) for width in (1440, 1440, 1440, 1440, 1440, 390)]
    play = Play(*people, data=scene.data, mails=scene.mails)
    becomes(signs_in(play.camille), "Réunion")
    signs_in_as(play.hugo, "Hugo")
    becomes(signs_in_as(play.nora, "Nora"), "Disponible")
    heard = listened(play.lea)
    invited(play)
    queued(play)
    shown(play)
    in_two_tabs(play)
    handed_on(play)
    supervised(play)
    conv = whole(play)
    closed(play)
    talks = others(play)

    secret = [body for _, kind, body in stored(scene.data, conv) if kind in ("note", "whisper", "transfer")]
    told = "".join(heard)
    assert len(secret) > 3
    assert "Prenez le L" in told
    assert [body for body in secret if body in told] == []
    ended = endings(scene.data)
    assert ended[conv] == ("closed", "not_bought", "size", 5, 9, 1, "Réponse claire.")
    assert [ended[one][:2] for _, _, one in talks] == [("closed", "sold"), ("closed", "")]
    assert [one.complaints for one in people[3:]] == [[], [], []]
    assert [one.complaints[1:] for one in people[:3]] == [[], [], []]  # the first is the 401 before signing in
