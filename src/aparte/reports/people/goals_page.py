"""The page about goals and contracts: target and actual, floors, bands of the sector, and statements as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from aparte.contracts.goals import Actual, Direction, Goal, Standing, worse
from aparte.contracts.statements import Line, Statement
from aparte.contracts.terms import PPM, Contract
from aparte.contracts.windows import Period
from aparte.kit.civil import local
from aparte.reports.kpis.registry import KPIS
from aparte.reports.measuring import minor_units
from aparte.reports.numbers import MINUS, between, days_words, money, number
from aparte.reports.people.sheet import Asked, Sheet

TONES = {
    "proven": "treated",
    "point": "",
    "ahead": "",
    "behind": "note",
    "missed": "alert",
    "too_few": "",
    "unknown": "",
}
FLOORS = {"": "", "holds": "treated", "near": "note", "broken": "alert"}
BANDS = {"": "", "best": "treated", "average": "", "below": "note"}


class Stood(Struct, frozen=True, kw_only=True):
    """A goal, and where it stands in the window that has ended and in the one that has begun."""

    goal: Goal
    ended: Period
    standing: Standing
    begun: Period
    running: Standing


class Agreed(Struct, frozen=True, kw_only=True):
    """A contract with its versions and statements; `fault` is empty where all of them hold."""

    versions: Sequence[Contract]
    statements: Sequence[Statement]
    fault: str


class GoalsSheet(Sheet):
    """One page."""

    place, template = "goals", "goals.html"

    def __init__(self, asked: Asked, goals: Sequence[Stood], contracts: Sequence[Agreed]) -> None:
        super().__init__(asked)
        self.goals, self.contracts = goals, contracts

    def html(self) -> str:
        """The HTML."""
        goals, contracts = [self.goal(one) for one in self.goals], [self.contract(one) for one in self.contracts]
        return self.page(goals=goals, contracts=contracts)

    def goal(self, one: Stood) -> dict[str, Any]:
        """A goal with two rows, one for each window."""
        goal = one.goal
        return {
            "name": goal.name or goal.kpi,
            "kpi": goal.kpi,
            "notes": list(self.notes(goal)),
            "target": self.wanted(one.standing.target, goal.direction, goal.kpi),
            "band_of": self.band_of(goal),
            "source": goal.bands.source if goal.bands else "",
            "rows": [
                self.row("window_ended", goal, one.ended, one.standing),
                self.row("window_running", goal, one.begun, one.running),
            ],
        }

    def notes(self, goal: Goal) -> Iterator[str]:
        """Whose it is, and what the figure includes."""
        if goal.definition:
            yield goal.definition
        if goal.about:
            yield self.say("goal_about", about=self.called("campaign", goal.about))
        if goal.agreed_by:
            yield self.say("goal_agreed", names=", ".join(goal.agreed_by))
        for name in ("owner", "sponsor"):
            if getattr(goal, name):
                yield self.say(f"goal_{name}", name=getattr(goal, name))

    def wanted(self, target: float, direction: Direction, kpi: str) -> str:
        """`at least 5%`."""
        return self.say(direction, target=self.figure(target, kpi))

    def band_of(self, goal: Goal) -> str:
        """What is best and average in the sector, as the firm says."""
        if goal.bands is None:
            return ""
        best, average = (self.figure(one, goal.kpi) for one in (goal.bands.best, goal.bands.average))
        return self.say("band_of", best=best, average=average)

    def figure(self, value: float, kpi: str) -> str:
        """A figure of a KPI in its own unit; of one that the registry does not know a share up to 1."""
        unit = KPIS[kpi].unit if kpi in KPIS else "share" if abs(value) <= 1 else "number"
        if unit == "share":
            return self.share(value, 1)
        if unit == "money":
            return self.amount(round(value), self.asked.site.currency)
        if unit == "ms":
            return self.span(value)
        text = number(value, self.language, 0 if abs(value) >= 1_000 or value == int(value) else 2)
        return text.replace("-", MINUS)

    def row(self, window: str, goal: Goal, period: Period, standing: Standing) -> dict[str, str]:
        """Where it stands in one window."""
        actual = standing.actual
        return {
            "window": self.t[window],
            "days": self.days(period),
            "actual": self.t["none"] if actual is None else self.figure(actual.value, goal.kpi),
            "interval": "" if actual is None else self.ends(actual, goal.kpi),
            "n": "" if actual is None else self.n(actual.n),
            "state": self.t[f"state_{self.state(goal, standing)}"],
            "tone": TONES[standing.state],
            "why": self.why(goal, standing),
            "floor": self.t[f"floor_{standing.floor or 'none'}"],
            "floor_at": "" if goal.floor is None else self.figure(goal.floor, goal.kpi),
            "floor_tone": FLOORS[standing.floor],
            "band": self.t[f"band_{standing.band}"] if standing.band else self.t["none"],
            "band_tone": BANDS[standing.band],
        }

    def state(self, goal: Goal, standing: Standing) -> str:
        """The name of its word; of a figure without an interval it says on which side of the target it lies."""
        if standing.state != "point" or standing.actual is None:
            return standing.state
        behind = worse(standing.actual.value, standing.target, goal.direction)
        return "point_behind" if behind else "point_ahead"

    def ends(self, actual: Actual, kpi: str) -> str:
        """Its interval; empty where it has none."""
        if actual.low is None or actual.high is None:
            return ""
        return between(self.figure(actual.low, kpi), self.figure(actual.high, kpi), self.language)

    def why(self, goal: Goal, standing: Standing) -> str:
        """Why nothing can be said."""
        if standing.state == "too_few" and standing.actual is not None:
            return self.say("why_too_few", n=self.count(standing.actual.n), min_n=self.count(goal.min_n))
        if standing.state == "point":
            return self.t["why_point"]
        return self.say("why_unknown", kpi=goal.kpi) if standing.state == "unknown" else ""

    def days(self, period: Period) -> str:
        """Its first and its last day."""
        return days_words(period.since, day_before(period), self.language)

    # Contracts

    def contract(self, one: Agreed) -> dict[str, Any]:
        """A contract: its versions, the last first, and its statements, the last first."""
        n = len(one.statements)
        return {
            "name": one.versions[-1].name,
            "versions": [self.version(each) for each in reversed(one.versions)],
            "count": self.say("statements", n, n=self.count(n)) if n else self.t["statements_none"],
            "fault": self.say("fault", fault=one.fault) if one.fault else "",
            "statements": [self.statement(each) for each in reversed(one.statements)],
        }

    def version(self, contract: Contract) -> dict[str, Any]:
        """Its terms."""
        base, window = self.t[f"base_{contract.base}"], self.t[f"window_{contract.window}"]
        rate = self.amount(contract.fee_rate, contract.currency)
        shared = contract.base != "sales"
        fee = self.share(contract.fee_rate / PPM, 1) if shared else rate
        terms = self.say("terms_share" if shared else "terms", fee=fee, base=base, window=window,
                         estimator=f"{contract.estimator}, {self.t[f'fee_{contract.fee}']}")  # fmt: skip
        return {
            "n": self.say("version", n=self.count(contract.version)),
            "since": self.say("since_day", day=contract.first_day.isoformat()),
            "terms": terms,
            "clauses": ", ".join(
                self.say("clause", kpi=one.kpi, wanted=self.wanted(one.target, one.direction, one.kpi))
                for one in contract.clauses
            ),
        }

    def statement(self, one: Statement) -> dict[str, Any]:
        """One of them, as it was stated."""
        day = local(one.at, self.asked.site.time_zone).date().isoformat()
        return {
            "title": self.say("statement", n=self.count(one.n), day=day),
            "lines": [self.line(line, one.currency) for line in one.lines],
            "due": self.amount(one.due, one.currency),
            "total": self.amount(one.total, one.currency),
            "hash": one.hash,
        }

    def line(self, line: Line, currency: str) -> dict[str, str]:
        """One window of it. Fees: what the additional is worth, with the interval; what is owed; what is carried."""
        return {
            "days": self.days(line.period),
            "mature": self.t["mature" if line.mature else "open_window"],
            "point": self.amount(line.point, currency),
            "interval": between(self.amount(line.low, currency), self.amount(line.high, currency), self.language),
            "n": f"{self.n(line.found.treated.n)} / {self.count(line.found.control.n)}",
            "fee": self.amount(line.fee, currency),
            "carried": self.amount(line.carried, currency),
            "attributed": self.amount(line.attributed, currency),
            "why": ", ".join(self.whys(line)),
        }

    def whys(self, line: Line) -> Iterator[str]:
        """Why nothing is owed."""
        if line.held:
            yield self.t[f"held_{line.held}"]
        for gate in line.gates:
            if gate.why:
                yield self.say("gate_failed", kpi=gate.kpi)

    def amount(self, minor: int, currency: str) -> str:
        """Money, to the smallest unit."""
        unit = minor_units(currency)
        return money(minor / unit, currency, self.language, 3 if unit == 1000 else 2)


def day_before(period: Period) -> date:
    """The last day of a window."""
    return period.until - timedelta(days=1)
