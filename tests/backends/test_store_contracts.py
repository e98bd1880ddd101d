"""What every store promises of goals, contracts and statements. Each test runs on every back end.

Mutants seen to fail here: a goal of another site is changed; a statement is issued twice; statements are read without
their site.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from store_worlds import SITE, run

from aparte.backends.sqlite.store import open_store
from aparte.contracts.estimate import bought
from aparte.contracts.goals import Actual, Bands, Goal
from aparte.contracts.statements import Found, Stated, Statement, first_fault, next_statement
from aparte.contracts.store import DropGoal, IssueStatement, SaveContract, SaveGoal
from aparte.contracts.terms import Clause, Contract
from aparte.contracts.windows import window_of
from aparte.conversations.store import Refused
from aparte.engine.ports import Store

JANUARY, FEBRUARY = (window_of(date(2026, month, 1), "month") for month in (1, 2))
CSAT = Actual(0.85, 0.82, 0.88, 400)
FOUND = Found(control=bought(1_000, 50), treated=bought(9_000, 540), kpis={"csat": CSAT}, split_p=0.3)


def goal(id_: str = "g1", **more: Any) -> Goal:
    known: dict[str, Any] = {"site": SITE, "kpi": "csat", "name": "Happy", "target": 0.8, "floor": 0.7}
    return Goal(id=id_, **(known | more))


def contract(id_: str = "c1", **more: Any) -> Contract:
    known: dict[str, Any] = {
        "site": SITE, "version": 1, "name": "Pay for performance", "currency": "EUR", "first_day": date(2026, 1, 1),
        "clauses": (Clause(kpi="csat", target=0.8),), "fee_rate": 1_000, "cap": 10**12,
    }  # fmt: skip
    return Contract(id=id_, **(known | more))


def statement(last: Statement | None = None, *windows: Any, at: int = 1) -> Statement:
    told = [Stated(period=one, version=1, mature=False, found=FOUND) for one in windows or [JANUARY]]
    return next_statement([contract()], last, told, at=at, by="camille", today=date(2026, 3, 9))


@pytest.mark.covers("S0-24")
def test_goals_are_kept_changed_and_erased(play):
    async def scene(store: Store) -> None:
        told = goal(bands=Bands(best=0.9, average=0.8, source="the association"), base=0.75, measure="value")
        assert await store.submit([SaveGoal(told)]) == [told]
        await store.submit([SaveGoal(goal("g2", kpi="aov", target=10.5)), SaveGoal(goal("g3", site="elsewhere"))])
        assert [one.id for one in store.goals(SITE)] == ["g2", "g1"]
        await store.submit([SaveGoal(goal(name="Happier"))])
        assert [one.name for one in store.goals(SITE)] == ["Happy", "Happier"]
        assert await store.submit([DropGoal(SITE, "g1")]) == [None]
        assert await store.submit([DropGoal(SITE, "g1")]) == [Refused("unknown")]
        assert [one.id for one in store.goals(SITE)] == ["g2"]

    play(scene)


def test_another_site_reads_and_changes_nothing_of_this_one(play):
    async def scene(store: Store) -> None:
        await store.submit([SaveGoal(goal()), SaveContract(contract()), IssueStatement(statement())])
        for command in (
            SaveGoal(goal(site="elsewhere")), DropGoal("elsewhere", "g1"),
            SaveContract(contract(site="elsewhere", version=2, first_day=date(2026, 2, 1))),
            IssueStatement(replace(statement(), site="elsewhere")),
        ):  # fmt: skip
            assert await store.submit([command]) == [Refused("unknown")]
        assert (store.goals("elsewhere"), store.contracts("elsewhere")) == ([], [])
        assert store.statements("elsewhere", "c1") == []
        assert (store.goals(SITE), store.contracts(SITE)) == ([goal()], [contract()])

    play(scene)


@pytest.mark.covers("S1-122", "S1-125")
def test_versions_and_statements_are_only_ever_added(play):
    async def scene(store: Store) -> None:
        later = contract(version=2, first_day=date(2026, 2, 1), fee_rate=500)
        assert await store.submit([SaveContract(contract())]) == [contract()]
        assert await store.submit([SaveContract(contract(fee_rate=1))]) == [Refused("changed_meanwhile")]
        first = statement()
        assert await store.submit([IssueStatement(first)]) == [first]
        assert await store.submit([IssueStatement(statement(at=2))]) == [Refused("changed_meanwhile")]
        assert await store.submit([IssueStatement(replace(statement(first), due=5))]) == [Refused("unbound")]
        assert await store.submit([SaveContract(contract(version=2))]) == [Refused("already_stated")]
        assert await store.submit([SaveContract(later)]) == [later]
        second = statement(first, JANUARY, FEBRUARY)
        await store.submit([IssueStatement(second)])
        assert store.contracts(SITE) == [contract(), later]
        assert store.statements(SITE, "c1") == [first, second]
        assert first_fault(store.contracts(SITE), store.statements(SITE, "c1")) == ""

    play(scene)


def test_a_list_that_is_undone_leaves_no_statement_and_no_version(play):
    async def scene(store: Store) -> None:
        undone = [SaveGoal(goal()), SaveContract(contract()), IssueStatement(statement()), DropGoal(SITE, "nothing")]
        assert (await store.submit(undone))[-1] == Refused("unknown")
        assert (store.goals(SITE), store.contracts(SITE), store.statements(SITE, "c1")) == ([], [], [])

    play(scene)


@pytest.mark.parametrize("table", ["contract", "statement"])
def test_the_database_itself_changes_nothing_that_was_agreed_or_stated(tmp_path: Path, table: str):
    async def scene() -> None:
        store = open_store(tmp_path / "data")
        await store.submit([SaveContract(contract()), IssueStatement(statement())])
        store.close()

    run(scene())
    connection = sqlite3.connect(tmp_path / "data" / "aparte.db")
    for sql in (f"UPDATE {table} SET data = '{{}}'", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="is not changed"):
            connection.execute(sql)
    connection.close()
