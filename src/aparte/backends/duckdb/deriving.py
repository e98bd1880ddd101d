"""Facts made of what was taken: sessions and orders where something has changed, the rest as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from aparte.attribution.facts import HORIZONS
from aparte.attribution.ledger import MOST, Books, OrderFact, RefundFact, Return, Telling, settled
from aparte.attribution.rates import RateTable
from aparte.backends.duckdb.columns import insert
from aparte.backends.duckdb.connection import Connection, sql_of
from aparte.backends.duckdb.taking import Kept, Row, telling_of
from aparte.kit.days import days_between
from aparte.kit.money import to_minor
from aparte.sessions.model import SESSION_CAP_MS, SESSION_GAP_MS

BREAK = "-- --"
TOLD = """SELECT site, order_id, key, visitor, happened_at, received_at, confirmed, total, revenue, currency,
    discount, lines, returned FROM order_told SEMI JOIN touched_order USING (site, order_id) ORDER BY site, order_id"""
SPAN = """SELECT site, min(happened_at), max(happened_at) FROM (
    SELECT site, happened_at FROM event UNION ALL SELECT site, happened_at FROM decision
    UNION ALL SELECT site, happened_at FROM order_told UNION ALL SELECT site, opened_at FROM talk) GROUP BY site"""
ALL_TOUCHED = (
    "INSERT INTO touched_order SELECT DISTINCT site, order_id FROM order_told",
    "INSERT INTO touched_visitor SELECT DISTINCT site, visitor FROM event",
)


def statements(name: str, **values: Any) -> list[str]:
    """The statements of one of our files."""
    return sql_of(name).format(**values).split(BREAK)


def derive(connection: Connection, sites: Mapping[str, Kept], rates: Mapping[str, RateTable]) -> None:
    """All facts, out of what was taken; the caller has begun a transaction."""
    connection.execute("CREATE OR REPLACE TEMP TABLE touched AS SELECT DISTINCT site, visitor FROM touched_visitor")
    connection.execute("DELETE FROM touched_visitor")
    connection.execute("INSERT INTO touched_visitor FROM touched")
    sessions(connection)
    orders(connection, sites, rates)
    lay_out_days(connection, sites)
    for sql in statements("derived.sql", days_31=HORIZONS["31d"], **horizon_columns()):
        connection.execute(sql)
    connection.execute("DELETE FROM touched_visitor")
    connection.execute("DELETE FROM touched_order")


def sessions(connection: Connection) -> None:
    """Sessions of the visitors that were touched."""
    first, again, *others = statements("sessions.sql", gap=SESSION_GAP_MS, cap=SESSION_CAP_MS)
    connection.execute(first)
    too_long = f"SELECT 1 FROM placed WHERE happened_at - session_at > {SESSION_CAP_MS} LIMIT 1"
    while connection.execute(too_long).fetchall():
        connection.execute(again)
    for sql in others:
        connection.execute(sql)
    connection.execute("DROP TABLE placed")


def orders(connection: Connection, sites: Mapping[str, Kept], rates: Mapping[str, RateTable]) -> None:
    """Orders of which something new was told."""
    told: dict[tuple[str, str], list[Telling | Return]] = defaultdict(list)
    for site, *row in connection.execute(TOLD).fetchall():
        told[site, row[0]].append(telling_of(tuple(row)))
    found = [(site, *settle(told[site, id_], sites[site], rates.get(site, {}))) for site, id_ in told if site in sites]
    for table in ("order_kept", "order_line", "refund"):
        connection.execute(
            f"DELETE FROM {table} USING touched_order touched "
            f"WHERE {table}.site = touched.site AND {table}.order_id = touched.order_id"
        )
    insert(connection, "order_kept", [order_row(site, one) for site, one, _ in found if one is not None])
    insert(connection, "order_line", [row for site, one, _ in found if one is not None for row in line_rows(site, one)])
    insert(connection, "refund", [refund_row(site, one) for site, _, refunds in found for one in refunds])


def settle(told: list[Telling | Return], kept: Kept, rates: RateTable) -> tuple[OrderFact | None, list[RefundFact]]:
    """An order and its refunds."""
    books = Books(kept.currency, rates, kept.calendar.day_of)
    tellings = [one for one in told if isinstance(one, Telling)]
    return settled(tellings, [one for one in told if isinstance(one, Return)], books)


def order_row(site: str, one: OrderFact) -> Row:
    """A row of `order_kept`."""
    rate = None if one.rate is None else float(one.rate)
    own = (one.currency, one.own_total, one.own_revenue, one.own_refunded, rate)
    ours = (one.total, one.revenue, one.refunded, one.amount, one.margin, one.discount)
    end = (one.items, one.cancelled, one.flag, one.stands)
    return (site, one.order_id, one.visitor, one.at, one.day, one.confirmed, *own, *ours, *end)


def line_rows(site: str, one: OrderFact) -> Iterator[Row]:
    """Rows of `order_line`."""
    for n, line in enumerate(one.lines, 1):
        price, margin = (minor(value, one.currency) for value in (line.price, line.margin))
        yield site, one.order_id, n, line.product, line.category, line.quantity, price, margin


def minor(value: float | None, currency: str) -> int | None:
    """An amount in minor units; what is no amount of a shop is not known."""
    return None if value is None or not abs(value) <= MOST else to_minor(value, currency)


def refund_row(site: str, one: RefundFact) -> Row:
    """A row of `refund`."""
    return (site, one.key, one.order_id, one.at, one.day, one.own_amount, one.amount, one.confirmed, one.flag)


def lay_out_days(connection: Connection, sites: Mapping[str, Kept]) -> None:
    """The calendar of each site, from its first fact to its last."""
    spans = connection.execute(SPAN).fetchall()
    connection.execute("DELETE FROM day")
    rows = [
        (site, one.day, one.starts_at, one.ends_at, one.hours, one.week, one.month)
        for site, first, last in spans
        if site in sites
        for one in days_between(first, last, sites[site].calendar.time_zone)
    ]
    insert(connection, "day", rows)


def horizon_columns() -> dict[str, str]:
    """The columns of each horizon, in SQL."""
    after, chat, picked = [], [], []
    for suffix, length in HORIZONS.items():
        inside = f"o.happened_at >= e.from_at AND o.happened_at < e.from_at + {length}"
        after += [
            f"count(*) FILTER (o.confirmed AND {inside}) AS orders_{suffix}",
            f"count(*) FILTER (NOT o.confirmed AND {inside}) AS claimed_{suffix}",
            *sums("amount", "o.confirmed AND " + inside, f"revenue_{suffix}"),
            *sums("amount", "NOT o.confirmed AND " + inside, f"claimed_revenue_{suffix}"),
            *sums("margin", "o.confirmed AND " + inside, f"margin_{suffix}"),
            *sums("margin", "NOT o.confirmed AND " + inside, f"claimed_margin_{suffix}"),
            *sums("refunded", "o.confirmed AND " + inside, f"refunded_{suffix}"),
        ]
        soon = f"o.last_chat_ms < {length}"
        chat += [
            f"count(*) FILTER (o.confirmed AND {soon}) AS chat_orders_{suffix}",
            f"count(*) FILTER (NOT o.confirmed AND {soon}) AS chat_claimed_{suffix}",
            *sums("amount", "o.confirmed AND " + soon, f"chat_revenue_{suffix}"),
            *sums("amount", "NOT o.confirmed AND " + soon, f"chat_claimed_revenue_{suffix}"),
            *sums("margin", "o.confirmed AND " + soon, f"chat_margin_{suffix}"),
        ]
    names = [one.rpartition(" AS ")[2] for one in (*after, *chat)]
    picked = [f"coalesce({name}, 0)::BIGINT AS {name}" for name in names]
    joined = ",\n    ".join
    return {"horizons": joined(after), "after_chat": joined(chat), "columns": joined(picked)}


def sums(column: str, where: str, name: str) -> list[str]:
    """A sum of what is known, in SQL."""
    return [f"coalesce(sum(o.{column}) FILTER ({where}), 0)::BIGINT AS {name}"]
