"""Goals, contracts and alarms that say what they should not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from aparte.contracts.alarm_store import OpenAlarm
from aparte.contracts.alarms import Alarm
from aparte.contracts.goals import Bands, Goal
from aparte.contracts.store import SaveContract, SaveGoal
from aparte.contracts.terms import Clause, Contract


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
