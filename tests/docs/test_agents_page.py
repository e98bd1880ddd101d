"""The page of what agents have every day has a row for each thing that was agreed on, and names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "agents.md"


def rows() -> list[list[str]]:
    """The table's rows: what, where, key, tests."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]


def functions_of(path: Path) -> set[str]:
    """The names of a module's functions."""
    found = ast.parse(path.read_text(encoding="utf-8")).body
    return {one.name for one in found if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))}


def test_each_thing_that_was_agreed_on_has_its_row_in_order(shared: Path) -> None:
    told = (shared / "frontend.md").read_text(encoding="utf-8")
    agreed = re.search(r"^Must at launch: (.*?)\.$", told, re.MULTILINE)
    assert agreed is not None
    items = [re.sub(r" \(first six .*", "", one) for one in agreed[1].split("; ")]
    assert len(items) > 15
    assert [row[0] for row in rows()] == items


def test_each_row_is_shown_by_a_test_that_exists_or_says_that_it_is_not_built() -> None:
    for what, where, _, shown in rows():
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", shown)
        assert named or ("Not built" in where and shown == "none"), what
        for path, name in named:
            assert name in functions_of(ROOT / path), f"{what}: {path}::{name}"
