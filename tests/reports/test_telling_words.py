"""Words that go with an outcome, pages that make visitors ask, reasons for not buying: counted, with their doubt.

Mutants seen to fail here: the habit of one agent is a finding; p-values are not adjusted; a conversation counts a word
as often as it is said; words of a single visitor are shown on a page.
"""

from __future__ import annotations

import random

import pytest
from msgspec.structs import replace
from talks import talk

from aparte.experiments.words import word_scores
from aparte.reports.transcripts.blocking import blocking_points, by_step, reasons
from aparte.reports.transcripts.model import Talk
from aparte.reports.transcripts.telling import telling_words

FILLER = {
    "fr": ["chemise", "taille", "couleur", "modele", "coton", "manche", "poche", "stock", "produit", "article"],
    "en": ["shirt", "size", "color", "model", "cotton", "sleeve", "pocket", "stock", "product", "item"],
}


def chats(word: str, agents: str, language: str = "fr", *, n: int = 240, seed: int = 2, times: int = 1) -> list[Talk]:
    """Agents a to f; those named say a word to nearly all of their buyers and to few others."""
    dice = random.Random(seed)
    found = []
    for number in range(n):
        agent, good = "abcdef"[number % 6], dice.random() < 0.4
        said = dice.sample(FILLER[language], 4)
        if agent in agents and dice.random() < (0.8 if good else 0.15):
            said += [word] * times
        lines = (("v", 0, dice.choice(FILLER[language])), ("a", 1, " ".join(said)))
        found.append(talk(*lines, language=language, id=str(number), agent=agent, good=good))
    return found


@pytest.mark.covers("S1-136", "S1-135")
@pytest.mark.parametrize(("language", "word"), [("fr", "offerte"), ("en", "complimentary")])
def test_a_word_that_goes_with_buying_is_found_in_both_languages(language: str, word: str):
    [found] = telling_words(chats(word, "abcdef", language), "fr" if language == "fr" else "en")
    assert (found.word, found.agents) == (word, 6)
    assert found.z > 3
    assert found.q < 0.01
    assert found.good > found.other
    assert telling_words(chats(word, "abcdef", language), "en" if language == "fr" else "fr") == []


def test_the_habit_of_one_agent_is_no_finding():
    assert telling_words(chats("offerte", "a", n=900), "fr") == []
    assert telling_words(chats("offerte", "ab", n=900), "fr") == []
    assert [one.word for one in telling_words(chats("offerte", "a", n=900), "fr", least_agents=1)] in ([], ["offerte"])
    assert [one.word for one in telling_words(chats("offerte", "abc", n=900), "fr")] == ["offerte"]


def test_one_seller_does_not_carry_a_word_that_others_say_too():
    """One agent says it to all his buyers; two others a few times, to those who do not buy."""
    dice, found = random.Random(4), []
    for number in range(600):
        agent, good = "abcdef"[number % 6], dice.random() < 0.4
        said = dice.sample(FILLER["fr"], 4)
        if (agent == "a" and good) or (agent in "bc" and not good and dice.random() < 0.1):
            said.append("offerte")
        found.append(talk(("a", 1, " ".join(said)), id=str(number), agent=agent, good=good))
    assert telling_words(found, "fr") == []


def test_a_word_counts_once_in_a_conversation_however_often_it_is_said():
    once = telling_words(chats("offerte", "abcdef"), "fr")
    assert telling_words(chats("offerte", "abcdef", times=60), "fr") == once


def test_chance_alone_finds_next_to_nothing():
    """Outcomes dealt anew to the same words: false findings stay rare over 40 draws."""
    dice, found = random.Random(8), 0
    talks = chats("offerte", "abcdef")
    for _ in range(40):
        found += bool(telling_words([replace(one, good=dice.random() < 0.4) for one in talks], "fr"))
    assert found <= 6


def test_without_both_outcomes_there_is_nothing_to_tell():
    talks = chats("offerte", "abcdef")
    assert telling_words([], "fr") == []
    assert telling_words([replace(one, good=True) for one in talks], "fr") == []
    assert telling_words([replace(one, good=None) for one in talks], "fr") == []


def test_the_scores_are_those_of_the_reference():
    bought = {"livraison": 30, "gratuite": 20, "bonjour": 50, "désolé": 2}
    left = {"livraison": 10, "gratuite": 5, "bonjour": 60, "désolé": 25}
    scores = word_scores(bought, left)
    assert list(scores.values()) == pytest.approx([3.497608, 2.984159, -2.21508, -4.005276], abs=1e-6)


def visits() -> list[Talk]:
    """Thirty ask about postage at the address step, fifteen something else at home, three only say thanks."""
    asked = [
        talk(("v", 0, "Je suis en Suisse"), ("v", 3, "Quels sont les frais de port ?"), page="/adresse", step="address",
             id=f"a{n}")
        for n in range(30)
    ]  # fmt: skip
    home = [talk(("v", 0, "Avez-vous un magasin à Lyon ?"), page="/", step="home", id=f"h{n}") for n in range(15)]
    thanks = [talk(("v", 0, "Merci !"), page="/adresse", step="address", id=f"t{n}") for n in range(3)]
    return [*asked, *home, *thanks, talk(("v", 0, "Pourquoi ?"), id="nowhere")]


@pytest.mark.covers("S1-49", "S1-50")
def test_pages_that_make_visitors_ask_are_shown_with_the_words_of_their_questions():
    address, home = blocking_points(visits())
    assert (address.where, address.conversations, address.asked, address.rate) == ("/adresse", 33, 30, None)
    assert set(address.words) >= {"port", "frais", "suisse"}
    assert set(home.words) == {"magasin", "lyon"}
    assert [one.where for one in blocking_points(visits(), place=by_step)] == ["address", "home"]


def test_a_page_is_judged_by_its_views_where_they_are_known():
    home, address = blocking_points(visits(), {"/": 150, "/adresse": 3_000})
    assert (home.where, home.rate, address.rate) == ("/", 0.1, 0.01)
    assert address.low is not None
    assert address.high is not None
    assert 0.005 < address.low < 0.01 < address.high < 0.02
    assert blocking_points(visits(), {"/adresse": 3})[0].rate is None


def test_what_one_visitor_wrote_is_not_shown():
    secret = talk(("v", 0, "Mon nom est Zyglobulon, où est mon colis ?"), page="/adresse", id="s")
    alone = [one for one in visits() if one.page == "/adresse"]
    for talks in (visits(), alone):
        found = blocking_points([*talks, secret])
        assert "port" in {word for one in found for word in one.words}
        assert all("zyglobulon" not in one.words for one in found)


@pytest.mark.covers("S1-11")
def test_reasons_for_not_buying_are_counted_with_their_intervals():
    told = ["delivery"] * 18 + ["price"] * 82 + [""] * 7
    found, without = reasons(told)
    assert ([(one.reason, one.n) for one in found], without) == ([("price", 82), ("delivery", 18)], 7)
    assert (found[1].low, found[1].high) == pytest.approx((0.117002, 0.266674), abs=1e-6)
    assert reasons([]) == ([], 0)
