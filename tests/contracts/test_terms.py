"""Contracts that cannot be settled are refused, with the member that is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from contract_world import FEBRUARY, JANUARY, contract, issued, stated

from aparte.contracts.store import may_change, may_issue
from aparte.contracts.terms import Clause, checked_contract, due_windows
from aparte.kit.errors import BadInput


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"fee_rate": 0}, "fee_rate"), ({"base": "margin", "fee_rate": 1_000_001}, "fee_rate"),
        ({"floor": -1}, "floor"),
        ({"cap": 5, "floor": 6}, "cap"), ({"name": " "}, "name"), ({"currency": "eur"}, "currency"),
        ({"window": "day"}, "window"), ({"first_day": date(2026, 1, 2)}, "first_day"),
        ({"confidence": 1.0}, "confidence"),
        ({"mature_days": 367}, "mature_days"), ({"clauses": ()}, "clauses"),
        ({"clauses": (Clause(kpi="csat", target=1), Clause(kpi="X", target=1))}, "clauses[1].kpi"),
        ({"clauses": (Clause(kpi="csat", target=float("inf")),)}, "clauses[0].target"),
        ({"clauses": (Clause(kpi="csat", target=1, min_n=0),)}, "clauses[0].min_n"),
    ],
)  # fmt: skip
def test_what_cannot_be_settled_is_no_contract(more: dict[str, object], where: str):
    assert checked_contract(contract()) == contract()
    with pytest.raises(BadInput) as refused:
        checked_contract(contract(**more))
    assert refused.value.where == where


def test_a_contract_that_began_with_the_world_is_not_settled_for_ever():
    with pytest.raises(BadInput, match="600 windows"):
        due_windows([contract(first_day=date(1, 1, 1))], [], date(2026, 1, 1))


def refusal(**more: object) -> str:
    """Of a second version after January was stated."""
    refused = may_change([contract()], issued([stated(JANUARY)]), contract(**({"version": 2} | more)))
    return "" if refused is None else refused.code


def test_a_version_changes_nothing_that_was_stated():
    assert refusal(first_day=date(2026, 2, 1)) == ""
    assert refusal(first_day=date(2026, 1, 1)) == "already_stated"
    assert refusal(first_day=date(2026, 2, 9), window="week") == "no_boundary"
    assert refusal(first_day=date(2026, 2, 1), currency="USD") == "currency"
    assert refusal(first_day=date(2026, 2, 1), version=3) == "changed_meanwhile"
    assert refusal(first_day=date(2026, 2, 1), site="elsewhere") == "unknown"


def test_a_statement_follows_the_one_it_was_made_after():
    first = issued([stated(JANUARY)])
    second = issued([stated(JANUARY), stated(FEBRUARY)], first)
    assert may_issue([contract()], None, first) is None
    assert may_issue([contract()], first, second) is None
    for before, new, code in ((first, first, "changed_meanwhile"), (None, second, "changed_meanwhile")):
        refused = may_issue([contract()], before, new)
        assert refused is not None
        assert refused.code == code
