"""Goals, contracts, alarms and scenarios that say what they should not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from aparte.contracts.alarm_store import OpenAlarm
from aparte.contracts.alarms import Alarm
from aparte.contracts.goals import Bands, Goal
from aparte.contracts.scenarios import SavedScenario, SaveScenario
from aparte.contracts.store import SaveContract, SaveGoal
from aparte.contracts.terms import Clause, Contract
from aparte.planning.scenario import scenario_of, write_scenario


def of_goals(texts: Sequence[str]) -> list[Any]:
    """One of each for each text."""
    made: list[Any] = []
    for n, text in enumerate(texts):
        people: Any = {"agreed_by": (text,), "owner": text, "sponsor": text, "changed_by": text}
        bands = Bands(best=2.0, average=1.0, source=text)
        goal = Goal(id=f"g{n}", site="a", kpi="csat", name=text, target=1.0, definition=text, bands=bands, **people)
        terms: Any = {"first_day": date(2026, 1, 1), "clauses": (Clause(kpi="csat", target=1.0),), "fee_rate": 1}
        contract = Contract(id=f"k{n}", site="a", version=1, name=text, currency="EUR", changed_by=text, **terms)
        alarm = Alarm(id=f"l{n}", site="a", kind="floor", about=f"g{n}", name=text, opened_at=1)
        made += [SaveGoal(goal), SaveContract(contract), OpenAlarm(alarm)]
    return made


def document(text: str) -> str:
    """A whole scenario in whose every name this stands."""
    part = text[:80].replace(".", ",").strip() or "-"
    sold = {"contacts_per_month": 900, "conversion": 0.1}
    return write_scenario(
        scenario_of(
            {
                "name": text,
                "visitors": {"visits_per_month": 420_000, "eligible_covered_share": 0.1},
                "invitation": {"acceptance": 0.1},
                "help": {"lift_per_eligible": {"low": 0.004, "value": 0.009, "high": 0.014}},
                "orders": {"basket": 84.4, "gross_margin": 0.48},
                "conversation": {"agent_seconds": 20, "customer_seconds": 40, "turns": 8, "concurrency": 3},
                "teams": [{"name": part, "wage_per_hour": {"low": 18, "value": 22, "high": 26}}],
                "channels": [{"name": part, "kind": "chat"} | sold],
                "intangibles": [{"name": part, "now": 30, "expected": 34}],
            }
        )
    )


def of_plans(texts: Sequence[str]) -> list[Any]:
    """A saved scenario for each text."""
    known: Any = {"site": "a", "version": 1, "author": "camille"}
    return [
        SaveScenario(SavedScenario(id=f"p{n}", name=text, note=text, body=document(text), **known))
        for n, text in enumerate(texts)
    ]
