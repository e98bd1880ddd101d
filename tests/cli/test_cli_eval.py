"""`aparte eval`: a line in, a line out.

Mutants tried: facts not looked for under dotted names; seconds read as milliseconds.
"""

import json
from pathlib import Path

import pytest
from cli_world import Run, written

CASES = {
    "arithmetic": ("1 + 2 * 3", {}, {"value": 7}),
    "nested facts": ("cart.value >= 50 && views >= 2", {"cart": {"value": 60}, "views": 2}, {"value": True}),
    "dotted facts": ("cart.value >= 50", {"cart.value": 60.5}, {"value": True}),
    "nested and dotted": ("a.b.c + a.d", {"a.b": {"c": 1}, "a": {"d": 2}}, {"value": 3}),
    "a text": ("page.path + '!'", {"page": {"path": "/é"}}, {"value": "/é!"}),
    "a list": ("[1, 2] + [3]", {}, {"value": [1, 2, 3]}),
    "a duration as text": ("session.idle > duration('1m')", {"session": {"idle": "61s"}}, {"value": True}),
    "a duration as seconds": ("session.idle", {"session.idle": 61.5}, {"value": "61.5s"}),
    "has, present": ("has(page.price)", {"page": {"price": 3}}, {"value": True}),
    "has, absent": ("has(page.price)", {}, {"value": False}),
    "infinity": ("1.0 / 0.0", {}, {"value": "Infinity"}),
    "false wins over an error": ("1 / 0 > 1 && false", {}, {"value": False}),
    "division by zero": ("1 / 0", {}, {"error": "division by zero"}),
    "overflow": ("9223372036854775807 + 1", {}, {"error": "integer overflow"}),
    "an absent value": ("page.price > 3", {}, {"error": "page.price is absent"}),
    "a fact of the wrong type": ("cart.items > 3", {"cart.items": "4"}, {"error": "cart.items should be of type int"}),
    "no such duration": (
        "session.idle > duration('1s')", {"session": {"idle": "soon"}},
        {"error": 'session.idle should be a duration: "30s" or a number of seconds'},
    ),
    "an unknown name": (
        "cart.vale > 3", {"cart.value": 3}, {"unsupported": "1:1: unknown name cart.vale (did you mean cart.value?)"},
    ),
    "outside the subset": (
        "{'a': 1}", {}, {"unsupported": "1:1: maps are not part of the condition language (compare names one by one)"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "facts", "answer"), CASES.values(), ids=CASES)
def test_each_line_is_answered(run: Run, expression: str, facts: dict[str, object], answer: object) -> None:
    ran = run("eval", typed=json.dumps({"expr": expression, "facts": facts}) + "\n")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("\n") == 1
    assert ran.json == answer


INVALID = ["[]", "{", '{"expr": 3}', '{"expr": "1", "facts": []}', "3", "\x00", "[" * 5000]


@pytest.mark.parametrize("line", INVALID, ids=range(len(INVALID)))
def test_a_line_that_is_no_question_is_answered_too_and_ends_with_one(run: Run, line: str) -> None:
    ran = run("eval", typed=f'{line}\n{{"expr": "1"}}\n')
    assert (ran.code, ran.err) == (1, "")
    first, second = map(json.loads, ran.out.splitlines())
    assert list(first) == ["invalid"]
    assert second == {"value": 1}


def test_it_reads_a_file_and_passes_over_empty_lines(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path / "asked", ["", '{"expr": "true"}', "  "])
    assert run("eval", file).out == '{"value": true}\n'


def test_bytes_that_are_no_text_are_no_crash(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "asked"
    file.write_bytes(b'{"expr": "\'\xff\'"}\n')
    assert run("eval", file).json == {"value": "\ufffd"}
