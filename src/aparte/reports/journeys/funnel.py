"""Ordered steps of any events, by session or by person, each within a time of the step before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aparte.attribution.facts import Facts
from aparte.kit.errors import BadInput
from aparte.reports.journeys.asked import MOST_STEPS
from aparte.reports.journeys.model import Funnel, FunnelStep, Reached, Unit, part
from aparte.reports.journeys.sessions import like, own_events, visits
from aparte.reports.scope import Scope

CAME = FunnelStep()
EARLIER = "OVER (PARTITION BY u1, u2 ORDER BY t RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW)"
"""All other events of the unit up to this moment, this one included: of events of one millisecond none is first."""


def funnel(facts: Facts, scope: Scope, steps: Sequence[FunnelStep], unit: Unit = "session") -> Funnel:
    """Who reached each step. One event does for one step; events of one millisecond are in any order.

    Somebody reaches a step when he did it, not before the step before, and within its time of *one* moment at which
    that step was reached. By person the steps may lie in several sessions of the period. BadInput without steps, with
    too many, or with an empty one that is not the first.
    """
    checked(steps)
    sql, values = question(scope, steps, unit)
    row = facts.ask(sql, values).dicts()[0]
    counts = [int(row[f"n{k}"]) for k in range(len(steps))]
    found = [
        Reached(
            step=step,
            n=counts[k],
            of_first=part(counts[k], counts[0]),
            of_before=part(counts[k], counts[max(k - 1, 0)]),
            median_ms=row[f"m{k}"] if k else None,
        )
        for k, step in enumerate(steps)
    ]
    return Funnel(unit, tuple(found))


def checked(steps: Sequence[FunnelStep]) -> None:
    """Refuse what is no funnel."""
    if not 1 <= len(steps) <= MOST_STEPS + 1:
        raise BadInput(f"a funnel has from 1 to {MOST_STEPS} steps", where="steps")
    if any(not one.name and not one.path for one in steps[1:]):
        raise BadInput("a step says what has to be done", where="steps", hint="only the first may be empty")


def question(scope: Scope, steps: Sequence[FunnelStep], unit: Unit) -> tuple[str, list[Any]]:
    """SQL and its values: one row with n0, n1, ... and the medians m1, m2, ..."""
    begin, values = visits(scope)
    who = "v.visitor AS u1, v.started_at AS u2" if unit == "session" else "v.person AS u1, 0 AS u2"
    parts = [begin, f"seen AS ({seen(steps, who, scope, values)})", "f0 AS (SELECT *, m0 AS f0 FROM seen)"]
    for k, step in enumerate(steps[1:], 1):
        in_time = "before IS NOT NULL" if step.within_ms is None else f"before >= t - {int(step.within_ms)}"
        before = f"SELECT *, max(CASE WHEN f{k - 1} THEN t END) {EARLIER} AS before FROM f{k - 1}"
        parts.append(
            f"f{k} AS (SELECT * EXCLUDE (before), coalesce(m{k} AND {in_time}, false) AS f{k} FROM ({before}))"
        )
    last = len(steps) - 1
    firsts = ", ".join(f"min(t) FILTER (f{k}) AS t{k}" for k in range(len(steps)))
    parts.append(f"reached AS (SELECT u1, u2, {firsts} FROM f{last} GROUP BY ALL)")
    return f"WITH {', '.join(parts)} SELECT {', '.join(counted(steps, last))} FROM reached", values


def counted(steps: Sequence[FunnelStep], last: int) -> list[str]:
    """How many reached each step, and the median time between: from the earliest moment that counts for it."""
    found = [f"count(t{k}) AS n{k}" for k in range(len(steps))]
    for k, step in enumerate(steps[1:], 1):
        if step.within_ms is None:
            found.append(f"median(t{k} - t{k - 1}) AS m{k}")
        else:
            gaps = (
                f"SELECT r.t{k} - min(f.t) AS gap FROM reached r JOIN f{last} f ON r.u1 = f.u1 AND r.u2 = f.u2 "
                f"WHERE f.f{k - 1} AND f.t BETWEEN r.t{k} - {int(step.within_ms)} AND r.t{k} "
                f"GROUP BY r.u1, r.u2, r.t{k}"
            )
            found.append(f"(SELECT median(gap) FROM ({gaps})) AS m{k}")
    return found


def seen(steps: Sequence[FunnelStep], who: str, scope: Scope, values: list[Any]) -> str:
    """Each event that is a step, with which ones it is; that somebody came is a row of its own, at his first event."""
    marks, wanted = [], []
    for k, step in enumerate(steps):
        said, needed = condition(step)
        marks.append(f"{said} AS m{k}")
        values += needed
        if step != CAME:
            wanted.append(k)
    rows = own_events(f"{who}, e.happened_at AS t, {', '.join(marks)}")
    values.append(scope.site)
    kept = " OR ".join(f"m{k}" for k in wanted) or "false"
    found = f"SELECT * FROM ({rows}) WHERE {kept}"
    if steps[0] != CAME:
        return found
    none = ", ".join(f"{'true' if k == 0 else 'false'} AS m{k}" for k in range(len(steps)))
    return f"{found} UNION ALL SELECT {who}, min(v.started_at) AS t, {none} FROM visits v GROUP BY ALL"


def condition(step: FunnelStep) -> tuple[str, list[Any]]:
    """Whether an event is this step, and the values of that."""
    if step == CAME:
        return "false", []
    found, values = [], []
    if step.name:
        names = step.name.split("|")
        found.append(f"e.name IN ({', '.join('?' * len(names))})")
        values += names
    if step.path:
        found.append("coalesce(e.path LIKE ? ESCAPE '!', false)")
        values.append(like(step.path))
    return f"({' AND '.join(found)})", values
