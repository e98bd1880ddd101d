"""What a user is told: the answer of `aparte eval`, and each clause of an explanation."""

from typing import Any

import pytest

from aparte.targeting.conditions import (
    ANY,
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    NUMBER,
    STRING,
    Clause,
    Scope,
    Symbol,
    check,
    evaluate,
    explain,
    list_of,
)

SCOPE = Scope(
    {
        symbol.name: symbol
        for symbol in (
            Symbol("page.dwell", DURATION, "always", "s['dwell']", flow="rising"),
            Symbol("page.status", INT, "always", "s['status']"),
            Symbol("cart.value", NUMBER, "maybe", "s.get('value')"),
            Symbol("rate", DOUBLE, "always", "s['rate']"),
            Symbol("visitor.segments", list_of(STRING), "always", "s['segments']"),
            Symbol("visitor.returning", BOOL, "maybe", "s.get('returning')"),
        )
    },
    {"event.properties.": Symbol("event.properties.", ANY, "maybe", "s.get(key)")},
    params=("s", "now"),
)
FACTS: dict[str, Any] = {
    "page": {"dwell": "31s", "status": 404, "query.x": "nested dot"},
    "cart.value": 80,
    "rate": 2,
    "visitor": {"segments": ["vip"], "returning": None},
    "event.properties": {"size": "XL", "big": 2**63},
    "mine": {"n": 3, "f": 3.0, "s": "x", "list": [1, 2], "mixed": [1, "a"], "numbers": [1, 2.5], "none": None, "o": {}},
    "waited": 2.5,
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('page.dwell >= duration("30s") && page.status == 404', True),
        ("page.dwell", "31s"),
        ('page.dwell + duration("500ms")', "31.5s"),
        ("cart.value / 32", 2.5),
        ("cart.value > 79.5", True),
        ("rate", 2.0),
        ("1.0 / 0.0", "Infinity"),
        ("-1.0 / 0.0", "-Infinity"),
        ("[0.0 / 0.0]", ["NaN"]),
        ('[duration("90m")]', ["5400s"]),
        ('"vip" in visitor.segments', True),
        ('event.properties.size == "XL"', True),
        ("has(visitor.returning) || has(event.properties.nothing)", False),
        ("mine.n / 2", 1),
        ("mine.f / 2.0", 1.5),
        ("mine.s + 'é'", "xé"),
        ("mine.list + [3]", [1, 2, 3]),
        ("'a' in mine.mixed && 2.5 in mine.numbers", True),
        ("has(mine.absent)", False),
        ("has(mine.none)", False),
        ("page.query.x", "nested dot"),
        ("size('🐱é')", 2),
        ("-0.0", -0.0),
        ("false && 1 / 0 > 0", False),
        ("1 / 0 > 0 || true", True),
    ],
)
def test_a_value(expression: str, expected: Any) -> None:
    answer = evaluate(expression, FACTS, SCOPE)
    assert repr(answer) == repr({"value": expected})


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("mine.n / 0 > 1", "division by zero"),
        ("mine.n % 0", "modulus by zero"),
        ("true && 9223372036854775807 + mine.n > 0", "integer overflow"),
        ("visitor.returning", "visitor.returning is absent"),
        ("mine.none == 3", "mine.none is absent"),
        ("mine.absent == 3", "mine.absent is absent"),
        ("event.properties.size > 3", "> cannot take a text and a whole number"),
        ("event.properties.big == 1", "64 bits"),
    ],
)
def test_a_fault(expression: str, words: str) -> None:
    assert words in evaluate(expression, FACTS, SCOPE)["error"]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("page.dwel > duration('3s')", "did you mean page.dwell?"),
        ("mine.m == 1 && nobody == 2", "unknown name nobody"),
        ("mne.n == 3", "did you mean mine.n?"),
        ("1 + 1.0", "decimal point"),
        ("timestamp('x') > 3", "timestamp() is not part"),
        ("mine.o == 1", "mine.o is an object"),
        ("1 +", "1:4: expected a value"),
    ],
)
def test_a_refusal(expression: str, words: str) -> None:
    assert words in evaluate(expression, FACTS, SCOPE)["unsupported"]


@pytest.mark.parametrize(("given", "answer"), [("2m", "120s"), (2.5, "2.5s"), (3, "3s"), ("90s", "90s")])
def test_a_duration_is_a_text_or_a_number_of_seconds(given: Any, answer: str) -> None:
    assert evaluate("page.dwell", {"page.dwell": given}, SCOPE) == {"value": answer}


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"page.dwell": "soon"}, "should be a duration"),
        ({"page.dwell": True}, "should be a duration"),
        ({"page.dwell": float("inf")}, "should be a duration"),
        ({"page.dwell": None}, "page.dwell is absent"),
        ({}, "page.dwell is absent"),
    ],
)
def test_a_fact_of_the_wrong_type_is_a_fault(facts: dict[str, Any], words: str) -> None:
    assert words in evaluate("page.dwell > duration('1s')", facts, SCOPE)["error"]
    assert "should be of type int" in evaluate("page.status > 1", {"page.status": "404"}, SCOPE)["error"]
    assert "should be a list" in evaluate("size(visitor.segments)", {"visitor.segments": "vip"}, SCOPE)["error"]


def test_explain_shows_each_clause_with_what_it_read() -> None:
    text = (
        'page.dwell >= duration("30s") && cart.value >= 50 && (page.status == 404 || visitor.returning)'
        ' && page.status / 0 > 1 && "vip" in visitor.segments && event.properties.n'
    )
    state = {"dwell": 31_000, "status": 200, "segments": frozenset({"b", "a"}), "n": 1.0}
    assert explain(check(text, SCOPE), (state, 0)) == (
        Clause('page.dwell >= duration("30s")', "true", (("page.dwell", "31s"),)),
        Clause("cart.value >= 50", "unknown", (("cart.value", "absent"),), "cart.value is absent"),
        Clause(
            "page.status == 404 || visitor.returning",
            "unknown",
            (("page.status", "200"), ("visitor.returning", "absent")),
            "visitor.returning is absent",
        ),
        Clause("page.status / 0 > 1", "unknown", (("page.status", "200"),), "division by zero"),
        Clause('"vip" in visitor.segments', "false", (("visitor.segments", "[a, b]"),)),
        Clause("event.properties.n", "unknown", (("event.properties.n", "1.0"),), "neither true nor false"),
    )


def test_explain_of_a_single_clause() -> None:
    (only,) = explain(check("!(page.status > 300)", SCOPE), ({"status": 200}, 0))
    assert (only.text, only.answer, only.values) == ("!(page.status > 300)", "true", (("page.status", "200"),))
