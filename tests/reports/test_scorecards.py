"""Agents compared for what came to them: section 7's values, a mix of cases that misleads, and no league table.

Mutants seen to fail here: expected is the common share whatever came; cards stand by share; limits without tau2; the
best need no number of conversations.
"""

from __future__ import annotations

import random
import re
from importlib import resources

import pytest

from aparte.experiments.shrinkage import Prior, funnel
from aparte.kit.errors import BadInput
from aparte.reports.case_mix import Case, expected
from aparte.reports.funnel_picture import funnel_spec, funnel_svg
from aparte.reports.scorecards import Tally, beta_below, beta_quantile, compared, scorecards

ORDERS, CHATS = (22, 15, 30, 8, 3, 41), (100, 90, 140, 60, 10, 160)
NAMES = dict(zip("abcdef", ("Zoé", "Yann", "alix", "Bruno", "Chloé", "Émile"), strict=True))


def told(orders: tuple[int, ...] = ORDERS, chats: tuple[int, ...] = CHATS) -> list[Case]:
    """The conversations of the reference, with nothing known before them."""
    return [
        Case(agent, i < good) for agent, good, n in zip("abcdef", orders, chats, strict=True) for i in range(n)
    ]  # fmt: skip


@pytest.mark.covers("S1-130")
def test_without_a_mix_of_cases_the_values_are_those_of_the_reference():
    board = scorecards(told(), NAMES)
    cards = sorted(board.cards, key=lambda one: one.agent)
    assert board.center == pytest.approx(0.2125, abs=1e-9)
    assert [one.z for one in cards] == pytest.approx([0.1833, -1.0629, 0.0517, -1.499, 0.6764, 1.3528], abs=5e-5)
    assert (board.phi, board.q) == (pytest.approx(0.950128, abs=1e-6), pytest.approx(5.700769, abs=1e-6))
    assert board.tau2 == pytest.approx(0.000266305, abs=1e-9)
    assert [one.shrunk for one in cards] == pytest.approx([0.2125] * 6)
    assert (board.alike, {one.top for one in cards}, any(one.best for one in cards)) == (True, {None}, False)
    same = funnel(ORDERS, CHATS)
    assert board.tau2 == pytest.approx(same.tau2)
    for card, limits in zip(cards, same.limits, strict=True):
        assert (card.limits.low95, card.limits.high998) == pytest.approx((limits.low95, limits.high998))
    fixed = [0.214286, 0.176923, 0.211111, 0.16, 0.22, 0.245]
    shrunk = [Prior(0.2, 40.0).shrunk(*pair) for pair in zip(ORDERS, CHATS, strict=True)]
    assert shrunk == pytest.approx(fixed, abs=5e-7)


def test_cards_stand_by_name_and_never_by_result():
    names = [one.name for one in scorecards(told(), NAMES).cards]
    assert names == sorted(names, key=str.casefold)
    swapped = [one.name for one in scorecards(told(ORDERS[::-1], CHATS[::-1]), NAMES).cards]
    assert swapped == names


def shop(agents: dict[str, float], easy_share: dict[str, float], n: int = 600, seed: int = 3) -> list[Case]:
    """Carts buy at 30 %, home pages at 5 %; an agent changes the odds by his own factor."""
    dice = random.Random(seed)
    found = []
    for agent, factor in agents.items():
        for _ in range(n):
            easy = dice.random() < easy_share[agent]
            base = 0.3 if easy else 0.05
            odds = base / (1 - base) * factor
            before = {"page": "cart" if easy else "home", "propensity": 0.6 if easy else 0.2}
            found.append(Case(agent, dice.random() < odds / (1 + odds), before))
    return found


@pytest.mark.covers("S1-135")
def test_who_gets_the_easy_ones_is_not_taken_for_the_best():
    easy = {"a": 0.9, "b": 0.1, "c": 0.5, "d": 0.5}
    board = scorecards(shop(dict.fromkeys("abcd", 1.0), easy), NAMES)
    raw = {one.agent: one.good / one.n for one in board.cards}
    assert raw["a"] > 3 * raw["b"]
    assert all(0.8 < one.ratio < 1.25 and one.place == "within" for one in board.cards)
    assert not any(one.best for one in board.cards)
    blind = scorecards([Case(one.agent, one.good) for one in shop(dict.fromkeys("abcd", 1.0), easy)], NAMES)
    assert max(one.ratio for one in blind.cards) > 1.5


def test_who_truly_is_better_is_found_with_the_hard_ones_and_needs_enough_of_them():
    agents = {"a": 1.0, "b": 3.0, "c": 1.0, "d": 1.0, "e": 1.0, "f": 1.0}
    easy = {agent: 0.2 if agent == "b" else 0.5 for agent in agents}
    board = scorecards(shop(agents, easy, n=900), NAMES)
    [best] = [one for one in board.cards if one.best]
    assert (best.agent, board.alike) == ("b", False)
    assert best.top is not None
    assert best.top > 0.8
    assert best.place != "within"
    assert board.center < best.shrunk < best.adjusted
    assert not any(one.best for one in scorecards(shop(agents, easy, n=900), NAMES, min_n=901).cards)


def test_expected_adds_up_to_what_came_and_survives_what_tells_everything():
    cases = shop({"a": 1.0, "b": 2.0}, {"a": 0.3, "b": 0.7})
    due = expected(cases)
    assert sum(due) == pytest.approx(sum(one.good for one in cases), abs=1e-5)
    oracle = [Case("a", n % 2 == 0, {"hint": "yes" if n % 2 == 0 else "no"}) for n in range(100)]
    assert expected(oracle)[0] > 0.85
    assert all(0 < value < 1 for value in expected(oracle))
    for good in (True, False):
        flat = scorecards([Case("a", good), Case("b", good)], NAMES)
        assert [one.place for one in flat.cards] == ["within", "within"]


def test_cases_that_cannot_be_compared_are_refused_and_strange_ones_do_no_harm():
    with pytest.raises(BadInput, match="nobody"):
        scorecards([], NAMES)
    with pytest.raises(BadInput, match="no number"):
        expected([Case("a", True, {"cart": float("nan")})])
    odd = [Case("a", n % 3 == 0, {"cart": float(n), "page": str(n), "huge": 1e99 if n else 0.0}) for n in range(60)]
    assert sum(expected([*odd, Case("b", True, {})])) == pytest.approx(21, abs=1e-4)


def test_one_agent_alone_is_as_everybody():
    [card] = scorecards([Case("a", n < 20) for n in range(100)], NAMES).cards
    assert (card.ratio, card.z, card.shrunk, card.best) == (pytest.approx(1), pytest.approx(0, abs=1e-6), 0.2, False)


def test_limits_are_wider_where_agents_differ_beyond_chance():
    tallies = {str(n): Tally(400, good, 80.0, 64.0) for n, good in enumerate((40, 60, 80, 100, 120))}
    board = compared(tallies, {}, 50)
    assert board.tau2 > 0
    alone = compared({"2": tallies["2"], "3": Tally(400, 80, 80.0, 64.0)}, {}, 50)
    assert board.cards[2].limits.high95 > alone.cards[0].limits.high95


@pytest.mark.parametrize(
    ("x", "a", "b", "below"), [(0.5, 2, 2, 0.5), (0.3, 8, 32, 0.93357), (0.2, 1, 1, 0.2), (1, 3, 4, 1)]
)
def test_the_beta_distribution(x: float, a: float, b: float, below: float):
    assert beta_below(x, a, b) == pytest.approx(below, abs=1e-5)
    if 0 < below < 1:
        assert beta_below(beta_quantile(below, a, b), a, b) == pytest.approx(below, abs=1e-9)


def test_the_picture_names_only_who_lies_outside_and_runs_nothing_that_a_name_says():
    hostile = {str(n): Tally(400, good, 80.0, 64.0) for n, good in enumerate((78, 80, 82, 79, 160))}
    board = compared(hostile, {"4": "<script>alert(1)</script>", "0": "Quiet"}, 50)
    svg = funnel_svg(board, 560, "Conversations", "Commandes")
    assert "&lt;script&gt;" in svg
    assert "<script" not in svg
    assert "Quiet" not in svg
    marks = [layer["mark"]["type"] for layer in funnel_spec(board, 560, "x", "y")["layer"]]
    assert marks == ["line"] * 4 + ["rule", "point", "text"]
    assert not re.search(r"style=", svg)


def test_every_colour_of_the_picture_has_its_place_in_the_dark():
    shares = {str(n): Tally(400, good, 80.0, 64.0) for n, good in enumerate((78, 80, 82, 79, 160))}
    svg = funnel_svg(compared(shares, {}, 50), 560, "Conversations", "Commandes")
    sheet = resources.files("aparte").joinpath("static/report.css").read_text("utf-8")
    used = set(re.findall(r'((?:fill|stroke)="#[0-9A-Fa-f]{6}")', svg))
    assert len(used) > 4
    assert {one for one in used if f".picture [{one}]" not in sheet} == set()


def test_thousands_of_conversations_with_many_features_are_compared_in_seconds():
    dice = random.Random(1)
    cases = [
        Case(
            f"a{dice.randrange(30)}",
            dice.random() < 0.2,
            {"page": dice.choice("abcdef"), "device": dice.choice("mdt"), "hour": str(dice.randrange(24)),
             "propensity": dice.random(), "cart": dice.expovariate(1 / 80)},
        )
        for _ in range(3_000)
    ]  # fmt: skip
    board = scorecards(cases, {})
    assert len(board.cards) == 30
    assert sum(one.expected for one in board.cards) == pytest.approx(sum(one.good for one in board.cards), abs=1e-3)
