"""The figures of agents, counted from the facts of stories told by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from people_world import DAY, HOUR, MINUTE, NAMES, NOW, PARIS, START, Shop, scope

from aparte.backends.duckdb.store import DuckFacts
from aparte.contracts.windows import Period
from aparte.reports.measuring import SiteMeasures
from aparte.reports.people.agents import AgentFigures, AgentsFigures, agents_figures, only, place_of, spread
from aparte.reports.people.opened import opened


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def facts() -> Iterator[DuckFacts]:
    made = DuckFacts()
    yield made
    made.close()


def told(shop: Shop, facts: DuckFacts, **more: object) -> AgentsFigures:
    return agents_figures(shop.facts(facts=facts), scope(**more), NAMES, "Europe/Paris")


def of(figures: AgentsFigures, agent: str) -> AgentFigures:
    return next(one for one in figures.agents if one.agent == agent)


def test_measures_of_an_agent_with_their_n(shop: Shop, facts: DuckFacts) -> None:
    for day in range(4):
        shop.talk("ana", day=day, csat=5 if day else 2, solved=bool(day), ordered=50 if day == 3 else 0)
    shop.talk("ben", csat=4)
    figures = told(shop, facts)
    assert [one.name for one in figures.agents] == ["Ana", "Ben"]
    ana = of(figures, "ana")
    assert ana.conversations == 4
    assert ana.first_response is not None
    assert (ana.first_response.n, ana.first_response.median, ana.first_response.p90) == (4, 20_000, 20_000)
    assert ana.csat is not None
    assert (ana.csat.done, ana.csat.n) == (3, 4)
    assert 0.3 < ana.csat.low < 0.75 < ana.csat.high < 0.96
    assert ana.solved is not None
    assert ana.solved.value == 0.75
    assert ana.ordered is not None
    assert (ana.ordered.done, ana.ordered.n) == (1, 4)
    assert ana.resolution is not None
    assert ana.resolution.median == 5 * MINUTE
    assert ana.concurrency == 1.0


def test_conversations_at_a_time_while_there_is_any(shop: Shop, facts: DuckFacts) -> None:
    shop.talk("ana")
    shop.n = 40
    shop.talk("ana")
    figures = told(shop, facts)
    assert of(figures, "ana").concurrency == 2.0


def test_who_comes_back_within_a_week_on_any_channel_was_not_helped_at_first(shop: Shop, facts: DuckFacts) -> None:
    shop.talk("ana", day=0, visitor="back")
    shop.talk("ben", day=5, visitor="back")
    shop.talk("ana", day=0, visitor="calls")
    shop.request("calls", START + 3 * DAY)
    shop.talk("ana", day=0, visitor="late")
    shop.request("late", START + 9 * DAY)
    shop.talk("ana", day=0, visitor="never")
    ana = of(told(shop, facts), "ana")
    assert ana.fcr is not None
    assert (ana.fcr.done, ana.fcr.n) == (2, 4)


def test_a_week_that_is_not_over_says_nothing_of_first_contact_nor_of_sales(shop: Shop, facts: DuckFacts) -> None:
    shop.talk("ana", day=0)
    figures = told(shop, facts, now=START + 3 * DAY)
    assert of(figures, "ana").fcr is None
    assert (of(figures, "ana").ordered, of(figures, "ana").card, figures.board, figures.cases) == (None, None, None, 0)


def test_only_what_was_known_before_the_first_word_is_known_of_a_case(shop: Shop, facts: DuckFacts) -> None:
    conv = shop.talk("ana", visitor="v", page="/shoes/1")
    at = shop.records["conversations"][0].opened_at
    shop.track(at - 30_000, "v", "Product Viewed")
    shop.track(at + 1_000, "v", "Checkout Started")
    shop.page(at + 2_000, "v", "/checkout")
    [one] = opened(shop.facts(facts=facts), scope(orders="all"))
    assert (one.conversation, one.page, one.step, one.pages) == (conv, "/shoes/1", "product", 1)
    assert place_of(one.page) == "shoes"
    assert one.settled(7 * DAY, NOW)


def test_an_agent_who_gets_the_easy_visitors_is_no_better(shop: Shop, facts: DuckFacts) -> None:
    """Ana answers at the checkout, where half buy; Ben on shoes, where one in ten does. Each is as anybody."""
    for n in range(200):
        shop.talk("ana", day=n % 20, page="/checkout", ordered=50 if n % 2 else 0)
        shop.talk("ben", day=n % 20, page="/shoes/1", ordered=50 if n % 10 == 0 else 0)
        shop.talk("cleo", day=n % 20, page="/checkout" if n % 4 < 2 else "/shoes/1",
                  ordered=50 if (n % 4 == 1 or (n % 4 > 1 and n % 20 == 2)) else 0)  # fmt: skip
    figures = told(shop, facts)
    ana, ben = of(figures, "ana").card, of(figures, "ben").card
    assert ana is not None
    assert ben is not None
    assert ana.good > 4 * ben.good
    assert 0.9 < ana.ratio < 1.1
    assert 0.75 < ben.ratio < 1.25
    assert not any(one.card.best for one in figures.agents if one.card)


def test_an_agent_is_shown_himself_and_nobody_else(shop: Shop, facts: DuckFacts) -> None:
    shop.talk("ana", ordered=20)
    shop.talk("ben")
    mine = only(told(shop, facts), "ben")
    assert [one.agent for one in mine.agents] == ["ben"]
    assert mine.board is not None
    assert [card.agent for card in mine.board.cards] == ["ben"]
    assert only(told(shop, facts), "nobody").agents == ()


def test_the_scope_filters_conversations_and_an_empty_one_says_nothing(shop: Shop, facts: DuckFacts) -> None:
    shop.talk("ana", skill="sales")
    shop.talk("ana", skill="help")
    assert of(told(shop, facts, skill="sales"), "ana").conversations == 1
    empty = told(shop, facts, skill="nowhere")
    assert (empty.agents, empty.board, empty.conversations) == ((), None, 0)


def test_the_middle_has_the_interval_of_its_order() -> None:
    found = spread([float(n) for n in range(1, 101)])
    assert found is not None
    assert (found.n, found.median, found.low, found.high) == (100, 50.5, 40.0, 61.0)
    assert spread([None, None]) is None
    one = spread([3.0])
    assert one is not None
    assert (one.low, one.median, one.high, one.p90) == (3.0, 3.0, 3.0, 3.0)
    assert HOUR == 60 * MINUTE


@pytest.mark.covers("S0-24")
def test_a_goal_may_be_any_kpi_of_the_registry_with_its_interval(shop: Shop, facts: DuckFacts) -> None:
    for n in range(20):
        shop.talk("ana", day=n % 10, csat=5 if n % 4 else 2)
    made = shop.facts(facts=facts)
    asked: list[int] = []

    def fresh() -> DuckFacts:
        asked.append(1)
        return made

    measures = SiteMeasures(None, lambda: NOW, fresh)  # type: ignore[arg-type]
    february = Period(date(2026, 2, 1), date(2026, 3, 1))
    found = measures.actual(PARIS, "csat", "", february)
    assert found is not None
    assert (found.value, found.n) == (0.75, 20)
    assert found.low < 0.75 < found.high
    assert measures.actual(PARIS, "csat", "", Period(date(2020, 1, 1), date(2020, 2, 1))) is None
    assert measures.actual(PARIS, "no_such_kpi", "", february) is None
    cases = measures.actual(PARIS, "handle_time", "", february)
    assert cases is not None
    assert (cases.low, cases.high) == (None, None)
    assert len(asked) == 1, "brought up to date once a minute"
    assert SiteMeasures(None, lambda: NOW).actual(PARIS, "csat", "", february) is None  # type: ignore[arg-type]
