"""The rows of the builder: what a person sees of a condition is all of it, and what is saved is what was seen."""

from __future__ import annotations

import json
import os
import random

import msgspec
import pytest
from condition_generator import Generator, uncertain_scope

from aparte.targeting.conditions import ConditionError, check, parse, to_text
from aparte.targeting.conditions.rows import AnyRow, CompareRow, Row, TextRow, rows_of, tree_of

MANY = 20_000 if os.environ.get("APARTE_LONG") else 1_500


def through_a_browser(rows: list[Row]) -> list[Row]:
    """The rows as a page's script gives them back: a whole number has no decimal point there."""

    def browser(value: object) -> object:
        if isinstance(value, dict):
            return {name: browser(one) for name, one in value.items()}
        if isinstance(value, list):
            return [browser(one) for one in value]
        return int(value) if isinstance(value, float) and value.is_integer() else value

    found = browser(json.loads(msgspec.json.encode(rows)))
    return msgspec.json.decode(json.dumps(found), type=list[Row])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("cart.value >= 50", [CompareRow("cart.value", ">=", 50)]),
        ('page.dwell >= duration("30s")', [CompareRow("page.dwell", ">=", 30, "s")]),
        ('page.dwell >= duration("1m30s")', [CompareRow("page.dwell", ">=", 90, "s", written="1m30s")]),
        ('page.dwell < duration("1.5s")', [CompareRow("page.dwell", "<", 1.5, "s")]),
        ("cart.value < 50.0", [CompareRow("cart.value", "<", 50.0, decimal=True)]),
        ("visitor.returning", [CompareRow("visitor.returning", "is", True)]),
        ("!visitor.returning", [CompareRow("visitor.returning", "is", False)]),
        ('session.channel in ["paid", "email"]', [CompareRow("session.channel", "in", ["paid", "email"])]),
        ('page.path.startsWith("/cart")', [CompareRow("page.path", "startsWith", "/cart")]),
        (
            "cart.items > 0 && (session.pages > 3 || session.searches > 1)",
            [
                CompareRow("cart.items", ">", 0),
                AnyRow((CompareRow("session.pages", ">", 3), CompareRow("session.searches", ">", 1))),
            ],
        ),
        ("has(page.dwell) && cart.items > 0", [TextRow("has(page.dwell)"), CompareRow("cart.items", ">", 0)]),
        ("cart.value * 2 > 50", [TextRow("cart.value * 2 > 50")]),
        ("session.pages == 9007199254740993", [TextRow("session.pages == 9007199254740993")]),
    ],
)
def test_each_clause_is_a_row_and_comes_back_as_it_was(text: str, rows: list[Row]) -> None:
    assert rows_of(parse(text)) == rows
    assert to_text(tree_of(through_a_browser(rows))) == text


def test_any_condition_goes_through_the_builder_unharmed() -> None:
    shown, scope = 0, uncertain_scope()
    for seed in range(MANY):
        tree = Generator(seed, uncertain=True).node("bool", 4)
        written = parse(to_text(tree))
        assert tree_of(through_a_browser(rows_of(written))) == written, to_text(tree)
        rows = rows_of(parse(to_text(tree_of(rows_of(written)))))
        assert rows == rows_of(written)
        shown += sum(not isinstance(row, TextRow) for row in rows)
        check(to_text(tree_of(rows)), scope)
    assert shown > MANY / 6  # it would be easy to be lossless with nothing but text


def test_any_rows_are_the_same_after_a_look_at_their_text() -> None:
    for seed in range(MANY):
        rows = made_up(random.Random(seed), 3)
        assert rows_of(parse(to_text(tree_of(rows)))) == rows


def made_up(dice: random.Random, depth: int, least: int = 1) -> list[Row]:
    """Rows as a person clicks them together."""
    return [row(dice, depth) for _ in range(dice.randrange(least, 5))]


def row(dice: random.Random, depth: int) -> Row:
    name = dice.choice(["cart.value", "page.path", "cart_views", "visitor.traits.tier"])
    match dice.randrange(7 if depth else 5):
        case 0:
            op = dice.choice(["==", "!=", "<", "<=", ">", ">="])
            return CompareRow(name, op, dice.choice([0, -3, 50, "é\n", 2.5]))
        case 1:
            return CompareRow(name, "is", dice.random() < 0.5)
        case 2:
            return CompareRow(name, ">=", dice.choice([0, 30, 0.25, 3600]), "s")
        case 3:
            return CompareRow(name, "in", dice.choice([[1, 2], ["a"], ["x", "y"]]))
        case 4:
            return CompareRow(name, dice.choice(["contains", "startsWith", "endsWith", "matches"]), 'a"b')
        case 5:
            return TextRow(dice.choice(["has(page.dwell)", "size(page.path) > 3", "cart.value * 2 > 3"]))
        case _:
            return AnyRow(tuple(made_up(dice, depth - 1, 2)))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (CompareRow("cart.value > 3 || x", "==", 1), "is not a name"),
        (CompareRow("visitor.returning", "is", "yes"), "either true or false"),
        (CompareRow("page.dwell", ">=", "30", "s"), "number of seconds"),
        (CompareRow("page.path", "contains", 3), "takes a text"),
        (CompareRow("page.path", "==", ["a"]), "takes one value"),
        (TextRow("cart.value >"), "expected a value"),
        (AnyRow(()), "no condition"),
    ],
)
def test_a_row_that_means_nothing_is_refused_with_a_reason(row: Row, what: str) -> None:
    with pytest.raises(ConditionError, match=what):
        tree_of([row])
