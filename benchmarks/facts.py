"""Reports over ten million events: ordered funnel, incrementality, totals by day; one JSON line per figure.

Each is a ratio within one run: to numpy's bincount, or to the sum of a column, over as many rows.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from aparte.attribution.facts import Step
from aparte.backends.duckdb.connection import Connection
from aparte.backends.duckdb.names import coded
from aparte.backends.duckdb.store import DuckFacts

EVENTS = 10_000_000
PORTION = 500_000
VISITORS = 1_200_000
STEPS = ("page", "Product Viewed", "Product Added", "Checkout Step Viewed", "Order Completed")
SHARES = (0.70, 0.20, 0.06, 0.03, 0.01)
START, DAYS, DAY = 1_770_000_000_000, 60, 86_400_000
FUNNEL = [Step(one) for one in STEPS[1:]]
BY_ARM = """SELECT arm, count(*), count(*) FILTER (orders_7d > 0), sum(revenue_7d), sum(revenue_7d::DOUBLE * revenue_7d)
    FROM engagement WHERE candidate AND NOT merged AND from_at < ? GROUP BY arm ORDER BY arm"""
BY_DAY = "SELECT day, count(*) FROM event GROUP BY day ORDER BY day"


def events(rng: np.random.Generator, count: int, first: int) -> dict[str, Any]:
    """So many events of a shop, sessions of about eight, in the order of time."""
    sessions = max(count // 8, 1)
    began = np.sort(rng.integers(0, DAYS * DAY, sessions)) + START
    who = rng.integers(0, VISITORS, sessions)
    of = np.sort(rng.integers(0, sessions, count))
    at = began[of] + rng.integers(0, 25 * 60_000, count)
    return {
        "visitor": who[of],
        "session_at": began[of],
        "happened_at": at,
        "place": np.arange(first, first + count),
        "day": at // DAY,
        "name": rng.choice(len(STEPS), count, p=SHARES),
    }


def fill(connection: Connection, count: int) -> None:
    """The table of events, and as many engagements."""
    rng = np.random.default_rng(1)
    names = "[" + ", ".join(f"'{one}'" for one in STEPS) + "]"
    told = coded(connection, STEPS)
    codes = [told[one] for one in STEPS]
    for first in range(0, count, PORTION):
        connection.register("told", events(rng, min(PORTION, count - first), first))
        connection.execute(
            "INSERT INTO event BY NAME SELECT 'shop' AS site, who AS visitor, session_at, "
            "xor(who, session_at) AS session, (happened_at - session_at)::INTEGER AS after_ms, happened_at, place, "
            f"DATE '1970-01-01' + day::INTEGER AS day, {names}[name + 1] AS name, {codes}[name + 1] AS code, "
            "'/p' || (place % 500) AS path, "
            "false AS bot, place AS key FROM (SELECT *, (hash(visitor) >> 1)::BIGINT AS who FROM told)"
        )
        connection.unregister("told")
    connection.execute("CHECKPOINT")


def fill_engagements(connection: Connection, count: int) -> None:
    """Engagements of candidates; one in ten is held out."""
    connection.execute(
        "CREATE TABLE engagement AS SELECT 'shop' AS site, 'cart' AS campaign, i % 1200000 AS person, "
        "CASE WHEN hash(i % 1200000) % 10 = 0 THEN 'campaign' ELSE 'treated' END AS arm, true AS candidate, "
        f"false AS merged, {START} + (i * 7919) % {DAYS * DAY} AS from_at, "
        "(hash(i + 1) % 20 = 0)::BIGINT AS orders_7d, "
        "CASE WHEN hash(i + 1) % 20 = 0 THEN hash(i + 2) % 20000 ELSE 0 END::BIGINT AS revenue_7d "
        f"FROM range({count}) r(i)"
    )
    connection.execute("CHECKPOINT")


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the quickest of some runs: the others were disturbed."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return min(found)


def figure(name: str, value: float, bound: float | None, unit: str) -> None:
    sys.stdout.write(json.dumps({"name": name, "value": round(value, 3), "bound": bound, "unit": unit}) + "\n")


def peers(count: int) -> tuple[float, float]:
    """Seconds of numpy: bincount with weights, and the sum of a column."""
    rng = np.random.default_rng(2)
    groups, weights = rng.integers(0, VISITORS, count), rng.random(count)
    return best(lambda: np.bincount(groups, weights)), best(weights.sum)


def main(count: int = EVENTS) -> None:
    bincount, column = peers(count)
    with tempfile.TemporaryDirectory() as folder:
        facts = DuckFacts(Path(folder))
        connection = facts._connection
        fill(connection, count)
        funnel = best(lambda: facts.funnel("shop", FUNNEL, "2026-01-01", "2026-12-31"))
        by_day = best(lambda: facts.ask(BY_DAY))
        fill_engagements(connection, count)
        incremental = best(lambda: facts.ask(BY_ARM, [START + DAYS * DAY]))
        facts.close()
    figure("facts.funnel", funnel / bincount, 8.0, "x numpy bincount")
    figure("facts.incrementality", incremental / bincount, 7.0, "x numpy bincount")
    figure("facts.by_day", by_day / column, 15.0, "x sum of a column")
    figure("facts.peak_rss", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20), 1.0, "GiB")
    figure("facts.funnel.seconds", funnel, None, "s")
    figure("facts.bincount.seconds", bincount, None, "s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
