"""The pages of goals, scorecards and transcripts name every call, member, limit and state that there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from aparte.contracts.goals import Measure, State, Window
from aparte.contracts.statements import UNEVEN
from aparte.contracts.store import MOST_CONTRACTS, MOST_GOALS
from aparte.contracts.terms import MOST_CLAUSES, Base, Contract, Estimator
from aparte.reports.measuring import SHARES
from aparte.reports.scorecards import MIN_N, Card, Place
from aparte.reports.transcripts.model import Measured
from aparte.reports.transcripts.telling import LEAST_AGENTS, LEAST_TALKS
from aparte.reports.transcripts.text import LONGEST_TEXT, LONGEST_WORD
from aparte.web.api_goals import HANDLERS, REFUSALS


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, str]:
    return {name: (root / f"docs/reference/{name}.md").read_text("utf-8")
            for name in ("contract", "scorecards", "transcripts")}  # fmt: skip


def test_every_call_stands_in_the_table_with_its_right(pages: dict[str, str]) -> None:
    told = set(re.findall(r"^\| `(\w+) (\S+)` \| (\w+) \|", pages["contract"], re.MULTILINE))
    routes = {
        (method, re.sub(r":str", "", path), handler.opt["right"])
        for handler in HANDLERS
        for path in handler.paths
        for method in handler.http_methods
    }
    assert told == routes


def test_every_word_of_goals_and_contracts_is_on_the_page(pages: dict[str, str]) -> None:
    hidden = {"id", "site", "version", "name", "currency", "changed_at", "changed_by"}
    words = [*get_args(Window), *get_args(Measure), *get_args(State), *get_args(Base), *get_args(Estimator), *REFUSALS]
    words += [one for one in Contract.__struct_fields__ if one not in hidden] + list(SHARES)
    assert [word for word in words if f"`{word}`" not in pages["contract"]] == []
    for limit in (MOST_GOALS, MOST_CONTRACTS, MOST_CLAUSES, UNEVEN):
        assert str(limit) in pages["contract"]


def test_every_member_of_a_card_and_of_a_measured_conversation_is_on_its_page(pages: dict[str, str]) -> None:
    card = [one for one in Card.__struct_fields__ if one not in {"agent", "name"}]
    assert [one for one in [*card, *get_args(Place)] if f"`{one}`" not in pages["scorecards"]] == []
    assert str(MIN_N) in pages["scorecards"]
    told = [one for one in Measured.__struct_fields__ if one not in {"id", "agent"}]
    assert [one for one in told if f"`{one}`" not in pages["transcripts"]] == []
    for limit in (LEAST_AGENTS, LEAST_TALKS, LONGEST_TEXT, LONGEST_WORD):
        assert f"{limit:,}" in pages["transcripts"]
