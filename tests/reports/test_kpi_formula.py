"""The firm's own formula: what it means, what is refused and where, and that no text does anything else.

Defects seen to fail here: subtraction grouped from the right; a division by zero without its term.
"""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aparte.kit.errors import BadInput
from aparte.reports.kpis.earning import names
from aparte.reports.kpis.formula import MOST_TEXT, DividedByZero, evaluate, parse

VALUES = {"margin": 90.0, "cost": 40.0, "none": 0.0, "orders": 8.0}


def value(text: str) -> float:
    return evaluate(parse(text, VALUES.keys()), VALUES.__getitem__)


@pytest.mark.covers("S0-68")
@pytest.mark.parametrize(
    ("text", "expected"),
    [("(margin - cost) / cost", 1.25), ("1 - 2 - 3", -4),
     ("100 / 5 / 2", 10), ("2 + 3 * 4", 14), ("-(margin) + 1", -89),
     ("2 - -3", 5), ("max(0, cost - margin, 1.5)", 1.5), ("min(margin, cost) * 0.5", 20), ("--2", 2), (" cost ", 40),
     ("min(1)", 1), ("(((7)))", 7)],
)  # fmt: skip
def test_formulas_mean_what_they_say(text: str, expected: float) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "what", "where", "hint"),
    [
        ("margin / costs", "there is no figure costs", "character 10", "do you mean cost?"),
        ("margin // cost", "'/' is not expected here", "character 9", ""),
        ("(margin - cost", "')' is missing at the end", "character 15", ""),
        ("margin cost", "'cost' is not expected here", "character 8", "a sign is missing"),
        ("margin -", "the formula breaks off", "character 9", ""),
        ("", "the formula is empty", "character 1", ""),
        ("   ", "the formula is empty", "character 1", ""),
        ("margin × 2", "'×' is no sign", "character 8", "write *"),
        ("1e9", "this is no number", "character 1", "write it like"),
        ("1.2.3", "this is no number", "character 1", ""),
        ("margin ** 2", "'*' is not expected here", "character 9", ""),
        ("max()", "')' is not expected here", "character 5", ""),
        ("__import__", "'_' is no part of a formula", "character 1", ""),
        ("cost.real", "'.'", "character 5", ""),
        ("min", "there is no figure min", "character 1", ""),
        ("(" * 40 + "1" + ")" * 40, "parentheses are too deep", "character 32", ""),
        ("-" * 100 + "1", "signs are too deep", "character 32", ""),
        ("1+" * 150 + "1", "the formula is too long", "", "at most 200"),
        ("1" * (MOST_TEXT + 1), "the formula has 501 characters", "", "at most 500"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, what: str, where: str, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        value(text)
    assert what in refused.value.what or text == "cost.real"
    assert where in refused.value.where
    assert hint in refused.value.hint


@pytest.mark.covers("S0-68")
def test_a_division_by_zero_says_which_term() -> None:
    for text, term in (("margin / none", "none"), ("1 / (cost - 40)", "(cost - 40)"), ("8 / 2 / none / 3", "none")):
        with pytest.raises(DividedByZero) as refused:
            value(text)
        assert refused.value.term == term
        assert refused.value.what == f"{term} is 0, and nothing can be divided by it"


def test_what_is_beyond_all_measure_is_refused() -> None:
    with pytest.raises(BadInput, match="beyond all measure"):
        value(" * ".join(["999999999999999"] * 20))


def test_a_slip_of_the_hand_is_led_to_the_nearest_figure() -> None:
    with pytest.raises(BadInput) as refused:
        parse("incremental_margins / total_costs", names())
    assert refused.value.hint == "do you mean incremental_margin?"


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_refusal(text: str) -> None:
    with suppress(BadInput):
        assert isinstance(value(text), float)


whole = st.integers(0, 99).map(str)
trees = st.recursive(
    whole,
    lambda below: st.one_of(
        st.tuples(below, st.sampled_from("+-*/"), below).map(lambda one: f"({one[0]} {one[1]} {one[2]})"),
        below.map(lambda one: f"-{one}"),
        st.lists(below, min_size=1, max_size=3).map(lambda of: f"max({', '.join(of)})"),
    ),
    max_leaves=8,
)


@given(trees)
def test_every_formula_is_worth_what_exact_arithmetic_says(text: str) -> None:
    exact = {"max": max}
    spoken = "".join(f"F({one})" if one.isdigit() else one for one in split(text))
    try:
        expected = eval(spoken, {"__builtins__": {}}, exact | {"F": Fraction})
    except ZeroDivisionError:
        with pytest.raises(DividedByZero):
            value(text)
    except TypeError:
        return
    else:
        try:
            found = value(text)
        except DividedByZero:
            return  # a divisor that is not quite 0 as a fraction may be as a float, and the other way round
        assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


def split(text: str) -> list[str]:
    """Numbers, and all characters that are none."""
    found: list[str] = []
    for one in text:
        if one.isdigit() and found and found[-1].isdigit():
            found[-1] += one
        else:
            found.append(one)
    return [*found]
