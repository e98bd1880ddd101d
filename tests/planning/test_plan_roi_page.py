"""The section on the business case says what there is. Mutants tried: an input taken away, a figure changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs

from aparte.cli import main
from aparte.planning.inputs import Channel, Kind, Scenario
from aparte.planning.scenario import structs_of
from aparte.reports.plan_words import words


@pytest.fixture(scope="module")
def section() -> str:
    """The business case in docs/reference/plan.md."""
    page = Path(__file__).resolve().parents[2].joinpath("docs", "reference", "plan.md").read_text("utf-8")
    return page.split("\n## The business case\n")[1].split("\n## ")[0]


def paths() -> Iterator[str]:
    """Every input as the page writes it; those of a channel and those stated by their own names."""
    for name, (kind, _) in structs_of(Scenario).items():
        inside = get_args(kind)[0] if get_args(kind) else kind
        if not hasattr(inside, "__struct_fields__"):
            yield name
            continue
        star = "*." if get_args(kind) else ""
        yield from (one.name if inside is Channel else f"{name}.{star}{one.name}" for one in structs.fields(inside))


@pytest.mark.parametrize("path", [path for path in paths() if not path.endswith(".name")])
def test_every_input_is_told(section: str, path: str) -> None:
    assert f"`{path}`" in section


def test_every_contradiction_and_every_kind_of_channel_is_told(section: str) -> None:
    for name in (*words()["contradictions"], "measured", *get_args(Kind)):
        assert f"`{name}`" in section


def test_no_input_is_told_that_is_not_there(section: str) -> None:
    parts = "visitors|invitation|help|orders|conversation|teams|costs|service|customers|stated|phases|intangibles"
    told = set(re.findall(rf"`((?:{parts})\.[\w*.]+)`", section)) - {"channels.*", "stated.*"}
    assert told <= set(paths())


def test_the_command_prints_what_the_page_says(
    section: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    told = section.split("```console\n$ aparte plan roi examples/business-case.toml\n")[1].split("```", maxsplit=1)[0]
    main(["plan", "roi", "examples/business-case.toml"])
    printed = capsys.readouterr().out
    assert [line.rstrip() for line in printed.splitlines()] == told.splitlines()
