"""What conversations tell, from facts and texts of stories told by hand.

Mutants seen to fail here: words of one agent alone pass; conversations are read without a bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from people_world import NAMES, PARIS, Shop, Texts, scope

from aparte.backends.duckdb.store import DuckFacts
from aparte.reports.people.agents import agents_figures
from aparte.reports.people.agents_page import AgentsSheet
from aparte.reports.people.sheet import Asked
from aparte.reports.people.talks import Heard, TalksFigures, talks_figures
from aparte.reports.people.talks_page import TalksSheet
from aparte.reports.people.words import WORDS

AGENTS = ("ana", "ben", "cleo", "dan")
YES = "Bonjour, je vous garantis cet article. Merci à vous."
NO = "Bonjour, cet article arrive. Merci à vous."


@pytest.fixture
def facts() -> Iterator[DuckFacts]:
    made = DuckFacts()
    yield made
    made.close()


def told(shop: Shop, facts: DuckFacts, **more: Any) -> TalksFigures:
    return talks_figures(shop.facts(facts=facts), scope(), Texts(shop), unsold=frozenset({"not_bought"}), **more)


def french(figures: TalksFigures) -> Heard:
    return next(one for one in figures.heard if one.language == "fr")


def selling(shop: Shop, speakers: tuple[str, ...]) -> None:
    """Who is among the speakers guarantees to those who buy; all agents sell as often."""
    for n in range(160):
        agent, buys = AGENTS[n % 4], n % 8 < 4
        says = YES if buys and agent in speakers else NO
        lines = [("visitor", 0, "Quelle livraison ?"), ("agent", 20, says)]
        shop.talk(agent, day=n % 20, lines=lines, ordered=40 if buys else 0)


def test_a_word_that_several_agents_say_where_visitors_buy_is_a_hypothesis(facts: DuckFacts) -> None:
    shop = Shop()
    selling(shop, AGENTS)
    found = french(told(shop, facts))
    assert [one.word for one in found.sale if one.z > 0] == ["garantis"]
    assert found.sale_n == (80, 80)
    [word] = [one for one in found.sale if one.z > 0]
    assert (word.good, word.other, word.agents) == (80, 0, 4)


def test_the_words_of_one_agent_are_no_finding(facts: DuckFacts) -> None:
    shop = Shop()
    selling(shop, ("ana",))
    assert "garantis" not in [one.word for one in french(told(shop, facts)).sale]


def test_languages_are_told_apart_and_other_ones_are_counted(facts: DuckFacts) -> None:
    shop = Shop()
    for n in range(6):
        shop.talk("ana", language="fr")
        shop.talk(
            "ben", language="en", lines=[("visitor", 0, "Hello, what size?"), ("agent", 30, "Hello, happy to help.")]
        )
        shop.talk("cleo", language="de", day=n, lines=[("visitor", 0, "Guten Tag?"), ("agent", 10, "Ja")])
    figures = told(shop, facts)
    assert [(one.language, one.talks) for one in figures.heard] == [("fr", 6), ("en", 6)]
    assert (figures.read, figures.other_languages) == (18, 6)
    english = figures.heard[1]
    assert english.empathy is not None
    assert (english.empathy.done, english.empathy.n) == (6, 6)
    assert english.first_response_s is not None
    assert english.first_response_s.value == 30
    assert [one.name for one in english.questions] == ["size"]


@pytest.mark.covers("S1-11", "S1-49")
def test_reasons_tags_and_pages_have_their_intervals(facts: DuckFacts) -> None:
    shop = Shop()
    for n in range(12):
        reason = "price" if n < 8 else "stock" if n < 10 else ""
        shop.talk(
            "ana", wrap_code="not_bought", wrap_reason=reason, tags=("retour",) if n < 6 else (), page="/livraison"
        )
    for n in range(30):
        shop.page(shop.records["conversations"][0].opened_at + 40 * 60_000 + n, f"looks-{n}", "/livraison")
    figures = told(shop, facts)
    assert [(one.reason, one.n) for one in figures.reasons] == [("price", 8), ("stock", 2)]
    assert figures.without_reason == 2
    assert [(one.name, one.part.done, one.part.n) for one in figures.tags] == [("retour", 6, 12)]
    [page] = figures.pages
    assert (page.where, page.asked, page.views) == ("/livraison", 12, 42)
    assert page.rate is not None
    assert page.low is not None
    assert page.low < page.rate == 12 / 42


def test_so_many_conversations_are_read_and_the_page_says_of_how_many(facts: DuckFacts) -> None:
    shop = Shop()
    for n in range(20):
        shop.talk("ana", day=n)
    texts = Texts(shop)
    figures = talks_figures(shop.facts(facts=facts), scope(), texts, most=5)
    assert (texts.read, figures.read, figures.conversations) == (5, 5, 20)
    html = TalksSheet(Asked(site=PARIS, language="en", scope=scope()), figures).html()
    assert "5 of 20 conversations read" in html


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_are_whole_in_both_languages_full_and_empty(facts: DuckFacts, language: str) -> None:
    shop = Shop()
    hostile = "<img src=x onerror=alert(1)>"
    said = [("visitor", 0, f"{hostile} combien ?"), ("agent", 5, hostile)]
    for n in range(12):
        shop.talk(
            "ana",
            day=n,
            skill=hostile,
            page=f"/{hostile}",
            tags=(hostile,),
            wrap_code="not_bought",
            wrap_reason=hostile,
            csat=4,
            lines=said,
        )
    made, names = shop.facts(facts=facts), {"ana": hostile}
    asked = Asked(site=PARIS, language=language, scope=scope(skill=hostile))
    pages = [TalksSheet(asked, talks_figures(made, scope(), Texts(shop))).html()]
    pages.append(AgentsSheet(asked, agents_figures(made, scope(), names, "Europe/Paris"), own=False).html())
    nothing = scope(since=date(2020, 1, 1), until=date(2020, 1, 2))
    pages.append(TalksSheet(asked, talks_figures(made, nothing, Texts(shop))).html())
    pages.append(AgentsSheet(asked, agents_figures(made, nothing, NAMES, "Europe/Paris"), own=True).html())
    for html in pages:
        assert "<img" not in html
        assert "{" not in html.split("<main", 1)[1].replace("&#123;", "")
    assert WORDS["fr"].keys() == WORDS["en"].keys()
    assert WORDS[language]["talks_none"] in pages[2]
    assert WORDS[language]["agents_none"] in pages[3]
