"""Every figure of the simulated shop says where it comes from."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from aparte.simulation import figures
from aparte.simulation.nature import drawn, tied
from aparte.simulation.visitors import Persona


def unfounded(tables: dict[str, dict[str, object]]) -> list[str]:
    """Figures without a value, and those that say neither where they come from nor that they are assumed, or both."""
    return [
        name
        for name, one in tables.items()
        if set(one) not in ({"value", "source"}, {"value", "assumed"})
        or not all(str(one[word]).strip() for word in ("source", "assumed") if word in one)
    ]


def test_every_figure_has_a_source_or_is_marked_as_assumed() -> None:
    assert len(figures.tables()) > 30
    assert unfounded(figures.tables()) == []


def test_a_figure_that_does_not_say_where_it_comes_from_is_found() -> None:
    tables = {**figures.tables(), "a": {"value": 1}, "b": {"value": 1, "source": " "}, "c": {"source": "me"}}
    assert unfounded(tables) == ["a", "b", "c"]


def test_every_figure_is_used_and_no_other_place_has_any(root: Path) -> None:
    folder = root / "src" / "aparte"
    code = "\n".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    used = {name for name in figures.tables() if f'"{name}"' in code or name.startswith("agents.shifts.")}
    assert used == set(figures.tables())
    simulated = "\n".join(file.read_text("utf-8") for file in (folder / "simulation").glob("*.py"))
    assert not re.search(r"(random\(\) <|pause\(|stay\(|weights=\() ?\d", simulated)


def test_every_kind_of_visitor_has_its_share_and_all_shares_are_one() -> None:
    shares = figures.shares("visits.personas")
    assert set(shares) == {one.value for one in Persona} == set(figures.shares("buying.without_help"))
    assert sum(shares.values()) == pytest.approx(1)


def test_intent_changes_who_buys_but_not_how_many() -> None:
    rng = Random(1)
    natures = [drawn(rng, 0.1) for _ in range(40_000)]
    assert fmean(tied(0.1, one.intent, 1.6) for one in natures) == pytest.approx(0.1, abs=0.003)
    accepting = [one.buys(Persona.HESITATES, talked=False) for one in natures if one.accepts(Persona.HESITATES, "x")]
    everybody = [one.buys(Persona.HESITATES, talked=False) for one in natures]
    assert fmean(everybody) == pytest.approx(0.1, abs=0.006)
    assert fmean(accepting) > 1.5 * fmean(everybody)  # who accepts would have bought more often anyway


def test_help_adds_exactly_the_effect_that_was_asked_for() -> None:
    rng = Random(2)
    natures = [drawn(rng, 0.2) for _ in range(40_000)]
    alone, helped = (fmean(one.buys(Persona.SIZES, talked=talked) for one in natures) for talked in (False, True))
    assert helped - alone == pytest.approx(0.2, abs=0.006)
    assert all(one.buys(Persona.SIZES, talked=True) for one in natures if one.buys(Persona.SIZES, talked=False))
