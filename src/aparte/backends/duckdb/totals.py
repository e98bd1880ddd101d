"""What days add up to."""

from __future__ import annotations

from typing import Any

import msgspec

from aparte.attribution.facts import HORIZONS, Total
from aparte.backends.duckdb.connection import Connection, sql_of


def totals(connection: Connection, site: str, since: str, until: str) -> list[Total]:
    """The totals of a site's days from one to another, both included, by day."""
    sql = sql_of("totals.sql").format(day=HORIZONS["24h"], horizons=", ".join(horizon_sums()))
    given: Any = {"site": site, "since": since, "until": until}
    rows = connection.execute(sql, given).fetchall()
    decode = msgspec.json.decode
    return [Total(day, what, decode(cut), decode(sums)) for day, what, cut, sums in rows]


def horizon_sums() -> list[str]:
    """Members of the totals of engagements, in SQL: who bought, how often, for how much."""
    found = []
    for suffix in HORIZONS:
        found.append(f"'buyers_{suffix}': count(*) FILTER (orders_{suffix} > 0)")
        for name in ("orders", "claimed", "revenue", "claimed_revenue", "margin", "chat_orders", "chat_revenue"):
            found.append(f"'{name}_{suffix}': coalesce(sum({name}_{suffix}), 0)::BIGINT")
    return found
