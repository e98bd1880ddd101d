"""What the tests of contracts share: the worked case of the reference, and short ways to say what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from aparte.contracts.estimate import Sums, bought
from aparte.contracts.goals import Actual, Goal
from aparte.contracts.statements import Found, Stated, Statement, next_statement
from aparte.contracts.terms import Clause, Contract
from aparte.contracts.windows import Period, window_of

SITE = "shop"
JANUARY, FEBRUARY, MARCH = (window_of(date(2026, month, 1), "month") for month in (1, 2, 3))
CSAT = Actual(0.85, 0.82, 0.88, 400)
WORKED = Found(control=bought(1_000, 50), treated=bought(9_000, 540), kpis={"csat": CSAT}, attributed=180)
"""9,000 treated with 540 orders, 1,000 held out with 50, 180 orders after a chat."""


def contract(**more: Any) -> Contract:
    """10.00 EUR for each additional sale, when at least 80 % are satisfied."""
    known: dict[str, Any] = {
        "id": "c1", "site": SITE, "version": 1, "name": "Pay for performance", "currency": "EUR",
        "first_day": date(2026, 1, 1), "clauses": (Clause(kpi="csat", target=0.8),), "fee_rate": 1_000,
    }  # fmt: skip
    return Contract(**(known | more))


def goal(**more: Any) -> Goal:
    """Three times the conversion of 2 %."""
    known: dict[str, Any] = {
        "id": "g1", "site": SITE, "kpi": "chat_conversion", "name": "Three times", "target": 3.0, "measure": "times",
        "base": 0.02,
    }  # fmt: skip
    return Goal(**(known | more))


def found(treated: int, control: int = 50, **more: Any) -> Found:
    """A window with so many orders of 9,000 treated and of 1,000 held out."""
    known: dict[str, Any] = {
        "control": bought(1_000, control),
        "treated": bought(9_000, treated),
        "kpis": {"csat": CSAT},
    }
    return Found(**(known | more))


def stated(period: Period, what: Found = WORKED, *, mature: bool = False, version: int = 1) -> Stated:
    """A window to be settled."""
    return Stated(period=period, version=version, mature=mature, found=what)


def issued(
    windows: Sequence[Stated], last: Statement | None = None, *versions: Contract, at: int = 1, by: str = "camille"
) -> Statement:
    """The statement after the last one."""
    return next_statement(versions or (contract(),), last, windows, at=at, by=by, today=date(2026, 6, 1))


def money(n: int, total: int, sumsq: float) -> Sums:
    """An arm that has spent so many minor units."""
    return Sums(n, total, sumsq)
