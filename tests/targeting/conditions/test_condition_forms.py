"""Text, tree and JSON say the same; limits hold; what is refused is refused in words."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aparte.targeting.conditions import (
    ANY,
    BOOL,
    DURATION,
    INT,
    NUMBER,
    STRING,
    ConditionError,
    Node,
    Scope,
    Symbol,
    check,
    from_json,
    list_of,
    parse,
    to_json,
    to_text,
)
from aparte.targeting.conditions import model as m

NAMES = st.sampled_from(["a", "page.dwell", "event.properties.in_stock", "size", "matches.contains", "x.as"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.booleans().map(m.Bool),
    st.integers(m.INT_MIN, m.INT_MAX).map(m.Int),
    st.floats(allow_nan=False, allow_infinity=False).map(m.Double),
    TEXTS.map(m.Text),
    TEXTS.map(m.Duration),
    NAMES.map(m.Name),
    NAMES.map(m.Has),
    st.just(m.ListOf(())),
)


def branches(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    many = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        inner.map(m.Not),
        inner.map(m.Negate),
        inner.map(m.Size),
        many.map(m.And),
        many.map(m.Or),
        many.map(m.ListOf),
        st.builds(m.Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in"]), inner, inner),
        st.builds(m.Arithmetic, st.sampled_from(list("+-*/%")), inner, inner),
        st.builds(m.Conditional, inner, inner, inner),
        st.builds(m.Call, st.sampled_from(["contains", "startsWith", "endsWith", "matches"]), inner, inner),
    )


TREES = st.recursive(LEAVES, branches, max_leaves=25)


@given(TREES)
@settings(max_examples=600, deadline=None)
def test_text_and_json_lose_nothing(tree: Node) -> None:
    text = to_text(tree)
    assert parse(text) == tree
    assert to_text(parse(text)) == text
    assert from_json(to_json(tree)) == tree
    assert from_json(json.dumps(to_json(tree))) == tree


@given(st.text(max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    refused = None
    try:
        tree = parse(text)
    except ConditionError as error:
        refused = error
    if refused is None:
        assert parse(to_text(tree)) == tree
        return
    lines = text.split("\n")
    assert 1 <= refused.line <= len(lines)
    assert 1 <= refused.column <= len(lines[refused.line - 1]) + 1


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a&&b||!( c )", "a && b || !c"),
        ("((a)) && (b && c)", "a && (b && c)"),
        ("(a + b) * c - (d - e)", "(a + b) * c - (d - e)"),
        ("a ? (b ? 1 : 2) : c ? 3 : 4", "a ? (b ? 1 : 2) : c ? 3 : 4"),
        ("- 5 + -(5) + -x", "-5 + -(5) + -x"),
        ("x.size() > 0x1F // long", "size(x) > 31"),
        (r"""u.matches('^/p/\\d+')""", r"""u.matches(r"^/p/\d+")"""),
        ("'''a\n\"b\"'''", r'"a\n\"b\""'),
        ("[1, 2,]", "[1, 2]"),
        ("a\n  // why\n  . b", "a.b"),
        ("-0.0 == 1e3", "-0.0 == 1000.0"),
    ],
)
def test_canonical_text(written: str, canonical: str) -> None:
    assert to_text(parse(written)) == canonical


SCOPE = Scope(
    {
        symbol.name: symbol
        for symbol in (
            Symbol("page.dwell", DURATION, "always", "s", flow="rising"),
            Symbol("page.url", STRING, "always", "s"),
            Symbol("page.status", INT, "always", "s"),
            Symbol("cart.value", NUMBER, "maybe", "s"),
            Symbol("session.device", STRING, "always", "s", values=("phone", "tablet", "desktop")),
            Symbol("visitor.segments", list_of(STRING), "always", "s"),
            Symbol("visitor.returning", BOOL, "always", "s"),
        )
    },
    {"event.properties.": Symbol("event.properties.", ANY, "maybe", "s.get(key)")},
)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("page.dwel > duration('3s')", 1, 1, ["unknown name page.dwel", "did you mean page.dwell?"]),
        ("visitor.returning &&\n  page.urls == ''", 2, 3, ["did you mean page.url?"]),
        ("page == 3", 1, 1, ["unknown name page", "page.dwell, page.status, page.url"]),
        ("page.dwell > 30", 1, 14, ["duration and int cannot be compared", 'duration("30s")']),
        ("30 > page.dwell", 1, 6, ["int and duration", "page.dwell is duration"]),
        ("page.status == '404'", 1, 16, ["whole number"]),
        ("page.status == 404.0", 1, 16, ["int and double", "whole number"]),
        ("session.device == 'phnoe'", 1, 19, ["session.device is never 'phnoe'", "did you mean phone?"]),
        ("session.device in ['phone', 'watch']", 1, 29, ["never 'watch'", "one of phone, tablet, desktop"]),
        ("page.url.matches('(')", 1, 18, ["bad regular expression", "missing )"]),
        ("page.url.matches('(?=a)')", 1, 18, ["bad regular expression", "no look-around"]),
        ("page.url.matches(page.url)", 1, 18, ["a text in quotes"]),
        ("page.dwell > duration('30 s')", 1, 14, ["'30 s' is not a duration", "90s"]),
        ("page.dwell > duration('1d')", 1, 14, ["24h"]),
        ("page.status + 1", 1, 1, ["a condition is true or false, this is int"]),
        ("page.url && true", 1, 1, ["true or false is expected, this is string", "page.url =="]),
        ("page.url in 'abc'", 1, 13, ["in takes a list", '"abc".contains']),
        ("page.url in visitor.returning", 1, 13, ["in takes a list"]),
        ("1 in visitor.segments", 1, 6, ["int cannot be in list(string)"]),
        ("visitor.segments < ['a']", 1, 1, ["lists have no order"]),
        ("page.dwell * 2 > page.dwell", 1, 1, ["* cannot take duration and int", "durations"]),
        ("1 + 1.5 > 2.0", 1, 1, ["+ cannot take int and double", "decimal point"]),
        ("2.5 % 2.0 > 1.0", 1, 1, ["whole numbers"]),
        ("visitor.returning ? 1 : 'a'", 1, 25, ["the two results differ: int and string"]),
        ("page.url.size > 3", 1, 1, ["unknown name page.url.size"]),
        ("page.status.contains('4')", 1, 1, ["contains() is asked of a text, this is int"]),
        ("[[1]] == [[1]]", 1, 2, ["lists of lists"]),
        ("size(3) > 1", 1, 6, ["size() takes a text or a list"]),
        ("page.url.exists(x, x)", 1, 10, ["exists() is not part of the condition language"]),
        ("page.url.startswith('x')", 1, 10, ["did you mean startsWith?"]),
        ("contains(page.url, 'x')", 1, 1, ['write name.contains("...")']),
        ("page.url[0] == 'a'", 1, 9, ["indexing"]),
        ("{'a': 1} == 2", 1, 1, ["maps"]),
        ("page.url == null", 1, 13, ["null", "has(name)"]),
        ("1u == 1u", 1, 1, ["unsigned"]),
        ("b'a' == b'a'", 1, 1, ["bytes"]),
        ("page.url = 'a'", 1, 10, ["write =="]),
        ("page.url == 'a", 1, 13, ["not closed"]),
        ("page.url == '\\d'", 1, 14, ["unknown escape"]),
        ("'\\ud800' == ''", 1, 2, ["U+D800 is not a character"]),
        ("(page.status > 3", 1, 17, ["expected ')', found the end"]),
        ("true true", 1, 6, ["expected an operator or the end"]),
        ("", 1, 1, ["expected a value, found the end"]),
        ("9223372036854775808 > 1", 1, 1, ["does not fit into 64 bits"]),
        ("1e999 > 1.0", 1, 1, ["too large"]),
        ("if > 1", 1, 1, ["reserved word"]),
        ("true ? false ? true : false : true", 1, 14, ["expected ':'"]),
    ],
)
def test_a_refusal_says_where_and_what_to_do(text: str, line: int, column: int, words: list[str]) -> None:
    with pytest.raises(ConditionError) as caught:
        check(text, SCOPE)
    assert (caught.value.line, caught.value.column) == (line, column), str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == [], str(caught.value)


def test_a_bare_tree_is_refused_at_its_place_in_the_canonical_text() -> None:
    tree = m.And((m.Name("visitor.returning"), m.Compare(">", m.Name("nowhere"), m.Int(1))))
    with pytest.raises(ConditionError, match="unknown name nowhere") as caught:
        check(tree, SCOPE)
    assert (caught.value.line, caught.value.column) == (1, 22)


def test_reads_and_warnings() -> None:
    checked = check("cart.value > 5 && page.status == 404 && has(page.url)", SCOPE)
    assert checked.reads == {"cart.value", "page.status", "page.url"}
    assert [(warn.column, warn.text.split(":")[0]) for warn in checked.warnings] == [
        (1, "cart.value may be absent"),
        (41, "page.url is always there"),
    ]
    assert check("has(cart.value) && cart.value > 5", SCOPE).warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "1" + ")" * 9_999,
        "(" * 61 + "true" + ")" * 61,
        "!" * 61 + "true",
        "-" * 19_000 + "x",
        " + ".join("1" * 70),
        " && ".join(["a"] * 2_000),
        "[" + "1," * 9_000 + "1]",
        "a ? b : " * 2_000 + "c",
        "x == 1 || " * 5_000 + "y",
        "1" * 20_001,
    ],
)
def test_what_is_too_large_is_refused_at_once(text: str) -> None:
    start = time.perf_counter()
    with pytest.raises(ConditionError, match=r"nested more than|more than 2,000|more than 20,000|64 bits"):
        parse(text)
    assert time.perf_counter() - start < 1


def test_the_limits_themselves_are_accepted() -> None:
    assert parse(" && ".join(["a.b.c"] * 1_999)) is not None
    assert parse("(" * 59 + "true" + ")" * 59) == m.Bool(True)
    deep = "!" * 59 + "visitor.returning"
    assert check(deep, SCOPE).type == BOOL


def nested(levels: int) -> dict[str, Any]:
    form: dict[str, Any] = {"kind": "bool", "value": True}
    for _ in range(levels):
        form = {"kind": "not", "item": form}
    return form


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (nested(60), "nested more than 60"),
        (nested(10_000), "nested more than 60"),
        ('{"kind":"not","item":' * 100_000, "JSON|nested"),
        ({"kind": "and", "items": [{"kind": "bool", "value": True}] * 10_000}, "more than 2,000"),
        ({"kind": "string", "value": "x" * 100_000}, "20,000 characters"),
        ({"kind": "and", "items": [{"kind": "bool", "value": True}]}, "two items"),
        ({"kind": "name", "name": "a b"}, "not a name"),
        ({"kind": "name", "name": "in"}, "not a name"),
        ({"kind": "name", "name": "a.b\n"}, "not a name"),
        ({"kind": "int", "value": 2**63}, "64 bits"),
        ({"kind": "int", "value": 1.5}, "int"),
        ({"kind": "double", "value": float("nan")}, "finite"),
        ({"kind": "string", "value": "\ud800"}, "Unicode"),
        ({"kind": "compare", "op": "=", "left": nested(0), "right": nested(0)}, "op"),
        ({"kind": "frobnicate"}, "frobnicate"),
        ({"kind": "bool", "value": True, "more": 1}, "more"),
        ("{", "JSON"),
        (3, "JSON form"),
        (b"\xff", "JSON"),
    ],
)
def test_a_wrong_json_form_is_refused(form: object, words: str) -> None:
    with pytest.raises(ConditionError, match=words):
        from_json(form)


def test_the_json_form_is_what_a_builder_expects() -> None:
    assert to_json(parse('page.dwell >= duration("30s") && cart.value > 50')) == {
        "kind": "and",
        "items": [
            {
                "kind": "compare",
                "op": ">=",
                "left": {"kind": "name", "name": "page.dwell"},
                "right": {"kind": "duration", "value": "30s"},
            },
            {
                "kind": "compare",
                "op": ">",
                "left": {"kind": "name", "name": "cart.value"},
                "right": {"kind": "int", "value": 50},
            },
        ],
    }
    # A builder in JavaScript writes 1.0 as 1; the kind keeps it a double.
    assert from_json('{"kind":"double","value":1}') == m.Double(1.0)
