"""Ordered funnels over all events, in one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aparte.attribution.facts import Step
from aparte.backends.duckdb.names import NOBODYS

PERIOD = "site = $site AND day BETWEEN $since AND $until AND NOT bot"


def question(
    site: str, steps: Sequence[Step], since: str, until: str, codes: Mapping[str, int]
) -> tuple[str, dict[str, Any]]:
    """SQL and its values: the sessions that reached each step, in this order; `codes` stand for the steps' names.

    Each step is looked for among the events at or after the earliest moment at which the steps before it were done: two
    of one millisecond are in order. The events are read once a step, which is quicker than keeping what was read.
    """
    values: dict[str, Any] = {"site": site, "since": since, "until": until}
    read = f"SELECT session AS k, after_ms AS ts, code, path FROM event WHERE {PERIOD}"
    parts = [f"own AS NOT MATERIALIZED ({read})"]
    for n, step in enumerate(steps):
        where = condition(n, step, codes, values)
        if n == 0:
            said = f"SELECT k, min(ts) AS ts FROM own WHERE {where} GROUP BY k"
        else:
            said = (
                f"SELECT own.k, min(own.ts) AS ts FROM own JOIN step{n - 1} AS before "
                f"ON own.k = before.k AND own.ts >= before.ts WHERE {where} GROUP BY own.k"
            )
        parts.append(f"step{n} AS ({said})")
    counts = ", ".join(f"(SELECT count(*) FROM step{n})" for n in range(len(steps)))
    return f"WITH {', '.join(parts)} SELECT {counts}", values


def condition(n: int, step: Step, codes: Mapping[str, int], values: dict[str, Any]) -> str:
    """Whether an event is this step, in SQL."""
    found = []
    if step.name:
        values[f"code{n}"] = codes.get(step.name, NOBODYS)
        found.append(f"code = $code{n}")
    if step.path:
        values[f"path{n}"] = step.path
        found.append(f"starts_with(path, $path{n})")
    return " AND ".join(found) or "true"
