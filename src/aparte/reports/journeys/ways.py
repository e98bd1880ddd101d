"""The last pages of those who leave without an order."""

from __future__ import annotations

from aparte.attribution.facts import Facts
from aparte.reports.journeys.model import Way, Ways, part
from aparte.reports.journeys.sessions import over, own_events
from aparte.reports.scope import Scope

MOST_WAYS = 10
WHO = {"cart": "v.has_cart AND v.orders = 0", "checkout": "v.checkouts > 0 AND v.orders = 0", "any": "v.orders = 0"}


def ways(facts: Facts, scope: Scope, who: str = "cart", last: int = 3) -> Ways:
    """The ways out that were gone most. A page twice in a row counts once; a session without pages has no way."""
    begin, values = over(scope)
    seen = own_events(
        "v.visitor, v.started_at, e.path, e.happened_at, e.place",
        f"e.name = 'page' AND e.path IS NOT NULL AND {WHO[who]}",
    )
    sql = f"""WITH {begin}, seen AS ({seen}), turned AS (
            SELECT *, lag(path) OVER own IS DISTINCT FROM path AS turns FROM seen
            WINDOW own AS (PARTITION BY visitor, started_at ORDER BY happened_at, place)),
        numbered AS (SELECT *, row_number() OVER (
                PARTITION BY visitor, started_at ORDER BY happened_at DESC, place DESC) AS n FROM turned WHERE turns),
        gone AS (SELECT list(path ORDER BY n DESC) AS way FROM numbered WHERE n <= ? GROUP BY visitor, started_at)
        SELECT way, count(*) AS n, sum(count(*)) OVER ()::BIGINT FROM gone GROUP BY way ORDER BY n DESC, way"""
    rows = facts.ask(sql, [*values, scope.site, last]).rows
    total = rows[0][2] if rows else 0
    shown = tuple(Way(tuple(way), part(n, total)) for way, n, _ in rows[:MOST_WAYS])
    return Ways(who, last, total, shown, total - sum(one.sessions.n for one in shown))
