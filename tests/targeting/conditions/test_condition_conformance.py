"""The public conformance cases of CEL (google/cel-spec): inside our subset every one gives its value or its error."""

import json
from pathlib import Path
from typing import Any

import pytest

from aparte.targeting.conditions import evaluate

INSIDE_AT_LEAST = 176
# The file keeps this one value half as UTF-8 bytes shown as Latin-1: the cat's four bytes became four characters, the
# y with diaeresis before it did not. What CEL gives is "aÿ" followed by the cat.
MOJIBAKE = ("string", "ascii_unicode_unicode_smp")


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[dict[str, Any]]:
    return json.loads((shared / "reference" / "cel_conformance.json").read_text())["cases"]


def expected(case: dict[str, Any]) -> Any:
    value = case["value"]
    if (case["file"], case["name"]) == MOJIBAKE:
        assert value == "aÿ" + "🐱".encode().decode("latin-1"), "the file was repaired: drop this special case"
        return "aÿ🐱"
    # JSON has no infinity; our answers write it as a text.
    return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), value) if isinstance(value, float) else value


def wrong(case: dict[str, Any], answer: dict[str, Any]) -> bool:
    if case.get("error"):
        return "error" not in answer
    value = expected(case)
    return "value" not in answer or type(answer["value"]) is not type(value) or repr(answer["value"]) != repr(value)


def test_every_case_inside_the_subset_gives_its_value_or_error(cases: list[dict[str, Any]]) -> None:
    answers = [(case, evaluate(case["expr"], {})) for case in cases]
    inside = [(case, answer) for case, answer in answers if "unsupported" not in answer]
    assert [(case["expr"], answer) for case, answer in inside if wrong(case, answer)] == []
    assert len(inside) >= INSIDE_AT_LEAST


# What the subset leaves out, by the sign that shows it in the text of a case.
OUTSIDE = ("dyn(", "timestamp(", "null", "{", "b'", 'b"', ".all(", ".exists", ".filter(", "string(", "double(", "int(")
OUTSIDE += ("type(", "bool(", "][", "[0]", "[2]", "[3]", "[4]", "getSeconds", "duration(duration", "list(", "map(")


def test_only_what_the_subset_leaves_out_is_refused(cases: list[dict[str, Any]]) -> None:
    refused = [case["expr"] for case in cases if "unsupported" in evaluate(case["expr"], {})]
    unsigned = [text for text in refused if any(f"{digit}u" in text for digit in range(10))]
    assert [text for text in refused if text not in unsigned and not any(sign in text for sign in OUTSIDE)] == []
